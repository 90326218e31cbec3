//! One block of lines as stem, options or statements, explanation, and what it says of its key.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Level, QuestionType};

use super::choices::{self, Case, Chain, LabelAt};
use super::keys::Value;
use super::pictures;
use super::sheets::Block;
use super::signs::{self, pattern};
use super::truths::{self as truth_tables, TableStatement};
use super::writing::Bit;

/// Where a claim about a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The look of a label.
    Look,
    /// A star or `[ĐÚNG]`.
    Mark,
    /// `Đáp án: B` under the question.
    Line,
    /// A small table under the question.
    Table,
    /// The solution.
    Solution,
    /// A table or line of keys.
    Key,
}

/// What one source says of a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    pub source: Source,
    pub value: Value,
}

/// An option or a statement.
#[derive(Clone, Debug)]
pub(crate) struct Choice<'a> {
    pub label: LabelAt,
    pub content: Vec<Bit<'a>>,
    pub level: Option<Level>,
}

/// How sure it is that lettered lines are statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A heading, the stem or the key says so; or they are options.
    Clearly,
    /// Only by four small letters with brackets, which options may have, too.
    ByLetters,
}

/// A question on the way.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'a> {
    pub block: Block<'a>,
    pub part: Option<u32>,
    /// Its kind, where that is clear.
    pub kind: Option<QuestionType>,
    /// What its heading announces.
    pub announced: Option<QuestionType>,
    pub level: Option<Level>,
    pub stem: Vec<Bit<'a>>,
    pub choices: Vec<Choice<'a>>,
    pub statements: Vec<Choice<'a>>,
    /// How sure it is that they are statements.
    pub shown: Shown,
    pub table_statements: Vec<TableStatement>,
    pub chain: Chain,
    pub explanation: Vec<Bit<'a>>,
    pub claims: Vec<Claim>,
    /// Lines for answers that are empty, and other letters that say nothing.
    pub left: Vec<Bit<'a>>,
}

static ASKS_TRUTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)dung\s*(?:hay|hoac|/|,|-|va)\s*sai|tinh dung sai|xet tinh|moi (?:phat bieu|menh de|y|khang dinh|nhan dinh)\b.*(?:dung|sai)|true or false|cac (?:phat bieu|menh de|khang dinh) sau (?:dung|day dung)",
    )
});
static TASK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:\x02|[\[(].{0,12}[\])]|\s)*(?:tinh|tim|giai|chung minh|cm\b|ve|viet|neu|hay|so sanh|phan tich|xac dinh|cho biet|rut gon|lap|trinh bay|ke|vi sao|tai sao|em|goi|lay|dung|phan tich|thuc hien|dat|nhan xet|giai thich|co bao nhieu)\b",
    )
});
static ASKS_WHY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:vi sao|tai sao|nhu the nao|theo (?:tac gia|em|anh|ban)|cua (?:em|anh|ban)\b|dong tinh|suy nghi|cam nhan|phan tich|trinh bay|neu\b|hay\b|giai thich|chung minh|ve\b|tinh\b|tim\b|viet\b|liet ke|chi ra|xac dinh)",
    )
});

/// Reads a block.
pub(crate) fn draft<'a>(block: &Block<'a>, announced: Option<QuestionType>, level: Option<Level>) -> Draft<'a> {
    let mut draft = Draft {
        block: block.clone(),
        part: None,
        kind: None,
        announced,
        level: block.sign.level.or(level),
        stem: Vec::new(),
        choices: Vec::new(),
        statements: Vec::new(),
        shown: Shown::Clearly,
        table_statements: Vec::new(),
        chain: Chain::default(),
        explanation: Vec::new(),
        claims: Vec::new(),
        left: Vec::new(),
    };
    let mut asked = draft.part_answers(&block.bits);
    draft.find_choices(&mut asked);
    draft
}

impl<'a> Draft<'a> {
    pub fn claim(&mut self, source: Source, value: Value) {
        if self.shown == Shown::ByLetters {
            match &value {
                Value::Letters(letters) if letters.len() == 1 => self.become_options(),
                Value::Letters(_) | Value::Text(_) => {}
                Value::Truth(..) | Value::Truths(_) => self.shown = Shown::Clearly,
            }
        }
        // Of statements `D` is “đúng” without its stroke, and `F` false.
        let value = match value {
            Value::Letters(letters) if self.kind == Some(QuestionType::TrueFalse) && letters.as_slice() == ['D'] => {
                Value::Truths(vec![true])
            }
            Value::Letters(letters) if self.kind == Some(QuestionType::TrueFalse) && letters.as_slice() == ['F'] => {
                Value::Truths(vec![false])
            }
            value => value,
        };
        let claim = Claim { source, value };
        if !self.claims.contains(&claim) {
            self.claims.push(claim);
        }
    }

    /// Whether the stem tells to write, prove or work out something.
    pub fn is_written(&self) -> bool {
        self.stem.iter().any(|bit| matches!(bit, Bit::Text(slice) if TASK.is_match(slice.plain()) || ASKS_WHY.is_match(slice.plain())))
    }

    pub fn number(&self) -> u32 {
        self.block.sign.number
    }

    fn find_choices(&mut self, asked: &mut Vec<Bit<'a>>) {
        pictures::beside_labels(asked);
        let upper = choices::chain(asked, Case::Upper);
        let lower = choices::chain(asked, Case::Lower);
        if self.announced == Some(QuestionType::TrueFalse) || upper.is_none() {
            self.take_truth_tables(asked);
        }
        if !self.table_statements.is_empty() {
            self.kind = Some(QuestionType::TrueFalse);
            self.stem = std::mem::take(asked);
            return;
        }
        let lower = choices::chain(asked, Case::Lower).or(lower);
        let upper = choices::chain(asked, Case::Upper);
        let wants_truth = self.announced == Some(QuestionType::TrueFalse);
        if self.announced == Some(QuestionType::ShortAnswer) && self.lists(asked, upper.as_ref(), lower.as_ref()) {
            self.stem = std::mem::take(asked);
            self.kind = Some(QuestionType::ShortAnswer);
            return;
        }
        match (upper, lower) {
            (Some(upper), lower) if !(wants_truth && lower.as_ref().is_some_and(|lower| lower.labels.len() >= 2)) => {
                if wants_truth && upper.labels.len() == 4 {
                    // Statements may be lettered A to D in a part of true/false.
                    self.take_statements(asked, upper);
                } else {
                    self.take_options(asked, upper);
                }
            }
            (_, Some(lower)) => {
                let text = asked
                    .iter()
                    .filter_map(|bit| if let Bit::Text(slice) = bit { Some(slice.plain()) } else { None })
                    .collect::<Vec<_>>()
                    .join(" ");
                let truth_said = wants_truth
                    || ASKS_TRUTH.is_match(&text)
                    || self.claims.iter().any(|claim| matches!(claim.value, Value::Truths(_) | Value::Truth(..)));
                let dotted = is_dotted(asked, &lower);
                let four = lower.labels.len() == 4;
                let essay = matches!(self.announced, Some(QuestionType::Essay | QuestionType::ShortAnswer));
                let letter_said = self.claims.iter().any(|claim| matches!(claim.value, Value::Letters(_)));
                let choice = self.announced == Some(QuestionType::SingleChoice) || letter_said;
                let tasks = are_tasks(asked, &lower);
                if truth_said && !essay {
                    self.take_statements(asked, lower);
                } else if choice || dotted && !essay && !tasks && lower.labels.len() >= 3 {
                    self.take_options(asked, lower);
                } else if four && !essay && !tasks {
                    self.take_statements(asked, lower);
                    if self.claims.is_empty() {
                        self.shown = Shown::ByLetters;
                    }
                } else {
                    self.stem = std::mem::take(asked);
                    self.kind = Some(QuestionType::Essay);
                }
            }
            _ => self.stem = std::mem::take(asked),
        }
        if self.choices.is_empty() && self.statements.is_empty() && self.kind.is_none() {
            self.kind = match self.announced {
                Some(kind @ (QuestionType::ShortAnswer | QuestionType::Essay)) => Some(kind),
                // Sentences under a heading of true and false are judged one by one.
                Some(QuestionType::TrueFalse) if self.block.sign.style == signs::Style::Bare => Some(QuestionType::TrueFalse),
                _ if self.claims.iter().any(|claim| matches!(claim.value, Value::Text(_))) => Some(QuestionType::ShortAnswer),
                _ => None,
            };
        }
    }

    /// Whether lettered lines of a short answer are a list in what is asked.
    fn lists(&self, asked: &[Bit<'a>], upper: Option<&Chain>, lower: Option<&Chain>) -> bool {
        let letter = self.claims.iter().any(|claim| matches!(claim.value, Value::Letters(_) | Value::Truths(_) | Value::Truth(..)));
        let answered = self.claims.iter().any(|claim| matches!(claim.value, Value::Text(_)));
        match (upper, lower) {
            _ if letter => false,
            // What follows the last letter on a line of its own asks about the list.
            (Some(upper), _) => answered || upper.labels.last().is_some_and(|last| last.bit + 1 < asked.len()),
            (None, Some(_)) => true,
            (None, None) => false,
        }
    }

    fn take_truth_tables(&mut self, asked: &mut Vec<Bit<'a>>) {
        let mut kept = Vec::new();
        for bit in std::mem::take(asked) {
            match bit {
                Bit::Table(table) if self.table_statements.is_empty() => match truth_tables::read(table) {
                    Some(statements) if statements.iter().all(|statement| !statement.content.is_empty()) => {
                        self.table_statements = statements;
                    }
                    Some(_) if self.truth_table(table) => self.left.push(bit),
                    _ => kept.push(bit),
                },
                _ => kept.push(bit),
            }
        }
        *asked = kept;
    }
}

/// Whether labels are written `a.`, as options are, and not `a)`, as statements are.
fn is_dotted(bits: &[Bit<'_>], chain: &Chain) -> bool {
    chain.labels.iter().all(|label| match bits.get(label.bit) {
        Some(Bit::Text(slice)) => slice.line.plain.get(label.from..label.body).is_some_and(|text| text.ends_with('.')),
        _ => false,
    })
}

/// Whether what stands behind the labels is to be done, not to be judged.
fn are_tasks(bits: &[Bit<'_>], chain: &Chain) -> bool {
    let (_, contents) = choices::split(bits, &chain.labels);
    let tasks = contents.iter().filter(|content| {
        content.first().is_some_and(|bit| match bit {
            Bit::Text(slice) => TASK.is_match(slice.plain()) || slice.plain().trim_end().ends_with('?'),
            Bit::Table(_) => false,
        })
    });
    tasks.count() * 2 >= contents.len()
}

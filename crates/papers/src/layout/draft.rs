//! One block of lines as stem, options or statements, explanation, and what it says of its key.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::Table;
use crate::model::{Level, QuestionType};

use super::choices::{self, Case, Chain, LabelAt};
use super::keys::{Value, grid, labelled_truths, truth, value};
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
static SOLVED_STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:y|menh de|phat bieu|khang dinh|cau|lenh hoi)?\s*\(?([a-h])\s*[.):]?\)?\s*[:.\->=]*\s*(?:la\s+)?(?:(?:phat bieu|menh de|khang dinh|y)\s*)?(dung|sai|true|false)\s*(?:[.,:;!)\]\-\t\x02(]|$|\b(?:vi|do|boi|theo|ta|nhu|because|since)\b)",
    )
});
static SOLVED_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*\(?([a-h])\s*[.)]\)?.*(?:=>|->|\x01|:|-|\.|;|chon|\(|\[|suy ra|nen|vay|\b[a-h]\)?(?: la)?|(?:menh de|phat bieu|khang dinh|y)(?: nay| tren| [a-h]\)?)?(?: la)?)\s*(dung|sai)\s*[.)\]]*\s*$",
    )
});
static SHORT_TRUTH: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\W*\(?([a-h])\s*[.)]\)?\s*[-:]?\s*([DS])\s*(?:[.,:;]|$)"));

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

    pub fn number(&self) -> u32 {
        self.block.sign.number
    }

    /// Takes answers and explanations out; what is left is asked.
    fn part_answers(&mut self, bits: &[Bit<'a>]) -> Vec<Bit<'a>> {
        let mut asked: Vec<Bit<'a>> = Vec::new();
        let mut at = 0;
        let mut answered = false;
        while let Some(bit) = bits.get(at) {
            at += 1;
            let Bit::Text(slice) = bit else {
                match bit {
                    Bit::Table(table) if self.answer_boxes(table) => self.left.push(*bit),
                    _ => asked.push(*bit),
                }
                continue;
            };
            let plain = slice.plain();
            if let Some((letter, end)) = signs::answer_letter(plain).filter(|_| !answered) {
                self.claims_letter(Some(letter), Source::Line);
                answered = true;
                self.explain(Bit::Text(slice.after(end)));
                at = self.rest_is_explanation(bits, at, &mut asked);
                continue;
            }
            if let Some(found) = signs::ANSWER.find(plain).filter(|_| !answered) {
                let rest = slice.after(found.end());
                let announced = matches!(self.announced, Some(QuestionType::Essay));
                let said = if rest.is_blank() { next_value(bits, at) } else { self.answer_text(&Bit::Text(rest)).map(|value| (value, at)) };
                match said {
                    Some((Value::Text(_), _)) if announced || rest.plain().len() > 120 => self.explain(Bit::Text(*slice)),
                    Some((value, next)) => {
                        self.claim(Source::Line, value);
                        answered = true;
                        at = next;
                    }
                    None => self.left.push(*bit),
                }
                at = self.rest_is_explanation(bits, at, &mut asked);
                continue;
            }
            if let Some(found) = signs::EXPLANATION.find(plain) {
                self.explain(Bit::Text(slice.after(found.end())));
                at = self.rest_is_explanation(bits, at, &mut asked);
                continue;
            }
            if let Some(found) = signs::TRAILING_KEY.captures(plain) {
                let letter = found.get(1).and_then(|letter| letter.as_str().chars().next());
                self.claims_letter(letter, Source::Line);
                let cut = found.get(0).map_or(0, |whole| whole.start());
                asked.push(Bit::Text(slice.before(cut)));
                continue;
            }
            if let Some(found) = signs::TRAILING_ANSWER.captures(plain).filter(|_| self.announced == Some(QuestionType::ShortAnswer)) {
                let (start, said) = (found.get(0).map_or(0, |whole| whole.start()), found.get(1).map_or(0, |said| said.start()));
                if let Some(value) = self.answer_text(&Bit::Text(slice.after(said))) {
                    self.claim(Source::Line, value);
                }
                let mark = usize::from(slice.plain().get(start..).is_some_and(|cut| cut.starts_with(['?', '.', ':'])));
                asked.push(Bit::Text(slice.before(start + mark)));
                continue;
            }
            asked.push(*bit);
        }
        asked
    }

    fn claims_letter(&mut self, letter: Option<char>, source: Source) {
        if let Some(letter) = letter {
            self.claim(source, Value::Letters(vec![letter.to_ascii_uppercase()]));
        }
    }

    fn explain(&mut self, bit: Bit<'a>) {
        if !bit.is_blank() {
            self.solution_claims(&bit);
            // `Chọn B` alone is the key, and would be wrong once options are shuffled.
            let alone =
                matches!(&bit, Bit::Text(slice) if signs::answer_letter(slice.plain()).is_some_and(|(_, end)| slice.after(end).is_blank()));
            if alone { self.left.push(bit) } else { self.explanation.push(bit) }
        }
    }

    /// What a line of a solution says of the key.
    pub fn solution_claims(&mut self, bit: &Bit<'a>) {
        let Bit::Text(slice) = bit else { return };
        let plain = slice.plain();
        let chosen = || signs::CHOSEN.captures(plain).and_then(|found| found.get(1)).and_then(|letter| letter.as_str().chars().next());
        if let Some(letter) = signs::answer_letter(plain).map(|(letter, _)| letter).or_else(chosen) {
            self.claims_letter(Some(letter), Source::Solution);
            return;
        }
        // `a) Đúng b) Sai c) Sai d) Đúng`
        if plain.len() < 120
            && let Some(truths) = labelled_truths(&slice.text())
        {
            self.claim(Source::Solution, Value::Truths(truths));
            return;
        }
        let stated = SOLVED_STATEMENT.captures(plain).or_else(|| SHORT_TRUTH.captures(plain)).or_else(|| SOLVED_BEHIND.captures(plain));
        if let Some(found) = stated {
            let label = found.get(1).and_then(|label| label.as_str().to_ascii_lowercase().chars().next());
            let truth = found.get(2).and_then(|word| truth(&slice.real(word.start(), word.end())));
            if let (Some(label), Some(truth)) = (label, truth) {
                self.claim(Source::Solution, Value::Truth(label, truth));
            }
            return;
        }
        if let Some(found) = signs::ANSWER.find(plain) {
            let rest = slice.after(found.end());
            if rest.plain().len() <= 60
                && let Some(value) = self.answer_text(&Bit::Text(rest))
            {
                self.claim(Source::Solution, value);
            }
        }
    }

    /// The value of an answer line; formulas as their LaTeX.
    pub fn answer_text(&self, bit: &Bit<'a>) -> Option<Value> {
        let text = super::writing::rich(std::slice::from_ref(bit)).to_text();
        let bare = text.trim().trim_end_matches(['.', ';']).trim();
        let bare = bare.strip_prefix('$').and_then(|inner| inner.strip_suffix('$')).filter(|inner| !inner.contains('$')).unwrap_or(bare);
        value(bare)
    }

    /// Everything behind the first answer or solution explains, but for options that come only then.
    fn rest_is_explanation(&mut self, bits: &[Bit<'a>], from: usize, asked: &mut Vec<Bit<'a>>) -> usize {
        let rest = bits.get(from..).unwrap_or_default();
        let needs_options = choices::chain(asked, Case::Upper).is_none()
            && choices::chain(asked, Case::Lower).is_none()
            && !matches!(self.announced, Some(QuestionType::ShortAnswer | QuestionType::Essay | QuestionType::TrueFalse));
        let options = if needs_options { choices::chain(rest, Case::Upper).filter(|chain| chain.labels.len() >= 4) } else { None };
        let until = options.and_then(|chain| chain.labels.first().map(|label| label.bit)).unwrap_or(rest.len());
        for bit in rest.iter().take(until) {
            match bit {
                Bit::Table(table) if self.answer_boxes(table) => self.left.push(*bit),
                Bit::Table(table) if self.truth_table(table) => self.left.push(*bit),
                _ => self.explain_line(*bit),
            }
        }
        from + until
    }

    fn explain_line(&mut self, bit: Bit<'a>) {
        if let Bit::Text(slice) = bit
            && let Some(found) = signs::EXPLANATION.find(slice.plain())
        {
            return self.explain(Bit::Text(slice.after(found.end())));
        }
        self.explain(bit);
    }

    /// Truths a table says of statements that stand elsewhere.
    fn truth_table(&mut self, table: &Table) -> bool {
        let Some(statements) = truth_tables::read(table) else { return false };
        if statements.iter().any(|statement| !statement.content.is_empty()) {
            return false;
        }
        for statement in statements {
            if let Some(truth) = statement.correct {
                self.claim(Source::Table, Value::Truth(statement.label, truth));
            }
        }
        true
    }

    /// `Đáp án | 1 | 2 | , | 5`: boxes for a short answer, filled in or empty.
    fn answer_boxes(&mut self, table: &Table) -> bool {
        let grid = grid(table);
        let [row] = grid.as_slice() else { return false };
        let Some((first, boxes)) = row.split_first() else { return false };
        let headed = signs::ANSWER.is_match(&format!("{}:", first.plain.trim_end_matches([':', ' ', '.'])));
        if !headed || boxes.is_empty() || boxes.iter().any(|square| square.plain.trim().len() > 12) {
            return false;
        }
        let text: String = boxes.iter().filter(|square| !square.spread).map(|square| square.text.trim()).collect();
        if let Some(value) = value(&text) {
            let value = match value {
                Value::Letters(letters) if boxes.len() == 1 => Value::Letters(letters),
                Value::Truths(truths) if truths.len() > 1 => Value::Truths(truths),
                _ => Value::Text(text),
            };
            self.claim(Source::Table, value);
        }
        true
    }

    fn find_choices(&mut self, asked: &mut Vec<Bit<'a>>) {
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

    fn take_options(&mut self, asked: &mut Vec<Bit<'a>>, chain: Chain) {
        let (stem, contents) = choices::split(asked, &chain.labels);
        asked.clear();
        self.stem = stem;
        self.choices =
            chain.labels.iter().zip(contents).map(|(label, content)| Choice { label: label.clone(), content, level: None }).collect();
        for choice in &mut self.choices {
            choice.label.letter = choice.label.letter.to_ascii_uppercase();
        }
        self.chain = chain;
        self.kind = Some(QuestionType::SingleChoice);
        self.marked_options();
    }

    fn take_statements(&mut self, asked: &mut Vec<Bit<'a>>, chain: Chain) {
        let (stem, contents) = choices::split(asked, &chain.labels);
        asked.clear();
        self.stem = stem;
        let mut levels = self.trailing_level();
        for (label, content) in chain.labels.iter().zip(contents) {
            let mut label = label.clone();
            label.letter = label.letter.to_ascii_lowercase();
            let mut content = content;
            let mut level = levels.take();
            if let Some(Bit::Text(slice)) = content.first_mut() {
                let mut at = 0;
                level = signs::take_level(slice.plain(), &mut at).or(level);
                *slice = slice.after(at);
            }
            // A tag at the end belongs to the next statement (`[TH] b) …` on a line of its own).
            if let Some(Bit::Text(slice)) = content.last_mut()
                && let Some(at) = slice.plain().rfind(['[', '('])
            {
                let tag = slice.plain().get(at..).unwrap_or_default();
                let mut end = 0;
                if let Some(next) = signs::take_level(tag, &mut end).filter(|_| end == tag.len()) {
                    levels = Some(next);
                    *slice = slice.before(at);
                }
            }
            self.statements.push(Choice { label, content, level });
        }
        self.chain = chain;
        self.kind = Some(QuestionType::TrueFalse);
        self.marked_statements();
    }

    /// A level tag at the end of the stem belongs to the first statement.
    fn trailing_level(&mut self) -> Option<Level> {
        let Some(Bit::Text(slice)) = self.stem.last_mut() else { return None };
        let at = slice.plain().rfind(['[', '('])?;
        let tag = slice.plain().get(at..)?;
        let mut end = 0;
        let level = signs::take_level(tag, &mut end).filter(|_| end == tag.len())?;
        *slice = slice.before(at);
        if slice.is_blank() {
            self.stem.pop();
        }
        Some(level)
    }

    /// Stars and `[ĐÚNG]`.
    fn marked_options(&mut self) {
        let mut marked: Vec<char> = Vec::new();
        for choice in &mut self.choices {
            let mut is = choice.label.starred;
            if let Some(Bit::Text(slice)) = choice.content.last_mut()
                && let Some(found) = signs::RIGHT_MARK.find(slice.plain())
            {
                is = true;
                *slice = if found.start() == 0 { slice.after(found.end()) } else { slice.before(found.start()) };
            }
            if is {
                marked.push(choice.label.letter);
            }
        }
        if !marked.is_empty() && marked.len() < self.choices.len() {
            self.claim(Source::Mark, Value::Letters(marked));
        }
    }

    fn marked_statements(&mut self) {
        let starred = self.statements.iter().any(|statement| statement.label.starred);
        let mut said: Vec<(char, bool)> = Vec::new();
        // A word behind each statement says it, where every statement has one.
        let ended = self.statements.iter().all(|statement| match statement.content.last() {
            Some(Bit::Text(slice)) => WORD_BEHIND
                .captures(slice.plain())
                .and_then(|found| found.get(1))
                .is_some_and(|word| truth(&slice.real(word.start(), word.end())).is_some()),
            _ => false,
        });
        let pattern: &Regex = if ended { &WORD_BEHIND } else { &TRUTH_BEHIND };
        for statement in &mut self.statements {
            if starred {
                said.push((statement.label.letter, statement.label.starred));
            }
            if let Some(Bit::Text(slice)) = statement.content.last_mut()
                && let Some(found) = pattern.captures(slice.plain())
                && let Some(truth) = found.get(1).or_else(|| found.get(2)).and_then(|word| truth(&slice.real(word.start(), word.end())))
            {
                let start = found.get(0).map_or(0, |whole| whole.start());
                said.push((statement.label.letter, truth));
                *slice = slice.before(start);
            }
        }
        for (letter, truth) in said {
            self.claim(Source::Mark, Value::Truth(letter, truth));
        }
    }
}

static TRUTH_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\s*[\[(]\s*(Dung|DUNG|Sai|SAI|D|S|dung|sai)\s*[\])]\s*\.?|(?:\s{2,}|\t)(Dung|DUNG|Sai|SAI|D|S)\s*\.?)\s*$")
});

static WORD_BEHIND: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:[.;:,!?)\s]|^)\s*[\[(]?(Dung|Sai|DUNG|SAI)[\])]?\s*\.?\s*$"));

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

/// The answer on the line behind `Đáp án:`.
fn next_value(bits: &[Bit<'_>], at: usize) -> Option<(Value, usize)> {
    let bit = bits.get(at)?;
    let Bit::Text(slice) = bit else { return None };
    if slice.plain().trim().len() > 24 {
        return None;
    }
    let text = super::writing::rich(std::slice::from_ref(bit)).to_text();
    Some((value(text.trim())?, at + 1))
}

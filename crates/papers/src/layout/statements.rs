//! Options and statements of a question taken from its lines, with the marks they carry.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Level, QuestionType};

use super::choices::{self, Chain};
use super::draft::{Choice, Draft, Shown, Source};
use super::keys::{Value, truth};
use super::signs::{self, pattern};
use super::writing::Bit;

static TRUTH_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\s*[\[(]\s*(Dung|DUNG|Sai|SAI|D|S|dung|sai)\s*[\])]\s*\.?|(?:\s{2,}|\t)(Dung|DUNG|Sai|SAI|D|S)\s*\.?)\s*$")
});

static WORD_BEHIND: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:[.;:,!?)\s]|^)\s*[\[(]?(Dung|Sai|DUNG|SAI)[\])]?\s*\.?\s*$"));

static JUDGED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[\[(]\s*(Dung|DUNG|Sai|SAI|D|S|dung|sai)\s*[\])]\s*\.?\s*$"));

static TRUTH_BEFORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*[\[(]\s*(Dung|DUNG|Sai|SAI|D|S|dung|sai|T|F|True|False)\s*[\])]\s*[.:]?\s*"));

/// What stands in brackets before a statement's words, and where they begin.
fn said_before(slice: super::line::Slice<'_>) -> Option<(bool, usize)> {
    let found = TRUTH_BEFORE.captures(slice.plain())?;
    let word = found.get(1)?;
    Some((truth(&slice.real(word.start(), word.end()))?, found.get(0)?.end()))
}

/// Takes the tick behind an option's words, or before them.
fn take_tick(content: &mut [Bit<'_>]) -> bool {
    let tick = |letter: Option<char>| matches!(letter, Some('✓' | '✔' | '☑' | '✅' | '\u{f0fc}'));
    let mut any = false;
    if let Some(Bit::Text(slice)) = content.last_mut() {
        let bare = slice.trimmed();
        if tick(bare.text().chars().next_back()) {
            *slice = bare.before(bare.plain().len() - 1);
            any = true;
        }
    }
    if let Some(Bit::Text(slice)) = content.first_mut() {
        let bare = slice.trimmed();
        if tick(bare.text().chars().next()) {
            *slice = bare.after(1);
            any = true;
        }
    }
    any
}

impl<'a> Draft<'a> {
    pub(super) fn take_options(&mut self, asked: &mut Vec<Bit<'a>>, chain: Chain) {
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

    pub(super) fn take_statements(&mut self, asked: &mut Vec<Bit<'a>>, chain: Chain) {
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

    /// Whether the stem ends as a question that one option answers.
    pub fn asks_one(&self) -> bool {
        let Some(Bit::Text(slice)) = self.stem.last() else { return false };
        let text = slice.plain().trim_end().trim_end_matches([':', '.', ' ']).to_ascii_lowercase();
        text.ends_with('?') || text.ends_with(" la") || text.ends_with("bang") || text.ends_with("...")
    }

    /// Statements that turn out to be options: nothing but four small letters had shown what they are.
    pub fn become_options(&mut self) {
        self.choices = std::mem::take(&mut self.statements);
        for choice in &mut self.choices {
            choice.label.letter = choice.label.letter.to_ascii_uppercase();
        }
        self.kind = Some(QuestionType::SingleChoice);
        self.shown = Shown::Clearly;
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
        let mut marked = self.judged_options();
        for choice in &mut self.choices {
            let mut is = choice.label.starred || take_tick(&mut choice.content);
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
        if marked.is_empty() {
            marked = self.starred_behind();
        }
        if !marked.is_empty() && marked.len() < self.choices.len() {
            self.claim(Source::Mark, Value::Letters(marked));
        }
    }

    /// `(Đ)` or `(S)` behind every option.
    fn judged_options(&mut self) -> Vec<char> {
        let said = |choice: &super::draft::Choice<'_>| match choice.content.last() {
            Some(Bit::Text(slice)) => JUDGED.captures(slice.plain()).and_then(|found| {
                let word = found.get(1)?;
                Some((truth(&slice.real(word.start(), word.end()))?, found.get(0)?.start()))
            }),
            _ => None,
        };
        let Some(judged) = self.choices.iter().map(said).collect::<Option<Vec<(bool, usize)>>>() else { return Vec::new() };
        let mut marked = Vec::new();
        for (choice, (truth, start)) in self.choices.iter_mut().zip(judged) {
            if let Some(Bit::Text(slice)) = choice.content.last_mut() {
                *slice = slice.before(start);
            }
            if truth {
                marked.push(choice.label.letter);
            }
        }
        marked
    }

    /// A star behind the words of one option.
    fn starred_behind(&mut self) -> Vec<char> {
        let starred = |choice: &super::draft::Choice<'_>| matches!(choice.content.last(), Some(Bit::Text(slice)) if slice.plain().trim_end().ends_with('*') && slice.plain().trim_end().len() > 1);
        let mut found = self.choices.iter_mut().filter(|choice| starred(choice));
        let (Some(only), None) = (found.next(), found.next()) else { return Vec::new() };
        if let Some(Bit::Text(slice)) = only.content.last_mut() {
            let bare = slice.trimmed();
            *slice = bare.before(bare.plain().len() - 1);
        }
        vec![only.label.letter]
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
        let before = self.statements.iter().all(|statement| {
            matches!(statement.content.first(), Some(Bit::Text(slice)) if said_before(*slice).is_some()) || statement.label.said.is_some()
        });
        for statement in &mut self.statements {
            if starred {
                said.push((statement.label.letter, statement.label.starred));
            }
            if before {
                let first = statement.content.first_mut();
                if let Some(truth) = statement.label.said {
                    said.push((statement.label.letter, truth));
                } else if let Some(Bit::Text(slice)) = first
                    && let Some((truth, end)) = said_before(*slice)
                {
                    said.push((statement.label.letter, truth));
                    *slice = slice.after(end);
                }
                continue;
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

//! What a question's own lines say of its key: answer lines, boxes, solutions; and what explains it.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::Table;
use crate::model::QuestionType;

use super::choices::{self, Case};
use super::draft::{Draft, Source};
use super::keys::{Value, grid, labelled_truths, truth, value};
use super::signs::{self, pattern};
use super::truths as truth_tables;
use super::writing::Bit;

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

impl<'a> Draft<'a> {
    /// Takes answers and explanations out; what is left is asked.
    pub(super) fn part_answers(&mut self, bits: &[Bit<'a>]) -> Vec<Bit<'a>> {
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
                // `Kết quả là:` above the options asks, it does not answer.
                if asks(rest, bits, at) && choices::chain(&asked, Case::Upper).is_none() {
                    asked.push(*bit);
                    continue;
                }
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
            if let Some(value) = self.answer_number(*slice).filter(|_| !answered && self.announced == Some(QuestionType::ShortAnswer)) {
                self.claim(Source::Line, value);
                answered = true;
                self.left.push(*bit);
                at = self.rest_is_explanation(bits, at, &mut asked);
                continue;
            }
            // `Giải thích vì sao …` and `Phương pháp nào …` ask where nothing was asked before.
            let asks_so = |word: &str| asked.iter().all(Bit::is_blank) && !word.trim_end().ends_with([':', '.', ']']);
            if let Some(found) =
                signs::EXPLANATION.find(plain).filter(|found| !asks_so(found.as_str()) || found.end() >= plain.trim_end().len())
            {
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
                let end = found.get(1).map_or(slice.plain().len(), |said| said.end());
                if let Some(value) = self.answer_text(&Bit::Text(slice.before(end).after(said))) {
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

    /// The number in `Vậy đáp số là 45`.
    fn answer_number(&self, slice: super::line::Slice<'a>) -> Option<Value> {
        let number = signs::ANSWER_NUMBER.captures(slice.plain())?.get(1)?;
        self.answer_text(&Bit::Text(slice.after(number.start())))
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
        } else if let Some(value) = self.answer_number(*slice) {
            self.claim(Source::Solution, value);
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
    pub(super) fn truth_table(&mut self, table: &Table) -> bool {
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
    pub(super) fn answer_boxes(&mut self, table: &Table) -> bool {
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
}

/// Whether options stand behind the word that could have named one of them.
fn asks(rest: super::line::Slice<'_>, bits: &[Bit<'_>], at: usize) -> bool {
    if !rest.is_blank() {
        return choices::chain(&[Bit::Text(rest)], Case::Upper).is_some();
    }
    // Options stand right below; no more is looked at.
    let follow = bits.get(at..(at + 24).min(bits.len())).unwrap_or_default();
    choices::chain(follow, Case::Upper).and_then(|chain| chain.labels.first().map(|label| label.bit)) == Some(0)
}

/// The answer on the line behind `Đáp án:`, or in a row of boxes there.
fn next_value(bits: &[Bit<'_>], at: usize) -> Option<(Value, usize)> {
    let bit = bits.get(at)?;
    if let Bit::Table(table) = bit {
        let grid = grid(table);
        let [boxes] = grid.as_slice() else { return None };
        let short = boxes.len() >= 2 && boxes.iter().all(|square| square.plain.trim().len() <= 2);
        let text: String = boxes.iter().filter(|square| !square.spread).map(|square| square.text.trim()).collect();
        return (short && text.chars().any(|letter| letter.is_ascii_digit())).then_some((Value::Text(text), at + 1));
    }
    let Bit::Text(slice) = bit else { return None };
    if slice.plain().trim().len() > 24 {
        return None;
    }
    let text = super::writing::rich(std::slice::from_ref(bit)).to_text();
    Some((value(text.trim())?, at + 1))
}

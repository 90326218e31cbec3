//! What a line is, by what it says and what stands around it.

use crate::model::QuestionType;

use super::super::flow::Item;
use super::super::keys;
use super::super::line::Line;
use super::super::signs::{self, Certain, PartSign, QuestionSign, Rank, Style};
use super::super::writing::Bit;
use super::{Cutter, Explaining, LOWER, Lenient, Present, Target, UPPER};

impl Cutter<'_> {
    /// A heading over keys or solutions.
    pub(super) fn is_key_heading(&self, at: usize, plain: &str) -> bool {
        if plain.len() > 160 || !signs::KEY_HEADING.is_match(plain) || self.out.blocks.is_empty() {
            return false;
        }
        // `Đáp án: B` is an answer.
        let answers = signs::ANSWER.find(plain).is_some_and(|found| !plain.get(found.end()..).unwrap_or_default().trim().is_empty());
        if answers || signs::answer_letter(plain).is_some() || signs::NAMED_OPTION.is_match(plain) {
            return false;
        }
        let number = self.last.map_or(0, |(_, number)| number);
        for item in self.items.iter().skip(at + 1).take(4) {
            match item {
                Item::Table(table) => return keys::is_key(table),
                Item::Line(line) => {
                    let plain = line.plain.as_str();
                    if keys::pairs(plain).is_some() {
                        return true;
                    }
                    if signs::answer_letter(plain).is_some() {
                        return false;
                    }
                    if let Some(sign) = signs::question(plain) {
                        let bare = sign.style == Style::Bare && self.last.is_some_and(|(style, _)| style > Style::Bare);
                        let key = bare
                            && matches!(
                                keys::value(line.from(sign.body).text().trim().trim_end_matches('.')),
                                Some(keys::Value::Letters(_) | keys::Value::Truths(_))
                            );
                        return sign.number <= number && (!bare || key) && (sign.style > Style::Bare || sign.number == 1);
                    }
                    if signs::PAPER_CODE.is_match(plain) || signs::KEY_HEADING.is_match(plain) || signs::END.is_match(plain) {
                        return true;
                    }
                    if signs::part(plain).is_some_and(|sign| sign.certain == Certain::Yes || sign.rank == Rank::High) {
                        return true;
                    }
                    if signs::answer_letter(plain).is_some() || signs::ANSWER.is_match(plain) {
                        return false;
                    }
                }
            }
        }
        false
    }

    /// Whether the line before ends with a label and nothing behind it.
    pub(super) fn waits_for_content(&self) -> bool {
        let last = self.out.blocks.last().filter(|_| self.target == Target::Block).and_then(|block| block.bits.last());
        let Some(Bit::Text(slice)) = last else { return false };
        let plain = slice.plain().trim_end();
        let label = plain.len().saturating_sub(2);
        let ends = plain.get(label..).is_some_and(|end| {
            let mut letters = end.bytes();
            letters.next().is_some_and(|letter| (b'A'..=b'H').contains(&letter)) && letters.next() == Some(b'.')
        });
        ends && plain.get(..label).is_none_or(|before| before.is_empty() || before.ends_with(['\t', ' ']))
    }

    pub(super) fn part_sign(&self, at: usize, plain: &str) -> Option<PartSign> {
        let sign = self.facts.get(at)?.part?;
        // What follows a lone label is its content.
        if self.waits_for_content() && sign.certain == Certain::InPlace {
            return None;
        }
        if signs::NO_AID.is_match(plain) {
            return None;
        }
        let open = self.target == Target::Block && !self.complete() && self.seen & LOWER != LOWER;
        if sign.certain == Certain::Yes {
            return Some(sign);
        }
        // A letter that continues the options is an option.
        if let Some(letter) = plain.trim_start().bytes().next().filter(u8::is_ascii_uppercase) {
            let next = self.seen & 0xff;
            if self.target == Target::Block
                && letter > b'A'
                && letter <= b'H'
                && signs::LETTERED.is_match(plain)
                && next & (1 << (letter - b'A' - 1)) != 0
                && next & (1 << (letter - b'A')) == 0
            {
                return None;
            }
        }
        let worded =
            signs::PART_WORDS.is_match(plain) || signs::is_capitals(plain) || sign.kind.is_some() || signs::INSTRUCTION.is_match(plain);
        let worded = worded || signs::PART.is_match(plain.trim());
        let named = sign.ordinal.is_some() || sign.kind.is_some() || sign.level.is_some();
        // A text that is shared may have a title in capitals.
        if !named && self.target == Target::Passage && !signs::PART_WORDS.is_match(plain) {
            return None;
        }
        if !named && (open || self.explaining == Explaining::Yes && !signs::PART_WORDS.is_match(plain)) {
            return None;
        }
        if self.explaining == Explaining::Yes && !worded {
            return None;
        }
        if open && !(worded && (sign.kind.is_some() || signs::is_capitals(plain) || self.sheet > 0 || signs::PART.is_match(plain.trim()))) {
            return None;
        }
        // Above a table of keys the name of their part is enough.
        let table = matches!(self.items.get(at + 1), Some(Item::Table(table)) if !keys::read(table).is_empty());
        if self.sheet > 0 && table && signs::PART.is_match(plain.trim()) {
            return Some(sign);
        }
        match self.ahead(at) {
            Ahead::Question | Ahead::Shared => Some(sign),
            Ahead::Heading => worded.then_some(sign),
            Ahead::Text => (worded && !open && (sign.ordinal.is_some() || sign.kind.is_some())).then_some(sign),
            Ahead::Options | Ahead::End => None,
        }
    }

    /// The first thing that means something behind a line.
    fn ahead(&self, at: usize) -> Ahead {
        for (texts, facts) in self.facts.iter().skip(at + 1).enumerate() {
            if let Some(sign) = facts.question {
                let real = sign.style > Style::Bare || self.options_ahead(at + 1) || self.sheet > 0;
                return if real { Ahead::Question } else { Ahead::Text };
            }
            if facts.worded == Present::Yes {
                return Ahead::Shared;
            }
            if facts.labels & 1 == 1 {
                return Ahead::Options;
            }
            if facts.part.is_some() {
                return Ahead::Heading;
            }
            if texts >= 3 {
                return Ahead::Text;
            }
        }
        Ahead::End
    }

    /// Whether options follow before the next strong sign.
    pub(super) fn options_ahead(&self, at: usize) -> bool {
        let mut seen = 0;
        for (index, facts) in self.facts.iter().skip(at).take(80).enumerate() {
            if index > 0 && (facts.question.is_some_and(|sign| sign.style > Style::Bare) || facts.end == Present::Yes) {
                return false;
            }
            seen |= facts.labels;
            if seen & UPPER == UPPER || seen & LOWER == LOWER && self.kind() == Some(QuestionType::TrueFalse) {
                return true;
            }
        }
        false
    }

    /// Whether options follow before any other number.
    pub(super) fn own_options(&self, at: usize) -> bool {
        let mut seen = 0;
        for (index, facts) in self.facts.iter().skip(at).take(40).enumerate() {
            if index > 0 && facts.question.is_some() {
                return false;
            }
            seen |= facts.labels;
            if seen & UPPER == UPPER || seen & LOWER == LOWER {
                return true;
            }
        }
        false
    }

    pub(super) fn question_sign(&self, at: usize, line: &Line) -> Option<QuestionSign> {
        let sign = self.facts.get(at)?.question?;
        match sign.style {
            Style::Named | Style::Exercise => Some(sign),
            Style::Bare => self.bare_counts(at, line, &sign).then_some(sign),
        }
    }

    /// `Bài 1` over questions that are numbered themselves is a heading, not a question.
    pub(super) fn is_over_questions(&self, at: usize) -> bool {
        let mut bare = 0;
        for (index, facts) in self.facts.iter().enumerate().skip(at + 1).take(60) {
            match facts.question {
                Some(sign) if sign.style == Style::Named => return sign.number == 1 || index <= at + 2,
                Some(sign) if sign.style == Style::Exercise => break,
                Some(sign) if sign.number == bare + 1 && self.own_options(index) => bare += 1,
                _ => {}
            }
            if facts.end == Present::Yes {
                break;
            }
        }
        bare >= 2
    }

    pub(super) fn bare_counts(&self, at: usize, line: &Line, sign: &QuestionSign) -> bool {
        if signs::NO_AID.is_match(&line.plain) {
            return false;
        }
        let list = line.list.filter(|_| line.automatic > 0);
        if let Some((style, number)) = self.last {
            if style > Style::Bare {
                return false;
            }
            let same_list = list.is_some() && list == self.list;
            let open = self.target == Target::Block && self.sheet == 0;
            let settled = !open
                || self.complete()
                || match self.kind() {
                    Some(QuestionType::TrueFalse) => self.seen & LOWER == LOWER || self.seen == 0,
                    Some(QuestionType::ShortAnswer | QuestionType::Essay) => true,
                    _ => self.explaining == Explaining::Yes || self.lenient == Lenient::Yes,
                };
            if list.is_some() != self.list.is_some() && sign.number != number + 1 {
                return false;
            }
            if !settled && !same_list {
                return false;
            }
            if sign.number == number + 1 {
                return true;
            }
            let own = self.own_options(at);
            return own && (sign.number > number && sign.number <= number + 3 || sign.number == 1 && number > 1);
        }
        if self.strong_ahead(at) {
            return false;
        }
        if self.sheet > 0 {
            return sign.number == 1 || self.out.groups.last().is_some_and(|group| group.sheet == self.sheet);
        }
        let by_kind = matches!(self.kind(), Some(QuestionType::ShortAnswer | QuestionType::Essay | QuestionType::TrueFalse));
        // Numbers that go on where the last heading broke them off.
        let goes_on = self.sheet == 0
            && self.bare > 0
            && sign.number == self.bare + 1
            && self.out.groups.last().is_some_and(|group| group.sign.is_some());
        self.options_ahead(at) || by_kind || goes_on || self.lenient == Lenient::Yes && sign.number == 1
    }

    /// Whether a named question comes before the next heading.
    pub(super) fn strong_ahead(&self, at: usize) -> bool {
        for facts in self.facts.iter().skip(at + 1).take(200) {
            if facts.end == Present::Yes || facts.part.is_some_and(|sign| sign.ordinal.is_some() && sign.rank == Rank::High) {
                return false;
            }
            if facts.question.is_some_and(|sign| sign.style == Style::Named) {
                return true;
            }
        }
        false
    }

    /// A text that questions share begins here; `Some(None)` where it does not say which.
    pub(super) fn shared_text(&self, at: usize, plain: &str) -> Option<Option<(u32, u32)>> {
        if signs::CANDIDATE.is_match(plain) || signs::NO_AID.is_match(plain) || self.sheet > 0 {
            return None;
        }
        // A letter that continues the options is an option.
        let continues = plain.trim_start().bytes().next().is_some_and(|letter| {
            (b'B'..=b'H').contains(&letter)
                && signs::LETTERED.is_match(plain)
                && self.seen & (1 << (letter - b'A' - 1)) != 0
                && self.seen & (1 << (letter - b'A')) == 0
        });
        if continues {
            return None;
        }
        let range = signs::range(plain);
        let number = self.last.map_or(0, |(_, number)| number);
        let open = self.target == Target::Block;
        let settled = !open || self.complete() || self.seen & LOWER == LOWER;
        if let Some(range) = range.filter(|(first, _)| {
            *first == number + 1 || (settled || self.explaining == Explaining::Yes) && *first > number || *first == 1 && settled
        }) {
            let worded = signs::READING.is_match(plain) || signs::INSTRUCTION.is_match(plain);
            let next = range.0 > number
                && (signs::FOR_QUESTIONS.is_match(plain) && self.explaining == Explaining::Not || plain.trim_end().ends_with(':'));
            let explains = signs::EXPLANATION.is_match(plain) || signs::ANSWER.is_match(plain);
            if !explains && (worded || next) {
                return Some(Some(range));
            }
        }
        let worded = signs::READING.is_match(plain) || signs::INSTRUCTION.is_match(plain);
        if !worded || !settled {
            return None;
        }
        if open
            && self.explaining == Explaining::Yes
            && !plain.to_ascii_lowercase().contains("following")
            && !signs::READING.is_match(plain)
        {
            return None;
        }
        // Text behind the last option goes on only where a question follows.
        (self.target == Target::Nothing || matches!(self.question_within(at, 60), Some(next) if next > number || next == 1)).then_some(None)
    }

    pub(super) fn question_within(&self, at: usize, lines: usize) -> Option<u32> {
        self.facts.iter().skip(at + 1).take(lines).find_map(|facts| facts.question).map(|sign| sign.number)
    }
}

/// What comes next.
enum Ahead {
    Question,
    Shared,
    Heading,
    Text,
    Options,
    End,
}

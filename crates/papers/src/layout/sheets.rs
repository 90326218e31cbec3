//! The stream of lines cut into questions, shared texts and what stands around them.
//!
//! A file is one or more sheets: the questions, and behind `HẾT` or a heading such as `ĐÁP ÁN` the
//! keys and solutions. A sheet is cut into groups by headings, a group into blocks by question signs.

use std::collections::HashMap;

use super::flow::Item;
use super::keys::{self, KeyEntry};
use super::line::Line;
use super::signs::{self, Certain, PartSign, QuestionSign, Rank, Style};
use super::writing::Bit;
use crate::model::QuestionType;

/// Questions under one heading.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub sheet: usize,
    pub sign: Option<PartSign>,
}

/// A question sign and what follows it.
#[derive(Clone, Debug)]
pub(crate) struct Block<'a> {
    pub sheet: usize,
    pub group: usize,
    pub sign: QuestionSign,
    pub paragraph: u32,
    pub bits: Vec<Bit<'a>>,
    pub passage: Option<usize>,
}

/// A text several questions share.
#[derive(Clone, Debug)]
pub(crate) struct Shared<'a> {
    pub bits: Vec<Bit<'a>>,
    pub range: Option<(u32, u32)>,
}

/// What was read from the stream.
#[derive(Debug, Default)]
pub(crate) struct Sheets<'a> {
    pub groups: Vec<Group>,
    pub blocks: Vec<Block<'a>>,
    pub passages: Vec<Shared<'a>>,
    pub keys: Vec<KeyEntry>,
    /// Text that is no question: heads, headings, footers; a run for each place.
    pub left: Vec<Vec<Bit<'a>>>,
    /// Texts the keys were read from.
    pub key_texts: Vec<Bit<'a>>,
    /// The paper's own code.
    pub code: Option<String>,
}

/// Where lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Nothing,
    Block,
    Passage,
}

/// What a line shows by itself; worked out once.
struct Facts {
    question: Option<QuestionSign>,
    part: Option<PartSign>,
    labels: u32,
    end: Present,
    /// It announces a shared text or tells what to do.
    worded: Present,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Present {
    No,
    Yes,
}

impl From<bool> for Present {
    fn from(is: bool) -> Self {
        if is { Self::Yes } else { Self::No }
    }
}

fn facts(item: &Item<'_>) -> Facts {
    match item {
        Item::Line(line) => {
            let plain = line.plain.as_str();
            Facts {
                question: signs::question(plain),
                part: signs::part(plain).filter(|_| signs::answer_letter(plain).is_none() && !signs::EXPLANATION.is_match(plain)),
                labels: labels(plain),
                end: signs::END.is_match(plain).into(),
                worded: (signs::INSTRUCTION.is_match(plain) || signs::READING.is_match(plain) || signs::CANDIDATE.is_match(plain)).into(),
            }
        }
        Item::Table(_) => Facts { question: None, part: None, labels: 0, end: Present::No, worded: Present::No },
    }
}

struct Cutter<'a> {
    items: &'a [Item<'a>],
    facts: Vec<Facts>,
    out: Sheets<'a>,
    sheet: usize,
    target: Target,
    /// The style of the last question, and its number, in this group.
    last: Option<(Style, u32)>,
    list: Option<(u32, u8)>,
    /// Labels of options seen in the open question: bit 0 is A, bit 8 is a.
    seen: u32,
    /// Whether the open question is being explained.
    explaining: Explaining,
    /// The shared text questions belong to.
    passage: Option<usize>,
    /// Keys were read since the last question.
    keyed: Keyed,
    key_group: usize,
    key_part: Option<u32>,
    key_code: Option<String>,
    /// Bare numbers are questions even where nothing shows it: nothing else in the paper is.
    lenient: Lenient,
    exercises: Exercises,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Explaining {
    Not,
    Yes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keyed {
    Not,
    Yes,
}

/// Whether `Bài 1` stood over numbered questions in this sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exercises {
    Questions,
    Headings,
}

/// How freely bare numbers are taken for questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lenient {
    No,
    Yes,
}

/// Cuts a stream of lines.
pub(crate) fn cut<'a>(items: &'a [Item<'a>], lenient: Lenient) -> Sheets<'a> {
    let mut cutter = Cutter {
        items,
        facts: items.iter().map(facts).collect(),
        out: Sheets::default(),
        sheet: 0,
        target: Target::Nothing,
        last: None,
        list: None,
        seen: 0,
        explaining: Explaining::Not,
        passage: None,
        keyed: Keyed::Not,
        key_group: 0,
        key_part: None,
        key_code: None,
        lenient,
        exercises: Exercises::Questions,
    };
    for at in 0..items.len() {
        cutter.see(at);
    }
    cutter.out
}

/// Labels of options a line shows, as bits.
fn labels(plain: &str) -> u32 {
    let bytes = plain.as_bytes();
    let mut seen = 0;
    for (at, letter) in bytes.iter().enumerate() {
        let bit = match letter {
            b'A'..=b'H' => letter - b'A',
            b'a'..=b'h' => letter - b'a' + 8,
            _ => continue,
        };
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let open = before.is_none_or(|before| matches!(before, b' ' | b'\t' | b'*' | b'#' | b'(' | 2));
        let mark = bytes.get(at + 1);
        let closed = match mark {
            Some(b'.' | b')' | b'/') => true,
            Some(b':') => letter.is_ascii_uppercase(),
            Some(b' ') => matches!(bytes.get(at + 2), Some(b'.' | b')')),
            None => before.is_none(),
            _ => false,
        };
        if open && closed {
            seen |= 1 << bit;
        }
    }
    seen
}

const UPPER: u32 = 0b11;
const LOWER: u32 = 0b11 << 8;

impl<'a> Cutter<'a> {
    fn complete(&self) -> bool {
        self.seen & UPPER == UPPER
    }

    /// Whether a question waits for its options.
    fn is_open(&self) -> bool {
        let waits = !matches!(self.kind(), Some(QuestionType::ShortAnswer | QuestionType::Essay | QuestionType::TrueFalse));
        self.sheet == 0 && self.target == Target::Block && waits && !self.complete() && self.seen & LOWER != LOWER
    }

    fn kind(&self) -> Option<QuestionType> {
        self.out.groups.last().filter(|group| group.sheet == self.sheet)?.sign?.kind
    }

    fn see(&mut self, at: usize) {
        match self.items.get(at) {
            Some(Item::Line(line)) => self.see_line(at, line),
            Some(Item::Table(table)) => {
                let entries = keys::read(table);
                // Behind the end even a small table of keys is one.
                let behind = (self.sheet > 0 || self.keyed == Keyed::Yes && self.target == Target::Nothing)
                    && !entries.is_empty()
                    && keys::is_short(table);
                let named = keys::is_key(table) && (keys::is_named(table) || !self.is_open());
                if behind || named {
                    self.take_keys(entries);
                    self.out.key_texts.push(Bit::Table(table));
                } else {
                    self.put(Bit::Table(table));
                }
            }
            None => {}
        }
    }

    fn see_line(&mut self, at: usize, line: &'a Line) {
        let plain = line.plain.as_str();
        self.find_code(plain);
        if signs::FOOTER.is_match(plain) {
            return self.leave(line);
        }
        if self.facts.get(at).is_some_and(|facts| facts.end == Present::Yes) {
            self.leave(line);
            return self.next_sheet();
        }
        if let Some(pairs) = keys::pairs(plain)
            .filter(|pairs| pairs.len() >= if self.sheet > 0 || self.keyed == Keyed::Yes || signs::ANSWER.is_match(plain) { 2 } else { 5 })
        {
            let entries = pairs.into_iter().map(|(number, value)| KeyEntry { part: None, code: None, number, value, group: 0 }).collect();
            self.take_keys(entries);
            return self.out.key_texts.push(Bit::Text(line.whole()));
        }
        if let Some((part, entries)) =
            part_of_keys(line, if self.sheet > 0 { Keyed::Yes } else { self.keyed }).filter(|_| !self.out.blocks.is_empty())
        {
            self.key_part = part;
            self.take_keys(entries);
            return self.out.key_texts.push(Bit::Text(line.whole()));
        }
        if self.is_key_heading(at, plain) {
            self.leave(line);
            return self.next_sheet();
        }
        if let Some(sign) = self.part_sign(at, plain) {
            return self.begin_part(line, sign);
        }
        if let Some(number) =
            self.facts.get(at).and_then(|facts| facts.question).filter(|sign| sign.style == Style::Exercise).map(|sign| sign.number)
            && self.is_over_questions(at)
        {
            let kind = signs::kind_of(plain);
            let sign = PartSign { rank: Rank::Exercise, ordinal: Some(number), kind, level: None, certain: Certain::InPlace };
            self.exercises = Exercises::Headings;
            return self.begin_part(line, sign);
        }
        if let Some(sign) = self.question_sign(at, line) {
            if sign.style == Style::Exercise && self.exercises == Exercises::Headings {
                // It stands beside exercises that are headings over their questions.
                self.close();
                let sign =
                    PartSign { rank: Rank::Exercise, ordinal: Some(sign.number), kind: None, level: None, certain: Certain::InPlace };
                self.out.groups.push(Group { sheet: self.sheet, sign: Some(sign) });
            }
            return self.begin_question(line, sign);
        }
        if let Some(range) = self.shared_text(at, plain) {
            return self.begin_passage(line, range);
        }
        if self.target == Target::Nothing {
            self.learn_kind(plain);
        }
        if self.target == Target::Block {
            if signs::EXPLANATION.is_match(plain) {
                self.explaining = Explaining::Yes;
            }
            if self.explaining == Explaining::Not || !self.complete() {
                self.seen |= labels(plain);
            }
        }
        self.put(Bit::Text(line.whole()));
    }

    /// What the line below a heading tells of the kind of its questions.
    fn learn_kind(&mut self, plain: &str) {
        let told = signs::CANDIDATE.is_match(plain) || signs::INSTRUCTION.is_match(plain);
        let groups = self.out.groups.len();
        let empty = self.out.blocks.last().is_none_or(|block| block.group + 1 < groups);
        if let Some(sign) = self.out.groups.last_mut().filter(|_| told && empty).and_then(|group| group.sign.as_mut()) {
            sign.kind = sign.kind.or_else(|| signs::kind_of(plain));
        }
    }

    fn find_code(&mut self, plain: &str) {
        let found =
            signs::PAPER_CODE.captures(plain).or_else(|| (plain.len() < 60).then(|| signs::PAPER_CODE_SHORT.captures(plain)).flatten());
        let Some(code) = found.and_then(|found| found.get(1)).map(|code| code.as_str().to_owned()) else { return };
        if self.sheet == 0 && self.keyed == Keyed::Not {
            self.out.code.get_or_insert(code);
        } else {
            self.key_code = Some(code);
        }
    }

    /// A line that is no question.
    fn leave(&mut self, line: &'a Line) {
        self.leave_bit(Bit::Text(line.whole()));
    }

    fn leave_bit(&mut self, bit: Bit<'a>) {
        self.out.left.push(vec![bit]);
    }

    fn put(&mut self, bit: Bit<'a>) {
        match self.target {
            Target::Nothing => self.leave_bit(bit),
            Target::Block => match self.out.blocks.last_mut() {
                Some(block) => block.bits.push(bit),
                None => self.leave_bit(bit),
            },
            Target::Passage => match self.out.passages.last_mut() {
                Some(passage) => passage.bits.push(bit),
                None => self.leave_bit(bit),
            },
        }
    }

    fn next_sheet(&mut self) {
        if self.out.blocks.iter().any(|block| block.sheet == self.sheet) {
            self.sheet += 1;
            self.close();
        }
        self.target = Target::Nothing;
        self.keyed = Keyed::Yes;
        self.key_part = None;
        self.exercises = Exercises::Questions;
    }

    fn close(&mut self) {
        self.target = Target::Nothing;
        self.last = None;
        self.list = None;
        self.seen = 0;
        self.passage = None;
        self.explaining = Explaining::Not;
    }

    fn take_keys(&mut self, entries: Vec<KeyEntry>) {
        // Of each paper's code: its last number, and how often numbers started again.
        let mut codes: HashMap<Option<String>, (u32, usize)> = HashMap::new();
        let mut highest = 0;
        for mut entry in entries {
            entry.code = entry.code.or_else(|| self.key_code.clone());
            let (last, restarts) = codes.entry(entry.code.clone()).or_default();
            let again = entry.number == *last && !matches!(entry.value, keys::Value::Truth(..));
            if entry.number == 1 && (entry.number < *last || again) {
                *restarts += 1;
            }
            *last = entry.number;
            highest = highest.max(*restarts);
            entry.part = entry.part.or(self.key_part);
            entry.group = self.key_group + *restarts;
            self.out.keys.push(entry);
        }
        self.key_group += highest + 1;
        self.keyed = Keyed::Yes;
        if self.sheet == 0 {
            // What follows a key is not the last question any more.
            self.target = if self.out.blocks.is_empty() { Target::Nothing } else { self.target };
        }
    }

    /// A heading over keys or solutions.
    fn is_key_heading(&self, at: usize, plain: &str) -> bool {
        if plain.len() > 160 || !signs::KEY_HEADING.is_match(plain) || self.out.blocks.is_empty() {
            return false;
        }
        // `Đáp án: B` is an answer.
        let answers = signs::ANSWER.find(plain).is_some_and(|found| !plain.get(found.end()..).unwrap_or_default().trim().is_empty());
        if answers || signs::answer_letter(plain).is_some() {
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
    fn waits_for_content(&self) -> bool {
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

    fn part_sign(&self, at: usize, plain: &str) -> Option<PartSign> {
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
    fn options_ahead(&self, at: usize) -> bool {
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
    fn own_options(&self, at: usize) -> bool {
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

    fn question_sign(&self, at: usize, line: &Line) -> Option<QuestionSign> {
        let sign = self.facts.get(at)?.question?;
        match sign.style {
            Style::Named | Style::Exercise => Some(sign),
            Style::Bare => self.bare_counts(at, line, &sign).then_some(sign),
        }
    }

    /// `Bài 1` over questions that are numbered themselves is a heading, not a question.
    fn is_over_questions(&self, at: usize) -> bool {
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

    fn bare_counts(&self, at: usize, line: &Line, sign: &QuestionSign) -> bool {
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
        self.options_ahead(at) || by_kind || self.lenient == Lenient::Yes && sign.number == 1
    }

    /// Whether a named question comes before the next heading.
    fn strong_ahead(&self, at: usize) -> bool {
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
    fn shared_text(&self, at: usize, plain: &str) -> Option<Option<(u32, u32)>> {
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

    fn question_within(&self, at: usize, lines: usize) -> Option<u32> {
        self.facts.iter().skip(at + 1).take(lines).find_map(|facts| facts.question).map(|sign| sign.number)
    }

    fn begin_part(&mut self, line: &'a Line, sign: PartSign) {
        if self.keyed == Keyed::Yes && (self.sheet > 0 || !self.out.key_texts.is_empty()) {
            self.key_part = sign.ordinal.or(self.key_part);
        }
        if self.keyed == Keyed::Yes && self.sheet == 0 && sign.ordinal == Some(1) && !self.out.blocks.is_empty() {
            self.sheet += 1;
        }
        self.close();
        self.out.groups.push(Group { sheet: self.sheet, sign: Some(sign) });
        let plain = line.plain.as_str();
        let shares = signs::range(plain).is_some() || signs::INSTRUCTION.is_match(plain) || signs::READING.is_match(plain);
        if shares && sign.kind.is_none() && !signs::CANDIDATE.is_match(plain) && self.sheet == 0 {
            self.begin_passage(line, signs::range(plain));
        } else {
            self.leave(line);
        }
    }

    fn begin_passage(&mut self, line: &'a Line, range: Option<(u32, u32)>) {
        self.out.passages.push(Shared { bits: vec![Bit::Text(line.whole())], range });
        self.passage = Some(self.out.passages.len() - 1);
        self.target = Target::Passage;
        self.seen = 0;
        self.explaining = Explaining::Not;
    }

    fn begin_question(&mut self, line: &'a Line, sign: QuestionSign) {
        let restarts = sign.number == 1 && self.last.is_some_and(|(_, number)| number > 1);
        if self.keyed == Keyed::Yes && self.sheet == 0 && !self.out.blocks.is_empty() && restarts {
            self.sheet += 1;
            self.close();
            self.out.groups.push(Group { sheet: self.sheet, sign: None });
        } else if restarts {
            // Numbers start again without a heading that was understood.
            let passage = self.passage.filter(|_| self.target == Target::Passage);
            self.close();
            self.passage = passage;
            self.out.groups.push(Group { sheet: self.sheet, sign: None });
        }
        if self.out.groups.last().is_none_or(|group| group.sheet != self.sheet) {
            self.out.groups.push(Group { sheet: self.sheet, sign: None });
        }
        if self.target == Target::Nothing && self.passage.is_none() && self.sheet == 0 {
            self.adopt_text_before();
        }
        let passage = self.passage.filter(|passage| {
            self.out
                .passages
                .get(*passage)
                .is_some_and(|shared| shared.range.is_none_or(|(first, last)| (first..=last).contains(&sign.number)))
        });
        if passage.is_none() {
            self.passage = None;
        }
        self.last = Some((sign.style, sign.number));
        self.list = line.list.filter(|_| line.automatic > 0);
        self.explaining = Explaining::Not;
        self.target = Target::Block;
        let body = line.from(sign.body);
        self.seen = labels(body.plain());
        let bits = if body.is_blank() { Vec::new() } else { vec![Bit::Text(body)] };
        self.out.blocks.push(Block {
            sheet: self.sheet,
            group: self.out.groups.len().saturating_sub(1),
            sign,
            paragraph: line.paragraph,
            bits,
            passage,
        });
    }

    /// Long texts and tables between a heading and its first question are shared by its questions.
    fn adopt_text_before(&mut self) {
        let headed = self.out.groups.last().is_some_and(|group| group.sign.is_some());
        if !headed {
            return;
        }
        let mut taken: Vec<Bit<'a>> = Vec::new();
        while let Some([bit]) = self.out.left.last().map(Vec::as_slice) {
            let plain = match bit {
                Bit::Text(slice) => slice.plain(),
                Bit::Table(_) => "",
            };
            let heading = signs::part(plain).is_some()
                || signs::CANDIDATE.is_match(plain)
                || signs::NO_AID.is_match(plain)
                || signs::FOOTER.is_match(plain)
                || signs::END.is_match(plain);
            if heading {
                break;
            }
            taken.extend(self.out.left.pop().into_iter().flatten());
        }
        taken.reverse();
        let length: usize = taken.iter().map(|bit| if let Bit::Text(slice) = bit { slice.plain().len() } else { 200 }).sum();
        if length >= 200 {
            self.out.passages.push(Shared { bits: taken, range: None });
            self.passage = Some(self.out.passages.len() - 1);
        } else {
            self.out.left.extend(taken.into_iter().map(|bit| vec![bit]));
        }
    }
}

/// A line of keys behind the name of their part: `Phần I: 1A 2B 3C`; behind the end of the paper also
/// `Phần III: 1. 12; 2. 4,5`.
fn part_of_keys(line: &Line, keyed: Keyed) -> Option<(Option<u32>, Vec<KeyEntry>)> {
    let plain = line.plain.as_str();
    let space = plain.len() - plain.trim_start().len();
    let rest = signs::PART.captures(plain.trim())?.get(3)?;
    let skipped = rest.as_str().len() - rest.as_str().trim_start_matches([':', '.', '-', ' ', ')']).len();
    let at = space + rest.start() + skipped;
    let listed = || keys::listed(&line.from(at).text()).filter(|_| keyed == Keyed::Yes && skipped > 0);
    let pairs = keys::pairs(plain.get(at..)?).or_else(listed)?;
    let entries = pairs.into_iter().map(|(number, value)| KeyEntry { part: None, code: None, number, value, group: 0 }).collect();
    Some((signs::part(plain).and_then(|sign| sign.ordinal), entries))
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

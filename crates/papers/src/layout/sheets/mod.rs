//! The stream of lines cut into questions, shared texts and what stands around them.
//!
//! A file is one or more sheets: the questions, and behind `HẾT` or a heading such as `ĐÁP ÁN` the
//! keys and solutions. A sheet is cut into groups by headings, a group into blocks by question signs.

mod begin;
mod judge;

use std::collections::HashMap;

use super::flow::Item;
use super::keys::{self, KeyEntry};
use super::line::Line;
use super::points::Said;
use super::signs::{self, Certain, PartSign, QuestionSign, Rank, Style};
use super::writing::Bit;
use crate::model::QuestionType;

/// Questions under one heading.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub sheet: usize,
    pub sign: Option<PartSign>,
    /// What the heading and the lines below it say of points.
    pub said: Said,
}

impl Group {
    /// Questions under a heading that says nothing of points, or under none.
    fn of(sheet: usize, sign: Option<PartSign>) -> Self {
        Self { sheet, sign, said: Said::default() }
    }
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
    /// What stands above every heading and says points.
    pub head: Said,
    pub blocks: Vec<Block<'a>>,
    pub passages: Vec<Shared<'a>>,
    pub keys: Vec<KeyEntry>,
    /// Of each group of keys: how many blocks had begun when it was read.
    pub key_places: HashMap<usize, usize>,
    /// Text that is no question: heads, headings, footers; a run for each place.
    pub left: Vec<Vec<Bit<'a>>>,
    /// Texts the keys were read from.
    pub key_texts: Vec<Bit<'a>>,
    /// The paper's own code.
    pub code: Option<String>,
    /// Every code named, with how many blocks had begun.
    pub codes: Vec<(usize, String)>,
}

impl Sheets<'_> {
    /// A list of keys above the paper (`Câu 1: B`, one a line) that was cut like questions.
    pub fn keys_before(&mut self) {
        let Some(first) = self.blocks.first().map(|block| block.group) else { return };
        let value = |block: &Block<'_>| match block.bits.as_slice() {
            [Bit::Text(slice), ..] => {
                keys::value(slice.text().trim().trim_end_matches('.')).filter(|value| !matches!(value, keys::Value::Text(_)))
            }
            _ => None,
        };
        let count = self.blocks.iter().take_while(|block| block.group == first).count();
        let (list, rest) = self.blocks.split_at(count);
        let again = rest.iter().filter(|block| block.sheet == 0 && list.iter().any(|key| key.sign.number == block.sign.number)).count();
        // Behind the last key may stand a title.
        let bare = list.iter().rev().skip(1).all(|block| block.bits.len() == 1);
        if count < 2 || again < count || !bare || !list.iter().all(|block| value(block).is_some()) {
            return;
        }
        let group = self.keys.iter().map(|entry| entry.group + 1).max().unwrap_or_default();
        for block in self.blocks.drain(..count) {
            if let Some(value) = value(&block) {
                self.keys.push(KeyEntry { part: None, code: None, number: block.sign.number, value, group });
                let mut bits = block.bits.into_iter();
                self.key_texts.extend(bits.next());
                self.left.push(bits.collect());
            }
        }
    }
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
    /// The last bare number, whatever heading stands between.
    bare: u32,
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
        bare: 0,
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
            Some(b'-') => letter.is_ascii_uppercase() && before.is_none() && bytes.get(at + 2) == Some(&b' '),
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
                // A table in a solution is a key only where it says so.
                let solves = self.explaining == Explaining::Yes && self.target == Target::Block;
                let named = keys::is_key(table) && (keys::is_named(table) || !self.is_open() && !solves);
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
        if signs::FOOTER.is_match(plain) || signs::MIXER.is_match(plain) {
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
        if let Some(entry) = stuck_key(plain).filter(|_| self.sheet > 0) {
            self.take_keys(vec![entry]);
            return self.out.key_texts.push(Bit::Text(line.whole()));
        }
        if let Some((part, entries)) =
            part_of_keys(line, if self.sheet > 0 { Keyed::Yes } else { self.keyed }).filter(|_| !self.out.blocks.is_empty())
        {
            self.key_part = part;
            self.take_keys(entries);
            return self.out.key_texts.push(Bit::Text(line.whole()));
        }
        if self.sheet > 0 && signs::PAPER.is_match(plain) && self.out.blocks.last().is_some_and(|block| block.sheet == self.sheet) {
            // Behind the solutions of one paper the next begins.
            self.leave(line);
            return self.next_sheet();
        }
        if signs::CLOSING.is_match(plain) && self.target == Target::Block && (self.complete() || self.seen & LOWER == LOWER) {
            return self.leave(line);
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
                self.out.groups.push(Group::of(self.sheet, Some(sign)));
            }
            return self.begin_question(line, sign);
        }
        self.learn_points(line);
        if let Some(range) = self.shared_text(at, plain) {
            self.learn_kind(plain);
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

    /// What a line above the first question of a heading, or of the paper, tells of points.
    fn learn_points(&mut self, line: &Line) {
        let groups = self.out.groups.len();
        match self.out.groups.last_mut() {
            Some(group) if self.out.blocks.last().is_none_or(|block| block.group + 1 < groups) => group.said.below(line),
            Some(_) => {}
            None => self.out.head.head(line),
        }
    }

    fn find_code(&mut self, plain: &str) {
        let found =
            signs::PAPER_CODE.captures(plain).or_else(|| (plain.len() < 60).then(|| signs::PAPER_CODE_SHORT.captures(plain)).flatten());
        let Some(code) = found.and_then(|found| found.get(1)).map(|code| code.as_str().to_owned()) else { return };
        self.out.codes.push((self.out.blocks.len(), code.clone()));
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

    fn take_keys(&mut self, mut entries: Vec<KeyEntry>) {
        // A key a line goes on where the line before ended.
        if let [one] = entries.as_mut_slice()
            && let Some(last) = self.out.keys.last().filter(|last| last.number < one.number && last.part == self.key_part)
        {
            (one.group, one.part) = (last.group, last.part);
            one.code = self.key_code.clone();
            self.out.keys.append(&mut entries);
            return;
        }
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
            self.out.key_places.insert(entry.group, self.out.blocks.len());
            self.out.keys.push(entry);
        }
        self.key_group += highest + 1;
        self.keyed = Keyed::Yes;
        if self.sheet == 0 {
            // What follows a key is not the last question any more.
            self.target = if self.out.blocks.is_empty() { Target::Nothing } else { self.target };
        }
    }
}

/// `1D` alone on a line.
fn stuck_key(plain: &str) -> Option<KeyEntry> {
    let text = plain.trim().trim_end_matches('.');
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_uppercase());
    let letter =
        text.get(digits.len()..).filter(|letter| letter.len() == 1)?.chars().next().filter(|letter| ('A'..='H').contains(letter))?;
    let number = digits.parse().ok().filter(|number| (1..400).contains(number))?;
    Some(KeyEntry { part: None, code: None, number, value: keys::Value::Letters(vec![letter]), group: 0 })
}

/// A line of keys behind the name of their part: `Phần I: 1A 2B 3C`; behind the end of the paper also
/// `Phần III: 1. 12; 2. 4,5`.
fn part_of_keys(line: &Line, keyed: Keyed) -> Option<(Option<u32>, Vec<KeyEntry>)> {
    let plain = line.plain.as_str();
    let space = plain.len() - plain.trim_start().len();
    let behind = || signs::ROMAN.captures(plain.trim()).or_else(|| signs::LETTERED.captures(plain.trim())).filter(|_| keyed == Keyed::Yes);
    let rest = signs::PART.captures(plain.trim()).or_else(behind)?.get(3)?;
    let skipped = rest.as_str().len() - rest.as_str().trim_start_matches([':', '.', '-', ' ', ')']).len();
    let at = space + rest.start() + skipped;
    let listed = || keys::listed(&line.from(at).text()).filter(|_| keyed == Keyed::Yes && skipped > 0);
    let pairs = keys::pairs(plain.get(at..)?).or_else(listed)?;
    let entries = pairs.into_iter().map(|(number, value)| KeyEntry { part: None, code: None, number, value, group: 0 }).collect();
    Some((signs::part(plain).and_then(|sign| sign.ordinal), entries))
}

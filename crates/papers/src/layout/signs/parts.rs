//! Headings over questions, and what kind of question they announce.

use crate::model::{Level, QuestionType};
use crate::roman;

use super::{INSTRUCTION, LETTERED, LEVEL_HEADING, PAPER, PART, PART_WORDS, ROMAN, level_of};

/// How high a heading stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// `PHẦN I`
    High,
    /// `I.`, `Nhóm 1`, `Exercise 1`
    Low,
    /// `Bài 1` over questions with numbers of their own
    Exercise,
}

/// A heading over questions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PartSign {
    pub rank: Rank,
    /// Its own number, where it has one.
    pub ordinal: Option<u32>,
    /// What kind of question it announces.
    pub kind: Option<QuestionType>,
    pub level: Option<Level>,
    /// Whether its words alone show it is a heading.
    pub certain: Certain,
}

/// Whether a sign can be trusted without looking at what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certain {
    Yes,
    /// Only where a question or an instruction follows.
    InPlace,
}

/// A heading, where a line is one.
pub(crate) fn part(plain: &str) -> Option<PartSign> {
    let line = plain.trim();
    if line.is_empty() || line.len() > 400 {
        return None;
    }
    let kind = kind_of(line);
    let level = LEVEL_HEADING.captures(line).and_then(|found| level_of(found.get(1)?.as_str()));
    if let Some(found) = PART.captures(line) {
        let word = found.get(1)?.as_str();
        let rest = found.get(3)?.as_str();
        let ordinal = ordinal_of(found.get(2)?.as_str());
        let rank = if matches!(word.to_ascii_lowercase().as_str(), "phan" | "part" | "section") { Rank::High } else { Rank::Low };
        let closed =
            rest.is_empty() || rest.starts_with(['.', ':', ')', '-', '(', '/', '\u{1}', ',']) || is_capitals(rest) || kind.is_some();
        if !closed {
            return None;
        }
        let certain = if rank == Rank::High && (word.chars().all(|letter| letter.is_ascii_uppercase()) || kind.is_some() || rest.is_empty())
        {
            Certain::Yes
        } else {
            Certain::InPlace
        };
        return Some(PartSign { rank, ordinal, kind, level, certain });
    }
    let sign = |ordinal, rank| PartSign { rank, ordinal, kind, level, certain: Certain::InPlace };
    if let Some(found) = PAPER.captures(line) {
        return Some(PartSign { ordinal: ordinal_of(found.get(1)?.as_str()), ..sign(None, Rank::Low) });
    }
    if let Some(found) = ROMAN.captures(line) {
        let ordinal = ordinal_of(found.get(1)?.as_str())?;
        let rest = found.get(3)?.as_str();
        if PART_WORDS.is_match(rest) || is_capitals(rest) || INSTRUCTION.is_match(rest) || rest.len() < 200 {
            return Some(sign(Some(ordinal), Rank::Low));
        }
    }
    if let Some(found) = LETTERED.captures(line) {
        let rest = found.get(3)?.as_str();
        let letter = found.get(1)?.as_str();
        if PART_WORDS.is_match(rest) && (is_capitals(rest) || kind.is_some() || rest.len() < 60) {
            return Some(sign(ordinal_of(letter), Rank::High));
        }
    }
    if line.len() < 160
        && ((PART_WORDS.is_match(line) && (is_capitals(line) || level.is_some() && line.len() < 40)) || is_heading_of_kind(line))
    {
        return Some(PartSign { rank: Rank::Low, ordinal: None, kind, level, certain: Certain::InPlace });
    }
    (line.len() < 120 && is_shouted(line)).then_some(PartSign {
        rank: Rank::Low,
        ordinal: None,
        kind: None,
        level: None,
        certain: Certain::InPlace,
    })
}

fn is_heading_of_kind(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    ["trac nghiem", "tu luan", "cau hoi trac nghiem", "cau trac nghiem", "phan trac nghiem", "phan tu luan", "bai tap trac nghiem"]
        .iter()
        .any(|words| lower.starts_with(words))
}

/// Whether every letter is a capital, and there are some.
pub(crate) fn is_capitals(text: &str) -> bool {
    let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
    capitals >= 4 && !text.bytes().any(|letter| letter.is_ascii_lowercase())
}

/// Words in capitals, as headings are; not formulas (`IA^2=27`), options (`A. NO. B. CO.`) or names.
fn is_shouted(line: &str) -> bool {
    let words = line.split(|letter: char| !letter.is_ascii_alphabetic() && letter != '\u{1}').filter(|word| word.len() >= 3).count();
    let odd = line.bytes().any(|letter| matches!(letter, b'=' | b'^' | b'$' | b'\\' | b'_' | 2));
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    // One word with digits in it is a formula of chemistry.
    if digits > 0 && !line.trim().contains(' ') {
        return false;
    }
    is_capitals(line) && words >= 1 && line.len() > 5 && !odd && digits * 3 < line.len() && !LETTERED.is_match(line)
}

pub(crate) fn ordinal_of(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let upper = text.to_ascii_uppercase();
    if let Some(number) = roman::read(&upper, 15) {
        return Some(number);
    }
    Some(match upper.as_str() {
        "A" | "MOT" | "NHAT" => 1,
        "B" | "HAI" => 2,
        "C" | "BA" => 3,
        "D" | "BON" => 4,
        "E" => 5,
        "F" => 6,
        "G" => 7,
        "H" => 8,
        _ => return None,
    })
}

/// What kind of question a heading or an instruction announces.
pub(crate) fn kind_of(plain: &str) -> Option<QuestionType> {
    let lower = plain.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["tra loi ngan", "dien dap an", "dien ket qua", "dien dap so", "short answer"]) {
        Some(QuestionType::ShortAnswer)
    } else if has(&[
        "dung sai",
        "dung/sai",
        "dung hoac sai",
        "dung - sai",
        "dung-sai",
        "dung, sai",
        "dung (d)",
        "true or false",
        "true/false",
    ]) {
        Some(QuestionType::TrueFalse)
    } else if has(&[
        "nhieu phuong an",
        "nhieu lua chon",
        "bon lua chon",
        "4 lua chon",
        "bon phuong an",
        "4 phuong an",
        "mot phuong an",
        "khach quan",
        "multiple choice",
        "chon mot dap an",
        "khoanh tron",
        "khoanh vao",
    ]) {
        Some(QuestionType::SingleChoice)
    } else if has(&[
        "tu luan",
        "lam van",
        "essay",
        "rewrite",
        "viet lai",
        "write a",
        "write the",
        "reorder",
        "rearrange",
        "combine the",
        "correct form",
        "make question",
        "make a sentence",
    ]) {
        Some(QuestionType::Essay)
    } else {
        None
    }
}

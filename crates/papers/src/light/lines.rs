//! What the beginning of a line of light text means.

use crate::model::QuestionType;
use crate::roman;

use super::fields::{FIELDS, OCCASIONS};

/// A line's meaning, with what follows its sign.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line<'a> {
    /// `PHẦN 2`
    Part(u32, &'a str),
    /// `Câu 5. …`
    Question(u32, &'a str),
    /// `Đoạn chung p1: …`
    Passage(&'a str, &'a str),
    PassageEnd,
    /// `*B. …`
    Option {
        mark: Mark,
        letter: char,
        rest: &'a str,
    },
    /// `*b) …`
    Statement {
        mark: Mark,
        letter: char,
        rest: &'a str,
    },
    Answer(&'a str),
    Number(&'a str),
    Explanation(&'a str),
    Rubric(&'a str),
    Hint(&'a str),
    Pair(&'a str),
    Item(&'a str),
    Blank(&'a str),
    /// Of the option or statement above.
    Feedback(&'a str),
    /// Of an answer, by its place from 1.
    AnswerFeedback(usize, &'a str),
    /// Of the question, by its occasion.
    Occasion(&'static str, &'a str),
    /// A field of [`FIELDS`].
    Field(usize, &'a str),
    Row(&'a str),
    Fence,
    Bullet(&'a str),
    Numbered(&'a str),
    Text(&'a str),
}

/// What stands before a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing.
    None,
    /// `*`
    Right,
    /// `-`
    Wrong,
    /// `?`
    Unsaid,
}

/// The words for types that a question's lines do not show.
pub(super) const TYPES: [(&str, QuestionType); 8] = [
    ("trắc nghiệm", QuestionType::SingleChoice),
    ("nhiều đáp án", QuestionType::MultipleChoice),
    ("đúng sai", QuestionType::TrueFalse),
    ("trả lời ngắn", QuestionType::ShortAnswer),
    ("tự luận", QuestionType::Essay),
    ("văn bản", QuestionType::Description),
    ("điền khuyết", QuestionType::Cloze),
    ("điền số", QuestionType::Numeric),
];

/// Reads the sign of a line.
pub(super) fn line(text: &str) -> Line<'_> {
    signed(text).unwrap_or(Line::Text(text))
}

/// Whether a line of content would be taken for something else.
pub(super) fn is_signed(text: &str) -> bool {
    signed(text).is_some()
}

fn signed(text: &str) -> Option<Line<'_>> {
    labelled(text).or_else(|| worded(text)).or_else(|| {
        if text.starts_with('|') {
            Some(Line::Row(text))
        } else if text.starts_with("```") {
            Some(Line::Fence)
        } else if let Some(rest) = text.strip_prefix("- ") {
            Some(Line::Bullet(rest))
        } else {
            text.strip_prefix("# ").map(Line::Numbered)
        }
    })
}

fn labelled(text: &str) -> Option<Line<'_>> {
    let mut chars = text.char_indices();
    let (_, first) = chars.next()?;
    let (mark, letter) = match first {
        '*' => (Mark::Right, chars.next()?.1),
        '-' => (Mark::Wrong, chars.next()?.1),
        '?' => (Mark::Unsaid, chars.next()?.1),
        letter => (Mark::None, letter),
    };
    let (at, point) = chars.next()?;
    let rest = spaced(text.get(at + point.len_utf8()..)?)?;
    match (letter, point) {
        ('A'..='H', '.') if matches!(mark, Mark::None | Mark::Right) => Some(Line::Option { mark, letter, rest }),
        ('a'..='h', ')') => Some(Line::Statement { mark, letter, rest }),
        _ => None,
    }
}

/// What stands behind the one space after a sign.
fn spaced(rest: &str) -> Option<&str> {
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
}

fn worded(text: &str) -> Option<Line<'_>> {
    if let Some(rest) = text.strip_prefix("Câu ") {
        let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let number = rest.get(..digits)?.parse().ok()?;
        let behind = rest.get(digits..)?;
        return Some(Line::Question(number, spaced(behind.strip_prefix(['.', ':'])?)?));
    }
    if let Some(rest) = text.strip_prefix("PHẦN ") {
        let word = rest.split(['.', ':', ' ']).next()?;
        let number = word.parse().ok().or_else(|| roman::read(word, 10))?;
        return Some(Line::Part(number, rest.get(word.len()..)?.trim_matches(['.', ':', ' '])));
    }
    if text.trim_end() == "Hết đoạn chung" {
        return Some(Line::PassageEnd);
    }
    let (word, rest) = text.split_once(':')?;
    if let Some(id) = word.strip_prefix("Đoạn chung") {
        return Some(Line::Passage(id.trim(), spaced(rest)?));
    }
    let rest = spaced(rest)?;
    Some(match word {
        "Đáp án" => Line::Answer(rest),
        "Đáp án số" => Line::Number(rest),
        "Lời giải" => Line::Explanation(rest),
        "Hướng dẫn chấm" => Line::Rubric(rest),
        "Gợi ý" => Line::Hint(rest),
        "Nối" => Line::Pair(rest),
        "Thứ tự" => Line::Item(rest),
        "Chỗ trống" => Line::Blank(rest),
        "Phản hồi" => Line::Feedback(rest),
        word if word.starts_with("Phản hồi đáp án ") => Line::AnswerFeedback(word.rsplit(' ').next()?.parse().ok()?, rest),
        word if word.starts_with("Phản hồi khi ") => Line::Occasion(OCCASIONS.iter().find(|(own, _)| *own == word)?.1, rest),
        word => Line::Field(FIELDS.iter().position(|field| field.word == word)?, rest),
    })
}

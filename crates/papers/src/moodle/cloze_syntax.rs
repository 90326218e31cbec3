//! `{1:MULTICHOICE:=right#well done~wrong~%50%half}` as it stands in the text of an embedded-answer
//! question.

use std::borrow::Cow;

use super::numbers::{exact, percent, share};
use crate::model::Exact;

/// A part of the text.
pub(super) enum Piece<'a> {
    /// Anything else.
    Letters(&'a str),
    /// A gap.
    Gap {
        /// Its weight, where said.
        points: Option<Exact>,
        /// What fills it.
        kind: EmbeddedKind,
        /// What may be given.
        alternatives: Vec<Alternative<'a>>,
    },
    /// A gap of a kind that cannot be carried, and its letters.
    Unknown(&'a str, &'a str),
}

/// What fills a gap. How its options are laid out and shuffled is Moodle's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EmbeddedKind {
    /// One option.
    Choice,
    /// Several.
    Choices,
    /// Letters.
    Letters {
        /// Whether case counts.
        case_sensitive: bool,
    },
    /// A number.
    Number,
}

/// Something that may be given.
pub(super) struct Alternative<'a> {
    /// Its share of the points.
    pub credit: Exact,
    /// HTML.
    pub text: Cow<'a, str>,
    /// HTML.
    pub feedback: Option<Cow<'a, str>>,
}

fn kind(word: &str) -> Option<EmbeddedKind> {
    Some(match word {
        "MULTICHOICE" | "MC" | "MULTICHOICE_V" | "MCV" | "MULTICHOICE_H" | "MCH" | "MULTICHOICE_S" | "MCS" | "MULTICHOICE_VS" | "MCVS"
        | "MULTICHOICE_HS" | "MCHS" => EmbeddedKind::Choice,
        "MULTIRESPONSE" | "MR" | "MULTIRESPONSE_V" | "MRV" | "MULTIRESPONSE_H" | "MRH" | "MULTIRESPONSE_S" | "MRS" | "MULTIRESPONSE_VS"
        | "MRVS" | "MULTIRESPONSE_HS" | "MRHS" => EmbeddedKind::Choices,
        "SHORTANSWER" | "SA" | "MW" => EmbeddedKind::Letters { case_sensitive: false },
        "SHORTANSWER_C" | "SAC" | "MWC" => EmbeddedKind::Letters { case_sensitive: true },
        "NUMERICAL" | "NM" => EmbeddedKind::Number,
        _ => return None,
    })
}

/// Cuts a text at its gaps.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let (mut from, mut at) = (0, 0);
    let mut ends = unescaped(text, b'}').peekable();
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        while ends.next_if(|end| *end < start).is_some() {}
        match ends.peek().and_then(|end| gap(rest, end - start)) {
            Some((piece, length)) => {
                if start > from {
                    out.push(Piece::Letters(text.get(from..start).unwrap_or_default()));
                }
                out.push(piece);
                at = start + length;
                from = at;
            }
            None => at = start + 1,
        }
    }
    out.push(Piece::Letters(text.get(from..).unwrap_or_default()));
    out
}

/// Whether a text begins as a gap does, ended or not.
pub(super) fn begins_gap(text: &str) -> bool {
    head(text).is_some()
}

/// The digits, the word and the rest of what may be a gap.
fn head(text: &str) -> Option<(&str, &str, &str)> {
    let inner = text.strip_prefix('{')?;
    let digits = inner.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let rest = inner.get(digits..)?.strip_prefix(':')?;
    let letters = rest.bytes().take(30).take_while(|byte| byte.is_ascii_uppercase() || *byte == b'_').count();
    let word = rest.get(..letters).filter(|word| word.len() >= 2)?;
    Some((inner.get(..digits)?, word, rest.get(letters..)?.strip_prefix(':')?))
}

/// The gap a text begins with; `end` is where the first brace closes.
fn gap(text: &str, end: usize) -> Option<(Piece<'_>, usize)> {
    let (digits, word, body) = head(text)?;
    let length = end + 1;
    let body = body.get(..end.checked_sub(text.len() - body.len())?)?;
    let piece = match kind(word) {
        Some(kind) => Piece::Gap { points: exact(digits), kind, alternatives: alternatives(body) },
        None => Piece::Unknown(word, text.get(..length)?),
    };
    Some((piece, length))
}

/// Places of a sign that no backslash stands before.
fn unescaped(text: &str, sign: u8) -> impl Iterator<Item = usize> + '_ {
    let bytes = text.as_bytes();
    bytes
        .iter()
        .enumerate()
        .filter(move |(at, byte)| **byte == sign && at.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&b'\\'))
        .map(|(at, _)| at)
}

fn alternatives(body: &str) -> Vec<Alternative<'_>> {
    let mut out = Vec::new();
    let mut from = 0;
    for end in unescaped(body, b'~').chain([body.len()]) {
        let piece = body.get(from..end).unwrap_or_default();
        from = end + 1;
        if !piece.trim().is_empty() {
            out.push(alternative(piece));
        }
    }
    out
}

fn alternative(piece: &str) -> Alternative<'_> {
    let piece = piece.trim_start();
    let weighted = piece.strip_prefix('%').and_then(|rest| rest.split_once('%')).and_then(|(number, rest)| Some((percent(number)?, rest)));
    let (credit, rest) = match weighted {
        Some((weight, rest)) => (share(weight), rest),
        None => match piece.strip_prefix('=') {
            Some(rest) => (Exact::ONE, rest),
            None => (Exact::ZERO, piece),
        },
    };
    // `&#39;` is a letter.
    let sign = unescaped(rest, b'#').find(|at| !rest.get(..*at).is_some_and(|before| before.ends_with('&') || before.ends_with("&amp;")));
    let (text, feedback) = match sign {
        Some(at) => (rest.get(..at).unwrap_or_default(), rest.get(at + 1..)),
        None => (rest, None),
    };
    Alternative { credit, text: plain(text.trim()), feedback: feedback.map(|feedback| plain(feedback.trim())) }
}

/// Without the backslashes that keep signs from being read.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letters.peek() {
            Some(next @ ('}' | '~' | '#' | '=' | '/' | '"' | '\'')) if letter == '\\' => {
                out.push(*next);
                letters.next();
            }
            _ => out.push(letter),
        }
    }
    out.into()
}

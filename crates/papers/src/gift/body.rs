//! What stands between the braces.

use super::scan::{bare, cut, feedback, find, formatted, letters};
use super::syntax::{Amount, Body, Fault, Formatted, GiftChoice, Written};
use crate::model::Exact;
use crate::moodle::TextFormat;
use crate::moodle::numbers::{exact, percent};

/// Reads it. `format` is the question's, which its answers take over.
pub(super) fn body(inner: &str, format: TextFormat) -> Result<Body, Fault> {
    let text = inner.trim();
    if text.is_empty() {
        return Ok(Body::Essay);
    }
    if let Some(numbers) = text.strip_prefix('#') {
        return numeric(numbers, format);
    }
    if let Some(truth) = true_false(text, format) {
        return Ok(truth);
    }
    let pieces = pieces(text);
    let has_wrong = pieces.iter().any(|piece| piece.sign == Sign::Tilde);
    if !has_wrong && !pieces.is_empty() && pieces.iter().all(is_pair) {
        return Ok(Body::Matching(pieces.iter().filter_map(|piece| pair(piece.text, format)).collect()));
    }
    let mut choices = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        if let Some(choice) = choice(piece, format, has_wrong)? {
            choices.push(choice);
        }
    }
    Ok(if has_wrong { Body::Choices(choices) } else { Body::Short(choices) })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Nothing before it: a bare answer.
    None,
    Equals,
    Tilde,
}

struct Piece<'a> {
    sign: Sign,
    text: &'a str,
}

/// Cut before each `=` and `~`.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let (mut sign, mut from, mut depth) = (Sign::None, 0, 0_usize);
    for (at, byte) in bare(text) {
        let next = match byte {
            b'{' => {
                depth += 1;
                continue;
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                continue;
            }
            b'=' if depth == 0 => Sign::Equals,
            b'~' if depth == 0 => Sign::Tilde,
            _ => continue,
        };
        out.push(Piece { sign, text: text.get(from..at).unwrap_or_default() });
        (sign, from) = (next, at + 1);
    }
    out.push(Piece { sign, text: text.get(from..).unwrap_or_default() });
    out.retain(|piece| piece.sign != Sign::None || !piece.text.trim().is_empty());
    out
}

fn is_pair(piece: &Piece<'_>) -> bool {
    piece.sign == Sign::Equals && find(piece.text, "->").is_some()
}

fn pair(text: &str, format: TextFormat) -> Option<(Formatted, String)> {
    let (left, right) = cut(text, "->")?;
    Some((formatted(left, format), letters(right, TextFormat::Moodle)))
}

/// `%50%` at the front.
fn weight(text: &str) -> Result<(Option<Exact>, &str), Fault> {
    let Some((number, rest)) = text.trim_start().strip_prefix('%').and_then(|rest| rest.split_once('%')) else { return Ok((None, text)) };
    match percent(number) {
        Some(weight) => Ok((Some(weight), rest)),
        // Letters between two signs of per cent are an answer like any other.
        None if number.len() > 20 || !number.contains(|letter: char| letter.is_ascii_digit()) => Ok((None, text)),
        None => Err(Fault {
            code: "gift-weight", message: format!("“%{number}%” không phải trọng số từ −100 đến 100."), at: 0
        }),
    }
}

fn choice(piece: &Piece<'_>, format: TextFormat, is_option: bool) -> Result<Option<GiftChoice<Formatted>>, Fault> {
    let (weight, rest) = weight(piece.text)?;
    let (text, comment) = cut(rest, "#").map_or((rest, None), |(text, comment)| (text, Some(comment)));
    let value = formatted(text, format);
    if value.text.is_empty() && piece.sign == Sign::None && is_option {
        return Ok(None);
    }
    let right = piece.sign != Sign::Tilde && !(piece.sign == Sign::None && is_option);
    Ok(Some(GiftChoice { right, weight, value, feedback: comment.and_then(|comment| feedback(comment, format)) }))
}

fn true_false(text: &str, format: TextFormat) -> Option<Body> {
    let (word, comments) = cut(text, "#").map_or((text, None), |(word, comments)| (word, Some(comments)));
    let word = word.trim();
    let truth = match word {
        "T" => true,
        "F" => false,
        _ if word.eq_ignore_ascii_case("true") => true,
        _ if word.eq_ignore_ascii_case("false") => false,
        _ => return None,
    };
    let (wrong, right) = match comments {
        None => (None, None),
        Some(comments) => match cut(comments, "#") {
            Some((wrong, right)) => (feedback(wrong, format), feedback(right, format)),
            None => (feedback(comments, format), None),
        },
    };
    Some(Body::TrueFalse { truth, wrong, right })
}

fn numeric(text: &str, format: TextFormat) -> Result<Body, Fault> {
    let pieces = pieces(text);
    let mut out = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        let (weight, rest) = weight(piece.text)?;
        let (number, comment) = cut(rest, "#").map_or((rest, None), |(number, comment)| (number, Some(comment)));
        let feedback = comment.and_then(|comment| feedback(comment, format));
        let right = piece.sign != Sign::Tilde;
        let value = match number.trim() {
            "" | "*" if !right || piece.sign == Sign::Equals => Amount::Any,
            number => amount(number)?,
        };
        out.push(GiftChoice { right, weight, value, feedback });
    }
    let alone = pieces.len() == 1 && pieces.iter().all(|piece| piece.sign == Sign::None);
    match (alone, out.pop()) {
        (true, Some(only)) => Ok(Body::Number(only)),
        (_, None) => Ok(Body::Numbers(Vec::new())),
        (false, Some(last)) => {
            out.push(last);
            Ok(Body::Numbers(out))
        }
    }
}

fn amount(text: &str) -> Result<Amount, Fault> {
    let bad =
        || Fault {
            code: "gift-number", message: format!("“{}” không phải một số.", text.chars().take(60).collect::<String>()), at: 0
        };
    let written = letters(text, TextFormat::Moodle);
    if let Some((low, high)) = written.split_once("..") {
        let (low, high) = (exact(low).ok_or_else(bad)?, exact(high).ok_or_else(bad)?);
        return Ok(Amount::Between(low.min(high), low.max(high)));
    }
    let number = |text: &str| exact(text).map(|value| Written { text: text.trim().to_owned(), value }).ok_or_else(bad);
    match written.split_once(':') {
        Some((centre, range)) => Ok(Amount::Around(number(centre)?, exact(range).ok_or_else(bad)?)),
        None => Ok(Amount::Exactly(number(&written)?)),
    }
}

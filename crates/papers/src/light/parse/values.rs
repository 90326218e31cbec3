//! Values in lines: tags in brackets, numbers, answers between bars.

use crate::model::{Answer, Choice, Exact, QuestionType};

/// Options without a star are wrong where one has it.
pub(super) fn settle(options: &mut [Choice]) -> usize {
    let right = options.iter().filter(|option| option.correct == Some(true)).count();
    if right > 0 {
        for option in options {
            option.correct = Some(option.correct == Some(true));
        }
    }
    right
}

/// What stands in brackets at the beginning, and what follows them.
pub(super) fn tag(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(open)?;
    let (tag, behind) = inner.split_once(close)?;
    Some((tag.trim(), behind.strip_prefix(' ').unwrap_or(behind)))
}

pub(super) fn exact(text: &str) -> Option<Exact> {
    text.trim().replace(',', ".").parse().ok()
}

/// Where a cell ends: bars inside pictures and formulas belong to them.
pub(super) fn unescaped_bar(text: &str) -> usize {
    let (mut escaped, mut formula, mut picture) = (false, false, false);
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => {}
            '|' if !formula && !picture => return at,
            '$' => formula = !formula,
            '[' if before == '!' => picture = true,
            ']' => picture = false,
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
        before = letter;
    }
    text.len()
}

pub(super) fn variants(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if matches!(letters.peek(), Some('|' | '\\')) => {
                if let (Some(last), Some(next)) = (out.last_mut(), letters.next()) {
                    last.push(next);
                }
            }
            '|' => out.push(String::new()),
            letter => {
                if let Some(last) = out.last_mut() {
                    last.push(letter);
                }
            }
        }
    }
    out
}

pub(super) fn answer(text: &str, kind: QuestionType) -> Option<Answer> {
    let mut text = text.trim();
    if text.is_empty() {
        return None;
    }
    let mut out = Answer::default();
    let credit = text.strip_suffix("%]").and_then(|rest| rest.rsplit_once('[')).and_then(|(before, credit)| Some((before, exact(credit)?)));
    if let Some((before, credit)) = credit {
        out.credit = credit.checked_div(Exact::from(100)).map(|credit| credit.normalize());
        text = before.trim();
    }
    if kind == QuestionType::Numeric {
        if let Some((number, tolerance)) = text.split_once('±') {
            out.tolerance = exact(tolerance);
            text = number.trim();
        }
        if let Some((min, max)) = text.split_once("..") {
            (out.min, out.max) = (exact(min), exact(max));
            if out.min.is_some() && out.max.is_some() {
                text = "";
            }
        }
    }
    out.text = text.to_owned();
    Some(out)
}

//! What teachers write in brackets behind `\begin{ex}`: codes like `2D1H3-2`, levels, sources.

use super::source::TAGS;
use crate::model::{Level, Question};

/// The bracketed words at the start of a question's text, and the text behind them.
pub(super) fn split(text: &str) -> (Vec<String>, usize) {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', super::source::JOINED]).len();
        let rest = rest.get(skipped..).unwrap_or_default();
        let Some((said, length)) = rest.strip_prefix(TAGS.0).and_then(|said| {
            let end = said.find(TAGS.1)?;
            Some((said.get(..end)?, TAGS.0.len_utf8() + end + TAGS.1.len_utf8()))
        }) else {
            return (out, at);
        };
        out.extend(
            said.split('[').filter_map(|piece| piece.split(']').next()).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned),
        );
        at += skipped + length;
    }
}

/// Puts them on a question.
pub(super) fn put_on(words: Vec<String>, question: &mut Question) {
    for word in words {
        if let Some(level) = level(&word) {
            question.level = question.level.or(Some(level));
        }
        let known = Level::parse(&word).is_some();
        if !known && word.chars().count() <= 100 && !question.tags.contains(&word) {
            question.tags.push(word);
        }
    }
}

/// The level in a tag, or in a code: grade, subject, chapter, level, lesson.
fn level(word: &str) -> Option<Level> {
    if let Some(level) = Level::parse(word) {
        return Some(level);
    }
    let letters: Vec<char> = word.chars().collect();
    let [grade, subject, chapter, level, lesson, ..] = letters.as_slice() else { return None };
    if !(grade.is_ascii_digit() && subject.is_ascii_uppercase() && chapter.is_ascii_alphanumeric() && lesson.is_ascii_alphanumeric()) {
        return None;
    }
    match level {
        'N' | 'Y' => Some(Level::Nb),
        'H' | 'B' => Some(Level::Th),
        'V' | 'K' => Some(Level::Vd),
        'C' | 'G' => Some(Level::Vdc),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_the_level() {
        for (word, expected) in [
            ("2D1H3-2", Some(Level::Th)),
            ("0D1Y1-1", Some(Level::Nb)),
            ("1H3G4", Some(Level::Vdc)),
            ("NB", Some(Level::Nb)),
            ("Sở Nghệ An", None),
        ] {
            assert_eq!(level(word), expected, "{word}");
        }
    }
}

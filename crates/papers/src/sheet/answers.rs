//! Keys as teachers type them into a cell.

use crate::model::Answer;
use crate::package::exact;

/// What a cell of keys says of options or statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyShape {
    /// Places of the right options.
    Options(Vec<usize>),
    /// True or false for each statement; `None` for `?`.
    Statements(Vec<Option<bool>>),
    /// Something else.
    Other,
}

/// Looks at a key beside so many options.
pub(super) fn shape(key: &str, count: usize) -> KeyShape {
    let pieces: Vec<String> = pieces(key);
    let letters: Vec<char> = pieces.iter().flat_map(|piece| piece.chars()).collect();
    let short = pieces.iter().all(|piece| piece.chars().count() == 1) || (pieces.len() == 1 && letters.len() <= 26);
    let words: Option<Vec<Option<bool>>> = pieces.iter().map(|piece| word(piece)).collect();
    if let Some(said) = words.filter(|said| said.len() == count && count > 0 && pieces.iter().any(|piece| piece.chars().count() > 1)) {
        return KeyShape::Statements(said);
    }
    if !short || letters.is_empty() {
        return KeyShape::Other;
    }
    let said: Option<Vec<Option<bool>>> = letters.iter().map(|letter| statement(*letter)).collect();
    // `DSSD` has a letter for each statement; a lone `D` is an option.
    if let Some(said) = said.filter(|_| letters.len() == count && count > 1) {
        return KeyShape::Statements(said);
    }
    let places: Option<Vec<usize>> = letters.iter().map(|letter| option(*letter).filter(|at| *at < count)).collect();
    match places {
        Some(mut places) => {
            places.sort_unstable();
            places.dedup();
            KeyShape::Options(places)
        }
        None => KeyShape::Other,
    }
}

fn pieces(key: &str) -> Vec<String> {
    let split = key.split([',', ';', '/', '|', '-', '+', '&', ' ', '\n', '\t', '.']);
    split.map(|piece| piece.trim_matches(['(', ')', '[', ']']).to_owned()).filter(|piece| !piece.is_empty()).collect()
}

fn option(letter: char) -> Option<usize> {
    ('A'..='Z').position(|own| own == letter.to_ascii_uppercase())
}

/// `D` stands for Đ where it is one of several.
fn statement(letter: char) -> Option<Option<bool>> {
    match letter.to_uppercase().next()? {
        'Đ' | 'Ð' | 'D' | 'T' => Some(Some(true)),
        'S' | 'F' => Some(Some(false)),
        '?' => Some(None),
        _ => None,
    }
}

fn word(piece: &str) -> Option<Option<bool>> {
    match piece {
        "?" => Some(None),
        other => lone(other).map(Some),
    }
}

/// What a key says of a single statement.
pub(super) fn lone(key: &str) -> Option<bool> {
    match key.trim().to_lowercase().as_str() {
        "đ" | "ð" | "đúng" | "true" | "t" => Some(true),
        "s" | "sai" | "false" | "f" => Some(false),
        _ => None,
    }
}

/// Variants of a typed answer: parted by `|`, which stands for itself behind a backslash.
pub(super) fn variants(key: &str) -> Vec<Answer> {
    let mut out: Vec<String> = vec![String::new()];
    let mut letters = key.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('|' | '\\')) => {
                if let (Some(last), Some(next)) = (out.last_mut(), letters.next()) {
                    last.push(next);
                }
            }
            ('|', _) => out.push(String::new()),
            _ => {
                if let Some(last) = out.last_mut() {
                    last.push(letter);
                }
            }
        }
    }
    let texts = out.into_iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    texts.map(|text| Answer { text, ..Answer::default() }).collect()
}

/// A variant as it is written into a cell.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|")
}

/// Numbers: variants, each a number or a range `4..7`.
pub(super) fn numbers(key: &str, tolerance: &str) -> Vec<Answer> {
    let number = |text: &str| exact(&text.trim().replace(',', "."));
    let mut out = variants(key);
    let tolerances: Vec<&str> = tolerance.split('|').collect();
    for (at, answer) in out.iter_mut().enumerate() {
        if let Some((least, most)) = answer.text.clone().split_once("..")
            && let (Some(least), Some(most)) = (number(least), number(most))
        {
            *answer = Answer { min: Some(least), max: Some(most), ..Answer::default() };
        }
        // One tolerance serves all the numbers.
        let own = if tolerances.len() == 1 { tolerances.first() } else { tolerances.get(at) };
        answer.tolerance = own.and_then(|own| number(own));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_a_key_tells_what_it_is() {
        let statements = |letters: &str| KeyShape::Statements(letters.chars().map(|letter| Some(letter == 'T')).collect());
        for (key, count, expected) in [
            ("A", 4, KeyShape::Options(vec![0])),
            ("d", 4, KeyShape::Options(vec![3])),
            ("D", 4, KeyShape::Options(vec![3])),
            ("A,C", 4, KeyShape::Options(vec![0, 2])),
            ("C; A", 4, KeyShape::Options(vec![0, 2])),
            ("AC", 4, KeyShape::Options(vec![0, 2])),
            ("DSSD", 4, statements("TFFT")),
            ("Đ,S,S,Đ", 4, statements("TFFT")),
            ("Đ S Đ S", 4, statements("TFTF")),
            ("TFTF", 4, statements("TFTF")),
            ("Đúng, Sai, Sai", 3, statements("TFF")),
            ("DDDD", 4, statements("TTTT")),
            ("E", 4, KeyShape::Other),
            ("12,5", 0, KeyShape::Other),
        ] {
            assert_eq!(shape(key, count), expected, "{key}");
        }
    }
}

//! Sort keys that compare as Vietnamese people sort lists.

use super::letters::{Tone, collapse_whitespace, split_tone};

/// Alphabet of 29 letters with the Latin guests f, j, w, z at their usual places.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// The key of a full name: given name (the last word), then family and middle
/// names from the left. Compare keys as plain strings or bytes; they are ASCII,
/// so SQLite's BINARY and PostgreSQL's `COLLATE "C"` agree.
///
/// Letters decide first over the whole name, tones (ngang, huyền, hỏi, ngã,
/// sắc, nặng) next, case last, as dictionaries do.
pub fn name_sort_key(full_name: &str) -> String {
    let name = collapse_whitespace(full_name);
    match name.rsplit_once(' ') {
        Some((rest, given)) => key_of(std::iter::once(given).chain(rest.split(' '))),
        None => key_of(std::iter::once(name.as_str())),
    }
}

/// The key of any text (a title, a school) in reading order; numbers compare by
/// value, so class 9A comes before 10A.
pub fn text_sort_key(text: &str) -> String {
    let text = collapse_whitespace(text);
    key_of(text.split(' '))
}

/// Letters, then `!`, tones, `!`, cases: `!` is below every character used in a part.
fn key_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let (mut letters, mut tones, mut cases) = (String::new(), String::new(), String::new());
    for (index, word) in words.enumerate() {
        if index > 0 {
            letters.push('"');
            tones.push('"');
        }
        let mut rest = word.chars().peekable();
        while let Some(letter) = rest.next() {
            if letter.is_ascii_digit() {
                let mut number = String::from(letter);
                while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                    number.push(digit);
                }
                push_number(&number, &mut letters);
                continue;
            }
            for lower in letter.to_lowercase() {
                let (bare, tone) = split_tone(lower);
                push_letter(bare, &mut letters);
                tones.push(tone_digit(tone));
            }
            cases.push(if letter.is_uppercase() { '1' } else { '0' });
        }
    }
    // Trailing level tones and lower cases say nothing and would only lengthen the column.
    let tones = tones.trim_end_matches(['0', '"']);
    let cases = cases.trim_end_matches('0');
    format!("{letters}!{tones}!{cases}")
}

fn tone_digit(tone: Tone) -> char {
    match tone {
        Tone::Level => '0',
        Tone::Grave => '1',
        Tone::Hook => '2',
        Tone::Tilde => '3',
        Tone::Acute => '4',
        Tone::Dot => '5',
    }
}

/// Digits get their length in front, so 9 sorts before 10; all of it below the letters.
fn push_number(digits: &str, out: &mut String) {
    let digits = match digits.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let length = digits.len().min(93 - 1);
    out.push('$');
    // One printable character for the length; longer numbers than 92 digits share it.
    out.push(char::from(b'!' + u8::try_from(length).unwrap_or(92)));
    out.push_str(digits);
}

fn push_letter(letter: char, out: &mut String) {
    match ALPHABET.chars().position(|known| known == letter) {
        // '@' and up: 33 letters end at '`'.
        Some(place) => out.push(char::from(b'@' + u8::try_from(place).unwrap_or(0))),
        None if letter.is_alphabetic() => {
            // Other scripts after z, in code point order.
            out.push('~');
            out.push_str(&format!("{:06x}", u32::from(letter)));
        }
        // Punctuation before digits.
        None => {
            out.push('#');
            out.push_str(&format!("{:06x}", u32::from(letter)));
        }
    }
}

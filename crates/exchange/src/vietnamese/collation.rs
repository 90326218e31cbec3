//! Sort keys that compare as Vietnamese people sort lists.

use super::letters::{Tone, collapse_whitespace, split_tone};

/// Alphabet of 29 letters with the Latin guests f, j, w, z at their usual places.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// The key of a full name: given name (the last word), then family and middle
/// names from the left. Compare keys as plain strings or bytes; they are ASCII,
/// so SQLite's BINARY and PostgreSQL's `COLLATE "C"` agree.
///
/// The given name decides with its tones (ngang, huyền, hỏi, ngã, sắc, nặng)
/// before the rest is looked at, as in a list with a column "Tên"; case comes last.
pub fn name_sort_key(full_name: &str) -> String {
    let name = collapse_whitespace(full_name);
    let (rest, given) = name.rsplit_once(' ').unwrap_or(("", &name));
    let (given, rest) = (Key::of(given), Key::of(rest));
    format!("{}!{} {}!{} {}{}", given.letters, given.tones, rest.letters, rest.tones, given.cases, rest.cases)
}

/// The key of any text (a title, a school) in reading order: letters first over
/// the whole text, then tones, then case, as dictionaries do. Numbers compare by
/// value, so class 9A comes before 10A.
pub fn text_sort_key(text: &str) -> String {
    let key = Key::of(&collapse_whitespace(text));
    format!("{}!{} {}", key.letters, key.tones, key.cases)
}

/// The three levels of a text. Space and `!`, which part them, are below every character used.
struct Key {
    letters: String,
    tones: String,
    cases: String,
}

impl Key {
    fn of(text: &str) -> Self {
        let (mut letters, mut tones, mut cases) = (String::new(), String::new(), String::new());
        for (index, word) in text.split(' ').enumerate() {
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
        tones.truncate(tones.trim_end_matches(['0', '"']).len());
        cases.truncate(cases.trim_end_matches('0').len());
        Self { letters, tones, cases }
    }
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

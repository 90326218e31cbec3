//! User names suggested from a full name.

use super::{collapse_whitespace, fold};

/// The longest stem suggested, in characters; a number may follow it.
const LONGEST_STEM: usize = 40;

/// Given name, a dot, the initials of family and middle names:
/// `Lê Gia Dung` gives `dung.lg`. Only `a-z`, `0-9` and one dot, never empty
/// (`user` where the name has no Latin letter at all).
pub fn username_stem(full_name: &str) -> String {
    let folded = fold(&collapse_whitespace(full_name));
    let words: Vec<String> = folded
        .split(|letter: char| letter.is_whitespace() || letter == '-')
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect())
        .filter(|word: &String| !word.is_empty())
        .collect();
    let Some((given, rest)) = words.split_last() else {
        return "user".to_owned();
    };
    let initials: String = rest.iter().filter_map(|word| word.chars().next()).collect();
    let mut stem = given.clone();
    if !initials.is_empty() {
        stem.push('.');
        stem.push_str(&initials);
    }
    stem.truncate(LONGEST_STEM);
    stem.trim_end_matches('.').to_owned()
}

/// The `number`-th try for a name: 1 is the stem itself, then `dung.lg2`, `dung.lg3`, …
pub fn username_with_number(full_name: &str, number: u32) -> String {
    let stem = username_stem(full_name);
    if number <= 1 { stem } else { format!("{stem}{number}") }
}

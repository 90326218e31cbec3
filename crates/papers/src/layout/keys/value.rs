//! What a cell of a key table says.

use std::sync::LazyLock;

use regex::Regex;

use crate::layout::line::plain;
use crate::layout::signs::pattern;

/// A key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Letters of options.
    Letters(Vec<char>),
    /// Of statements, in order.
    Truths(Vec<bool>),
    /// Of one statement, by its letter.
    Truth(char, bool),
    /// A short answer.
    Text(String),
}

/// The plain twin of a text, character by character.
pub(crate) fn plain_of(text: &str) -> String {
    text.chars().map(plain).collect()
}

static LETTERS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*\(?([A-H](?:\s*[,;&/]\s*[A-H])*)\)?\s*[.)]?\s*$"));
static LABELLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:^|[\s,;.|])\(?([a-h])\s*[.):-]?\s*\)?\s*[:=-]?\s*(dung|sai|true|false|(?-i:[DSTF]))\b"));

/// What a key says; `None` where nothing is said (blanks, dots, dashes).
pub(crate) fn value(text: &str) -> Option<Value> {
    let text = text.trim().trim_matches(['*', '"']).trim();
    let plain = plain_of(text);
    if !text.chars().any(char::is_alphanumeric) {
        return None;
    }
    if let Some(found) = LETTERS.captures(&plain) {
        // `Đ` alone is “đúng”, not option D.
        if text.contains(['Đ', 'đ']) {
            return Some(Value::Truths(vec![true]));
        }
        let letters = found.get(1)?.as_str().chars().filter(char::is_ascii_uppercase).collect();
        return Some(Value::Letters(letters));
    }
    if plain.len() == 1 && matches!(plain.as_str(), "a" | "b" | "c") {
        return Some(Value::Letters(vec![plain.to_ascii_uppercase().chars().next()?]));
    }
    if let Some(truths) = truths(text) {
        return Some(Value::Truths(truths));
    }
    if let Some((letter, truth)) = labelled_truth(text) {
        return Some(Value::Truth(letter, truth));
    }
    Some(Value::Text(text.to_owned()))
}

static ONE_LABELLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\(?([a-h])\s*[.):-]+\s*[:=-]?\s*(dung|sai|true|false|(?-i:[DSTF]))\s*[.;,]?$"));

/// `a) Đúng` and nothing else.
pub(crate) fn labelled_truth(text: &str) -> Option<(char, bool)> {
    let text = text.trim();
    let plain = plain_of(text);
    let found = ONE_LABELLED.captures(&plain)?;
    let word = found.get(2)?;
    let real: String = text.chars().skip(word.start()).take(word.len()).collect();
    Some((found.get(1)?.as_str().to_ascii_lowercase().chars().next()?, truth(&real)?))
}

/// `ĐSĐS`, `DSSD`, `Đ S S Đ`, `Đ-S-Đ-S`, `a) Đúng b) Sai …`.
pub(crate) fn truths(text: &str) -> Option<Vec<bool>> {
    labelled_truths(text).or_else(|| bare_truths(text))
}

/// `a) Đúng b) Sai …`: at least two, from `a` on.
pub(crate) fn labelled_truths(text: &str) -> Option<Vec<bool>> {
    let plain = plain_of(text);
    let letters: Vec<char> = text.chars().collect();
    let labelled: Vec<(u8, bool)> = LABELLED
        .captures_iter(&plain)
        .filter_map(|found| {
            let word = found.get(2)?;
            let real: String = letters.get(word.start()..word.end())?.iter().collect();
            Some((found.get(1)?.as_str().to_ascii_lowercase().bytes().next()?, truth(&real)?))
        })
        .collect();
    let in_order = labelled.iter().enumerate().all(|(at, (letter, _))| usize::from(*letter) == usize::from(b'a') + at);
    (labelled.len() >= 2 && in_order).then(|| labelled.into_iter().map(|(_, truth)| truth).collect())
}

fn bare_truths(text: &str) -> Option<Vec<bool>> {
    let words: Vec<&str> = text.split([' ', '\t', '\n', '-', '–', ',', ';', '/', '|', '.']).filter(|word| !word.is_empty()).collect();
    if words.len() >= 2 && words.len() <= 8 {
        return words.into_iter().map(truth).collect();
    }
    let [word] = words.as_slice() else { return None };
    // `D` alone is an option.
    if let Some(truth) = truth(word).filter(|_| !matches!(*word, "D" | "d" | "t" | "f")) {
        return Some(vec![truth]);
    }
    let letters: Vec<char> = word.chars().collect();
    let in_letters =
        |yes: [char; 2], no: char| (2..=8).contains(&letters.len()) && letters.iter().all(|letter| yes.contains(letter) || *letter == no);
    if in_letters(['Đ', 'D'], 'S') {
        return Some(letters.iter().map(|letter| *letter != 'S').collect());
    }
    if in_letters(['đ', 'đ'], 's') {
        return Some(letters.iter().map(|letter| *letter != 's').collect());
    }
    in_letters(['T', 'T'], 'F').then(|| letters.iter().map(|letter| *letter == 'T').collect())
}

/// One word that says true or false. Diacritics count: `dùng` is not `đúng`.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "đ" | "d" | "đúng" | "dung" | "t" | "true" => Some(true),
        "s" | "sai" | "f" | "false" => Some(false),
        _ => None,
    }
}

static PAIR: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\s|,;]*(?:(?i:cau|question)\s*)?(\d{1,3})\s*[-.:)/=]?\s*\(?([A-Ha-h])\)?[.]?"));
static BEFORE_PAIRS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*[\[(]?\s*(?:bang\s*)?(?:dap an|keys?|answers?|da|ma de\s*\d+)[^\d:]{0,30}[:.-]\s*"));

static RUN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\s|,;.]*(?:(?i:cau|questions?|tu)\s*)?(\d{1,3})\s*(?:-+|den)\s*(\d{1,3})\s*[.:)=]*\s*([A-H](?:[\s,;-]?[A-H])*)(?:[\s|,;.]|$)",
    )
});

/// A line of keys: `1A 2B 3C`, `1-A; 2-B`, `1.A`, `1:D|2:A`, `1-5: ABCDA`, and nothing else. At least two.
pub(crate) fn pairs(plain: &str) -> Option<Vec<(u32, Value)>> {
    let start = BEFORE_PAIRS.find(plain).map_or(0, |found| found.end());
    let rest = plain.get(start..)?;
    single_pairs(rest).or_else(|| runs(rest)).or_else(|| runs(plain)).or_else(|| truth_pairs(rest))
}

static TRUTH_PAIR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\s|,;]*(?:(?i:cau|question)\s*)?(\d{1,3})\s*[-.:)/=]?\s*([DS]{2,8})(?:[\s|,;.]|$)"));

/// `1. ĐSSĐ 2. SSĐĐ`.
fn truth_pairs(mut rest: &str) -> Option<Vec<(u32, Value)>> {
    let mut out: Vec<(u32, Value)> = Vec::new();
    while !rest.trim_matches([' ', '\t', '|', ',', ';', '.']).is_empty() {
        let found = TRUTH_PAIR.captures(rest)?;
        let number = found.get(1)?.as_str().parse().ok().filter(|number| out.last().is_none_or(|(last, _)| last < number))?;
        out.push((number, Value::Truths(found.get(2)?.as_str().chars().map(|letter| letter == 'D').collect())));
        rest = rest.get(found.get(0)?.end()..)?;
    }
    (out.len() >= 2).then_some(out)
}

/// `1. 12; 2. -4,5`, `1B`: keys of any kind, parted by more than a space.
pub(crate) fn listed(text: &str) -> Option<Vec<(u32, Value)>> {
    let mut out: Vec<(u32, Value)> = Vec::new();
    for piece in
        text.replace("  ", "\t").split(['\t', ';', '|']).map(|piece| piece.trim().trim_end_matches('.')).filter(|piece| !piece.is_empty())
    {
        let plain = plain_of(piece);
        if let Some(one) = single_pairs_from(&plain, 1).filter(|_| out.is_empty()) {
            out = one;
            continue;
        }
        let found = LISTED.captures(&plain)?;
        let number = found.get(1)?.as_str().parse().ok().filter(|number| out.last().is_none_or(|(last, _)| last < number))?;
        let mut said: String = piece.chars().skip(found.get(2)?.start()).collect();
        let mut number: u32 = number;
        // `1. 12 2. 0,5`: the next number begins the next key.
        while let Some((first, rest)) = next_listed(&said, number + 1) {
            out.push((number, value(&first)?));
            (number, said) = (number + 1, rest);
        }
        if said.chars().count() > 16 {
            return None;
        }
        out.push((number, value(&said)?));
    }
    (!out.is_empty()).then_some(out)
}

static NEXT_LISTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\s(?:cau\s*)?(\d{1,2})\s*[.:)]\s*"));

/// A key and what stands behind the number of the next one.
fn next_listed(said: &str, next: u32) -> Option<(String, String)> {
    let plain = plain_of(said);
    let found =
        NEXT_LISTED.captures_iter(&plain).find(|found| found.get(1).and_then(|digits| digits.as_str().parse().ok()) == Some(next))?;
    let whole = found.get(0)?;
    let first: String = said.chars().take(whole.start()).collect();
    let rest: String = said.chars().skip(whole.end()).collect();
    let bare = first.trim().trim_end_matches(['.', ',']);
    (!bare.is_empty() && !rest.trim().is_empty()).then(|| (bare.to_owned(), rest))
}

static LISTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:cau|question)?\s*(\d{1,2})\s*(?:[.:)=]\s*(?:-\s+)?|-\s*)(\S.*)$"));

/// `1-5: ABCDA 6-10: BCDAB`: as many letters as the numbers say.
fn runs(mut rest: &str) -> Option<Vec<(u32, Value)>> {
    let mut out: Vec<(u32, Value)> = Vec::new();
    while !rest.trim_matches([' ', '\t', '|', ',', ';', '.']).is_empty() {
        let found = RUN.captures(rest)?;
        let number = |at: usize| found.get(at).and_then(|digits| digits.as_str().parse::<u32>().ok());
        let letters: Vec<char> = found.get(3)?.as_str().chars().filter(char::is_ascii_uppercase).collect();
        let numbers = number(1)?..=number(2)?;
        if numbers.clone().count() != letters.len() || out.last().is_some_and(|(last, _)| last >= numbers.start()) {
            return None;
        }
        out.extend(numbers.zip(letters).map(|(number, letter)| (number, Value::Letters(vec![letter]))));
        rest = rest.get(found.get(0)?.end()..)?;
    }
    (out.len() >= 2).then_some(out)
}

fn single_pairs(rest: &str) -> Option<Vec<(u32, Value)>> {
    single_pairs_from(rest, 2)
}

fn single_pairs_from(mut rest: &str, least: usize) -> Option<Vec<(u32, Value)>> {
    let mut out: Vec<(u32, Value)> = Vec::new();
    while !rest.trim_matches([' ', '\t', '|', ',', ';', '.']).is_empty() {
        let found = PAIR.captures(rest)?;
        let number = found.get(1)?.as_str().parse().ok()?;
        let letter = found.get(2)?.as_str().to_ascii_uppercase().chars().next()?;
        out.push((number, Value::Letters(vec![letter])));
        rest = rest.get(found.get(0)?.end()..)?;
        // What follows is the next pair, or white space before it; `1B2C` has none.
        let stuck = found.get(2)?.as_str().bytes().all(|letter| letter.is_ascii_uppercase());
        let next = rest.bytes().next();
        if !next.is_none_or(|next| matches!(next, b' ' | b'\t' | b'|' | b',' | b';') || stuck && next.is_ascii_digit()) {
            return None;
        }
    }
    let rising = out.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a < b));
    (out.len() >= least && rising).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart() {
        for (text, expected) in [
            ("A", Some(Value::Letters(vec!['A']))),
            ("B, C", Some(Value::Letters(vec!['B', 'C']))),
            ("a", Some(Value::Letters(vec!['A']))),
            ("D", Some(Value::Letters(vec!['D']))),
            ("Đ", Some(Value::Truths(vec![true]))),
            ("S", Some(Value::Truths(vec![false]))),
            ("Sai", Some(Value::Truths(vec![false]))),
            ("ĐSĐS", Some(Value::Truths(vec![true, false, true, false]))),
            ("DSSD", Some(Value::Truths(vec![true, false, false, true]))),
            ("Đ - S - Đ - Đ", Some(Value::Truths(vec![true, false, true, true]))),
            ("a) Đúng b) Sai c) Sai d) Đúng", Some(Value::Truths(vec![true, false, false, true]))),
            ("12,5", Some(Value::Text("12,5".into()))),
            ("….", None),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_of_keys_are_nothing_but_keys() {
        for (text, count) in [
            ("1A 2B 3C 4D", Some(4)),
            ("1-A, 2-B, 3-C", Some(3)),
            ("1.A 2.B 3.C", Some(3)),
            ("1. A\t2. B\t3. C", Some(3)),
            ("1:D|2:A|3:C|4:B", Some(4)),
            ("Dap an: 1A 2B", Some(2)),
            ("Cau 1: A  Cau 2: B", Some(2)),
            ("1A", None),
            ("1B2C3D", Some(3)),
            ("1-5: BCDAB", Some(5)),
            ("Dap an: 1-3 ABC 4-6 DDA", Some(6)),
            ("1-5: BCDA", None),
            ("1-2 AB = CD", None),
            ("1A 2B va 3C", None),
            ("1 Ban An", None),
        ] {
            assert_eq!(pairs(text).map(|pairs| pairs.len()), count, "{text}");
        }
    }
}

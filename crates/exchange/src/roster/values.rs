//! One cell to one value.

use jiff::civil::Date;

use super::table::Cell;
use super::{Gender, ProblemCode, RosterRole};
use crate::vietnamese::fold;

/// Reads a date as people here write it: day first, or ISO.
///
/// `07/04/2011`, `7-4-11`, `7.4.2011`, `2011-04-07`, `2011/4/7`, with an optional
/// time after it. Two-digit years up to 40 are 20xx, the others 19xx.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    if parts.iter().any(|part| part.is_empty() || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let (day, month, year) = match (first.len(), third.len()) {
        (4, 1..=2) => (third, second, first),
        (1..=2, 2 | 4) => (first, second, third),
        _ => return None,
    };
    let mut full_year: i16 = year.parse().ok()?;
    if year.len() == 2 {
        full_year += if full_year <= 40 { 2000 } else { 1900 };
    }
    Date::new(full_year, month.parse().ok()?, day.parse().ok()?).ok()
}

pub(super) fn date(cell: &Cell) -> Result<Date, ProblemCode> {
    let found = match cell {
        Cell::Date(date) => Some(*date),
        // Serial days since 1899-12-30, from 1927 to 2119: a bare year such as 2011 is none.
        Cell::Number(serial) if (10_000.0..80_000.0).contains(serial) => serial_date(*serial),
        Cell::Text(text) => {
            parse_date(text).or_else(|| text.parse().ok().filter(|serial| (10_000.0..80_000.0).contains(serial)).and_then(serial_date))
        }
        _ => None,
    }
    .ok_or(ProblemCode::BadDate)?;
    if (1900..=2100).contains(&found.year()) { Ok(found) } else { Err(ProblemCode::ImplausibleDate) }
}

fn serial_date(serial: f64) -> Option<Date> {
    let days = serial.floor() as i64;
    Date::new(1899, 12, 30).ok()?.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

pub(super) fn gender(text: &str) -> Result<Gender, ProblemCode> {
    match fold(text).trim_end_matches('.') {
        "nam" | "m" | "male" | "trai" => Ok(Gender::Male),
        "nu" | "f" | "female" | "gai" => Ok(Gender::Female),
        _ => Err(ProblemCode::UnknownGender),
    }
}

/// A cross in a column "Nữ" or "Nam".
pub(super) fn is_mark(text: &str) -> Result<bool, ProblemCode> {
    match fold(text).as_str() {
        "" | "0" | "-" => Ok(false),
        "x" | "1" | "v" | "✓" | "✔" | "√" | "nu" | "nam" | "co" | "true" => Ok(true),
        _ => Err(ProblemCode::UnknownGender),
    }
}

/// A name: letters of any script, spaces, `'`, `-`, `.`, at most 100 characters.
pub(super) fn name(text: &str) -> Result<String, ProblemCode> {
    let fits = text.chars().count() <= 100
        && text.chars().any(char::is_alphabetic)
        && text.chars().all(|letter| {
            letter.is_alphabetic()
                || unicode_normalization::char::is_combining_mark(letter)
                || matches!(letter, ' ' | '\'' | '’' | '-' | '.')
        })
        && text.starts_with(char::is_alphabetic);
    if fits { Ok(text.to_owned()) } else { Err(ProblemCode::BadName) }
}

pub(super) fn code(text: &str) -> Result<String, ProblemCode> {
    let fits = (1..=40).contains(&text.len())
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '/'));
    if fits { Ok(text.to_owned()) } else { Err(ProblemCode::BadCode) }
}

/// Whether the text is a CCCD number: 12 digits (Nghị định 137/2015/NĐ-CP).
pub fn is_national_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Numbers typed as numbers lose their leading zero: a numeric cell of 9 to 11 digits gets it back.
pub(super) fn national_id(cell: &Cell) -> Result<String, ProblemCode> {
    let mut text: String = cell.shown().chars().filter(|letter| *letter != ' ').collect();
    if matches!(cell, Cell::Number(_)) && (9..12).contains(&text.len()) {
        text = format!("{text:0>12}");
    }
    let text = text.trim_start_matches('\'').to_owned();
    if is_national_id(&text) { Ok(text) } else { Err(ProblemCode::BadNationalId) }
}

pub(super) fn email(text: &str) -> Result<String, ProblemCode> {
    let lower = text.to_lowercase();
    let good = |part: &str, extra: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || extra.contains(letter))
    };
    match lower.split_once('@') {
        Some((local, domain))
            if lower.len() <= 254
                && local.len() <= 64
                && good(local, ".!#$%&'*+/=?^_`{|}~-")
                && good(domain, ".-")
                && domain.contains('.') =>
        {
            Ok(lower)
        }
        _ => Err(ProblemCode::BadEmail),
    }
}

/// `0912 345 678`, `+84912345678`, `0912.345.678`; a numeric cell gets its zero back.
pub(super) fn phone(cell: &Cell) -> Result<String, ProblemCode> {
    let text = cell.shown();
    let mut digits = String::new();
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '+' if digits.is_empty() => digits.push('+'),
            ' ' | '.' | '-' | '(' | ')' | '\'' => {}
            _ => return Err(ProblemCode::BadPhone),
        }
    }
    if matches!(cell, Cell::Number(_)) && digits.len() == 9 {
        digits.insert(0, '0');
    }
    let fits = match digits.strip_prefix('+') {
        Some(rest) => (8..=15).contains(&rest.len()),
        None => digits.starts_with('0') && (9..=11).contains(&digits.len()),
    };
    if fits { Ok(digits) } else { Err(ProblemCode::BadPhone) }
}

pub(super) fn username(text: &str) -> Result<String, ProblemCode> {
    let lower = text.to_lowercase();
    let fits = (2..=64).contains(&lower.len())
        && lower.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && lower.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-' | '_' | '@'));
    if fits { Ok(lower) } else { Err(ProblemCode::BadUsername) }
}

pub(super) fn class(text: &str) -> Result<String, ProblemCode> {
    let fits = text.chars().count() <= 40
        && text.starts_with(char::is_alphanumeric)
        && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '.' | '-' | '_' | '/' | '(' | ')'));
    if fits { Ok(text.to_owned()) } else { Err(ProblemCode::BadClass) }
}

pub(super) fn role(text: &str) -> Result<RosterRole, ProblemCode> {
    let folded = fold(text);
    Ok(match folded.as_str() {
        "hoc sinh" | "hs" | "pupil" | "student" => RosterRole::Pupil,
        "giao vien" | "gv" | "teacher" | "gvcn" | "giao vien chu nhiem" => RosterRole::Teacher,
        "to truong" | "to truong chuyen mon" | "ttcm" | "to pho" | "reviewer" => RosterRole::Reviewer,
        "hieu truong" | "pho hieu truong" | "ht" | "pht" | "school head" => RosterRole::SchoolHead,
        "quan tri" | "quan tri vien" | "administrator" | "admin" => RosterRole::Administrator,
        "phu huynh" | "phhs" | "parent" => RosterRole::Parent,
        _ => return Err(ProblemCode::UnknownRole),
    })
}

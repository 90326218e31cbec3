//! What is wrong with a request's fields, and the reading of texts people typed.

use exchange::vietnamese::{collapse_whitespace, nfc};

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field's name in the request.
    pub field: &'static str,
    /// What is wrong, stable.
    pub code: &'static str,
}

/// Collects what is wrong, so that a person sees it all at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one.
    pub fn add(&mut self, field: &'static str, code: &'static str) {
        self.0.push(Fault { field, code });
    }

    /// Takes the value or notes what is wrong with it.
    pub fn take<T: Default>(&mut self, field: &'static str, value: Result<T, &'static str>) -> T {
        value.unwrap_or_else(|code| {
            self.add(field, code);
            T::default()
        })
    }

    /// Everything found, if anything.
    ///
    /// # Errors
    /// The faults.
    pub fn check(self) -> Result<(), Vec<Fault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

/// Most characters of a name.
pub const LONGEST_NAME: usize = 200;

/// A line of text that must say something: NFC, white space collapsed, no control characters.
///
/// # Errors
/// `missing`, `too-long` or `bad-characters`.
pub fn name(text: &str) -> Result<String, &'static str> {
    optional_line(Some(text), LONGEST_NAME)?.ok_or("missing")
}

/// A line of text that may be empty.
///
/// # Errors
/// `too-long` or `bad-characters`.
pub fn optional_line(text: Option<&str>, longest: usize) -> Result<Option<String>, &'static str> {
    let Some(text) = text else { return Ok(None) };
    if text.len() > longest * 8 {
        return Err("too-long");
    }
    let text = collapse_whitespace(&nfc(text));
    if text.chars().any(|letter| letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        return Err("bad-characters");
    }
    if text.chars().count() > longest {
        return Err("too-long");
    }
    Ok(if text.is_empty() { None } else { Some(text) })
}

/// A username: 3 to 50 of `a-z 0-9 . _ -`, lower case. It has no `@`, so it is never taken for an e-mail.
///
/// # Errors
/// `too-short`, `too-long` or `bad-characters`.
pub fn username(text: &str) -> Result<String, &'static str> {
    let text = text.trim().to_lowercase();
    match text.chars().count() {
        0..3 => return Err("too-short"),
        3..=50 => {}
        _ => return Err("too-long"),
    }
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
    if text.bytes().all(good) && text.starts_with(|first: char| first.is_ascii_alphanumeric()) { Ok(text) } else { Err("bad-characters") }
}

/// An e-mail address, as far as it can be told without writing to it.
///
/// # Errors
/// `bad-email` or `too-long`.
pub fn email(text: Option<&str>) -> Result<Option<String>, &'static str> {
    let Some(text) = optional_line(text, 254)? else { return Ok(None) };
    let good = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !domain.contains('@')
            && !text.chars().any(|letter| letter.is_whitespace() || matches!(letter, '<' | '>' | ',' | ';' | '"'))
    });
    if good { Ok(Some(text)) } else { Err("bad-email") }
}

/// A code of a school, a pupil or a teacher: up to 40 letters, digits and `. - _ /`.
///
/// # Errors
/// `bad-code` or `too-long`.
pub fn code(text: Option<&str>) -> Result<Option<String>, &'static str> {
    let Some(text) = optional_line(text, 40)? else { return Ok(None) };
    let good = text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '/'));
    if good { Ok(Some(text)) } else { Err("bad-code") }
}

/// A day written `YYYY-MM-DD`, from 1900 to 2200.
///
/// # Errors
/// `bad-date`.
pub fn date(text: Option<&str>) -> Result<Option<String>, &'static str> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let day: jiff::civil::Date = if text.len() == 10 { text.parse().map_err(|_| "bad-date")? } else { return Err("bad-date") };
    if (1900..=2200).contains(&day.year()) { Ok(Some(day.to_string())) } else { Err("bad-date") }
}

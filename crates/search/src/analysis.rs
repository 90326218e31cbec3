//! From text to terms: one set of rules for documents, queries and snippets.

use exchange::vietnamese::{fold_syllable, unify_syllable};
use unicode_normalization::UnicodeNormalization;

/// Longest term kept, in characters; longer runs are base64 and the like.
const MAX_TERM: usize = 40;

/// A word or syllable with its place in the text it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syllable {
    /// Lower case, tone placement unified, diacritics kept.
    pub exact: String,
    /// The same without diacritics.
    pub folded: String,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Syllable {
    /// Whether it was written with any diacritic.
    pub fn has_diacritics(&self) -> bool {
        self.exact != self.folded && !self.exact.is_ascii()
    }
}

/// Splits NFC text into syllables. Offsets are into `text` as given, so give it NFC
/// ([`exchange::vietnamese::nfc`]); other normal forms lose marks.
///
/// Letters, digits and combining marks make words. Formulas stay whole: `H₂SO₄`,
/// `H_2SO_4` and `H2SO4` give `h2so4`; `x^{2}` and `x²` give `x2`; `C++` and `C#` keep their signs.
pub fn syllables(text: &str) -> Vec<Syllable> {
    let mut out = Vec::new();
    let mut scan = Scan { text, at: 0 };
    while let Some((start, end, raw)) = scan.next_word() {
        if raw.chars().count() > MAX_TERM {
            continue;
        }
        let exact = unify_syllable(&raw);
        let folded = fold_syllable(&raw);
        if !folded.is_empty() {
            out.push(Syllable { exact, folded, start, end });
        }
    }
    out
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn next_word(&mut self) -> Option<(usize, usize, String)> {
        let rest = &self.text[self.at..];
        let start = self.at + rest.find(|letter: char| word_form(letter).is_some())?;
        let mut word = String::new();
        let mut at = start;
        let mut end = start;
        while let Some(letter) = self.text[at..].chars().next() {
            if let Some(lowered) = word_form(letter) {
                lowered.push_to(&mut word);
                at += letter.len_utf8();
                end = at;
            } else if matches!(letter, '_' | '^') {
                match index_mark(&self.text[at..]) {
                    // H_2SO_4, x^{2}, Fe^{3+}
                    Some((digits, length)) => {
                        word.push_str(digits);
                        at += length;
                        end = at;
                    }
                    None => break,
                }
            } else {
                break;
            }
        }
        if matches!(word.as_str(), "c" | "f") {
            for sign in ["++", "#"] {
                if self.text[end..].starts_with(sign) {
                    word.push_str(sign);
                    end += sign.len();
                }
            }
        }
        self.at = end.max(at);
        Some((start, end, word))
    }
}

enum Form {
    One(char),
    Lower(std::char::ToLowercase),
}

impl Form {
    fn push_to(self, out: &mut String) {
        match self {
            Self::One(letter) => out.push(letter),
            Self::Lower(letters) => out.extend(letters),
        }
    }
}

/// The lower-case form of a word character; `None` for anything between words.
fn word_form(letter: char) -> Option<Form> {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric().then_some(Form::One(letter.to_ascii_lowercase()));
    }
    // Raised and lowered digits and full-width letters count as their plain forms.
    if matches!(letter, '²' | '³' | '¹' | '\u{2070}'..='\u{209c}' | '\u{ff10}'..='\u{ff5a}') {
        let plain = std::iter::once(letter).nfkc().next()?;
        return plain.is_alphanumeric().then(|| Form::Lower(plain.to_lowercase()));
    }
    if letter.is_alphanumeric() {
        return Some(Form::Lower(letter.to_lowercase()));
    }
    unicode_normalization::char::is_combining_mark(letter).then_some(Form::One(letter))
}

/// The digits of `_2`, `^{12}`, `^{3+}` and the bytes the whole takes.
fn index_mark(text: &str) -> Option<(&str, usize)> {
    let inner = &text[1..];
    if let Some(braced) = inner.strip_prefix('{') {
        let close = braced.find('}').filter(|close| *close <= 8)?;
        let content = &braced[..close];
        let digits = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let tail = &content[digits..];
        (digits > 0 && matches!(tail, "" | "+" | "-")).then_some((&content[..digits], close + 3))
    } else {
        let digits = inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        (digits > 0).then_some((&inner[..digits], digits + 1))
    }
}

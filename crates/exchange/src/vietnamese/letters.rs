//! One letter at a time: which base letter, which tone.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

/// The six tones in the order dictionaries sort them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// No mark (ngang).
    Level,
    /// Grave (huyền).
    Grave,
    /// Hook above (hỏi).
    Hook,
    /// Tilde (ngã).
    Tilde,
    /// Acute (sắc).
    Acute,
    /// Dot below (nặng).
    Dot,
}

impl Tone {
    fn from_mark(mark: char) -> Option<Self> {
        Some(match mark {
            '\u{300}' => Self::Grave,
            '\u{309}' => Self::Hook,
            '\u{303}' => Self::Tilde,
            '\u{301}' => Self::Acute,
            '\u{323}' => Self::Dot,
            _ => return None,
        })
    }

    pub(super) fn mark(self) -> Option<char> {
        Some(match self {
            Self::Level => return None,
            Self::Grave => '\u{300}',
            Self::Hook => '\u{309}',
            Self::Tilde => '\u{303}',
            Self::Acute => '\u{301}',
            Self::Dot => '\u{323}',
        })
    }
}

/// Takes the tone off one NFC letter: `ế` gives `ê` and sắc, `x` gives `x` and ngang.
pub(super) fn split_tone(letter: char) -> (char, Tone) {
    if letter.is_ascii() {
        return (letter, Tone::Level);
    }
    let mut tone = Tone::Level;
    let bare: String = std::iter::once(letter)
        .nfd()
        .filter(|part| match Tone::from_mark(*part) {
            Some(found) => {
                tone = found;
                false
            }
            None => true,
        })
        .nfc()
        .collect();
    match (bare.chars().next(), bare.chars().count()) {
        (Some(only), 1) => (only, tone),
        _ => (letter, Tone::Level),
    }
}

/// Puts a tone on a toneless letter; gives the letter back where Unicode has no such letter.
pub(super) fn with_tone(letter: char, tone: Tone) -> char {
    let Some(mark) = tone.mark() else {
        return letter;
    };
    let joined: String = [letter, mark].into_iter().nfc().collect();
    match (joined.chars().next(), joined.chars().count()) {
        (Some(only), 1) => only,
        _ => letter,
    }
}

/// The text in NFC, as everything past the edge keeps it.
pub fn nfc(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// NFC, runs of any white space made one space, ends trimmed, control and
/// zero-width characters dropped (they come along when names are pasted from the web).
pub fn collapse_whitespace(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.nfc() {
        if letter.is_whitespace() {
            gap = !out.is_empty();
        } else if !is_invisible(letter) {
            if std::mem::take(&mut gap) {
                out.push(' ');
            }
            out.push(letter);
        }
    }
    out
}

fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// Lower case without diacritics, `đ` as `d`: what the folded LIKE columns hold.
///
/// Every Latin letter with marks loses them, other scripts stay as they are.
/// `fold(fold(x)) == fold(x)`, and NFC and NFD input give the same.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for part in text.nfd() {
        for letter in part.to_lowercase() {
            fold_into(letter, &mut out);
        }
    }
    // Decomposition above and composition here keep other scripts (Hangul) in NFC.
    if is_nfc(&out) { out } else { out.nfc().collect() }
}

fn fold_into(letter: char, out: &mut String) {
    match letter {
        'đ' | 'ð' => out.push('d'),
        'ı' => out.push('i'),
        // Marks of the Latin script; those of other scripts carry meaning of their own.
        '\u{300}'..='\u{36f}' => {}
        other => out.push(other),
    }
}

/// [`fold`] for one letter, when it folds to exactly one letter.
pub fn fold_char(letter: char) -> Option<char> {
    if letter.is_ascii() {
        return Some(letter.to_ascii_lowercase());
    }
    let mut lowered = letter.to_lowercase();
    let (Some(lower), None) = (lowered.next(), lowered.next()) else {
        return None;
    };
    let mut base = None;
    for part in std::iter::once(lower).nfd() {
        if !is_combining_mark(part) {
            if base.is_some() {
                return None;
            }
            base = Some(if part == 'đ' { 'd' } else { part });
        }
    }
    base
}

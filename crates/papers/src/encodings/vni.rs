//! VNI for Windows: `aâ` is â, `aá` is ấ, `ñ` is đ.

use unicode_normalization::UnicodeNormalization;

/// Above vowels other than a, e, o.
const TONES: &str = "aeiouyơưAEIOUYƠƯ";

/// Letters that stand for themselves with their marks.
fn letter(code: char) -> Option<char> {
    Some(match code {
        'ñ' => 'đ',
        'Ñ' => 'Đ',
        'ö' => 'ư',
        'Ö' => 'Ư',
        'ô' => 'ơ',
        'Ô' => 'Ơ',
        'í' => 'í',
        'Í' => 'Í',
        'ì' => 'ì',
        'Ì' => 'Ì',
        'æ' => 'ỉ',
        'Æ' => 'Ỉ',
        'ó' => 'ĩ',
        'Ó' => 'Ĩ',
        'ò' => 'ị',
        'Ò' => 'Ị',
        'î' => 'ỵ',
        'Î' => 'Ỵ',
        _ => return None,
    })
}

/// Marks for the letter before, and the letters they may stand on.
fn marks(code: char) -> Option<(&'static [char], &'static str)> {
    const ROOF: &str = "aeoAEO";
    const BREVE: &str = "aA";
    Some(match code {
        'ù' | 'Ù' => (&['\u{301}'], TONES),
        'ø' | 'Ø' => (&['\u{300}'], TONES),
        'û' | 'Û' => (&['\u{309}'], TONES),
        'õ' | 'Õ' => (&['\u{303}'], TONES),
        'ï' | 'Ï' => (&['\u{323}'], TONES),
        'â' | 'Â' => (&['\u{302}'], ROOF),
        'á' | 'Á' => (&['\u{302}', '\u{301}'], ROOF),
        'à' | 'À' => (&['\u{302}', '\u{300}'], ROOF),
        'å' | 'Å' => (&['\u{302}', '\u{309}'], ROOF),
        'ã' | 'Ã' => (&['\u{302}', '\u{303}'], ROOF),
        'ä' | 'Ä' => (&['\u{302}', '\u{323}'], ROOF),
        'ê' | 'Ê' => (&['\u{306}'], BREVE),
        'é' | 'É' => (&['\u{306}', '\u{301}'], BREVE),
        'è' | 'È' => (&['\u{306}', '\u{300}'], BREVE),
        'ú' | 'Ú' => (&['\u{306}', '\u{309}'], BREVE),
        'ü' | 'Ü' => (&['\u{306}', '\u{303}'], BREVE),
        'ë' | 'Ë' => (&['\u{306}', '\u{323}'], BREVE),
        _ => return None,
    })
}

/// Decodes `text`, which follows `before`.
pub(super) fn decode(before: &mut String, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for code in text.chars() {
        if let Some(letter) = letter(code) {
            out.push(letter);
            continue;
        }
        let place = if out.is_empty() { &mut *before } else { &mut out };
        match (marks(code), place.chars().next_back()) {
            (Some((marks, bases)), Some(base)) if bases.contains(base) => {
                place.pop();
                place.extend(std::iter::once(base).chain(marks.iter().copied()).nfc());
            }
            _ => out.push(code),
        }
    }
    out.nfc().collect()
}

//! Text written in the fonts of the time before Unicode: the letters of the file are not the letters
//! on the page, and only the font's name tells which ones they are.

mod tcvn3;
mod vni;

use unicode_normalization::UnicodeNormalization;

/// How the letters of an old font are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Legacy {
    /// VNI-Times and its sisters: a vowel, then a letter that stands for its marks.
    Vni,
    /// .VnTime and its sisters (TCVN3, ABC): one letter each.
    Tcvn3,
    /// .VnTimeH and its sisters: the same letters, shown as capitals.
    Tcvn3Capitals,
}

impl Legacy {
    /// By the name of a font; `None` for all others.
    #[must_use]
    pub fn of_font(name: &str) -> Option<Self> {
        let name = name.trim();
        let starts = |start: &str| name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
        if starts(".Vn") {
            // `.VnTimeH`, but not `.VnArial Narrow with`: the capital letter counts.
            return Some(if name.ends_with('H') { Self::Tcvn3Capitals } else { Self::Tcvn3 });
        }
        (starts("VNI-") || starts("VNI ")).then_some(Self::Vni)
    }

    /// The text as Unicode NFC.
    #[must_use]
    pub fn decode(self, text: &str) -> String {
        self.decode_after(&mut String::new(), text)
    }

    /// The same for a text that goes on after `before`, which is decoded already: a mark at its
    /// beginning belongs to the last letter there.
    #[must_use]
    pub fn decode_after(self, before: &mut String, text: &str) -> String {
        match self {
            Self::Vni => vni::decode(before, text),
            Self::Tcvn3 => text.chars().map(tcvn3::letter).nfc().collect(),
            Self::Tcvn3Capitals => text.chars().map(tcvn3::letter).flat_map(char::to_uppercase).nfc().collect(),
        }
    }
}

/// Whether a letter can only come from Unicode text: where one stands in an old font, somebody typed
/// Unicode there and nothing is to be decoded.
#[must_use]
pub fn is_unicode_vietnamese(letter: char) -> bool {
    matches!(letter,
        '\u{102}' | '\u{103}' | '\u{110}' | '\u{111}' | '\u{128}' | '\u{129}' | '\u{168}' | '\u{169}'
        | '\u{1a0}' | '\u{1a1}' | '\u{1af}' | '\u{1b0}' | '\u{300}'..='\u{323}' | '\u{1ea0}'..='\u{1ef9}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_known_by_their_names() {
        for (font, expected) in [
            (".VnTime", Some(Legacy::Tcvn3)),
            (".vntime", Some(Legacy::Tcvn3)),
            (".VnTimeH", Some(Legacy::Tcvn3Capitals)),
            (".VnCentury SchoolbookH", Some(Legacy::Tcvn3Capitals)),
            ("VNI-Times", Some(Legacy::Vni)),
            ("vni-helve", Some(Legacy::Vni)),
            ("Times New Roman", None),
            ("", None),
            ("ộộ", None),
        ] {
            assert_eq!(Legacy::of_font(font), expected, "{font}");
        }
    }

    #[test]
    fn old_letters_become_unicode() {
        assert_eq!(Legacy::Vni.decode("Caâu 1. Ñoà thò haøm soá"), "Câu 1. Đồ thị hàm số");
        assert_eq!(
            Legacy::Vni.decode("ÑEÀ THI HOÏC KYØ, ngöôøi vieät, kyõ, lyù, ñöôïc, tuyeät ñoái"),
            "ĐỀ THI HỌC KỲ, người việt, kỹ, lý, được, tuyệt đối"
        );
        assert_eq!(
            Legacy::Vni.decode("naêm, baèng, baéc, taëng, chaúng, chaüng; khæ mó ít kì kî"),
            "năm, bằng, bắc, tặng, chẳng, chẵng; khỉ mĩ ít kì kỵ"
        );
        assert_eq!(Legacy::Tcvn3.decode("C©u 1. §å thÞ hµm sè ®\u{ad}îc cho"), "Câu 1. Đồ thị hàm số được cho");
        assert_eq!(Legacy::Tcvn3Capitals.decode("®Ò thi häc kú"), "ĐỀ THI HỌC KỲ");
    }

    #[test]
    fn a_mark_at_the_beginning_of_a_run_goes_to_the_letter_before() {
        let mut before = "So".to_owned();
        assert_eq!(Legacy::Vni.decode_after(&mut before, "á lieäu"), " liệu");
        assert_eq!(before, "Số");
        let mut none = "x".to_owned();
        assert_eq!(Legacy::Vni.decode_after(&mut none, "ù"), "ù");
    }

    #[test]
    fn every_vowel_with_every_mark_is_decoded() {
        let marks = [("ù", '\u{301}'), ("ø", '\u{300}'), ("û", '\u{309}'), ("õ", '\u{303}'), ("ï", '\u{323}')];
        for (base, letter) in [("a", "a"), ("e", "e"), ("o", "o"), ("u", "u"), ("ô", "ơ"), ("ö", "ư"), ("Ö", "Ư")] {
            for (mark, tone) in marks {
                let expected: String = letter.chars().chain([tone]).nfc().collect();
                assert_eq!(Legacy::Vni.decode(&format!("{base}{mark}")), expected);
                assert_eq!(Legacy::Vni.decode(&format!("{base}{}", mark.to_uppercase())), expected);
            }
        }
    }
}

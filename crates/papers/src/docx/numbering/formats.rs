//! How numbers of lists are shown.

use crate::roman;

/// Letters repeat past this, so that a hostile start value cannot make a long label.
const MOST_REPEATS: u32 = 40;

/// A `w:numFmt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Decimal,
    DecimalZero,
    UpperRoman,
    LowerRoman,
    UpperLetter,
    LowerLetter,
    Circled,
    InBrackets,
    WithStop,
    Ordinal,
    Vietnamese,
    Bullet,
    Nothing,
}

impl Format {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "decimalZero" => Self::DecimalZero,
            "upperRoman" => Self::UpperRoman,
            "lowerRoman" => Self::LowerRoman,
            "upperLetter" => Self::UpperLetter,
            "lowerLetter" => Self::LowerLetter,
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Self::Circled,
            "decimalEnclosedParen" => Self::InBrackets,
            "decimalEnclosedFullstop" => Self::WithStop,
            "ordinal" => Self::Ordinal,
            "vietnameseCounting" => Self::Vietnamese,
            "bullet" => Self::Bullet,
            "none" => Self::Nothing,
            // Numbers in the words and signs of other languages keep their value.
            _ => Self::Decimal,
        }
    }

    pub(super) fn is_numeral(self) -> bool {
        !matches!(self, Self::Bullet | Self::Nothing)
    }

    pub(super) fn show(self, number: u32) -> String {
        match self {
            Self::Decimal => number.to_string(),
            Self::DecimalZero => format!("{number:02}"),
            Self::UpperRoman => roman::write(number),
            Self::LowerRoman => roman::write(number).to_lowercase(),
            Self::UpperLetter => letters(number),
            Self::LowerLetter => letters(number).to_lowercase(),
            Self::Circled => match number {
                1..=20 => char::from_u32(u32::from('①') + number - 1).map(String::from).unwrap_or_default(),
                _ => number.to_string(),
            },
            Self::InBrackets => format!("({number})"),
            Self::WithStop => format!("{number}."),
            Self::Ordinal => match (number % 10, number % 100) {
                (1, 1 | 21..) => format!("{number}st"),
                (2, 2 | 22..) => format!("{number}nd"),
                (3, 3 | 23..) => format!("{number}rd"),
                _ => format!("{number}th"),
            },
            Self::Vietnamese => {
                const WORDS: [&str; 11] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];
                usize::try_from(number).ok().and_then(|at| WORDS.get(at)).map_or_else(|| number.to_string(), |word| (*word).to_owned())
            }
            Self::Bullet | Self::Nothing => String::new(),
        }
    }
}

/// A … Z, AA, BB …: Word repeats the letter.
fn letters(number: u32) -> String {
    let Some(place) = number.checked_sub(1) else { return "0".to_owned() };
    let letter = u8::try_from(place % 26).map_or('A', |place| char::from(b'A' + place));
    let times = (place / 26 + 1).min(MOST_REPEATS);
    std::iter::repeat_n(letter, usize::try_from(times).unwrap_or(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_word_shows_them() {
        for (name, number, expected) in [
            ("decimal", 12, "12"),
            ("decimalZero", 7, "07"),
            ("upperRoman", 1999, "MCMXCIX"),
            ("lowerRoman", 4, "iv"),
            ("upperLetter", 4, "D"),
            ("lowerLetter", 28, "bb"),
            ("decimalEnclosedCircle", 3, "③"),
            ("ordinal", 11, "11th"),
            ("ordinal", 22, "22nd"),
            ("none", 1, ""),
            ("chineseCounting", 5, "5"),
            ("upperRoman", u32::MAX, "4294967295"),
        ] {
            assert_eq!(Format::of(name).show(number), expected);
        }
        assert!(Format::UpperLetter.show(u32::MAX).len() <= 40);
    }
}

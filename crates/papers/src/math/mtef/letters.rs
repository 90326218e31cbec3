//! Characters of MathType as Unicode.

use super::error::MtefError;
use super::prefs::{Fonts, Typeface};
use super::record::{Character, Code};
use crate::math::latex::{Node, Space};

/// What a character is.
pub(super) enum Meaning {
    /// A letter or sign.
    Letter(char),
    /// A space of some width.
    Space(Space),
    /// Nothing to see: a mark for alignment, a space without width.
    Nothing,
}

pub(super) fn meaning(character: &Character, fonts: &Fonts) -> Result<Meaning, MtefError> {
    let symbol_font = fonts.name(character.typeface).is_some_and(|name| name.eq_ignore_ascii_case("Symbol"));
    let code = match character.code {
        Code::Unicode(code) => code,
        Code::Place(place) => {
            return place_in_font(place, symbol_font || character.typeface == 6)
                .map(Meaning::Letter)
                .ok_or(MtefError::Character { code: place, typeface: character.typeface });
        }
    };
    let unknown = MtefError::Character { code, typeface: character.typeface };
    Ok(match code {
        0..=8 | 0x0e..=0x1f => Meaning::Nothing,
        9..=0x0d => Meaning::Space(Space::Word),
        // The private area: spaces, signs that Unicode had not yet, fonts of alphabets.
        0xef00 | 0xef01 | 0xef07 | 0xef08 => Meaning::Nothing,
        0xef02 => Meaning::Space(Space::Thin),
        0xef03 | 0xef04 => Meaning::Space(Space::Medium),
        0xef05 => Meaning::Space(Space::Quad),
        0xef06 => Meaning::Space(Space::TwoQuads),
        0xeb00..=0xeb0f | 0xefff => Meaning::Nothing,
        0xf000..=0xf0ff => Meaning::Letter(place_in_font(code & 0xff, true).ok_or(unknown)?),
        _ => match private(code) {
            Some(letter) => Meaning::Letter(letter),
            None if (0xe000..=0xf8ff).contains(&code) => return Err(unknown),
            None => match char::from_u32(u32::from(code)) {
                Some(letter) => Space::of_letter(letter).map_or(Meaning::Letter(plain(letter)), Meaning::Space),
                None => return Err(unknown),
            },
        },
    })
}

/// Signs with several characters as the one our tables know.
fn plain(letter: char) -> char {
    match letter {
        '-' | '\u{2010}' | '\u{2011}' => '−',
        '*' => '∗',
        '\u{2329}' | '\u{3008}' => '⟨',
        '\u{232a}' | '\u{3009}' => '⟩',
        '\u{2206}' => 'Δ',
        '\u{2126}' => 'Ω',
        '\u{2225}' => '∥',
        '\u{ff0c}' => ',',
        other => other,
    }
}

fn private(code: u16) -> Option<char> {
    Some(match code {
        // Differentials and constants.
        0xed10 => 'd',
        0xed11 => 'e',
        0xed12 => 'i',
        0xed13 => 'D',
        0xed16 => 'ℏ',
        0xe932 => '⊈',
        0xe933 => '⊉',
        0xe98f => '⊄',
        0xe990 => '⊅',
        0xe92d => '∌',
        0xe900 => '⪯',
        0xe901 => '⪰',
        0xeea5 => '⩽',
        0xeea6 => '⩾',
        _ => return None,
    })
}

/// By the place in a font: Adobe's Symbol encoding, or Windows' Latin one.
fn place_in_font(place: u16, symbol: bool) -> Option<char> {
    let byte = u8::try_from(place).ok()?;
    if symbol { symbol_letter(byte) } else { char::from_u32(u32::from(byte)).filter(|letter| !letter.is_control()) }
}

/// The upper half of the Symbol font.
const SYMBOL_UPPER: &str = "\u{20ac}ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\u{f8ff}⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";
const SYMBOL_LOWER: &str = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";

/// A byte in the Symbol font.
pub(crate) fn symbol_letter(byte: u8) -> Option<char> {
    match byte {
        0x20..=0x7e => SYMBOL_LOWER.chars().nth(usize::from(byte - 0x20)),
        0xa0..=0xfe => SYMBOL_UPPER.chars().nth(usize::from(byte - 0xa0)).filter(|letter| *letter != '\u{f8ff}'),
        _ => None,
    }
}

/// A character with one mark put on it.
pub(super) fn marked(base: Node, mark: u8) -> Result<Node, MtefError> {
    use crate::math::latex::{Accent, Enclosure, Place};
    let accent = |accent: Accent| Node::Accent(accent, base.clone().into());
    let below = |sign: char| Node::script(base.clone(), Some(Node::Letter(sign)), None, Place::Stacked);
    let dots = |count: usize| Node::row(vec![Node::Letter('.'); count]);
    Ok(match mark {
        0 | 1 => base,
        2 => accent(Accent::Dot),
        3 => accent(Accent::DoubleDot),
        4 => accent(Accent::TripleDot),
        5 => primed(base, 1),
        6 => primed(base, 2),
        18 => primed(base, 3),
        7 => Node::row(vec![Node::script(Node::empty(), None, Some(Node::Letter('‵')), Place::Usual), base]),
        8 => accent(Accent::Tilde),
        9 => accent(Accent::Hat),
        10 => struck(base),
        11 | 14 => accent(Accent::RightArrow),
        12 | 15 => accent(Accent::LeftArrow),
        13 => accent(Accent::BothArrow),
        16 => Node::Enclosed(Enclosure::Struck, base.into()),
        17 => accent(Accent::Overline),
        19 => accent(Accent::Arc),
        20 => accent(Accent::Breve),
        21 => Node::Enclosed(Enclosure::Crossed, base.into()),
        22 => Node::Enclosed(Enclosure::Rising, base.into()),
        23 => Node::Enclosed(Enclosure::Falling, base.into()),
        24 => Node::script(base, None, Some(dots(4)), Place::Stacked),
        25..=28 => Node::script(base, Some(dots(usize::from(mark - 24))), None, Place::Stacked),
        29 => accent(Accent::Underline),
        30 => below('∼'),
        31 => below('⌢'),
        32 => below('⌣'),
        33 | 36 => below('→'),
        34 | 37 => below('←'),
        35 => below('↔'),
        other => return Err(MtefError::Embellishment(other)),
    })
}

fn primed(base: Node, count: usize) -> Node {
    Node::script(base, None, Some(Node::row(vec![Node::Letter('′'); count])), crate::math::latex::Place::Usual)
}

/// A relation struck through is its own character where there is one.
fn struck(base: Node) -> Node {
    match base {
        Node::Letter(letter) => match crate::math::latex::negation(letter) {
            Some(negated) => Node::Letter(negated),
            None => Node::Enclosed(crate::math::latex::Enclosure::Rising, Node::Letter(letter).into()),
        },
        other => Node::Enclosed(crate::math::latex::Enclosure::Rising, other.into()),
    }
}

/// How letters of a typeface are held together: as words, as a name, or each for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    BoldWord,
    Name,
    Vector,
    Single,
}

pub(super) fn kind(typeface: Typeface, letter: char) -> Kind {
    match typeface {
        Typeface::Text | Typeface::Own { bold: false } if letter.is_alphabetic() => Kind::Word,
        Typeface::Own { bold: true } if letter.is_alphabetic() => Kind::BoldWord,
        Typeface::Function if letter.is_alphabetic() => Kind::Name,
        Typeface::Vector if letter.is_alphanumeric() => Kind::Vector,
        // Letters that no font of mathematics has can only be words.
        Typeface::Variable
            if letter.is_alphabetic() && !letter.is_ascii() && ('\u{c0}'..='\u{1ef9}').contains(&letter) && !is_greek(letter) =>
        {
            Kind::Word
        }
        _ => Kind::Single,
    }
}

fn is_greek(letter: char) -> bool {
    ('\u{370}'..='\u{3ff}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbol_font_is_known_by_its_places() {
        for (byte, letter) in
            [(0x61, 'α'), (0x2d, '−'), (0xce, '∈'), (0xde, '⇒'), (0xa5, '∞'), (0xb3, '≥'), (0xd6, '√'), (0xe5, '∑'), (0xf2, '∫')]
        {
            assert_eq!(symbol_letter(byte), Some(letter), "{byte:#x}");
        }
        assert_eq!(symbol_letter(0xfe), Some('⎭'));
    }
}

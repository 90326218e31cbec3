//! Letters of symbol fonts as Unicode.

use super::look::{SymbolFont, Typeface};

/// The letter of a `w:sym`; `None` where the font or the place in it is not known.
pub(crate) fn symbol(font: &str, code: &str) -> Option<char> {
    let code = u32::from_str_radix(code, 16).ok()?;
    match Typeface::of_font(font) {
        Typeface::Symbols(font) => letter(font, code),
        // A symbol of an ordinary font is the letter itself, unless it lies in the private area.
        _ => char::from_u32(code).filter(|letter| !is_private(*letter) && !letter.is_control()),
    }
}

/// Letters of symbol fonts lie here in text, moved by F000.
pub(super) fn is_private(letter: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&letter)
}

/// The letter at a place of a symbol font. Places are given with F000 added or without.
pub(super) fn letter(font: SymbolFont, code: u32) -> Option<char> {
    let place = u8::try_from(if (0xf000..=0xf0ff).contains(&code) { code - 0xf000 } else { code }).ok()?;
    if place == 0x20 || place == 0xa0 {
        return Some(' ');
    }
    match font {
        SymbolFont::Symbol => greek(place),
        SymbolFont::Wingdings => wingdings(place),
        SymbolFont::Wingdings2 => wingdings_2(place),
        SymbolFont::Wingdings3 => wingdings_3(place),
        SymbolFont::Webdings => webdings(place),
    }
}

fn greek(place: u8) -> Option<char> {
    // In the order of the font; a space where it has nothing.
    const LOW: &str = "!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";
    const HIGH: &str = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ ⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";
    let found = match place {
        0x21..=0x7e => LOW.chars().nth(usize::from(place - 0x21)),
        0xa0..=0xfe => HIGH.chars().nth(usize::from(place - 0xa0)),
        _ => None,
    };
    found.filter(|letter| *letter != ' ')
}

fn wingdings(place: u8) -> Option<char> {
    Some(match place {
        0x21 => '✏',
        0x22 => '✂',
        0x26 => '📖',
        0x28 => '☎',
        0x2a => '✉',
        0x36 => '⌛',
        0x3f => '✍',
        0x40 => '✍',
        0x41 => '✌',
        0x43 => '👍',
        0x45 => '☜',
        0x46 => '☞',
        0x47 => '☝',
        0x48 => '☟',
        0x4a => '☺',
        0x4c => '☹',
        0x51 => '✈',
        0x52 => '☼',
        0x58 => '✠',
        0x6c | 0x9f => '●',
        0x6d => '❍',
        0x6e => '■',
        0x6f | 0x70 | 0x71 | 0x72 | 0xa8 => '☐',
        0x73 | 0x74 => '⧫',
        0x75 => '◆',
        0x76 => '❖',
        0x77 => '⬥',
        0x78 => '⌧',
        0x7b => '❀',
        0x80 => '⓪',
        0x81..=0x8a => return char::from_u32(u32::from('①') + u32::from(place - 0x81)),
        0x8b => '⓿',
        0x8c..=0x95 => return char::from_u32(u32::from('❶') + u32::from(place - 0x8c)),
        0x9e => '·',
        0xa1 | 0xa2 => '○',
        0xa4 | 0xa5 => '◉',
        0xa7 => '▪',
        0xaa => '✦',
        0xab => '★',
        0xac => '✶',
        0xb2 => '⟡',
        0xd8 => '➢',
        0xdc | 0xe8 => '➔',
        0xdf | 0xe7 => '←',
        0xe0 => '→',
        0xe1 | 0xe9 => '↑',
        0xe2 | 0xea => '↓',
        0xe3 => '↖',
        0xe4 => '↗',
        0xe5 => '↙',
        0xe6 => '↘',
        0xef => '⇦',
        0xf0 => '⇨',
        0xf1 => '⇧',
        0xf2 => '⇩',
        0xf3 => '⬄',
        0xfb => '✗',
        0xfc => '✓',
        0xfd => '☒',
        0xfe => '☑',
        _ => return None,
    })
}

fn wingdings_2(place: u8) -> Option<char> {
    Some(match place {
        0x4f => '✗',
        0x50 => '✓',
        0x51 | 0x53 | 0x54 => '☒',
        0x52 => '☑',
        0x6a..=0x73 => return char::from_u32(u32::from('①') + u32::from(place - 0x6a)),
        0x97 | 0x98 => '●',
        0x99 => '◉',
        0xa2 | 0xa1 => '■',
        0xa3 | 0x2a => '☐',
        0xae => '◆',
        _ => return None,
    })
}

fn wingdings_3(place: u8) -> Option<char> {
    Some(match place {
        0x21 | 0x66 => '←',
        0x22 | 0x67 => '→',
        0x23 | 0x68 => '↑',
        0x24 | 0x69 => '↓',
        0x70 => '▲',
        0x71 => '▼',
        0x74 => '◄',
        0x75 => '►',
        0x7d => '▶',
        _ => return None,
    })
}

fn webdings(place: u8) -> Option<char> {
    Some(match place {
        0x33 => '◀',
        0x34 => '▶',
        0x61 => '✔',
        0x63 => '☐',
        0x67 => '■',
        0x6e => '●',
        0x72 => '✘',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_symbol_fonts_are_letters() {
        for (font, code, expected) in [
            ("Symbol", "F061", Some('α')),
            ("Symbol", "F02D", Some('−')),
            ("Symbol", "F0A3", Some('≤')),
            ("Symbol", "F0B0", Some('°')),
            ("Symbol", "F0DE", Some('⇒')),
            ("Symbol", "F0F2", Some('∫')),
            ("Symbol", "F0AE", Some('→')),
            ("Symbol", "F0CE", Some('∈')),
            ("Symbol", "F0D0", Some('∠')),
            ("Symbol", "F07E", Some('∼')),
            ("Symbol", "F0FE", Some('⎭')),
            ("Wingdings", "F0FC", Some('✓')),
            ("Wingdings", "F0FE", Some('☑')),
            ("Wingdings", "F082", Some('②')),
            ("Wingdings 2", "F050", Some('✓')),
            ("Times New Roman", "00BD", Some('½')),
            ("Times New Roman", "F0FC", None),
            ("Wingdings", "F0FF", None),
            ("Symbol", "zz", None),
        ] {
            assert_eq!(symbol(font, code), expected, "{font} {code}");
        }
    }
}

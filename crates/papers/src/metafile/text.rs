//! Letters of metafiles as Unicode.

use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1258};

use super::objects::Font;
use crate::encodings::Legacy;
use crate::math::mtef::symbol_letter;

/// Bytes in a font, a character for each.
pub(super) fn of_bytes(font: &Font, bytes: &[u8]) -> Vec<char> {
    if is_symbol(font) {
        return bytes.iter().map(|byte| symbol_letter(*byte).unwrap_or(' ')).collect();
    }
    if font.name.eq_ignore_ascii_case("MT Extra") {
        return bytes.iter().map(|byte| mt_extra(*byte)).collect();
    }
    if let Some(old) = Legacy::of_font(&font.name) {
        let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
        return old.decode(&text).chars().collect();
    }
    let encoding: &'static Encoding = match font.charset {
        163 => WINDOWS_1258,
        238 => WINDOWS_1250,
        204 => WINDOWS_1251,
        161 => WINDOWS_1253,
        _ => WINDOWS_1252,
    };
    // One byte at a time, so that each has its place; a mark of tone joins the letter before it by itself.
    bytes
        .iter()
        .map(|byte| encoding.decode_without_bom_handling(&[*byte]).0.chars().next().filter(|letter| !letter.is_control()).unwrap_or(' '))
        .collect()
}

/// Wide letters in a font.
pub(super) fn of_wide(font: &Font, units: &[u16]) -> Vec<char> {
    let symbol = is_symbol(font);
    char::decode_utf16(units.iter().copied())
        .map(|letter| {
            let letter = letter.unwrap_or(' ');
            match u32::from(letter) {
                code @ (0xf020..=0xf0ff) => u8::try_from(code & 0xff).ok().and_then(symbol_letter).unwrap_or(' '),
                code @ (0x20..=0xff) if symbol => u8::try_from(code).ok().and_then(symbol_letter).unwrap_or(letter),
                _ if letter.is_control() => ' ',
                _ => letter,
            }
        })
        .collect()
}

fn is_symbol(font: &Font) -> bool {
    font.name.eq_ignore_ascii_case("Symbol")
}

/// MathType's own font: what its previews draw with it.
fn mt_extra(byte: u8) -> char {
    match byte {
        0x4b => '…',
        0x4c => '⋯',
        0x4d => '⋮',
        0x4f => '⋱',
        0x61 => '≀',
        0x68 => 'ℏ',
        0x6c => 'ℓ',
        0x6f => '∘',
        0x6d => '∓',
        0x72 | 0x75 => '→',
        0x73 => '←',
        0x74 => '↔',
        0x78 => '⏞',
        0x79 => '⏟',
        0xa0..=0xff => symbol_letter(byte).unwrap_or(' '),
        0x20 => ' ',
        other => char::from(other),
    }
}

/// A family that is safe in an attribute, with one that every reader has behind it.
pub(super) fn family(font: &Font) -> String {
    let name: String = font
        .name
        .trim_start_matches('@')
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '.'))
        .take(40)
        .collect();
    let serif =
        !["arial", "helvetica", "tahoma", "verdana", "calibri", "segoe", "sans"].iter().any(|sans| name.to_lowercase().contains(sans));
    let last = if serif { "Times New Roman, serif" } else { "Arial, sans-serif" };
    if name.trim().is_empty() || is_symbol(font) || name == "MT Extra" { last.to_owned() } else { format!("{}, {last}", name.trim()) }
}

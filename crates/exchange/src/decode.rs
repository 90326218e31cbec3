//! Bytes to text: byte order marks, UTF-16 without one, and the Windows code pages of old tools.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};
use unicode_normalization::UnicodeNormalization;

/// Decodes a whole text file. UTF-8 wins when valid; else UTF-16 by its mark or
/// its zero bytes; else windows-1258 or windows-1252, whichever reads as Vietnamese.
/// The result is NFC (windows-1258 writes tones as separate characters).
pub fn decode_text(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_with(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return decode_with(encoding, bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.nfc().collect(),
        Err(error) if is_cut_or_scratched_utf8(bytes, error) => decode_with(UTF_8, bytes),
        Err(_) => decode_with(windows_guess(bytes), bytes),
    }
}

fn decode_with(encoding: &'static Encoding, bytes: &[u8]) -> String {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    text.nfc().collect()
}

/// ASCII characters in UTF-16 leave every other byte zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    if head.len() < 4 {
        return None;
    }
    let pairs = head.len() / 2;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 3 > pairs && even == 0 {
        Some(UTF_16LE)
    } else if even * 3 > pairs && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Mostly valid multi-byte UTF-8 with a few bad bytes is still UTF-8.
fn is_cut_or_scratched_utf8(bytes: &[u8], error: std::str::Utf8Error) -> bool {
    if error.error_len().is_none() && error.valid_up_to() + 4 > bytes.len() {
        return bytes[..error.valid_up_to()].iter().any(|byte| *byte >= 0x80) || error.valid_up_to() > 0;
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

/// In windows-1258 the tone bytes follow a vowel letter; in windows-1252 the
/// same bytes (Ì, Ò, Þ, ì, ò) stand anywhere.
fn windows_guess(bytes: &[u8]) -> &'static Encoding {
    let (mut after_vowel, mut elsewhere) = (0_usize, 0_usize);
    let mut previous = 0_u8;
    for byte in bytes {
        if matches!(byte, 0xcc | 0xd2 | 0xde | 0xec | 0xf2) {
            let vowel = matches!(previous.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
                || matches!(previous, 0xc2 | 0xc3 | 0xca | 0xd4 | 0xd5 | 0xdd | 0xe2 | 0xe3 | 0xea | 0xf4 | 0xf5 | 0xfd);
            if vowel {
                after_vowel += 1;
            } else {
                elsewhere += 1;
            }
        }
        previous = *byte;
    }
    let has_d_bar = bytes.iter().any(|byte| matches!(byte, 0xd0 | 0xf0));
    if after_vowel > elsewhere || (has_d_bar && after_vowel >= elsewhere) { WINDOWS_1258 } else { WINDOWS_1252 }
}

/// Text at the start of a file of unknown kind, or `None` when it looks binary.
pub fn text_of_prefix(head: &[u8]) -> Option<String> {
    if Encoding::for_bom(head).is_some() || utf16_without_mark(head).is_some() {
        let text = decode_text(head);
        let binary = text.chars().any(|letter| letter.is_control() && !letter.is_whitespace());
        return (!binary).then_some(text);
    }
    if head.contains(&0) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(text) => Some(text.to_owned()),
        // The prefix may end inside a character.
        Err(error) if error.error_len().is_none() => Some(String::from_utf8_lossy(&head[..error.valid_up_to()]).into_owned()),
        Err(_) => {
            let strange = head.iter().filter(|b| **b < 9 || (14..32).contains(*b)).count();
            (strange == 0).then(|| decode_text(head))
        }
    }
}

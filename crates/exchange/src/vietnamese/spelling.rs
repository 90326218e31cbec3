//! Two spellings of one syllable, made one.
//!
//! `hoà` and `hòa`, `thuỷ` and `thủy` are the same words: old practice puts the
//! tone on the first vowel of an open `oa`, `oe`, `uy`, new practice on the
//! second. `vật lí` and `vật lý`, `kĩ thuật` and `kỹ thuật` are the same too:
//! textbooks of GDPT 2018 write `i`, most other people `y`.

use super::fold;
use super::letters::{Tone, split_tone, with_tone};

/// The one spelling used for comparing: NFC, lower case, tone on the first
/// vowel of an open `oa`, `oe`, `uy` (not after `q`), `i` for a lone final `y`
/// after h, k, l, m, s, t, v.
///
/// Takes one syllable, already lower case and NFC; anything else comes back unchanged.
pub fn unify_syllable(syllable: &str) -> String {
    let mut letters: Vec<(char, Tone)> = syllable.chars().map(split_tone).collect();
    let len = letters.len();
    if len >= 2 {
        place_tone(&mut letters, len);
        if len == 2 && letters[1].0 == 'y' && matches!(letters[0].0, 'h' | 'k' | 'l' | 'm' | 's' | 't' | 'v') {
            letters[1].0 = 'i';
        }
    }
    letters.into_iter().map(|(letter, tone)| with_tone(letter, tone)).collect()
}

fn place_tone(letters: &mut [(char, Tone)], len: usize) {
    let after_q = len >= 3 && letters[len - 3].0 == 'q';
    let pair = (letters[len - 2].0, letters[len - 1].0);
    if !matches!(pair, ('o', 'a') | ('o', 'e') | ('u', 'y')) {
        return;
    }
    let (first, second) = (letters[len - 2].1, letters[len - 1].1);
    if after_q && pair.0 == 'u' {
        // In `quý` the u belongs to the consonant; `qúy` is a slip for it.
        if first != Tone::Level && second == Tone::Level {
            letters[len - 2].1 = Tone::Level;
            letters[len - 1].1 = first;
        }
    } else if first == Tone::Level && second != Tone::Level {
        letters[len - 2].1 = second;
        letters[len - 1].1 = Tone::Level;
    }
}

/// The folded form of a syllable for comparing without diacritics: [`fold`]
/// with the same `i` for `y` as [`unify_syllable`], so that `ly` meets `lí`.
pub fn fold_syllable(syllable: &str) -> String {
    let folded = fold(syllable);
    match folded.as_bytes() {
        [b'h' | b'k' | b'l' | b'm' | b's' | b't' | b'v', b'y'] => {
            format!("{}i", &folded[..1])
        }
        _ => folded,
    }
}

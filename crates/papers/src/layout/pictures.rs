//! Pictures in one line and the letters they belong to in the next: each is put behind its letter.

use super::line::{PLAIN_OBJECT, Slice};
use super::writing::Bit;

/// Puts the pieces of a line of pictures behind the labels of the line beside it.
pub(crate) fn beside_labels(bits: &mut Vec<Bit<'_>>) {
    let mut at = 0;
    while at + 1 < bits.len() {
        let joined = match (bits.get(at), bits.get(at + 1)) {
            (Some(Bit::Text(first)), Some(Bit::Text(second))) => join(*first, *second),
            _ => None,
        };
        if let Some(joined) = joined {
            let count = joined.len();
            bits.splice(at..at + 2, joined);
            at += count;
        } else {
            at += 1;
        }
    }
}

/// Labels and pictures of two lines in turn, where one line is nothing but labels and the other
/// nothing but as many pictures.
fn join<'a>(first: Slice<'a>, second: Slice<'a>) -> Option<Vec<Bit<'a>>> {
    let (labels, pictures) = match (labels(first), pictures(second)) {
        (Some(labels), Some(pictures)) => (labels, pictures),
        _ => (self::labels(second)?, self::pictures(first)?),
    };
    if labels.len() != pictures.len() {
        return None;
    }
    Some(labels.into_iter().zip(pictures).flat_map(|(label, picture)| [Bit::Text(label), Bit::Text(picture)]).collect())
}

/// Pieces between white space, as slices.
fn words<'a>(slice: Slice<'a>) -> Vec<Slice<'a>> {
    let mut out: Vec<Slice<'a>> = Vec::new();
    let mut open = false;
    for (at, letter) in slice.plain().bytes().enumerate() {
        if matches!(letter, b' ' | b'\t') {
            open = false;
            continue;
        }
        let place = slice.from + at;
        match out.last_mut().filter(|_| open) {
            Some(word) => word.to = place + 1,
            None => out.push(Slice { from: place, to: place + 1, ..slice }),
        }
        open = true;
    }
    out
}

fn labels<'a>(slice: Slice<'a>) -> Option<Vec<Slice<'a>>> {
    let words = words(slice);
    let lettered = words.iter().enumerate().all(|(at, word)| {
        let bare = word.plain().trim_start_matches(['*', '#']);
        let first = bare.bytes().next();
        bare.len() == 2
            && bare.ends_with(['.', ')', ':', '/'])
            && first.is_some_and(|letter| (b'A'..=b'H').contains(&letter))
            && (at == 0 || first > words.get(at - 1).and_then(|before| before.plain().trim_start_matches(['*', '#']).bytes().next()))
    });
    (words.len() >= 2 && lettered).then_some(words)
}

fn pictures<'a>(slice: Slice<'a>) -> Option<Vec<Slice<'a>>> {
    let plain = slice.plain();
    if plain.len() > 64 || !plain.chars().all(|letter| letter == PLAIN_OBJECT || letter == ' ' || letter == '\t') {
        return None;
    }
    let found: Vec<Slice<'a>> = plain
        .bytes()
        .enumerate()
        .filter(|(_, letter)| *letter == PLAIN_OBJECT as u8)
        .map(|(at, _)| Slice { from: slice.from + at, to: slice.from + at + 1, ..slice })
        .collect();
    (found.len() >= 2).then_some(found)
}

//! A paragraph while it is read: pieces in the letters of the file, then in Unicode.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::document::{Look, Part};
use crate::encodings::{Legacy, is_unicode_vietnamese};
use crate::xml::Element;

use super::look::RunProperties;
use super::styles::Inherited;

/// The paragraph being read.
#[derive(Debug, Default)]
pub(super) struct Line<'e> {
    pub number: u32,
    /// What its runs inherit.
    pub inherited: Inherited,
    pub pieces: Vec<Piece>,
    /// Text boxes anchored in it, which follow it.
    pub boxes: Vec<&'e Element>,
    /// Whether hidden text was left out.
    pub hides: bool,
}

/// A part, and how its letters are to be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub part: Part,
    pub legacy: Option<Legacy>,
    pub capitals: bool,
}

impl Piece {
    pub(super) fn plain(part: Part) -> Self {
        Self { part, legacy: None, capitals: false }
    }
}

impl Line<'_> {
    pub(super) fn text(&mut self, text: &str, run: &RunProperties) {
        if text.is_empty() {
            return;
        }
        let mut look = run.look();
        look.highlighted |= self.inherited.shaded == Some(true);
        self.text_looking(text, look, run.legacy(), run.capitals == Some(true));
    }

    pub(super) fn text_looking(&mut self, text: &str, look: Look, legacy: Option<Legacy>, capitals: bool) {
        if let Some(Piece { part: Part::Text(last, last_look), legacy: last_legacy, capitals: last_capitals }) = self.pieces.last_mut()
            && (*last_look, *last_legacy, *last_capitals) == (look, legacy, capitals)
        {
            last.push_str(text);
            return;
        }
        self.pieces.push(Piece { part: Part::Text(text.to_owned(), look), legacy, capitals });
    }

    pub(super) fn part(&mut self, part: Part) {
        self.pieces.push(Piece::plain(part));
    }

    /// Whether there is nothing to see.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(&piece.part, Part::Text(text, _) if text.trim().is_empty()))
    }
}

/// The parts in Unicode NFC, and whether any was decoded from an old font.
pub(super) fn finished(pieces: Vec<Piece>) -> (Vec<Part>, bool) {
    // Unicode typed in an old font: Word shows it in another, and so nothing is to be decoded.
    let is_unicode = pieces
        .iter()
        .any(|piece| piece.legacy.is_some() && matches!(&piece.part, Part::Text(text, _) if text.chars().any(is_unicode_vietnamese)));
    let mut decoded = false;
    let mut parts: Vec<Part> = Vec::with_capacity(pieces.len());
    let mut last_legacy = None;
    for Piece { part, legacy, capitals } in pieces {
        let legacy = if is_unicode { None } else { legacy };
        let Part::Text(raw, look) = part else {
            parts.push(part);
            last_legacy = None;
            continue;
        };
        let (mut none, mut apart) = (String::new(), String::new());
        let before = match parts.last_mut() {
            Some(Part::Text(before, _)) => before,
            _ => &mut none,
        };
        let text = match legacy {
            Some(legacy) => {
                decoded |= !raw.is_ascii();
                legacy.decode_after(if last_legacy == Some(legacy) { before } else { &mut apart }, &raw)
            }
            None => joined(before, &raw),
        };
        last_legacy = legacy;
        let text = if capitals { text.to_uppercase() } else { text };
        match parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(before, before_look)) if *before_look == look => before.push_str(&text),
            _ => parts.push(Part::Text(text, look)),
        }
    }
    for part in &mut parts {
        if let Part::Text(text, _) = part {
            text.shrink_to_fit();
        }
    }
    parts.shrink_to_fit();
    (parts, decoded)
}

/// NFC; marks at the beginning go to the letter before, however runs were cut.
fn joined(before: &mut String, raw: &str) -> String {
    let marks = raw.find(|letter| !is_combining_mark(letter)).unwrap_or(raw.len());
    let (marks, rest) = raw.split_at(marks);
    let mut text = String::new();
    if !marks.is_empty() {
        match before.pop() {
            Some(letter) => before.extend(std::iter::once(letter).chain(marks.chars()).nfc()),
            None => text.push_str(marks),
        }
    }
    if rest.is_ascii() {
        text.push_str(rest);
    } else {
        text.extend(rest.nfc().filter(|letter| !is_invisible(*letter)));
    }
    text
}

/// Letters of no width, which part labels from their points.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_may_be_cut_between_a_letter_and_its_mark() {
        let look = Look::default();
        let piece = |text: &str, legacy, bold| {
            let mut own = look;
            own.marks.bold = bold;
            Piece { part: Part::Text(text.to_owned(), own), legacy, capitals: false }
        };
        let shown = |pieces: Vec<Piece>| -> String {
            let text = |part: &Part| match part {
                Part::Text(text, _) => text.clone(),
                _ => "|".to_owned(),
            };
            finished(pieces).0.iter().map(text).collect()
        };
        assert_eq!(shown(vec![piece("a\u{302}", None, false), piece("\u{301}y\u{200b}", None, true)]), "ấy");
        assert_eq!(shown(vec![piece("So", Some(Legacy::Vni), false), piece("á", Some(Legacy::Vni), true)]), "Số");
        assert_eq!(shown(vec![piece("là số", Some(Legacy::Tcvn3), false), piece("là", Some(Legacy::Tcvn3), true)]), "là sốlà");
        assert_eq!(shown(vec![Piece::plain(Part::Tab), piece("\u{301}a", None, false)]), "|\u{301}a");
    }
}

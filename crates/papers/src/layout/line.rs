//! A line of a paper as the rest of `layout` reads it: every character has its place, its look and a
//! plain twin.

use unicode_normalization::UnicodeNormalization;

use crate::document::{Look, Paragraph, Part};

/// What a stretch of characters is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ink {
    /// Letters in one look.
    Letters(Look),
    /// A formula, picture or sound: one character, [`OBJECT`].
    Object(Part),
}

/// Stands for a formula, picture or sound among the characters.
pub(crate) const OBJECT: char = '\u{fffc}';
/// The same in [`Line::plain`].
pub(crate) const PLAIN_OBJECT: char = '\u{2}';

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    /// Place of the first character behind it.
    pub end: usize,
    pub ink: Ink,
}

/// How a line follows the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// It begins a paragraph.
    Paragraph,
    /// It stands behind a line break in the same paragraph.
    Break,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Number of its paragraph.
    pub paragraph: u32,
    pub start: Start,
    pub chars: Vec<char>,
    /// One ASCII byte for each character, letters without diacritics, case kept: patterns are looked
    /// for here, and a place found is a place in `chars`.
    pub plain: String,
    pub spans: Vec<Span>,
    /// How many characters at the beginning come from automatic numbering.
    pub automatic: usize,
    /// The list its automatic number belongs to, and its depth there.
    pub list: Option<(u32, u8)>,
    /// Whether the cell it stands in is shaded.
    pub shaded: bool,
}

/// A part of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slice<'a> {
    pub line: &'a Line,
    pub from: usize,
    pub to: usize,
}

/// The lines of a paragraph, split at its line breaks.
pub(crate) fn lines(paragraph: &Paragraph) -> Vec<Line> {
    let mut out = Vec::new();
    let mut line = Line::empty(paragraph.number, Start::Paragraph);
    if let Some(label) = &paragraph.label {
        let typed = paragraph.parts.iter().find_map(|part| match part {
            Part::Text(text, _) => Some(text.as_str()),
            _ => None,
        });
        if !repeats_label(&label.text, typed.unwrap_or_default()) {
            line.letters(&printed(&label.text), label.look);
            line.letters(" ", label.look);
            line.automatic = line.chars.len();
            line.list = Some((label.list, label.depth));
        }
    }
    for part in &paragraph.parts {
        match part {
            Part::Text(text, look) => {
                // Letters may hold line ends and tabs of their own.
                let mut rows = text.split('\n');
                line.letters(rows.next().unwrap_or_default(), *look);
                for row in rows {
                    out.push(std::mem::replace(&mut line, Line::empty(paragraph.number, Start::Break)));
                    line.letters(row, *look);
                }
            }
            Part::Tab => line.letters("\t", Look::default()),
            Part::Break => out.push(std::mem::replace(&mut line, Line::empty(paragraph.number, Start::Break))),
            Part::Math { .. } | Part::Media { .. } => line.object(part.clone()),
        }
    }
    out.push(line);
    out
}

/// Whether what was typed already begins with a stronger label than the automatic one (`1.` before `Câu 1.`).
fn repeats_label(label: &str, typed: &str) -> bool {
    let digits = label.trim_end_matches(['.', ')', ':']);
    let typed = typed.trim_start();
    let word = typed.chars().take_while(|letter| letter.is_alphabetic()).count();
    digits.chars().all(|letter| letter.is_ascii_digit())
        && matches!(typed.chars().take(word).flat_map(char::to_lowercase).collect::<String>().as_str(), "câu" | "question")
}

/// Bullets come as letters of symbol fonts.
fn printed(label: &str) -> String {
    label.chars().map(|letter| if matches!(letter, '\u{e000}'..='\u{f8ff}') { '•' } else { letter }).collect()
}

impl Line {
    fn empty(paragraph: u32, start: Start) -> Self {
        Self { paragraph, start, chars: Vec::new(), plain: String::new(), spans: Vec::new(), automatic: 0, list: None, shaded: false }
    }

    fn letters(&mut self, text: &str, look: Look) {
        for letter in text.nfc() {
            if is_invisible(letter) {
                continue;
            }
            self.chars.push(letter);
            self.plain.push(plain(letter));
        }
        let end = self.chars.len();
        match self.spans.last_mut() {
            Some(Span { end: last, ink: Ink::Letters(same) }) if *same == look => *last = end,
            last => {
                if last.map_or(0, |span| span.end) < end {
                    self.spans.push(Span { end, ink: Ink::Letters(look) });
                }
            }
        }
    }

    fn object(&mut self, part: Part) {
        self.chars.push(OBJECT);
        self.plain.push(PLAIN_OBJECT);
        self.spans.push(Span { end: self.chars.len(), ink: Ink::Object(part) });
    }

    /// How the character at a place looks.
    pub fn look(&self, at: usize) -> Option<Look> {
        let span = self.spans.get(self.spans.partition_point(|span| span.end <= at))?;
        match &span.ink {
            Ink::Letters(look) => Some(*look),
            Ink::Object(_) => None,
        }
    }

    /// From a place to its end.
    pub fn from(&self, from: usize) -> Slice<'_> {
        Slice { line: self, from: from.min(self.chars.len()), to: self.chars.len() }
    }

    /// All of it.
    pub fn whole(&self) -> Slice<'_> {
        self.from(0)
    }

    /// Two lines of it, cut at a place.
    pub fn cut(mut self, at: usize) -> (Self, Self) {
        let at = at.min(self.chars.len());
        let mut rest = Self::empty(self.paragraph, Start::Break);
        rest.shaded = self.shaded;
        rest.chars = self.chars.split_off(at);
        rest.plain = self.plain.split_off(at);
        for span in &self.spans {
            if span.end > at {
                rest.spans.push(Span { end: span.end - at, ink: span.ink.clone() });
            }
        }
        let keep = self.spans.partition_point(|span| span.end < at);
        self.spans.truncate(keep + 1);
        if let Some(last) = self.spans.last_mut() {
            last.end = last.end.min(at);
        }
        if at == 0 {
            self.spans.clear();
        }
        (self, rest)
    }
}

impl<'a> Slice<'a> {
    /// Its plain letters.
    pub fn plain(&self) -> &'a str {
        self.line.plain.get(self.from..self.to).unwrap_or_default()
    }

    /// Its letters as written; objects as nothing.
    pub fn text(&self) -> String {
        self.line.chars.get(self.from..self.to).unwrap_or_default().iter().filter(|letter| **letter != OBJECT).collect()
    }

    /// Letters between two places in it, as written.
    pub fn real(&self, from: usize, to: usize) -> String {
        self.line.chars.get(self.from + from..self.from + to).unwrap_or_default().iter().collect()
    }

    pub fn is_blank(&self) -> bool {
        self.plain().trim().is_empty()
    }

    /// Without white space at both ends.
    pub fn trimmed(self) -> Self {
        let plain = self.plain();
        let from = self.from + (plain.len() - plain.trim_start().len());
        let to = self.from + plain.trim_end().len();
        Self { from, to: to.max(from), ..self }
    }

    /// From a place in it (counted from its own beginning) to its end.
    pub fn after(self, at: usize) -> Self {
        Self { from: (self.from + at).min(self.to), ..self }
    }

    /// Up to a place in it.
    pub fn before(self, at: usize) -> Self {
        Self { to: (self.from + at).min(self.to), ..self }
    }
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}') || letter == OBJECT
}

/// The ASCII twin of a character.
pub(crate) fn plain(letter: char) -> char {
    if letter.is_ascii() {
        return if letter == '\t' || !letter.is_ascii_control() { letter } else { ' ' };
    }
    match letter {
        'đ' | 'ð' => 'd',
        'Đ' | 'Ð' => 'D',
        '–' | '—' | '−' | '‒' | '‐' | '‑' => '-',
        '…' | '．' | '。' => '.',
        '：' => ':',
        '）' => ')',
        '（' => '(',
        '“' | '”' | '„' => '"',
        '‘' | '’' => '\'',
        '×' | '✗' | '✘' => 'x',
        // Letters that only look Latin: typed on other keyboards, or made by reading from pictures.
        'А' | 'Α' | 'Ａ' => 'A',
        'В' | 'Β' | 'Ｂ' => 'B',
        'С' | 'Ｃ' => 'C',
        'Ｄ' => 'D',
        letter if letter.is_whitespace() => ' ',
        letter => {
            let mut base = '\u{1}';
            unicode_normalization::char::decompose_canonical(letter, |part| {
                if base == '\u{1}' && part.is_ascii_alphabetic() {
                    base = part;
                }
            });
            base
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_letters_stand_at_the_same_places() {
        let look = Look::default();
        let paragraph = Paragraph {
            number: 3,
            label: None,
            parts: vec![Part::Text("Đáp án\u{200b}: “B”".into(), look), Part::Break, Part::Text("Câu".into(), look)],
        };
        let lines = lines(&paragraph);
        assert_eq!(lines[0].plain, "Dap an: \"B\"");
        assert_eq!(lines[0].chars.len(), lines[0].plain.len());
        assert_eq!((lines[1].plain.as_str(), lines[1].start), ("Cau", Start::Break));
    }

    #[test]
    fn a_cut_line_keeps_its_looks() {
        let red = Look { colour: Some([255, 0, 0]), ..Look::default() };
        let paragraph =
            Paragraph { parts: vec![Part::Text("abc".into(), red), Part::Text("def".into(), Look::default())], ..Paragraph::default() };
        let (left, right) = lines(&paragraph).remove(0).cut(2);
        assert_eq!((left.look(1), left.look(2)), (Some(red), None));
        assert_eq!((right.look(0), right.look(1)), (Some(red), Some(Look::default())));
    }
}

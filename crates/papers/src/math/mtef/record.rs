//! Bytes into records: what stands on a line, in which template.

use super::cursor::Cursor;
use super::error::MtefError;
use super::prefs::Fonts;
use super::selector::{self, Template};

/// Records in one another.
const DEEPEST: usize = 32;
/// Records in one formula.
const MOST: usize = 100_000;

/// A piece of a formula.
#[derive(Debug)]
pub(super) enum Record {
    /// A line, or the slot of a template; `None` where the slot is empty and unseen.
    Line(Option<Vec<Record>>),
    /// A character.
    Character(Character),
    /// A template with its slots.
    Template(Template, Vec<Record>),
    /// Lines under one another; how they are aligned.
    Pile(u8, Vec<Record>),
    /// Cells: how they are aligned, how many in a row.
    Matrix(u8, u8, Vec<Record>),
}

/// A character with its marks.
#[derive(Debug)]
pub(super) struct Character {
    pub(super) typeface: i16,
    /// Unicode, with MathType's own in the private area; in a font's encoding where there is none.
    pub(super) code: Code,
    /// Whether a function's name begins here.
    pub(super) starts: bool,
    pub(super) marks: Vec<u8>,
}

/// How a character is named.
#[derive(Clone, Copy, Debug)]
pub(super) enum Code {
    /// By Unicode.
    Unicode(u16),
    /// By its place in its font.
    Place(u16),
}

/// All records of a formula and its fonts.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Record>, Fonts), MtefError> {
    let mut cursor = Cursor::new(bytes);
    let version = cursor.byte()?;
    cursor.take(4)?;
    let layout = match version {
        3 => Layout::Three,
        5 => {
            // The program's key and whether the formula stands in a line.
            cursor.name()?;
            cursor.byte()?;
            Layout::Five
        }
        other => return Err(MtefError::Version(other)),
    };
    let mut reader = Reader { cursor, layout, fonts: Fonts::default(), depth: 0, count: 0 };
    let records = reader.list()?;
    Ok((records, reader.fonts))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Three,
    Five,
}

/// In both versions, of different records.
const MOVED: u8 = 0x08;
const EMPTY_LINE: u8 = 0x01;
const RULER: u8 = 0x02;
const LINE_SPACING: u8 = 0x04;

struct Reader<'a> {
    cursor: Cursor<'a>,
    layout: Layout,
    fonts: Fonts,
    depth: usize,
    count: usize,
}

impl Reader<'_> {
    /// Records up to END. The outermost list may end with the bytes.
    fn list(&mut self) -> Result<Vec<Record>, MtefError> {
        if self.depth >= DEEPEST {
            return Err(MtefError::TooLarge);
        }
        self.depth += 1;
        let mut records = Vec::new();
        while !(self.depth == 1 && self.cursor.is_at_end()) {
            self.count += 1;
            if self.count > MOST {
                return Err(MtefError::TooLarge);
            }
            let tag = self.cursor.byte()?;
            // Version 3 keeps kind and options in one byte.
            let (kind, options) = match self.layout {
                Layout::Three => (tag & 15, tag >> 4),
                Layout::Five => (tag, if (1..=6).contains(&tag) { self.cursor.byte()? } else { 0 }),
            };
            if kind == 0 {
                break;
            }
            if (1..=6).contains(&kind) && options & MOVED != 0 {
                self.cursor.nudge()?;
            }
            if let Some(record) = self.record(kind, options)? {
                records.push(record);
            }
        }
        self.depth -= 1;
        Ok(records)
    }

    fn record(&mut self, kind: u8, options: u8) -> Result<Option<Record>, MtefError> {
        Ok(Some(match kind {
            1 => {
                if options & LINE_SPACING != 0 {
                    self.cursor.word()?;
                }
                self.ruler_of(options)?;
                let content = if options & EMPTY_LINE != 0 { None } else { Some(self.list()?) };
                Record::Line(content)
            }
            2 => Record::Character(self.character(options)?),
            3 => self.template()?,
            4 => {
                let align = self.cursor.byte()?;
                self.cursor.byte()?;
                self.ruler_of(options)?;
                Record::Pile(align, self.list()?)
            }
            5 => self.matrix()?,
            // One that stands alone: its mark belongs to nothing.
            6 => return Err(MtefError::Record(6)),
            definition => {
                self.definition(definition)?;
                return Ok(None);
            }
        }))
    }

    fn ruler_of(&mut self, options: u8) -> Result<(), MtefError> {
        if options & RULER == 0 {
            return Ok(());
        }
        match self.cursor.byte()? & if self.layout == Layout::Three { 15 } else { 255 } {
            7 => self.ruler(),
            other => Err(MtefError::Record(other)),
        }
    }

    fn ruler(&mut self) -> Result<(), MtefError> {
        let stops = self.cursor.byte()?;
        self.cursor.take(usize::from(stops) * 3)?;
        Ok(())
    }

    fn character(&mut self, options: u8) -> Result<Character, MtefError> {
        // Written with 128 added, so that fonts of their own come out below zero.
        let typeface = i16::from(self.cursor.byte()?) - 128;
        let (code, starts) = match self.layout {
            // In version 3 the flag says that the typeface was chosen by itself.
            Layout::Three => (Code::Unicode(self.cursor.word()?), false),
            Layout::Five => {
                let unicode = if options & 0x20 == 0 { Some(self.cursor.word()?) } else { None };
                let mut place = 0;
                if options & 0x04 != 0 {
                    place = u16::from(self.cursor.byte()?);
                }
                if options & 0x10 != 0 {
                    place = self.cursor.word()?;
                }
                (unicode.map_or(Code::Place(place), Code::Unicode), options & 2 != 0)
            }
        };
        let marked = match self.layout {
            Layout::Three => options & 2 != 0,
            Layout::Five => options & 1 != 0,
        };
        let marks = if marked { self.marks()? } else { Vec::new() };
        Ok(Character { typeface, code, starts, marks })
    }

    /// Marks up to END.
    fn marks(&mut self) -> Result<Vec<u8>, MtefError> {
        let mut marks = Vec::new();
        loop {
            let tag = self.cursor.byte()?;
            let (kind, options) = match self.layout {
                Layout::Three => (tag & 15, tag >> 4),
                Layout::Five => (tag, 0),
            };
            match kind {
                0 => return Ok(marks),
                6 => {
                    let options = if self.layout == Layout::Five { self.cursor.byte()? } else { options };
                    if options & MOVED != 0 {
                        self.cursor.nudge()?;
                    }
                    marks.push(self.cursor.byte()?);
                    if marks.len() > 16 {
                        return Err(MtefError::TooLarge);
                    }
                }
                other => self.definition(other)?,
            }
        }
    }

    fn template(&mut self) -> Result<Record, MtefError> {
        let number = self.cursor.byte()?;
        let first = self.cursor.byte()?;
        let variation = if self.layout == Layout::Five && first & 0x80 != 0 {
            u16::from(first & 0x7f) | (u16::from(self.cursor.byte()?) << 8)
        } else {
            u16::from(first)
        };
        self.cursor.byte()?;
        let known = match self.layout {
            Layout::Three => selector::of_version_three(number, variation),
            Layout::Five => selector::of_version_five(number, variation),
        };
        let template = known.ok_or(MtefError::Template { selector: number, variation })?;
        Ok(Record::Template(template, self.list()?))
    }

    fn matrix(&mut self) -> Result<Record, MtefError> {
        self.cursor.byte()?;
        let align = self.cursor.byte()?;
        self.cursor.byte()?;
        let (rows, columns) = (self.cursor.byte()?, self.cursor.byte()?);
        // Two bits for each rule between and around rows, and columns.
        for lines in [rows, columns] {
            self.cursor.take((usize::from(lines) + 1).div_ceil(4))?;
        }
        Ok(Record::Matrix(align, columns, self.list()?))
    }

    /// Records that draw nothing: fonts, sizes, colours, and what later versions add.
    fn definition(&mut self, kind: u8) -> Result<(), MtefError> {
        match (kind, self.layout) {
            (7, _) => self.ruler()?,
            (8, Layout::Five) => {
                let font = self.cursor.count()?;
                let look = self.cursor.byte()?;
                self.fonts.define_style(font, look)?;
            }
            (8, Layout::Three) => {
                // Typeface, look, name: the font of a style of its own.
                self.cursor.take(2)?;
                self.cursor.name()?;
            }
            (9, _) => match self.cursor.byte()? {
                100 => drop(self.cursor.take(3)?),
                101 => drop(self.cursor.take(2)?),
                _ => drop(self.cursor.take(1)?),
            },
            (10..=14, _) => {}
            (15, Layout::Five) => drop(self.cursor.count()?),
            (16, Layout::Five) => {
                let options = self.cursor.byte()?;
                self.cursor.take(if options & 1 != 0 { 8 } else { 6 })?;
                if options & 4 != 0 {
                    self.cursor.name()?;
                }
            }
            (17, Layout::Five) => {
                self.cursor.count()?;
                let name = self.cursor.name()?;
                self.fonts.define_font(name)?;
            }
            (18, Layout::Five) => self.fonts.read_prefs(&mut self.cursor)?,
            (19, Layout::Five) => drop(self.cursor.name()?),
            (100.., Layout::Five) => {
                let length = self.cursor.count()?;
                self.cursor.take(usize::from(length))?;
            }
            (other, _) => return Err(MtefError::Record(other)),
        }
        Ok(())
    }
}

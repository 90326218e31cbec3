//! Lines of `lopmo library import FILE.jsonl`: one learning material each.

mod item;
mod names;

use std::io::BufRead;

use serde::{Deserialize, Serialize};

pub use self::item::parse_line;
use self::item::problem;
pub use self::names::{LICENCES, canonical_language, canonical_licence};

/// Longest line, in bytes.
pub const MAX_LINE: usize = 4 << 20;
/// Longest title, in characters.
pub const MAX_TITLE: usize = 500;
/// Most tags of one item.
pub const MAX_TAGS: usize = 50;

/// One material, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryItem {
    /// The giver's own id: what a later import updates by. 1 to 200 characters.
    pub external_id: String,
    /// One line, NFC.
    pub title: String,
    /// Plain text, NFC, line breaks kept.
    pub text: String,
    /// Code of a subject; whether the curriculum has it is the caller's check.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// BCP 47, in canonical case; `vi` where the line says nothing.
    pub language: String,
    /// SPDX id in canonical case; `None` where the line says nothing.
    pub licence: Option<String>,
    /// Each once, NFC, one line.
    pub tags: Vec<String>,
}

/// A line that can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LineProblem {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong.
    pub code: LineProblemCode,
    /// The field it is about, where it is about one.
    pub field: Option<String>,
    /// English sentence for logs and the terminal.
    pub message: String,
}

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineProblemCode {
    /// Not a JSON object.
    NotJson,
    /// Longer than [`MAX_LINE`].
    TooLong,
    /// Not UTF-8.
    NotUtf8,
    /// The reader failed; nothing follows.
    Unreadable,
    /// A required field is missing or empty.
    MissingField,
    /// A field of the wrong type or too long.
    BadField,
    /// Not an SPDX id of [`LICENCES`].
    BadLicence,
    /// Not a BCP 47 tag.
    BadLanguage,
    /// Not 1 to 12.
    BadGrade,
    /// A code that the curriculum does not have; found by the caller.
    UnknownSubject,
}

impl LineProblemCode {
    /// The stable kebab-case word, such as `not-json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not-json",
            Self::TooLong => "too-long",
            Self::NotUtf8 => "not-utf8",
            Self::Unreadable => "unreadable",
            Self::MissingField => "missing-field",
            Self::BadField => "bad-field",
            Self::BadLicence => "bad-licence",
            Self::BadLanguage => "bad-language",
            Self::BadGrade => "bad-grade",
            Self::UnknownSubject => "unknown-subject",
        }
    }
}

/// One good line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedItem {
    /// Line of the file, from 1.
    pub line: u64,
    /// What it says.
    pub item: LibraryItem,
}

/// Lines one by one; blank lines are skipped, a bad line does not stop the rest.
pub struct LibraryLines<R> {
    source: R,
    line: u64,
    done: bool,
    buffer: Vec<u8>,
}

impl<R: BufRead> LibraryLines<R> {
    /// Reads from the start of a file. Memory is bounded by [`MAX_LINE`].
    pub fn new(source: R) -> Self {
        Self { source, line: 0, done: false, buffer: Vec::new() }
    }

    /// One line into the buffer, without its end; what passes the limit is read and dropped.
    fn fill(&mut self) -> std::io::Result<Fill> {
        self.buffer.clear();
        let (mut any, mut dropped) = (false, false);
        loop {
            let available = match self.source.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(match (any, dropped) {
                    (false, _) => Fill::End,
                    (true, false) => Fill::Line,
                    (true, true) => Fill::TooLong,
                });
            }
            any = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            if self.buffer.len() + part.len() > MAX_LINE {
                dropped = true;
                self.buffer.clear();
            } else if !dropped {
                self.buffer.extend_from_slice(part);
            }
            let used = end.map_or(part.len(), |end| end + 1);
            self.source.consume(used);
            if end.is_some() {
                return Ok(if dropped { Fill::TooLong } else { Fill::Line });
            }
        }
    }
}

enum Fill {
    Line,
    TooLong,
    End,
}

impl<R: BufRead> Iterator for LibraryLines<R> {
    type Item = Result<NumberedItem, LineProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            self.line += 1;
            let line = self.line;
            match self.fill() {
                Ok(Fill::End) => self.done = true,
                Ok(Fill::TooLong) => {
                    return Some(Err(problem(line, LineProblemCode::TooLong, None, format!("longer than {MAX_LINE} bytes"))));
                }
                Ok(Fill::Line) => {
                    let bytes = match line {
                        1 => self.buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.buffer),
                        _ => &self.buffer,
                    };
                    let Ok(text) = std::str::from_utf8(bytes) else {
                        return Some(Err(problem(line, LineProblemCode::NotUtf8, None, "not UTF-8".to_owned())));
                    };
                    if !text.trim().is_empty() {
                        return Some(parse_line(line, text).map(|item| NumberedItem { line, item }));
                    }
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(problem(line, LineProblemCode::Unreadable, None, error.to_string())));
                }
            }
        }
        None
    }
}

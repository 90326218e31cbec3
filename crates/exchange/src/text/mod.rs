//! The text of documents, for the search index: what a reader would see, in order.
//!
//! Text only. Pictures, links, macros and anything outside the file are never touched.

mod docx;
mod pdf;
mod pptx;
mod xlsx;

use serde::{Deserialize, Serialize};

use crate::archive::{ArchiveError, ArchiveLimits, LimitedArchive};
use crate::decode::decode_text;
use crate::kind::{FileKind, sniff};
use crate::xml::XmlError;

/// Largest file looked at, in bytes.
pub const MAX_BYTES: usize = 200 << 20;
/// Most bytes of text given back; the rest is cut and [`ExtractedText::truncated`] says so.
pub const MAX_TEXT: usize = 4 << 20;
/// Most pages, slides or sheets read.
pub const MAX_SECTIONS: usize = 2_000;

/// Text found in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtractedText {
    /// Pages, slides or sheets in order; a Word document is one section, with
    /// its headers, footers and notes in a second. NFC, no empty sections.
    pub sections: Vec<String>,
    /// Whether a limit cut the text short.
    pub truncated: bool,
}

impl ExtractedText {
    /// All sections, a blank line between them.
    pub fn joined(&self) -> String {
        self.sections.join("\n\n")
    }
}

/// Why no text can be had.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// More than [`MAX_BYTES`], or more when unpacked than a document may have.
    #[error("too large: {0}")]
    TooLarge(String),
    /// Locked with a password.
    #[error("locked with a password")]
    Encrypted,
    /// A kind without a reader, old binary Office files among them.
    #[error("no text can be read from a file of kind {0:?}")]
    Unsupported(FileKind),
    /// Broken, with the part and the place in it.
    #[error("damaged at {place}: {message}")]
    Damaged {
        /// Part of the file and place in it.
        place: String,
        /// What the reader said.
        message: String,
    },
    /// Declares a document type or nests without end, as attacks do and Office never.
    #[error("refused at {place}: {message}")]
    Hostile {
        /// Part of the file and place in it.
        place: String,
        /// What was found.
        message: String,
    },
}

impl ExtractError {
    /// The stable kebab-case word for messages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "too-large",
            Self::Encrypted => "encrypted",
            Self::Unsupported(_) => "unsupported",
            Self::Damaged { .. } => "damaged",
            Self::Hostile { .. } => "hostile",
        }
    }

    fn from_archive(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Encrypted { .. } => Self::Encrypted,
            ArchiveError::TooManyEntries { .. } | ArchiveError::TooLarge { .. } => Self::TooLarge(error.to_string()),
            ArchiveError::Broken(message) => Self::Damaged { place: "archive".to_owned(), message },
        }
    }

    fn from_xml(part: &str, error: XmlError) -> Self {
        let (place, message) = (part.to_owned(), error.to_string());
        match error {
            XmlError::Broken { .. } => Self::Damaged { place, message },
            XmlError::DocType { .. } | XmlError::TooDeep { .. } => Self::Hostile { place, message },
        }
    }
}

/// Reads the text of a DOCX, PPTX, XLSX, PDF or plain text file, told from its bytes.
///
/// Needs time in proportion to the file: call it off the async threads. A page
/// of a PDF that can't be read is left out, the others are given.
///
/// # Errors
/// See [`ExtractError`]; a document without any text is no error.
pub fn extract(bytes: &[u8]) -> Result<ExtractedText, ExtractError> {
    if bytes.len() > MAX_BYTES {
        return Err(ExtractError::TooLarge(format!("{} bytes", bytes.len())));
    }
    match sniff(bytes) {
        FileKind::Docx => docx::extract(&mut open(bytes)?),
        FileKind::Pptx => pptx::extract(&mut open(bytes)?),
        FileKind::Xlsx => xlsx::extract(bytes),
        FileKind::Pdf => pdf::extract(bytes),
        FileKind::Text => {
            let mut text = Collector::default();
            text.push_section(&decode_text(bytes));
            Ok(text.finish())
        }
        FileKind::EncryptedOffice => Err(ExtractError::Encrypted),
        other => Err(ExtractError::Unsupported(other)),
    }
}

fn open(bytes: &[u8]) -> Result<LimitedArchive<'_>, ExtractError> {
    LimitedArchive::open(bytes, ArchiveLimits::OFFICE).map_err(ExtractError::from_archive)
}

fn part(archive: &mut LimitedArchive<'_>, name: &str) -> Result<Option<Vec<u8>>, ExtractError> {
    archive.read(name).map_err(ExtractError::from_archive)
}

/// Sections under the limits, tidied: NFC, no trailing spaces, no runs of blank lines.
#[derive(Default)]
struct Collector {
    out: ExtractedText,
    bytes: usize,
}

impl Collector {
    fn is_full(&self) -> bool {
        self.bytes >= MAX_TEXT || self.out.sections.len() >= MAX_SECTIONS
    }

    fn push_section(&mut self, text: &str) {
        let mut tidy = tidy(text);
        if tidy.is_empty() {
            return;
        }
        if self.is_full() {
            self.out.truncated = true;
            return;
        }
        let room = MAX_TEXT - self.bytes;
        if tidy.len() > room {
            tidy.truncate(tidy.floor_char_boundary(room));
            self.out.truncated = true;
        }
        self.bytes += tidy.len();
        self.out.sections.push(tidy);
    }

    fn finish(self) -> ExtractedText {
        self.out
    }
}

fn tidy(text: &str) -> String {
    let text = crate::vietnamese::nfc(text);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line: String = line.chars().filter(|letter| *letter == '\t' || !letter.is_control()).collect();
        let line = line.trim();
        if !line.is_empty() {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(line);
        }
    }
    out
}

//! Every format behind one door: bytes and a format in, a paper out, and back.

use crate::document::Document;
use crate::docx::{Formulas, Preview, read_document_with};
use crate::error::{ReadError, WriteError, Written};
use crate::format::Format;
use crate::model::Paper;
use crate::{aiken, bare, cartridge, ex_test, gift, layout, math, metafile, moodle, ours, pdf, qti, sheet, write_docx};

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// What it was read as.
    pub format: Format,
    /// Its questions, with a report.
    pub paper: Paper,
    /// How it looks, where it has a look: Word, PDF, spreadsheets. A question's `paragraph` is a number in it.
    pub document: Option<Document>,
}

/// How formulas and metafiles in Word files are read: MathType to LaTeX, else its preview as SVG.
pub const FORMULAS: Formulas = Formulas { ole: formula, preview };

/// Reads a file of this format.
///
/// # Errors
/// [`ReadError`]: one sentence on why nothing could be read, also where there is no question in it.
pub fn open(bytes: &[u8], format: Format) -> Result<Opened, ReadError> {
    let (paper, mut document) = match format {
        Format::Docx => {
            let read = read_document_with(bytes, FORMULAS)?;
            let paper = Paper { media: read.media, report: read.report, ..Paper::default() };
            interpreted(read.document, paper)?
        }
        Format::Pdf => {
            let read = pdf::document(bytes)?;
            interpreted(read.document, Paper { report: read.report, ..Paper::default() })?
        }
        Format::Xlsx => sheet::read_with_document(bytes).map(|(paper, document)| (paper, Some(document)))?,
        Format::Gift => (gift::read(bytes)?, None),
        Format::Aiken => (aiken::read(bytes)?, None),
        Format::MoodleXml => (moodle::read(bytes)?, None),
        Format::Qti => (qti::read(bytes)?, None),
        Format::Cc => (cartridge::read(bytes)?, None),
        Format::ExTest => (ex_test::read(bytes)?, None),
        Format::Json => (ours::read(bytes)?, None),
    };
    if let Some(document) = &mut document {
        bare::set_formulas(document);
    }
    Ok(Opened { format, paper, document })
}

/// The same without its look.
///
/// # Errors
/// [`ReadError`]: one sentence on why nothing could be read, also where there is no question in it.
pub fn read(bytes: &[u8], format: Format) -> Result<Paper, ReadError> {
    open(bytes, format).map(|opened| opened.paper)
}

/// Writes a paper; Word files with their key marked in the questions.
///
/// # Errors
/// [`WriteError`], also for formats that are only read.
pub fn write(paper: &Paper, format: Format) -> Result<Written, WriteError> {
    match format {
        Format::Json => ours::write(paper),
        Format::Gift => gift::write(paper),
        Format::MoodleXml => moodle::write(paper),
        Format::Qti => qti::write(paper),
        Format::Docx => write_docx::write(paper),
        Format::Xlsx => sheet::write(paper),
        Format::Pdf | Format::Aiken | Format::Cc | Format::ExTest => {
            Err(WriteError(format!("Không ghi được tệp dạng {}.", format.source_name())))
        }
    }
}

fn interpreted(document: Document, mut paper: Paper) -> Result<(Paper, Option<Document>), ReadError> {
    layout::interpret(&document, &mut paper);
    if paper.questions.is_empty() { Err(ReadError::no_questions()) } else { Ok((paper, Some(document))) }
}

fn formula(ole: &[u8]) -> Option<String> {
    math::mtef::from_ole(ole).ok()
}

fn preview(metafile: &[u8], _mime: &str) -> Option<Preview> {
    metafile::to_svg(metafile).ok().map(|svg| (svg, "image/svg+xml"))
}

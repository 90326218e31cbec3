//! A paper as a Word file in the teachers' layout: parts in the order of 2025, `Câu n.`, options one,
//! two or four on a line, true/false statements `a)`–`d)`, `Đáp án: …`, `Lời giải`, shared texts,
//! pictures, tables and Word's own equations. What the layout can't hold is told, question by question.

mod body;
mod choices;
mod keys;
mod losses;
mod order;
mod package;
mod picture;
mod proof;
mod question;
mod rich;

pub use question::is_passage_heading;

use crate::error::{WriteError, Written};
use crate::model::Paper;

/// Where the key stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the questions: right labels underlined and red, `Đáp án: …`, solutions under their questions.
    #[default]
    Marked,
    /// In tables after `HẾT`, solutions behind them.
    TableAfterEnd,
    /// Nowhere: the paper as pupils get it, without key and solutions.
    Absent,
}

/// Whether levels such as `[NB]` are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LevelTags {
    /// Before each question and statement that has one.
    #[default]
    Printed,
    /// Not at all.
    Absent,
}

/// How a paper is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocxOptions {
    /// Where the key stands.
    pub key: KeyPlace,
    /// Whether levels are printed.
    pub levels: LevelTags,
    /// Centred lines above the questions: the school, the title, the time.
    pub heading: Vec<String>,
}

/// Writes a paper with its key marked in it.
///
/// # Errors
/// [`WriteError`] where the archive can't be made.
pub fn write(paper: &Paper) -> Result<Written, WriteError> {
    write_with(paper, &DocxOptions::default())
}

/// Writes a paper.
///
/// # Errors
/// [`WriteError`] where the archive can't be made.
pub fn write_with(paper: &Paper, options: &DocxOptions) -> Result<Written, WriteError> {
    let mut body = body::Body::new(paper, options);
    for line in &options.heading {
        body.centred(line);
    }
    let parts = order::parts(paper);
    for part in &parts {
        question::part(&mut body, part);
    }
    body.centred("------ HẾT ------");
    if options.key == KeyPlace::TableAfterEnd {
        keys::after_end(&mut body, &parts);
    }
    let (xml, attached, mut report) = body.finish();
    let bytes = package::zip(&xml, &attached)?;
    // A paper without its key is for pupils, and is not read again.
    if options.key != KeyPlace::Absent {
        let differences = proof::differences(paper, &parts, &bytes, options, &report);
        report.extend(differences);
    }
    Ok(Written { bytes, report })
}

//! `lopmo.questions/1`: the shape of the command line, the HTTP API and our own files.

use serde::{Deserialize, Serialize};

use super::{Entry, Media, Paper, Passage, Question};

/// What the first field of the file says.
pub const SCHEMA: &str = "lopmo.questions/1";

#[derive(Serialize)]
struct MediaOut<'a> {
    #[serde(flatten)]
    media: &'a Media,
    bytes: usize,
}

#[derive(Serialize)]
struct PaperOut<'a> {
    schema: &'static str,
    questions: &'a [Question],
    passages: &'a [Passage],
    media: Vec<MediaOut<'a>>,
    report: &'a [Entry],
}

#[derive(Deserialize)]
struct PaperIn {
    schema: String,
    #[serde(default)]
    questions: Vec<Question>,
    #[serde(default)]
    passages: Vec<Passage>,
    #[serde(default)]
    media: Vec<Media>,
    #[serde(default)]
    report: Vec<Entry>,
}

/// Why our own JSON could not be read.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, or not of this shape; the message names line and column.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// JSON of another kind or a later version.
    #[error("schema {0:?} is not {SCHEMA:?}")]
    Schema(String),
}

/// As JSON. The bytes of media are not part of it.
///
/// # Errors
/// Only what `serde_json` may say of writing into memory.
pub fn to_json(paper: &Paper) -> Result<String, serde_json::Error> {
    let media = paper.media.iter().map(|media| MediaOut { media, bytes: media.content.len() }).collect();
    serde_json::to_string_pretty(&PaperOut {
        schema: SCHEMA,
        questions: &paper.questions,
        passages: &paper.passages,
        media,
        report: &paper.report,
    })
}

/// From JSON. Media come without their bytes.
///
/// # Errors
/// [`JsonError`].
pub fn from_json(text: &str) -> Result<Paper, JsonError> {
    let read: PaperIn = serde_json::from_str(text)?;
    if read.schema != SCHEMA {
        return Err(JsonError::Schema(read.schema));
    }
    let mut paper = Paper { questions: read.questions, passages: read.passages, media: read.media, report: read.report };
    for question in &mut paper.questions {
        question.settle_key();
    }
    Ok(paper)
}

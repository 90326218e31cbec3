//! Questions as the program holds them: what every reader makes and every writer takes.

mod json;
mod level;
mod question;
mod report;
mod texts;

pub use json::{JsonError, SCHEMA, from_json, to_json};
pub use level::Level;
pub use question::{Address, Answer, Blank, BlankType, Choice, Key, Pair, Question, QuestionType, Statement};
pub use report::{Entry, Severity};

use bytes::Bytes;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::rich::Rich;

/// An exact number, written as a decimal string. `credit` runs from -1 to 1.
pub type Exact = Decimal;

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paper {
    /// In the order of the file.
    pub questions: Vec<Question>,
    /// Texts, pictures or sounds that several questions share.
    pub passages: Vec<Passage>,
    /// Pictures and sounds, named in rich text by their ids.
    pub media: Vec<Media>,
    /// One entry for each doubt.
    pub report: Vec<Entry>,
}

/// A stem that several questions share. It stays with them when questions are shuffled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = QuestionPassage)]
pub struct Passage {
    /// Unique in the paper: `p1`.
    pub id: String,
    /// What is shown above the questions.
    pub content: Rich,
}

/// A picture or a sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PaperMedia)]
pub struct Media {
    /// Unique in the paper: `img1`, `aud1`.
    pub id: String,
    /// A name for its file, ASCII, unique in the paper: `img1.png`.
    pub file: String,
    /// Media type, found from the bytes.
    pub mime: String,
    /// The bytes themselves; never part of the JSON.
    #[serde(skip)]
    pub content: Bytes,
}

impl Paper {
    /// Tells a doubt.
    pub fn note(&mut self, entry: Entry) {
        self.report.push(entry);
    }

    /// Keeps a picture or sound and returns its id. The same bytes are kept once. `stem` is `img` or
    /// `aud`, `extension` has no dot.
    pub fn keep_media(&mut self, stem: &str, extension: &str, mime: &str, content: Bytes) -> String {
        if let Some(same) = self.media.iter().find(|media| media.content == content && media.mime == mime) {
            return same.id.clone();
        }
        let count = self.media.iter().filter(|media| media.id.starts_with(stem)).count();
        let id = format!("{stem}{}", count + 1);
        self.media.push(Media { file: format!("{id}.{extension}"), id: id.clone(), mime: mime.to_owned(), content });
        id
    }
}

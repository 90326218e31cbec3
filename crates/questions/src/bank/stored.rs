//! A question as it is stored: its JSON, what it says in plain words, and what tells it from others.

use std::collections::BTreeSet;

use db::DbError;
use identity::fault::{Fault, Faults, optional_line};
use papers::model::Question;
use papers::rich::Rich;

use super::similar::{Bands, Shape};

/// Most bytes of one question's JSON.
const LARGEST: usize = 1 << 20;
/// Most tags, and characters of each.
const TAGS: (usize, usize) = (50, 100);

/// What of a question goes into which column.
#[derive(Debug)]
pub(crate) struct Stored {
    pub question: Question,
    pub passage: Option<Rich>,
    pub body: String,
    pub passage_json: Option<String>,
    pub plain_text: String,
    pub fingerprint: String,
    pub bands: Bands,
    pub media: BTreeSet<String>,
}

impl Stored {
    /// Tidies a question and works out its columns.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn new(mut question: Question, passage: Option<Rich>) -> Result<Self, StoreFault> {
        let mut faults = Faults::default();
        // Which passage and which place it has are columns; in the text they would be another's.
        question.passage = None;
        question.address = papers::model::Address::default();
        question.settle_key();
        question.tags = tags(&mut faults, &question.tags);
        question.title = faults.take("question.title", optional_line(question.title.as_deref(), 300));
        let passage = passage.filter(|text| !text.is_empty());
        if question.stem.is_empty() && passage.is_none() && question.blanks.is_empty() {
            faults.add("question.stem", "missing");
        }
        let body = serde_json::to_string(&question)?;
        let passage_json = passage.as_ref().map(serde_json::to_string).transpose()?;
        if body.len() + passage_json.as_ref().map_or(0, String::len) > LARGEST {
            faults.add("question", "too-long");
        }
        faults.check().map_err(StoreFault::Invalid)?;
        let shape = Shape::of(&question);
        let mut media: BTreeSet<String> = question.media_ids().into_iter().collect();
        media.extend(passage.iter().flat_map(Rich::media_ids));
        Ok(Self {
            plain_text: question.plain_text(),
            fingerprint: shape.fingerprint(),
            bands: shape.bands(),
            media,
            question,
            passage,
            body,
            passage_json,
        })
    }
}

/// Why a question cannot be stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreFault {
    #[error("fields are wrong")]
    Invalid(Vec<Fault>),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl From<StoreFault> for super::BankError {
    fn from(fault: StoreFault) -> Self {
        match fault {
            StoreFault::Invalid(faults) => Self::Invalid(faults),
            StoreFault::Json(error) => Self::Db(DbError::from(error)),
        }
    }
}

/// Tags in one line each, without repetition.
pub(crate) fn tags(faults: &mut Faults, list: &[String]) -> Vec<String> {
    let (most, longest) = TAGS;
    if list.len() > most {
        faults.add("question.tags", "too-many");
        return Vec::new();
    }
    let mut out: Vec<String> = Vec::new();
    for tag in list {
        let tag = faults.take("question.tags", optional_line(Some(tag), longest));
        out.extend(tag.filter(|tag| !out.iter().any(|known| tag_key(known) == tag_key(tag))));
    }
    out
}

/// Tags are the same whatever their case and diacritics.
pub(crate) fn tag_key(tag: &str) -> String {
    exchange::vietnamese::fold(tag)
}

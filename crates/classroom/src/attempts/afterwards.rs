//! What a paper shows afterwards. At the end all who sat it read their results at once, and each would read every
//! question of it anew.

use std::sync::Arc;
use std::time::Duration;

use db::{Conn, DbError, sql};
use kernel::{QuestionId, TestPaperId};
use moka::sync::Cache;
use papers::rich::Rich;
use questions::bank::{self, UsedVersion};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::OnceCell;

use super::letters::{self, Letters};
use crate::tests::LoadedPaper;
use scoring::Form;

/// Most papers kept.
const MOST: u64 = 50;
/// Nothing of a paper that was given ever changes; this only bounds what is kept.
const KEPT: Duration = Duration::from_secs(600);

/// JSON as it is stored.
#[derive(Clone, Debug)]
pub struct Stored(Arc<RawValue>);

impl Serialize for Stored {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Stored {
    fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self(to_raw_value(value)?.into()))
    }
}

/// What a paper shows afterwards.
#[derive(Debug)]
pub(super) struct Afterwards {
    /// What was asked: a [`crate::tests::ShownPaper`].
    pub shown: Stored,
    /// By item.
    explanations: Vec<Option<Explained>>,
}

/// Why an answer is right.
#[derive(Debug)]
struct Explained {
    text: Rich,
    stored: Stored,
    /// Its pictures and sounds, by their names in it.
    media: Vec<String>,
    /// Whether a letter stands in it that may name an option.
    has_letters: bool,
}

/// Why an answer is right, as one pupil is told.
#[derive(Clone, Debug)]
pub(super) struct Explanation<'a> {
    pub text: Stored,
    pub media: &'a [String],
    pub letters: Option<Letters>,
}

impl Afterwards {
    /// Why the answer to an item is right, in the letters of a form as far as they can be told.
    pub(super) fn explanation(&self, paper: &LoadedPaper, form: &Form, item: u16) -> Result<Option<Explanation<'_>>, DbError> {
        let Some(Some(explained)) = self.explanations.get(usize::from(item)) else { return Ok(None) };
        let (changed, letters) = if explained.has_letters { letters::as_seen(&explained.text, paper, form, item) } else { (None, None) };
        let text = changed.map_or_else(|| Ok(explained.stored.clone()), |text| Stored::of(&text))?;
        Ok(Some(Explanation { text, media: &explained.media, letters }))
    }
}

/// Papers whose results are read now.
#[derive(Clone, Debug)]
pub(crate) struct Shelf(Cache<TestPaperId, Arc<OnceCell<Arc<Afterwards>>>>);

impl Default for Shelf {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(KEPT).build())
    }
}

impl Shelf {
    /// What a paper shows afterwards; of all who ask at once one asks the database.
    pub(super) async fn take(&self, conn: &mut Conn, paper: TestPaperId) -> Result<Arc<Afterwards>, DbError> {
        let place = self.0.get_with(paper, Arc::default);
        let taken = place.get_or_try_init(async || read(conn, paper).await.map(Arc::new)).await?;
        Ok(Arc::clone(taken))
    }
}

async fn read(conn: &mut Conn, paper: TestPaperId) -> Result<Afterwards, DbError> {
    let (shown,): (String,) = sql!("SELECT shown FROM test_paper WHERE id = $1").bind(paper).fetch_one(conn).await?;
    let used: Vec<(QuestionId, i64)> =
        sql!("SELECT question_id, version FROM test_paper_question WHERE paper_id = $1 ORDER BY item").bind(paper).fetch_all(conn).await?;
    let mut explanations = Vec::with_capacity(used.len());
    for (question, version) in used {
        explanations.push(explained(bank::used_version(conn, question, version).await?)?);
    }
    Ok(Afterwards { shown: Stored(RawValue::from_string(shown)?.into()), explanations })
}

fn explained(used: UsedVersion) -> Result<Option<Explained>, DbError> {
    let Some(text) = used.question.explanation.filter(|text| !text.is_empty()) else { return Ok(None) };
    let named = text.media_ids();
    let media = used.media.into_iter().map(|medium| medium.id).filter(|id| named.contains(id)).collect();
    Ok(Some(Explained { stored: Stored::of(&text)?, has_letters: letters::may_name(&text), media, text }))
}

//! What a paper shows afterwards. At the end all who sat it read their results at once, and each would read every
//! question of it anew.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use db::{Conn, DbError, sql};
use kernel::{QuestionFileId, QuestionId, TestPaperId};
use moka::sync::Cache;
use papers::rich::Rich;
use questions::bank::{self, MediaUse, UsedVersion};
use scoring::Form;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::OnceCell;

use super::letters::{self, Letters};
use crate::tests::LoadedPaper;

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
    told: Vec<Told>,
}

/// What the author says of a question beside asking it.
#[derive(Debug)]
struct Told {
    explanation: Option<Explained>,
    /// How an essay is to be marked.
    rubric: Option<Rich>,
}

/// Why an answer is right.
#[derive(Debug)]
struct Explained {
    text: Rich,
    stored: Stored,
    /// Its pictures and sounds, by their names in it.
    media: Vec<(String, QuestionFileId)>,
    /// Whether a letter stands in it that may name an option.
    has_letters: bool,
}

/// Why an answer is right, as one pupil is told.
#[derive(Clone, Debug)]
pub(super) struct Explanation<'a> {
    pub text: Stored,
    media: &'a [(String, QuestionFileId)],
    pub letters: Option<Letters>,
}

impl Explanation<'_> {
    /// Where its pictures and sounds are, by their names in it.
    pub(super) fn media_at(&self, address: impl Fn(&str) -> String) -> BTreeMap<String, String> {
        self.media.iter().map(|(name, _)| (name.clone(), address(name))).collect()
    }
}

impl Afterwards {
    /// Why the answer to an item is right, in the letters of a form as far as they can be told.
    pub(super) fn explanation(&self, paper: &LoadedPaper, form: &Form, item: u16) -> Result<Option<Explanation<'_>>, DbError> {
        let Some(explained) = self.told.get(usize::from(item)).and_then(|told| told.explanation.as_ref()) else { return Ok(None) };
        let (changed, letters) = if explained.has_letters { letters::as_seen(&explained.text, paper, form, item) } else { (None, None) };
        let text = changed.map_or_else(|| Ok(explained.stored.clone()), |text| Stored::of(&text))?;
        Ok(Some(Explanation { text, media: &explained.media, letters }))
    }

    /// How essays are to be marked, by item, of those whose author says it.
    pub(super) fn rubrics(&self) -> impl Iterator<Item = (u16, &Rich)> {
        (0..=u16::MAX).zip(&self.told).filter_map(|(item, told)| Some((item, told.rubric.as_ref()?)))
    }

    /// A picture or sound that stands in the explanation of an item; of a rubric or a hint none.
    pub(super) fn medium(&self, item: u16, name: &str) -> Option<QuestionFileId> {
        self.told.get(usize::from(item))?.explanation.as_ref()?.media.iter().find(|(known, _)| known == name).map(|(_, file)| *file)
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
    let mut told = Vec::with_capacity(used.len());
    for (question, version) in used {
        told.push(of_version(bank::used_version(conn, question, version).await?)?);
    }
    Ok(Afterwards { shown: Stored(RawValue::from_string(shown)?.into()), told })
}

fn of_version(used: UsedVersion) -> Result<Told, DbError> {
    let explanation = used.question.explanation.filter(|text| !text.is_empty());
    let explanation = explanation.map(|text| explained(text, used.media)).transpose()?;
    Ok(Told { explanation, rubric: used.question.rubric.filter(|text| !text.is_empty()) })
}

fn explained(text: Rich, media: Vec<MediaUse>) -> Result<Explained, DbError> {
    let named = text.media_ids();
    let media = media.into_iter().filter(|medium| named.contains(&medium.id)).map(|medium| (medium.id, medium.file_id)).collect();
    Ok(Explained { stored: Stored::of(&text)?, has_letters: letters::may_name(&text), media, text })
}

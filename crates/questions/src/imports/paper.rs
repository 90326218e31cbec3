use std::collections::BTreeSet;

use db::sql;
use identity::access::{Caller, authorise};
use identity::fault::Fault;
use kernel::{QuestionImportId, Timestamp};
use papers::model::{Entry, Paper, Passage, Question};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ImportCounts, ImportError, OwnImport, QuestionFault, kept};
use crate::Questions;

/// Most bytes of a paper's JSON as a client sends it.
pub const LARGEST_PAPER: usize = 32 << 20;
/// Most questions and passages of a paper.
const MOST_QUESTIONS: usize = 5000;
/// Most entries of a report.
const MOST_ENTRIES: usize = 20_000;

/// A picture or sound of a paper.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QuestionPaperMedia)]
pub struct PaperMedia {
    /// As in the texts: `img1`.
    pub id: String,
    /// A name for its file.
    pub file: String,
    /// Media type.
    pub mime: String,
    /// Its size.
    pub bytes: i64,
    /// Where it is read.
    pub url: String,
}

impl PaperMedia {
    /// Its address is below the import, so that who may read it is decided by the import alone.
    pub(super) fn new(import: QuestionImportId, id: String, file: String, mime: String, bytes: i64) -> Self {
        Self { url: format!("/api/question-imports/{import}/media/{id}"), id, file, mime, bytes }
    }
}

/// A paper as it lies on the desk.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionPaper {
    /// Counts saves; a save names the one it changes.
    pub revision: i64,
    /// In order.
    pub questions: Vec<Question>,
    /// What several of them share.
    pub passages: Vec<Passage>,
    /// Pictures and sounds.
    pub media: Vec<PaperMedia>,
    /// One entry for each doubt.
    pub report: Vec<Entry>,
}

/// A paper as the desk saves it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = QuestionPaperInput)]
pub struct PaperInput {
    /// The revision it was made from.
    pub revision: i64,
    /// In order.
    pub questions: Vec<Question>,
    /// What several of them share.
    #[serde(default)]
    pub passages: Vec<Passage>,
    /// Doubts that are still open.
    #[serde(default)]
    pub report: Vec<Entry>,
}

/// What a save came to.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = QuestionPaperSaved)]
pub struct PaperSaved {
    /// The revision now.
    pub revision: i64,
    /// When.
    pub updated_at: Timestamp,
}

/// The paper of an import.
///
/// # Errors
/// [`ImportError::NotReady`] before it was read.
pub async fn get_paper(questions: &Questions, caller: &Caller, import: QuestionImportId) -> Result<QuestionPaper, ImportError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let kept = kept::load(&mut tx, import).await?;
    let stored = kept::media(&mut tx, import).await?;
    let named = |id: &str| kept.paper.media.iter().find(|media| media.id == id).map(|media| media.file.clone());
    let media = stored
        .into_iter()
        .map(|media| {
            let file = named(&media.id).unwrap_or_else(|| media.id.clone());
            PaperMedia::new(import, media.id, file, media.mime, media.bytes)
        })
        .collect();
    let Paper { questions, passages, report, .. } = kept.paper;
    Ok(QuestionPaper { revision: kept.revision, questions, passages, media, report })
}

/// Saves the paper over the revision it was made from.
///
/// # Errors
/// [`ImportError::NewerDraft`] when another window saved in between; nothing is lost then.
pub async fn put_paper(
    questions: &Questions,
    caller: &Caller,
    import: QuestionImportId,
    input: PaperInput,
) -> Result<PaperSaved, ImportError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let before = kept::load(&mut tx, import).await?;
    let stored = kept::media(&mut tx, import).await?;
    drop(tx);
    let known: BTreeSet<String> = stored.into_iter().map(|media| media.id).chain(used(&before.paper)).collect();
    let paper = checked(input.questions, input.passages, input.report, &known)?;
    let paper = Paper { media: before.paper.media, ..paper };
    let (text, counts) = (kept::to_text(&paper).map_err(db::DbError::from)?, ImportCounts::of(&paper));
    let now = questions.content.env.now();
    let mut tx = questions.content.env.db.write().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let saved: Option<(i64,)> = sql!(
        "UPDATE question_import SET paper = $3, revision = revision + 1, question_count = $4, doubt_count = $5, missing_key_count = $6,
                                    updated_at = $7
         WHERE id = $1 AND revision = $2 AND state IN ('ready', 'saved') RETURNING revision"
    )
    .bind(import)
    .bind(input.revision)
    .bind(text)
    .bind(counts.questions)
    .bind(counts.doubts)
    .bind(counts.missing_keys)
    .bind(now)
    .fetch_optional(&mut tx)
    .await?;
    let Some((revision,)) = saved else {
        return Err(ImportError::NewerDraft { revision: kept::load(&mut tx, import).await?.revision });
    };
    tx.commit().await?;
    Ok(PaperSaved { revision, updated_at: now })
}

/// Ids of pictures and sounds that a paper's texts name.
pub(super) fn used(paper: &Paper) -> impl Iterator<Item = String> {
    let of_questions = paper.questions.iter().flat_map(Question::media_ids);
    of_questions.chain(paper.passages.iter().flat_map(|passage| passage.content.media_ids()))
}

fn checked(
    mut questions: Vec<Question>,
    passages: Vec<Passage>,
    report: Vec<Entry>,
    media: &BTreeSet<String>,
) -> Result<Paper, ImportError> {
    let too_many = |field, code| ImportError::Invalid(vec![Fault { field, code }]);
    if questions.len() > MOST_QUESTIONS {
        return Err(too_many("questions", "too-many"));
    }
    if passages.len() > MOST_QUESTIONS || report.len() > MOST_ENTRIES {
        return Err(too_many(if report.len() > MOST_ENTRIES { "report" } else { "passages" }, "too-many"));
    }
    let mut ids = BTreeSet::new();
    let mut wrong = Vec::new();
    for passage in &passages {
        if passage.id.is_empty() || passage.id.len() > 64 || !ids.insert(passage.id.as_str()) {
            wrong.push(Fault { field: "passages", code: "bad-id" });
        }
        if passage.content.media_ids().iter().any(|id| !media.contains(id)) {
            wrong.push(Fault { field: "passages", code: "unknown-media" });
        }
    }
    if !wrong.is_empty() {
        return Err(ImportError::Invalid(wrong));
    }
    let mut faults = Vec::new();
    for (index, question) in questions.iter_mut().enumerate() {
        question.settle_key();
        if question.passage.as_deref().is_some_and(|id| !ids.contains(id)) {
            faults.push(QuestionFault { index, field: "passage", code: "unknown-passage" });
        }
        if question.media_ids().iter().any(|id| !media.contains(id)) {
            faults.push(QuestionFault { index, field: "stem", code: "unknown-media" });
        }
    }
    if !faults.is_empty() {
        return Err(ImportError::Faulty(faults));
    }
    Ok(Paper { questions, passages, report, media: Vec::new() })
}

/// The paper as it looked, as JSON; without blocks where the file has no look.
///
/// # Errors
/// [`ImportError`].
pub async fn get_document(questions: &Questions, caller: &Caller, import: QuestionImportId) -> Result<String, ImportError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let (document,): (Option<String>,) = sql!("SELECT document FROM question_import WHERE id = $1").bind(import).fetch_one(&mut tx).await?;
    Ok(document.unwrap_or_else(|| "{\"blocks\":[]}".to_owned()))
}

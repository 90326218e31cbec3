use std::collections::BTreeSet;

use db::sql;
use identity::access::{Caller, Grant, authorise};
use identity::audit::{self, Event};
use identity::fault::Fault;
use kernel::{QuestionFolderId, QuestionId, QuestionImportId};
use papers::model::{Paper, Question};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ImportCounts, ImportError, OwnImport, QuestionFault, kept};
use crate::Questions;
use crate::access::EditFolder;
use crate::bank::{self, MediaUse, NewQuestion, QuestionMeta};

/// What of a paper goes where.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = QuestionImportSave)]
pub struct SaveInput {
    /// The folder of the bank.
    pub folder_id: QuestionFolderId,
    /// The revision of the paper.
    pub revision: i64,
    /// Places of the questions from 0; all where there are none.
    #[serde(default)]
    pub indices: Option<Vec<usize>>,
    /// Subject code for all of them.
    #[serde(default)]
    pub subject: Option<String>,
    /// Grade for all of them.
    #[serde(default)]
    pub grade: Option<u8>,
    /// Tags that all of them get.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// What was saved.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QuestionImportSaved)]
pub struct Saved {
    /// How many.
    pub saved: usize,
    /// Which, in the paper's order.
    pub ids: Vec<QuestionId>,
    /// The paper's revision now: the saved questions have left it.
    pub revision: i64,
}

/// Puts questions of a paper into the bank, all that were named or none. They leave the desk, so that
/// saving again never doubles them; the others stay.
///
/// # Errors
/// [`ImportError::Faulty`] names the questions that cannot be kept so.
pub async fn save(questions: &Questions, caller: &Caller, import: QuestionImportId, input: SaveInput) -> Result<Saved, ImportError> {
    let env = &questions.content.env;
    let mut tx = env.db.write().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let folder: Grant<EditFolder> = authorise(&mut tx, caller, input.folder_id).await?;
    // Two windows that save at once wait for each other, also on PostgreSQL.
    sql!("UPDATE question_import SET revision = revision WHERE id = $1").bind(import).execute(&mut tx).await?;
    let kept = kept::load(&mut tx, import).await?;
    if kept.revision != input.revision {
        return Err(ImportError::NewerDraft { revision: kept.revision });
    }
    let mut paper = kept.paper;
    let chosen = chosen(&input, paper.questions.len())?;
    let meta = QuestionMeta { subject: input.subject, grade: input.grade, ..QuestionMeta::default() };
    let meta = meta.check(&questions.content.curriculum).map_err(ImportError::Invalid)?;
    let media = kept::media(&mut tx, import).await?;
    let new: Vec<NewQuestion> = chosen
        .iter()
        .filter_map(|index| paper.questions.get(*index))
        .map(|question| new_question(question, &paper, &media, &meta, &input.tags))
        .collect();
    check(&chosen, &new, questions)?;
    let ids = bank::create_many(&mut tx, questions, &folder, new).await?;
    take_off(&mut paper, &chosen);
    let (text, counts, now) = (kept::to_text(&paper).map_err(db::DbError::from)?, ImportCounts::of(&paper), env.now());
    let (revision, organisation): (i64, kernel::OrganisationId) = sql!(
        "UPDATE question_import SET state = 'saved', paper = $2, revision = revision + 1, question_count = $3, doubt_count = $4,
                                    missing_key_count = $5, saved_count = saved_count + $6, saved_folder_id = $7, updated_at = $8
         WHERE id = $1 RETURNING revision, organisation_id"
    )
    .bind(import)
    .bind(text)
    .bind(counts.questions)
    .bind(counts.doubts)
    .bind(counts.missing_keys)
    .bind(i64::try_from(ids.len()).unwrap_or(i64::MAX))
    .bind(input.folder_id)
    .bind(now)
    .fetch_one(&mut tx)
    .await?;
    let event = Event {
        action: "question_import.saved",
        subject_kind: "question_import",
        subject_id: Some(import.as_uuid()),
        organisation: Some(organisation),
        detail: serde_json::json!({ "questions": ids.len() }),
    };
    audit::record(&mut tx, env, caller, event).await?;
    bank::commit(tx, questions, &ids).await?;
    Ok(Saved { saved: ids.len(), ids, revision })
}

fn chosen(input: &SaveInput, count: usize) -> Result<BTreeSet<usize>, ImportError> {
    let chosen: BTreeSet<usize> = match &input.indices {
        Some(indices) => indices.iter().copied().collect(),
        None => (0..count).collect(),
    };
    if chosen.iter().any(|index| *index >= count) {
        return Err(ImportError::Invalid(vec![Fault { field: "indices", code: "unknown" }]));
    }
    if chosen.is_empty() { Err(ImportError::NothingToSave) } else { Ok(chosen) }
}

fn new_question(question: &Question, paper: &Paper, media: &[MediaUse], meta: &QuestionMeta, tags: &[String]) -> NewQuestion {
    let mut question = question.clone();
    for tag in tags.iter().filter(|tag| !tag.trim().is_empty()) {
        if !question.tags.contains(tag) {
            question.tags.push(tag.clone());
        }
    }
    let passage = question.passage.as_deref().and_then(|id| paper.passages.iter().find(|passage| passage.id == id));
    let passage = passage.map(|passage| (passage.id.clone(), passage.content.clone()));
    let mut used = question.media_ids();
    used.extend(passage.iter().flat_map(|(_, text)| text.media_ids()));
    let media = media.iter().filter(|medium| used.contains(&medium.id)).cloned().collect();
    let meta = QuestionMeta::of(&question, meta);
    NewQuestion { question, passage, media, meta }
}

/// What is wrong with each, so that all of it is seen at once and with its place.
fn check(chosen: &BTreeSet<usize>, new: &[NewQuestion], questions: &Questions) -> Result<(), ImportError> {
    let mut faults = Vec::new();
    for (index, new) in chosen.iter().zip(new) {
        let found = bank::faults_of(new, &questions.content.curriculum)?;
        faults.extend(found.into_iter().map(|fault| QuestionFault { index: *index, field: fault.field, code: fault.code }));
    }
    if faults.is_empty() { Ok(()) } else { Err(ImportError::Faulty(faults)) }
}

/// Saved questions leave the desk, with passages that no other question needs and doubts about them.
fn take_off(paper: &mut Paper, saved: &BTreeSet<usize>) {
    let mut addresses = Vec::new();
    let mut index = 0;
    paper.questions.retain(|question| {
        let stays = !saved.contains(&index);
        if !stays {
            addresses.push((question.address.part, question.address.number));
        }
        index += 1;
        stays
    });
    let left: Vec<_> = paper.questions.iter().map(|question| (question.address.part, question.address.number)).collect();
    paper.report.retain(|entry| match entry.address {
        Some(address) if address.number.is_some() => {
            let place = (address.part, address.number);
            !addresses.contains(&place) || left.contains(&place)
        }
        _ => true,
    });
    let questions = &paper.questions;
    paper.passages.retain(|passage| questions.iter().any(|question| question.passage.as_ref() == Some(&passage.id)));
}

/// A question of the bank that says nearly what one on the desk does.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BankLikeness {
    /// Which.
    pub question_id: QuestionId,
    /// From 0 to 1.
    pub similarity: f64,
    /// It says the very same.
    pub same: bool,
    /// Its first words.
    pub text: String,
    /// The folder it is in; empty for the root of a bank.
    pub folder_name: String,
}

/// A question of the same paper that says nearly the same.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct PaperLikeness {
    /// Its place, from 0.
    pub index: usize,
    /// From 0 to 1.
    pub similarity: f64,
}

/// What is like one question of a paper.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QuestionLikeness)]
pub struct Likeness {
    /// Its place, from 0.
    pub index: usize,
    /// In the bank, as far as the caller may read it.
    pub matches: Vec<BankLikeness>,
    /// Earlier in the same paper.
    pub inside: Vec<PaperLikeness>,
}

/// What is like the questions of a paper, in the bank and in the paper itself.
///
/// # Errors
/// [`ImportError`].
pub async fn duplicates(questions: &Questions, caller: &Caller, import: QuestionImportId) -> Result<Vec<Likeness>, ImportError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let (_, text) = kept::load_text(&mut tx, import).await?;
    drop(tx);
    let reading = tokio::task::spawn_blocking(move || kept::from_text(&text));
    let paper = reading.await.map_err(|error| db::DbError::Stored(format!("question_import.paper: {error}")))??;
    let found = bank::similar::of_paper(questions, caller, paper.questions).await?;
    Ok(found
        .into_iter()
        .map(|found| Likeness {
            index: found.index,
            matches: found
                .matches
                .into_iter()
                .map(|found| BankLikeness {
                    question_id: found.question_id,
                    similarity: found.similarity,
                    same: found.same,
                    text: found.text,
                    folder_name: found.folder.name,
                })
                .collect(),
            inside: found.inside.into_iter().map(|found| PaperLikeness { index: found.index, similarity: found.similarity }).collect(),
        })
        .collect())
}

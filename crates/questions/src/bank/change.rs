//! Many questions changed at once and thrown away.

use std::collections::BTreeSet;
use std::time::Duration;

use db::{Conn, DbError, WriteTx, sql};
use exchange::vietnamese::collapse_whitespace;
use identity::access::{Caller, authorise};
use identity::audit::{self, Event};
use identity::fault::Faults;
use kernel::{QuestionFolderId, QuestionId};
use papers::model::Level;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::record::{Held, Place, Said, hold, write};
use super::stored::{Stored, tag_key, tags};
use super::{BankError, QuestionMeta, indexing};
use crate::Questions;
use crate::access::{EditFolder, EditQuestion, TakeFromBank};

/// How long a question stays in the bin.
pub const KEPT_IN_BIN: Duration = Duration::from_secs(30 * 24 * 3600);
/// Most questions of one change.
pub const MOST_AT_ONCE: usize = 500;

/// What can be taken off many questions at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QuestionClear)]
pub enum Cleared {
    /// Their level.
    Level,
    /// Their subject.
    Subject,
    /// Their grade.
    Grade,
    /// Their requirement.
    Requirement,
}

/// What is changed of many questions at once. Empty fields stay as they are.
#[derive(Clone, Debug, Default)]
pub struct BulkChange {
    /// Their level.
    pub level: Option<Level>,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// Requirement code.
    pub requirement: Option<String>,
    /// What they lose, unless it is set as well.
    pub clear: Vec<Cleared>,
    /// Where they go.
    pub folder: Option<QuestionFolderId>,
    /// Tags they get.
    pub add_tags: Vec<String>,
    /// Tags they lose.
    pub remove_tags: Vec<String>,
}

impl BulkChange {
    /// What a question has of something afterwards.
    fn settle<T: Clone>(&self, what: Cleared, set: Option<&T>, had: Option<T>) -> Option<T> {
        set.cloned().or_else(|| had.filter(|_| !self.clear.contains(&what)))
    }
}

/// Changes what is said about many questions; all or nothing. Tells how many.
///
/// # Errors
/// [`BankError`].
pub async fn bulk(questions: &Questions, caller: &Caller, ids: &[QuestionId], change: &BulkChange) -> Result<usize, BankError> {
    let ids = at_once(ids)?;
    let mut faults = Faults::default();
    let add = tags(&mut faults, &change.add_tags);
    faults.check()?;
    let change = BulkChange { add_tags: add, ..change.clone() };
    let mut tx = questions.content.env.db.write().await?;
    if let Some(folder) = change.folder {
        authorise::<EditFolder>(&mut tx, caller, folder).await?;
    }
    for id in &ids {
        authorise::<EditQuestion>(&mut tx, caller, *id).await?;
        let was = hold(&mut tx, *id).await?;
        if let Some(to) = change.folder
            && !same_bank(&mut tx, was.place.folder, to).await?
        {
            authorise::<TakeFromBank>(&mut tx, caller, was.place.folder).await?;
        }
        change_one(&mut tx, questions, caller, was, &change).await?;
    }
    indexing::commit(tx, questions, &ids).await?;
    Ok(ids.len())
}

async fn same_bank(conn: &mut Conn, one: QuestionFolderId, other: QuestionFolderId) -> Result<bool, DbError> {
    let same: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM question_folder f JOIN question_folder t ON t.id = $2
         WHERE f.id = $1 AND (f.owner_id = t.owner_id OR f.organisation_id = t.organisation_id)"
    )
    .bind(one)
    .bind(other)
    .fetch_optional(conn)
    .await?;
    Ok(same.is_some())
}

/// In the order of their ids, as they are held.
pub(super) fn at_once(ids: &[QuestionId]) -> Result<Vec<QuestionId>, BankError> {
    let ids: BTreeSet<QuestionId> = ids.iter().copied().collect();
    let mut faults = Faults::default();
    if ids.is_empty() {
        faults.add("ids", "missing");
    }
    if ids.len() > MOST_AT_ONCE {
        faults.add("ids", "too-many");
    }
    faults.check()?;
    Ok(ids.into_iter().collect())
}

pub(super) async fn change_one(
    tx: &mut WriteTx,
    questions: &Questions,
    caller: &Caller,
    was: Held,
    change: &BulkChange,
) -> Result<(), BankError> {
    let mut question = was.question;
    question.tags.retain(|tag| !change.remove_tags.iter().any(|gone| tag_key(&collapse_whitespace(gone)) == tag_key(tag)));
    for tag in &change.add_tags {
        if !question.tags.iter().any(|known| tag_key(known) == tag_key(tag)) {
            question.tags.push(tag.clone());
        }
    }
    question.level = change.settle(Cleared::Level, change.level.as_ref(), question.level);
    let meta = QuestionMeta {
        subject: change.settle(Cleared::Subject, change.subject.as_ref(), was.meta.subject),
        grade: change.settle(Cleared::Grade, change.grade.as_ref(), was.meta.grade),
        requirement: change.settle(Cleared::Requirement, change.requirement.as_ref(), was.meta.requirement),
        ..was.meta
    }
    .check(&questions.content.curriculum)?;
    let said = Said { stored: Stored::new(question, was.passage)?, meta, media: was.media };
    let place = Place { folder: change.folder.unwrap_or(was.place.folder), ..was.place };
    // Where a question stands says nothing of what pupils see: a used version may be told more about.
    write(tx, caller, questions.content.env.now(), &place, was.version, &said).await
}

/// Puts questions into the bin; all or none. Tells how many.
///
/// # Errors
/// [`BankError`].
pub async fn bulk_delete(questions: &Questions, caller: &Caller, ids: &[QuestionId]) -> Result<usize, BankError> {
    let ids = at_once(ids)?;
    let mut tx = questions.content.env.db.write().await?;
    for id in &ids {
        authorise::<EditQuestion>(&mut tx, caller, *id).await?;
        throw_away(&mut tx, questions, caller, *id, None).await?;
    }
    indexing::commit(tx, questions, &ids).await?;
    Ok(ids.len())
}

pub(super) async fn throw_away(
    tx: &mut WriteTx,
    questions: &Questions,
    caller: &Caller,
    id: QuestionId,
    into: Option<QuestionId>,
) -> Result<(), DbError> {
    sql!("UPDATE question SET deleted_at = $2, merged_into = $3 WHERE id = $1 AND deleted_at IS NULL")
        .bind(id)
        .bind(questions.content.env.now())
        .bind(into)
        .execute(tx)
        .await?;
    let action = if into.is_some() { "question.merged" } else { "question.deleted" };
    let detail = serde_json::json!({ "into": into });
    let event = Event { action, subject_kind: "question", subject_id: Some(id.as_uuid()), organisation: None, detail };
    audit::record(tx, &questions.content.env, caller, event).await
}

/// Puts a question into the bin, where it stays for 30 days.
///
/// # Errors
/// [`BankError`].
pub async fn delete(questions: &Questions, caller: &Caller, id: QuestionId) -> Result<(), BankError> {
    bulk_delete(questions, caller, &[id]).await.map(|_| ())
}

/// Forgets questions that were in the bin long enough and that no test has used. Tells how many.
///
/// # Errors
/// [`DbError`].
pub async fn purge(questions: &Questions) -> Result<u64, DbError> {
    let mut tx = questions.content.env.db.write().await?;
    let before = questions.content.env.now().minus(KEPT_IN_BIN);
    sql!("UPDATE question SET merged_into = NULL WHERE merged_into IN (SELECT q.id FROM question q WHERE q.deleted_at < $1)")
        .bind(before)
        .execute(&mut tx)
        .await?;
    let gone = sql!("DELETE FROM question WHERE deleted_at < $1 AND use_count = 0").bind(before).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(gone)
}

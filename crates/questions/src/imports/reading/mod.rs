//! How a file becomes a paper: a worker has a child process read it, shut in, and keeps what the child
//! wrote. The rows of it are here; who starts the child is the `worker` crate.
//!
//! A job may be done twice, also at the same time: what is kept first counts, and every write asks
//! whether the import still waits for it.

mod child;
mod result;
mod store;

use db::jobs::NewJob;
use db::{DbError, WriteTx, sql};
use kernel::{QuestionImportId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{ImportFailure, ImportState};
use crate::Questions;

pub use child::{PAPER_HANDLER, read_paper_in_child, write_request};
pub use store::{StoreError, store};

/// The kind of job that reads a file.
pub const READ_PAPER: &str = "read_paper";

/// What a [`READ_PAPER`] job is about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct PaperPayload {
    /// The import whose file it is.
    pub import: QuestionImportId,
}

/// What the file was read as, where LibreOffice came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The file itself is read.
    AsGiven,
    /// An old Word file that was made a new one first.
    OldWord,
}

/// The job that reads an import's file.
pub(crate) fn job(import: QuestionImportId, now: Timestamp) -> NewJob {
    NewJob {
        kind: READ_PAPER,
        payload: serde_json::to_string(&PaperPayload { import }).unwrap_or_default(),
        subject_id: Some(import.as_uuid()),
        dedup_key: Some(format!("paper:{import}")),
        max_attempts: 5,
        run_at: now,
    }
}

/// A file to be read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Work {
    /// Where its bytes are.
    pub object_key: String,
    /// As its maker called it.
    pub filename: String,
}

/// The file of an import; `None` when it was thrown away, or read already.
///
/// # Errors
/// [`DbError`].
pub async fn lookup(questions: &Questions, import: QuestionImportId) -> Result<Option<Work>, DbError> {
    let mut tx = questions.content.env.db.read().await?;
    sql!(
        "SELECT b.object_key, i.filename FROM question_import i JOIN blob b ON b.id = i.source_blob_id
         WHERE i.id = $1 AND i.state IN ('waiting', 'converting', 'reading')"
    )
    .bind(import)
    .fetch_optional(&mut tx)
    .await
}

/// Tells its maker what is being done.
///
/// # Errors
/// [`DbError`].
pub async fn mark(questions: &Questions, import: QuestionImportId, state: ImportState) -> Result<(), DbError> {
    let mut tx = questions.content.env.db.write().await?;
    sql!("UPDATE question_import SET state = $2, updated_at = $3 WHERE id = $1 AND state IN ('waiting', 'converting', 'reading')")
        .bind(import)
        .bind(state.as_str())
        .bind(questions.content.env.now())
        .execute(&mut tx)
        .await?;
    tx.commit().await
}

/// Nothing can be read of the file.
///
/// # Errors
/// [`DbError`].
pub async fn fail(tx: &mut WriteTx, import: QuestionImportId, failure: &ImportFailure, now: Timestamp) -> Result<(), DbError> {
    sql!(
        "UPDATE question_import SET state = 'failed', failure_code = $2, failure_message = $3, updated_at = $4
         WHERE id = $1 AND state IN ('waiting', 'converting', 'reading')"
    )
    .bind(import)
    .bind(&failure.code)
    .bind(&failure.message)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// What failed waits again. False when it did not fail.
///
/// # Errors
/// [`DbError`].
pub async fn reopen(tx: &mut WriteTx, import: QuestionImportId, now: Timestamp) -> Result<bool, DbError> {
    let reopened = sql!(
        "UPDATE question_import SET state = 'waiting', failure_code = NULL, failure_message = NULL, updated_at = $2
         WHERE id = $1 AND state = 'failed'"
    )
    .bind(import)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(reopened == 1)
}

use std::time::Duration;

use content::processing::garbage;
use db::{DbError, WriteTx, jobs, sql};
use identity::access::{Caller, authorise};
use identity::organisations::give_back;
use kernel::{BlobId, OrganisationId, QuestionFileId, QuestionImportId};

use super::view::load;
use super::{ImportError, OwnImport, QuestionImport, reading};
use crate::Questions;

/// Imports that failed, or whose questions were all saved, stay so long.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Throws an import away. What was saved of it stays in the bank.
///
/// # Errors
/// [`ImportError`].
pub async fn delete(questions: &Questions, caller: &Caller, import: QuestionImportId) -> Result<(), ImportError> {
    let mut tx = questions.content.env.db.write().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    remove(&mut tx, questions, import).await?;
    tx.commit().await?;
    Ok(())
}

async fn remove(tx: &mut WriteTx, questions: &Questions, import: QuestionImportId) -> Result<(), DbError> {
    let files: Vec<(QuestionFileId,)> =
        sql!("SELECT file_id FROM question_import_file WHERE import_id = $1 ORDER BY file_id").bind(import).fetch_all(tx).await?;
    let gone: Option<(BlobId, OrganisationId, i64)> =
        sql!("DELETE FROM question_import WHERE id = $1 RETURNING source_blob_id, organisation_id, size")
            .bind(import)
            .fetch_optional(tx)
            .await?;
    let Some((blob, organisation, size)) = gone else { return Ok(()) };
    garbage::let_go(tx, questions.content.env.now(), blob).await?;
    let mut space = vec![(Some(organisation), size)];
    // Whoever throws papers away to make room has it at once: nobody but the paper knew its pictures,
    // unless they went into the bank with a question.
    for (file,) in files {
        space.extend(crate::upkeep::forget_file(tx, questions, file).await?);
    }
    give_back(tx, space).await
}

/// Reads again what could not be read.
///
/// # Errors
/// [`ImportError::NotFailed`].
pub async fn retry(questions: &Questions, caller: &Caller, import: QuestionImportId) -> Result<QuestionImport, ImportError> {
    let env = &questions.content.env;
    let now = env.now();
    let mut tx = env.db.write().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    if !reading::reopen(&mut tx, import, now).await? {
        return Err(ImportError::NotFailed);
    }
    jobs::enqueue(&mut tx, &env.ids, now, reading::job(import, now)).await?;
    let shown = load(&mut tx, import).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Forgets imports that ended long ago. Unfinished ones stay. Tells how many.
pub(crate) async fn expire(questions: &Questions) -> Result<usize, DbError> {
    let before = questions.content.env.now().minus(KEPT);
    let mut tx = questions.content.env.db.write().await?;
    let due: Vec<(QuestionImportId,)> =
        sql!("SELECT id FROM question_import WHERE updated_at < $1 AND (state = 'failed' OR (state = 'saved' AND question_count = 0)) ORDER BY updated_at LIMIT 200")
            .bind(before)
            .fetch_all(&mut tx)
            .await?;
    for (import,) in &due {
        remove(&mut tx, questions, *import).await?;
    }
    tx.commit().await?;
    Ok(due.len())
}

//! What is tidied up from time to time: imports that ended, files nothing shows, the bin.

use std::time::Duration;

use content::processing::garbage;
use db::{DbError, WriteTx, sql};
use identity::organisations::give_back;
use kernel::{BlobId, OrganisationId, QuestionFileId};

use crate::{Questions, bank, imports};

/// The kind of job that does it.
pub const TIDY_QUESTIONS: &str = "tidy_questions";
/// A picture may lie so long before the question it is for is saved.
const UNUSED: Duration = Duration::from_secs(24 * 3600);
/// Files of one transaction.
const ROUND: i64 = 200;

/// Does one round of everything.
///
/// # Errors
/// [`DbError`].
pub async fn tidy(questions: &Questions) -> Result<(), DbError> {
    while imports::expire(questions).await? > 0 {}
    bank::purge(questions).await?;
    while forget_files(questions).await? > 0 {}
    Ok(())
}

/// Forgets pictures and sounds that neither a question nor a paper shows. Tells how many.
async fn forget_files(questions: &Questions) -> Result<usize, DbError> {
    let before = questions.content.env.now().minus(UNUSED);
    let mut tx = questions.content.env.db.write().await?;
    // The condition is part of the deletion: a question that begins to show the file at the same time
    // holds its row by the foreign key, and one of the two fails.
    let gone: Vec<(BlobId, Option<OrganisationId>, i64)> = sql!(
        "DELETE FROM question_file WHERE id IN (
           SELECT f.id FROM question_file f WHERE f.created_at < $1
             AND NOT EXISTS (SELECT 1 FROM question_version_file v WHERE v.file_id = f.id)
             AND NOT EXISTS (SELECT 1 FROM question_import_file i WHERE i.file_id = f.id) LIMIT $2)
           AND NOT EXISTS (SELECT 1 FROM question_version_file v WHERE v.file_id = question_file.id)
           AND NOT EXISTS (SELECT 1 FROM question_import_file i WHERE i.file_id = question_file.id)
         RETURNING blob_id, organisation_id, size"
    )
    .bind(before)
    .bind(ROUND)
    .fetch_all(&mut tx)
    .await?;
    for (blob, ..) in &gone {
        garbage::let_go(&mut tx, questions.content.env.now(), *blob).await?;
    }
    let count = gone.len();
    give_back(&mut tx, gone.into_iter().map(|(_, organisation, size)| (organisation, size))).await?;
    tx.commit().await?;
    Ok(count)
}

/// Forgets a picture or sound that neither a question nor a paper shows any more; the space it took, to be
/// given back.
pub(crate) async fn forget_file(
    tx: &mut WriteTx,
    questions: &Questions,
    file: QuestionFileId,
) -> Result<Option<(Option<OrganisationId>, i64)>, DbError> {
    let gone: Option<(BlobId, Option<OrganisationId>, i64)> = sql!(
        "DELETE FROM question_file WHERE id = $1
           AND NOT EXISTS (SELECT 1 FROM question_version_file v WHERE v.file_id = question_file.id)
           AND NOT EXISTS (SELECT 1 FROM question_import_file i WHERE i.file_id = question_file.id)
         RETURNING blob_id, organisation_id, size"
    )
    .bind(file)
    .fetch_optional(tx)
    .await?;
    let Some((blob, organisation, size)) = gone else { return Ok(None) };
    garbage::let_go(tx, questions.content.env.now(), blob).await?;
    Ok(Some((organisation, size)))
}

use content::processing::keep_stream;
use content::uploads::{ReceiveBody, clean_filename, over_quota};
use db::{jobs, sql};
use identity::access::{AuthorLessons, Caller, Denied, authorise};
use kernel::{OrganisationId, QuestionImportId};

use super::view::load;
use super::{ImportError, QuestionImport, reading};
use crate::Questions;
use crate::space;

/// Most bytes of a file.
pub const LARGEST_UPLOAD: u64 = 100 << 20;

/// Refuses a file of an announced size that there is no space for, before a byte of it comes.
///
/// # Errors
/// [`ImportError::TooLarge`], [`ImportError::Quota`] and the policy's.
pub async fn foresee(questions: &Questions, caller: &Caller, organisation: OrganisationId, bytes: u64) -> Result<(), ImportError> {
    if bytes > LARGEST_UPLOAD {
        return Err(ImportError::TooLarge);
    }
    let mut tx = questions.content.env.db.read().await?;
    authorise::<AuthorLessons>(&mut tx, caller, organisation).await?;
    let full = over_quota(&mut tx, organisation, i64::try_from(bytes).unwrap_or(i64::MAX)).await?;
    if full { Err(ImportError::Quota) } else { Ok(()) }
}

/// Takes a file in and has it read soon. Its bytes go straight to the store: nothing but what is just
/// coming is in memory.
///
/// # Errors
/// [`ImportError`].
pub async fn create(
    questions: &Questions,
    caller: &Caller,
    organisation: OrganisationId,
    filename: &str,
    body: ReceiveBody,
) -> Result<QuestionImport, ImportError> {
    let content = &questions.content;
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let mut tx = content.env.db.read().await?;
    authorise::<AuthorLessons>(&mut tx, caller, organisation).await?;
    drop(tx);
    let needed = LARGEST_UPLOAD.saturating_mul(2).saturating_add(content.limits.reserve_bytes);
    if content.blobs.free_bytes()?.is_some_and(|free| free < needed) {
        return Err(ImportError::DiskFull);
    }
    let kept = keep_stream(content, body, LARGEST_UPLOAD).await?;
    let mut tx = content.env.db.write().await?;
    // Bytes may be long in coming: what was allowed then may not be now.
    authorise::<AuthorLessons>(&mut tx, caller, organisation).await?;
    if !space::take(&mut tx, organisation, kept.size).await? {
        return Err(ImportError::Quota);
    }
    let (blob, _) = kept.record(&mut tx, content).await?;
    let (id, now): (QuestionImportId, _) = (content.env.ids.make(), content.env.now());
    sql!(
        "INSERT INTO question_import (id, owner_id, organisation_id, filename, size, source_blob_id, state, revision, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 1, $7, $7)"
    )
    .bind(id)
    .bind(person)
    .bind(organisation)
    .bind(clean_filename(filename))
    .bind(kept.size)
    .bind(blob)
    .bind(now)
    .execute(&mut tx)
    .await?;
    jobs::enqueue(&mut tx, &content.env.ids, now, reading::job(id, now)).await?;
    let shown = load(&mut tx, id).await?;
    tx.commit().await?;
    Ok(shown)
}

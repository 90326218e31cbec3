use db::jobs;
use db::sql;
use identity::access::{Caller, Capability as _, Decision, authorise};
use identity::audit::{self, Event};
use kernel::{AssetId, BlobId, LessonId, OrganisationId, UploadId};

use super::{Asset, AssetError, AssetKind, loading};
use crate::Content;
use crate::access::{EditLesson, ManageAsset};
use crate::processing;

/// Deletes a file that no version of any lesson shows. Its bytes go a day after the last file of
/// the same bytes.
///
/// # Errors
/// [`AssetError::InUse`] with the titles of those lessons that the caller edits.
pub async fn delete(content: &Content, caller: &Caller, asset: AssetId) -> Result<(), AssetError> {
    let mut tx = content.env.db.write().await?;
    authorise::<ManageAsset>(&mut tx, caller, asset).await?;
    let used: Vec<(LessonId, String)> = sql!(
        "SELECT DISTINCT l.id, l.draft_title FROM lesson_asset a JOIN lesson l ON l.id = a.lesson_id WHERE a.asset_id = $1 ORDER BY l.draft_title LIMIT 10"
    )
    .bind(asset)
    .fetch_all(&mut tx)
    .await?;
    if !used.is_empty() {
        // A draft's title is for those who edit it, also when the file in it is another's.
        let mut lessons = Vec::new();
        for (lesson, title) in used {
            if EditLesson::decide(&mut tx, caller, &lesson).await? == Decision::Allow {
                lessons.push(title);
            }
        }
        return Err(AssetError::InUse { lessons });
    }
    let (organisation, size, blob, upload, filename): (OrganisationId, i64, Option<BlobId>, Option<UploadId>, String) =
        sql!("DELETE FROM asset WHERE id = $1 RETURNING organisation_id, size, blob_id, upload_id, filename")
            .bind(asset)
            .fetch_one(&mut tx)
            .await?;
    if let (None, Some(upload)) = (blob, upload) {
        // Never put together: its parts have nobody else.
        processing::clear_upload(&mut tx, content, upload).await?;
    }
    sql!("UPDATE organisation SET used_bytes = used_bytes - $2 WHERE id = $1").bind(organisation).bind(size).execute(&mut tx).await?;
    if let Some(blob) = blob {
        processing::garbage::let_go(&mut tx, content.env.now(), blob).await?;
    }
    let event = Event {
        action: "asset.deleted",
        subject_kind: "asset",
        subject_id: Some(asset.as_uuid()),
        organisation: Some(organisation),
        detail: serde_json::json!({ "filename": filename }),
    };
    audit::record(&mut tx, &content.env, caller, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Tries again what failed.
///
/// # Errors
/// [`AssetError::NotFailed`].
pub async fn retry(content: &Content, caller: &Caller, asset: AssetId) -> Result<Asset, AssetError> {
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    authorise::<ManageAsset>(&mut tx, caller, asset).await?;
    let failed: Option<(Option<BlobId>, Option<UploadId>, String)> =
        sql!("SELECT blob_id, upload_id, kind FROM asset WHERE id = $1 AND state = 'failed'").bind(asset).fetch_optional(&mut tx).await?;
    let Some((blob, upload, kind)) = failed else { return Err(AssetError::NotFailed) };
    let job = match (blob, upload) {
        (Some(blob), _) => {
            // What was refused for its kind alone has nothing to be tried again.
            if !processing::reopen_media(&mut tx, blob, now).await? {
                return Err(AssetError::NotFailed);
            }
            processing::media_job(blob, AssetKind::try_from(kind).map_err(db::DbError::from)?, now)
        }
        (None, Some(upload)) => {
            let job = processing::finish_job(upload, asset, now);
            processing::reopen(&mut tx, job.kind, job.subject_id, now).await?;
            job
        }
        (None, None) => return Err(AssetError::NotFailed),
    };
    jobs::enqueue(&mut tx, &content.env.ids, now, job).await?;
    let shown = loading::load(&mut tx, asset).await?;
    tx.commit().await?;
    Ok(shown)
}

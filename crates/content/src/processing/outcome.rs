use db::{Conn, DbError, WriteTx, changes, sql};
use kernel::{AssetId, BlobId, Timestamp};
use uuid::Uuid;

use super::kinds;
use crate::Content;

/// Bytes to make something of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Material {
    /// Where they are.
    pub object_key: String,
    /// What the first of them said.
    pub mime: String,
    /// How many.
    pub size: i64,
    /// The word of the media's state.
    pub state: String,
}

/// What a blob is, or `None` when it has been forgotten meanwhile.
///
/// # Errors
/// [`DbError`].
pub async fn lookup_material(conn: &mut Conn, blob: BlobId) -> Result<Option<Material>, DbError> {
    sql!("SELECT b.object_key, b.mime, b.size, m.state FROM blob b JOIN media m ON m.blob_id = b.id WHERE b.id = $1")
        .bind(blob)
        .fetch_optional(conn)
        .await
}

/// A file cannot be used. The code is the message's key `asset_failure.<code>`.
///
/// # Errors
/// [`DbError`].
pub async fn fail_asset(tx: &mut WriteTx, asset: AssetId, code: &str, detail: Option<&str>, now: Timestamp) -> Result<(), DbError> {
    sql!("UPDATE asset SET state = 'failed', failure_code = $2, failure_detail = $3, updated_at = $4 WHERE id = $1")
        .bind(asset)
        .bind(code)
        .bind(detail)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Nothing could be made of a blob: every file of these bytes has failed.
///
/// # Errors
/// [`DbError`].
pub async fn fail_media(tx: &mut WriteTx, blob: BlobId, code: &str, now: Timestamp) -> Result<(), DbError> {
    sql!("UPDATE media SET state = 'failed', failure_code = $2, updated_at = $3 WHERE blob_id = $1")
        .bind(blob)
        .bind(code)
        .bind(now)
        .execute(tx)
        .await?;
    sql!("UPDATE asset SET state = 'failed', failure_code = $2, failure_detail = NULL, updated_at = $3 WHERE blob_id = $1")
        .bind(blob)
        .bind(code)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// What a dead job was about is open again, so that its next try finds something to do.
///
/// # Errors
/// [`DbError`].
pub async fn reopen(tx: &mut WriteTx, kind: &str, subject: Option<Uuid>, now: Timestamp) -> Result<(), DbError> {
    match (kind, subject) {
        (kinds::FINISH_UPLOAD, Some(asset)) => {
            sql!(
                "UPDATE asset SET state = 'checking', failure_code = NULL, failure_detail = NULL, updated_at = $2
                 WHERE id = $1 AND blob_id IS NULL AND state = 'failed'"
            )
            .bind(asset)
            .bind(now)
            .execute(tx)
            .await?;
            Ok(())
        }
        (kinds::PROCESS_MEDIA | kinds::PROCESS_FILE | kinds::PROCESS_PHOTO, Some(blob)) => {
            reopen_media(tx, BlobId(blob), now).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// A failed blob and every file of it are in the making again. False when it did not fail in the making.
pub(crate) async fn reopen_media(tx: &mut WriteTx, blob: BlobId, now: Timestamp) -> Result<bool, DbError> {
    let failed = sql!(
        "UPDATE media SET state = 'processing', failure_code = NULL, failure_detail = NULL, updated_at = $2
         WHERE blob_id = $1 AND state = 'failed'"
    )
    .bind(blob)
    .bind(now)
    .execute(tx)
    .await?;
    if failed == 0 {
        return Ok(false);
    }
    sql!(
        "UPDATE asset SET state = 'processing', failure_code = NULL, failure_detail = NULL, updated_at = $2
         WHERE blob_id = $1 AND state = 'failed'"
    )
    .bind(blob)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(true)
}

/// Every file of these bytes can be shown.
pub(super) async fn media_ready(tx: &mut WriteTx, blob: BlobId, now: Timestamp) -> Result<(), DbError> {
    sql!("UPDATE media SET state = 'ready', progress_permille = 1000, failure_code = NULL, updated_at = $2 WHERE blob_id = $1")
        .bind(blob)
        .bind(now)
        .execute(tx)
        .await?;
    sql!("UPDATE asset SET state = 'ready', failure_code = NULL, failure_detail = NULL, updated_at = $2 WHERE blob_id = $1")
        .bind(blob)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Search shows the text of files with the lessons that use them.
pub(super) async fn record_lessons(tx: &mut WriteTx, content: &Content, blob: BlobId) -> Result<(), DbError> {
    let lessons: Vec<(Uuid,)> = sql!(
        "SELECT DISTINCT l.id FROM asset a JOIN lesson_asset la ON la.asset_id = a.id
         JOIN lesson l ON l.id = la.lesson_id AND l.published_version = la.version WHERE a.blob_id = $1 LIMIT 10000"
    )
    .bind(blob)
    .fetch_all(tx)
    .await?;
    let ids: Vec<Uuid> = lessons.into_iter().map(|(id,)| id).collect();
    changes::record(tx, changes::EntityKind::Lesson, &ids, content.env.now()).await
}

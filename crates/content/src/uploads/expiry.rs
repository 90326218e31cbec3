use std::time::Duration;

use db::{DbError, WriteTx, sql};
use identity::access::Caller;
use kernel::{Timestamp, UploadId};

use super::UploadError;
use super::status::own_status;
use crate::Content;
use crate::processing::garbage;

/// Gives an upload up; its bytes are deleted soon after. What it became, if it was whole, stays.
///
/// # Errors
/// [`UploadError`].
pub async fn terminate(content: &Content, caller: &Caller, upload: UploadId) -> Result<(), UploadError> {
    let mut tx = content.env.db.write().await?;
    let status = own_status(&mut tx, content, caller, upload).await?;
    if status.asset.is_none() {
        forget(&mut tx, content, upload, None).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The row first: on PostgreSQL its last part may be committed at this moment, or more time given,
/// and then nothing of the upload may go.
async fn forget(tx: &mut WriteTx, content: &Content, upload: UploadId, resting_since: Option<Timestamp>) -> Result<(), DbError> {
    let gone =
        sql!("UPDATE upload SET state = 'gone' WHERE id = $1 AND state = 'receiving' AND (CAST($2 AS BIGINT) IS NULL OR expires_at <= $2)")
            .bind(upload)
            .bind(resting_since)
            .execute(tx)
            .await?;
    if gone == 0 {
        return Ok(());
    }
    garbage::throw_parts(tx, &content.env, upload).await
}

/// Forgets uploads that rested too long. Tells how many.
///
/// # Errors
/// [`DbError`].
pub async fn expire(content: &Content) -> Result<usize, DbError> {
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    let due: Vec<(UploadId,)> = sql!("SELECT id FROM upload WHERE state = 'receiving' AND expires_at <= $1 ORDER BY expires_at LIMIT 200")
        .bind(now)
        .fetch_all(&mut tx)
        .await?;
    for (upload,) in &due {
        forget(&mut tx, content, *upload, Some(now)).await?;
    }
    // Rows of ended uploads tell clients so for a month.
    sql!("DELETE FROM upload WHERE state IN ('gone', 'complete') AND expires_at <= $1 AND NOT EXISTS (SELECT 1 FROM upload_part p WHERE p.upload_id = upload.id)")
        .bind(now.minus(Duration::from_secs(30 * 24 * 3600)))
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(due.len())
}

use db::{WriteTx, jobs, sql};
use kernel::{AssetId, OrganisationId, PersonId, UploadId};

use super::create::{hold_quota, over_quota};
use super::{UploadError, UploadStatus};
use crate::Content;
use crate::processing::finish_job;

/// A part whose object is durable, waiting for its row.
#[derive(Debug)]
pub(super) struct Part {
    pub start: i64,
    pub size: i64,
    pub object_key: String,
}

/// Makes parts count, all or none.
pub(super) async fn commit(content: &Content, upload: UploadId, parts: &[Part]) -> Result<UploadStatus, UploadError> {
    let now = content.env.now();
    let expires_at = now.plus(content.limits.expires_after);
    let mut tx = content.env.db.write().await?;
    let mut status = None;
    for part in parts {
        let moved: Option<(i64, i64)> = sql!(
            "UPDATE upload SET received = received + $3, expires_at = $4
             WHERE id = $1 AND received = $2 AND state = 'receiving' AND received + $3 <= length RETURNING received, length"
        )
        .bind(upload)
        .bind(part.start)
        .bind(part.size)
        .bind(expires_at)
        .fetch_optional(&mut tx)
        .await?;
        let Some((received, length)) = moved else {
            let at: Option<(i64,)> =
                sql!("SELECT received FROM upload WHERE id = $1 AND state <> 'gone'").bind(upload).fetch_optional(&mut tx).await?;
            return Err(at.map_or(UploadError::Gone, |(at,)| UploadError::WrongOffset(at)));
        };
        sql!("INSERT INTO upload_part (upload_id, start_byte, size, object_key) VALUES ($1, $2, $3, $4)")
            .bind(upload)
            .bind(part.start)
            .bind(part.size)
            .bind(&part.object_key)
            .execute(&mut tx)
            .await?;
        status = Some(UploadStatus { id: upload, length, received, expires_at, asset: None });
    }
    let Some(mut status) = status else { return Err(UploadError::Gone) };
    if status.received == status.length {
        status.asset = Some(complete(&mut tx, content, upload).await?);
    }
    tx.commit().await?;
    Ok(status)
}

/// All bytes are here: the file begins to exist, and a job finds out what it is.
pub(super) async fn complete(tx: &mut WriteTx, content: &Content, upload: UploadId) -> Result<AssetId, UploadError> {
    let now = content.env.now();
    let (owner, organisation, filename, length): (PersonId, OrganisationId, String, i64) =
        sql!("SELECT owner_id, organisation_id, filename, length FROM upload WHERE id = $1").bind(upload).fetch_one(tx).await?;
    hold_quota(tx, organisation).await?;
    if over_quota(tx, organisation, length).await? {
        return Err(UploadError::Quota);
    }
    let asset: AssetId = content.env.ids.make();
    sql!(
        "INSERT INTO asset (id, organisation_id, owner_id, upload_id, filename, size, kind, state, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'other', 'checking', $7, $7)"
    )
    .bind(asset)
    .bind(organisation)
    .bind(owner)
    .bind(upload)
    .bind(filename)
    .bind(length)
    .bind(now)
    .execute(tx)
    .await?;
    sql!("UPDATE organisation SET used_bytes = used_bytes + $2 WHERE id = $1").bind(organisation).bind(length).execute(tx).await?;
    sql!("UPDATE upload SET state = 'complete', asset_id = $2 WHERE id = $1").bind(upload).bind(asset).execute(tx).await?;
    jobs::enqueue(tx, &content.env.ids, now, finish_job(upload, asset, now)).await?;
    Ok(asset)
}

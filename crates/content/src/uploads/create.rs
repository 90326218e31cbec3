use std::time::Duration;

use db::{Conn, DbError, WriteTx, sql};
use identity::access::{AuthorLessons, Caller, Denied, authorise};
use kernel::{OrganisationId, Timestamp, UploadId};

use super::part::complete;
use super::{UploadError, UploadStatus, clean_filename};
use crate::Content;

/// An upload without bytes for so long rests.
const RESTING: Duration = Duration::from_secs(3600);

/// A file somebody wants to upload.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Whose space it takes.
    pub organisation: OrganisationId,
    /// As the client calls it.
    pub filename: String,
    /// Bytes in all.
    pub length: u64,
}

/// Begins an upload. Refuses at once what could not be kept to its end.
///
/// # Errors
/// [`UploadError`].
pub async fn create(content: &Content, caller: &Caller, new: &NewUpload) -> Result<UploadStatus, UploadError> {
    let length = i64::try_from(new.length).map_err(|_| UploadError::TooLarge)?;
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let free = content.blobs.free_bytes()?;
    let (id, now): (UploadId, _) = (content.env.ids.make(), content.env.now());
    let mut tx = content.env.db.write().await?;
    authorise::<AuthorLessons>(&mut tx, caller, new.organisation).await?;
    if new.length > content.limits.file_bytes {
        return Err(UploadError::TooLarge);
    }
    // An upload's life is counted from its latest bytes.
    let active = now.plus(content.limits.expires_after).minus(RESTING);
    hold_quota(&mut tx, new.organisation).await?;
    let promised = promised_bytes(&mut tx, new.organisation, active).await?;
    if over_quota(&mut tx, new.organisation, length.saturating_add(promised)).await? {
        return Err(UploadError::Quota);
    }
    if let Some(free) = free {
        let (open,): (i64,) = sql!("SELECT CAST(COALESCE(SUM(length - received), 0) AS BIGINT) FROM upload WHERE state = 'receiving'")
            .fetch_one(&mut tx)
            .await?;
        // Parts and the finished file lie beside each other for a while.
        let needed =
            new.length.saturating_mul(2).saturating_add(u64::try_from(open).unwrap_or(0)).saturating_add(content.limits.reserve_bytes);
        if free < needed {
            return Err(UploadError::DiskFull);
        }
    }
    let expires_at = now.plus(content.limits.expires_after);
    sql!(
        "INSERT INTO upload (id, owner_id, organisation_id, filename, length, received, state, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, 0, 'receiving', $6, $7)"
    )
    .bind(id)
    .bind(person)
    .bind(new.organisation)
    .bind(clean_filename(&new.filename))
    .bind(length)
    .bind(now)
    .bind(expires_at)
    .execute(&mut tx)
    .await?;
    let asset = if length == 0 { Some(complete(&mut tx, content, id).await?) } else { None };
    tx.commit().await?;
    Ok(UploadStatus { id, length, received: 0, expires_at, asset })
}

/// Bytes that uploads under way take or will take: ten begun at once must not all count on the same
/// room. Of one that rests only what came counts, so that what somebody left behind does not keep others out.
async fn promised_bytes(conn: &mut Conn, organisation: OrganisationId, active: Timestamp) -> Result<i64, DbError> {
    let (bytes,): (i64,) = sql!(
        "SELECT CAST(COALESCE(SUM(CASE WHEN expires_at >= $2 THEN length ELSE received END), 0) AS BIGINT)
         FROM upload WHERE organisation_id = $1 AND state = 'receiving'"
    )
    .bind(organisation)
    .bind(active)
    .fetch_one(conn)
    .await?;
    Ok(bytes)
}

/// Makes whoever takes space under the same quota wait until the commit, also on PostgreSQL: the sum
/// is over many organisations. Everybody below any quota shares the topmost one above her.
///
/// # Errors
/// [`DbError`].
pub async fn hold_quota(tx: &mut WriteTx, organisation: OrganisationId) -> Result<(), DbError> {
    sql!(
        "UPDATE organisation SET quota_bytes = quota_bytes
         WHERE id = (SELECT c.ancestor_id FROM organisation_closure c JOIN organisation o ON o.id = c.ancestor_id
                     WHERE c.descendant_id = $1 AND o.quota_bytes IS NOT NULL ORDER BY c.depth DESC LIMIT 1)"
    )
    .bind(organisation)
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether so many more bytes are too many for the organisation or for one above it.
///
/// # Errors
/// [`DbError`].
pub async fn over_quota(conn: &mut Conn, organisation: OrganisationId, more: i64) -> Result<bool, DbError> {
    let full: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM organisation o JOIN organisation_closure c ON c.ancestor_id = o.id
         WHERE c.descendant_id = $1 AND o.quota_bytes IS NOT NULL
           AND o.quota_bytes < $2 + (SELECT CAST(SUM(below.used_bytes) AS BIGINT) FROM organisation below
                                     JOIN organisation_closure b ON b.descendant_id = below.id WHERE b.ancestor_id = o.id)
         LIMIT 1"
    )
    .bind(organisation)
    .bind(more)
    .fetch_optional(conn)
    .await?;
    Ok(full.is_some())
}

use db::{Conn, sql};
use identity::access::{Caller, Denied};
use kernel::{AssetId, PersonId, Timestamp, UploadId};

use super::{UploadError, UploadStatus};
use crate::Content;

#[derive(sqlx::FromRow)]
struct Row {
    owner_id: PersonId,
    length: i64,
    received: i64,
    state: String,
    asset_id: Option<AssetId>,
    expires_at: Timestamp,
}

/// How an upload of the caller's stands.
///
/// # Errors
/// [`UploadError::Gone`] when it rested too long; [`Denied::NotFound`] for somebody else's.
pub async fn status(content: &Content, caller: &Caller, upload: UploadId) -> Result<UploadStatus, UploadError> {
    let mut tx = content.env.db.read().await?;
    own_status(&mut tx, content, caller, upload).await
}

/// An upload belongs to the person who began it, and to nobody else.
pub(super) async fn own_status(conn: &mut Conn, content: &Content, caller: &Caller, upload: UploadId) -> Result<UploadStatus, UploadError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let row: Option<Row> = sql!("SELECT owner_id, length, received, state, asset_id, expires_at FROM upload WHERE id = $1")
        .bind(upload)
        .fetch_optional(conn)
        .await?;
    let Some(row) = row.filter(|row| row.owner_id == person) else { return Err(Denied::NotFound.into()) };
    if row.state == "gone" || (row.state == "receiving" && row.expires_at <= content.env.now()) {
        return Err(UploadError::Gone);
    }
    Ok(UploadStatus { id: upload, length: row.length, received: row.received, expires_at: row.expires_at, asset: row.asset_id })
}

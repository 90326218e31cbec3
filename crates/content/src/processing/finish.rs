use blobs::BlobError;
use bytes::BytesMut;
use db::{DbError, WriteTx, jobs, sql};
use exchange::kind::FileKind;
use futures::StreamExt as _;
use kernel::{AssetId, BlobId, UploadId};

use super::{Keeping, Kept, garbage, media_job};
use crate::Content;
use crate::assets::{AssetKind, AssetState};

/// Why an upload could not be finished; trying again is right.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The store.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// A part is missing: cannot be repaired.
    #[error("parts of the upload do not fit together at byte {0}")]
    Parts(i64),
    /// The object was collected while it was being written.
    #[error("the finished object was collected meanwhile")]
    Collected,
}

/// Puts the parts of an upload together, finds out what they are, and lets the next job make
/// something of them. The same bytes are stored once. Doing it again changes nothing.
///
/// # Errors
/// [`FinishError`].
pub async fn finish(content: &Content, upload: UploadId, asset: AssetId) -> Result<(), FinishError> {
    let now = content.env.now();
    let mut tx = content.env.db.read().await?;
    let open: Option<(String, i64)> = sql!("SELECT filename, size FROM asset WHERE id = $1 AND blob_id IS NULL AND state = 'checking'")
        .bind(asset)
        .fetch_optional(&mut tx)
        .await?;
    let parts: Vec<(i64, i64, String)> =
        sql!("SELECT start_byte, size, object_key FROM upload_part WHERE upload_id = $1 ORDER BY start_byte")
            .bind(upload)
            .fetch_all(&mut tx)
            .await?;
    drop(tx);
    let Some((filename, length)) = open else { return Ok(()) };
    if length == 0 {
        let mut tx = content.env.db.write().await?;
        super::fail_asset(&mut tx, asset, "empty", None, now).await?;
        clear_upload(&mut tx, content, upload).await?;
        tx.commit().await?;
        return Ok(());
    }
    let mut keeping = Keeping::begin(content).await?;
    if let Err(error) = put_together(content, &parts, length, &mut keeping).await {
        keeping.abort().await;
        return Err(error);
    }
    let kept = keeping.seal().await?;
    record(content, upload, asset, &filename, &kept).await
}

async fn put_together(content: &Content, parts: &[(i64, i64, String)], length: i64, keeping: &mut Keeping) -> Result<(), FinishError> {
    for (start, size, key) in parts {
        if *start != keeping.size() {
            return Err(FinishError::Parts(keeping.size()));
        }
        let mut stream = content.blobs.get(key, None).await?.stream;
        let mut gathered = BytesMut::new();
        while let Some(bytes) = stream.next().await {
            gathered.extend_from_slice(&bytes?);
        }
        keeping.write(gathered.freeze()).await?;
        if keeping.size() != start + size {
            return Err(FinishError::Parts(keeping.size()));
        }
    }
    if keeping.size() != length {
        return Err(FinishError::Parts(keeping.size()));
    }
    Ok(())
}

async fn record(content: &Content, upload: UploadId, asset: AssetId, filename: &str, kept: &Kept) -> Result<(), FinishError> {
    let now = content.env.now();
    let found = kept.kind;
    let kind = AssetKind::of(found);
    let mut tx = content.env.db.write().await?;
    let (blob, mime) = kept.record(&mut tx, content).await?;
    let known: Option<(String, Option<String>, Option<String>)> =
        sql!("SELECT state, failure_code, failure_detail FROM media WHERE blob_id = $1").bind(blob).fetch_optional(&mut tx).await?;
    let named = sql!("UPDATE asset SET blob_id = $2, kind = $3, mime = $4, updated_at = $5 WHERE id = $1 AND blob_id IS NULL")
        .bind(asset)
        .bind(blob)
        .bind(kind_of_same_bytes(&mut tx, blob, kind).await?.as_str())
        .bind(mime)
        .bind(now)
        .execute(&mut tx)
        .await?;
    if named == 0 {
        // It was deleted meanwhile: nothing is kept, and the ticket takes the object away.
        return Ok(());
    }
    match (known, plan(kind, found, filename)) {
        (Some((state, code, _)), _) if state == "failed" => {
            super::fail_asset(&mut tx, asset, code.as_deref().unwrap_or("internal"), None, now).await?
        }
        (Some((state, ..)), _) => {
            set_state(&mut tx, asset, if state == "ready" { AssetState::Ready } else { AssetState::Processing }, content).await?
        }
        (None, Plan::Keep) => set_state(&mut tx, asset, AssetState::Ready, content).await?,
        (None, Plan::Refuse(code)) => super::fail_asset(&mut tx, asset, code, None, now).await?,
        (None, Plan::Process) => {
            sql!("INSERT INTO media (blob_id, state, updated_at) VALUES ($1, 'processing', $2)")
                .bind(blob)
                .bind(now)
                .execute(&mut tx)
                .await?;
            set_state(&mut tx, asset, AssetState::Processing, content).await?;
            jobs::enqueue(&mut tx, &content.env.ids, now, media_job(blob, kind, now)).await?;
        }
    }
    clear_upload(&mut tx, content, upload).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether an MP4 is video or sound was found out when its bytes were first processed.
async fn kind_of_same_bytes(tx: &mut WriteTx, blob: BlobId, sniffed: AssetKind) -> Result<AssetKind, DbError> {
    let found: Option<(String,)> = sql!("SELECT kind FROM asset WHERE blob_id = $1 LIMIT 1").bind(blob).fetch_optional(tx).await?;
    Ok(match found {
        Some((kind,)) => AssetKind::try_from(kind)?,
        None => sniffed,
    })
}

async fn set_state(tx: &mut WriteTx, asset: AssetId, state: AssetState, content: &Content) -> Result<(), DbError> {
    sql!("UPDATE asset SET state = $2, updated_at = $3 WHERE id = $1")
        .bind(asset)
        .bind(state.as_str())
        .bind(content.env.now())
        .execute(tx)
        .await?;
    Ok(())
}

/// The parts of an upload are no longer needed.
pub(crate) async fn clear_upload(tx: &mut WriteTx, content: &Content, upload: UploadId) -> Result<(), DbError> {
    garbage::throw_parts(tx, &content.env, upload).await
}

enum Plan {
    /// Nothing is made of it.
    Keep,
    /// A job makes something of it.
    Process,
    /// It is not what it was given for.
    Refuse(&'static str),
}

fn plan(kind: AssetKind, found: FileKind, filename: &str) -> Plan {
    match found {
        FileKind::EncryptedOffice => Plan::Refuse("encrypted"),
        _ if matches!(kind, AssetKind::Video | AssetKind::Audio | AssetKind::Picture)
            || found.has_extractable_text() && kind != AssetKind::Text =>
        {
            Plan::Process
        }
        _ if named_as_media(filename) => Plan::Refuse("not_media"),
        _ if found.has_extractable_text() => Plan::Process,
        _ => Plan::Keep,
    }
}

/// The name never decides what a file is; but somebody who uploads `clip.mp4` wants a video, and
/// is told when it is none.
fn named_as_media(filename: &str) -> bool {
    const ENDINGS: [&str; 22] = [
        "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "3gp", "wmv", "flv", "mp3", "m4a", "wav", "ogg", "flac", "aac",
        "png", "jpg", "jpeg", "webp",
    ];
    filename.rsplit_once('.').is_some_and(|(_, end)| ENDINGS.contains(&end.to_ascii_lowercase().as_str()))
}

use blobs::{BlobError, BlobWriter};
use bytes::BytesMut;
use db::{DbError, WriteTx, jobs, sql};
use exchange::kind::{FileKind, sniff};
use futures::StreamExt as _;
use kernel::{AssetId, BlobId, UploadId};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{garbage, media_job};
use crate::Content;
use crate::assets::{AssetKind, AssetState};

/// So many first bytes tell what a file is. Archives name their entries at the end too, but writers
/// of office files put what matters first.
const HEAD_BYTES: usize = 4 << 20;

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

struct Put {
    sha256: String,
    size: i64,
    head: Vec<u8>,
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
    let blob: BlobId = content.env.ids.make();
    let key = format!("blobs/{blob}");
    let mut tx = content.env.db.write().await?;
    let ticket = garbage::throw_key(&mut tx, &content.env, &key, now.plus(garbage::GRACE)).await?;
    tx.commit().await?;
    let mut writer = content.blobs.writer(&key).await?;
    let put = match put_together(content, &parts, length, &mut writer).await {
        Ok(put) => put,
        Err(error) => {
            writer.abort().await;
            return Err(error);
        }
    };
    writer.finish().await?;
    record(content, upload, asset, &filename, &Written { blob, key, ticket, put }).await
}

async fn put_together(content: &Content, parts: &[(i64, i64, String)], length: i64, writer: &mut BlobWriter) -> Result<Put, FinishError> {
    let (mut hash, mut head, mut at) = (Sha256::new(), Vec::new(), 0);
    for (start, size, key) in parts {
        if *start != at {
            return Err(FinishError::Parts(at));
        }
        let mut stream = content.blobs.get(key, None).await?.stream;
        let mut gathered = BytesMut::new();
        while let Some(bytes) = stream.next().await {
            let bytes = bytes?;
            hash.update(&bytes);
            let room = HEAD_BYTES.saturating_sub(head.len()).min(bytes.len());
            head.extend_from_slice(&bytes[..room]);
            gathered.extend_from_slice(&bytes);
            at += bytes.len() as i64;
        }
        if at != start + size {
            return Err(FinishError::Parts(at));
        }
        writer.write(gathered.freeze()).await?;
    }
    if at != length {
        return Err(FinishError::Parts(at));
    }
    Ok(Put { sha256: hex::encode(hash.finalize()), size: at, head })
}

struct Written {
    blob: BlobId,
    key: String,
    ticket: Uuid,
    put: Put,
}

async fn record(content: &Content, upload: UploadId, asset: AssetId, filename: &str, new: &Written) -> Result<(), FinishError> {
    let now = content.env.now();
    let found = sniff(&new.put.head);
    let kind = AssetKind::of(found);
    let mut tx = content.env.db.write().await?;
    sql!(
        "INSERT INTO blob (id, sha256, size, mime, object_key, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256) DO NOTHING"
    )
    .bind(new.blob)
    .bind(&new.put.sha256)
    .bind(new.put.size)
    .bind(found.media_type())
    .bind(&new.key)
    .bind(now)
    .execute(&mut tx)
    .await?;
    let (blob, mime): (BlobId, String) = sql!("UPDATE blob SET unreferenced_at = NULL WHERE sha256 = $1 RETURNING id, mime")
        .bind(&new.put.sha256)
        .fetch_one(&mut tx)
        .await?;
    if blob == new.blob && !garbage::keep(&mut tx, new.ticket).await? {
        return Err(FinishError::Collected);
    }
    if blob != new.blob {
        // The same bytes are here already: ours are no longer needed.
        sql!("UPDATE object_garbage SET delete_after = $2 WHERE id = $1").bind(new.ticket).bind(now).execute(&mut tx).await?;
    }
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

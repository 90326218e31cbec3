//! Bytes on their way to becoming a blob: written as an object under a key of its own, hashed as they
//! come, then named by a row. The same bytes are stored once.

use blobs::{BlobError, BlobWriter};
use bytes::Bytes;
use db::{WriteTx, sql};
use exchange::kind::{FileKind, sniff};
use futures::StreamExt as _;
use kernel::BlobId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::FinishError;
use super::garbage;
use crate::Content;
use crate::uploads::ReceiveBody;

/// So many first bytes tell what a file is. Archives name their entries at the end too, but writers
/// of office files put what matters first.
const HEAD_BYTES: usize = 4 << 20;

/// An object being written. Dropped, or given up by [`Keeping::abort`], it leaves nothing that
/// garbage collection would not find.
pub struct Keeping {
    blob: BlobId,
    key: String,
    ticket: Uuid,
    writer: BlobWriter,
    hash: Sha256,
    size: i64,
    head: Vec<u8>,
}

impl std::fmt::Debug for Keeping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keeping({}, {} bytes)", self.key, self.size)
    }
}

/// An object that is whole and not named by a row yet.
#[derive(Debug)]
pub struct Kept {
    blob: BlobId,
    key: String,
    ticket: Uuid,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// What the first bytes say it is.
    pub kind: FileKind,
}

impl Keeping {
    /// Begins an object, under a ticket that has it deleted unless it is recorded.
    ///
    /// # Errors
    /// [`FinishError`].
    pub async fn begin(content: &Content) -> Result<Self, FinishError> {
        let blob: BlobId = content.env.ids.make();
        let key = format!("blobs/{blob}");
        let mut tx = content.env.db.write().await?;
        let ticket = garbage::throw_key(&mut tx, &content.env, &key, content.env.now().plus(garbage::GRACE)).await?;
        tx.commit().await?;
        let writer = content.blobs.writer(&key).await?;
        Ok(Self { blob, key, ticket, writer, hash: Sha256::new(), size: 0, head: Vec::new() })
    }

    /// So many bytes have come.
    pub fn size(&self) -> i64 {
        self.size
    }

    /// The next bytes.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.hash.update(&bytes);
        let room = HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(bytes.get(..room).unwrap_or_default());
        self.size += bytes.len() as i64;
        self.writer.write(bytes).await
    }

    /// Gives the object up.
    pub async fn abort(self) {
        self.writer.abort().await;
    }

    /// All bytes have come and are on disk.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn seal(self) -> Result<Kept, BlobError> {
        self.writer.finish().await?;
        Ok(Kept {
            blob: self.blob,
            key: self.key,
            ticket: self.ticket,
            sha256: hex::encode(self.hash.finalize()),
            size: self.size,
            kind: sniff(&self.head),
        })
    }
}

impl Kept {
    /// Names the object by a row, or finds the row of the same bytes. Returns the blob and its media type.
    ///
    /// # Errors
    /// [`FinishError::Collected`] when the ticket was due meanwhile; the transaction must be dropped then.
    pub async fn record(&self, tx: &mut WriteTx, content: &Content) -> Result<(BlobId, String), FinishError> {
        let now = content.env.now();
        sql!(
            "INSERT INTO blob (id, sha256, size, mime, object_key, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256) DO NOTHING"
        )
        .bind(self.blob)
        .bind(&self.sha256)
        .bind(self.size)
        .bind(self.kind.media_type())
        .bind(&self.key)
        .bind(now)
        .execute(tx)
        .await?;
        let (blob, mime): (BlobId, String) =
            sql!("UPDATE blob SET unreferenced_at = NULL WHERE sha256 = $1 RETURNING id, mime").bind(&self.sha256).fetch_one(tx).await?;
        if blob == self.blob && !garbage::keep(tx, self.ticket).await? {
            return Err(FinishError::Collected);
        }
        if blob != self.blob {
            // The same bytes are here already: ours are no longer needed.
            sql!("UPDATE object_garbage SET delete_after = $2 WHERE id = $1").bind(self.ticket).bind(now).execute(tx).await?;
        }
        Ok((blob, mime))
    }
}

/// Why bytes that come were not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// They could not be stored.
    #[error(transparent)]
    Store(#[from] FinishError),
    /// There are more than may be.
    #[error("too large")]
    TooLarge,
    /// There are none.
    #[error("empty")]
    Empty,
    /// The connection broke before all had come.
    #[error("broken off")]
    Broken,
}

/// Keeps bytes as they come, `most` of them at most: an object on disk that still has to be recorded.
///
/// # Errors
/// [`KeepError`]; then nothing is kept.
pub async fn keep_stream(content: &Content, body: ReceiveBody, most: u64) -> Result<Kept, KeepError> {
    let mut keeping = Keeping::begin(content).await?;
    match write_all(&mut keeping, body, most).await {
        Ok(()) => Ok(keeping.seal().await.map_err(FinishError::from)?),
        Err(error) => {
            keeping.abort().await;
            Err(error)
        }
    }
}

async fn write_all(keeping: &mut Keeping, mut body: ReceiveBody, most: u64) -> Result<(), KeepError> {
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|_| KeepError::Broken)?;
        let size = u64::try_from(keeping.size()).unwrap_or(u64::MAX).saturating_add(bytes.len() as u64);
        if size > most {
            return Err(KeepError::TooLarge);
        }
        if !bytes.is_empty() {
            keeping.write(bytes).await.map_err(FinishError::from)?;
        }
    }
    if keeping.size() == 0 { Err(KeepError::Empty) } else { Ok(()) }
}

/// Keeps bytes that are in memory: an object on disk that still has to be recorded.
///
/// # Errors
/// [`FinishError`].
pub async fn keep_bytes(content: &Content, bytes: Bytes) -> Result<Kept, FinishError> {
    let mut keeping = Keeping::begin(content).await?;
    if let Err(error) = keeping.write(bytes).await {
        keeping.abort().await;
        return Err(error.into());
    }
    Ok(keeping.seal().await?)
}

use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _};
use identity::access::Caller;
use kernel::UploadId;
use uuid::Uuid;

use super::checksum::Running;
use super::part::{Part, commit};
use super::status::own_status;
use super::{Checksum, PART_BYTES, UploadError, UploadStatus};
use crate::Content;

/// The bytes of one request as they come; an error is a connection that broke.
pub type ReceiveBody = Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>> + Send>>;

/// A client that sends nothing for so long has gone, though its connection may not know it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes bytes at `offset`. When the connection breaks, what came is kept; with a checksum all is
/// kept or nothing.
///
/// # Errors
/// [`UploadError`]; [`UploadStatus::received`] of a later [`super::status`] tells what was kept.
pub async fn receive(
    content: &Content,
    caller: &Caller,
    upload: UploadId,
    offset: i64,
    body: ReceiveBody,
    checksum: Option<Checksum>,
) -> Result<UploadStatus, UploadError> {
    let mut tx = content.env.db.read().await?;
    let status = own_status(&mut tx, content, caller, upload).await?;
    drop(tx);
    if offset != status.received {
        return Err(UploadError::WrongOffset(status.received));
    }
    if status.received == status.length {
        return Ok(status);
    }
    let running = checksum.as_ref().map(Checksum::start);
    let mut intake =
        Intake { content, upload, at: offset, left: status.length - offset, buffer: BytesMut::new(), held: Vec::new(), running, status };
    let outcome = intake.take_all(body).await;
    let digest = intake.running.take().map(Running::finish);
    let checked = match (outcome, checksum) {
        (Ok(()), Some(wanted)) if digest.as_deref() != Some(wanted.digest.as_slice()) => Err(UploadError::Checksum),
        (outcome, _) => outcome,
    };
    let held = std::mem::take(&mut intake.held);
    match checked {
        Ok(()) if held.is_empty() => Ok(intake.status),
        Ok(()) => keep(content, upload, held).await,
        Err(error) => {
            discard(content, &held).await;
            Err(error)
        }
    }
}

struct Intake<'a> {
    content: &'a Content,
    upload: UploadId,
    at: i64,
    left: i64,
    buffer: BytesMut,
    /// Parts that wait for the checksum.
    held: Vec<Part>,
    running: Option<Running>,
    status: UploadStatus,
}

impl Intake<'_> {
    async fn take_all(&mut self, mut body: ReceiveBody) -> Result<(), UploadError> {
        loop {
            let came = tokio::time::timeout(PATIENCE, body.next()).await;
            let cause = match came {
                Ok(Some(Ok(bytes))) => {
                    self.take(bytes).await?;
                    continue;
                }
                Ok(None) => None,
                Ok(Some(Err(_))) => Some(UploadError::Broken),
                Err(_) => Some(UploadError::Stalled),
            };
            // With a checksum the rest cannot be verified any more and is thrown away by the caller.
            if cause.is_none() || self.running.is_none() {
                self.flush().await?;
            }
            return cause.map_or(Ok(()), Err);
        }
    }

    async fn take(&mut self, mut bytes: Bytes) -> Result<(), UploadError> {
        if bytes.len() as i64 > self.left {
            return Err(UploadError::TooLarge);
        }
        self.left -= bytes.len() as i64;
        if let Some(running) = &mut self.running {
            running.update(&bytes);
        }
        while !bytes.is_empty() {
            if self.buffer.capacity() == 0 {
                // As much as this part can become, so that it never moves while it grows.
                self.buffer.reserve(PART_BYTES.min(bytes.len() + usize::try_from(self.left).unwrap_or(PART_BYTES)));
            }
            let fits = bytes.len().min(PART_BYTES - self.buffer.len());
            self.buffer.extend_from_slice(&bytes.split_to(fits));
            if self.buffer.len() == PART_BYTES {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Makes the bytes gathered so far a durable part.
    async fn flush(&mut self) -> Result<(), UploadError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.buffer).freeze();
        let size = bytes.len() as i64;
        // The key is this attempt's alone: another writer at the same place has another.
        let attempt: Uuid = self.content.env.ids.make();
        let part = Part { start: self.at, size, object_key: format!("uploads/{}/{}-{}", self.upload, self.at, attempt.simple()) };
        self.content.blobs.put(&part.object_key, bytes).await?;
        self.at += size;
        if self.running.is_some() {
            self.held.push(part);
        } else {
            self.status = keep(self.content, self.upload, vec![part]).await?;
        }
        Ok(())
    }
}

async fn keep(content: &Content, upload: UploadId, parts: Vec<Part>) -> Result<UploadStatus, UploadError> {
    let kept = commit(content, upload, &parts).await;
    // A commit whose answer was lost may have been made: its parts are named then, and must stay.
    if matches!(&kept, Err(error) if !matches!(error, UploadError::Db(_))) {
        discard(content, &parts).await;
    }
    kept
}

/// What stays behind here goes with the upload's whole prefix when it ends.
async fn discard(content: &Content, parts: &[Part]) {
    for part in parts {
        if let Err(error) = content.blobs.delete(&part.object_key).await {
            tracing::warn!(%error, key = part.object_key, "a part that does not count could not be deleted yet");
        }
    }
}

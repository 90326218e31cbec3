use blobs::BlobError;
use content::processing::{self, FinishError, FinishPayload};

use crate::Worker;
use crate::job::Outcome;

/// Puts an upload together.
pub(crate) async fn finish(worker: &Worker, payload: FinishPayload) -> Outcome {
    match processing::finish(&worker.content, payload.upload, payload.asset).await {
        Ok(()) => Outcome::Done,
        Err(FinishError::Blob(BlobError::DiskFull)) => Outcome::Again { cause: "the disk is full".to_owned(), code: "disk_full" },
        Err(error @ FinishError::Parts(_)) => Outcome::Hopeless(error.to_string()),
        Err(error) => Outcome::again(error),
    }
}

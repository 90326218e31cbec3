//! What happens to a file after its last byte has come. The rows of it; who runs jobs and children
//! is the `worker` crate.

mod finish;
pub mod garbage;
mod keep;
mod outcome;
pub mod run;
mod text;

use db::jobs::{self, NewJob};
use db::{DbError, Env, WriteTx, sql};
use kernel::{AssetId, BlobId, Timestamp, UploadId};
use serde::{Deserialize, Serialize};

use crate::assets::AssetKind;

pub(crate) use finish::clear_upload;
pub use finish::{FinishError, finish};
pub use keep::{KeepError, Keeping, Kept, keep_bytes, keep_stream};
pub(crate) use outcome::reopen_media;
pub use outcome::{Material, fail_asset, fail_media, lookup_material, reopen};
pub use text::{TEXT_FILE, TEXT_HANDLER, TextFailure, extract_text_in_child, read_extracted, store_text};

/// Kinds of jobs of this crate.
pub mod kinds {
    /// Puts the parts of an upload together and finds out what they are.
    pub const FINISH_UPLOAD: &str = "finish_upload";
    /// Makes a video or a sound playable. The only kind that takes long.
    pub const PROCESS_MEDIA: &str = "process_media";
    /// Makes the previews of a picture, or reads the text of a document.
    pub const PROCESS_FILE: &str = "process_file";
    /// Makes pictures of a photo of a pupil's work, as large as writing needs.
    pub const PROCESS_PHOTO: &str = "process_photo";
    /// Deletes what nothing refers to.
    pub const COLLECT_GARBAGE: &str = "collect_garbage";
    /// Forgets uploads that rest.
    pub const EXPIRE_UPLOADS: &str = "expire_uploads";
    /// Forgets sessions that ended.
    pub const PURGE_SESSIONS: &str = "purge_sessions";
    /// Removes from the audit log what is older than it is kept.
    pub const TRIM_AUDIT: &str = "trim_audit";
}

/// What [`kinds::FINISH_UPLOAD`] is about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FinishPayload {
    /// The upload that is whole.
    pub upload: UploadId,
    /// The file it became.
    pub asset: AssetId,
}

/// What [`kinds::PROCESS_MEDIA`], [`kinds::PROCESS_FILE`] and [`kinds::PROCESS_PHOTO`] are about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MediaPayload {
    /// The bytes, shared by all files that have them.
    pub blob: BlobId,
}

/// The job that finishes an upload.
pub fn finish_job(upload: UploadId, asset: AssetId, now: Timestamp) -> NewJob {
    NewJob {
        kind: kinds::FINISH_UPLOAD,
        payload: serde_json::to_string(&FinishPayload { upload, asset }).unwrap_or_default(),
        subject_id: Some(asset.as_uuid()),
        dedup_key: Some(format!("finish:{upload}")),
        max_attempts: 12,
        run_at: now,
    }
}

/// The job that makes something of a blob.
pub fn media_job(blob: BlobId, kind: AssetKind, now: Timestamp) -> NewJob {
    job_of(blob, if matches!(kind, AssetKind::Video | AssetKind::Audio) { kinds::PROCESS_MEDIA } else { kinds::PROCESS_FILE }, now)
}

fn job_of(blob: BlobId, kind: &'static str, now: Timestamp) -> NewJob {
    NewJob {
        kind,
        payload: serde_json::to_string(&MediaPayload { blob }).unwrap_or_default(),
        subject_id: Some(blob.as_uuid()),
        dedup_key: Some(format!("media:{blob}")),
        max_attempts: 5,
        run_at: now,
    }
}

/// Has pictures made of a blob that is a photo of a pupil's work, unless something was made of these bytes before.
///
/// # Errors
/// [`DbError`].
pub async fn process_photo(tx: &mut WriteTx, env: &Env, blob: BlobId) -> Result<(), DbError> {
    let now = env.now();
    let new = sql!("INSERT INTO media (blob_id, state, updated_at) VALUES ($1, 'processing', $2) ON CONFLICT (blob_id) DO NOTHING")
        .bind(blob)
        .bind(now)
        .execute(tx)
        .await?;
    if new == 1 {
        jobs::enqueue(tx, &env.ids, now, job_of(blob, kinds::PROCESS_PHOTO, now)).await?;
    }
    Ok(())
}

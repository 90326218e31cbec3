//! Uploads that survive the browser, the network and the server: the rules of tus 1.0 without HTTP.
//!
//! Bytes go into part objects of 8 MB at most. `received` grows only after a part is durable in the
//! store and its row is committed in the same transaction, by compare-and-set: of two writers at the
//! same place one wins and the other's part is thrown away, so nothing is ever mixed.

mod checksum;
mod create;
mod expiry;
mod filename;
mod part;
mod receive;
mod status;

use blobs::BlobError;
use db::DbError;
use identity::access::Denied;
use kernel::{AssetId, Timestamp, UploadId};

pub use checksum::{Algorithm, Checksum};
pub use create::{NewUpload, create, hold_quota, over_quota};
pub use expiry::{expire, terminate};
pub use filename::clean_filename;
pub use receive::{ReceiveBody, receive};
pub use status::status;

/// Most bytes of one part, held in memory while it comes.
pub const PART_BYTES: usize = 8 << 20;

/// How an upload stands.
#[derive(Clone, Debug)]
pub struct UploadStatus {
    /// Which.
    pub id: UploadId,
    /// Bytes in all.
    pub length: i64,
    /// Bytes that are safe.
    pub received: i64,
    /// When it is forgotten unless more comes.
    pub expires_at: Timestamp,
    /// The file it became, when whole.
    pub asset: Option<AssetId>,
}

/// Why an upload was refused.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// Larger than a file may be, or more bytes than announced.
    #[error("too large")]
    TooLarge,
    /// The organisation, or one above it, has no space left.
    #[error("over the quota")]
    Quota,
    /// It would not fit on this server's disk.
    #[error("the disk is full")]
    DiskFull,
    /// The bytes are for another place than the next.
    #[error("the upload is at {0}")]
    WrongOffset(i64),
    /// The bytes are not those whose checksum was given; none was kept.
    #[error("checksum mismatch")]
    Checksum,
    /// It was given up, or rested too long.
    #[error("the upload is gone")]
    Gone,
    /// Nothing came for a minute; what came before is kept.
    #[error("nothing came")]
    Stalled,
    /// The connection broke; what came before is kept.
    #[error("the connection broke")]
    Broken,
}

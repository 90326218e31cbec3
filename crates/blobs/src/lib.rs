//! Stored objects: a local folder or any S3, behind one type.
//!
//! Keys are ASCII and never used twice, so nothing here depends on conditional writes (some S3
//! servers ignore them without saying so). What belongs together and what may be deleted is the
//! database's matter: this crate knows neither lessons nor people.

mod config;
mod error;
mod hot;
mod read;
mod store;
mod write;

pub use config::BlobsConfig;
pub use error::BlobError;
pub use hot::HotObjects;
pub use read::{BlobRead, BlobStream};
pub use store::Blobs;
pub use write::BlobWriter;

//! Lessons and what they are made of: uploads, files and their media, the library and its search,
//! and who watched what. Use cases, each with its own SQL; bytes go through `blobs`, never through
//! a transaction.

pub mod access;
pub mod assets;
pub mod curriculum;
pub mod demo;
pub mod doc;
pub mod indexing;
pub mod lessons;
pub mod library;
pub mod library_import;
pub mod processing;
mod service;
pub mod sets;
pub mod uploads;
pub mod watch;

pub use service::{Content, ContentConfig, OpenError, UploadLimits};

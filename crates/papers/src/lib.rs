//! Question papers in and out of every file format teachers have, without any I/O: bytes in, a
//! [`Paper`] with a report out, and back.
//!
//! Everything that reads here reads hostile input: readers have limits on size, depth and count,
//! never fetch anything, and lose nothing without an entry in the report. A key is never guessed.

pub mod aiken;
mod bare;
pub mod cartridge;
pub mod document;
pub mod docx;
pub mod encodings;
mod error;
pub mod ex_test;
pub mod format;
pub mod gift;
pub mod layout;
pub mod light;
pub mod math;
pub mod metafile;
pub mod model;
pub mod moodle;
pub mod opening;
pub mod ours;
mod package;
pub mod pdf;
pub mod qti;
pub mod rich;
mod roman;
pub mod sheet;
pub mod tables;
pub mod write_docx;
pub mod xml;

pub use error::{ReadError, WriteError, Written};
pub use format::Format;
pub use model::Paper;
pub use opening::{Opened, open, read, write};
pub use package::media as package_media;

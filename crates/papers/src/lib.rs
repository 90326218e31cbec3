//! Question papers in and out of every file format teachers have, without any I/O: bytes in, a
//! [`Paper`] with a report out, and back.
//!
//! Everything that reads here reads hostile input: readers have limits on size, depth and count,
//! never fetch anything, and lose nothing without an entry in the report. A key is never guessed.

pub mod document;
mod error;
pub mod layout;
pub mod light;
mod math;
pub mod model;
pub mod rich;
pub mod tables;
pub mod xml;

pub use error::{ReadError, WriteError, Written};
pub use model::Paper;

//! The question bank and the import desk: questions in folders of a person or an organisation, in
//! immutable versions once used, found through the search index; papers read from files, put right by
//! their teacher, and saved only when she says so. Pupils and parents see nothing of it.

mod access;
pub mod bank;
pub mod demo;
pub mod files;
pub mod imports;
mod service;
mod space;
pub mod upkeep;

pub use access::{EditFolder, UseBank};
pub use service::Questions;

//! Full-text search for Vietnamese on tantivy.
//!
//! The index is a copy: the database is the truth. Index and cursor in the
//! change log are committed as one, so a crash never loses or repeats a change,
//! and a damaged index is thrown away and filled again from the start.
//!
//! Visibility is part of every query: a document is found only through one of
//! its `readable_by` tokens. Functions block; call them off the async threads.

pub mod analysis;
mod fields;
mod folder;
pub mod formula;
mod index;
mod model;
mod query;
mod snippet;
mod terms;

pub use index::{Index, Opened, SearchError};
pub use model::{Change, Document, Filter, Highlight, Hit, MAX_LIMIT, MAX_OFFSET, MAX_QUERY, Query, Results, Segment, Snippet};

//! The text of a lesson: a typed tree of blocks. Whatever a client sends is read into it leniently,
//! and only what the tree can say is stored and shown: there is no HTML anywhere in it.

mod chemistry;
mod formula;
mod link;
mod node;
mod read;
mod text;
mod words;
mod write;

pub use link::is_safe_link;
pub use node::{Block, CalloutKind, Cell, CellKind, Doc, Inline, Mark, Media, MediaKind};
pub use read::{DocError, Sanitised, read};
pub use text::{Part, Words};

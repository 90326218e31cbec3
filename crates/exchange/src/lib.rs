//! File formats, without any I/O: bytes in, values out.
//!
//! Everything here reads hostile input. Readers have limits on size, depth and
//! count, and every error or problem names the place it was found at. Nothing
//! opens a file, a socket or a clock.

pub mod archive;
pub mod captions;
pub mod chapters;
pub mod decode;
pub mod fence;
pub mod kind;
pub mod library_lines;
pub mod roster;
pub mod roster_export;
pub mod text;
pub mod vietnamese;
pub mod workbook;
mod xml;

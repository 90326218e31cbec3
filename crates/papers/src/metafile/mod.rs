//! Windows metafiles (WMF, EMF), which Word keeps drawings and previews of formulas in, as SVG.
//!
//! The SVG is of a small safe kind: paths, letters and pictures inside it as PNG. Nothing it holds
//! refers to anything outside or runs. Own code, since the crates there are (`wmf-core`, `emf-core`)
//! are young and trust the sizes that files claim.

mod bytes;
mod canvas;
mod dib;
mod emf;
mod error;
mod objects;
mod shapes;
mod text;
mod wmf;

pub use error::MetafileError;

/// A drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG.
    pub svg: Vec<u8>,
    /// Width on the page in CSS pixels.
    pub width: u16,
    /// Height on the page in CSS pixels.
    pub height: u16,
    /// What could not be drawn, in the words of the format: for the report.
    pub lost: Vec<String>,
}

/// A metafile as SVG.
///
/// # Errors
/// [`MetafileError`] where it is none, is broken, or nothing of it can be drawn.
pub fn to_svg(bytes: &[u8]) -> Result<Vec<u8>, MetafileError> {
    read(bytes).map(|drawing| drawing.svg)
}

/// Reads a metafile of either kind.
///
/// # Errors
/// [`MetafileError`] where it is none, is broken, or nothing of it can be drawn.
pub fn read(bytes: &[u8]) -> Result<Drawing, MetafileError> {
    if emf::is_one(bytes) {
        emf::read(bytes)
    } else if wmf::is_one(bytes) {
        wmf::read(bytes)
    } else {
        Err(MetafileError::Foreign)
    }
}

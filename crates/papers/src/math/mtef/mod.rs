//! Formulas of MathType and of Equation Editor 3.0 (MTEF 5 and 3), as Word files embed them, to LaTeX.
//! What is not understood is an error that names it, so that the picture of the formula is kept instead.

mod cursor;
mod error;
mod letters;
mod line;
mod native;
mod prefs;
mod record;
mod selector;
mod template;

pub use error::MtefError;
pub(crate) use letters::symbol_letter;

use super::latex::{Node, to_latex};

/// LaTeX of the formula in an OLE object (`oleObject1.bin`).
///
/// # Errors
/// [`MtefError`] naming what was not understood.
pub fn from_ole(bytes: &[u8]) -> Result<String, MtefError> {
    from_mtef(&native::equation_of_ole(bytes)?)
}

/// LaTeX of the formula that MathType hides in its preview picture (WMF), where the object itself is gone.
///
/// # Errors
/// [`MtefError::NoEquation`] for any other picture; else as for [`from_ole`].
pub fn from_wmf(bytes: &[u8]) -> Result<String, MtefError> {
    from_mtef(&native::equation_of_wmf(bytes)?)
}

/// LaTeX of a formula's bytes.
///
/// # Errors
/// [`MtefError`] naming what was not understood.
pub fn from_mtef(bytes: &[u8]) -> Result<String, MtefError> {
    let node = tree(bytes)?;
    if node.is_empty() { Err(MtefError::Empty) } else { Ok(to_latex(&node)) }
}

fn tree(bytes: &[u8]) -> Result<Node, MtefError> {
    let (records, fonts) = record::read(bytes)?;
    line::node(&records, &fonts)
}

//! Formulas: from what files hold to LaTeX, and back.

pub mod latex;
mod mathml;
pub mod mtef;

pub use mathml::from_mathml;
pub(crate) use mathml::from_mathml_tree;

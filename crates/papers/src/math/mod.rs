//! Formulas: from what files hold to LaTeX, and back.

pub(crate) mod eq_field;
pub mod latex;
mod mathml;
pub mod mtef;
pub(crate) mod omml;
pub(crate) mod symbols;

pub use mathml::from_mathml;
pub(crate) use mathml::from_mathml_tree;

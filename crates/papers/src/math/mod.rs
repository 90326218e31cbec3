//! Formulas: from what files hold to LaTeX, and back.

pub(crate) mod eq_field;
mod mathml;
pub(crate) mod omml;
pub(crate) mod symbols;

pub(crate) use mathml::from_mathml_tree;

//! Formulas: from what files hold to LaTeX, and back.

mod mathml;

pub(crate) use mathml::from_mathml_tree;

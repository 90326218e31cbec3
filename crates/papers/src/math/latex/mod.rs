//! Formulas as LaTeX: read into a tree, and the tree written as LaTeX or as Word's equations.

mod environment;
mod error;
mod lexer;
mod mhchem;
mod node;
mod omml;
mod parse;
mod symbols;
mod text;
mod write;

pub use error::LatexError;
pub use omml::to_omml;
pub use parse::parse;
pub use write::to_latex;

pub use node::{Accent, Enclosure, FractionKind, Grid, GridKind, Node, Place, Script, Space, Style};
pub(crate) use symbols::letter_of as symbol;
pub(crate) use symbols::{FUNCTIONS, LIMIT_FUNCTIONS, is_big, negation};

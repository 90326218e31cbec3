//! Keys that stand apart from their questions: tables and lines of numbers and letters.

mod grid;
mod lettered;
mod value;

pub(crate) use grid::{Square, grid, is_key, is_named, is_short, read, statement};
pub(crate) use value::{Value, labelled_truths, listed, pairs, plain_of, truth, truths, value};

/// One key as printed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeyEntry {
    /// The part it says it is for.
    pub part: Option<u32>,
    /// The paper it says it is for (`Mã đề 201`).
    pub code: Option<String>,
    pub number: u32,
    pub value: Value,
    /// Keys of one table or line, counted from 0: numbers that start again start another part.
    pub group: usize,
}

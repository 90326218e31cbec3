//! Every operation of the description, probed: who may call it, what it does with nonsense, and
//! that nothing of one school ever comes back to another.

#[path = "../support/mod.rs"]
mod support;

mod access;
mod bad_input;
mod marked_strings;
mod operations;

//! Every operation of the description, probed: who may call it, what it does with nonsense, and
//! that nothing of one school ever comes back to another.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod bad_input;
mod marked_strings;
mod operations;

//! From how a paper looks to its questions, in every shape teachers write.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests say what they want and fail where it is not so")]

mod hostile;
mod keys;
mod mixed;
mod options;
mod parts;
mod points;
mod shared;
mod sheet;
mod teachers;
mod truths;
mod word;

#[path = "../support/mod.rs"]
mod support;

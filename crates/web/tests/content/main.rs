//! Lessons, uploads and files over HTTP.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod journey;
mod question_imports;
mod tus;

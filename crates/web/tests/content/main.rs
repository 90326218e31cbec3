//! Lessons, uploads and files over HTTP.

#[path = "../support/mod.rs"]
mod support;

mod files;
mod journey;
mod tus;

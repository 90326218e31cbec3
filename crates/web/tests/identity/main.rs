//! People, organisations and sign-in over HTTP.
#![allow(clippy::print_stderr, reason = "a test that is left out says so")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod imports;
mod numbers;
mod organisations;
mod people;
mod reach;
mod sign_in;

//! People, organisations and sign-in over HTTP.

#[path = "../support/mod.rs"]
mod support;

mod imports;
mod organisations;
mod people;
mod reach;
mod sign_in;

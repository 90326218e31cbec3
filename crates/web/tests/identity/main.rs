//! People, organisations and sign-in over HTTP.

#[path = "../support/mod.rs"]
mod support;

mod sign_in;

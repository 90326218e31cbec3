//! People, organisations, sign-in and access.

pub mod access;

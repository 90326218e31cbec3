//! People, organisations, sign-in and access.

pub mod access;
pub mod audit;
pub mod fault;
pub mod me;
pub mod organisations;
pub mod password;
pub mod people;
pub mod sessions;
pub mod setup;
pub mod sign_in;

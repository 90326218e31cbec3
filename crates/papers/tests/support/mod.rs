//! Files for tests, made from strings.
#![allow(dead_code, reason = "each test file takes what it needs")]

pub mod docx;
pub mod show;

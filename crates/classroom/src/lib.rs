//! What teachers do with their pupils: classes that are taught together, also across schools; tests made
//! from the bank, given and sat; answers that are on disk before anybody is told so; marks.

mod access;
pub mod attempts;
pub mod classes;
pub mod demo;
pub mod rehearsals;
mod service;
pub mod tests;

pub use access::{CreateClass, SeeClass, Sight, StaffClass, TeachClass};
pub use service::Classroom;

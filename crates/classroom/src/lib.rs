//! What teachers do with their pupils: classes that are taught together, also across schools.

mod access;
pub mod classes;
mod service;

pub use access::{CreateClass, SeeClass, Sight, StaffClass, TeachClass};
pub use service::Classroom;

//! Classes that are taught together.

//! A fence around parsers that are not ours.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a parser; `None` when it panicked. A panic in it means a damaged file,
/// not a dead server. Its values are dropped, so none is seen half made.
pub fn without_panic<T>(parse: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(parse)).ok()
}

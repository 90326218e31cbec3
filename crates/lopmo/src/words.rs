//! What commands print.

use std::fmt;
use std::io::Write as _;

/// One line for the operator. A closed pipe is not our problem.
pub fn say(text: impl fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// One line about something that failed.
pub fn complain(text: impl fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "lopmo: {text}");
}

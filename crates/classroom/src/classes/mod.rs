//! Classes that are taught together: who teaches them, who learns in them and for which school, how
//! pupils come in, and the teams within.

mod change;
pub mod joining;
mod list;
pub mod members;
mod roster;
mod rows;
pub mod schools;
pub mod teachers;
pub mod teams;

use db::DbError;
use exchange::roster::RosterError;
use identity::access::Denied;
use identity::fault::Fault;
use identity::people::import::ImportError;
use identity::sign_in::SignInError;

pub use change::{ClassInput, archive, change, create, get, restore};
pub use list::{ClassFilter, Whose, list};
pub use roster::{RosterResult, UnknownRow, UnknownWhy, add_from_roster};
pub use rows::{ClassDetail, ClassRow, ClassStanding, ClassTeacher, JoinPolicy, JoinSettings, TeacherRole};

/// Most people in a class at once, waiting ones too.
pub const MOST_MEMBERS: i64 = 1_000;

/// Why something about classes was refused.
#[derive(Debug, thiserror::Error)]
pub enum ClassError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Fields are wrong.
    #[error("fields are wrong")]
    Invalid(Vec<Fault>),
    /// A file or text is no list of people.
    #[error(transparent)]
    Unreadable(#[from] RosterError),
    /// Too many wrong codes; seconds until the next try.
    #[error("too many tries; again in {0} s")]
    TooManyTries(u64),
    /// Only pupils join a class by its code.
    #[error("only pupils join by a code")]
    PupilsOnly,
    /// Who teaches a class does not learn in it.
    #[error("a teacher of the class")]
    TeachesIt,
    /// There is no more room.
    #[error("the class is full")]
    Full,
    /// A class keeps one school at least, and every school that somebody is there for.
    #[error("the school is needed")]
    SchoolNeeded,
    /// Who answers for a class hands it over before going.
    #[error("the owner stays")]
    OwnerStays,
    /// Something failed inside.
    #[error("{0}")]
    Inside(String),
}

impl From<Vec<Fault>> for ClassError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Invalid(faults)
    }
}

impl From<SignInError> for ClassError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::TooManyAttempts(seconds) => Self::TooManyTries(seconds),
            SignInError::Db(error) => Self::Db(error),
            other => Self::Inside(other.to_string()),
        }
    }
}

impl From<ImportError> for ClassError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Denied(denied) => Self::Denied(denied),
            ImportError::Db(error) => Self::Db(error),
            ImportError::Unreadable(error) => Self::Unreadable(error),
            other => Self::Inside(other.to_string()),
        }
    }
}

fn fault(field: &'static str, code: &'static str) -> ClassError {
    ClassError::Invalid(vec![Fault { field, code }])
}

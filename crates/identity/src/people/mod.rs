//! People: who they are, where they belong and since when.

mod adding;
mod belonging;
mod changing;
mod draft;
mod erasing;
mod export;
mod history;
mod identifiers;
pub mod import;
mod listing;
mod numbers;
pub mod password_links;
mod roles;
mod rows;
pub mod slips;
mod view;

use db::DbError;

use crate::access::Denied;
use crate::fault::Fault;
use crate::password::HashingError;

pub(crate) use adding::set_password;
pub use adding::{FirstPassword, add, create};
pub(crate) use belonging::{EnrolmentEnd, end_role, hold_role, home_of};
pub use changing::{PersonChange, change};
pub use draft::{Gender, PersonDraft, PersonInput};
pub use erasing::erase;
pub use export::{export, export_own};
pub use history::{Enrolment, EnrolmentReason};
pub(crate) use identifiers::email_is_taken;
pub use listing::{PeopleFilter, list};
pub use roles::{Transfer, give_role, take_role, transfer};
pub(crate) use rows::roles_of;
pub use rows::{ClassRef, PersonRow, PersonState};
pub use view::{Person, get};

/// What an erased person is called, where her traces must stay.
pub const ERASED_NAME: &str = "Người dùng đã xoá";

/// Why something about people is refused.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Fields are wrong.
    #[error("invalid fields")]
    Invalid(Vec<Fault>),
    /// Hashing failed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// The system has no randomness.
    #[error("randomness: {0}")]
    Randomness(String),
    /// Nobody would be left to look after the server.
    #[error("the last administrator")]
    LastAdministrator,
    /// One does not lock or erase oneself.
    #[error("one's own account")]
    OwnAccount,
    /// A workbook could not be written.
    #[error("export: {0}")]
    Export(String),
}

impl From<Vec<Fault>> for PeopleError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Invalid(faults)
    }
}

impl PeopleError {
    fn fault(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![Fault { field, code }])
    }
}

//! The bank: folders, questions and their versions, finding, near-duplicates, reports, export.

mod change;
mod check;
pub mod export;
pub mod folders;
pub(crate) mod indexing;
mod list;
mod merge;
mod meta;
mod question;
mod record;
pub mod reports;
mod rows;
pub mod shares;
pub mod similar;
mod stored;
mod write;

use content::indexing::FollowError;
use content::processing::FinishError;
use db::DbError;
use identity::access::Denied;
use identity::fault::Fault;

pub use change::{BulkChange, Cleared, bulk, bulk_delete, delete, purge};
pub(crate) use check::faults_of;
pub use indexing::commit;
pub use list::{Found, QuestionFilter, Reported, Used, find};
pub use merge::{Merge, merge, merge_all, restore, restore_all};
pub use meta::QuestionMeta;
pub use question::{MediaUse, QuestionDetail, QuestionInput, Sibling, UsedVersion, VersionEntry, get, mark_used, used_version};
pub use rows::{QuestionFolderRef, QuestionRow, rows_of as rows};
pub use write::{NewQuestion, create, create_many, save};

/// Why something about the bank was refused.
#[derive(Debug, thiserror::Error)]
pub enum BankError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// By the search index.
    #[error(transparent)]
    Search(#[from] FollowError),
    /// By the store.
    #[error(transparent)]
    Store(#[from] FinishError),
    /// Fields are wrong.
    #[error("fields are wrong")]
    Invalid(Vec<Fault>),
    /// Somebody, or another window, saved in between.
    #[error("the question is at revision {revision}")]
    NewerDraft {
        /// The revision the server has.
        revision: i64,
    },
    /// There is no such version.
    #[error("no such version")]
    NoVersion,
    /// A folder with something in it is not deleted.
    #[error("the folder is not empty")]
    FolderNotEmpty,
    /// The root of a bank is neither renamed, moved nor deleted.
    #[error("the root of a bank stays")]
    RootStays,
    /// A folder cannot be put below itself or into another bank.
    #[error("a folder stays in its bank and never below itself")]
    BadPlace,
    /// A question is not merged into itself, nor with one in the bin.
    #[error("these two cannot become one")]
    CannotMerge,
    /// The file could not be written.
    #[error(transparent)]
    Write(#[from] papers::WriteError),
}

impl From<Vec<Fault>> for BankError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Invalid(faults)
    }
}

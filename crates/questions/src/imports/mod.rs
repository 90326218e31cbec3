//! The import desk: a file becomes a paper that its maker looks at, puts right and saves. Nothing of
//! it is in the bank before she says so, and what she has not finished is still there tomorrow.
//!
//! The file is kept as a blob; a job has it read by a child process ([`reading`]). An import is its
//! maker's alone.

mod create;
mod kept;
mod lifecycle;
pub mod light;
mod media;
mod paper;
pub mod reading;
mod save;
mod state;
mod view;

use blobs::BlobError;
use content::processing::{FinishError, KeepError};
use db::DbError;
use identity::access::{Caller, Capability, Decision, Denied};
use identity::fault::Fault;
use kernel::{PersonId, QuestionImportId};

use crate::bank::BankError;
use crate::files::FileError;

pub use create::{LARGEST_UPLOAD, create, foresee};
pub(crate) use lifecycle::expire;
pub use lifecycle::{delete, retry};
pub use media::{add_media, get_media};
pub use paper::{LARGEST_PAPER, PaperInput, PaperMedia, PaperSaved, QuestionPaper, get_document, get_paper, put_paper};
pub use save::{BankLikeness, Likeness, PaperLikeness, SaveInput, Saved, duplicates, save};
pub use state::{ImportCounts, ImportFailure, ImportState};
pub use view::{QuestionImport, get, list};

/// May do everything with an import: who made it.
#[derive(Debug)]
pub struct OwnImport;

impl Capability for OwnImport {
    type Scope = QuestionImportId;

    async fn decide(conn: &mut db::Conn, caller: &Caller, import: &QuestionImportId) -> Result<Decision, DbError> {
        let Some(person) = caller.person_id() else { return Ok(Decision::Hide) };
        let owner: Option<(PersonId,)> =
            db::sql!("SELECT owner_id FROM question_import WHERE id = $1").bind(*import).fetch_optional(conn).await?;
        Ok(if owner == Some((person,)) { Decision::Allow } else { Decision::Hide })
    }
}

/// Why something about an import was refused.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// By the store.
    #[error(transparent)]
    Store(#[from] FinishError),
    /// By the bank.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// A picture or sound that is added to it.
    #[error(transparent)]
    File(#[from] FileError),
    /// Larger than [`LARGEST_UPLOAD`].
    #[error("too large")]
    TooLarge,
    /// A file without a byte.
    #[error("empty")]
    Empty,
    /// The organisation, or one above it, has no space left.
    #[error("over quota")]
    Quota,
    /// It would not fit on this server's disk.
    #[error("the disk is full")]
    DiskFull,
    /// The connection broke before the end.
    #[error("the connection broke")]
    Broken,
    /// It has not been read yet, or could not be.
    #[error("there is no paper yet")]
    NotReady,
    /// Only what failed is tried again.
    #[error("it has not failed")]
    NotFailed,
    /// Another window saved in between.
    #[error("the paper is at revision {revision}")]
    NewerDraft {
        /// The revision the server has.
        revision: i64,
    },
    /// No question was named, or none is left.
    #[error("nothing to save")]
    NothingToSave,
    /// Fields are wrong.
    #[error("fields are wrong")]
    Invalid(Vec<Fault>),
    /// Some of the questions cannot be kept so.
    #[error("questions are wrong")]
    Faulty(Vec<QuestionFault>),
}

impl From<KeepError> for ImportError {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::Store(error) => error.into(),
            KeepError::TooLarge => Self::TooLarge,
            KeepError::Empty => Self::Empty,
            KeepError::Broken => Self::Broken,
        }
    }
}

/// What is wrong with one question of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionFault {
    /// Its place, from 0.
    pub index: usize,
    /// The field.
    pub field: &'static str,
    /// What is wrong, stable.
    pub code: &'static str,
}

impl From<BlobError> for ImportError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::DiskFull => Self::DiskFull,
            other => Self::Store(other.into()),
        }
    }
}

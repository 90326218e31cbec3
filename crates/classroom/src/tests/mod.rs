//! Tests: what they are made of, how they are given, and the papers that are sat.

mod access;
mod draft;
mod giving;
mod lists;
mod make_up;
mod needs;
mod paper;
mod plan;
pub(crate) mod seal;
mod serving;
mod settings;
mod trying;

use db::DbError;
use identity::access::Denied;
use identity::fault::Fault;
use kernel::QuestionId;
use questions::bank::BankError;

pub use access::{ManageTest, SitTest};
pub use draft::{NewTest, TestDetail, TestInput, TestState, create, delete, get, save};
pub use giving::{Entrant, EntrantInput, ExceptionEntry, Given, LinkInput, TargetInput, TestTarget, Whom, give, set_exception, take_back};
pub(crate) use giving::{ExceptionColumns, exception_of, outages, reschedule};
pub use lists::{TestRow, list};
pub use make_up::{MakeUpInput, make_up};
pub(crate) use needs::Needs;
pub(crate) use paper::{LoadedPaper, Papers};
pub use paper::{ShownFile, ShownItem, ShownPaper, ShownPart, ShownPassage};
pub use plan::{MOST_ITEMS, MOST_PARTS, Plan, PlanItem, PlanPart};
pub use serving::{open_file, open_paper, sealed_file, sealed_paper};
pub(crate) use settings::Outage;
pub use settings::{Counts, Exception, Mode, Release, TestSettings};
pub use trying::try_out;

/// Why something about a test was refused.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// By the bank.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// Fields are wrong.
    #[error("fields are wrong")]
    Invalid(Vec<Fault>),
    /// Somebody, or another window, saved in between.
    #[error("the test is at revision {revision}")]
    NewerDraft {
        /// The revision the server has.
        revision: i64,
    },
    /// Somebody has begun to sit it: what is sat does not change any more.
    #[error("somebody sits it already")]
    Begun,
    /// There is nothing in it to be answered.
    #[error("there is no question in it")]
    Empty,
    /// It has been given, or it has not.
    #[error("the test is not in the state for this")]
    WrongState,
    /// Questions that cannot be given as they are.
    #[error("questions cannot be given")]
    Unfit(Vec<UnfitQuestion>),
    /// By the store.
    #[error(transparent)]
    Blob(#[from] blobs::BlobError),
    /// The system's randomness or cryptography failed.
    #[error("sealing failed")]
    Seal,
}

/// A question that cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnfitQuestion {
    /// Which.
    pub question: QuestionId,
    /// Why: `no-key`, `gone`, `too-large`.
    pub code: &'static str,
}

impl From<Vec<Fault>> for TestError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Invalid(faults)
    }
}

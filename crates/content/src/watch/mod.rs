//! Who watched what: seconds that were really played, as far as the server can believe it.

mod evidence;
mod report;
mod views;
mod watchers;

use db::DbError;
use identity::access::Denied;
use identity::fault::Fault;

pub use evidence::{Credit, SamePlayer, Seen, clip, take_within};
pub use report::{WatchReport, report};
pub use views::{RecentWatch, WatchPosition, mine, recent};
pub use watchers::{WatchSummary, Watcher, WatcherClass, WatcherFilter, WatcherOrder, WatcherPerson, watch_summary, watchers};

/// Why a report or a view was refused.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Fields are wrong.
    #[error("fields are wrong")]
    Invalid(Vec<Fault>),
}

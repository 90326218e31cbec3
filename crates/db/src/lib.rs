//! Two SQL engines behind one text: SQLite for one server, PostgreSQL for several.
//!
//! Every statement is written once with the [`sql!`] macro, which takes only literals: a test
//! reads them from the source and prepares each on both engines. A use case opens a [`WriteTx`], reads and writes in it,
//! puts its [`jobs`] and [`changes`] into it, and commits. Nothing but SQL is awaited in between.

mod change_log;
mod connect;
mod env;
mod error;
mod group_commit;
mod job_queue;
mod lending;
mod migrate;
mod query;
mod value;

#[cfg(feature = "testing")]
pub mod testing;

/// The change log that feeds each server's search index.
pub mod changes {
    pub use crate::change_log::{Change, EntityKind, latest, list_after, record};
}
/// Background jobs, enqueued in the transaction of the change that needs them.
pub mod jobs {
    pub use crate::job_queue::{
        ClaimedJob, DeadReason, Job, JobState, Lane, NewJob, claim, claim_in, complete, enqueue, fail, get_job, heartbeat, is_due, list,
        release, retry,
    };
}

pub use connect::{Conn, Db, DbUrl, Engine, ReadTx, WriteTx};
pub use env::Env;
pub use error::DbError;
pub use group_commit::{Batch, GroupCommit, GroupError, GroupSettings};
pub use migrate::{MigrationState, migrate, migration_state};
pub use query::{Query, Row};
pub use value::Value;

//! Rehearsals: a test is sat by synthetic pupils on this very server, over real HTTP, so that its teacher
//! knows beforehand whether it will hold. They leave a report; everything else of them is taken away.

mod asking;
mod playing;

use identity::access::Denied;
use kernel::{RehearsalId, Timestamp};
use rehearsal::{Report, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

pub use asking::{ask, list, stop};
pub use playing::{BEAT_EVERY, Casting, begin, cancelled, clean_up, end, take, tell};

use crate::attempts::AttemptError;

/// Most synthetic pupils a teacher may ask for; the operator of the server may ask for [`MOST_BY_OPERATOR`].
pub const MOST_BY_TEACHER: u32 = 1_000;
/// Each takes a connection on both sides, and ports of one machine are not more.
pub const MOST_BY_OPERATOR: u32 = 50_000;

/// Why a rehearsal was refused.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] db::DbError),
    /// As a pupil's attempt would be.
    #[error(transparent)]
    Attempt(#[from] AttemptError),
    /// Fewer than one, or more than are allowed.
    #[error("from 1 to {most} pupils")]
    Students {
        /// The most.
        most: u32,
    },
    /// The test has not been given: there is no paper yet.
    #[error("the test has not been given")]
    NotGiven,
    /// One is under way on this server.
    #[error("a rehearsal is under way")]
    UnderWay,
    /// Real pupils sit a test, or are about to: they would be disturbed.
    #[error("tests are being sat")]
    TestsAreSat,
}

/// What becomes of a rehearsal while real pupils sit a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// It is refused, and stopped when they come.
    First,
    /// It goes on beside them, because the operator says so.
    Beside,
}

kernel::words! {
    /// How a rehearsal goes, or went.
    RehearsalState, "state of a rehearsal" {
        /// For a server to take it.
        Waiting = "waiting",
        /// Its pupils sit.
        Playing = "playing",
        /// There is a report.
        Done = "done",
        /// Somebody stopped it, or real pupils came.
        Stopped = "stopped",
        /// It broke.
        Failed = "failed",
    }
}

/// A rehearsal.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Rehearsal)]
pub struct RehearsalView {
    /// Which.
    pub id: RehearsalId,
    /// How many pupils.
    pub students: i64,
    /// How it goes.
    pub state: RehearsalState,
    /// What goes on: `load`, `start`, `sit`, `raise N`, `photos`, `hand-in`, `result`, `clean-up`.
    pub part: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What it found.
    pub report: Option<Report>,
    /// What that means.
    pub verdict: Option<Verdict>,
}

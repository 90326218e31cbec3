//! Housekeeping: jobs that come again. Each is in the queue at most once, whichever process put it
//! there, so that of several workers one does it.

use std::time::Duration;

use content::Content;
use content::processing::{garbage, kinds};
use db::jobs::{self, NewJob};
use db::{DbError, Env, WriteTx};
use kernel::Timestamp;

use crate::Worker;
use crate::job::Outcome;

const EVERY: Duration = Duration::from_secs(10 * 60);
const KINDS: [&str; 5] =
    [kinds::EXPIRE_UPLOADS, kinds::COLLECT_GARBAGE, kinds::PURGE_SESSIONS, kinds::TRIM_AUDIT, questions::upkeep::TIDY_QUESTIONS];

/// Puts what is missing into the queue.
pub(crate) async fn start(env: &Env) -> Result<(), DbError> {
    let now = env.now();
    let mut tx = env.db.write().await?;
    for kind in KINDS {
        enqueue(&mut tx, env, kind, now, now).await?;
    }
    tx.commit().await
}

/// After a round, the next; nothing for jobs of other kinds.
pub(crate) async fn schedule_next(tx: &mut WriteTx, env: &Env, kind: &str, now: Timestamp) -> Result<(), DbError> {
    match KINDS.iter().find(|known| **known == kind) {
        Some(kind) => enqueue(tx, env, kind, now, now.plus(EVERY)).await,
        None => Ok(()),
    }
}

async fn enqueue(tx: &mut WriteTx, env: &Env, kind: &'static str, now: Timestamp, run_at: Timestamp) -> Result<(), DbError> {
    // A worker that dies in the middle leaves the job to the next; no number of tries is too many.
    let job = NewJob { kind, payload: "{}".to_owned(), subject_id: None, dedup_key: Some(kind.to_owned()), max_attempts: i64::MAX, run_at };
    jobs::enqueue(tx, &env.ids, now, job).await
}

/// Does one round.
pub(crate) async fn perform(worker: &Worker, kind: &str) -> Outcome {
    let content = &worker.content;
    let result = match kind {
        kinds::EXPIRE_UPLOADS => content::uploads::expire(content).await.map(|_| ()).map_err(|error| error.to_string()),
        kinds::COLLECT_GARBAGE => collect(content).await.map_err(|error| error.to_string()),
        kinds::PURGE_SESSIONS => identity::sessions::purge_expired(&content.env).await.map(|_| ()).map_err(|error| error.to_string()),
        kinds::TRIM_AUDIT => identity::audit::trim(&content.env, worker.keep_audit).await.map(|_| ()).map_err(|error| error.to_string()),
        questions::upkeep::TIDY_QUESTIONS => questions::upkeep::tidy(&worker.questions()).await.map_err(|error| error.to_string()),
        _ => return Outcome::Hopeless("no handler for jobs of this kind".to_owned()),
    };
    result.map_or_else(Outcome::again, |()| Outcome::Done)
}

/// Round after round until nothing is due: a large deletion must not take days.
async fn collect(content: &Content) -> Result<(), garbage::GarbageError> {
    while garbage::collect(content).await? > 0 {}
    Ok(())
}

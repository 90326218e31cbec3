use std::time::Duration;

use kernel::{Cursor, Ids, JobId, Page, PageLimit, Timestamp};
use uuid::Uuid;

use crate::connect::{Conn, WriteTx};
use crate::error::DbError;
use crate::sql;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its time.
    Queued,
    /// A worker holds its lease.
    Running,
    /// Finished.
    Done,
    /// Failed too often or for good; an administrator may retry it.
    Dead,
}

impl JobState {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which handler runs it.
    pub kind: &'static str,
    /// What it is about, as JSON.
    pub payload: String,
    /// The thing it is about, shown to administrators.
    pub subject_id: Option<Uuid>,
    /// While a job with this key waits or runs, another is not added.
    pub dedup_key: Option<String>,
    /// Tries before it is dead.
    pub max_attempts: i64,
    /// Not before this instant.
    pub run_at: Timestamp,
}

/// A job a worker has claimed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: String,
    /// What it is about.
    pub payload: String,
    /// This try's number, from 1.
    pub attempts: i64,
    /// Tries before it is dead.
    pub max_attempts: i64,
}

/// A job as an administrator sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: String,
    /// The word of a [`JobState`].
    pub state: String,
    /// Tries so far.
    pub attempts: i64,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// The thing it is about.
    pub subject_id: Option<Uuid>,
    /// When it is due.
    pub run_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whether a failed job may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadReason {
    /// Try again later, with backoff, until the tries are used up.
    Transient,
    /// Trying again cannot help.
    Permanent,
}

/// Adds a job to the transaction of the change that needs it.
///
/// # Errors
/// [`DbError`].
pub async fn enqueue(tx: &mut WriteTx, ids: &Ids, now: Timestamp, job: NewJob) -> Result<(), DbError> {
    sql!(
        "INSERT INTO job (id, kind, payload, subject_id, dedup_key, state, max_attempts, run_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $8)
         ON CONFLICT (dedup_key) WHERE dedup_key IS NOT NULL AND state IN ('queued', 'running') DO NOTHING"
    )
    .bind(ids.make::<JobId>())
    .bind(job.kind)
    .bind(job.payload)
    .bind(job.subject_id)
    .bind(job.dedup_key)
    .bind(job.max_attempts)
    .bind(job.run_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Which jobs a worker takes: transcoding takes hours, and must not hold up what takes seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Any.
    Any,
    /// Only those that take long: `process_media`.
    Long,
    /// Only the others.
    Short,
}

impl Lane {
    fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Long => "long",
            Self::Short => "short",
        }
    }
}

/// Whether there is a job to claim; asks without writing.
///
/// # Errors
/// [`DbError`].
pub async fn is_due(conn: &mut Conn, now: Timestamp, lane: Lane) -> Result<bool, DbError> {
    let found: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM job
         WHERE ((state = 'queued' AND run_at <= $1) OR (state = 'running' AND lease_until < $1))
           AND ($2 = 'any' OR ($2 = 'long' AND kind = 'process_media') OR ($2 = 'short' AND kind <> 'process_media')) LIMIT 1"
    )
    .bind(now)
    .bind(lane.as_str())
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Takes the next due job of any kind, or one whose worker's lease has run out.
///
/// # Errors
/// [`DbError`].
pub async fn claim(tx: &mut WriteTx, worker: Uuid, now: Timestamp, lease: Duration) -> Result<Option<ClaimedJob>, DbError> {
    claim_in(tx, worker, now, lease, Lane::Any).await
}

/// Takes the next due job of a lane, or one whose worker's lease has run out.
///
/// # Errors
/// [`DbError`].
pub async fn claim_in(tx: &mut WriteTx, worker: Uuid, now: Timestamp, lease: Duration, lane: Lane) -> Result<Option<ClaimedJob>, DbError> {
    // The outer condition is checked again on the locked row: of two workers that picked
    // the same job on PostgreSQL the second finds it taken and gets nothing.
    sql!(
        "UPDATE job SET state = 'running', lease_owner = $1, lease_until = $2, attempts = attempts + 1, updated_at = $3
         WHERE id = (SELECT id FROM job
                     WHERE ((state = 'queued' AND run_at <= $3) OR (state = 'running' AND lease_until < $3))
                       AND ($4 = 'any' OR ($4 = 'long' AND kind = 'process_media') OR ($4 = 'short' AND kind <> 'process_media'))
                     ORDER BY run_at, id LIMIT 1)
           AND ((state = 'queued' AND run_at <= $3) OR (state = 'running' AND lease_until < $3))
         RETURNING id, kind, payload, attempts, max_attempts"
    )
    .bind(worker)
    .bind(now.plus(lease))
    .bind(now)
    .bind(lane.as_str())
    .fetch_optional(tx)
    .await
}

/// Gives a job back untouched, for a worker that stops in good order: the try does not count.
///
/// # Errors
/// [`DbError`].
pub async fn release(tx: &mut WriteTx, id: JobId, worker: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let rows = sql!(
        "UPDATE job SET state = 'queued', lease_owner = NULL, lease_until = NULL, attempts = attempts - 1, run_at = $3, updated_at = $3
         WHERE id = $1 AND lease_owner = $2 AND state = 'running'"
    )
    .bind(id)
    .bind(worker)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Prolongs a lease. False when the job is no longer this worker's, which must then stop.
///
/// # Errors
/// [`DbError`].
pub async fn heartbeat(tx: &mut WriteTx, id: JobId, worker: Uuid, until: Timestamp) -> Result<bool, DbError> {
    let rows = sql!("UPDATE job SET lease_until = $3 WHERE id = $1 AND lease_owner = $2 AND state = 'running'")
        .bind(id)
        .bind(worker)
        .bind(until)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

/// Marks a job done, in the transaction of its result.
///
/// # Errors
/// [`DbError`].
pub async fn complete(tx: &mut WriteTx, id: JobId, worker: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let rows = sql!(
        "UPDATE job SET state = 'done', lease_owner = NULL, lease_until = NULL, last_error = NULL, updated_at = $3
         WHERE id = $1 AND lease_owner = $2 AND state = 'running'"
    )
    .bind(id)
    .bind(worker)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Records a failed try: queued again with backoff (5 s doubling, an hour at most), or dead. Says
/// how the job stands; [`JobState::Running`] when it is no longer this worker's.
///
/// # Errors
/// [`DbError`].
pub async fn fail(
    tx: &mut WriteTx,
    job: &ClaimedJob,
    worker: Uuid,
    now: Timestamp,
    error: &str,
    reason: DeadReason,
) -> Result<JobState, DbError> {
    let dead = reason == DeadReason::Permanent || job.attempts >= job.max_attempts;
    let state = if dead { JobState::Dead } else { JobState::Queued };
    let backoff = Duration::from_secs(5u64.saturating_mul(1 << job.attempts.clamp(0, 10)).min(3600));
    let mine = sql!(
        "UPDATE job SET state = $3, lease_owner = NULL, lease_until = NULL, last_error = $4, run_at = $5, updated_at = $6
         WHERE id = $1 AND lease_owner = $2 AND state = 'running'"
    )
    .bind(job.id)
    .bind(worker)
    .bind(state.as_str())
    .bind(error)
    .bind(now.plus(backoff))
    .bind(now)
    .execute(tx)
    .await?;
    // Another worker has it now, and tells how it ended.
    Ok(if mine == 1 { state } else { JobState::Running })
}

/// Jobs, newest first, optionally of one state.
///
/// # Errors
/// [`DbError`].
pub async fn list(conn: &mut Conn, state: Option<JobState>, after: Option<&Cursor>, limit: PageLimit) -> Result<Page<Job>, DbError> {
    let rows = sql!(
        "SELECT id, kind, state, attempts, last_error, subject_id, run_at, updated_at FROM job
         WHERE (CAST($1 AS TEXT) IS NULL OR state = $1) AND (CAST($2 AS UUID) IS NULL OR id < $2)
         ORDER BY id DESC LIMIT $3"
    )
    .bind(state.map(JobState::as_str))
    .bind(after.and_then(Cursor::key::<Uuid>))
    .bind(limit.with_surplus())
    .fetch_all::<Job>(conn)
    .await?;
    Ok(Page::from_surplus(rows, limit, |job| job.id.as_uuid()))
}

/// One job.
///
/// # Errors
/// [`DbError`].
pub async fn get_job(conn: &mut Conn, id: JobId) -> Result<Option<Job>, DbError> {
    sql!("SELECT id, kind, state, attempts, last_error, subject_id, run_at, updated_at FROM job WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

/// Queues a dead job again from its first try. False when it is not dead.
///
/// # Errors
/// [`DbError`].
pub async fn retry(tx: &mut WriteTx, id: JobId, now: Timestamp) -> Result<bool, DbError> {
    let rows = sql!("UPDATE job SET state = 'queued', attempts = 0, run_at = $2, updated_at = $2 WHERE id = $1 AND state = 'dead'")
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

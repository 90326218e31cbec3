use std::time::Duration;

use content::processing::{FinishPayload, MediaPayload, finish, garbage, kinds};
use db::DbError;
use db::jobs::{self, ClaimedJob};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::outcome::JobError;
use crate::{Worker, ladder, small_file};

/// A worker that says nothing for so long has lost its job.
const LEASE: Duration = Duration::from_secs(30);
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How long a new job may wait for an idle worker.
const POLL: Duration = Duration::from_millis(500);
/// After a failure of the database itself.
const RECOVER: Duration = Duration::from_secs(3);

/// One lane: one job after another, of the given kinds.
pub(crate) async fn work(worker: Worker, kinds: &'static [&'static str], stop: CancellationToken) {
    let me: Uuid = worker.content.env.ids.make();
    while !stop.is_cancelled() {
        let pause = match claim(&worker, me, kinds).await {
            Ok(Some(job)) => {
                do_one(&worker, me, &job, &stop).await;
                continue;
            }
            Ok(None) => POLL,
            Err(error) => {
                tracing::warn!(%error, "jobs cannot be claimed");
                RECOVER
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = sleep(pause) => {}
        }
    }
}

async fn claim(worker: &Worker, me: Uuid, kinds: &[&str]) -> Result<Option<ClaimedJob>, DbError> {
    let env = &worker.content.env;
    // A look without the writer's lock first: an idle worker must not stand in the way.
    let mut tx = env.db.read().await?;
    if !jobs::is_due(&mut tx, env.now(), kinds).await? {
        return Ok(None);
    }
    drop(tx);
    let mut tx = env.db.write().await?;
    let job = jobs::claim(&mut tx, me, env.now(), LEASE, kinds).await?;
    tx.commit().await?;
    Ok(job)
}

#[tracing::instrument(name = "job", skip_all, fields(id = %job.id, kind = job.kind, attempt = job.attempts))]
async fn do_one(worker: &Worker, me: Uuid, job: &ClaimedJob, stop: &CancellationToken) {
    let outcome = tokio::select! {
        outcome = handle(worker, job) => outcome,
        () = keep_lease(worker, me, job) => Err(JobError::Replaced),
        () = stop.cancelled() => {
            // Given back, so that the next worker need not wait for the lease.
            if let Err(error) = give_back(worker, me, job).await {
                tracing::warn!(%error, "a job could not be given back");
            }
            return;
        }
    };
    if let Err(error) = &outcome {
        tracing::warn!(%error, "job failed");
    }
    if let Err(error) = record(worker, me, job, outcome).await {
        tracing::warn!(%error, "the end of a job could not be recorded; it will be done again");
    }
}

/// Ends when the lease is lost.
async fn keep_lease(worker: &Worker, me: Uuid, job: &ClaimedJob) {
    let mut beat = interval(HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut safe_until = worker.content.env.now().plus(LEASE);
    loop {
        beat.tick().await;
        let until = worker.content.env.now().plus(LEASE);
        match prolong(worker, me, job, until).await {
            Ok(true) => safe_until = until,
            Ok(false) => return,
            // The database may be away for a moment; past the lease another may have begun.
            Err(error) if worker.content.env.now() < safe_until => tracing::warn!(%error, "heartbeat failed"),
            Err(_) => return,
        }
    }
}

async fn prolong(worker: &Worker, me: Uuid, job: &ClaimedJob, until: kernel::Timestamp) -> Result<bool, DbError> {
    let mut tx = worker.content.env.db.write().await?;
    let mine = jobs::heartbeat(&mut tx, job.id, me, until).await?;
    tx.commit().await?;
    Ok(mine)
}

async fn give_back(worker: &Worker, me: Uuid, job: &ClaimedJob) -> Result<(), DbError> {
    let mut tx = worker.content.env.db.write().await?;
    jobs::release(&mut tx, job.id, me, worker.content.env.now()).await?;
    tx.commit().await
}

async fn record(worker: &Worker, me: Uuid, job: &ClaimedJob, outcome: Result<(), JobError>) -> Result<(), DbError> {
    let env = &worker.content.env;
    let mut tx = env.db.write().await?;
    match outcome {
        Ok(()) => {
            jobs::complete(&mut tx, job.id, me, env.now()).await?;
        }
        Err(JobError::Replaced) => return Ok(()),
        Err(error) => {
            jobs::fail(&mut tx, job, me, env.now(), &error.to_string(), error.reason()).await?;
        }
    }
    tx.commit().await
}

async fn handle(worker: &Worker, job: &ClaimedJob) -> Result<(), JobError> {
    let content = &worker.content;
    match job.kind.as_str() {
        kinds::FINISH_UPLOAD => {
            let payload: FinishPayload = serde_json::from_str(&job.payload)?;
            finish(content, payload.upload, payload.asset).await?;
        }
        kinds::PROCESS_MEDIA => {
            let payload: MediaPayload = serde_json::from_str(&job.payload)?;
            ladder::make(worker, payload.blob, job).await?;
        }
        kinds::PROCESS_FILE => {
            let payload: MediaPayload = serde_json::from_str(&job.payload)?;
            small_file::process(worker, payload.blob, job).await?;
        }
        kinds::COLLECT_GARBAGE => {
            garbage::collect(content).await?;
        }
        kinds::EXPIRE_UPLOADS => {
            content::uploads::expire(content).await?;
        }
        kinds::PURGE_SESSIONS => {
            identity::sessions::purge_expired(&content.env).await?;
        }
        _ => return Err(JobError::UnknownKind),
    }
    Ok(())
}

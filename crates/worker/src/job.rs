use std::time::Duration;

use content::processing::{self, FinishPayload, MediaPayload, kinds};
use db::DbError;
use db::jobs::{self, ClaimedJob, DeadReason, JobState};
use questions::imports::ImportFailure;
use questions::imports::reading::{self, PaperPayload, READ_PAPER};
use tokio_util::sync::CancellationToken;

use crate::{Worker, file, ladder, paper, periodic, upload};

/// How long a job stays a worker's without a sign of life.
pub(crate) const LEASE: Duration = Duration::from_secs(30);
/// How often a sign of life is given.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// How a job ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is done; also when what it found is that a file is broken.
    Done,
    /// Trying again may help.
    Again {
        /// For the log and the administrator.
        cause: String,
        /// What a file is told when the tries are used up.
        code: &'static str,
    },
    /// Trying again cannot help.
    Hopeless(String),
}

impl Outcome {
    /// Trying again may help; if it does not, it was our fault.
    pub(crate) fn again(cause: impl std::fmt::Display) -> Self {
        Self::Again { cause: cause.to_string(), code: "internal" }
    }
}

/// Does a claimed job and records how it ended.
pub(crate) async fn run(worker: &Worker, job: &ClaimedJob, stop: &CancellationToken) {
    tracing::debug!(kind = job.kind, id = %job.id, attempt = job.attempts, "job begins");
    let outcome = if job.attempts > job.max_attempts {
        // Its workers died each time before they could say so.
        Some(Outcome::Hopeless("no worker survived it".to_owned()))
    } else {
        tokio::select! {
            outcome = perform(worker, job) => Some(outcome),
            // Dropping the work kills its child. The lease is another's now: nothing is recorded.
            () = lease_lost(worker, job) => None,
            () = stop.cancelled() => {
                record(worker, job, Ending::Released).await;
                None
            }
        }
    };
    match outcome {
        None => {}
        Some(Outcome::Done) => record(worker, job, Ending::Done).await,
        Some(Outcome::Again { cause, code }) => record(worker, job, Ending::Failed { cause, code, reason: DeadReason::Transient }).await,
        Some(Outcome::Hopeless(cause)) => {
            record(worker, job, Ending::Failed { cause, code: "internal", reason: DeadReason::Permanent }).await
        }
    }
}

async fn perform(worker: &Worker, job: &ClaimedJob) -> Outcome {
    match job.kind.as_str() {
        kinds::FINISH_UPLOAD => match serde_json::from_str::<FinishPayload>(&job.payload) {
            Ok(payload) => upload::finish(worker, payload).await,
            Err(error) => Outcome::Hopeless(error.to_string()),
        },
        kinds::PROCESS_MEDIA => match serde_json::from_str::<MediaPayload>(&job.payload) {
            Ok(payload) => ladder::make(worker, payload.blob).await,
            Err(error) => Outcome::Hopeless(error.to_string()),
        },
        kinds::PROCESS_FILE => match serde_json::from_str::<MediaPayload>(&job.payload) {
            Ok(payload) => file::process(worker, payload.blob).await,
            Err(error) => Outcome::Hopeless(error.to_string()),
        },
        kinds::PROCESS_PHOTO => match serde_json::from_str::<MediaPayload>(&job.payload) {
            Ok(payload) => file::process_photo(worker, payload.blob).await,
            Err(error) => Outcome::Hopeless(error.to_string()),
        },
        READ_PAPER => match serde_json::from_str::<PaperPayload>(&job.payload) {
            Ok(payload) => paper::read(worker, payload.import).await,
            Err(error) => Outcome::Hopeless(error.to_string()),
        },
        kind => periodic::perform(worker, kind).await,
    }
}

/// Ends when the job is no longer ours.
async fn lease_lost(worker: &Worker, job: &ClaimedJob) {
    let env = &worker.content.env;
    let beat = async || -> Result<bool, DbError> {
        let mut tx = env.db.write().await?;
        let held = jobs::heartbeat(&mut tx, job.id, worker.id, env.now().plus(LEASE)).await?;
        tx.commit().await?;
        Ok(held)
    };
    let mut missed = 0;
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        match beat().await {
            Ok(true) => missed = 0,
            Ok(false) => break,
            // The database is away: past the lease somebody else may have the job.
            Err(_) if missed >= 1 => break,
            Err(_) => missed += 1,
        }
    }
    tracing::warn!(kind = job.kind, id = %job.id, "the lease was lost; the work is given up");
}

enum Ending {
    Done,
    Released,
    Failed { cause: String, code: &'static str, reason: DeadReason },
}

async fn record(worker: &Worker, job: &ClaimedJob, ending: Ending) {
    if let Err(error) = write(worker, job, ending).await {
        // Nothing is lost: the lease runs out and the job is done again.
        tracing::warn!(%error, kind = job.kind, id = %job.id, "how a job ended could not be recorded");
    }
}

async fn write(worker: &Worker, job: &ClaimedJob, ending: Ending) -> Result<(), DbError> {
    let (env, now) = (&worker.content.env, worker.content.env.now());
    let mut tx = env.db.write().await?;
    match ending {
        Ending::Done => {
            if jobs::complete(&mut tx, job.id, worker.id, now).await? {
                periodic::schedule_next(&mut tx, env, &job.kind, now).await?;
            }
        }
        Ending::Released => {
            jobs::release(&mut tx, job.id, worker.id, now).await?;
        }
        Ending::Failed { cause, code, reason } => {
            tracing::warn!(kind = job.kind, id = %job.id, %cause, "job failed");
            if jobs::fail(&mut tx, job, worker.id, now, &cause, reason).await? == JobState::Dead {
                if let Ok(payload) = serde_json::from_str::<FinishPayload>(&job.payload) {
                    processing::fail_asset(&mut tx, payload.asset, code, None, now).await?;
                } else if let Ok(payload) = serde_json::from_str::<MediaPayload>(&job.payload) {
                    processing::fail_media(&mut tx, payload.blob, code, now).await?;
                } else if let Ok(payload) = serde_json::from_str::<PaperPayload>(&job.payload) {
                    reading::fail(&mut tx, payload.import, &ImportFailure::internal(), now).await?;
                }
            }
        }
    }
    tx.commit().await
}

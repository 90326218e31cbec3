//! Background jobs: claims them from the database, runs them, and records how they ended.
//!
//! Any number of worker processes may share one database and one store. A job belongs to whoever
//! holds its lease; a worker that loses it stops and leaves no trace, because every write of a run
//! names the run. Long work (video) has lanes of its own, so that a lecture of an hour never keeps
//! a picture waiting.

mod file;
mod job;
mod ladder;
mod opening;
mod paper;
mod periodic;
mod process;
mod temporary;
mod upload;

pub use process::Process;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use content::Content;
use db::DbError;
use db::jobs::{self, ClaimedJob, Lane};
use questions::Questions;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long a new job may wait for an idle worker.
const POLL: Duration = Duration::from_millis(500);
/// How often it is asked whether other workers of this machine still live.
const LOOK: Duration = Duration::from_secs(2);
/// Looks between two signs of life of one's own.
const LOOKS_A_SIGN: u32 = 900;
/// The pause after a failure of the database itself.
const RECOVER: Duration = Duration::from_secs(3);

/// How a worker works.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// The program whose `media-child` command opens hostile files: ourselves.
    pub media_program: PathBuf,
    /// How many videos are made at once. Each uses every core, so more than one only shares them.
    pub long_lanes: usize,
    /// How many short jobs run at once.
    pub short_lanes: usize,
    /// How long the audit log is kept; `None`: for ever.
    pub keep_audit: Option<Duration>,
}

/// Does the jobs of the database until told to stop.
#[derive(Clone, Debug)]
pub struct Worker {
    content: Content,
    /// Whose leases these are.
    id: Uuid,
    program: Arc<PathBuf>,
    lanes: (usize, usize),
    keep_audit: Option<Duration>,
}

impl Worker {
    /// A worker over the content service.
    pub fn new(content: Content, config: WorkerConfig) -> Self {
        let id = content.env.ids.make();
        let lanes = (config.long_lanes.max(1), config.short_lanes.max(1));
        Self { content, id, program: Arc::new(config.media_program), lanes, keep_audit: config.keep_audit }
    }

    /// The bank and the desk over the same service.
    fn questions(&self) -> Questions {
        Questions::over(self.content.clone())
    }

    /// Works until `stop`, then gives back what it was at.
    pub async fn run(self, stop: CancellationToken) {
        temporary::sweep(&self.content).await;
        if let Err(error) = periodic::start(&self.content.env).await {
            tracing::warn!(%error, "housekeeping could not be queued");
        }
        let mut lanes = JoinSet::new();
        lanes.spawn(self.clone().look_after_leases(stop.clone()));
        for _ in 0..self.lanes.0 {
            lanes.spawn(self.clone().work(Lane::Long, stop.clone()));
        }
        for _ in 0..self.lanes.1 {
            lanes.spawn(self.clone().work(Lane::Short, stop.clone()));
        }
        while lanes.join_next().await.is_some() {}
        if let Err(error) = process::leave(&self.content.env, self.id).await {
            tracing::warn!(%error, "the worker could not be taken off the list");
        }
    }

    /// Tells who holds our leases, and takes over from those who died.
    async fn look_after_leases(self, stop: CancellationToken) {
        let env = &self.content.env;
        let mut looks = 0;
        while !stop.is_cancelled() {
            let entered = if looks % LOOKS_A_SIGN == 0 { process::enter(env, self.id).await } else { Ok(()) };
            let looked = match entered {
                Ok(()) => process::free_leases_of_the_dead(env).await.map(drop),
                Err(error) => Err(error),
            };
            match looked {
                Ok(()) => looks = looks.wrapping_add(1),
                Err(error) => tracing::warn!(%error, "leases cannot be looked after"),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Does every job that is due, one after another, and returns: for tests and commands.
    ///
    /// # Errors
    /// [`DbError`] when jobs cannot be claimed.
    pub async fn run_due(&self) -> Result<usize, DbError> {
        let never = CancellationToken::new();
        process::free_leases_of_the_dead(&self.content.env).await?;
        let mut done = 0;
        while let Some(claimed) = self.claim(Lane::Any).await? {
            job::run(self, &claimed, &never).await;
            done += 1;
        }
        Ok(done)
    }

    async fn work(self, lane: Lane, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = match self.claim(lane).await {
                Ok(Some(claimed)) => {
                    job::run(&self, &claimed, &stop).await;
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
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn claim(&self, lane: Lane) -> Result<Option<ClaimedJob>, DbError> {
        let env = &self.content.env;
        // A look without the writer's lock first: an idle worker must not stand in the way.
        let mut tx = env.db.read().await?;
        if !jobs::is_due(&mut tx, env.now(), lane).await? {
            return Ok(None);
        }
        drop(tx);
        let mut tx = env.db.write().await?;
        let claimed = jobs::claim_in(&mut tx, self.id, env.now(), job::LEASE, lane).await?;
        tx.commit().await?;
        Ok(claimed)
    }
}

//! Background jobs: claims them from the database, runs them, and records how they ended.
//!
//! Any number of worker processes may share one database and one store. A job belongs to whoever
//! holds its lease; a worker that loses it stops and leaves no trace, because every write of a run
//! names the run. Long work (video) has lanes of its own, so that a lecture of an hour never keeps
//! a picture waiting.

mod fetch;
mod ladder;
mod lane;
mod outcome;
mod periodic;
mod small_file;

use std::path::PathBuf;
use std::sync::Arc;

use content::Content;
use content::processing::kinds;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How a worker works.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// The program whose `media-child` command opens hostile files: ourselves.
    pub media_program: PathBuf,
    /// How many videos are made at once. Each uses every core, so more than one only shares them.
    pub long_lanes: usize,
    /// How many short jobs run at once.
    pub short_lanes: usize,
}

/// Does the jobs of the database until told to stop.
#[derive(Clone, Debug)]
pub struct Worker {
    content: Content,
    config: Arc<WorkerConfig>,
}

impl Worker {
    /// A worker over the content service.
    pub fn new(content: Content, config: WorkerConfig) -> Self {
        Self { content, config: Arc::new(config) }
    }

    /// Works until `stop`. A job cut off by it keeps its lease until that runs out, then another
    /// worker begins it anew; what the run had made so far is thrown away.
    pub async fn run(self, stop: CancellationToken) {
        let mut lanes = JoinSet::new();
        for _ in 0..self.config.long_lanes.max(1) {
            lanes.spawn(lane::work(self.clone(), &[kinds::PROCESS_MEDIA], stop.clone()));
        }
        for _ in 0..self.config.short_lanes.max(1) {
            lanes.spawn(lane::work(
                self.clone(),
                &[kinds::FINISH_UPLOAD, kinds::PROCESS_FILE, kinds::COLLECT_GARBAGE, kinds::EXPIRE_UPLOADS, kinds::PURGE_SESSIONS],
                stop.clone(),
            ));
        }
        lanes.spawn(periodic::schedule(self.content.env.clone(), stop));
        while lanes.join_next().await.is_some() {}
    }
}

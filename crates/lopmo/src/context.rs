//! The parts of a running server or worker, wired once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use classroom::Classroom;
use content::{Content, ContentConfig, OpenError, UploadLimits};
use db::Env;
use questions::Questions;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::App;
use web::app::{Demo, Settings};
use worker::{Worker, WorkerConfig};

use crate::config::Config;
use crate::data_folder::DataFolder;

/// Why a part could not start.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// The database.
    #[error(transparent)]
    Db(#[from] db::DbError),
    /// Files, search or curriculum.
    #[error(transparent)]
    Content(#[from] OpenError),
    /// Our own program, which opens hostile files in a child.
    #[error("this program cannot find itself: {0}")]
    Program(#[source] std::io::Error),
}

/// The parts.
#[derive(Debug)]
pub struct Context {
    /// Database, time, ids.
    pub env: Env,
    /// Lessons and files.
    pub content: Content,
    /// The data folder.
    pub folder: DataFolder,
    /// The address people use.
    pub address: String,
}

impl Context {
    /// Opens every part; the database is open and current already. `index` is this process's own:
    /// no two may share one.
    ///
    /// # Errors
    /// [`ContextError`].
    pub fn open(env: Env, config: &Config, folder: &DataFolder, index: PathBuf) -> Result<Arc<Self>, ContextError> {
        let content = Content::open(
            env.clone(),
            &ContentConfig {
                blobs: config.blobs(),
                index_folder: index,
                temp_folder: folder.temporary(),
                limits: UploadLimits {
                    file_bytes: config.uploads.max_file_bytes,
                    reserve_bytes: config.uploads.keep_free_bytes,
                    expires_after: Duration::from_secs(config.uploads.keep_unfinished_hours.saturating_mul(3600)),
                },
            },
        )?;
        // Its search index takes in questions too: whoever follows the change log must use this one.
        let content = Questions::new(content).content;
        Ok(Arc::new(Self { env, content, folder: folder.clone(), address: config.address() }))
    }

    /// What the HTTP handlers reach.
    pub fn app(&self, config: &Config, demo: Demo) -> App {
        App::new(
            self.content.clone(),
            Settings {
                demo,
                trusted_proxies: config.trusted_proxies.clone(),
                public_url: Some(config.public_url.clone()).filter(|url| !url.is_empty()),
                data_folder: self.folder.root().to_owned(),
            },
        )
    }

    /// Classes and tests.
    pub fn classroom(&self) -> Classroom {
        Classroom::new(Questions::new(self.content.clone()))
    }

    /// Keeps this process's search index up to date until `stop`.
    pub fn follow_changes(&self, stop: &CancellationToken) -> JoinHandle<()> {
        let (search, env, stop) = (self.content.search.clone(), self.env.clone(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = search.follow(env) => {}
                () = stop.cancelled() => {}
            }
        })
    }

    /// Does background jobs until `stop`.
    ///
    /// # Errors
    /// [`ContextError::Program`].
    pub fn work(&self, config: &Config, stop: &CancellationToken) -> Result<JoinHandle<()>, ContextError> {
        let worker = Worker::new(
            self.content.clone(),
            WorkerConfig {
                media_program: std::env::current_exe().map_err(ContextError::Program)?,
                long_lanes: config.worker.videos,
                short_lanes: config.worker.short_jobs,
                keep_audit: Some(Duration::from_secs(config.audit.keep_days.saturating_mul(86_400))).filter(|kept| !kept.is_zero()),
            },
        );
        Ok(tokio::spawn(worker.run(stop.clone())))
    }
}

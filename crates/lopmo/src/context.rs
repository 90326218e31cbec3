//! The parts of a running server or worker, wired once.

use std::sync::Arc;
use std::time::Duration;

use content::{Content, ContentConfig, UploadLimits};
use db::Env;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::App;
use web::app::{Demo, Settings};

use crate::cli::ServeArguments;
use crate::config::Config;
use crate::data_folder::DataFolder;

/// Why a part could not start.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// The database.
    #[error(transparent)]
    Db(#[from] db::DbError),
    /// Objects or the search index.
    #[error(transparent)]
    Content(#[from] content::OpenError),
}

/// The parts.
#[derive(Debug)]
pub struct Context {
    /// Database, time, ids.
    pub env: Env,
    /// The data folder.
    pub folder: DataFolder,
    /// Lessons and files.
    pub content: Content,
}

impl Context {
    /// Opens every part; the database is open and current already.
    ///
    /// # Errors
    /// [`ContextError`].
    pub async fn open(env: Env, config: &Config, folder: &DataFolder) -> Result<Arc<Self>, ContextError> {
        let limits = UploadLimits {
            file_bytes: config.uploads.max_file_bytes,
            expires_after: Duration::from_secs(config.uploads.keep_unfinished_hours.saturating_mul(3600)),
            ..UploadLimits::default()
        };
        let parts = ContentConfig { blobs: config.blobs(), limits, ..ContentConfig::below(folder.root()) };
        let content = Content::open(env.clone(), &parts)?;
        Ok(Arc::new(Self { env, folder: folder.clone(), content }))
    }

    /// What the HTTP handlers reach.
    ///
    /// # Errors
    /// [`ContextError`].
    pub async fn app(&self, config: &Config) -> Result<App, ContextError> {
        let settings = Settings {
            demo: Demo::Absent,
            trusted_proxies: config.trusted_proxies.clone(),
            public_url: Some(config.public_url.clone()).filter(|url| !url.is_empty()),
            data_folder: self.folder.root().to_owned(),
        };
        Ok(App::new(self.content.clone(), settings))
    }

    /// Starts what runs beside the listeners; each ends at `stop`.
    pub fn start_background(&self, _config: &Config, _arguments: ServeArguments, _stop: &CancellationToken) -> Vec<JoinHandle<()>> {
        Vec::new()
    }
}

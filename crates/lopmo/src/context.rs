//! The parts of a running server or worker, wired once.

use std::sync::Arc;

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
}

/// The parts.
#[derive(Debug)]
pub struct Context {
    /// Database, time, ids.
    pub env: Env,
    /// The data folder.
    pub folder: DataFolder,
}

impl Context {
    /// Opens every part; the database is open and current already.
    ///
    /// # Errors
    /// [`ContextError`].
    pub async fn open(env: Env, _config: &Config, folder: &DataFolder) -> Result<Arc<Self>, ContextError> {
        Ok(Arc::new(Self { env, folder: folder.clone() }))
    }

    /// What the HTTP handlers reach.
    ///
    /// # Errors
    /// [`ContextError`].
    pub async fn app(&self, config: &Config) -> Result<App, ContextError> {
        Ok(App {
            env: self.env.clone(),
            settings: Arc::new(Settings {
                demo: Demo::Absent,
                trusted_proxies: config.trusted_proxies.clone(),
                public_url: Some(config.public_url.clone()).filter(|url| !url.is_empty()),
                data_folder: self.folder.root().to_owned(),
            }),
        })
    }

    /// Starts what runs beside the listeners; each ends at `stop`.
    pub fn start_background(&self, _config: &Config, _arguments: ServeArguments, _stop: &CancellationToken) -> Vec<JoinHandle<()>> {
        Vec::new()
    }
}

use std::path::PathBuf;
use std::sync::Arc;

use blobs::{BlobError, Blobs, BlobsConfig};
use db::Env;

use crate::curriculum::{Curriculum, CurriculumError};
use crate::indexing::{IndexSource, SearchIndex};

/// What the use cases of this crate need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Content {
    /// Database, time, ids.
    pub env: Env,
    /// Stored objects.
    pub blobs: Blobs,
    /// This process's copy of what can be found.
    pub search: SearchIndex,
    /// What lessons are placed in.
    pub curriculum: Arc<Curriculum>,
    /// How much may be uploaded.
    pub limits: UploadLimits,
    /// Where files lie while they are worked on; on the same machine, emptied by whoever puts them.
    pub temp_folder: Arc<PathBuf>,
}

/// Where the content service keeps its things.
#[derive(Clone, Debug)]
pub struct ContentConfig {
    /// Stored objects.
    pub blobs: BlobsConfig,
    /// The search index of this process alone.
    pub index_folder: PathBuf,
    /// Files being worked on.
    pub temp_folder: PathBuf,
    /// How much may be uploaded.
    pub limits: UploadLimits,
}

impl ContentConfig {
    /// Everything below one folder.
    pub fn below(data_folder: &std::path::Path) -> Self {
        Self {
            blobs: BlobsConfig::Local(data_folder.join("objects")),
            index_folder: data_folder.join("index"),
            temp_folder: data_folder.join("tmp"),
            limits: UploadLimits::default(),
        }
    }
}

/// How much may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLimits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of the local disk that uploads leave free.
    pub reserve_bytes: u64,
    /// How long an upload may rest before it is forgotten.
    pub expires_after: std::time::Duration,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self { file_bytes: 8 << 30, reserve_bytes: 512 << 20, expires_after: std::time::Duration::from_secs(7 * 24 * 3600) }
    }
}

/// Why the content service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The objects.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// The search index.
    #[error(transparent)]
    Search(#[from] search::SearchError),
    /// The curriculum built in.
    #[error(transparent)]
    Curriculum(#[from] CurriculumError),
    /// The folder for files being worked on.
    #[error("folder for temporary files: {0}")]
    Temp(#[source] std::io::Error),
}

impl Content {
    /// Opens the folders. Starts nothing: see [`crate::indexing::SearchIndex::follow`].
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(env: Env, config: &ContentConfig) -> Result<Self, OpenError> {
        std::fs::create_dir_all(&config.temp_folder).map_err(OpenError::Temp)?;
        Ok(Self {
            env,
            blobs: Blobs::open(&config.blobs)?,
            search: SearchIndex::open(&config.index_folder)?,
            curriculum: Arc::new(Curriculum::embedded()?),
            limits: config.limits,
            temp_folder: Arc::new(config.temp_folder.clone()),
        })
    }

    /// The same service, whose search takes in another kind of things too.
    #[must_use]
    pub fn with_index_source(self, source: Arc<dyn IndexSource>) -> Self {
        Self { search: self.search.with_source(source), ..self }
    }
}

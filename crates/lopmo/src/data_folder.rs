//! The folder with everything one server keeps, and the lock that lets only one serve from it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The folder.
#[derive(Clone, Debug)]
pub struct DataFolder {
    root: PathBuf,
}

/// Held while a server serves from the folder; gone with the process, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// It cannot be made or written.
    #[error("data folder {}: {cause}", path.display())]
    Unusable {
        /// What was touched.
        path: PathBuf,
        /// Why it failed.
        cause: io::Error,
    },
    /// Another server uses it.
    #[error(
        "data folder {}: another lopmo server{} is running on it. Stop that one first, or give this one a folder of its own (data_folder)",
        path.display(), pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    InUse {
        /// The folder.
        path: PathBuf,
        /// The other's process, if it wrote it down.
        pid: Option<u32>,
    },
}

impl DataFolder {
    /// Opens the folder, makes what is missing in it.
    ///
    /// # Errors
    /// [`DataFolderError::Unusable`].
    pub fn open(root: &Path) -> Result<Self, DataFolderError> {
        let folder = Self { root: root.to_owned() };
        for path in [folder.root.clone(), folder.temporary(), folder.backups(), folder.tls(), folder.root.join("index")] {
            // Personal data lies here: nobody else on the machine may look.
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(|cause| DataFolderError::Unusable { path, cause })?;
        }
        Ok(folder)
    }

    /// Claims the folder for this server.
    ///
    /// # Errors
    /// [`DataFolderError::InUse`] when another has it.
    pub fn lock(&self) -> Result<Lock, DataFolderError> {
        let path = self.root.join("serve.lock");
        let unusable = |cause| DataFolderError::Unusable { path: path.clone(), cause };
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0).map_err(unusable)?;
                write!(file, "{}", std::process::id()).map_err(unusable)?;
                Ok(Lock { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Who has it is a courtesy; not knowing does not change the answer.
                let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
                Err(DataFolderError::InUse { path: self.root.clone(), pid })
            }
            Err(TryLockError::Error(cause)) => Err(unusable(cause)),
        }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The search index.
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// Files of work in progress.
    pub fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// Copies of the database made before its schema changed.
    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// Certificates.
    pub fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }

    /// Where commands reach the running server.
    pub fn socket(&self) -> PathBuf {
        self.root.join("lopmo.sock")
    }
}

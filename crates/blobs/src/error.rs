use std::io::{self, ErrorKind};

/// Why an object could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no object of this key.
    #[error("no object {0}")]
    NotFound(String),
    /// A key that is not one of ours.
    #[error("not a key: {0:?}")]
    BadKey(String),
    /// The disk, or the quota on it, is full. Nothing of the object is visible.
    #[error("the disk is full")]
    DiskFull,
    /// The store failed; the cause is for the log.
    #[error("object store: {0}")]
    Store(#[source] object_store::Error),
    /// Reading or writing a local file failed; the cause is for the log.
    #[error("file: {0}")]
    Io(#[source] io::Error),
    /// A background read did not finish.
    #[error("a read was cut short")]
    Interrupted,
}

impl BlobError {
    /// Tells a full disk apart.
    pub fn from_io(error: io::Error) -> Self {
        if is_full(&error) { Self::DiskFull } else { Self::Io(error) }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        if let object_store::Error::NotFound { path, .. } = &error {
            return Self::NotFound(path.clone());
        }
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(found) = cause {
            if found.downcast_ref::<io::Error>().is_some_and(is_full) {
                return Self::DiskFull;
            }
            cause = found.source();
        }
        Self::Store(error)
    }
}

use content::processing::garbage::GarbageError;
use content::processing::run::RunError;
use content::processing::FinishError;
use db::DbError;
use db::jobs::DeadReason;

/// Why a job did not succeed. Nothing here is the fault of the file: that is a result, not an error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Finish(#[from] FinishError),
    #[error(transparent)]
    Garbage(#[from] GarbageError),
    #[error(transparent)]
    Blob(#[from] blobs::BlobError),
    #[error("files of the machine: {0}")]
    Io(#[from] std::io::Error),
    #[error("payload: {0}")]
    Payload(#[from] serde_json::Error),
    #[error("the child could not do its work: {0}")]
    Child(String),
    #[error("no handler for jobs of this kind")]
    UnknownKind,
    /// Somebody else has the job now; there is nothing to record.
    #[error("the run was replaced")]
    Replaced,
}

impl From<RunError> for JobError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Db(error) => Self::Db(error),
            RunError::Replaced => Self::Replaced,
        }
    }
}

impl JobError {
    /// Whether trying again may help.
    pub(crate) fn reason(&self) -> DeadReason {
        match self {
            Self::Payload(_) | Self::UnknownKind | Self::Finish(FinishError::Parts(_)) => DeadReason::Permanent,
            _ => DeadReason::Transient,
        }
    }
}

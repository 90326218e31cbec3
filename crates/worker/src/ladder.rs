use blobs::BlobError;
use content::processing::run::{self, Run, RunError};
use db::DbError;
use kernel::BlobId;
use media::{Child, Event, LadderSpec, Reason, Task};
use tokio::time::Instant;

use crate::Worker;
use crate::job::Outcome;
use crate::opening::{self, Opened};
use crate::temporary;

/// Progress is written no more often.
const PROGRESS_EVERY: std::time::Duration = std::time::Duration::from_millis(700);

/// Why work on a file ended before its result. What is wrong with the file itself is a result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("files of the machine: {0}")]
    Io(#[from] std::io::Error),
    /// The child failed for a reason that is not the file's.
    #[error("the child could not do its work: {detail}")]
    Child { code: &'static str, detail: String },
}

impl Stopped {
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            // Another run has the blob now, or nobody needs it any more.
            Self::Run(RunError::Replaced) => Outcome::Done,
            Self::Blob(BlobError::DiskFull) | Self::Db(DbError::DiskFull) => {
                Outcome::Again { cause: "the disk is full".to_owned(), code: "disk_full" }
            }
            Self::Child { code, detail } => Outcome::Again { cause: detail, code },
            other => Outcome::again(other),
        }
    }
}

/// Makes a video or a sound playable.
pub(crate) async fn make(worker: &Worker, blob: BlobId) -> Outcome {
    match try_make(worker, blob).await {
        Ok(()) => Outcome::Done,
        Err(stopped) => stopped.outcome(),
    }
}

/// Each piece is in the store before its row says so, and players see it at once.
async fn try_make(worker: &Worker, blob: BlobId) -> Result<(), Stopped> {
    let content = &worker.content;
    let Some(Opened { run, folder, source, .. }) = opening::open(worker, blob).await? else { return Ok(()) };
    let out_dir = folder.path().join("out");
    tokio::fs::create_dir(&out_dir).await?;
    let mut child = Child::spawn(&worker.program, &Task::Ladder(LadderSpec::new(source, out_dir.clone()))).await?;
    let mut told = Instant::now();
    while let Some(event) = child.next_event().await {
        match &event {
            Event::Failed { reason, detail } => return failed(worker, &run, *reason, detail).await,
            // Each write waits for the disk: people look about once a second.
            Event::Progress { .. } if told.elapsed() < PROGRESS_EVERY => continue,
            Event::Progress { .. } => told = Instant::now(),
            _ => {}
        }
        if let Some(file) = run::file_of(&event) {
            let path = temporary::made(&out_dir, file).await?;
            content.blobs.put_file(&format!("{}/{file}", run.prefix), &path).await?;
            // The local copy has served; a long video would fill the disk twice.
            tokio::fs::remove_file(&path).await?;
        }
        run::record(content, &run, &event).await?;
        if matches!(event, Event::Done { .. }) {
            return Ok(());
        }
    }
    Err(Stopped::Child { code: "internal", detail: "it ended without a word".to_owned() })
}

/// What is wrong with the file is told to its owner and not tried again; what is wrong with us is.
pub(crate) async fn failed(worker: &Worker, run: &Run, reason: Reason, detail: &str) -> Result<(), Stopped> {
    match reason {
        Reason::Internal => return Err(Stopped::Child { code: "internal", detail: detail.to_owned() }),
        Reason::DiskFull => return Err(Stopped::Child { code: "disk_full", detail: detail.to_owned() }),
        _ => {}
    }
    tracing::info!(?reason, detail, "nothing could be made of a file");
    let code = serde_json::to_value(reason).ok().and_then(|word| word.as_str().map(str::to_owned));
    run::fail(&worker.content, run, code.as_deref().unwrap_or("internal")).await?;
    Ok(())
}

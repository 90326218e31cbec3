//! Papers of questions: an old Word file is made a new one first, then a child reads it.

use content::processing::FinishError;
use kernel::QuestionImportId;
use media::office::{self, OfficeError};
use media::{Child, Event, Limits, OtherSpec, Reason, Task};
use questions::Questions;
use questions::imports::reading::{self, PAPER_HANDLER, Source, StoreError};
use questions::imports::{ImportFailure, ImportState};

use crate::Worker;
use crate::job::Outcome;
use crate::ladder::Stopped;
use crate::temporary;

/// Reads the file of an import.
pub(crate) async fn read(worker: &Worker, import: QuestionImportId) -> Outcome {
    match try_read(worker, import).await {
        Ok(()) => Outcome::Done,
        Err(stopped) => stopped.outcome(),
    }
}

async fn try_read(worker: &Worker, import: QuestionImportId) -> Result<(), Stopped> {
    let questions = worker.questions();
    let Some(work) = reading::lookup(&questions, import).await? else { return Ok(()) };
    let folder = temporary::folder(&worker.content)?;
    let given = temporary::source(&worker.content, &work.object_key, folder.path()).await?;
    let looked_at = given.clone();
    let old = tokio::task::spawn_blocking(move || office::is_old_word(&looked_at)).await.map_err(std::io::Error::other)??;
    let (source, kind) = if old {
        reading::mark(&questions, import, ImportState::Converting).await?;
        let made_in = folder.path().join("converted");
        tokio::fs::create_dir(&made_in).await?;
        match office::to_docx(&worker.program, &given, &made_in).await {
            Ok(made) => (made, Source::OldWord),
            Err(OfficeError::Machine(error)) => return Err(error.into()),
            Err(error) => {
                tracing::info!(%import, ?error, "an old Word file could not be converted");
                return fail(&questions, import, &ImportFailure::new(error.code(), &error.to_string())).await;
            }
        }
    } else {
        (given, Source::AsGiven)
    };
    reading::mark(&questions, import, ImportState::Reading).await?;
    let out_dir = folder.path().join("out");
    tokio::fs::create_dir(&out_dir).await?;
    reading::write_request(&out_dir, &work.filename)?;
    let spec = OtherSpec { name: PAPER_HANDLER.to_owned(), input: source, out_dir: out_dir.clone(), limits: Limits::small() };
    let mut child = Child::spawn(&worker.program, &Task::Other(spec)).await?;
    while let Some(event) = child.next_event().await {
        let Event::Failed { reason, detail } = event else { continue };
        tracing::info!(%import, ?reason, detail, "a paper could not be read");
        return match reason {
            Reason::Internal => Err(Stopped::Child { code: "internal", detail }),
            Reason::DiskFull => Err(Stopped::Child { code: "disk_full", detail }),
            Reason::OutOfMemory | Reason::TooLarge => fail(&questions, import, &ImportFailure::too_large()).await,
            Reason::OutOfTime => fail(&questions, import, &ImportFailure::too_slow()).await,
            _ => fail(&questions, import, &ImportFailure::broken()).await,
        };
    }
    reading::store(&questions, import, &out_dir, kind).await.map_err(|error| match error {
        StoreError::Db(error) | StoreError::Store(FinishError::Db(error)) => Stopped::Db(error),
        StoreError::Store(FinishError::Blob(error)) => Stopped::Blob(error),
        StoreError::Store(error) => Stopped::Io(std::io::Error::other(error)),
        StoreError::Io(error) => Stopped::Io(error),
    })
}

async fn fail(questions: &Questions, import: QuestionImportId, failure: &ImportFailure) -> Result<(), Stopped> {
    let env = &questions.content.env;
    let mut tx = env.db.write().await?;
    reading::fail(&mut tx, import, failure, env.now()).await?;
    tx.commit().await?;
    Ok(())
}

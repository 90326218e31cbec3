use content::processing::run::{self, Run};
use content::processing::lookup_material;
use db::jobs::ClaimedJob;
use kernel::BlobId;
use media::{Child, Event, LadderSpec, Reason, Task};

use crate::Worker;
use crate::fetch;
use crate::outcome::JobError;

/// Makes a video or a sound playable. Each piece is in the store before the rows say so, and players
/// see it at once.
pub(crate) async fn make(worker: &Worker, blob: BlobId, job: &ClaimedJob) -> Result<(), JobError> {
    let content = &worker.content;
    let mut tx = content.env.db.read().await?;
    let material = lookup_material(&mut tx, blob).await?;
    drop(tx);
    let Some(material) = material.filter(|material| material.state == "processing") else { return Ok(()) };
    let run = run::begin(content, blob).await?;
    let folder = tempfile::Builder::new().prefix("media-").tempdir_in(content.temp_folder.as_path())?;
    let source = folder.path().join("source");
    let out = folder.path().join("out");
    tokio::fs::create_dir(&out).await?;
    fetch::to_file(&content.blobs, &material.object_key, &source).await?;
    let mut child = Child::spawn(&worker.config.media_program, &Task::Ladder(LadderSpec::new(source, out.clone()))).await?;
    while let Some(event) = child.next_event().await {
        if let Event::Failed { reason, detail } = event {
            return failed(worker, &run, reason, &detail, job).await;
        }
        if let Some(file) = run::file_of(&event) {
            let path = out.join(file);
            content.blobs.put_file(&format!("{}/{file}", run.prefix), &path).await?;
            // The local copy has served; a long video would fill the disk twice.
            tokio::fs::remove_file(&path).await?;
        }
        run::record(content, &run, &event).await?;
        if matches!(event, Event::Done { .. }) {
            return Ok(());
        }
    }
    Err(JobError::Child("it ended without a word".to_owned()))
}

/// What is wrong with the file is told to its owner and not tried again; what may be wrong with us
/// is tried again, and told only when the tries are used up.
pub(crate) async fn failed(worker: &Worker, run: &Run, reason: Reason, detail: &str, job: &ClaimedJob) -> Result<(), JobError> {
    let ours = matches!(reason, Reason::Internal | Reason::DiskFull);
    if ours && job.attempts < job.max_attempts {
        return Err(JobError::Child(format!("{reason:?}: {detail}")));
    }
    tracing::info!(?reason, detail, "nothing could be made of a file");
    run::fail(&worker.content, run, &code(reason)).await?;
    if ours { Err(JobError::Child(format!("{reason:?}: {detail}"))) } else { Ok(()) }
}

/// The stable word of a reason: the message's key.
fn code(reason: Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "internal".to_owned(),
    }
}

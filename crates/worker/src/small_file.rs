use std::path::Path;

use content::processing::run::{self, Run};
use content::processing::{TEXT_FILE, TEXT_HANDLER, TextFailure, lookup_material, read_extracted, store_text};
use db::jobs::ClaimedJob;
use kernel::BlobId;
use media::{Child, Event, Limits, OtherSpec, PictureSpec, Task};

use crate::Worker;
use crate::fetch;
use crate::ladder::failed;
use crate::outcome::JobError;

/// Longest sides of the copies of a picture that pages load.
const SIDES: [u32; 3] = [320, 640, 1280];

/// Makes the copies of a picture, or reads the text of a document.
pub(crate) async fn process(worker: &Worker, blob: BlobId, job: &ClaimedJob) -> Result<(), JobError> {
    let content = &worker.content;
    let mut tx = content.env.db.read().await?;
    let material = lookup_material(&mut tx, blob).await?;
    drop(tx);
    let Some(material) = material.filter(|material| material.state == "processing") else { return Ok(()) };
    let run = run::begin(content, blob).await?;
    let folder = tempfile::Builder::new().prefix("file-").tempdir_in(content.temp_folder.as_path())?;
    let source = folder.path().join("source");
    fetch::to_file(&content.blobs, &material.object_key, &source).await?;
    if material.mime.starts_with("image/") {
        picture(worker, &run, folder.path(), &source, job).await
    } else {
        document(worker, &run, folder.path(), &source, job).await
    }
}

async fn picture(worker: &Worker, run: &Run, folder: &Path, source: &Path, job: &ClaimedJob) -> Result<(), JobError> {
    for side in SIDES {
        let out = folder.join(side.to_string());
        tokio::fs::create_dir(&out).await?;
        let spec = PictureSpec { source: source.to_owned(), out_dir: out.clone(), limits: Limits::small(), max_side: side };
        let mut child = Child::spawn(&worker.config.media_program, &Task::Picture(spec)).await?;
        while let Some(event) = child.next_event().await {
            match event {
                Event::Failed { reason, detail } => return failed(worker, run, reason, &detail, job).await,
                Event::Picture { file, width, height } => {
                    // Every size comes under the same name: the side tells them apart in the store.
                    let name = format!("{side}/{file}");
                    worker.content.blobs.put_file(&format!("{}/{name}", run.prefix), &out.join(&file)).await?;
                    run::record_picture(&worker.content, run, side, &name, (width, height)).await?;
                }
                _ => {}
            }
        }
    }
    run::record(&worker.content, run, &Event::Done { duration_us: 0 }).await?;
    Ok(())
}

async fn document(worker: &Worker, run: &Run, folder: &Path, source: &Path, job: &ClaimedJob) -> Result<(), JobError> {
    let out = folder.join("out");
    tokio::fs::create_dir(&out).await?;
    let spec = OtherSpec { name: TEXT_HANDLER.to_owned(), input: source.to_owned(), out_dir: out.clone(), limits: Limits::small() };
    let mut child = Child::spawn(&worker.config.media_program, &Task::Other(spec)).await?;
    while let Some(event) = child.next_event().await {
        if let Event::Failed { reason, detail } = event {
            return failed(worker, run, reason, &detail, job).await;
        }
    }
    let json = tokio::fs::read(out.join(TEXT_FILE)).await.unwrap_or_default();
    match read_extracted(&json) {
        Ok(text) => store_text(&worker.content, run.blob, &text).await?,
        Err(failure) => {
            let code = match failure {
                TextFailure::ZipBomb => "zip_bomb",
                TextFailure::Encrypted => "encrypted",
                TextFailure::Damaged => "damaged",
            };
            run::fail(&worker.content, run, code).await?;
        }
    }
    Ok(())
}

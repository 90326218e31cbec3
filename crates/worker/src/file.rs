use std::path::Path;

use content::assets::PreviewSide;
use content::processing::run::{self, Run};
use content::processing::{TEXT_FILE, TEXT_HANDLER, read_extracted, store_text};
use kernel::BlobId;
use media::{Child, Event, Limits, OtherSpec, PictureSpec, Task};

use crate::Worker;
use crate::job::Outcome;
use crate::ladder::{Stopped, failed};
use crate::opening::{self, Opened};
use crate::temporary;

/// Most bytes read of what a child says a document says.
const MOST_TEXT: u64 = 64 << 20;

/// Longest sides of the pictures of a photo of a pupil's work, in pixels: a small one to choose by, and one in
/// which handwriting on a page of A4 is read (170 dots an inch).
const PHOTO_SIDES: [u32; 2] = [320, 2000];

/// Makes the previews of a picture, or reads the text of a document.
pub(crate) async fn process(worker: &Worker, blob: BlobId) -> Outcome {
    match try_process(worker, blob).await {
        Ok(()) => Outcome::Done,
        Err(stopped) => stopped.outcome(),
    }
}

/// Makes the pictures of a photo of a pupil's work. What a pupil sent is shown to others only so: decoded in a
/// child, upright, without the place where it was taken.
pub(crate) async fn process_photo(worker: &Worker, blob: BlobId) -> Outcome {
    match try_photo(worker, blob).await {
        Ok(()) => Outcome::Done,
        Err(stopped) => stopped.outcome(),
    }
}

async fn try_photo(worker: &Worker, blob: BlobId) -> Result<(), Stopped> {
    let Some(Opened { run, folder, source, .. }) = opening::open(worker, blob).await? else { return Ok(()) };
    pictures(worker, &run, &source, folder.path(), &PHOTO_SIDES).await
}

async fn try_process(worker: &Worker, blob: BlobId) -> Result<(), Stopped> {
    let Some(Opened { run, mime, folder, source }) = opening::open(worker, blob).await? else { return Ok(()) };
    if mime.starts_with("image/") {
        pictures(worker, &run, &source, folder.path(), &PreviewSide::ALL.map(PreviewSide::pixels)).await
    } else {
        text(worker, &run, &source, folder.path()).await
    }
}

async fn pictures(worker: &Worker, run: &Run, source: &Path, folder: &Path, sides: &[u32]) -> Result<(), Stopped> {
    for &side in sides {
        let out_dir = folder.join(side.to_string());
        tokio::fs::create_dir(&out_dir).await?;
        let spec = PictureSpec { source: source.to_owned(), out_dir: out_dir.clone(), limits: Limits::small(), max_side: side };
        let mut child = Child::spawn(&worker.program, &Task::Picture(spec)).await?;
        while let Some(event) = child.next_event().await {
            match event {
                Event::Picture { file, width, height } => {
                    let path = temporary::made(&out_dir, &file).await?;
                    let file = format!("{side}/{file}");
                    worker.content.blobs.put_file(&format!("{}/{file}", run.prefix), &path).await?;
                    run::record_picture(&worker.content, run, side, &file, (width, height)).await?;
                }
                Event::Failed { reason, detail } => return failed(worker, run, reason, &detail).await,
                _ => {}
            }
        }
    }
    run::record(&worker.content, run, &Event::Done { duration_us: 0 }).await?;
    Ok(())
}

async fn text(worker: &Worker, run: &Run, source: &Path, folder: &Path) -> Result<(), Stopped> {
    let out_dir = folder.join("out");
    tokio::fs::create_dir(&out_dir).await?;
    let spec = OtherSpec { name: TEXT_HANDLER.to_owned(), input: source.to_owned(), out_dir: out_dir.clone(), limits: Limits::small() };
    let mut child = Child::spawn(&worker.program, &Task::Other(spec)).await?;
    while let Some(event) = child.next_event().await {
        if let Event::Failed { reason, detail } = event {
            return failed(worker, run, reason, &detail).await;
        }
    }
    let path = temporary::made(&out_dir, TEXT_FILE).await?;
    let json = if tokio::fs::metadata(&path).await?.len() > MOST_TEXT { Vec::new() } else { tokio::fs::read(&path).await? };
    match read_extracted(&json) {
        Ok(text) => store_text(&worker.content, run, &text).await?,
        Err(failure) => {
            let code = serde_json::to_value(failure).ok().and_then(|word| word.as_str().map(str::to_owned));
            run::fail(&worker.content, run, code.as_deref().unwrap_or("damaged")).await?;
        }
    }
    Ok(())
}

//! How work on a blob begins, whatever is made of it.

use std::path::PathBuf;

use content::processing::lookup_material;
use content::processing::run::{self, Run};
use kernel::BlobId;
use tempfile::TempDir;

use crate::Worker;
use crate::ladder::Stopped;
use crate::temporary;

/// A run that has begun, and where its child works.
pub(crate) struct Opened {
    /// The run, which every write names.
    pub run: Run,
    /// What the first bytes said the source is.
    pub mime: String,
    /// Gone with this value.
    pub folder: TempDir,
    /// The bytes as a file.
    pub source: PathBuf,
}

/// Begins a run over a blob; `None` when it is gone or nothing is to be made of it any more.
pub(crate) async fn open(worker: &Worker, blob: BlobId) -> Result<Option<Opened>, Stopped> {
    let content = &worker.content;
    let mut tx = content.env.db.read().await?;
    let material = lookup_material(&mut tx, blob).await?;
    drop(tx);
    let Some(material) = material.filter(|material| material.state == "processing") else { return Ok(None) };
    let run = run::begin(content, blob).await?;
    let folder = temporary::folder(content)?;
    let source = temporary::source(content, &material.object_key, folder.path()).await?;
    Ok(Some(Opened { run, mime: material.mime, folder, source }))
}

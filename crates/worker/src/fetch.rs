use std::path::Path;

use blobs::Blobs;
use futures::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::outcome::JobError;

/// Copies an object to a file for the child, which reads files only.
pub(crate) async fn to_file(blobs: &Blobs, key: &str, file: &Path) -> Result<(), JobError> {
    let mut stream = blobs.get(key, None).await?.stream;
    let mut out = tokio::fs::File::create(file).await?;
    while let Some(bytes) = stream.next().await {
        out.write_all(&bytes?).await?;
    }
    out.flush().await?;
    Ok(())
}

//! Folders for children, and the file a child reads.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use blobs::BlobError;
use content::Content;
use futures::StreamExt as _;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;

const PREFIX: &str = "media-";
/// No child works longer: what is older was left behind by a process that was killed.
const LEFT_BEHIND: Duration = Duration::from_secs(12 * 3600);

/// A folder of one job, gone with it.
pub(crate) fn folder(content: &Content) -> std::io::Result<TempDir> {
    tempfile::Builder::new().prefix(PREFIX).tempdir_in(&*content.temp_folder)
}

/// The bytes as a file: the store's own where it is a folder, else a copy.
pub(crate) async fn source(content: &Content, key: &str, folder: &Path) -> Result<PathBuf, BlobError> {
    if let Some(file) = content.blobs.local_file(key)? {
        return Ok(file);
    }
    let path = folder.join("source");
    let mut file = tokio::fs::File::create(&path).await.map_err(BlobError::from_io)?;
    let mut stream = content.blobs.get(key, None).await?.stream;
    while let Some(bytes) = stream.next().await {
        file.write_all(&bytes?).await.map_err(BlobError::from_io)?;
    }
    file.flush().await.map_err(BlobError::from_io)?;
    Ok(path)
}

/// A file the child made. One it made a link instead is not looked at: a child taken over by its
/// source could point it anywhere.
pub(crate) async fn made(folder: &Path, file: &str) -> std::io::Result<PathBuf> {
    let path = folder.join(file);
    let mut at = folder.to_owned();
    for part in Path::new(file).components() {
        at.push(part);
        if tokio::fs::symlink_metadata(&at).await?.file_type().is_symlink() {
            return Err(std::io::Error::other("the child made a link"));
        }
    }
    Ok(path)
}

/// Removes folders of processes that were killed.
pub(crate) async fn sweep(content: &Content) {
    let Ok(mut entries) = tokio::fs::read_dir(&*content.temp_folder).await else { return };
    let now = Duration::from_micros(u64::try_from(content.env.now().0).unwrap_or(0));
    while let Ok(Some(entry)) = entries.next_entry().await {
        let named = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let Ok(meta) = entry.metadata().await else { continue };
        let changed = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or(now);
        if named
            && now.saturating_sub(changed) > LEFT_BEHIND
            && let Err(error) = tokio::fs::remove_dir_all(entry.path()).await
        {
            tracing::warn!(%error, folder = %entry.path().display(), "a folder that was left behind could not be removed");
        }
    }
}

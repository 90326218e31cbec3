use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt as _, PutPayload};
use tokio::io::AsyncReadExt as _;

use crate::config::BlobsConfig;
use crate::error::BlobError;
use crate::read::{BlobRead, read_whole};
use crate::write::BlobWriter;

/// Files up to this size are put in one piece.
const ONE_PIECE: u64 = 8 << 20;
/// Bytes read from a file at once on its way into the store.
const COPY_BYTES: usize = 1 << 20;

/// The object store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
}

impl Blobs {
    /// Opens it. Nothing is sent to an S3 server yet.
    ///
    /// # Errors
    /// [`BlobError`] when the folder cannot be made or the configuration makes no sense.
    pub fn open(config: &BlobsConfig) -> Result<Self, BlobError> {
        let folder = match config {
            BlobsConfig::Local(folder) => Some(folder.clone()),
            BlobsConfig::S3 { .. } => None,
        };
        Ok(Self { store: config.open()?, folder })
    }

    /// Writes a small object. Durable and visible when this returns.
    ///
    /// # Errors
    /// [`BlobError`]; nothing is visible then.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BlobError> {
        self.store.put(&parse(key)?, PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// Begins a large object.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn writer(&self, key: &str) -> Result<BlobWriter, BlobError> {
        Ok(BlobWriter::new(self.store.put_multipart(&parse(key)?).await?))
    }

    /// Copies a local file into the store.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn put_file(&self, key: &str, file: &FilePath) -> Result<(), BlobError> {
        let mut source = tokio::fs::File::open(file).await.map_err(BlobError::from_io)?;
        let size = source.metadata().await.map_err(BlobError::from_io)?.len();
        if size <= ONE_PIECE {
            let mut all = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
            source.read_to_end(&mut all).await.map_err(BlobError::from_io)?;
            return self.put(key, all.into()).await;
        }
        let mut writer = self.writer(key).await?;
        loop {
            let mut part = Vec::with_capacity(COPY_BYTES);
            let read = (&mut source).take(COPY_BYTES as u64).read_to_end(&mut part).await;
            let done = match read {
                Ok(0) => break writer.finish().await,
                Ok(_) => writer.write(part.into()).await,
                Err(error) => Err(BlobError::from_io(error)),
            };
            if let Err(error) = done {
                writer.abort().await;
                return Err(error);
            }
        }
    }

    /// Reads an object, or a part of it that must not be empty nor begin past its end.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<BlobRead, BlobError> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        Ok(BlobRead::new(self.store.get_opts(&parse(key)?, options).await?))
    }

    /// The whole of an object in memory, or `None` when it is larger than `most` bytes. One visit to
    /// the disk, where the store is a folder.
    ///
    /// # Errors
    /// [`BlobError`].
    pub(crate) async fn get_whole(&self, key: &str, most: u64) -> Result<Option<Bytes>, BlobError> {
        if let Some(path) = self.local_file(key)? {
            let key = key.to_owned();
            let read = move || match read_whole(&path, most) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(BlobError::NotFound(key)),
                read => read.map_err(BlobError::from_io),
            };
            return tokio::task::spawn_blocking(read).await.map_err(|_| BlobError::Interrupted)?;
        }
        let found = self.get(key, None).await?;
        if found.size > most { Ok(None) } else { found.collect().await.map(Some) }
    }

    /// Size in bytes, or `None` when there is no such object.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn size(&self, key: &str) -> Result<Option<u64>, BlobError> {
        match self.store.head(&parse(key)?).await.map_err(BlobError::from) {
            Ok(meta) => Ok(Some(meta.size)),
            Err(BlobError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes an object; one that is not there is fine.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn delete(&self, key: &str) -> Result<(), BlobError> {
        match self.store.delete(&parse(key)?).await.map_err(BlobError::from) {
            Err(BlobError::NotFound(_)) | Ok(()) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes every object below a prefix (`media/1/2` removes `media/1/2/…` but not `media/1/23`).
    ///
    /// # Errors
    /// [`BlobError`]; some may be gone then, and trying again is right.
    pub async fn delete_prefix(&self, prefix: &str) -> Result<(), BlobError> {
        let found = self.store.list(Some(&parse(prefix)?)).map_ok(|meta| meta.location).boxed();
        let mut deleted = self.store.delete_stream(found);
        while let Some(result) = deleted.next().await {
            match result.map_err(BlobError::from) {
                Err(BlobError::NotFound(_)) | Ok(_) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Keys below a prefix, for checks and tests.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, BlobError> {
        let found: Vec<_> = self.store.list(Some(&parse(prefix)?)).try_collect().await?;
        Ok(found.into_iter().map(|meta| meta.location.to_string()).collect())
    }

    /// The object as a file of this machine, to be read only, where objects are that.
    ///
    /// # Errors
    /// [`BlobError::BadKey`].
    pub fn local_file(&self, key: &str) -> Result<Option<PathBuf>, BlobError> {
        parse(key)?;
        Ok(self.folder.as_ref().map(|folder| folder.join(key)))
    }

    /// Bytes that still fit, where that can be known: on a local folder.
    ///
    /// # Errors
    /// [`BlobError`] when the file system does not say.
    pub fn free_bytes(&self) -> Result<Option<u64>, BlobError> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let room = rustix::fs::statvfs(folder).map_err(|error| BlobError::from_io(error.into()))?;
        Ok(Some(room.f_bavail.saturating_mul(room.f_frsize)))
    }
}

/// Letters, digits, `-`, `_`, `.` between single slashes: the same on every store and file system.
fn parse(key: &str) -> Result<Path, BlobError> {
    let part_fits = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    if key.len() > 512 || !key.split('/').all(part_fits) {
        return Err(BlobError::BadKey(key.to_owned()));
    }
    Path::parse(key).map_err(|_| BlobError::BadKey(key.to_owned()))
}

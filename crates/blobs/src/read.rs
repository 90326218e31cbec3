use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt as _};
use object_store::{GetResult, GetResultPayload};

use crate::error::BlobError;

/// The bytes of an object as they come.
pub type BlobStream = BoxStream<'static, Result<Bytes, BlobError>>;

/// Bytes read from a local file at once. Large enough that the hop to a thread that may block
/// costs little beside the copy; small enough that a thousand slow readers fit into memory.
const READ_BYTES: u64 = 256 << 10;

/// An object being read.
pub struct BlobRead {
    /// Size of the whole object in bytes.
    pub size: u64,
    /// The part that the stream gives.
    pub range: Range<u64>,
    /// The bytes.
    pub stream: BlobStream,
}

impl std::fmt::Debug for BlobRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlobRead({:?} of {})", self.range, self.size)
    }
}

impl BlobRead {
    pub(crate) fn new(found: GetResult) -> Self {
        let (size, range) = (found.meta.size, found.range.clone());
        let stream = match found.payload {
            GetResultPayload::File(file, _) => read_file(file, range.clone()),
            GetResultPayload::Stream(stream) => stream.map(|part| part.map_err(BlobError::from)).boxed(),
        };
        Self { size, range, stream }
    }

    /// The whole part in memory; only for objects known to be small.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn collect(mut self) -> Result<Bytes, BlobError> {
        let mut all = Vec::with_capacity(usize::try_from(self.range.end - self.range.start).unwrap_or(0));
        while let Some(part) = self.stream.next().await {
            all.extend_from_slice(&part?);
        }
        Ok(all.into())
    }
}

fn read_file(file: File, range: Range<u64>) -> BlobStream {
    stream::try_unfold((Arc::new(file), range), |(file, left)| async move {
        if left.is_empty() {
            return Ok(None);
        }
        let length = READ_BYTES.min(left.end - left.start);
        let (from, reader) = (left.start, file.clone());
        let part = tokio::task::spawn_blocking(move || read_part(&reader, from, length))
            .await
            .map_err(|_| BlobError::Interrupted)?
            .map_err(BlobError::from_io)?;
        Ok(Some((part, (file, from + length..left.end))))
    })
    .boxed()
}

fn read_part(file: &File, from: u64, length: u64) -> std::io::Result<Bytes> {
    let mut part = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
    file.read_exact_at(&mut part, from)?;
    Ok(part.into())
}

/// The whole file, unless it is larger than `most` bytes.
pub(crate) fn read_whole(path: &Path, most: u64) -> std::io::Result<Option<Bytes>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > most {
        return Ok(None);
    }
    let mut all = Vec::with_capacity(usize::try_from(size).map_err(std::io::Error::other)?);
    file.take(size).read_to_end(&mut all)?;
    Ok(Some(all.into()))
}

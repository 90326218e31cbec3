use bytes::Bytes;
use object_store::WriteMultipart;

use crate::error::BlobError;

/// Bytes of one part on the way to the store. S3 wants 5 MB at least, and 10,000 parts at most:
/// an object can be 80 GB.
const PART_BYTES: usize = 8 << 20;

/// An object being written piece by piece. It becomes visible when finished, as a whole; holds two
/// parts in memory at most.
#[derive(Debug)]
pub struct BlobWriter {
    inner: WriteMultipart,
}

impl BlobWriter {
    pub(crate) fn new(upload: Box<dyn object_store::MultipartUpload>) -> Self {
        Self { inner: WriteMultipart::new_with_chunk_size(upload, PART_BYTES) }
    }

    /// Appends. Waits while the store is slower than the caller.
    ///
    /// # Errors
    /// [`BlobError`]; abort then.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.inner.wait_for_capacity(1).await?;
        self.inner.put(bytes);
        Ok(())
    }

    /// Makes the object durable and visible.
    ///
    /// # Errors
    /// [`BlobError`]; nothing is visible then.
    pub async fn finish(self) -> Result<(), BlobError> {
        self.inner.finish().await?;
        Ok(())
    }

    /// Takes back what was written.
    pub async fn abort(self) {
        if let Err(error) = self.inner.abort().await {
            tracing::warn!(%error, "an unfinished object could not be taken back");
        }
    }
}

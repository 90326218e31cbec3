use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::BlobError;
use crate::store::Blobs;

/// Largest object kept, in bytes: a segment of four seconds at 1080p has about 2.5 MB.
const LARGEST: u64 = 4 << 20;
/// Most bytes kept.
const KEPT: u64 = 48 << 20;
/// Most bytes in memory at once: those kept, and those dropped from the cache that slow readers still hold.
const ROOM: u32 = 96 << 20;
/// Objects of a usual size that fill it.
const USUAL_COUNT: usize = 96;

/// Small objects that many readers ask for at about the same time, kept in bounded memory. Keys are
/// never used twice, so what is kept is never stale.
#[derive(Clone, Debug)]
pub struct HotObjects {
    blobs: Blobs,
    kept: Arc<Cache<String, Bytes, InBytes>>,
    room: Arc<Semaphore>,
    asked: Arc<AtomicBool>,
}

#[derive(Clone, Copy, Debug)]
struct InBytes;

impl Weighter<String, Bytes> for InBytes {
    fn weight(&self, key: &String, bytes: &Bytes) -> u64 {
        (key.len() + bytes.len()) as u64
    }
}

/// An object's bytes and its share of the room, given back when the last reader is done.
struct Held {
    bytes: Bytes,
    _room: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Why an object is not to be had from memory.
enum Passed {
    TooLarge,
    NoRoom,
    Failed,
}

impl HotObjects {
    /// Over a store.
    pub fn new(blobs: Blobs) -> Self {
        Self {
            blobs,
            kept: Arc::new(Cache::with_weighter(USUAL_COUNT, KEPT, InBytes)),
            room: Arc::new(Semaphore::new(ROOM as usize)),
            asked: Arc::default(),
        }
    }

    /// The store behind.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The whole object from memory, read once however many ask at the same time; `None` when it is
    /// to be read from the store piece by piece: too large, no room left, or the store failed, which
    /// it will say again.
    pub async fn lookup(&self, key: &str) -> Option<Bytes> {
        self.asked.store(true, Ordering::Relaxed);
        self.kept.get_or_insert_async(key, self.read(key)).await.ok()
    }

    async fn read(&self, key: &str) -> Result<Bytes, Passed> {
        if self.room.available_permits() < LARGEST as usize {
            return Err(Passed::NoRoom);
        }
        let bytes = self.blobs.get_whole(key, LARGEST).await.map_err(|_: BlobError| Passed::Failed)?.ok_or(Passed::TooLarge)?;
        let share = u32::try_from(bytes.len()).map_err(|_| Passed::TooLarge)?;
        let room = self.room.clone().try_acquire_many_owned(share).map_err(|_| Passed::NoRoom)?;
        Ok(Bytes::from_owner(Held { bytes, _room: room }))
    }

    /// Gives the memory back when nobody asked since the last call; to be called now and then.
    pub fn forget_when_idle(&self) {
        if !self.asked.swap(false, Ordering::Relaxed) {
            self.kept.clear();
        }
    }
}

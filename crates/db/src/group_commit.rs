//! Many small changes in one commit. A commit waits for the disk; at a test's bell thousands come at
//! once, and each alone would wait behind all the others. Whoever submits an item is answered only after
//! the commit that holds it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::connect::{Db, Engine, WriteTx};
use crate::error::DbError;

/// Writes many items in one transaction.
pub trait Batch: Send + Sync + 'static {
    /// What is written.
    type Item: Send + Sync + 'static;
    /// What whoever submitted it is told.
    type Reply: Send + 'static;

    /// Writes the items and answers each, in their order. A batch that fails leaves no trace and its items
    /// are written again, each alone; the outcome of a commit may also be unknown. So writing an item
    /// twice must be as good as once.
    fn write<'a>(&'a self, tx: &'a mut WriteTx, items: &'a [Self::Item]) -> BoxFuture<'a, Result<Vec<Self::Reply>, DbError>>;
}

/// Why an item was not written.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// More wait than could be served soon; nothing was written.
    #[error("too many wait to be written")]
    Busy,
    /// The writer broke; what became of the item is not known.
    #[error("the writer of a batch broke")]
    Broken,
}

/// From these a second on, one writer is never idle: what comes while it writes is company enough.
const MANY: f64 = 3000.0;
/// So long the first of a batch waits then, so as not to be written alone.
const LINGER_OF_MANY: Duration = Duration::from_millis(2);
/// So long it waits where batches are written beside each other: none waits for the one before, and many short waits
/// would make many small commits.
const LINGER_BESIDE: Duration = Duration::from_millis(25);
/// What one batch tells of how many come: a few batches are looked at together, since single ones vary.
const NEWEST_COUNTS: f64 = 0.15;

/// How batches are made.
#[derive(Clone, Copy, Debug)]
pub struct GroupSettings {
    /// How long the first of a batch waits for others, while fewer than 3,000 come a second.
    pub linger: Duration,
    /// Most items of one commit.
    pub largest: usize,
    /// Most items waiting.
    pub waiting: usize,
    /// Batches written beside each other; SQLite has one.
    pub writers: usize,
}

impl Default for GroupSettings {
    fn default() -> Self {
        Self { linger: Duration::from_millis(10), largest: 512, waiting: 20_000, writers: 4 }
    }
}

impl GroupSettings {
    /// How long the first of a batch waits while so many come a second.
    fn linger_at(&self, per_second: f64, writers: usize) -> Duration {
        match writers {
            _ if per_second < MANY => self.linger,
            1 => self.linger.min(LINGER_OF_MANY),
            _ => self.linger.max(LINGER_BESIDE),
        }
    }
}

/// Gathers items into batches. Cheap to clone; it ends with the last clone.
pub struct GroupCommit<B: Batch> {
    inner: Arc<Inner<B>>,
}

struct Inner<B: Batch> {
    db: Db,
    batch: Arc<B>,
    settings: GroupSettings,
    queue: OnceLock<mpsc::Sender<Waiting<B>>>,
}

struct Waiting<B: Batch> {
    key: u128,
    item: B::Item,
    reply: oneshot::Sender<Result<B::Reply, GroupError>>,
}

impl<B: Batch> Clone for GroupCommit<B> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<B: Batch> std::fmt::Debug for GroupCommit<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GroupCommit").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}

impl<B: Batch> GroupCommit<B> {
    /// Batches are made from the first item on.
    pub fn new(db: Db, batch: B, settings: GroupSettings) -> Self {
        Self { inner: Arc::new(Inner { db, batch: Arc::new(batch), settings, queue: OnceLock::new() }) }
    }

    /// Writes an item; ends after it is on disk. A batch is written in the order of its keys: two that are written
    /// beside each other and share some wait for each other, and never both.
    ///
    /// # Errors
    /// [`GroupError`].
    pub async fn submit(&self, key: u128, item: B::Item) -> Result<B::Reply, GroupError> {
        let queue = self.inner.queue.get_or_init(|| self.inner.start());
        let (reply, answer) = oneshot::channel();
        queue.try_send(Waiting { key, item, reply }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => GroupError::Busy,
            mpsc::error::TrySendError::Closed(_) => GroupError::Broken,
        })?;
        answer.await.unwrap_or(Err(GroupError::Broken))
    }
}

impl<B: Batch> Inner<B> {
    fn start(&self) -> mpsc::Sender<Waiting<B>> {
        let (queue, items) = mpsc::channel(self.settings.waiting);
        let writer = Writer { db: self.db.clone(), batch: Arc::clone(&self.batch) };
        tokio::spawn(collect(items, self.settings, Arc::new(writer)));
        queue
    }
}

/// Makes batches and has them written, as many beside each other as there are writers. While all write, the next
/// batch grows.
async fn collect<B: Batch>(mut queue: mpsc::Receiver<Waiting<B>>, settings: GroupSettings, writer: Arc<Writer<B>>) {
    let writers = if writer.db.engine() == Engine::Sqlite { 1 } else { settings.writers.max(1) };
    let free = Arc::new(Semaphore::new(writers));
    let (mut per_second, mut taken) = (0.0, Instant::now());
    while let Some(first) = queue.recv().await {
        // Not woken for each that comes meanwhile.
        tokio::time::sleep(settings.linger_at(per_second, writers)).await;
        // It is never closed.
        let Ok(place) = Arc::clone(&free).acquire_owned().await else { return };
        let mut batch = vec![first];
        while batch.len() < settings.largest {
            let Ok(next) = queue.try_recv() else { break };
            batch.push(next);
        }
        let now = Instant::now();
        let passed = now.duration_since(std::mem::replace(&mut taken, now));
        per_second += (batch.len() as f64 / passed.as_secs_f64().max(0.001) - per_second) * NEWEST_COUNTS;
        let writer = Arc::clone(&writer);
        tokio::spawn(async move {
            writer.write(batch).await;
            drop(place);
        });
    }
}

struct Writer<B: Batch> {
    db: Db,
    batch: Arc<B>,
}

impl<B: Batch> Writer<B> {
    async fn write(&self, mut batch: Vec<Waiting<B>>) {
        batch.sort_by_key(|waiting| waiting.key);
        let (items, replies): (Vec<_>, Vec<_>) = batch.into_iter().map(|waiting| (waiting.item, waiting.reply)).unzip();
        for (reply, answer) in replies.into_iter().zip(self.write_all(&items).await) {
            // Whoever asked may have gone; what was written stays.
            let _ = reply.send(answer);
        }
    }

    async fn write_all(&self, items: &[B::Item]) -> Vec<Result<B::Reply, GroupError>> {
        match self.attempt(items).await {
            Ok(replies) => replies.into_iter().map(Ok).collect(),
            Err(error) if items.len() == 1 => vec![Err(error)],
            Err(error) => {
                // One may spoil it for all: each gets its own transaction and its own answer.
                tracing::warn!(%error, items = items.len(), "a batch failed and is written item by item");
                let mut answers = Vec::with_capacity(items.len());
                for item in items.chunks(1) {
                    answers.push(match self.attempt(item).await {
                        Ok(mut replies) => replies.pop().ok_or(GroupError::Broken),
                        Err(error) => Err(error),
                    });
                }
                answers
            }
        }
    }

    async fn attempt(&self, items: &[B::Item]) -> Result<Vec<B::Reply>, GroupError> {
        let written = AssertUnwindSafe(async {
            let mut tx = self.db.write().await?;
            let replies = self.batch.write(&mut tx, items).await?;
            tx.commit().await?;
            Ok::<_, DbError>(replies)
        })
        .catch_unwind()
        .await;
        match written {
            Ok(Ok(replies)) if replies.len() == items.len() => Ok(replies),
            Ok(Ok(_)) | Err(_) => Err(GroupError::Broken),
            Ok(Err(error)) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_many_the_first_waits_for_hardly_any_where_one_writes_and_longer_where_several_do() {
        let ms = Duration::from_millis;
        let settings = GroupSettings { linger: ms(10), ..GroupSettings::default() };
        for (per_second, one, several) in [(0.0, 10, 10), (2999.0, 10, 10), (3000.0, 2, 25), (20_000.0, 2, 25)] {
            assert_eq!(settings.linger_at(per_second, 1), ms(one), "at {per_second}, one writer");
            assert_eq!(settings.linger_at(per_second, 4), ms(several), "at {per_second}, several writers");
        }
    }
}

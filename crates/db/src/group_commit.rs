//! Many small changes in one commit. A commit waits for the disk; at a test's bell thousands come at
//! once, and each alone would wait behind all the others. Whoever submits an item is answered only after
//! the commit that holds it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

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

/// How batches are made.
#[derive(Clone, Copy, Debug)]
pub struct GroupSettings {
    /// How long the first of a batch waits for others.
    pub linger: Duration,
    /// Most items of one commit.
    pub largest: usize,
    /// Most items waiting for each writer.
    pub waiting: usize,
    /// Writers beside each other; SQLite has one.
    pub writers: usize,
}

impl Default for GroupSettings {
    fn default() -> Self {
        Self { linger: Duration::from_millis(10), largest: 512, waiting: 20_000, writers: 4 }
    }
}

/// Gathers items into batches. Cheap to clone; its writers end with the last clone.
pub struct GroupCommit<B: Batch> {
    inner: Arc<Inner<B>>,
}

struct Inner<B: Batch> {
    db: Db,
    batch: Arc<B>,
    settings: GroupSettings,
    queues: OnceLock<Vec<mpsc::Sender<Waiting<B>>>>,
}

struct Waiting<B: Batch> {
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
    /// Writers begin with the first item.
    pub fn new(db: Db, batch: B, settings: GroupSettings) -> Self {
        Self { inner: Arc::new(Inner { db, batch: Arc::new(batch), settings, queues: OnceLock::new() }) }
    }

    /// Writes an item; ends after it is on disk. Items of the same `key` are written in their order.
    ///
    /// # Errors
    /// [`GroupError`].
    pub async fn submit(&self, key: u128, item: B::Item) -> Result<B::Reply, GroupError> {
        let queues = self.inner.queues.get_or_init(|| self.inner.start());
        let at = usize::try_from(key % queues.len() as u128).unwrap_or(0);
        let Some(queue) = queues.get(at) else { return Err(GroupError::Broken) };
        let (reply, answer) = oneshot::channel();
        queue.try_send(Waiting { item, reply }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => GroupError::Busy,
            mpsc::error::TrySendError::Closed(_) => GroupError::Broken,
        })?;
        answer.await.unwrap_or(Err(GroupError::Broken))
    }
}

impl<B: Batch> Inner<B> {
    fn start(&self) -> Vec<mpsc::Sender<Waiting<B>>> {
        let writers = if self.db.engine() == Engine::Sqlite { 1 } else { self.settings.writers.max(1) };
        (0..writers)
            .map(|_| {
                let (queue, items) = mpsc::channel(self.settings.waiting);
                let writer = Writer { db: self.db.clone(), batch: Arc::clone(&self.batch), settings: self.settings };
                tokio::spawn(writer.run(items));
                queue
            })
            .collect()
    }
}

struct Writer<B: Batch> {
    db: Db,
    batch: Arc<B>,
    settings: GroupSettings,
}

impl<B: Batch> Writer<B> {
    async fn run(self, mut queue: mpsc::Receiver<Waiting<B>>) {
        let (mut items, mut replies) = (Vec::new(), Vec::new());
        while let Some(first) = queue.recv().await {
            let mut add = |waiting: Waiting<B>| {
                items.push(waiting.item);
                replies.push(waiting.reply);
                items.len()
            };
            let mut count = add(first);
            let mut linger = std::pin::pin!(tokio::time::sleep(self.settings.linger));
            while count < self.settings.largest {
                tokio::select! {
                    biased;
                    next = queue.recv() => match next {
                        Some(next) => count = add(next),
                        None => break,
                    },
                    () = &mut linger => break,
                }
            }
            for (reply, answer) in replies.drain(..).zip(self.write_all(&items).await) {
                // Whoever asked may have gone; what was written stays.
                let _ = reply.send(answer);
            }
            items.clear();
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

//! The search index of this process: a copy of what the database says, following the change log.

mod documents;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use db::changes::EntityKind;
use db::{Conn, DbError, Env, changes};
use futures::future::BoxFuture;
use search::{Change, Index, Query, Results, SearchError};
use tokio::sync::Notify;
use uuid::Uuid;

pub use documents::unreadable;

/// Changes taken at once.
const BATCH: i64 = 500;
/// How long other processes' changes may go unnoticed.
const POLL: Duration = Duration::from_secs(1);
/// After so long without a change the index writer's memory is given back.
const REST_AFTER: Duration = Duration::from_secs(20);

/// What can tell the index how things of one kind stand now.
pub trait IndexSource: Send + Sync + 'static {
    /// The kind, as the change log has it.
    fn kind(&self) -> EntityKind;

    /// What search shows of these things now: those nobody may find any more are taken out.
    fn changes<'a>(&'a self, conn: &'a mut Conn, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Change>, DbError>>;
}

/// The index and what wakes its task. Cheap to clone.
#[derive(Clone)]
pub struct SearchIndex {
    index: Arc<Index>,
    changed: Arc<Notify>,
    sources: Arc<Vec<Arc<dyn IndexSource>>>,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SearchIndex(cursor {})", self.index.cursor())
    }
}

/// Why the index could not follow; it goes on later.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The index.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The thread that worked on it is gone.
    #[error("indexing was interrupted")]
    Interrupted,
}

impl SearchIndex {
    /// Opens the folder; a damaged or outdated index is made anew and filled by following.
    ///
    /// # Errors
    /// [`SearchError`].
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        let sources: Vec<Arc<dyn IndexSource>> = vec![Arc::new(documents::Lessons)];
        Ok(Self { index: Arc::new(Index::open(folder)?), changed: Arc::new(Notify::new()), sources: Arc::new(sources) })
    }

    /// The same index, which takes in another kind of things too. Whoever follows the change log must
    /// have all of them: entries of a kind nobody knows are passed over.
    #[must_use]
    pub fn with_source(self, source: Arc<dyn IndexSource>) -> Self {
        let mut sources = Vec::clone(&self.sources);
        sources.retain(|known| known.kind() != source.kind());
        sources.push(source);
        Self { sources: Arc::new(sources), ..self }
    }

    /// Tells the task that this process changed something.
    pub fn wake(&self) {
        self.changed.notify_one();
    }

    /// Searches, off the async threads.
    ///
    /// # Errors
    /// [`FollowError`].
    pub async fn search(&self, query: Query) -> Result<Results, FollowError> {
        let index = self.index.clone();
        Ok(tokio::task::spawn_blocking(move || index.search(&query)).await.map_err(|_| FollowError::Interrupted)??)
    }

    /// Takes in everything the change log has. Tells how many changes.
    ///
    /// # Errors
    /// [`FollowError`].
    pub async fn catch_up(&self, env: &Env) -> Result<usize, FollowError> {
        let mut taken = 0;
        loop {
            let step = self.step(env).await?;
            taken += step;
            if step == 0 {
                return Ok(taken);
            }
        }
    }

    async fn step(&self, env: &Env) -> Result<usize, FollowError> {
        let cursor = self.index.cursor();
        // One transaction: the log and the lessons are of the same moment.
        let mut tx = env.db.read().await?;
        let changes = changes::list_after(&mut tx, cursor, BATCH).await?;
        let Some(last) = changes.last().map(|change| change.seq) else {
            // A log that is behind the index: the database was restored from a copy.
            if changes::latest(&mut tx).await? < cursor {
                drop(tx);
                self.rewind().await?;
            }
            return Ok(0);
        };
        let mut batch = Vec::with_capacity(changes.len());
        for source in self.sources.iter() {
            let kind = source.kind().as_str();
            let mut ids: Vec<Uuid> = changes.iter().filter(|change| change.entity_kind == kind).map(|change| change.entity_id).collect();
            ids.sort();
            ids.dedup();
            batch.extend(source.changes(&mut tx, &ids).await?);
        }
        drop(tx);
        let index = self.index.clone();
        tokio::task::spawn_blocking(move || index.apply(&batch, last)).await.map_err(|_| FollowError::Interrupted)??;
        Ok(changes.len())
    }

    async fn rewind(&self) -> Result<(), FollowError> {
        let index = self.index.clone();
        tokio::task::spawn_blocking(move || index.rebuild(Vec::new(), 0)).await.map_err(|_| FollowError::Interrupted)??;
        Ok(())
    }

    /// Follows the change log until the future is dropped. One such task a process.
    pub async fn follow(&self, env: Env) {
        let mut quiet = Duration::ZERO;
        loop {
            match self.catch_up(&env).await {
                Ok(0) => {}
                Ok(_) => quiet = Duration::ZERO,
                Err(error) => tracing::warn!(%error, "the search index is behind"),
            }
            if tokio::time::timeout(POLL, self.changed.notified()).await.is_err() {
                quiet += POLL;
            }
            if quiet == REST_AFTER {
                let index = self.index.clone();
                if let Ok(Err(error)) = tokio::task::spawn_blocking(move || index.rest()).await {
                    tracing::warn!(%error, "the search index could not rest");
                }
            }
        }
    }
}

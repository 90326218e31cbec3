//! The search index of this process: a copy of what the database says, following the change log.

mod documents;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use db::{DbError, Env, changes};
use kernel::LessonId;
use search::{Index, Query, Results, SearchError};
use tokio::sync::Notify;

pub use documents::unreadable;

/// Changes taken at once.
const BATCH: i64 = 500;
/// How long other processes' changes may go unnoticed.
const POLL: Duration = Duration::from_secs(1);
/// After so long without a change the index writer's memory is given back.
const REST_AFTER: Duration = Duration::from_secs(20);

/// The index and what wakes its task. Cheap to clone.
#[derive(Clone)]
pub struct SearchIndex {
    index: Arc<Index>,
    changed: Arc<Notify>,
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
        Ok(Self { index: Arc::new(Index::open(folder)?), changed: Arc::new(Notify::new()) })
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
        let mut lessons: Vec<LessonId> =
            changes.iter().filter(|change| change.entity_kind == "lesson").map(|change| LessonId(change.entity_id)).collect();
        lessons.sort();
        lessons.dedup();
        let batch = documents::changes_of(&mut tx, &lessons).await?;
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

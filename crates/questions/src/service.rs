use std::sync::Arc;

use content::Content;
use tokio::sync::Semaphore;

use crate::bank::indexing::BankSource;

/// What the use cases of this crate need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Questions {
    /// Database, time, ids, stored objects, the search index and the curriculum.
    pub content: Content,
    /// Whoever writes a file of questions, with all its pictures in memory, waits for her turn.
    pub(crate) exports: Arc<Semaphore>,
}

/// Files written at once.
const EXPORTS: usize = 2;

impl Questions {
    /// Over an open content service. Whoever follows the change log must use the search index of
    /// [`Questions::content`], which knows questions too.
    pub fn new(content: Content) -> Self {
        Self::over(content.with_index_source(Arc::new(BankSource)))
    }

    /// Over a content service that nobody follows the change log with.
    pub fn over(content: Content) -> Self {
        Self { content, exports: Arc::new(Semaphore::new(EXPORTS)) }
    }
}

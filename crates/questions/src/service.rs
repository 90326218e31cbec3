use std::sync::Arc;

use content::Content;

use crate::bank::indexing::BankSource;

/// What the use cases of this crate need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Questions {
    /// Database, time, ids, stored objects, the search index and the curriculum.
    pub content: Content,
}

impl Questions {
    /// Over an open content service. Whoever follows the change log must use the search index of
    /// [`Questions::content`], which knows questions too.
    pub fn new(content: Content) -> Self {
        Self { content: content.with_index_source(Arc::new(BankSource)) }
    }
}

//! The index on disk: opening, changing, asking.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::collector::{Count, TopDocs};
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::Value;
use tantivy::{DocAddress, IndexReader, IndexWriter, Order, Searcher, TantivyDocument, TantivyError, Term};

use crate::analysis::Syllable;
use crate::fields::{Fields, SCHEMA_VERSION};
use crate::folder::{Payload, create, names_of, open_existing, reader_of, wipe};
use crate::model::{Change, Document, Hit, MAX_LIMIT, MAX_OFFSET, Query, Results, Snippet};
use crate::query::{Builder, LastWord, Parsed};
use crate::snippet::Marker;

/// Memory of the writer before it flushes a segment, in bytes.
const WRITER_BYTES: usize = 24_000_000;

/// Why the index could not serve.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another process or another handle writes to this folder.
    #[error("the search index is in use by another process")]
    Locked,
    /// The index is damaged: drop the handle and open it again, which makes it anew.
    #[error("the search index is damaged: {0}")]
    Damaged(String),
    /// The folder can't be read or written (a full disk, permissions).
    #[error("search index folder: {0}")]
    Folder(#[from] std::io::Error),
    /// Anything else the engine says.
    #[error("search engine: {0}")]
    Engine(String),
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::Locked,
            TantivyError::DataCorruption(_) | TantivyError::IncompatibleIndex(_) => Self::Damaged(error.to_string()),
            TantivyError::IoError(cause) => Self::Folder(std::io::Error::new(cause.kind(), cause.to_string())),
            other => Self::Engine(other.to_string()),
        }
    }
}

/// How the folder was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// As it was left; go on from [`Index::cursor`].
    Existing,
    /// There was none; fill it from the start of the change log.
    Created,
    /// It was damaged or of another version and was thrown away; fill it from the start.
    Recreated {
        /// What was wrong with the old one.
        reason: String,
    },
}

/// One process's copy of what can be found. Cheap to share behind an `Arc`;
/// searches run in parallel, changes one after another.
pub struct Index {
    fields: Fields,
    index: tantivy::Index,
    reader: IndexReader,
    writer: Mutex<Writing>,
    opened: Opened,
}

struct Writing {
    writer: Option<IndexWriter>,
    cursor: i64,
}

impl Index {
    /// Opens the index in a folder of its own, creating folder and index where missing.
    /// A damaged or outdated index is replaced by an empty one with cursor 0: see [`Index::opened`].
    ///
    /// # Errors
    /// [`SearchError::Locked`] when a damaged index is being written by another
    /// process; [`SearchError::Folder`] when the folder can't be used.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        std::fs::create_dir_all(folder)?;
        let fields = Fields::new();
        let (index, opened, cursor) = match open_existing(folder, &fields) {
            Ok(Some((index, cursor))) => (index, Opened::Existing, cursor),
            Ok(None) => (create(folder, &fields)?, Opened::Created, 0),
            Err(reason) => {
                tracing::warn!(%reason, "search index is replaced by an empty one");
                wipe(folder)?;
                (create(folder, &fields)?, Opened::Recreated { reason }, 0)
            }
        };
        let reader = reader_of(&index)?;
        Ok(Self { fields, index, reader, writer: Mutex::new(Writing { writer: None, cursor }), opened })
    }

    /// How the folder was found by [`Index::open`].
    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Last position of the change log that is in the index; 0 for an empty one.
    pub fn cursor(&self) -> i64 {
        self.writing().cursor
    }

    /// Documents in the index.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes a batch and the cursor in one commit, and makes it visible to
    /// searches that begin later. After an error nothing of the batch is in.
    ///
    /// # Errors
    /// [`SearchError::Locked`] when another process writes; [`SearchError::Folder`] on a full disk.
    pub fn apply(&self, batch: &[Change], cursor: i64) -> Result<(), SearchError> {
        self.commit(cursor, |writer| {
            for change in batch {
                match change {
                    Change::Upsert(document) => self.put(writer, document)?,
                    Change::Delete(id) => {
                        writer.delete_term(Term::from_field_text(self.fields.id, id));
                    }
                }
            }
            Ok(())
        })
    }

    /// Replaces everything by the given documents in one commit; searches see the
    /// old content until it is done. Memory does not grow with the number.
    ///
    /// # Errors
    /// As [`Index::apply`]; the old content is then still there.
    pub fn rebuild(&self, documents: impl IntoIterator<Item = Document>, cursor: i64) -> Result<(), SearchError> {
        self.commit(cursor, |writer| {
            writer.delete_all_documents()?;
            for document in documents {
                writer.add_document(self.fields.document(&document))?;
            }
            Ok(())
        })
    }

    /// Lets go of the writer's memory and threads, waiting for merges under way.
    /// Call when no change came for a while; the next change brings it back.
    ///
    /// # Errors
    /// When a merge failed; the index itself is as it was.
    pub fn rest(&self) -> Result<(), SearchError> {
        let writer = self.writing().writer.take();
        if let Some(writer) = writer {
            writer.wait_merging_threads()?;
            self.reader.reload()?;
        }
        Ok(())
    }

    /// Reads every file and compares check sums; for `lopmo doctor`.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] with the names of the broken files.
    pub fn verify(&self) -> Result<(), SearchError> {
        let broken = self.index.validate_checksum()?;
        if broken.is_empty() { Ok(()) } else { Err(SearchError::Damaged(names_of(&broken))) }
    }

    /// Looks for whole words.
    ///
    /// # Errors
    /// Only when the index can't be read; any text is a valid query.
    pub fn search(&self, query: &Query) -> Result<Results, SearchError> {
        self.find(query, LastWord::Finished)
    }

    /// Looks for what is being typed: the last word may be the beginning of one.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn search_as_typed(&self, query: &Query) -> Result<Results, SearchError> {
        self.find(query, LastWord::Unfinished)
    }

    fn find(&self, query: &Query, last: LastWord) -> Result<Results, SearchError> {
        let searcher = self.reader.searcher();
        let parsed = Parsed::new(&query.text, last);
        let builder = Builder { fields: &self.fields, searcher: &searcher };
        let built = builder.build(&parsed, &query.filter)?;
        let limit = query.limit.min(MAX_LIMIT);
        if limit == 0 || query.offset > MAX_OFFSET {
            let total = searcher.search(&built, &Count)?;
            return Ok(Results { total, hits: Vec::new() });
        }
        let top = TopDocs::with_limit(limit).and_offset(query.offset);
        let (places, total) = if parsed.is_empty() {
            let newest = top.order_by_fast_field::<i64>("published_at", Order::Desc);
            let (found, total) = searcher.search(&built, &(newest, Count))?;
            (found.into_iter().map(|(_, place)| (0.0, place)).collect(), total)
        } else {
            searcher.search(&built, &(top.order_by_score(), Count))?
        };
        let marker = self.marker(&searcher, &parsed)?;
        let hits = places.into_iter().map(|(score, place)| self.hit(&searcher, place, score, &marker)).collect::<Result<_, _>>()?;
        Ok(Results { total, hits })
    }

    /// Rare words make better excerpts than common ones.
    fn marker(&self, searcher: &Searcher, parsed: &Parsed) -> Result<Marker, SearchError> {
        let total = searcher.num_docs() as f32;
        let mut words: Vec<(Syllable, f32)> = Vec::with_capacity(parsed.words.len());
        for word in &parsed.words {
            let term = Term::from_field_text(self.fields.body_zone.folded, &word.folded);
            let count = searcher.doc_freq(&term)? as f32;
            words.push((word.clone(), (1.0 + (total + 1.0) / (count + 0.5)).ln()));
        }
        Ok(Marker::new(&words, parsed.prefix.as_ref(), parsed.accented))
    }

    fn hit(&self, searcher: &Searcher, place: DocAddress, score: f32, marker: &Marker) -> Result<Hit, SearchError> {
        let stored: TantivyDocument = searcher.doc(place)?;
        let text = |field| stored.get_first(field).and_then(|value| value.as_str().map(str::to_owned));
        let number = |field| stored.get_first(field).and_then(|value| value.as_i64()).unwrap_or_default();
        let title = text(self.fields.title).unwrap_or_default();
        let mut best: Option<(f32, Snippet)> = None;
        for field in [self.fields.text, self.fields.captions, self.fields.attached] {
            if let Some(text) = text(field) {
                let found = marker.excerpt(&text);
                // The item's own text unless another place is really better.
                if best.as_ref().is_none_or(|(score, _)| found.0 > score * 1.2) {
                    best = Some(found);
                }
            }
        }
        Ok(Hit {
            id: text(self.fields.id).unwrap_or_default(),
            kind: text(self.fields.kind).unwrap_or_default(),
            external_id: text(self.fields.external_id),
            title_marked: marker.whole(&title),
            title,
            snippet: best.map(|(_, snippet)| snippet).unwrap_or_default(),
            subject: text(self.fields.subject),
            grade: stored.get_first(self.fields.grade).and_then(|value| value.as_u64()).and_then(|grade| u8::try_from(grade).ok()),
            language: text(self.fields.language),
            published_at: number(self.fields.published_at),
            version: number(self.fields.version),
            score,
        })
    }

    fn put(&self, writer: &IndexWriter, document: &Document) -> Result<(), TantivyError> {
        writer.delete_term(Term::from_field_text(self.fields.id, &document.id));
        writer.add_document(self.fields.document(document))?;
        Ok(())
    }

    /// A poisoned lock only means that a change died half way; its writer is dropped below.
    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(&self, cursor: i64, fill: impl FnOnce(&mut IndexWriter) -> Result<(), TantivyError>) -> Result<(), SearchError> {
        let mut writing = self.writing();
        // Taken out: whatever goes wrong below, a writer with half a batch is not used again.
        let mut writer = match writing.writer.take() {
            Some(writer) => writer,
            None => self.index.writer_with_options(
                IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).memory_budget_per_thread(WRITER_BYTES).build(),
            )?,
        };
        fill(&mut writer)?;
        let payload =
            serde_json::to_string(&Payload { schema: SCHEMA_VERSION, cursor }).map_err(|error| SearchError::Engine(error.to_string()))?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        writing.cursor = cursor;
        writing.writer = Some(writer);
        self.reader.reload()?;
        Ok(())
    }
}

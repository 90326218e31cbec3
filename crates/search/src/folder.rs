//! The index's folder: opening what is there, starting anew, throwing away.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexReader, ReloadPolicy, TantivyError};

use crate::fields::{Fields, SCHEMA_VERSION};
use crate::index::SearchError;
use crate::terms::{TOKENIZER, TermSplitter};

/// Indexes up to this size are checked byte by byte when opened.
const CHECKED_BYTES: u64 = 256 << 20;

/// What a commit carries besides documents.
#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    pub schema: u32,
    pub cursor: i64,
}

pub(crate) fn reader_of(index: &tantivy::Index) -> Result<IndexReader, TantivyError> {
    index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(8).try_into()
}

fn register(index: &tantivy::Index) {
    index.tokenizers().register(TOKENIZER, TextAnalyzer::from(TermSplitter::default()));
}

/// `Ok(None)` when there is no index, `Err` with the reason when there is one that can't be used.
pub(crate) fn open_existing(folder: &Path, fields: &Fields) -> Result<Option<(tantivy::Index, i64)>, String> {
    let directory = MmapDirectory::open(folder).map_err(|error| error.to_string())?;
    if !tantivy::Index::exists(&directory).map_err(|error| error.to_string())? {
        return Ok(None);
    }
    let say = |error: TantivyError| error.to_string();
    let index = tantivy::Index::open(directory).map_err(say)?;
    if index.schema() != fields.schema {
        return Err("another schema".to_owned());
    }
    let payload = index.load_metas().map_err(say)?.payload;
    let cursor = match payload {
        Some(text) => {
            let payload: Payload = serde_json::from_str(&text).map_err(|error| format!("commit payload: {error}"))?;
            if payload.schema != SCHEMA_VERSION {
                return Err(format!("schema version {}", payload.schema));
            }
            payload.cursor
        }
        // Created and never committed to.
        None => 0,
    };
    if size_of(folder) <= CHECKED_BYTES {
        let broken = index.validate_checksum().map_err(say)?;
        if !broken.is_empty() {
            return Err(format!("broken files: {}", names_of(&broken)));
        }
    }
    register(&index);
    reader_of(&index).map_err(say)?;
    Ok(Some((index, cursor)))
}

pub(crate) fn names_of(files: &std::collections::HashSet<PathBuf>) -> String {
    let names: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    names.join(", ")
}

fn size_of(folder: &Path) -> u64 {
    std::fs::read_dir(folder).map_or(0, |entries| entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|data| data.len()).sum())
}

pub(crate) fn create(folder: &Path, fields: &Fields) -> Result<tantivy::Index, SearchError> {
    let index = tantivy::Index::create_in_dir(folder, fields.schema.clone())?;
    register(&index);
    Ok(index)
}

/// Removes the engine's files, and only those: the folder might be the wrong one.
pub(crate) fn wipe(folder: &Path) -> Result<(), SearchError> {
    const ENDINGS: [&str; 9] = ["idx", "pos", "term", "store", "fast", "fieldnorm", "del", "json", "temp"];
    let directory = MmapDirectory::open(folder).map_err(|error| SearchError::Engine(error.to_string()))?;
    let _lock = directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(|_| SearchError::Locked)?;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let known = path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending));
        if path.is_file() && (known || path.file_name().is_some_and(|name| name == ".managed.json")) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

//! Writes QTI 3: a zip with a manifest, a test that keeps the order, one file for each item and each
//! passage, and the media. The same paper gives the same bytes.

mod answers;
mod item;
mod manifest;
mod markup;
mod test;

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use crate::error::{WriteError, Written};
use crate::model::{Entry, Paper, Question};

/// Where things lie, and what is told.
struct Writing<'p> {
    paper: &'p Paper,
    /// Paths of media by their ids.
    media: HashMap<&'p str, String>,
    report: Vec<Entry>,
}

/// Writes a package.
///
/// # Errors
/// Only what writing a zip into memory may say.
pub fn write(paper: &Paper) -> Result<Written, WriteError> {
    let mut writing = Writing { paper, media: media_paths(paper), report: Vec::new() };
    let mut files: Vec<(String, String)> = Vec::new();
    for passage in &paper.passages {
        files.push((passage_path(paper, &passage.id), test::stimulus(passage, &mut writing)));
    }
    for (at, question) in paper.questions.iter().enumerate() {
        let text = item::item(question, &item_id(at), &mut writing);
        files.push((item_path(at), text));
    }
    files.push((TEST.to_owned(), test::test(paper)));
    let manifest = manifest::manifest(paper, &writing);
    let broken = |error: &dyn std::fmt::Display| WriteError(format!("Không tạo được gói QTI: {error}"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The time of writing is nobody's business and would change the bytes.
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let mut add = |path: &str, bytes: &[u8]| -> Result<(), WriteError> {
        zip.start_file(path, options).map_err(|error| broken(&error))?;
        zip.write_all(bytes).map_err(|error| broken(&error))
    };
    add("imsmanifest.xml", manifest.as_bytes())?;
    for (path, text) in &files {
        add(path, text.as_bytes())?;
    }
    let mut written = HashSet::new();
    for media in &paper.media {
        if let Some(path) = writing.media.get(media.id.as_str()).filter(|path| written.insert((*path).clone())) {
            add(path, &media.content)?;
        }
    }
    let bytes = zip.finish().map_err(|error| broken(&error))?.into_inner();
    Ok(Written { bytes, report: writing.report })
}

/// The test's file.
const TEST: &str = "test.xml";

fn item_id(at: usize) -> String {
    format!("item{}", at + 1)
}

fn item_path(at: usize) -> String {
    format!("items/{}.xml", item_id(at))
}

/// A passage's file; by its place, for ids may be of any letters.
fn passage_path(paper: &Paper, id: &str) -> String {
    let at = paper.passages.iter().position(|passage| passage.id == id).unwrap_or_default();
    format!("passages/passage{}.xml", at + 1)
}

fn has_passage(paper: &Paper, question: &Question) -> bool {
    question.passage.as_ref().is_some_and(|id| paper.passages.iter().any(|passage| passage.id == *id))
}

/// Media whose bytes are there, under names that are safe in any file system.
fn media_paths(paper: &Paper) -> HashMap<&str, String> {
    let mut taken = HashSet::new();
    let mut out = HashMap::new();
    for (at, media) in paper.media.iter().enumerate().filter(|(_, media)| !media.content.is_empty()) {
        let safe = !media.file.is_empty()
            && !media.file.starts_with('.')
            && media.file.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        let name = if safe && taken.insert(media.file.to_lowercase()) { media.file.clone() } else { format!("file-{}", at + 1) };
        out.insert(media.id.as_str(), format!("media/{name}"));
    }
    out
}

//! What the child wrote, read with care: a child taken over by its file can write anything.

use std::io;
use std::path::Path;

use bytes::Bytes;
use papers::Format;
use papers::document::Document;
use papers::model::{Entry, Paper};
use serde::{Deserialize, Serialize};

use super::super::{ImportFailure, kept};
use crate::files::LARGEST_FILE;

pub(super) const RESULT: &str = "result.json";
pub(super) const PAPER: &str = "paper.json";
pub(super) const DOCUMENT: &str = "document.json";
pub(super) const MEDIA: &str = "media";

/// Most bytes of what the child says of itself.
const LARGEST_RESULT: u64 = 64 << 10;
/// Most bytes of a paper, and of how it looks.
const LARGEST_JSON: u64 = 64 << 20;
/// Most pictures and sounds, and bytes of all of them.
const MEDIA_LIMITS: (usize, u64) = (2000, 200 << 20);

/// How reading ended.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Read { format: String },
    Failed(ImportFailure),
}

/// The file of a picture or sound by its place in the paper. Names from the paper are never paths.
pub(super) fn media_name(place: usize) -> String {
    format!("{MEDIA}/{place}")
}

/// What was read of a file.
pub(super) struct Found {
    pub format: Format,
    pub paper: Paper,
    /// As JSON, checked.
    pub document: Option<String>,
}

/// Reads what the child left, the bytes of media too.
pub(super) fn read(out_dir: &Path) -> io::Result<Result<Found, ImportFailure>> {
    let Some(result) = file(out_dir, RESULT, LARGEST_RESULT)? else { return Ok(Err(ImportFailure::broken())) };
    let format = match serde_json::from_slice(&result) {
        Ok(Outcome::Read { format }) => Format::of_source(&format),
        Ok(Outcome::Failed(failure)) => return Ok(Err(tidied(failure))),
        Err(_) => None,
    };
    let Some(format) = format else { return Ok(Err(ImportFailure::broken())) };
    let Some(text) = file(out_dir, PAPER, LARGEST_JSON)? else { return Ok(Err(ImportFailure::too_large())) };
    let Some(mut paper) = String::from_utf8(text).ok().and_then(|text| kept::from_text(&text).ok()) else {
        return Ok(Err(ImportFailure::broken()));
    };
    let document = match file(out_dir, DOCUMENT, LARGEST_JSON)? {
        // Through the types, so that nothing but a document is passed on to browsers.
        Some(json) => serde_json::from_slice::<Document>(&json).ok().and_then(|document| serde_json::to_string(&document).ok()),
        None => None,
    };
    take_media(out_dir, &mut paper)?;
    Ok(Ok(Found { format, paper, document }))
}

fn take_media(out_dir: &Path, paper: &mut Paper) -> io::Result<()> {
    let (most, mut room) = MEDIA_LIMITS;
    let mut left_out = Vec::new();
    for (place, media) in paper.media.iter_mut().enumerate() {
        let largest = room.min(LARGEST_FILE as u64);
        let content = if place < most { file(out_dir, &media_name(place), largest)? } else { None };
        match content.filter(|content| !content.is_empty()) {
            Some(content) => {
                room = room.saturating_sub(content.len() as u64);
                media.content = Bytes::from(content);
            }
            None => left_out.push(media.id.clone()),
        }
    }
    for id in left_out {
        leave_out(paper, &id);
    }
    Ok(())
}

/// A picture or sound that cannot be kept: its maker is told.
pub(super) fn leave_out(paper: &mut Paper, id: &str) {
    paper.media.retain(|media| media.id != id);
    let message = format!("Không giữ được hình hoặc âm thanh “{id}” của đề. Hãy chèn lại vào câu hỏi sau khi nhập.");
    paper.note(Entry::warning("media-left-out", message).with("id", id));
}

/// A plain file of the child, not a link; `None` when it is absent or too large.
fn file(out_dir: &Path, name: &str, largest: u64) -> io::Result<Option<Vec<u8>>> {
    let mut path = out_dir.to_owned();
    for part in name.split('/') {
        path.push(part);
        match std::fs::symlink_metadata(&path) {
            Ok(meta) if meta.file_type().is_symlink() => return Err(io::Error::other("the child made a link")),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let meta = std::fs::symlink_metadata(&path)?;
    if !meta.is_file() || meta.len() > largest {
        return Ok(None);
    }
    std::fs::read(path).map(Some)
}

/// A reason as it may be stored and shown.
fn tidied(failure: ImportFailure) -> ImportFailure {
    let code = failure.code;
    if code.is_empty() || code.len() > 60 || !code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return ImportFailure::broken();
    }
    let message = failure.message.chars().filter(|letter| !letter.is_control()).take(600).collect();
    ImportFailure { code, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(files: &[(&str, &str)]) -> Result<Found, ImportFailure> {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        read(folder.path()).expect("readable")
    }

    #[test]
    fn a_child_that_writes_nonsense_is_a_broken_file() {
        let broken = "file-broken";
        let paper = r#"{"schema":"lopmo.questions/1","questions":[]}"#;
        for (files, code) in [
            (vec![], broken),
            (vec![(RESULT, "not json")], broken),
            (vec![(RESULT, r#"{"read":{"format":"exe"}}"#), (PAPER, paper)], broken),
            (vec![(RESULT, r#"{"read":{"format":"gift"}}"#), (PAPER, "{}")], broken),
            (vec![(RESULT, r#"{"failed":{"code":"<b>","message":"x"}}"#)], broken),
            (vec![(RESULT, r#"{"failed":{"code":"no-questions","message":"Không\nthấy"}}"#)], "no-questions"),
        ] {
            assert_eq!(left(&files).map(|_| ()).unwrap_err().code, code, "{files:?}");
        }
        assert!(left(&[(RESULT, r#"{"read":{"format":"gift"}}"#), (PAPER, paper)]).is_ok());
    }

    #[test]
    fn a_link_the_child_made_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join(RESULT)).expect("linked");
        assert!(read(folder.path()).is_err());
    }
}

//! Our own JSON as a format of files.

use std::collections::BTreeSet;

use bytes::Bytes;
use exchange::decode::decode_text;

use crate::error::{ReadError, WriteError, Written};
use crate::model::{Entry, JsonError, Media, Paper, SCHEMA, from_json, to_json};
use crate::package::media::recognised;

/// Reads a file. Media come without their bytes, which lie in a folder beside it; the names of their
/// files are made plain, so that none of them leads out of that folder.
///
/// # Errors
/// [`ReadError`] with line and column.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    let text = decode_text(bytes);
    let mut paper = from_json(text.trim_start_matches('\u{feff}')).map_err(|error| match error {
        JsonError::Schema(other) => {
            let other: String = other.chars().take(60).collect();
            ReadError::new("json-schema", format!("Tệp JSON thuộc loại “{other}”, không phải “{SCHEMA}”."))
        }
        JsonError::Shape(error) => {
            let (line, column) = (error.line(), error.column());
            ReadError::new("json-broken", format!("Tệp JSON sai ở dòng {line}, cột {column}: {error}."))
        }
    })?;
    if paper.questions.is_empty() {
        return Err(ReadError::no_questions());
    }
    plain_names(&mut paper);
    Ok(paper)
}

/// Gives media their bytes, which `file` finds by the name of their file. What is not there, or is no picture
/// or sound, is told.
pub fn attach(paper: &mut Paper, file: &mut dyn FnMut(&str) -> Option<Bytes>) {
    let mut lost = Vec::new();
    paper.media.retain_mut(|media| {
        // A medium that brings its bytes along needs no file.
        if !media.content.is_empty() {
            return true;
        }
        let found = file(&media.file).and_then(|bytes| recognised(&bytes).map(|what| (what, bytes)));
        if let Some((what, bytes)) = found {
            what.mime.clone_into(&mut media.mime);
            media.content = bytes;
            return true;
        }
        lost.push(media.clone());
        false
    });
    for media in lost {
        let at = paper.questions.iter().find(|question| question.media_ids().contains(&media.id)).map(|question| question.address);
        let message = format!(
            "Không thấy tệp “{}” của hình hoặc âm thanh “{}”, hoặc tệp không phải hình hay âm thanh. Hãy để thư mục “.media” cạnh tệp JSON rồi đọc lại.",
            media.file, media.id
        );
        let entry = Entry::warning("missing-media", message).with("name", &media.file);
        paper.note(Entry { address: at, ..entry });
    }
}

/// Writes a paper. The bytes of media are not part of it.
///
/// # Errors
/// Only what `serde_json` may say.
pub fn write(paper: &Paper) -> Result<Written, WriteError> {
    let mut text = to_json(paper).map_err(|error| WriteError(error.to_string()))?;
    text.push('\n');
    Ok(Written { bytes: text.into_bytes(), report: Vec::new() })
}

fn plain_names(paper: &mut Paper) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut dropped = Vec::new();
    let mut ids = BTreeSet::new();
    paper.media.retain(|media| {
        let keeps = is_id(&media.id) && ids.insert(media.id.clone());
        if !keeps {
            dropped.push(media.id.chars().take(60).collect::<String>());
        }
        keeps
    });
    for media in &mut paper.media {
        if !is_plain(&media.file) || !seen.insert(media.file.to_ascii_lowercase()) {
            media.file = from_id(media);
            seen.insert(media.file.to_ascii_lowercase());
        }
    }
    for id in dropped {
        paper.note(Entry::warning("media-id", format!("Hình hoặc âm thanh “{id}” có tên không dùng được hoặc trùng nên bị bỏ qua.")));
    }
}

fn from_id(media: &Media) -> String {
    let extension: String = media.mime.rsplit('/').next().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("{}.{}", media.id, if extension.is_empty() { "bin" } else { &extension })
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Letters, digits, `-`, `_` and single dots inside.
fn is_plain(file: &str) -> bool {
    (1..=100).contains(&file.len())
        && file.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && !file.starts_with('.')
        && !file.ends_with('.')
        && !file.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let paper = crate::gift::read("Q{=a ~%50%b#c}\n\nTính $x^2$ {#3:0.5}\n\nHai là {=x -> y}".as_bytes()).unwrap();
        assert_eq!(read(&write(&paper).unwrap().bytes).unwrap(), paper);
    }

    #[test]
    fn broken_files_are_refused_with_their_place() {
        assert_eq!(read(b"{\"schema\": \"other/2\"}").unwrap_err().code, "json-schema");
        assert!(read(b"{\n\"schema\": 1}").unwrap_err().message.contains("dòng 2"));
        assert_eq!(read(b"{\"schema\": \"lopmo.questions/1\"}").unwrap_err().code, "no-questions");
    }

    #[test]
    fn no_name_of_a_file_leads_out_of_its_folder() {
        let json = r#"{"schema":"lopmo.questions/1","questions":[{"type":"essay"}],"media":[
            {"id":"img1","file":"../../etc/passwd","mime":"image/png","bytes":1},
            {"id":"../x","file":"a.png","mime":"image/png","bytes":1},
            {"id":"img2","file":"b.png","mime":"image/png","bytes":1},
            {"id":"img2","file":"c.png","mime":"image/png","bytes":1}]}"#;
        let paper = read(json.as_bytes()).unwrap();
        let files: Vec<_> = paper.media.iter().map(|media| media.file.as_str()).collect();
        assert_eq!(files, ["img1.png", "b.png"]);
        assert_eq!(paper.report.len(), 2);
    }
}

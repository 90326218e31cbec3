//! Chapters of a video: WebVTT chapters, or lines "00:00 Title" as people write under videos.

use serde::{Deserialize, Serialize};

use crate::captions::{self, format_time, parse_time};
use crate::decode::decode_text;
use crate::vietnamese::collapse_whitespace;

/// Most chapters of one video.
pub const MAX_CHAPTERS: usize = 500;
/// Longest title, in characters; longer ones are cut.
pub const MAX_TITLE: usize = 200;

/// A named place in a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// First millisecond.
    pub start_ms: u64,
    /// Plain text, NFC, one line.
    pub title: String,
}

/// Why chapters can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChapterError {
    /// Larger than a caption file may be.
    #[error("the chapter list is too large")]
    TooLarge,
    /// A line that is no "00:00 Title".
    #[error("line {line} does not begin with a time such as 01:30")]
    BadLine {
        /// Line, from 1.
        line: u32,
    },
    /// Times that do not grow.
    #[error("line {line} begins no later than the one before")]
    NotInOrder {
        /// Line, from 1.
        line: u32,
    },
    /// More than [`MAX_CHAPTERS`].
    #[error("more than {MAX_CHAPTERS} chapters")]
    TooMany,
    /// Nothing there.
    #[error("no chapters")]
    Empty,
}

impl ChapterError {
    /// The stable kebab-case word for messages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::BadLine { .. } => "bad-line",
            Self::NotInOrder { .. } => "not-in-order",
            Self::TooMany => "too-many",
            Self::Empty => "empty",
        }
    }
}

/// Reads either form.
///
/// # Errors
/// The first line that can't be understood; chapters are few and typed by hand, so nothing is guessed.
pub fn read(bytes: &[u8]) -> Result<Vec<Chapter>, ChapterError> {
    if bytes.len() > captions::MAX_BYTES {
        return Err(ChapterError::TooLarge);
    }
    let text = decode_text(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let chapters = if text.starts_with("WEBVTT") { from_webvtt(bytes)? } else { from_lines(text)? };
    match chapters.len() {
        0 => Err(ChapterError::Empty),
        1..=MAX_CHAPTERS => Ok(chapters),
        _ => Err(ChapterError::TooMany),
    }
}

fn from_webvtt(bytes: &[u8]) -> Result<Vec<Chapter>, ChapterError> {
    let captions = captions::read(bytes).map_err(|error| match error {
        captions::CaptionError::NoCues { first_problem } => {
            first_problem.map_or(ChapterError::Empty, |line| ChapterError::BadLine { line })
        }
        captions::CaptionError::TooLarge | captions::CaptionError::TooManyCues { .. } => ChapterError::TooMany,
    })?;
    if let Some(problem) = captions.problems.first() {
        return Err(ChapterError::BadLine { line: problem.line });
    }
    let mut chapters: Vec<Chapter> = Vec::new();
    for cue in &captions.cues {
        if chapters.last().is_none_or(|last| last.start_ms < cue.start_ms) {
            chapters.push(Chapter { start_ms: cue.start_ms, title: title(&cue.plain_text()) });
        }
    }
    Ok(chapters)
}

fn from_lines(text: &str) -> Result<Vec<Chapter>, ChapterError> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let line = collapse_whitespace(line);
        if line.is_empty() {
            continue;
        }
        let line = line.trim_start_matches(['-', '•', '*', '[', '(', ' ']);
        let end = line.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ':' | '.' | ',')).unwrap_or(line.len());
        let (time, rest) = line.split_at(end);
        let start_ms = parse_time(time.trim_end_matches(['.', ',', ':'])).ok_or(ChapterError::BadLine { line: number })?;
        let title = title(rest.trim_start_matches([' ', '-', '–', '—', ':', ']', ')', '.']));
        if title.is_empty() {
            return Err(ChapterError::BadLine { line: number });
        }
        if chapters.last().is_some_and(|last| last.start_ms >= start_ms) {
            return Err(ChapterError::NotInOrder { line: number });
        }
        chapters.push(Chapter { start_ms, title });
        if chapters.len() > MAX_CHAPTERS {
            return Err(ChapterError::TooMany);
        }
    }
    Ok(chapters)
}

fn title(text: &str) -> String {
    collapse_whitespace(text).chars().take(MAX_TITLE).collect()
}

/// WebVTT chapters for the player; the last one ends with the video.
pub fn to_webvtt(chapters: &[Chapter], duration_ms: u64) -> String {
    let mut out = String::from("WEBVTT\n");
    for (index, chapter) in chapters.iter().enumerate() {
        let end = chapters.get(index + 1).map_or(duration_ms, |next| next.start_ms).max(chapter.start_ms + 1);
        let title = chapter.title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        out.push_str(&format!("\n{} --> {}\n{title}\n", format_time(chapter.start_ms), format_time(end)));
    }
    out
}

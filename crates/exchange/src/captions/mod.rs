//! Captions from WebVTT and SubRip, and clean WebVTT back.

mod markup;

use serde::{Deserialize, Serialize};

use self::markup::{plain, sanitise};
use crate::decode::decode_text;

/// Largest caption file, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// Most cues of one file (12 hours at three seconds a cue).
pub const MAX_CUES: usize = 20_000;
/// Longest text of one cue, in characters.
pub const MAX_CUE_TEXT: usize = 2_000;

/// One caption on screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// First millisecond it shows.
    pub start_ms: u64,
    /// First millisecond it no longer shows; always after `start_ms`.
    pub end_ms: u64,
    /// WebVTT cue text: lines joined by `\n`, only the tags i, b, u and v, everything else escaped.
    pub markup: String,
}

impl Cue {
    /// The words alone, tags off and entities read.
    pub fn plain_text(&self) -> String {
        plain(&self.markup)
    }
}

/// A cue that can't be used, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CueProblem {
    /// Line of the file, from 1.
    pub line: u32,
    /// What is wrong.
    pub code: CueProblemCode,
}

/// What can be wrong with a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CueProblemCode {
    /// The line with the arrow has no two times.
    BadTiming,
    /// It ends before or when it starts.
    EndsBeforeStart,
    /// Text where a timing line was expected.
    StrayText,
    /// Longer than [`MAX_CUE_TEXT`]; cut.
    TextTooLong,
}

/// What the file was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaptionFormat {
    /// Begins with WEBVTT.
    WebVtt,
    /// SubRip.
    Srt,
}

/// Captions as read: good cues by start time, bad ones reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captions {
    /// What the file was.
    pub format: CaptionFormat,
    /// Usable cues, sorted by start.
    pub cues: Vec<Cue>,
    /// The others.
    pub problems: Vec<CueProblem>,
}

/// Why there are no captions at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaptionError {
    /// More than [`MAX_BYTES`].
    #[error("the caption file is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// More than [`MAX_CUES`].
    #[error("more than {MAX_CUES} cues (line {line})")]
    TooManyCues {
        /// Line the limit was passed on.
        line: u32,
    },
    /// Not one cue with times.
    #[error("no cue with times was found{}", first_line(.first_problem))]
    NoCues {
        /// Line of the first problem, if any.
        first_problem: Option<u32>,
    },
}

fn first_line(line: &Option<u32>) -> String {
    line.map(|line| format!(" (first problem on line {line})")).unwrap_or_default()
}

impl CaptionError {
    /// The stable kebab-case word for messages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::TooManyCues { .. } => "too-many-cues",
            Self::NoCues { .. } => "no-cues",
        }
    }
}

impl Captions {
    /// Words of all cues for the search index, repeated lines (rolling captions) once.
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        let mut last = String::new();
        for cue in &self.cues {
            for line in cue.plain_text().lines() {
                let line = line.trim();
                if line.is_empty() || line == last {
                    continue;
                }
                if !out.is_empty() {
                    out.push('\n');
                }
                out.push_str(line);
                line.clone_into(&mut last);
            }
        }
        out
    }

    /// Clean WebVTT: nothing of the source but times and sanitised text.
    pub fn to_webvtt(&self) -> String {
        let mut out = String::from("WEBVTT\n");
        for cue in &self.cues {
            out.push('\n');
            out.push_str(&format_time(cue.start_ms));
            out.push_str(" --> ");
            out.push_str(&format_time(cue.end_ms));
            out.push('\n');
            out.push_str(&cue.markup);
            out.push('\n');
        }
        out
    }
}

/// `HH:MM:SS.mmm`, hours always written.
pub(crate) fn format_time(ms: u64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    format!("{:02}:{:02}:{seconds:02}.{ms:03}", minutes / 60, minutes % 60)
}

/// Reads WebVTT or SubRip, told apart by the first line.
///
/// # Errors
/// When too large or when there is not one usable cue.
pub fn read(bytes: &[u8]) -> Result<Captions, CaptionError> {
    if bytes.len() > MAX_BYTES {
        return Err(CaptionError::TooLarge);
    }
    let text = decode_text(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_start_matches('\u{feff}');
    let is_vtt = text.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']));
    let format = if is_vtt { CaptionFormat::WebVtt } else { CaptionFormat::Srt };
    let mut captions = Captions { format, cues: Vec::new(), problems: Vec::new() };
    for block in blocks(text) {
        captions.read_block(&block)?;
    }
    if captions.cues.is_empty() {
        return Err(CaptionError::NoCues { first_problem: captions.problems.first().map(|problem| problem.line) });
    }
    captions.cues.sort_by_key(|cue| (cue.start_ms, cue.end_ms));
    Ok(captions)
}

/// Lines between blank lines, each with its number.
fn blocks(text: &str) -> Vec<Vec<(u32, &str)>> {
    let mut blocks = Vec::new();
    let mut block = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        if line.trim().is_empty() {
            if !block.is_empty() {
                blocks.push(std::mem::take(&mut block));
            }
        } else {
            block.push((u32::try_from(index + 1).unwrap_or(u32::MAX), line));
        }
    }
    if !block.is_empty() {
        blocks.push(block);
    }
    blocks
}

impl Captions {
    /// A block may hold several cues when the blank line between them was lost.
    fn read_block(&mut self, block: &[(u32, &str)]) -> Result<(), CaptionError> {
        let first = block[0].1.trim_start();
        let is_comment = ["NOTE", "STYLE", "REGION", "WEBVTT"]
            .iter()
            .any(|word| first.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ':'])));
        let arrows: Vec<usize> = block.iter().enumerate().filter(|(_, (_, line))| line.contains("-->")).map(|(index, _)| index).collect();
        let head_with_cue = first.starts_with("WEBVTT") && !arrows.is_empty();
        if is_comment && self.format == CaptionFormat::WebVtt && !head_with_cue {
            return Ok(());
        }
        let Some(first_arrow) = arrows.first().copied() else {
            self.problem(block[0].0, CueProblemCode::StrayText);
            return Ok(());
        };
        if first_arrow > 1 && !first.starts_with("WEBVTT") {
            self.problem(block[0].0, CueProblemCode::StrayText);
        }
        for (number, arrow) in arrows.iter().enumerate() {
            let end = match arrows.get(number + 1) {
                // The next cue's number line is not this cue's text.
                Some(next) if *next > arrow + 1 && is_counter(block[next - 1].1) => next - 1,
                Some(next) => *next,
                None => block.len(),
            };
            self.read_cue(block[*arrow], &block[arrow + 1..end])?;
        }
        Ok(())
    }

    fn read_cue(&mut self, timing: (u32, &str), text: &[(u32, &str)]) -> Result<(), CaptionError> {
        let (line, timing) = timing;
        let Some((start_ms, end_ms)) = parse_timing(timing) else {
            self.problem(line, CueProblemCode::BadTiming);
            return Ok(());
        };
        if end_ms <= start_ms {
            self.problem(line, CueProblemCode::EndsBeforeStart);
            return Ok(());
        }
        let mut raw = text.iter().map(|(_, text)| text.trim()).collect::<Vec<_>>().join("\n");
        if raw.chars().count() > MAX_CUE_TEXT {
            self.problem(line, CueProblemCode::TextTooLong);
            raw = raw.chars().take(MAX_CUE_TEXT).collect();
        }
        let markup = sanitise(&raw);
        if plain(&markup).trim().is_empty() {
            return Ok(());
        }
        if self.cues.len() >= MAX_CUES {
            return Err(CaptionError::TooManyCues { line });
        }
        self.cues.push(Cue { start_ms, end_ms, markup });
        Ok(())
    }

    /// At most a hundred are kept: a film script is not worth twenty thousand problems.
    fn problem(&mut self, line: u32, code: CueProblemCode) {
        if self.problems.len() < 100 {
            self.problems.push(CueProblem { line, code });
        }
    }
}

fn is_counter(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse_timing(line: &str) -> Option<(u64, u64)> {
    let (start, end) = line.split_once("-->")?;
    // Cue settings and SubRip coordinates follow the end time and are dropped.
    Some((parse_time(start.trim())?, parse_time(end.split_whitespace().next()?)?))
}

/// `HH:MM:SS.mmm`, `MM:SS,mmm`, `MM:SS`; up to 99 hours.
pub(crate) fn parse_time(text: &str) -> Option<u64> {
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let ms = match fraction {
        None => 0,
        Some(digits) => {
            if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            format!("{digits:0<3}").get(..3)?.parse().ok()?
        }
    };
    let parts: Vec<u64> = clock
        .split(':')
        .map(|part| {
            let part = part.trim();
            ((1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
        })
        .collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => (0, *minutes, *seconds),
        [hours, minutes, seconds] if *minutes < 60 => (*hours, *minutes, *seconds),
        _ => return None,
    };
    (seconds < 60 && hours < 100).then(|| ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms)
}

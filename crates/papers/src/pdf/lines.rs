//! Strings of letters put together to lines, and lines to paragraphs.

use unicode_normalization::UnicodeNormalization as _;

use super::runs::Run;
use crate::document::{Document, DocumentBlock, Look, Paragraph, Part};
use crate::encodings::is_unicode_vietnamese;
use crate::rich::Script;

/// A line of a page.
struct Line {
    runs: Vec<Run>,
    page: u32,
    y: f32,
    size: f32,
}

impl Line {
    fn start(&self) -> f32 {
        self.runs.first().map_or(0.0, |run| run.x)
    }

    fn end(&self) -> f32 {
        self.runs.last().map_or(0.0, |run| run.x + run.width)
    }

    fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// All pages' letters.
pub(super) fn document(pages: Vec<(u32, Vec<Run>)>) -> Document {
    let mut lines: Vec<Line> =
        pages.into_iter().flat_map(|(page, runs)| lines(page, runs)).filter(|line| !line.text().trim().is_empty()).collect();
    // A file that says itself which Unicode letters its old fonts have needs no decoding.
    let mut old = lines.iter().flat_map(|line| &line.runs).filter(|run| run.legacy.is_some());
    if !old.any(|run| run.text.chars().any(is_unicode_vietnamese)) {
        lines.iter_mut().for_each(decode);
    }
    let right = lines.iter().map(Line::end).fold(0.0, f32::max);
    let left = lines.iter().map(Line::start).fold(right, f32::min);
    let mut document = Document::default();
    let mut before: Option<&Line> = None;
    for line in &lines {
        let parts = parts(line);
        match (before, document.blocks.last_mut()) {
            (Some(before), Some(DocumentBlock::Paragraph(paragraph))) if goes_on(before, line, left, right) => {
                push(&mut paragraph.parts, " ", Look::default());
                paragraph.parts.extend(parts);
            }
            _ => {
                let number = u32::try_from(document.blocks.len() + 1).unwrap_or(u32::MAX);
                document.blocks.push(DocumentBlock::Paragraph(Paragraph { number, label: None, parts }));
            }
        }
        before = Some(line);
    }
    document
}

/// Strings in the order of drawing, which is the order of writing in what Word and TeX make: a new
/// line begins where letters stand higher or lower by more than an index does.
fn lines(page: u32, runs: Vec<Run>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for run in runs {
        match out.last_mut() {
            Some(line) if (line.y - run.y).abs() < 0.55 * line.size.max(run.size) => {
                if run.size > line.size {
                    (line.size, line.y) = (run.size, run.y);
                }
                line.runs.push(run);
            }
            _ => out.push(Line { page, y: run.y, size: run.size, runs: vec![run] }),
        }
    }
    for line in &mut out {
        line.runs.sort_by(|one, other| one.x.total_cmp(&other.x));
    }
    out
}

/// Letters of old fonts as Unicode; a mark drawn by itself joins the letter before it.
fn decode(line: &mut Line) {
    let size = line.size;
    for at in 0..line.runs.len() {
        let (done, rest) = line.runs.split_at_mut(at);
        let Some(run) = rest.first_mut() else { return };
        let Some(legacy) = run.legacy else { continue };
        let mut apart = String::new();
        let before = done.last_mut().filter(|before| before.legacy == Some(legacy) && run.x - (before.x + before.width) < 0.17 * size);
        run.text = legacy.decode_after(before.map_or(&mut apart, |before| &mut before.text), &run.text);
    }
}

/// A line that fills the page to its right edge goes on in the next, unless that begins something.
fn goes_on(before: &Line, line: &Line, left: f32, right: f32) -> bool {
    let full = before.end() >= right - 0.12 * (right - left);
    let near = before.page == line.page && before.y - line.y > 0.0 && before.y - line.y < 2.2 * line.size.max(before.size);
    full && near && !begins(&line.text())
}

/// Whether a line begins with what marks a question, an option or a part.
fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let lower = text.to_lowercase();
    if ["câu ", "bài ", "question ", "phần ", "part ", "lời giải", "hướng dẫn", "đáp án", "chọn ", "hết", "---"]
        .iter()
        .any(|word| lower.starts_with(word))
    {
        return true;
    }
    let label: String = text.chars().take_while(|letter| letter.is_alphanumeric()).collect();
    let rest = text.get(label.len()..).unwrap_or_default();
    let short = label.chars().count() == 1
        || label.chars().all(|letter| letter.is_ascii_digit())
        || label.chars().all(|letter| "IVX".contains(letter));
    !label.is_empty() && label.len() <= 4 && short && rest.starts_with(['.', ')', ':'])
}

/// A line's pieces, with spaces where the gap is a space and tabs where it is wider.
fn parts(line: &Line) -> Vec<Part> {
    let mut out = Vec::new();
    let mut end: Option<f32> = None;
    let mut spaced = false;
    for run in &line.runs {
        let mut look = run.look;
        if run.size < 0.85 * line.size {
            let raised = run.y - line.y;
            look.marks.script = if raised > 0.15 * line.size {
                Script::Super
            } else if raised < -0.05 * line.size {
                Script::Sub
            } else {
                Script::Normal
            };
        }
        // A space that was drawn is part of the gap.
        if run.text.trim().is_empty() {
            spaced = true;
            continue;
        }
        if let Some(end) = end {
            let gap = run.x - end;
            if gap > 1.8 * line.size {
                out.push(Part::Tab);
            } else if spaced || gap > 0.17 * line.size {
                push(&mut out, " ", look);
            }
        }
        push(&mut out, &run.text, look);
        spaced = false;
        end = Some(end.unwrap_or(f32::MIN).max(run.x + run.width));
    }
    if is_stretched(&out) {
        out.iter_mut().filter(|part| **part == Part::Tab).for_each(|part| *part = Part::Text(" ".to_owned(), Look::default()));
    }
    for part in &mut out {
        if let Part::Text(text, _) = part {
            *text = text.nfc().filter(|letter| !letter.is_control()).collect();
        }
    }
    out
}

/// A short line that was stretched to both edges: wide gaps between single words, none of them the
/// label of an option.
fn is_stretched(parts: &[Part]) -> bool {
    let after: Vec<&str> = parts
        .windows(2)
        .filter_map(|pair| match pair {
            [Part::Tab, Part::Text(text, _)] => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let spaces = parts.iter().filter(|part| matches!(part, Part::Text(text, _) if text.trim().contains(' '))).count();
    after.len() >= 2 && spaces < after.len() && !after.iter().any(|text| begins(text))
}

/// Adds letters to those before them of the same look; a space is never doubled.
fn push(parts: &mut Vec<Part>, text: &str, look: Look) {
    if let Some(Part::Text(before, own)) = parts.last_mut() {
        let text = if before.ends_with(' ') { text.trim_start_matches(' ') } else { text };
        if *own == look || text.trim().is_empty() {
            before.push_str(text);
        } else if !text.is_empty() {
            parts.push(Part::Text(text.to_owned(), look));
        }
        return;
    }
    let text = if parts.is_empty() { text.trim_start_matches(' ') } else { text };
    if !text.is_empty() {
        parts.push(Part::Text(text.to_owned(), look));
    }
}

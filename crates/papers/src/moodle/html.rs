//! Rich text as Moodle's HTML: formulas between `\(` and `\)`, pictures as files or inside the text.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::cloze_syntax::begins_gap;
use super::files::to_base64;
use crate::model::{Media, Paper};
use crate::rich::{Block, Dialect, Inline, Marks, MathDisplay, MediaKind, Rich, escape_html, tex_in_letters};

const IN_LINKS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// Where pictures go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pictures {
    /// Beside the text, linked by name (Moodle XML).
    Beside,
    /// In the text itself (GIFT).
    Inside,
}

/// Writes the rich texts of a paper.
pub(crate) struct HtmlWriter<'a> {
    media: BTreeMap<&'a str, &'a Media>,
    pictures: Pictures,
    /// What stands for each gap; five underscores where there is none.
    gaps: Vec<String>,
    has_gaps: bool,
    used: BTreeSet<&'a str>,
    missing: BTreeSet<String>,
    guarded: bool,
}

/// A text and the files it needs beside it.
pub(crate) struct Text<'a> {
    /// HTML.
    pub html: String,
    /// In the order of their ids.
    pub files: Vec<&'a Media>,
}

impl<'a> HtmlWriter<'a> {
    pub fn new(paper: &'a Paper, pictures: Pictures) -> Self {
        Self {
            media: paper.media.iter().map(|media| (media.id.as_str(), media)).collect(),
            pictures,
            gaps: Vec::new(),
            has_gaps: false,
            used: BTreeSet::new(),
            missing: BTreeSet::new(),
            guarded: false,
        }
    }

    /// A text.
    pub fn text(&mut self, rich: &Rich) -> Text<'a> {
        self.guarded = is_risky(rich);
        let html = rich.to_html_in(self);
        let files = std::mem::take(&mut self.used).into_iter().filter_map(|id| self.media.get(id).copied()).collect();
        Text { html, files }
    }

    /// A text with gaps and what stands for them.
    pub fn text_with_gaps(&mut self, rich: &Rich, gaps: Vec<String>) -> Text<'a> {
        self.gaps = gaps;
        self.has_gaps = true;
        let mut text = self.text(rich);
        self.has_gaps = false;
        let gaps = std::mem::take(&mut self.gaps);
        text.html = with_gaps(&text.html, &gaps);
        text
    }

    /// A text of one paragraph without the tags around it.
    pub fn line(&mut self, rich: &Rich) -> Text<'a> {
        let mut text = self.text(rich);
        if let [Block::Paragraph(_)] = rich.blocks.as_slice() {
            text.html = text.html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).unwrap_or(&text.html).to_owned();
        }
        text
    }

    /// Ids of media asked for since the last call that have no bytes.
    pub fn take_missing(&mut self) -> Vec<String> {
        std::mem::take(&mut self.missing).into_iter().collect()
    }
}

/// Letters that might be read as formulas, alone or together.
fn is_risky(rich: &Rich) -> bool {
    let mut signs = 0_usize;
    rich.each_inline(&mut |inline| match inline {
        Inline::Text(text, _) => signs += text.matches(['$', '\\']).take(2).count(),
        Inline::Math { .. } => signs += 1,
        _ => {}
    });
    let mut has_letters = false;
    rich.each_inline(&mut |inline| has_letters |= matches!(inline, Inline::Text(text, _) if text.contains(['$', '\\'])));
    has_letters && signs > 1
}

/// A formula as it stands in letters.
pub(crate) fn formula(latex: &str, display: MathDisplay) -> String {
    match display {
        MathDisplay::Inline => format!("\\({latex}\\)"),
        MathDisplay::Block => format!("\\[{latex}\\]"),
    }
}

/// Whether it is read back as it was.
pub(crate) fn is_faithful(latex: &str, display: MathDisplay) -> bool {
    let spaced = latex.contains("  ") || latex.chars().any(|letter| letter.is_control());
    let read = tex_in_letters(&formula(latex, display), Marks::default());
    !spaced && matches!(read.as_slice(), [Inline::Math { latex: own, display: place }] if own == latex && *place == display)
}

impl Dialect for HtmlWriter<'_> {
    fn text(&mut self, text: &str, out: &mut String) {
        if !self.guarded {
            return escape_html(text, out);
        }
        for letter in text.chars() {
            match letter {
                // An empty element after it parts it from what would make it a formula.
                '$' | '\\' => {
                    out.push(letter);
                    out.push_str("<span></span>");
                }
                other => escape_html(other.encode_utf8(&mut [0; 4]), out),
            }
        }
    }

    fn math(&mut self, latex: &str, display: MathDisplay, out: &mut String) {
        let faithful = is_faithful(latex, display);
        if !faithful {
            out.push_str("<span data-math=\"");
            escape_html(latex, out);
            out.push_str(if display == MathDisplay::Block { "\" data-display=\"block\">" } else { "\">" });
        }
        escape_html(&formula(latex, display), out);
        if !faithful {
            out.push_str("</span>");
        }
    }

    fn media(&mut self, id: &str, kind: MediaKind, alt: &str, width: Option<u16>, out: &mut String) {
        let (open, words, close) = match kind {
            MediaKind::Picture => ("<img src=\"", "\" alt=\"", ">"),
            MediaKind::Sound => ("<audio controls src=\"", "\" title=\"", "></audio>"),
        };
        out.push_str(open);
        match self.media.get(id).filter(|media| !media.content.is_empty()).copied() {
            Some(media) => match self.pictures {
                Pictures::Beside => {
                    out.push_str(&link(&media.file));
                    self.used.insert(media.id.as_str());
                }
                Pictures::Inside => out.push_str(&format!("data:{};base64,{}", clean_mime(&media.mime), to_base64(&media.content))),
            },
            None => {
                self.missing.insert(id.to_owned());
                out.push_str(&link(self.media.get(id).map_or(id, |media| &media.file)));
            }
        }
        if !alt.is_empty() {
            out.push_str(words);
            escape_html(alt, out);
        }
        out.push('"');
        if let Some(width) = width {
            out.push_str(&format!(" width=\"{width}\""));
        }
        out.push_str(close);
    }

    fn blank(&mut self, number: u32, out: &mut String) {
        // Between marks no letter of a text can be, till the rest is written.
        if self.has_gaps {
            out.push_str(&format!("{OPEN}{number}{CLOSE}"));
        } else {
            out.push_str(NO_GAP);
        }
    }
}

const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';
const NO_GAP: &str = "_____";

/// Puts the gaps in, each once, and keeps letters that look like one from being one.
fn with_gaps(html: &str, gaps: &[String]) -> String {
    let mut out = String::with_capacity(html.len());
    let mut left: Vec<Option<&String>> = gaps.iter().map(Some).collect();
    let mut rest = html;
    while let Some(at) = rest.find([OPEN, '{']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let inner = from.get(1..).unwrap_or_default();
        if from.starts_with('{') {
            out.push_str(if begins_gap(from) { "&#123;" } else { "{" });
            rest = inner;
            continue;
        }
        let (number, after) = inner.split_once(CLOSE).unwrap_or((inner, ""));
        let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let gap = place.and_then(|place| left.get_mut(place)).and_then(Option::take);
        out.push_str(gap.map_or(NO_GAP, String::as_str));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn link(file: &str) -> String {
    format!("@@PLUGINFILE@@/{}", utf8_percent_encode(file, IN_LINKS))
}

fn clean_mime(mime: &str) -> String {
    mime.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '+' | '-' | '.')).collect()
}

/// Letters alone, formulas between `\(` and `\)`: the right sides of matching.
pub(crate) fn letters(rich: &Rich) -> String {
    let mut lines = Vec::new();
    for block in &rich.blocks {
        match block {
            Block::Paragraph(inlines) => {
                let mut line = String::new();
                inlines.iter().for_each(|inline| match inline {
                    Inline::Text(text, _) if tex_in_letters(text, Marks::default()).len() > 1 => line.push_str(&text.replace('$', "\\$")),
                    Inline::Text(text, _) => line.push_str(text),
                    Inline::Math { latex, display } => line.push_str(&formula(latex, *display)),
                    other => line.push_str(&Rich::paragraph(vec![other.clone()]).to_text()),
                });
                lines.push(line);
            }
            other => lines.push(Rich { blocks: vec![other.clone()] }.to_text()),
        }
    }
    lines.join("\n")
}

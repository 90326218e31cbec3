//! Rich text as the XHTML of QTI 3.

use std::fmt::Write as _;

use super::Writing;
use crate::model::{Address, Entry};
use crate::rich::{Block, Cell, CellKind, Inline, ListKind, Marks, MathDisplay, MediaKind, Rich, Script};

/// Writes rich text, with what stands in its gaps.
pub(super) struct Markup<'w, 'p> {
    pub(super) writing: &'w mut Writing<'p>,
    /// The question that is written, for the report.
    pub(super) address: Address,
    /// What stands in each gap, first to last; none outside of clozes.
    pub(super) gaps: Vec<String>,
}

/// Letters safe inside elements and attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    crate::xml::escape(text, &mut out);
    out
}

impl Markup<'_, '_> {
    /// As blocks.
    pub(super) fn blocks(&mut self, rich: &Rich) -> String {
        let mut out = String::new();
        rich.blocks.iter().for_each(|block| self.block(block, &mut out));
        out
    }

    /// A single paragraph without its tags, else blocks.
    pub(super) fn inside(&mut self, rich: &Rich) -> String {
        match rich.blocks.as_slice() {
            [Block::Paragraph(only)] => {
                let mut out = String::new();
                self.inlines(only, &mut out);
                out
            }
            _ => self.blocks(rich),
        }
    }

    fn block(&mut self, block: &Block, out: &mut String) {
        match block {
            Block::Paragraph(inlines) => {
                out.push_str("<p>");
                self.inlines(inlines, out);
                out.push_str("</p>");
            }
            Block::List { kind, items } => {
                let tag = if *kind == ListKind::Numbers { "ol" } else { "ul" };
                let _ = write!(out, "<{tag}>");
                for item in items {
                    let _ = write!(out, "<li>{}</li>", self.inside(item));
                }
                let _ = write!(out, "</{tag}>");
            }
            Block::Table(rows) => {
                out.push_str("<table><tbody>");
                for row in rows {
                    out.push_str("<tr>");
                    row.iter().for_each(|cell| self.cell(cell, out));
                    out.push_str("</tr>");
                }
                out.push_str("</tbody></table>");
            }
            Block::Code(text) => {
                let _ = write!(out, "<pre>{}</pre>", escape(text));
            }
        }
    }

    fn cell(&mut self, cell: &Cell, out: &mut String) {
        let tag = if cell.kind == CellKind::Heading { "th" } else { "td" };
        let _ = write!(out, "<{tag}");
        for (name, count) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
            if count > 1 {
                let _ = write!(out, " {name}=\"{count}\"");
            }
        }
        let _ = write!(out, ">{}</{tag}>", self.inside(&cell.content));
    }

    fn inlines(&mut self, inlines: &[Inline], out: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Text(text, marks) => marked(text, *marks, out),
                Inline::Math { latex, display } => formula(latex, *display, out),
                Inline::Media { id, kind, alt, width } => self.media(id, *kind, alt, *width, out),
                Inline::Blank(number) => self.gap(*number, out),
                Inline::Break => out.push_str("<br/>"),
                Inline::Link { href, content } => {
                    let _ = write!(out, "<a href=\"{}\">", escape(href));
                    self.inlines(content, out);
                    out.push_str("</a>");
                }
            }
        }
    }

    fn gap(&mut self, number: u32, out: &mut String) {
        let gap = usize::try_from(number).ok().and_then(|number| self.gaps.get_mut(number.checked_sub(1)?));
        match gap {
            // An interaction may stand in one place only.
            Some(gap) => out.push_str(&std::mem::take(gap)),
            None => out.push_str("……"),
        }
    }

    fn media(&mut self, id: &str, kind: MediaKind, alt: &str, width: Option<u16>, out: &mut String) {
        let Some(path) = self.writing.media.get(id) else {
            self.writing.report.push(
                Entry::warning("missing-media", format!("Hình hoặc âm thanh “{id}” không có dữ liệu nên không ghi vào gói được."))
                    .with("name", id)
                    .at(self.address),
            );
            return out.push_str(&escape(alt));
        };
        let path = escape(path);
        let words = escape(alt);
        // Items lie in a folder of their own.
        match kind {
            MediaKind::Picture => {
                let _ = write!(out, "<img src=\"../{path}\" alt=\"{words}\"");
                if let Some(width) = width {
                    let _ = write!(out, " width=\"{width}\"");
                }
                out.push_str("/>");
            }
            MediaKind::Sound => {
                let _ = write!(out, "<audio controls=\"controls\" src=\"../{path}\"");
                if !alt.is_empty() {
                    let _ = write!(out, " title=\"{words}\"");
                }
                out.push_str("></audio>");
            }
        }
    }
}

fn marked(text: &str, marks: Marks, out: &mut String) {
    // The vocabulary of QTI 3 has no `u` and `s`; its shared classes have.
    let tags = [
        (marks.bold, "<strong>", "</strong>"),
        (marks.italic, "<em>", "</em>"),
        (marks.underline, "<span class=\"qti-underline\">", "</span>"),
        (marks.strike, "<span class=\"qti-strikethrough\">", "</span>"),
        (marks.code, "<code>", "</code>"),
        (marks.script == Script::Sub, "<sub>", "</sub>"),
        (marks.script == Script::Super, "<sup>", "</sup>"),
    ];
    let worn = tags.iter().filter(|(worn, _, _)| *worn);
    worn.clone().for_each(|(_, open, _)| out.push_str(open));
    out.push_str(&escape(text));
    worn.rev().for_each(|(_, _, close)| out.push_str(close));
}

/// MathML that carries its LaTeX: whoever cannot read the annotation sees the source.
fn formula(latex: &str, display: MathDisplay, out: &mut String) {
    let latex = escape(latex);
    let display = if display == MathDisplay::Block { " display=\"block\"" } else { "" };
    let _ = write!(
        out,
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"{display}><semantics><mtext>{latex}</mtext><annotation encoding=\"application/x-tex\">{latex}</annotation></semantics></math>"
    );
}

use std::fmt::Write as _;

use super::{Block, Cell, CellKind, Inline, ListKind, Marks, MathDisplay, MediaKind, Rich, Script};

/// As HTML of our subset: `p`, `br`, `ul`, `ol`, `li`, `table`, `pre`, `strong`, `em`, `u`, `s`, `code`,
/// `sub`, `sup`, `a`, `span data-math`, `span data-blank`, `img data-media`, `audio data-media`.
pub(super) fn html(rich: &Rich, dialect: &mut dyn Dialect) -> String {
    let mut out = String::new();
    blocks(&rich.blocks, dialect, &mut out);
    out
}

/// Where the HTML of another program differs from ours.
pub trait Dialect {
    /// Letters.
    fn text(&mut self, text: &str, out: &mut String) {
        escape(text, out);
    }
    /// A formula.
    fn math(&mut self, latex: &str, display: MathDisplay, out: &mut String);
    /// A picture or sound.
    fn media(&mut self, id: &str, kind: MediaKind, alt: &str, width: Option<u16>, out: &mut String);
    /// A gap.
    fn blank(&mut self, number: u32, out: &mut String);
}

/// Our own HTML.
pub(super) struct Ours;

impl Dialect for Ours {
    fn math(&mut self, latex: &str, display: MathDisplay, out: &mut String) {
        out.push_str("<span data-math=\"");
        escape(latex, out);
        out.push('"');
        if display == MathDisplay::Block {
            out.push_str(" data-display=\"block\"");
        }
        out.push_str("></span>");
    }

    fn media(&mut self, id: &str, kind: MediaKind, alt: &str, width: Option<u16>, out: &mut String) {
        media(id, kind, alt, width, out);
    }

    fn blank(&mut self, number: u32, out: &mut String) {
        let _ = write!(out, "<span data-blank=\"{number}\"></span>");
    }
}

fn blocks(blocks: &[Block], dialect: &mut dyn Dialect, out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(content) => {
                out.push_str("<p>");
                inlines(content, dialect, out);
                out.push_str("</p>");
            }
            Block::List { kind, items } => {
                let tag = match kind {
                    ListKind::Bullets => "ul",
                    ListKind::Numbers => "ol",
                };
                let _ = write!(out, "<{tag}>");
                for item in items {
                    out.push_str("<li>");
                    inside(item, dialect, out);
                    out.push_str("</li>");
                }
                let _ = write!(out, "</{tag}>");
            }
            Block::Table(rows) => table(rows, dialect, out),
            Block::Code(text) => {
                out.push_str("<pre>");
                escape(text, out);
                out.push_str("</pre>");
            }
        }
    }
}

/// A single paragraph in an item or a cell needs no tags of its own.
fn inside(rich: &Rich, dialect: &mut dyn Dialect, out: &mut String) {
    match rich.blocks.as_slice() {
        [Block::Paragraph(only)] => inlines(only, dialect, out),
        several => blocks(several, dialect, out),
    }
}

fn table(rows: &[Vec<Cell>], dialect: &mut dyn Dialect, out: &mut String) {
    out.push_str("<table><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let tag = match cell.kind {
                CellKind::Heading => "th",
                CellKind::Data => "td",
            };
            let _ = write!(out, "<{tag}");
            for (name, count) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
                if count > 1 {
                    let _ = write!(out, " {name}=\"{count}\"");
                }
            }
            out.push('>');
            inside(&cell.content, dialect, out);
            let _ = write!(out, "</{tag}>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

fn inlines(inlines: &[Inline], dialect: &mut dyn Dialect, out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text, marks) => marked(text, *marks, dialect, out),
            Inline::Math { latex, display } => dialect.math(latex, *display, out),
            Inline::Media { id, kind, alt, width } => dialect.media(id, *kind, alt, *width, out),
            Inline::Blank(number) => dialect.blank(*number, out),
            Inline::Break => out.push_str("<br>"),
            Inline::Link { href, content } => {
                out.push_str("<a href=\"");
                escape(href, out);
                out.push_str("\">");
                self::inlines(content, dialect, out);
                out.push_str("</a>");
            }
        }
    }
}

fn media(id: &str, kind: MediaKind, alt: &str, width: Option<u16>, out: &mut String) {
    out.push_str(match kind {
        MediaKind::Picture => "<img data-media=\"",
        MediaKind::Sound => "<audio data-media=\"",
    });
    escape(id, out);
    out.push('"');
    if !alt.is_empty() {
        out.push_str(if kind == MediaKind::Picture { " alt=\"" } else { " title=\"" });
        escape(alt, out);
        out.push('"');
    }
    if let Some(width) = width {
        let _ = write!(out, " width=\"{width}\"");
    }
    out.push('>');
    if kind == MediaKind::Sound {
        out.push_str("</audio>");
    }
}

fn marked(text: &str, marks: Marks, dialect: &mut dyn Dialect, out: &mut String) {
    let tags = [
        (marks.bold, "strong"),
        (marks.italic, "em"),
        (marks.underline, "u"),
        (marks.strike, "s"),
        (marks.code, "code"),
        (marks.script == Script::Sub, "sub"),
        (marks.script == Script::Super, "sup"),
    ];
    let worn = tags.iter().filter(|(worn, _)| *worn).map(|(_, tag)| *tag);
    for tag in worn.clone() {
        let _ = write!(out, "<{tag}>");
    }
    dialect.text(text, out);
    for tag in worn.rev() {
        let _ = write!(out, "</{tag}>");
    }
}

/// Letters as they stand in HTML, also in attributes.
pub fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            // What no text has: control characters, which some parsers refuse.
            control if control.is_control() && control != '\n' && control != '\t' => {}
            other => out.push(other),
        }
    }
}

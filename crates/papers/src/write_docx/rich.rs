//! Rich text as paragraphs, tables and runs of Word.

use std::fmt::Write as _;

use super::body::{Body, Place, RunLook, TEXT_WIDTH, escape};
use crate::math::latex;
use crate::model::Entry;
use crate::rich::{Block, Cell, CellKind, Inline, ListKind, Marks, MathDisplay, MediaKind, Rich, Script, tex_in_letters};

/// What the dollars among a paragraph's letters would be taken for when the file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dollars {
    Plain,
    /// They need a backslash, as in LaTeX.
    LookLikeFormulas,
}

impl Dollars {
    fn of(inlines: &[Inline]) -> Self {
        let mut letters = String::new();
        for inline in inlines {
            match inline {
                Inline::Text(text, _) => letters.push_str(text),
                _ => letters.push('\n'),
            }
        }
        let are_read = |line: &str| tex_in_letters(line, Marks::default()).iter().any(|read| matches!(read, Inline::Math { .. }));
        if letters.contains('$') && letters.lines().any(are_read) { Self::LookLikeFormulas } else { Self::Plain }
    }
}

/// Tables and lists in one another past which only letters are kept.
const DEEPEST: usize = 8;

impl Body<'_> {
    /// A rich text after what already stands on the open line (`Câu 1.`, `A.`); closes that line.
    pub(super) fn rich_after_label(&mut self, rich: &Rich, place: Place) {
        let mut blocks = rich.blocks.as_slice();
        if let Some((Block::Paragraph(first), rest)) = blocks.split_first() {
            self.inlines(first);
            blocks = rest;
        }
        self.close();
        self.blocks(blocks, place, 0);
    }

    /// A rich text in paragraphs of its own.
    pub(super) fn rich(&mut self, rich: &Rich, place: Place) {
        self.blocks(&rich.blocks, place, 0);
    }

    fn blocks(&mut self, blocks: &[Block], place: Place, depth: usize) {
        for block in blocks {
            match block {
                Block::Paragraph(inlines) => {
                    self.open(place);
                    self.inlines(inlines);
                    self.close();
                }
                Block::List { kind, items } => self.list(*kind, items, place, depth),
                Block::Table(rows) if depth < DEEPEST => self.table(rows, depth),
                Block::Table(rows) => {
                    for cell in rows.iter().flatten() {
                        self.open(place);
                        self.run(&cell.content.to_text(), RunLook::default());
                        self.close();
                    }
                }
                Block::Code(text) => {
                    self.open(place);
                    for (at, line) in text.lines().enumerate() {
                        if at > 0 {
                            self.xml.push_str("<w:r><w:br/></w:r>");
                        }
                        self.run(line, RunLook { fixed: true, ..RunLook::default() });
                    }
                    self.close();
                }
            }
        }
    }

    fn list(&mut self, kind: ListKind, items: &[Rich], place: Place, depth: usize) {
        if depth >= DEEPEST {
            for item in items {
                self.open(place);
                self.run(&item.to_text(), RunLook::default());
                self.close();
            }
            return;
        }
        for (at, item) in items.iter().enumerate() {
            self.open(if place == Place::Cell { place } else { Place::Inset });
            match kind {
                ListKind::Bullets => self.run("– ", RunLook::default()),
                ListKind::Numbers => self.run(&format!("({}) ", at + 1), RunLook::default()),
            }
            let mut blocks = item.blocks.as_slice();
            if let Some((Block::Paragraph(first), rest)) = blocks.split_first() {
                self.inlines(first);
                blocks = rest;
            }
            self.close();
            self.blocks(blocks, place, depth + 1);
        }
    }

    fn table(&mut self, rows: &[Vec<Cell>], depth: usize) {
        let columns = grid(rows);
        let count = columns.iter().map(|row| row.iter().map(|placed| placed.at + placed.span).max().unwrap_or(0)).max().unwrap_or(0).max(1);
        let width = TEXT_WIDTH / u32::try_from(count).unwrap_or(1).max(1);
        self.xml.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"0\" w:type=\"auto\"/><w:jc w:val=\"center\"/></w:tblPr><w:tblGrid>");
        for _ in 0..count {
            let _ = write!(self.xml, "<w:gridCol w:w=\"{width}\"/>");
        }
        self.xml.push_str("</w:tblGrid>");
        for row in &columns {
            self.xml.push_str("<w:tr>");
            let mut next = 0;
            for placed in row {
                self.missing_cells(placed.at.saturating_sub(next), width);
                next = placed.at + placed.span;
                let _ =
                    write!(self.xml, "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>", width * u32::try_from(placed.span).unwrap_or(1));
                if placed.span > 1 {
                    let _ = write!(self.xml, "<w:gridSpan w:val=\"{}\"/>", placed.span);
                }
                match placed.cell {
                    Some(cell) => {
                        if cell.rows > 1 {
                            self.xml.push_str("<w:vMerge w:val=\"restart\"/>");
                        }
                        self.xml.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
                        self.cell(cell, depth);
                    }
                    None => self.xml.push_str("<w:vMerge/></w:tcPr><w:p/>"),
                }
                self.xml.push_str("</w:tc>");
            }
            self.missing_cells(count.saturating_sub(next), width);
            self.xml.push_str("</w:tr>");
        }
        // Two tables in a row would become one.
        self.xml.push_str("</w:tbl>");
        self.xml.push_str("<w:p><w:pPr><w:spacing w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/></w:pPr></w:p>");
    }

    fn missing_cells(&mut self, count: usize, width: u32) {
        for _ in 0..count {
            let _ = write!(self.xml, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p/></w:tc>");
        }
    }

    fn cell(&mut self, cell: &Cell, depth: usize) {
        let before = self.xml.len();
        let bold = cell.kind == CellKind::Heading;
        if bold && let [Block::Paragraph(inlines)] = cell.content.blocks.as_slice() {
            self.open(Place::Cell);
            let heading: Vec<Inline> = inlines.iter().cloned().map(made_bold).collect();
            self.inlines(&heading);
            self.close();
        } else {
            self.blocks(&cell.content.blocks, Place::Cell, depth + 1);
        }
        // A cell ends in a paragraph.
        if self.xml.len() == before || self.xml.ends_with("</w:tbl>") {
            self.xml.push_str("<w:p/>");
        }
    }

    pub(super) fn inlines(&mut self, inlines: &[Inline]) {
        let dollars = Dollars::of(inlines);
        for inline in inlines {
            match inline {
                Inline::Text(text, marks) if dollars == Dollars::LookLikeFormulas => self.run(&text.replace('$', "\\$"), look(*marks)),
                Inline::Text(text, marks) => self.run(text, look(*marks)),
                Inline::Math { latex, display } => self.math(latex, *display),
                Inline::Media { id, kind: MediaKind::Picture, alt, width } => self.picture(id, alt, *width),
                Inline::Media { alt, .. } => {
                    self.run(&format!("[âm thanh: {alt}]"), RunLook { italic: true, ..RunLook::default() });
                    let message = "Tệp Word không giữ được âm thanh của câu này. Hãy gửi kèm tệp âm thanh riêng.";
                    self.tell(Entry::warning("docx-sound", message));
                }
                Inline::Blank(number) => self.run(&format!("({number}) ............"), RunLook::default()),
                Inline::Break => self.xml.push_str("<w:r><w:br/></w:r>"),
                Inline::Link { href, content } => {
                    let id = self.attached.link(href);
                    let _ = write!(self.xml, "<w:hyperlink r:id=\"{id}\">");
                    self.inlines(content);
                    self.xml.push_str("</w:hyperlink>");
                }
            }
        }
    }

    /// A formula as an equation of Word; as `$…$`, which is read back the same, where it is not understood.
    fn math(&mut self, source: &str, display: MathDisplay) {
        match latex::parse(source) {
            Ok(node) if node.is_empty() => {}
            Ok(node) => {
                let equation = latex::to_omml(&node);
                match display {
                    MathDisplay::Inline => self.xml.push_str(&equation),
                    MathDisplay::Block => {
                        let _ = write!(self.xml, "<m:oMathPara>{equation}</m:oMathPara>");
                    }
                }
            }
            Err(error) => {
                self.run(&format!("${source}$"), RunLook::default());
                let message =
                    format!("Công thức “{}” được ghi nguyên dạng LaTeX vì {error}. Hãy sửa công thức rồi xuất lại.", shortened(source));
                self.tell(Entry::warning("docx-formula", message).with("latex", source).with("reason", error));
            }
        }
    }
}

fn shortened(source: &str) -> String {
    let mut out: String = source.chars().take(60).collect();
    if out.len() < source.len() {
        out.push('…');
    }
    out
}

fn made_bold(inline: Inline) -> Inline {
    match inline {
        Inline::Text(text, marks) => Inline::Text(text, Marks { bold: true, ..marks }),
        other => other,
    }
}

fn look(marks: Marks) -> RunLook {
    RunLook {
        bold: marks.bold,
        italic: marks.italic,
        underline: marks.underline,
        strike: marks.strike,
        red: false,
        fixed: marks.code,
        raised: match marks.script {
            Script::Normal => None,
            Script::Sub => Some("subscript"),
            Script::Super => Some("superscript"),
        },
    }
}

/// A cell in its column; without content where one above reaches down.
struct Placed<'a> {
    at: usize,
    span: usize,
    cell: Option<&'a Cell>,
}

/// Columns of every cell, merged ones filled in as Word wants them.
fn grid(rows: &[Vec<Cell>]) -> Vec<Vec<Placed<'_>>> {
    // Word knows 63 columns.
    const MOST: usize = 63;
    // Of each column: rows still covered from above, and where the covering cell begins.
    let mut covered: Vec<(u16, usize, usize)> = vec![(0, 0, 1); MOST];
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut placed = Vec::new();
        let mut cells = row.iter();
        let mut at = 0;
        while at < MOST {
            let Some(&(left, start, span)) = covered.get(at) else { break };
            if left > 0 {
                if start == at {
                    placed.push(Placed { at, span, cell: None });
                }
                if let Some(column) = covered.get_mut(at) {
                    column.0 -= 1;
                }
                at += 1;
                continue;
            }
            let Some(cell) = cells.next() else {
                at += 1;
                continue;
            };
            let free = covered.iter().skip(at).take_while(|column| column.0 == 0).count();
            let span = usize::from(cell.columns.max(1)).min(free.max(1));
            for column in covered.iter_mut().skip(at).take(span) {
                *column = (cell.rows.max(1) - 1, at, span);
            }
            placed.push(Placed { at, span, cell: Some(cell) });
            at += span;
        }
        out.push(placed);
    }
    out
}

/// Letters as XML in an attribute.
pub(super) fn attribute(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}

//! From lines and tables to rich text.

use crate::document::{DocumentBlock, Part, Table};
use crate::rich::{Block, Cell, CellKind, Inline, Marks, Rich, tex_in_letters};

use super::line::{Ink, Slice, Start, lines};

/// Tables inside tables deeper than this are written as their paragraphs.
const DEEPEST: usize = 8;

/// A piece of a question.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bit<'a> {
    Text(Slice<'a>),
    Table(&'a Table),
}

impl Bit<'_> {
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(slice) => slice.is_blank(),
            Self::Table(table) => table.rows.is_empty(),
        }
    }
}

/// As rich text: a paragraph for each paragraph of the paper.
pub(crate) fn rich(bits: &[Bit<'_>]) -> Rich {
    written(bits, 0)
}

fn written(bits: &[Bit<'_>], depth: usize) -> Rich {
    let mut blocks: Vec<Block> = Vec::new();
    let mut last: Option<u32> = None;
    for bit in bits {
        match bit {
            Bit::Text(slice) => {
                let content = inlines(slice.trimmed());
                if content.is_empty() {
                    continue;
                }
                let same = slice.line.start == Start::Break && last == Some(slice.line.paragraph);
                last = Some(slice.line.paragraph);
                match blocks.last_mut() {
                    Some(Block::Paragraph(before)) if same => {
                        before.push(Inline::Break);
                        before.extend(content);
                    }
                    _ => blocks.push(Block::Paragraph(content)),
                }
            }
            Bit::Table(table) => {
                last = None;
                blocks.push(self::table(table, depth));
            }
        }
    }
    Rich { blocks }
}

fn table(table: &Table, depth: usize) -> Block {
    let row = |row: &Vec<crate::document::TableCell>| {
        row.iter()
            .map(|cell| Cell {
                content: cell_content(&cell.blocks, depth + 1),
                kind: CellKind::Data,
                columns: cell.columns.max(1),
                rows: cell.rows.max(1),
            })
            .collect()
    };
    Block::Table(table.rows.iter().map(row).collect())
}

/// What is in a cell, as rich text.
pub(crate) fn cell_content(blocks: &[DocumentBlock], depth: usize) -> Rich {
    let mut out = Rich::default();
    for block in blocks {
        match block {
            DocumentBlock::Paragraph(paragraph) => {
                let lines = lines(paragraph);
                let bits: Vec<Bit<'_>> = lines.iter().map(|line| Bit::Text(line.whole())).collect();
                out.append(written(&bits, depth));
            }
            DocumentBlock::Table(inner) if depth < DEEPEST => out.blocks.push(table(inner, depth)),
            DocumentBlock::Table(inner) => {
                for paragraph in paragraphs(inner) {
                    let lines = lines(paragraph);
                    let bits: Vec<Bit<'_>> = lines.iter().map(|line| Bit::Text(line.whole())).collect();
                    out.append(written(&bits, depth));
                }
            }
        }
    }
    out
}

/// Every paragraph of a table in reading order, whatever the depth.
pub(crate) fn paragraphs(table: &Table) -> Vec<&crate::document::Paragraph> {
    let mut out = Vec::new();
    let mut open: Vec<&DocumentBlock> = blocks_reversed(table);
    while let Some(block) = open.pop() {
        match block {
            DocumentBlock::Paragraph(paragraph) => out.push(paragraph),
            DocumentBlock::Table(inner) => open.extend(blocks_reversed(inner)),
        }
    }
    out
}

fn blocks_reversed(table: &Table) -> Vec<&DocumentBlock> {
    table.rows.iter().flatten().flat_map(|cell| &cell.blocks).rev().collect()
}

/// The inlines of a stretch of a line. Formulas between dollars are found even where their letters
/// lie in runs of different looks.
pub(crate) fn inlines(slice: Slice<'_>) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut run: Vec<(String, Marks)> = Vec::new();
    let mut from = slice.from;
    let first = slice.line.spans.partition_point(|span| span.end <= slice.from);
    for span in slice.line.spans.get(first..).unwrap_or_default() {
        if from >= slice.to {
            break;
        }
        let to = span.end.min(slice.to);
        match &span.ink {
            Ink::Letters(look) => {
                let letters: String = slice.line.chars.get(from..to).unwrap_or_default().iter().collect();
                push_run(&mut run, letters, look.marks);
            }
            Ink::Object(part) => {
                flush(&mut run, &mut out);
                out.extend(object(part));
            }
        }
        from = to;
    }
    flush(&mut run, &mut out);
    out
}

fn push_run(run: &mut Vec<(String, Marks)>, letters: String, marks: Marks) {
    // Tabs line things up; between words they are a space.
    let mut letters = letters.replace('\t', " ");
    // A gap drawn with underlined spaces.
    let marks = if marks.underline && letters.len() > 2 && letters.trim().is_empty() {
        letters = "_".repeat(letters.len().clamp(4, 40));
        Marks { underline: false, ..marks }
    } else {
        marks
    };
    // A space is neither bold nor slanted.
    let blank = letters.trim().is_empty() && !marks.underline && !marks.strike;
    let marks = if blank { Marks { bold: false, italic: false, ..marks } } else { marks };
    match run.last_mut() {
        Some((text, same)) if *same == marks || letters.trim().is_empty() => text.push_str(&letters),
        _ => run.push((letters, marks)),
    }
}

fn object(part: &Part) -> Option<Inline> {
    Some(match part {
        Part::Math { latex, display } => Inline::Math { latex: latex.clone(), display: *display },
        Part::Media { id, kind, alt, width } => Inline::Media { id: id.clone(), kind: *kind, alt: alt.clone(), width: *width },
        Part::Text(..) | Part::Tab | Part::Break => return None,
    })
}

fn flush(run: &mut Vec<(String, Marks)>, out: &mut Vec<Inline>) {
    let run = std::mem::take(run);
    if let [(text, marks)] = run.as_slice() {
        out.extend(tex_in_letters(text, *marks));
        return;
    }
    let whole: String = run.iter().map(|(text, _)| text.as_str()).collect();
    if !whole.contains(['$', '\\']) {
        out.extend(run.into_iter().map(|(text, marks)| Inline::Text(text, marks)));
        return;
    }
    let mut looks = run.iter().flat_map(|(text, marks)| text.chars().map(move |letter| (letter, *marks))).peekable();
    let mut rest = whole.as_str();
    for found in tex_in_letters(&whole, Marks::default()) {
        match &found {
            Inline::Text(text, _) => {
                let mut pieces: Vec<(String, Marks)> = Vec::new();
                for letter in text.chars() {
                    if letter == '$' && rest.starts_with("\\$") {
                        rest = rest.get(1..).unwrap_or_default();
                        looks.next();
                    }
                    rest = rest.get(letter.len_utf8()..).unwrap_or_default();
                    let marks = looks.next().map_or(Marks::default(), |(_, marks)| marks);
                    match pieces.last_mut() {
                        Some((piece, same)) if *same == marks => piece.push(letter),
                        _ => pieces.push((letter.to_string(), marks)),
                    }
                }
                out.extend(pieces.into_iter().map(|(text, marks)| Inline::Text(text, marks)));
            }
            Inline::Math { latex, .. } => {
                let length = formula_length(rest, latex);
                for _ in rest.get(..length).unwrap_or_default().chars() {
                    looks.next();
                }
                rest = rest.get(length..).unwrap_or_default();
                out.push(found);
            }
            _ => out.push(found),
        }
    }
}

/// How many bytes a formula takes with its dollars.
fn formula_length(text: &str, latex: &str) -> usize {
    let open = if text.starts_with("$$") || text.starts_with("\\") { 2 } else { 1 };
    let inner = text.get(open..).unwrap_or_default();
    let behind = inner.find(latex).map_or(0, |at| at + latex.len());
    let spaces = inner.get(behind..).unwrap_or_default();
    let spaces = spaces.len() - spaces.trim_start().len();
    open + behind + spaces + open
}

//! Papers given as tables: a question a row, or a block of rows for each question. They are unfolded
//! into the lines of an ordinary paper (`Câu 1.`, `A.`, `Đáp án:`, `Lời giải:`), which `layout` reads.

mod columns;
mod rows;

use crate::document::{Document, DocumentBlock, Label, Look, Paragraph, Part, Table, TableCell};

/// A document whose tables of questions were unfolded.
pub(crate) struct Unfolded {
    pub document: Document,
    /// What was in columns nobody asked for: ids, topics.
    pub left: Vec<String>,
}

/// Tables of questions unfolded into lines, where a document has any.
pub(crate) fn unfold(document: &Document) -> Option<Unfolded> {
    let has = document.blocks.iter().any(|block| matches!(block, DocumentBlock::Table(table) if is_questions(table)));
    if !has {
        return None;
    }
    let mut out = Unfolded { document: Document::default(), left: Vec::new() };
    let mut count = 0;
    for block in &document.blocks {
        match block {
            DocumentBlock::Table(table) => {
                if let Some(columns) = columns::of(table) {
                    columns::unfold(table, &columns, &mut count, &mut out);
                } else if rows::is_block_table(table) {
                    rows::unfold(table, &mut out);
                } else {
                    out.document.blocks.push(block.clone());
                }
            }
            DocumentBlock::Paragraph(_) => out.document.blocks.push(block.clone()),
        }
    }
    Some(out)
}

fn is_questions(table: &Table) -> bool {
    columns::of(table).is_some() || rows::is_block_table(table)
}

/// The letters of a cell, a line for each of its lines.
fn text_of(cell: &TableCell) -> String {
    crate::layout::writing::cell_content(&cell.blocks, 0).to_text()
}

/// Where a cell begins in the file.
fn number_of(cell: &TableCell) -> u32 {
    cell.blocks
        .iter()
        .find_map(|block| match block {
            DocumentBlock::Paragraph(paragraph) => Some(paragraph.number),
            DocumentBlock::Table(_) => None,
        })
        .unwrap_or_default()
}

/// A cell's blocks behind a label that the table's layout implies, such as `A.` for its column.
fn labelled(label: &str, look: Look, cell: &TableCell, out: &mut Vec<DocumentBlock>) {
    let label = Some(Label { text: label.to_owned(), look, list: u32::MAX, depth: 0 });
    let mut blocks = cell.blocks.iter();
    match cell.blocks.first() {
        Some(DocumentBlock::Paragraph(first)) => {
            blocks.next();
            // A label of its own inside the cell (a list in a stem) becomes text.
            let mut parts = first.label.as_ref().map(|own| vec![Part::Text(format!("{} ", own.text), own.look)]).unwrap_or_default();
            parts.extend(first.parts.iter().cloned());
            out.push(DocumentBlock::Paragraph(Paragraph { number: first.number, label, parts }));
        }
        _ => out.push(DocumentBlock::Paragraph(Paragraph { number: number_of(cell), label, parts: Vec::new() })),
    }
    out.extend(blocks.cloned());
}

/// A line the table implies.
fn line(text: String, number: u32) -> DocumentBlock {
    DocumentBlock::Paragraph(Paragraph { number, label: None, parts: vec![Part::Text(text, Look::default())] })
}

//! Sheets as they look: a table each, for the left side of the desk and for workbooks whose layout is
//! that of a paper.

use super::figures::{Figure, Figures};
use super::grid::{Cell, Grid};
use crate::document::{Document, DocumentBlock, Look, Paragraph, Part, Table, TableCell};
use crate::rich::MediaKind;

/// Pictures further to the right belong to no column.
const MOST_COLUMNS: usize = 200;

/// Every sheet as a table. A paragraph's number is that of its row, as addresses count in a workbook.
pub(super) fn document(grids: &[Grid], figures: &Figures) -> Document {
    let blocks = grids.iter().filter(|grid| !grid.rows.is_empty()).map(|grid| DocumentBlock::Table(table(grid, figures)));
    Document { blocks: blocks.collect() }
}

fn table(grid: &Grid, figures: &Figures) -> Table {
    // A column is told by its place: every row is as wide as the widest.
    let over = figures.over(&grid.name).iter().map(|figure| figure.column.min(MOST_COLUMNS) + 1).max().unwrap_or_default();
    let width = grid.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default().max(over);
    let row = |at: usize, (number, cells): &(u32, Vec<Cell>)| {
        let next = grid.rows.get(at + 1).map_or(u32::MAX, |(next, _)| *next);
        let own = figures.between(&grid.name, *number, next);
        (0..width).map(|at| table_cell(*number, cells.get(at), own.iter().filter(|figure| figure.column == at))).collect()
    };
    Table { rows: grid.rows.iter().enumerate().map(|(at, own)| row(at, own)).collect() }
}

fn table_cell<'f>(number: u32, cell: Option<&Cell>, figures: impl Iterator<Item = &'f Figure>) -> TableCell {
    let text = cell.map(|cell| cell.text.as_str()).unwrap_or_default();
    let text = (!text.is_empty()).then(|| Part::Text(text.to_owned(), Look::default()));
    let pictures = figures.map(|figure| Part::Media { id: figure.id.clone(), kind: MediaKind::Picture, alt: String::new(), width: None });
    let paragraph = |part| DocumentBlock::Paragraph(Paragraph { number, label: None, parts: vec![part] });
    let blocks = text.into_iter().chain(pictures).map(paragraph).collect();
    TableCell { blocks, columns: 1, rows: 1, shaded: false }
}

//! Sheets as they look: a table each, for the left side of the desk and for workbooks whose layout is
//! that of a paper.

use super::grid::{Cell, Grid};
use crate::document::{Document, DocumentBlock, Look, Paragraph, Part, Table, TableCell};

/// Every sheet as a table. A paragraph's number is that of its row, as addresses count in a workbook.
pub(super) fn document(grids: &[Grid]) -> Document {
    Document { blocks: grids.iter().filter(|grid| !grid.rows.is_empty()).map(|grid| DocumentBlock::Table(table(grid))).collect() }
}

fn table(grid: &Grid) -> Table {
    // A column is told by its place: every row is as wide as the widest.
    let width = grid.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    let row = |(number, cells): &(u32, Vec<Cell>)| (0..width).map(|at| table_cell(*number, cells.get(at))).collect();
    Table { rows: grid.rows.iter().map(row).collect() }
}

fn table_cell(number: u32, cell: Option<&Cell>) -> TableCell {
    let text = cell.map(|cell| cell.text.as_str()).unwrap_or_default();
    let blocks = if text.is_empty() {
        Vec::new()
    } else {
        vec![DocumentBlock::Paragraph(Paragraph { number, label: None, parts: vec![Part::Text(text.to_owned(), Look::default())] })]
    };
    TableCell { blocks, columns: 1, rows: 1, shaded: false }
}

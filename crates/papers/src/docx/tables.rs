//! Tables: each merged cell once, with its spans.

use std::collections::HashMap;

use crate::document::{Table, TableCell};
use crate::xml::Element;

use super::body::Reader;
use super::inline::has;
use super::look::is_shaded;
use super::losses::Remark;

/// Word allows 63 columns.
const MOST_COLUMNS: u16 = 256;

/// A table while its rows come in.
#[derive(Debug, Default)]
pub(super) struct TableBuilder {
    table: Table,
    /// By column: the cell that goes on downwards.
    open: HashMap<u16, (usize, usize)>,
}

impl TableBuilder {
    pub(super) fn finish(self) -> Table {
        self.table
    }
}

impl Reader<'_> {
    /// A table that is there as a whole.
    pub(super) fn table(&mut self, element: &Element) -> Table {
        let mut builder = TableBuilder::default();
        self.rows(element, &mut builder);
        builder.finish()
    }

    /// Rows, also such as are wrapped.
    pub(super) fn rows(&mut self, element: &Element, builder: &mut TableBuilder) {
        for child in element.elements() {
            match child.name.as_str() {
                "tr" => self.row(child, builder),
                "tblPr" | "tblGrid" | "sdtPr" => {}
                "del" | "moveFrom" => self.notebook.remark(self.paragraphs, Remark::Revisions),
                _ => self.rows(child, builder),
            }
        }
    }

    pub(super) fn row(&mut self, element: &Element, builder: &mut TableBuilder) {
        let properties = element.first("trPr");
        if properties.is_some_and(|own| own.first("del").is_some()) {
            self.notebook.remark(self.paragraphs, Remark::Revisions);
            return;
        }
        if properties.is_some_and(|own| has(own, "hidden")) {
            self.notebook.remark(self.paragraphs, Remark::HiddenText);
            return;
        }
        let mut row = Row { at: builder.table.rows.len(), column: 0, cells: Vec::new() };
        let skipped = properties.and_then(|own| own.first("gridBefore")).map_or(0, |own| span(own.attribute("val")));
        if skipped > 0 {
            row.cells.push(TableCell { columns: skipped, rows: 1, ..TableCell::default() });
            row.column = skipped;
        }
        self.cells(element, &mut row, builder);
        builder.table.rows.push(row.cells);
    }

    fn cells(&mut self, element: &Element, row: &mut Row, builder: &mut TableBuilder) {
        for child in element.elements() {
            match child.name.as_str() {
                "tc" => self.cell(child, row, builder),
                "trPr" | "tblPrEx" | "sdtPr" => {}
                _ => self.cells(child, row, builder),
            }
        }
    }

    fn cell(&mut self, element: &Element, row: &mut Row, builder: &mut TableBuilder) {
        let properties = element.first("tcPr");
        let value = |name: &str| properties.and_then(|own| own.first(name)).map(|own| own.attribute("val"));
        let columns = value("gridSpan").map_or(1, span).max(1);
        let column = row.column;
        row.column = column.saturating_add(columns);
        self.parts += 1;
        if row.column > MOST_COLUMNS || self.parts > super::body::MOST_PARTS {
            self.overflows = true;
            return;
        }
        if value("hMerge").is_some_and(|value| value != Some("restart"))
            && let Some(before) = row.cells.last_mut()
        {
            before.columns = before.columns.saturating_add(columns);
            return;
        }
        match value("vMerge") {
            Some(Some("restart")) => {
                builder.open.insert(column, (row.at, row.cells.len()));
            }
            Some(_) => {
                let open = builder.open.get(&column).copied();
                let above = open.and_then(|(at, cell)| builder.table.rows.get_mut(at)?.get_mut(cell));
                if let Some(above) = above {
                    above.rows = above.rows.saturating_add(1);
                    return;
                }
            }
            None => {
                builder.open.remove(&column);
            }
        }
        let shaded = properties.and_then(|own| own.first("shd")).is_some_and(|shading| is_shaded(shading, &self.theme));
        let mut blocks = Vec::new();
        self.blocks(element, &mut blocks);
        blocks.retain(|block| !super::body::is_empty(block));
        row.cells.push(TableCell { blocks, columns, rows: 1, shaded });
    }
}

/// A row while its cells come in.
struct Row {
    at: usize,
    column: u16,
    cells: Vec<TableCell>,
}

fn span(value: Option<&str>) -> u16 {
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0).min(MOST_COLUMNS)
}

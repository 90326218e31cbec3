//! Tables of LaTeX.

use super::source::{Source, Span, pieces};
use super::text::{Notes, inside};
use crate::rich::{Cell, CellKind};

/// Columns that one cell may span.
const WIDEST: u16 = 100;

/// The rows of a table's inside.
pub(super) fn rows(source: &Source, name: &str, (start, end): Span, notes: &mut Notes, depth: usize) -> Vec<Vec<Cell>> {
    let mut at = source.skip_space(start, end);
    // The width of `tabularx`, the place of a `tabular`, then its columns.
    if let Some((_, after)) = source.optional(at, end) {
        at = source.skip_space(after, end);
    }
    for _ in 0..if matches!(name, "tabularx" | "tabulary") { 2 } else { 1 } {
        if let Some((_, after)) = source.group(at, end) {
            at = source.skip_space(after, end);
        }
    }
    let mut out = Vec::new();
    for row in pieces(source, (at, end), "\\") {
        let row = (source.optional(row.0, row.1).map_or(row.0, |(_, after)| after), row.1);
        let cells: Vec<Cell> = cells(source, row).into_iter().map(|span| cell(source, span, notes, depth)).collect();
        if cells.iter().any(|cell| !cell.content.is_empty()) {
            out.push(cells);
        }
    }
    out
}

fn cells(source: &Source, (start, end): Span) -> Vec<Span> {
    let mut out = Vec::new();
    let (mut at, mut from) = (start, start);
    while at < end {
        let Some(found) = source.slice((at, end)).find(['\\', '{', '&']) else { break };
        at += found;
        if source.slice((at, end)).starts_with('&') {
            out.push((from, at));
            at += 1;
            from = at;
        } else if let Some((_, after)) = source.group(at, end) {
            at = after;
        } else if let Some(environment) = source.environment(at, end) {
            at = environment.end;
        } else {
            at = source.command(at, end).map_or(at + 1, |(_, after)| after);
        }
    }
    out.push((from, end));
    out
}

fn cell(source: &Source, span: Span, notes: &mut Notes, depth: usize) -> Cell {
    let mut start = source.skip_space(span.0, span.1);
    // Lines between rows stand before the row's first cell.
    while let Some((_, after)) =
        source.command(start, span.1).filter(|(name, _)| matches!(*name, "hline" | "toprule" | "midrule" | "bottomrule"))
    {
        start = source.skip_space(after, span.1);
    }
    let mut columns = 1;
    if let Some((_, after)) = source.command(start, span.1).filter(|(name, _)| *name == "multicolumn")
        && let Some((count, _)) = source.group(source.skip_space(after, span.1), span.1)
    {
        columns = source.slice(count).trim().parse::<u16>().unwrap_or(1).clamp(1, WIDEST);
    }
    Cell { content: inside(source, &[span], notes, depth), kind: CellKind::Data, columns, rows: 1 }
}

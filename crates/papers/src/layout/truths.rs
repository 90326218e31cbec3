//! Small tables under a question that say which statements are true.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{DocumentBlock, Table, TableCell};
use crate::rich::Rich;

use super::keys::{Square, grid, statement, truth};
use super::signs::pattern;
use super::writing::cell_content;

/// A statement as a table says it.
#[derive(Clone, Debug)]
pub(crate) struct TableStatement {
    pub label: char,
    /// What it says, where the table says it.
    pub content: Rich,
    pub correct: Option<bool>,
}

static LABELLED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*\(?([a-h])\s*[.):]\s*"));
static BOTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:(?:dung|d)\s*[/\\-]\s*(?:sai|s)|dung\s*(?:hay|hoac)\s*sai|dap an|true/false|t/f)\s*$"));
static YES: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:dung|d|true|t)\s*$"));
static NO: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:sai|s|false|f)\s*$"));
static TRUTH_IN_CELL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*\(?([a-h])\s*[.):-]?\)?\s*[:-]?\s*(dung|sai|d|s|true|false|t|f)\s*$"));

/// What a table says of statements, where it is one about truth.
pub(crate) fn read(table: &Table) -> Option<Vec<TableStatement>> {
    let grid = grid(table);
    ticked(table, &grid).or_else(|| ticked_across(&grid)).or_else(|| in_rows(&grid)).or_else(|| in_cells(&grid))
}

/// Columns `Đúng` and `Sai`, or one column that says which.
fn ticked(table: &Table, grid: &[Vec<Square>]) -> Option<Vec<TableStatement>> {
    let (head_at, yes, no, both) = grid.iter().take(2).enumerate().find_map(|(at, row)| {
        let place = |pattern: &Regex| row.iter().position(|square| pattern.is_match(&square.plain));
        let (yes, no, both) = (place(&YES), place(&NO), place(&BOTH));
        (yes.is_some() && no.is_some() || both.is_some() && both != Some(0)).then_some((at, yes, no, both))
    })?;
    let mut out: Vec<TableStatement> = Vec::new();
    for row in grid.iter().skip(head_at + 1) {
        let is_mark = |column: usize| Some(column) == yes || Some(column) == no || Some(column) == both;
        let said = || row.iter().enumerate().filter(|(column, square)| !is_mark(*column) && !square.spread).map(|(_, square)| square);
        let label = said().find_map(|square| statement(square).or_else(|| labelled(square)));
        let content = said().filter(|square| statement(square).is_none()).max_by_key(|square| square.plain.trim().len());
        let content = content.filter(|square| !square.plain.trim().is_empty());
        if label.is_none() && content.is_none() {
            continue;
        }
        let label = label.or_else(|| next_label(out.len()))?;
        // Other words where a tick or a truth belongs make it another table.
        let odd = |column: usize| {
            row.get(column).is_some_and(|square| !square.plain.trim().is_empty() && !is_tick(square) && truth(&square.text).is_none())
        };
        if [yes, no, both].into_iter().flatten().any(odd) {
            return None;
        }
        let tick = |column: Option<usize>| column.and_then(|column| row.get(column)).is_some_and(is_tick);
        let correct = match (tick(yes), tick(no)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => both.and_then(|column| row.get(column)).and_then(|square| truth(&square.text)),
        };
        let content = content.map(|square| content_of(table, square)).unwrap_or_default();
        out.push(TableStatement { label, content, correct });
    }
    let in_order = out.iter().enumerate().all(|(at, statement)| next_label(at) == Some(statement.label));
    (out.len() >= 2 && in_order).then_some(out)
}

/// Statements across, rows `Đúng` and `Sai` with ticks.
fn ticked_across(grid: &[Vec<Square>]) -> Option<Vec<TableStatement>> {
    let head_at = grid.iter().take(2).position(|row| row.iter().filter_map(statement).count() >= 2)?;
    let row_of =
        |pattern: &Regex| grid.iter().skip(head_at + 1).find(|row| row.first().is_some_and(|first| pattern.is_match(&first.plain)));
    let (yes, no) = (row_of(&YES)?, row_of(&NO)?);
    let mut out = Vec::new();
    for (column, square) in grid.get(head_at)?.iter().enumerate() {
        let Some(label) = statement(square) else { continue };
        let tick = |row: &[Square]| row.get(column).is_some_and(is_tick);
        let correct = match (tick(yes), tick(no)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        };
        out.push(TableStatement { label, content: Rich::default(), correct });
    }
    let in_order = out.iter().enumerate().all(|(at, statement)| next_label(at) == Some(statement.label));
    (out.len() >= 2 && in_order).then_some(out)
}

/// The letters of a match as they are written.
fn real(square: &Square, found: regex::Match<'_>) -> String {
    square.text.chars().skip(found.start()).take(found.len()).collect()
}

fn next_label(at: usize) -> Option<char> {
    u8::try_from(at).ok().filter(|at| *at < 8).map(|at| char::from(b'a' + at))
}

fn labelled(square: &Square) -> Option<char> {
    LABELLED.captures(&square.plain)?.get(1)?.as_str().chars().next()
}

/// The cell's content without its label.
fn content_of(table: &Table, square: &Square) -> Rich {
    let Some(cell) = table.rows.get(square.cell.0).and_then(|row| row.get(square.cell.1)) else { return Rich::default() };
    let label = LABELLED.find(&square.plain).map_or(0, |found| found.end());
    without_label(cell, label)
}

fn without_label(cell: &TableCell, length: usize) -> Rich {
    if let [DocumentBlock::Paragraph(paragraph)] = cell.blocks.as_slice() {
        let lines = super::line::lines(paragraph);
        let bits: Vec<super::writing::Bit<'_>> = lines
            .iter()
            .enumerate()
            .map(|(at, line)| {
                let space = line.plain.len() - line.plain.trim_start().len();
                super::writing::Bit::Text(line.from(if at == 0 && length > 0 { length + space } else { 0 }))
            })
            .collect();
        return super::writing::rich(&bits);
    }
    cell_content(&cell.blocks, 0)
}

fn is_tick(square: &Square) -> bool {
    let text = square.text.trim();
    matches!(
        text,
        "x" | "X"
            | "v"
            | "V"
            | "✓"
            | "✔"
            | "√"
            | "☑"
            | "☒"
            | "1"
            | "+"
            | "×"
            | "Đ"
            | "đ"
            | "S"
            | "s"
            | "*"
            | "●"
            | "Đúng"
            | "Sai"
            | "\u{f0fc}"
            | "✗"
            | "✘"
    )
}

/// `a | b | c | d` over `Đ | S | Đ | S`, with or without a first column of words.
fn in_rows(grid: &[Vec<Square>]) -> Option<Vec<TableStatement>> {
    let head_at = grid.iter().take(2).position(|row| row.iter().filter_map(statement).count() >= 2)?;
    let head = grid.get(head_at)?;
    let row = grid.get(head_at + 1)?;
    let mut out = Vec::new();
    for (label, square) in head.iter().zip(row) {
        let Some(label) = statement(label) else { continue };
        let correct = truth(&square.text);
        if correct.is_none() && !square.plain.trim().is_empty() {
            return None;
        }
        out.push(TableStatement { label, content: Rich::default(), correct });
    }
    (out.len() >= 2 && out.iter().any(|statement| statement.correct.is_some())).then_some(out)
}

/// `a) Đ | b) S | c) S | d) Đ`, or only `Đ | S | S | Đ`.
fn in_cells(grid: &[Vec<Square>]) -> Option<Vec<TableStatement>> {
    let squares: Vec<&Square> = grid.iter().flatten().filter(|square| !square.spread && !square.plain.trim().is_empty()).collect();
    if squares.len() < 2 || squares.len() > 8 {
        return None;
    }
    let labelled: Option<Vec<TableStatement>> = squares
        .iter()
        .map(|square| {
            let found = TRUTH_IN_CELL.captures(&square.plain)?;
            let label = found.get(1)?.as_str().to_ascii_lowercase().chars().next()?;
            Some(TableStatement { label, content: Rich::default(), correct: truth(&real(square, found.get(2)?)) })
        })
        .collect();
    labelled.or_else(|| {
        if squares.len() != 4 {
            return None;
        }
        squares
            .iter()
            .enumerate()
            .map(|(at, square)| {
                Some(TableStatement { label: next_label(at)?, content: Rich::default(), correct: Some(truth(&square.text)?) })
            })
            .collect()
    })
}

//! The document as one stream of lines. Tables that only lay things out (options in cells, a question
//! beside its picture, a frame) are opened into lines; tables that say something stay tables.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, DocumentBlock, Table, TableCell};

use super::keys;
use super::line::{Line, PLAIN_OBJECT, Slice, Start, lines};
use super::signs::{self, Style, pattern};

/// A line, or a table that stays one.
#[derive(Debug)]
pub(crate) enum Item<'a> {
    Line(Line),
    Table(&'a Table),
}

/// Deepest table looked into.
const DEEPEST: usize = 8;

/// Everything in reading order. Lines without anything in them are left out.
pub(crate) fn items(document: &Document) -> Vec<Item<'_>> {
    let mut out = Vec::new();
    add(&document.blocks, &mut out, 0);
    out
}

fn add<'a>(blocks: &'a [DocumentBlock], out: &mut Vec<Item<'a>>, depth: usize) {
    for block in blocks {
        match block {
            DocumentBlock::Paragraph(paragraph) => {
                for line in lines(paragraph) {
                    add_line(line, out);
                }
            }
            DocumentBlock::Table(table) if depth < DEEPEST && is_layout(table) => open(table, out, depth),
            DocumentBlock::Table(table) => {
                if table.rows.iter().flatten().any(|cell| !cell.blocks.is_empty()) {
                    out.push(Item::Table(table));
                }
            }
        }
    }
}

static SECOND: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(?:\s{2,}|\t\s*)(?:cau|question)\s*\d{1,3}\s*[.:)]"));

/// A line; one that holds two questions side by side becomes two.
fn add_line(line: Line, out: &mut Vec<Item<'_>>) {
    if line.whole().is_blank() {
        return;
    }
    let second = SECOND.find(&line.plain).map(|found| found.end() - found.as_str().trim_start().len()).filter(|at| *at > 0);
    if let Some(at) = second.filter(|_| signs::question(&line.plain).is_some_and(|sign| sign.style == Style::Named)) {
        // A row of keys (`Câu 1: A   Câu 2: B`) stays one line.
        if keys::pairs(&line.plain).is_none() {
            let (first, rest) = line.cut(at);
            let rest = Line { start: Start::Paragraph, ..rest };
            out.push(Item::Line(first));
            add_line(rest, out);
            return;
        }
    }
    out.push(Item::Line(line));
}

/// The lines of a cell, whatever lies in it.
fn cell_items<'a>(cell: &'a TableCell, depth: usize) -> Vec<Item<'a>> {
    let mut out = Vec::new();
    add(&cell.blocks, &mut out, depth + 1);
    for item in &mut out {
        if let Item::Line(line) = item {
            line.shaded |= cell.shaded;
        }
    }
    out
}

static OPTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*[*#]?\(?([A-H])\s*[.):/](?:\s|\x02|$|[^\d:])"));
static STATEMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*[*#]?\(?([a-h])\s*[.)]"));
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*\(?\d{1,2}\s*[.)]"));

/// The letter a line begins with, as an option's label.
fn option_label(slice: Slice<'_>) -> Option<u8> {
    OPTION.captures(slice.plain())?.get(1)?.as_str().bytes().next()
}

fn is_layout(table: &Table) -> bool {
    let cells: Vec<&TableCell> = table.rows.iter().flatten().collect();
    let full: Vec<&TableCell> = cells.iter().copied().filter(|cell| !cell.blocks.is_empty() && !is_blank(cell)).collect();
    if full.len() == 1 {
        return true;
    }
    if keys::is_key(table) || super::truths::read(table).is_some() {
        return false;
    }
    let heads: Vec<String> = full.iter().filter_map(|cell| first_line(cell)).collect();
    let longest = heads.iter().map(String::len).max().unwrap_or_default();
    // A question's end with its options beside a picture.
    let optioned = full.iter().filter(|cell| super::options_in(cell)).count();
    if optioned == 1 && full.len() <= 2 {
        return true;
    }
    let questions = full.iter().filter(|cell| begins_question(cell)).count();
    if questions > 0 && (longest > 12 || optioned > 0) {
        return true;
    }
    if is_matching(table) {
        return false;
    }
    if lettered_cells(table) {
        return true;
    }
    let labels: Vec<u8> = full.iter().flat_map(|cell| all_lines(cell)).filter_map(|line| option_label(line.whole())).collect();
    let in_row = |letter: u8| labels.contains(&letter);
    if labels.len() >= 2 && in_row(b'A') && in_row(b'B') {
        // A table of data whose first column is lettered has further columns without letters.
        return labels.len() * 2 >= full.len() || labels.len() >= 4 && full.len() <= labels.len() * 3;
    }
    // Statements one a cell, without columns to tick.
    let statements = heads.iter().filter(|head| STATEMENT.is_match(head)).count();
    statements >= 2 && statements == full.len()
}

/// `A | một | B | hai`: each letter alone in its cell, its words in the next.
fn lettered_cells(table: &Table) -> bool {
    let alone = |cell: &TableCell| {
        let heads = all_lines(cell);
        let mut said = heads.iter().map(|line| line.plain.trim()).filter(|plain| !plain.is_empty());
        match (said.next(), said.next()) {
            (Some(only), None) if only.len() == 1 => only.bytes().next().filter(|letter| (b'A'..=b'H').contains(letter)),
            _ => None,
        }
    };
    let mut letters = Vec::new();
    for row in &table.rows {
        for (at, cell) in row.iter().enumerate() {
            match alone(cell) {
                Some(letter) if row.get(at + 1).is_some_and(|next| alone(next).is_none() && !is_blank(next)) => letters.push(letter),
                Some(_) => return false,
                None => {}
            }
        }
    }
    let full = table.rows.iter().flatten().filter(|cell| !is_blank(cell)).count();
    letters.sort_unstable();
    letters.len() >= 3 && full == letters.len() * 2 && letters.iter().zip(b'A'..).all(|(letter, wanted)| *letter == wanted)
}

/// Two columns to be joined: `1. …` beside `A. …`.
fn is_matching(table: &Table) -> bool {
    let rows = table.rows.iter().filter(|row| {
        let heads: Vec<String> = row.iter().filter_map(first_line).collect();
        let numbered = heads.iter().any(|head| NUMBERED.is_match(head));
        // A number before several letters is a question with its options.
        let lettered = heads.iter().filter(|head| STATEMENT.is_match(head) || OPTION.is_match(head)).count();
        numbered && (1..=2).contains(&lettered)
    });
    rows.count() >= 2
}

fn begins_question(cell: &TableCell) -> bool {
    all_lines(cell).iter().any(|line| signs::question(&line.plain).is_some_and(|sign| sign.style > Style::Bare))
}

fn is_blank(cell: &TableCell) -> bool {
    cell.blocks.iter().all(|block| match block {
        DocumentBlock::Paragraph(paragraph) => lines(paragraph).iter().all(|line| line.whole().is_blank()),
        DocumentBlock::Table(_) => false,
    })
}

fn all_lines(cell: &TableCell) -> Vec<Line> {
    cell.blocks
        .iter()
        .filter_map(|block| match block {
            DocumentBlock::Paragraph(paragraph) => Some(lines(paragraph)),
            DocumentBlock::Table(_) => None,
        })
        .flatten()
        .collect()
}

fn first_line(cell: &TableCell) -> Option<String> {
    all_lines(cell).into_iter().map(|line| line.plain).find(|plain| !plain.trim().is_empty())
}

/// Opens a table into lines. Options are put in the order of their letters: papers lay them out by
/// rows or by columns, and pictures above a row of letters belong to the letter below.
fn open<'a>(table: &'a Table, out: &mut Vec<Item<'a>>, depth: usize) {
    if let Some(joined) = pictures_over_labels(table, depth) {
        out.extend(joined);
        return;
    }
    let mut groups: Vec<(Option<u8>, Vec<Item<'a>>)> = Vec::new();
    for items in table.rows.iter().flat_map(|row| row_items(row, depth)) {
        if items.is_empty() {
            continue;
        }
        let label = match items.first() {
            Some(Item::Line(line)) => option_label(line.whole()),
            _ => None,
        };
        match groups.last_mut() {
            // The label in one cell, its text in the next.
            Some((Some(_), before)) if label.is_none() && is_only_label(before) => before.extend(items),
            _ => groups.push((label, items)),
        }
    }
    let labels: Vec<u8> = groups.iter().filter_map(|(label, _)| *label).collect();
    let mut sorted = labels.clone();
    sorted.sort_unstable();
    let simple = sorted.first() == Some(&b'A') && sorted.windows(2).all(|pair| matches!(pair, [a, b] if *b == *a + 1));
    if simple && labels != sorted {
        groups.sort_by_key(|(label, _)| *label);
    }
    out.extend(groups.into_iter().flat_map(|(_, items)| items));
}

/// The items of each cell of a row; pictures beside a question stand before its options.
fn row_items<'a>(row: &'a [TableCell], depth: usize) -> Vec<Vec<Item<'a>>> {
    let mut cells: Vec<Vec<Item<'a>>> = row.iter().map(|cell| cell_items(cell, depth)).collect();
    for items in cells.iter_mut().filter(|items| items.len() > 1) {
        // A letter below its picture is put before it.
        let (above, last) = items.split_at(items.len() - 1);
        let labelled = is_only_label(last) && matches!(last, [Item::Line(line)] if option_label(line.whole()).is_some());
        if labelled && above.iter().all(is_pictures) {
            items.rotate_right(1);
        }
    }
    let options =
        |items: &[Item<'_>]| items.iter().position(|item| matches!(item, Item::Line(line) if option_label(line.whole()) == Some(b'A')));
    let asks = |items: &[Item<'_>]| options(items).is_some_and(|at| at > 0);
    let pictured = |items: &[Item<'_>]| !items.is_empty() && items.iter().all(is_pictures);
    let asking: Vec<usize> = (0..cells.len()).filter(|at| cells.get(*at).is_some_and(|items| asks(items))).collect();
    let [at] = asking.as_slice() else { return cells };
    let mut pictures: Vec<Item<'a>> = Vec::new();
    for items in cells.iter_mut().filter(|items| pictured(items)) {
        pictures.append(items);
    }
    if let Some(items) = cells.get_mut(*at)
        && let Some(first) = options(items)
    {
        items.splice(first..first, pictures);
    }
    cells
}

/// Whether a line is nothing but pictures.
fn is_pictures(item: &Item<'_>) -> bool {
    matches!(item, Item::Line(line)
        if line.plain.contains(PLAIN_OBJECT) && line.plain.chars().all(|letter| matches!(letter, PLAIN_OBJECT | ' ' | '\t')))
}

fn is_only_label(items: &[Item<'_>]) -> bool {
    match items {
        [Item::Line(line)] => line.plain.trim().trim_start_matches(['*', '(']).len() <= 2,
        _ => false,
    }
}

/// Rows of letters and rows of pictures in turn, either first.
fn pictures_over_labels<'a>(table: &'a Table, depth: usize) -> Option<Vec<Item<'a>>> {
    if table.rows.is_empty() || !table.rows.len().is_multiple_of(2) {
        return None;
    }
    let pairs = table.rows.chunks(2).map(|pair| match pair {
        [first, second] => labels_and_pictures(first, second, depth),
        _ => None,
    });
    pairs.collect::<Option<Vec<Vec<Item<'a>>>>>().map(|pairs| pairs.into_iter().flatten().collect())
}

fn labels_and_pictures<'a>(first: &'a [TableCell], second: &'a [TableCell], depth: usize) -> Option<Vec<Item<'a>>> {
    if first.len() != second.len() {
        return None;
    }
    let rows: Vec<Vec<Vec<Item<'a>>>> =
        [first, second].into_iter().map(|row| row.iter().map(|cell| cell_items(cell, depth)).collect()).collect();
    let labelled = |row: &Vec<Vec<Item<'_>>>| {
        row.iter()
            .all(|items| is_only_label(items) && matches!(items.first(), Some(Item::Line(line)) if option_label(line.whole()).is_some()))
    };
    let pictured = |row: &Vec<Vec<Item<'_>>>| {
        row.iter().all(|items| items.iter().any(|item| matches!(item, Item::Line(line) if line.plain.contains(PLAIN_OBJECT))))
    };
    let mut rows = rows.into_iter();
    let (top, bottom) = (rows.next()?, rows.next()?);
    let (labels, pictures) = if labelled(&bottom) && pictured(&top) {
        (bottom, top)
    } else if labelled(&top) && pictured(&bottom) {
        (top, bottom)
    } else {
        return None;
    };
    Some(labels.into_iter().zip(pictures).flat_map(|(label, picture)| label.into_iter().chain(picture)).collect())
}

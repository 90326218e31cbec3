//! Tables of keys in the shapes schools print: numbers over letters in blocks of ten, numbers beside
//! letters, `1-A` in cells, a column or a row for each mã đề, statements `a b c d` across or down.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{DocumentBlock, Part, Table, TableCell};
use crate::layout::line::{Ink, lines};
use crate::layout::signs::{self, pattern};

use super::value::{Value, plain_of, truth, truths, value};
use super::{KeyEntry, pairs};

/// Most cells looked at, after spans are spread out.
const MOST: usize = 20_000;

/// A cell of a grid.
#[derive(Clone, Debug, Default)]
pub(crate) struct Square {
    pub text: String,
    pub plain: String,
    /// It repeats the square to its left or above because a cell spans both.
    pub spread: bool,
    /// Row and place of its cell in the table.
    pub cell: (usize, usize),
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:cau|question|q|bai)?\s*(?:hoi|so)?\s*(\d{1,3})\s*[.:)]?\s*$"));
static HEAD_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:cau(?: hoi)?(?: so)?|questions?|stt|so cau|tt|bai|no\.?|cau\s*[/\\-]\s*(?:ma de|de|da)|(?:ma )?de\s*[/\\-]\s*cau|number)\s*[.:]?\s*$",
    )
});
static HEAD_KEY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:dap an|d/?\.?a\.?|da|keys?|answers?|dap so|ket qua|tra loi|chon|phuong an|dap an dung|key answer)\b.{0,20}$")
});
static CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:ma\s*de(?:\s*thi)?|de(?:\s*so)?|ma)?\s*(?:so)?\s*[:.]?\s*(\d{3,6})\s*$"));
static NAMED_CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:ma\s*de(?:\s*thi)?|de|ma)\s*(?:so)?\s*[:.]?\s*\d{2,6}\s*$"));
static HEAD_CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*ma\s*de(?:\s*thi)?\s*[:.]?\s*$"));
static HEAD_NOTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:(?:thang |tong |so )?diem|muc(?: do)?|cap do|ghi chu|chu de|noi dung|chuong|bai hoc|lop|nguon)\b.{0,20}$")
});
static HEAD_PART: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:phan|part)\s*$"));
static STATEMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:y|menh de|lenh hoi|phat bieu)?\s*\(?([a-h])\s*[.)]?\)?\s*$"));
static HEAD_STATEMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:y|lenh hoi|menh de|phat bieu|y hoi)\s*$"));
static PAIR_CELL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:cau|question)?\s*(\d{1,3})\s*(?:[.:)/=]+\s*(?:-\s+)?|-\s*)(.+)$"));
static STUCK_PAIR: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(\d{1,3})\s*([A-Ha-h])\s*$"));

/// Whether a table holds keys and nothing else.
pub(crate) fn is_key(table: &Table) -> bool {
    let found = read(table);
    if found.len() < 2 {
        return false;
    }
    // Every text of the table is short; a question beside its letter is no key.
    let longest = table.rows.iter().flatten().map(|cell| text_of(cell).chars().count()).max().unwrap_or_default();
    let said: usize = found.iter().filter(|entry| !matches!(entry.value, Value::Text(_))).count();
    let named = head_words(table);
    longest <= 60 && (named || said * 10 >= found.len() * 9 && found.len() >= 4)
}

/// Whether every text of a table is as short as a key.
pub(crate) fn is_short(table: &Table) -> bool {
    table.rows.iter().flatten().all(|cell| text_of(cell).chars().count() <= 60)
}

/// Whether a table's own headings say that it holds keys.
pub(crate) fn is_named(table: &Table) -> bool {
    head_words(table)
}

fn head_words(table: &Table) -> bool {
    let grid = grid(table);
    let heads = grid.iter().take(2).flatten().chain(grid.iter().filter_map(|row| row.first()));
    let (mut numbers, mut keys) = (false, false);
    for square in heads {
        numbers |= HEAD_NUMBER.is_match(&square.plain);
        numbers |= square.plain.to_ascii_lowercase().starts_with("cau ") && NUMBER.is_match(&square.plain);
        keys |= HEAD_KEY.is_match(&square.plain) || CODE.is_match(&square.plain) || HEAD_CODE.is_match(&square.plain);
    }
    numbers && keys
}

/// The keys of a table, none where its shape is not one of a key table.
pub(crate) fn read(table: &Table) -> Vec<KeyEntry> {
    let grid = grid(table);
    let mut out = in_cells(&grid);
    // Numbers of three digits over a column that counts are codes of papers, not questions.
    let codes =
        grid.first().is_some_and(|row| row.len() > 1 && row.iter().skip(1).all(|square| code(square).is_some() || is_empty(square)));
    if out.is_empty() && codes && counts(&grid, 0) {
        out = down(&grid);
    }
    if out.is_empty() {
        out = super::lettered::read(&grid);
    }
    if out.is_empty() {
        out = across(&grid);
    }
    if out.is_empty() {
        out = down(&grid);
    }
    out
}

fn text_of(cell: &TableCell) -> String {
    let mut out = String::new();
    for block in &cell.blocks {
        if let DocumentBlock::Paragraph(paragraph) = block {
            for line in lines(paragraph) {
                if !out.is_empty() {
                    out.push('\n');
                }
                out.extend(line.chars.iter().map(|letter| if *letter == '\u{fffc}' { '\u{2}' } else { *letter }));
                // A formula may be the whole answer.
                if line.plain.trim() == "\u{2}"
                    && let Some(latex) = line.spans.iter().find_map(|span| match &span.ink {
                        Ink::Object(Part::Math { latex, .. }) => Some(latex),
                        _ => None,
                    })
                {
                    out.pop();
                    out.push_str(latex);
                }
            }
        }
    }
    out.trim().to_owned()
}

/// A table with its spans spread out.
pub(crate) fn grid(table: &Table) -> Vec<Vec<Square>> {
    let mut out: Vec<Vec<Square>> = Vec::new();
    // What still hangs down from rows above: column, rows left, square.
    let mut hanging: Vec<(usize, u16, Square)> = Vec::new();
    let mut count = 0;
    for (row_at, row) in table.rows.iter().enumerate() {
        let mut squares: Vec<Square> = Vec::new();
        let mut still: Vec<(usize, u16, Square)> = Vec::new();
        for (cell_at, cell) in row.iter().enumerate() {
            take_hanging(&mut hanging, &mut still, &mut squares);
            let text = text_of(cell);
            let square = Square { plain: plain_of(&text), text, spread: false, cell: (row_at, cell_at) };
            for copy in 0..cell.columns.clamp(1, 64) {
                if cell.rows > 1 {
                    still.push((squares.len(), cell.rows - 1, square.clone()));
                }
                squares.push(Square { spread: copy > 0, ..square.clone() });
                count += 1;
            }
            if count > MOST {
                return Vec::new();
            }
        }
        take_hanging(&mut hanging, &mut still, &mut squares);
        hanging.append(&mut still);
        out.push(squares);
    }
    out
}

/// Puts the cells that hang down from rows above into the row.
fn take_hanging(hanging: &mut Vec<(usize, u16, Square)>, still: &mut Vec<(usize, u16, Square)>, squares: &mut Vec<Square>) {
    while let Some(at) = hanging.iter().position(|(column, ..)| *column == squares.len()) {
        let (column, left, square) = hanging.swap_remove(at);
        squares.push(Square { spread: true, ..square.clone() });
        if left > 1 {
            still.push((column, left - 1, square));
        }
    }
}

fn number(square: &Square) -> Option<u32> {
    NUMBER.captures(&square.plain)?.get(1)?.as_str().parse().ok().filter(|number| *number > 0)
}

fn code(square: &Square) -> Option<String> {
    Some(CODE.captures(&square.plain)?.get(1)?.as_str().to_owned())
}

/// The letter a square consists of, as a statement's label.
pub(crate) fn statement(square: &Square) -> Option<char> {
    STATEMENT.captures(&square.plain)?.get(1)?.as_str().to_ascii_lowercase().chars().next()
}

fn is_empty(square: &Square) -> bool {
    square.plain.trim().is_empty()
}

/// The part a row of the table names, such as a row across the whole width that says `PHẦN II`.
fn part_of(row: &[Square]) -> Option<u32> {
    let said: Vec<&Square> = row.iter().filter(|square| !square.spread && !is_empty(square)).collect();
    let [only] = said.as_slice() else { return None };
    signs::part(&only.plain)?.ordinal
}

/// A row that only says what the table is.
fn is_title(row: &[Square]) -> bool {
    let mut said = row.iter().filter(|square| !square.spread && !is_empty(square));
    matches!((said.next(), said.next()), (Some(only), None) if signs::KEY_HEADING.is_match(&only.plain) && only.plain.len() <= 60 && !only.plain.contains('\n'))
}

/// `1-A`, `1.A`, `1a`, `Câu 1: ĐSĐS` in each cell; a cell may hold several, one a line.
fn in_cells(grid: &[Vec<Square>]) -> Vec<KeyEntry> {
    let mut out = Vec::new();
    let mut part = None;
    for row in grid {
        if let Some(named) = part_of(row) {
            part = Some(named);
            continue;
        }
        if is_title(row) {
            continue;
        }
        for square in row.iter().filter(|square| !square.spread && !is_empty(square)) {
            let mut some = false;
            if let Some(pairs) = pairs(&square.plain) {
                out.extend(pairs.into_iter().map(|(number, value)| KeyEntry { part, code: None, number, value, group: 0 }));
                continue;
            }
            for line in square.text.split('\n') {
                if let Some((number, value)) = pair(line) {
                    out.push(KeyEntry { part, code: None, number, value, group: 0 });
                    some = true;
                }
            }
            let head = HEAD_NUMBER.is_match(&square.plain) || HEAD_KEY.is_match(&square.plain);
            if !some && !head {
                return Vec::new();
            }
        }
    }
    out
}

fn pair(line: &str) -> Option<(u32, Value)> {
    let plain = plain_of(line);
    if let Some(found) = STUCK_PAIR.captures(&plain) {
        let letter = found.get(2)?.as_str().to_ascii_uppercase().chars().next()?;
        return Some((found.get(1)?.as_str().parse().ok()?, Value::Letters(vec![letter])));
    }
    let found = PAIR_CELL.captures(&plain)?;
    let at = found.get(2)?.start();
    let rest: String = line.chars().skip(at).collect();
    // `1.-A`; the dash before a digit is its sign.
    let rest = rest.strip_prefix('-').filter(|bare| bare.starts_with(char::is_alphabetic)).unwrap_or(&rest).to_owned();
    // Numbers with a decimal point are no pairs; only letters and truths can be told from them.
    match value(&rest)? {
        Value::Text(text) if text.starts_with(|first: char| first.is_ascii_digit()) && !plain.to_ascii_lowercase().contains("cau") => None,
        Value::Text(text) if text.chars().count() > 20 => None,
        value => Some((found.get(1)?.as_str().parse().ok()?, value)),
    }
}

/// A row of numbers over rows of keys.
fn across(grid: &[Vec<Square>]) -> Vec<KeyEntry> {
    let mut out = Vec::new();
    let mut part = None;
    let mut heads: Vec<Option<u32>> = Vec::new();
    let mut fresh = false;
    let mut over: Option<String> = None;
    for row in grid {
        if let Some(named) = part_of(row) {
            part = Some(named);
            heads.clear();
            continue;
        }
        let numbers: Vec<Option<u32>> = row.iter().map(|square| number(square).filter(|_| !square.spread)).collect();
        let before = numbers.iter().position(Option::is_some).unwrap_or_default().max(1);
        let named = row.iter().take(before).any(|first| HEAD_NUMBER.is_match(&first.plain) || HEAD_CODE.is_match(&first.plain));
        if is_head_row(row, &numbers, named, fresh) {
            heads = numbers;
            fresh = true;
            // `Mã đề 101 | 1 | 2 …`: the code stands above its row of keys.
            over = row.first().filter(|first| NAMED_CODE.is_match(&first.plain)).and_then(code);
            if over.is_some() {
                heads.first_mut().map(Option::take);
            }
            continue;
        }
        if heads.is_empty() {
            if row.iter().all(|square| {
                is_empty(square) || square.spread || row.iter().filter(|other| !is_empty(other) && !other.spread).count() == 1
            }) {
                continue;
            }
            return Vec::new();
        }
        // Points below the keys, and other rows of notes.
        if row.first().is_some_and(|first| HEAD_NOTE.is_match(&first.plain)) {
            continue;
        }
        let first = row.first();
        let unnumbered = heads.first().is_some_and(Option::is_none);
        let coded = || row.iter().take(heads.iter().position(Option::is_some).unwrap_or_default()).find_map(code);
        let paper = coded().or_else(|| over.clone());
        let letter = first.filter(|_| unnumbered).and_then(statement);
        for (square, head) in row.iter().zip(&heads) {
            let Some(number) = *head else { continue };
            let Some(said) = value(&square.text) else { continue };
            let value = match (letter, &said) {
                (Some(letter), Value::Truths(truths)) if truths.len() == 1 => {
                    Value::Truth(letter, truths.first().copied().unwrap_or_default())
                }
                // `D` in a row of statements is “đúng”.
                (Some(letter), Value::Letters(_)) => match truth(&square.text) {
                    Some(truth) => Value::Truth(letter, truth),
                    None => return Vec::new(),
                },
                _ => said,
            };
            out.push(KeyEntry { part, code: paper.clone(), number, value, group: 0 });
        }
        fresh = false;
    }
    out
}

fn is_head_row(row: &[Square], numbers: &[Option<u32>], named: bool, fresh: bool) -> bool {
    let found: Vec<u32> = numbers.iter().flatten().copied().collect();
    let lead = numbers.iter().position(Option::is_some).unwrap_or_default().max(1);
    let others = row
        .iter()
        .zip(numbers)
        .skip(if named { lead } else { 1 })
        .filter(|(square, number)| number.is_none() && !is_empty(square) && !square.spread)
        .count();
    // All parts in one row: the numbers start again.
    let rising = found.windows(2).all(|pair| matches!(pair, [a, b] if *b == *a + 1 || named && *b == 1 && *a > 1));
    if others > 0 || found.is_empty() || !rising {
        return false;
    }
    // A row of short answers may be numbers too: directly under a row of numbers it is their key.
    if fresh && !named {
        return false;
    }
    named
        || found.len() >= 2
            && row.first().is_some_and(|first| is_empty(first) || number(first).is_some() || NAMED_CODE.is_match(&first.plain))
}

/// A column of numbers beside columns of keys, once or several times side by side.
fn down(grid: &[Vec<Square>]) -> Vec<KeyEntry> {
    let width = grid.iter().map(Vec::len).max().unwrap_or_default();
    let number_columns: Vec<usize> = (0..width).filter(|column| counts(grid, *column)).collect();
    // A column that names the part of each row.
    let parts =
        (0..width).find(|column| grid.iter().take(2).filter_map(|row| row.get(*column)).any(|square| HEAD_PART.is_match(&square.plain)));
    // A column that names the paper of each row.
    let codes = (0..width).find(|column| {
        let mut squares = grid.iter().filter_map(|row| row.get(*column));
        squares.next().is_some_and(|head| HEAD_CODE.is_match(&head.plain))
            && squares.clone().count() > 1
            && squares.all(|square| code(square).is_some())
    });
    let mut out = Vec::new();
    for (at, column) in number_columns.iter().enumerate() {
        let end = number_columns.get(at + 1).copied().unwrap_or(width);
        let first = out.len();
        group_down(grid, *column, end, parts, &mut out);
        if let Some(codes) = codes {
            let rows = grid.iter().filter(|row| row.get(*column).and_then(number).is_some());
            let named: Vec<Option<String>> = rows.map(|row| row.get(codes).and_then(code)).collect();
            let fresh = out.get_mut(first..).unwrap_or_default();
            if fresh.len() == named.len() {
                fresh.iter_mut().zip(named).for_each(|(entry, code)| entry.code = code);
            }
        }
    }
    out
}

/// Whether a column is a column of question numbers: headed so, or counting up by one.
fn counts(grid: &[Vec<Square>], column: usize) -> bool {
    let squares: Vec<&Square> = grid.iter().filter_map(|row| row.get(column)).collect();
    let numbers: Vec<u32> = squares.iter().filter(|square| !square.spread).filter_map(|square| number(square)).collect();
    let headed = squares.iter().take(3).any(|square| HEAD_NUMBER.is_match(&square.plain));
    let rising = numbers.windows(2).all(|pair| matches!(pair, [a, b] if *b == *a + 1 || *b == 1));
    let headed = headed && !squares.first().is_some_and(|square| HEAD_CODE.is_match(&square.plain));
    // A row of one square only names a part or is a note.
    let full = grid.iter().filter(|row| row.iter().filter(|square| !square.spread && !is_empty(square)).count() > 1);
    let other = full.filter_map(|row| row.get(column)).filter(|square| number(square).is_none() && !is_empty(square)).count();
    if headed {
        return !numbers.is_empty() && rising;
    }
    let first = column == 0 || squares.iter().any(|square| square.plain.to_ascii_lowercase().contains("cau"));
    let enough = numbers.len() >= 3 || numbers.len() == 2 && column == 0 && numbers.first() == Some(&1);
    enough && rising && other <= 1 && (first || numbers.first().is_some_and(|number| *number > 1))
}

fn group_down(grid: &[Vec<Square>], column: usize, end: usize, parts: Option<usize>, out: &mut Vec<KeyEntry>) {
    let mut part = None;
    let mut last: Option<u32> = None;
    let mut heads: Vec<Square> = Vec::new();
    for row in grid {
        if let Some(named) = part_of(row) {
            part = Some(named);
            continue;
        }
        // Further statements of a question stand below its number.
        let below = row.get(column).is_some_and(is_empty) && row.get(column + 1).and_then(statement).is_some();
        let Some(number) = row.get(column).and_then(number).or(last.filter(|_| below)) else {
            let head = row.get(column + 1..end.min(row.len())).unwrap_or_default();
            if head.iter().any(|square| !is_empty(square)) {
                heads = head.to_vec();
            }
            continue;
        };
        last = Some(number);
        if let Some(square) = parts.and_then(|column| row.get(column)).filter(|square| !is_empty(square)) {
            part = signs::ordinal_of(square.plain.to_ascii_uppercase().trim_start_matches("PHAN").trim().trim_end_matches(['.', ':']))
                .or(part);
        }
        let mut statement_here: Option<char> = None;
        for (at, square) in row.get(column + 1..end.min(row.len())).unwrap_or_default().iter().enumerate() {
            let head = heads.get(at);
            let code = head.and_then(code);
            let lettered = head.and_then(statement);
            let is_statement_column = head.is_some_and(|head| HEAD_STATEMENT.is_match(&head.plain));
            if is_statement_column
                || lettered.is_none()
                    && code.is_none()
                    && at == 0
                    && statement(square).is_some()
                    && row.len() > column + 2
                    && is_truth_next(row, column + 2)
            {
                statement_here = statement(square);
                continue;
            }
            if square.spread && code.is_none() && lettered.is_none() {
                continue;
            }
            let known_head = head
                .is_none_or(|head| is_empty(head) || HEAD_KEY.is_match(&head.plain) || head.plain.to_ascii_lowercase().contains("dap an"));
            if !known_head && code.is_none() && lettered.is_none() {
                continue;
            }
            let lettered = lettered.or(statement_here);
            if let Some(value) = in_column(square, lettered) {
                out.push(KeyEntry { part, code, number, value, group: 0 });
            }
        }
    }
}

fn is_truth_next(row: &[Square], at: usize) -> bool {
    row.get(at).is_some_and(|square| truth(&square.text).is_some())
}

fn in_column(square: &Square, lettered: Option<char>) -> Option<Value> {
    match lettered {
        Some(letter) => truth(&square.text).map(|truth| Value::Truth(letter, truth)),
        None => match truths(&square.text) {
            Some(truths) if truths.len() > 1 => Some(Value::Truths(truths)),
            _ => value(&square.text),
        },
    }
}

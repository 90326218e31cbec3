//! Files to bare tables: rows of cells with their place, no meaning yet.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader, Xlsx};
use jiff::civil::Date;

use super::{MAX_BYTES, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, RosterError};
use crate::archive::{ArchiveError, ArchiveLimits, LimitedArchive};
use crate::decode::decode_text;
use crate::fence::without_panic;
use crate::kind::{FileKind, sniff};
use crate::vietnamese::collapse_whitespace;

/// Rows above and between the people (titles, blank lines) on top of [`MAX_ROWS`].
const SPARE_ROWS: usize = 500;

/// Most bytes of text in all cells of a workbook together. Cells may share one long text: a small
/// file then says it thousands of times.
const MAX_TEXT: usize = 32 << 20;
/// Most bytes of sheets to be read. Sheets may share one large part: a small file then has it read for each.
const MAX_SHEET_BYTES: u64 = 1 << 30;

/// A cell as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Empty,
    /// NFC, white space collapsed.
    Text(String),
    Number(f64),
    Date(Date),
    Error(String),
}

impl Cell {
    /// The text a user sees in it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Error(text) => text.clone(),
            // Codes and telephone numbers that Excel made numbers: no ".0", no exponent.
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                format!("{number:.0}")
            }
            Self::Number(number) => number.to_string(),
            Self::Date(date) => format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }
}

/// One row with anything in it.
pub(super) struct TableRow {
    pub line: u32,
    pub cells: Vec<Cell>,
}

/// One sheet, or the whole CSV.
pub(super) struct Table {
    pub sheet: String,
    pub rows: Vec<TableRow>,
}

pub(super) fn read_tables(bytes: &[u8]) -> Result<Vec<Table>, RosterError> {
    if bytes.len() > MAX_BYTES {
        return Err(RosterError::TooLarge(format!("{} bytes", bytes.len())));
    }
    let tables = match sniff(bytes) {
        FileKind::Empty => return Err(RosterError::Empty),
        FileKind::Xlsx => {
            without_panic(|| read_xlsx(bytes)).unwrap_or_else(|| Err(RosterError::Damaged("the parser gave up".to_owned())))?
        }
        FileKind::EncryptedOffice => return Err(RosterError::Encrypted),
        FileKind::Text => vec![read_csv(bytes)?],
        // A CSV whose first cell happens to be a number above an arrow is no caption file worth refusing for.
        FileKind::Srt => vec![read_csv(bytes)?],
        other => return Err(RosterError::UnknownKind(other)),
    };
    if tables.iter().all(|table| table.rows.is_empty()) {
        return Err(RosterError::Empty);
    }
    Ok(tables)
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<Table>, RosterError> {
    let largest =
        LimitedArchive::open(bytes, ArchiveLimits::OFFICE).and_then(|mut archive| archive.prove_harmless()).map_err(
            |error| match error {
                ArchiveError::TooManyEntries { .. } | ArchiveError::TooLarge { .. } => RosterError::TooLarge(error.to_string()),
                ArchiveError::Encrypted { .. } => RosterError::Encrypted,
                ArchiveError::Broken(_) => RosterError::Damaged(error.to_string()),
            },
        )?;
    let damaged = |place: &str, error: &dyn std::fmt::Display| RosterError::Damaged(format!("{place}: {error}"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged("workbook", &error))?;
    let names = book.sheet_names();
    if largest.saturating_mul(names.len().min(MAX_SHEETS) as u64) > MAX_SHEET_BYTES {
        return Err(RosterError::TooLarge(format!("{} sheets of up to {largest} bytes", names.len())));
    }
    let mut tables = Vec::new();
    let mut total = 0;
    let mut text = 0;
    for name in names.into_iter().take(MAX_SHEETS) {
        let mut table = Table { sheet: collapse_whitespace(&name), rows: Vec::new() };
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // Chart sheets and the like have no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(damaged(&name, &error)),
        };
        // Cells come one by one: the sheet's claimed dimension never sizes an allocation.
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&name, &error))? {
            let (row, column) = cell.get_position();
            let column = column as usize;
            if column >= MAX_COLUMNS {
                continue;
            }
            text += text_bytes(cell.get_value());
            if text > MAX_TEXT {
                return Err(RosterError::TooLarge(format!("more than {MAX_TEXT} bytes of text")));
            }
            let value = convert(cell.get_value());
            if value.is_empty() {
                continue;
            }
            let line = row.saturating_add(1);
            if table.rows.last().is_none_or(|last| last.line != line) {
                total += 1;
                if total > MAX_ROWS + SPARE_ROWS {
                    return Err(RosterError::TooManyRows { sheet: table.sheet, line });
                }
                table.rows.push(TableRow { line, cells: Vec::new() });
            }
            if let Some(last) = table.rows.last_mut() {
                if last.cells.len() <= column {
                    last.cells.resize(column + 1, Cell::Empty);
                }
                last.cells[column] = value;
            }
        }
        tables.push(table);
    }
    Ok(tables)
}

fn text_bytes(value: &DataRef<'_>) -> usize {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.len(),
        DataRef::SharedString(text) => text.len(),
        _ => 0,
    }
}

fn convert(value: &DataRef<'_>) -> Cell {
    match Data::from(value.clone()) {
        Data::Empty => Cell::Empty,
        Data::String(text) => Cell::Text(collapse_whitespace(&text)),
        Data::Int(number) => Cell::Number(number as f64),
        Data::Float(number) => Cell::Number(number),
        Data::Bool(true) => Cell::Text("x".to_owned()),
        Data::Bool(false) => Cell::Empty,
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            match (i16::try_from(year), i8::try_from(month), i8::try_from(day)) {
                (Ok(year), Ok(month), Ok(day)) if !date.is_duration() => {
                    Date::new(year, month, day).map_or(Cell::Number(date.as_f64()), Cell::Date)
                }
                _ => Cell::Number(date.as_f64()),
            }
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(collapse_whitespace(&text)),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

fn read_csv(bytes: &[u8]) -> Result<Table, RosterError> {
    let text = decode_text(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let (delimiter, text) = delimiter_of(text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut table = Table { sheet: String::new(), rows: Vec::new() };
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(RosterError::Damaged(error.to_string())),
        }
        let line = record.position().map_or(0, |place| line_of(text, place));
        let cells: Vec<Cell> = record.iter().take(MAX_COLUMNS).map(|field| Cell::Text(collapse_whitespace(field))).collect();
        if cells.iter().all(Cell::is_empty) {
            continue;
        }
        if table.rows.len() >= MAX_ROWS + SPARE_ROWS {
            return Err(RosterError::TooManyRows { sheet: String::new(), line });
        }
        table.rows.push(TableRow { line, cells });
    }
    Ok(table)
}

/// The reader's place is the end of the record before; line ends and blank lines follow it.
fn line_of(text: &str, place: &csv::Position) -> u32 {
    let from = usize::try_from(place.byte()).unwrap_or(usize::MAX);
    let skipped = text
        .as_bytes()
        .get(from..)
        .map_or(0, |rest| rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count());
    u32::try_from(place.line()).unwrap_or(u32::MAX).saturating_add(u32::try_from(skipped).unwrap_or(u32::MAX))
}

/// Excel's own `sep=;` line, else the sign that splits the first lines most evenly.
fn delimiter_of(text: &str) -> (u8, &str) {
    let first = text.lines().next().unwrap_or_default();
    if let Some(sign) = first.strip_prefix("sep=")
        && let [sign @ (b',' | b';' | b'\t' | b'|')] = sign.trim_end().as_bytes()
    {
        // The line stays in the text (it becomes a title row) so that line numbers hold.
        return (*sign, text);
    }
    let best = [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|sign| {
            let mut counts: Vec<usize> =
                text.lines().take(30).map(|line| count_outside_quotes(line, *sign)).filter(|count| *count > 0).collect();
            counts.sort_unstable();
            // Number of lines it splits, times how many cells the middle one gets.
            counts.len() * counts.get(counts.len() / 2).copied().unwrap_or(0)
        })
        .unwrap_or(b',');
    (best, text)
}

fn count_outside_quotes(line: &str, sign: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in line.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if byte == sign && !quoted {
            count += 1;
        }
    }
    count
}

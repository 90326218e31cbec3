//! Workbooks as plain grids of letters.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use exchange::archive::{ArchiveLimits, LimitedArchive};
use exchange::fence::without_panic;
use unicode_normalization::UnicodeNormalization as _;

use crate::error::ReadError;

const MOST_SHEETS: usize = 100;
const MOST_ROWS: u32 = 60_000;
const MOST_COLUMNS: u32 = 200;
/// Letters of a whole workbook.
const MOST_TEXT: usize = 64 << 20;

/// A sheet.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) name: String,
    /// Its rows with what stands in them, by their number in the sheet, from 1.
    pub(super) rows: Vec<(u32, Vec<Cell>)>,
    /// Rows or columns past the limits, which were not read.
    pub(super) cut: bool,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) kind: CellKind,
}

/// What the program that wrote a cell took it for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum CellKind {
    #[default]
    Text,
    Number,
    /// A date, which is often an answer like 1/2 that the program changed.
    Date,
    /// `#N/A` and its like.
    Error,
}

/// A workbook.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    /// All its sheets.
    pub(super) grids: Vec<Grid>,
}

/// All sheets of a workbook.
pub(super) fn workbook(bytes: &[u8]) -> Result<Workbook, ReadError> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(ReadError::new(
            "sheet-old-or-locked",
            "Đây là tệp Excel kiểu cũ (.xls) hoặc có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu nếu có và lưu lại thành .xlsx.",
        ));
    }
    LimitedArchive::open(bytes, ArchiveLimits::OFFICE)?.prove_harmless()?;
    let grids = without_panic(|| read(bytes)).unwrap_or_else(|| Err(ReadError::broken("bảng tính", "không đọc được")))?;
    Ok(Workbook { grids })
}

fn read(bytes: &[u8]) -> Result<Vec<Grid>, ReadError> {
    let broken = |place: &str, error: calamine::XlsxError| match error {
        calamine::XlsxError::Password => ReadError::locked(),
        other => ReadError::broken(place, &other.to_string()),
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken("bảng tính", error))?;
    let mut out = Vec::new();
    let mut text = 0_usize;
    for name in book.sheet_names().into_iter().take(MOST_SHEETS) {
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(broken(&name, error)),
        };
        let mut grid = Grid { name: name.clone(), ..Grid::default() };
        while let Some(found) = cells.next_cell().map_err(|error| broken(&name, error))? {
            let (row, column) = found.get_position();
            let cell = cell(&Data::from(found.get_value().clone()));
            if cell.text.is_empty() {
                continue;
            }
            if row >= MOST_ROWS || column >= MOST_COLUMNS {
                grid.cut = true;
                continue;
            }
            text = text.saturating_add(cell.text.len());
            if text > MOST_TEXT {
                return Err(ReadError::too_large(&name));
            }
            let number = row.saturating_add(1);
            if grid.rows.last().is_none_or(|(last, _)| *last != number) {
                grid.rows.push((number, Vec::new()));
            }
            if let Some((_, cells)) = grid.rows.last_mut() {
                let place = usize::try_from(column).unwrap_or_default();
                if cells.len() <= place {
                    cells.resize(place + 1, Cell::default());
                }
                if let Some(slot) = cells.get_mut(place) {
                    *slot = cell;
                }
            }
        }
        out.push(grid);
    }
    Ok(out)
}

fn cell(data: &Data) -> Cell {
    let (text, kind) = match data {
        Data::Empty => (String::new(), CellKind::Text),
        Data::String(text) => (text.clone(), CellKind::Text),
        Data::Int(number) => (number.to_string(), CellKind::Number),
        Data::Float(number) => (number.to_string(), CellKind::Number),
        Data::Bool(truth) => (if *truth { "Đúng" } else { "Sai" }.to_owned(), CellKind::Text),
        Data::DateTime(date) => (date.to_string(), CellKind::Date),
        Data::DateTimeIso(date) | Data::DurationIso(date) => (date.clone(), CellKind::Date),
        Data::Error(error) => (error.to_string(), CellKind::Error),
    };
    let text: String = text.replace("\r\n", "\n").replace(['\r', '\u{b}'], "\n").nfc().collect();
    Cell { text: text.trim().to_owned(), kind }
}

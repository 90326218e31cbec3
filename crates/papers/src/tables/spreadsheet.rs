//! Spreadsheets of questions: each sheet is a table.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};
use exchange::archive::{ArchiveLimits, LimitedArchive};
use exchange::fence::without_panic;

use crate::document::{Document, DocumentBlock, Look, Paragraph, Part, Table, TableCell};
use crate::error::ReadError;
use crate::model::{Entry, Paper};

/// Most of everything a sheet may have.
const MAX_SHEETS: usize = 50;
const MAX_COLUMNS: usize = 100;
const MAX_ROWS: usize = 50_000;
const MAX_TEXT: usize = 32 << 20;

/// Reads the questions of a spreadsheet (`.xlsx`).
///
/// # Errors
/// [`ReadError`]: one sentence on why nothing could be read.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    let pictures = {
        let mut archive = LimitedArchive::open(bytes, ArchiveLimits::OFFICE)?;
        archive.prove_harmless()?;
        archive.names().iter().filter(|name| name.starts_with("xl/media/")).count()
    };
    let document = without_panic(|| document(bytes)).unwrap_or_else(|| Err(ReadError::broken("xlsx", "the parser gave up")))?;
    let mut paper = Paper::default();
    crate::layout::interpret(&document, &mut paper);
    if paper.questions.is_empty() {
        return Err(ReadError::no_questions());
    }
    if pictures > 0 {
        let message =
            format!("Bảng tính có {pictures} hình; hình trong bảng tính không chuyển được. Hãy thêm hình vào câu hỏi sau khi nhập.");
        paper.report.push(Entry::error("picture-lost", message).with("count", pictures));
    }
    Ok(paper)
}

fn document(bytes: &[u8]) -> Result<Document, ReadError> {
    let damaged = |place: &str, error: &XlsxError| ReadError::broken(place, &error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged("workbook", &error))?;
    let mut out = Document::default();
    let mut text = 0;
    for name in book.sheet_names().into_iter().take(MAX_SHEETS) {
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(damaged(&name, &error)),
        };
        let mut table = Table::default();
        let mut last: Option<u32> = None;
        // Cells come one by one: what the sheet claims to hold never sizes an allocation.
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&name, &error))? {
            let (row, column) = cell.get_position();
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            let said = shown(cell.get_value());
            if column >= MAX_COLUMNS || said.trim().is_empty() {
                continue;
            }
            text += said.len();
            if text > MAX_TEXT || table.rows.len() > MAX_ROWS {
                return Err(ReadError::too_large(&name));
            }
            if last != Some(row) {
                last = Some(row);
                table.rows.push(Vec::new());
            }
            let Some(cells) = table.rows.last_mut() else { continue };
            while cells.len() < column {
                cells.push(TableCell { columns: 1, rows: 1, ..TableCell::default() });
            }
            let paragraph = Paragraph { number: row.saturating_add(1), label: None, parts: vec![Part::Text(said, Look::default())] };
            cells.push(TableCell { blocks: vec![DocumentBlock::Paragraph(paragraph)], columns: 1, rows: 1, shaded: false });
        }
        // Rows end where their last cell does; columns are told by their place.
        let width = table.rows.iter().map(Vec::len).max().unwrap_or_default();
        for row in &mut table.rows {
            row.resize(width, TableCell { columns: 1, rows: 1, ..TableCell::default() });
        }
        if !table.rows.is_empty() {
            out.blocks.push(DocumentBlock::Table(table));
        }
    }
    Ok(out)
}

/// A cell's value as it is typed. Numbers keep the comma of Vietnamese papers out: what is stored has a
/// point, and both are accepted as the same number.
fn shown(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.replace("\r\n", "\n"),
        Data::Bool(true) => "Đúng".to_owned(),
        Data::Bool(false) => "Sai".to_owned(),
        Data::Error(error) => error.to_string(),
        other => other.to_string(),
    }
}

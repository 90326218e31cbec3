//! Excel: one section a sheet, cells of a row separated by tabs.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::fence::without_panic;

use super::{Collector, ExtractError, ExtractedText, MAX_SECTIONS, MAX_TEXT, open};

pub(super) fn extract(bytes: &[u8]) -> Result<ExtractedText, ExtractError> {
    open(bytes)?.prove_harmless().map_err(ExtractError::from_archive)?;
    without_panic(|| read(bytes))
        .unwrap_or_else(|| Err(ExtractError::Damaged { place: "workbook".to_owned(), message: "the parser gave up".to_owned() }))
}

fn read(bytes: &[u8]) -> Result<ExtractedText, ExtractError> {
    let damaged = |place: &str, error: calamine::XlsxError| ExtractError::Damaged { place: place.to_owned(), message: error.to_string() };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged("workbook", error))?;
    let mut collector = Collector::default();
    for name in book.sheet_names().into_iter().take(MAX_SECTIONS) {
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(damaged(&name, error)),
        };
        let mut text = String::new();
        let mut last_row = 0;
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&name, error))? {
            let (row, _) = cell.get_position();
            let value = Data::from(cell.get_value().clone()).to_string();
            if value.is_empty() {
                continue;
            }
            if row != last_row {
                text.push('\n');
                last_row = row;
            } else if !text.is_empty() {
                text.push('\t');
            }
            text.push_str(&value);
            if text.len() > MAX_TEXT {
                collector.out.truncated = true;
                break;
            }
        }
        collector.push_section(&text);
    }
    Ok(collector.finish())
}

//! Tables written as an XLSX workbook. What is text stays text: nothing that somebody typed becomes a formula,
//! here or in the program that opens it.

use jiff::civil::DateTime;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Most characters of a cell; the format itself ends at 32,767.
const LONGEST: usize = 32_000;

/// A table of a workbook.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its name: up to 31 characters, none of `[]:*?/\`.
    pub name: String,
    /// Widths of columns in characters; those left out are narrow.
    pub widths: Vec<f64>,
    /// Rows that stay in sight, and columns.
    pub frozen: (u32, u16),
    /// What is in it.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A heading.
    Head(String),
    /// Letters, whatever they look like.
    Text(String),
    /// A number. Spreadsheets hold nothing more exact.
    Number(f64),
    /// A day and a time of the place.
    Moment(DateTime),
}

impl Cell {
    /// Letters.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// Why a workbook cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("workbook: {0}")]
pub struct WorkbookError(#[from] XlsxError);

/// Writes tables as a workbook.
///
/// # Errors
/// [`WorkbookError`]: a name that no sheet may have, or more than a sheet holds.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    let looks = Looks::new();
    for table in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.name)?;
        sheet.set_freeze_panes(table.frozen.0, table.frozen.1)?;
        for (column, width) in (0_u16..).zip(&table.widths) {
            sheet.set_column_width(column, *width)?;
        }
        for (line, row) in (0_u32..).zip(&table.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                looks.put(sheet, line, column, cell)?;
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}

struct Looks {
    head: Format,
    text: Format,
    /// As if an apostrophe were typed before it: the cell stays text also when somebody edits it.
    quoted: Format,
    moment: Format,
}

impl Looks {
    fn new() -> Self {
        let text = Format::new().set_num_format("@");
        Self {
            head: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            quoted: text.clone().set_quote_prefix(),
            text,
            moment: Format::new().set_num_format("dd/mm/yyyy hh:mm:ss"),
        }
    }

    fn put(&self, sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => {}
            Cell::Head(text) => drop(sheet.write_string_with_format(row, column, shortened(text), &self.head)?),
            Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                sheet.write_string_with_format(row, column, shortened(text), &self.quoted)?;
            }
            Cell::Text(text) => drop(sheet.write_string_with_format(row, column, shortened(text), &self.text)?),
            Cell::Number(number) => drop(sheet.write_number(row, column, *number)?),
            Cell::Moment(at) => {
                let day = ExcelDateTime::from_ymd(at.year().unsigned_abs(), at.month().unsigned_abs(), at.day().unsigned_abs())?;
                let moment = day.and_hms(u16::from(at.hour().unsigned_abs()), at.minute().unsigned_abs(), f64::from(at.second()))?;
                sheet.write_datetime_with_format(row, column, moment, &self.moment)?;
            }
        }
        Ok(())
    }
}

/// Control characters are no XML.
fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

    use calamine::{Data, Reader as _, Xlsx};

    use super::*;

    #[test]
    fn what_was_typed_stays_text_and_numbers_are_numbers() {
        let typed = ["=HYPERLINK(\"http://x\")", "+1", "-2", "@SUM(A1)", "Nguyễn Thị Ánh", "a\u{1}b"];
        let mut rows = vec![vec![Cell::Head("Tên".to_owned()), Cell::Number(7.25), Cell::Empty]];
        rows.extend(typed.map(|text| vec![Cell::text(text)]));
        rows.push(vec![Cell::Moment(jiff::civil::date(2026, 11, 22).at(7, 30, 5, 0)), Cell::text("x".repeat(40_000))]);
        let sheet = Sheet { name: "Điểm".to_owned(), widths: vec![20.0], frozen: (1, 1), rows };
        let mut book = Xlsx::new(std::io::Cursor::new(write(&[sheet]).unwrap())).unwrap();
        let read = book.worksheet_range("Điểm").unwrap();
        assert_eq!(read.get((0, 1)), Some(&Data::Float(7.25)));
        let texts: Vec<String> = (1..=6).map(|row| read.get((row, 0)).unwrap().to_string()).collect();
        assert_eq!(texts, ["=HYPERLINK(\"http://x\")", "+1", "-2", "@SUM(A1)", "Nguyễn Thị Ánh", "ab"]);
        assert!(book.worksheet_formula("Điểm").unwrap().is_empty());
        assert_eq!(read.get((7, 1)).unwrap().to_string().len(), LONGEST);
    }
}

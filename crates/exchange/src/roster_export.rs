//! People written as an XLSX workbook that [`crate::roster::read`] takes back without difference.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::roster::{Gender, PartialPerson, RosterRole};

/// Why a workbook can't be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// More rows than [`crate::roster::MAX_ROWS`]: the file could not be read back.
    #[error("more than {} people in one workbook", crate::roster::MAX_ROWS)]
    TooManyRows,
    /// The writer's own complaint.
    #[error("workbook: {0}")]
    Workbook(#[from] XlsxError),
}

type Cell = fn(&PartialPerson) -> Option<String>;

/// Headings as [`crate::roster`] recognises them, and how each is filled.
const COLUMNS: [(&str, f64, Cell); 17] = [
    ("Mã học sinh", 16.0, |p| p.code.clone()),
    ("Họ và tên", 28.0, |p| p.full_name.clone()),
    ("Ngày sinh", 12.0, |p| p.birth_date.map(|d| format!("{:02}/{:02}/{:04}", d.day(), d.month(), d.year()))),
    ("Giới tính", 10.0, |p| p.gender.map(|g| gender_word(g).to_owned())),
    ("Lớp", 8.0, |p| p.class.clone()),
    ("Số CCCD", 16.0, |p| p.national_id.clone()),
    ("Mã định danh Bộ GD&ĐT", 18.0, |p| p.ministry_id.clone()),
    ("Email", 26.0, |p| p.email.clone()),
    ("Số điện thoại", 14.0, |p| p.phone.clone()),
    ("Tên đăng nhập", 16.0, |p| p.username.clone()),
    ("Vai trò", 14.0, |p| p.role.map(|r| role_word(r).to_owned())),
    ("Họ tên cha", 24.0, |p| p.father.name.clone()),
    ("Số điện thoại cha", 14.0, |p| p.father.phone.clone()),
    ("Họ tên mẹ", 24.0, |p| p.mother.name.clone()),
    ("Số điện thoại mẹ", 14.0, |p| p.mother.phone.clone()),
    ("Họ tên phụ huynh", 24.0, |p| p.guardian.name.clone()),
    ("Số điện thoại phụ huynh", 14.0, |p| p.guardian.phone.clone()),
];

fn gender_word(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "Nam",
        Gender::Female => "Nữ",
    }
}

fn role_word(role: RosterRole) -> &'static str {
    match role {
        RosterRole::Pupil => "Học sinh",
        RosterRole::Teacher => "Giáo viên",
        RosterRole::Reviewer => "Tổ trưởng chuyên môn",
        RosterRole::SchoolHead => "Hiệu trưởng",
        RosterRole::Administrator => "Quản trị viên",
        RosterRole::Parent => "Phụ huynh",
    }
}

/// One sheet of people under a running number. Columns that nobody fills are
/// left out, but for the first five.
///
/// Every cell is text and marked as such (number format `@`), so a name that
/// starts with `=` stays a name in every spreadsheet program.
///
/// # Errors
/// [`ExportError::TooManyRows`] past the reader's own limit.
pub fn write_xlsx(people: &[PartialPerson]) -> Result<Vec<u8>, ExportError> {
    if people.len() > crate::roster::MAX_ROWS {
        return Err(ExportError::TooManyRows);
    }
    let mut workbook = Workbook::new();
    let head = Format::new().set_bold().set_num_format("@");
    let text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet();
    sheet.set_name("Danh sách")?;
    sheet.set_freeze_panes(1, 0)?;
    write_cell(sheet, 0, 0, "STT", &head)?;
    let used: Vec<_> = COLUMNS
        .iter()
        .enumerate()
        .filter(|(index, (_, _, cell))| *index < 5 || people.iter().any(|p| cell(p).is_some()))
        .map(|(_, column)| column)
        .collect();
    for (index, (heading, width, _)) in used.iter().enumerate() {
        let column = u16::try_from(index + 1).unwrap_or(u16::MAX);
        sheet.set_column_width(column, *width)?;
        write_cell(sheet, 0, column, heading, &head)?;
    }
    for (row, person) in people.iter().enumerate() {
        let line = u32::try_from(row + 1).unwrap_or(u32::MAX);
        write_cell(sheet, line, 0, &line.to_string(), &text)?;
        for (index, (_, _, cell)) in used.iter().enumerate() {
            if let Some(value) = cell(person) {
                let column = u16::try_from(index + 1).unwrap_or(u16::MAX);
                write_cell(sheet, line, column, &value, &text)?;
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// `write_string` never makes a formula, whatever the text begins with.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, value: &str, format: &Format) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, column, value, format)?;
    Ok(())
}

//! Lists of people as schools export them: XLSX or CSV, Vietnamese headings in
//! any order and spelling, titles above, one sheet a class.
//!
//! Reading never stops at a faulty row: every row comes back with its problems,
//! so that a preview can show them. All or nothing is the caller's decision:
//! see [`Roster::is_clean`].

mod duplicates;
mod headings;
mod interpret;
mod layout;
mod table;
mod values;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use headings::field_of_heading;
pub use values::{is_national_id, parse_date};

/// Most rows of people in one file.
pub const MAX_ROWS: usize = 20_000;
/// Most columns of one sheet.
pub const MAX_COLUMNS: usize = 100;
/// Most sheets of one workbook.
pub const MAX_SHEETS: usize = 200;
/// Largest file, in bytes.
pub const MAX_BYTES: usize = 20 << 20;
/// Longest cell kept, in characters; longer ones are a problem of their row.
pub const MAX_CELL: usize = 300;

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Running number (STT).
    Ordinal,
    /// Họ và tên.
    FullName,
    /// Họ đệm, where the given name has its own column.
    FamilyNames,
    /// Tên.
    GivenName,
    /// Ngày sinh.
    BirthDate,
    /// Giới tính.
    Gender,
    /// A column "Nữ" with a cross for girls.
    FemaleMark,
    /// A column "Nam" with a cross for boys.
    MaleMark,
    /// Lớp.
    Class,
    /// Mã học sinh, mã giáo viên: the school's own number.
    Code,
    /// Mã định danh of the ministry's register (Bộ GD&ĐT).
    MinistryId,
    /// Số CCCD/ĐDCN, 12 digits.
    NationalId,
    /// E-mail.
    Email,
    /// Telephone of the person.
    Phone,
    /// Tên đăng nhập.
    Username,
    /// Vai trò, chức vụ.
    Role,
    /// Họ tên cha.
    FatherName,
    /// Số điện thoại cha.
    FatherPhone,
    /// Họ tên mẹ.
    MotherName,
    /// Số điện thoại mẹ.
    MotherPhone,
    /// Họ tên phụ huynh or người giám hộ.
    GuardianName,
    /// Số điện thoại phụ huynh.
    GuardianPhone,
    /// Dân tộc: recognised, never kept.
    Ethnicity,
    /// Ghi chú: recognised, never kept.
    Note,
}

/// One column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Sheet it is on.
    pub sheet: String,
    /// The heading as written, white space collapsed.
    pub heading: String,
    /// What it means; `None`: not understood, its cells are not read.
    pub field: Option<Field>,
}

/// Giới tính as the file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gender {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

/// Vai trò as the file says it; a file without such a column says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RosterRole {
    /// Học sinh.
    Pupil,
    /// Giáo viên.
    Teacher,
    /// Tổ trưởng chuyên môn.
    Reviewer,
    /// Hiệu trưởng, phó hiệu trưởng.
    SchoolHead,
    /// Quản trị viên.
    Administrator,
    /// Phụ huynh.
    Parent,
}

/// A relative with an optional telephone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relative {
    /// Full name, NFC, white space collapsed.
    pub name: Option<String>,
    /// Telephone: `0` or `+`, then digits.
    pub phone: Option<String>,
}

/// What one row says of a person; a faulty cell leaves its field empty and a [`Problem`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialPerson {
    /// Họ và tên, NFC, white space collapsed, capitals as typed.
    pub full_name: Option<String>,
    /// Ngày sinh.
    pub birth_date: Option<Date>,
    /// Giới tính.
    pub gender: Option<Gender>,
    /// Lớp: from the row, else from the sheet's title or name.
    pub class: Option<String>,
    /// Mã học sinh, mã giáo viên: digits, Latin letters, `.`, `-`, `_`, `/`.
    pub code: Option<String>,
    /// Mã định danh of the ministry's register, by the same rule.
    pub ministry_id: Option<String>,
    /// Số CCCD: exactly 12 digits.
    pub national_id: Option<String>,
    /// E-mail, lower case.
    pub email: Option<String>,
    /// Telephone: `0` or `+`, then digits.
    pub phone: Option<String>,
    /// Tên đăng nhập, lower case.
    pub username: Option<String>,
    /// Vai trò.
    pub role: Option<RosterRole>,
    /// Cha.
    pub father: Relative,
    /// Mẹ.
    pub mother: Relative,
    /// Phụ huynh or người giám hộ.
    pub guardian: Relative,
}

/// Why a cell, a row or a file can't be taken as it is.
///
/// Codes are stable; the frontend's message catalogue has a text for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// No name in a row that has other data.
    MissingName,
    /// Digits, formulas or other signs that no name has.
    BadName,
    /// No such date, or not a date.
    BadDate,
    /// A date of birth in the future of the file's own dates or before 1900.
    ImplausibleDate,
    /// Neither Nam nor Nữ.
    UnknownGender,
    /// A code with letters or signs that codes don't have, or too long.
    BadCode,
    /// The same code on an earlier row.
    DuplicateCode,
    /// The same identifier of the ministry on an earlier row.
    DuplicateMinistryId,
    /// Not 12 digits.
    BadNationalId,
    /// The same CCCD on an earlier row.
    DuplicateNationalId,
    /// Not an e-mail address.
    BadEmail,
    /// The same e-mail on an earlier row.
    DuplicateEmail,
    /// Not a telephone number.
    BadPhone,
    /// Not a possible user name.
    BadUsername,
    /// The same user name on an earlier row.
    DuplicateUsername,
    /// Not a role we know.
    UnknownRole,
    /// A class name too long or with control signs.
    BadClass,
    /// The same name, birth date and class on an earlier row, without codes to tell them apart.
    DuplicatePerson,
    /// A cell longer than [`MAX_CELL`].
    CellTooLong,
    /// A spreadsheet error value such as #REF!.
    CellError,
    /// No row with recognisable headings; the sheet was skipped.
    NoHeadings,
    /// Headings without a column of names.
    NoNameColumn,
    /// Two columns with the same meaning; the first is read.
    DuplicateColumn,
    /// Headings but not one person below.
    NoRows,
}

impl ProblemCode {
    /// The stable kebab-case word, such as `bad-date`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissingName => "missing-name",
            Self::BadName => "bad-name",
            Self::BadDate => "bad-date",
            Self::ImplausibleDate => "implausible-date",
            Self::UnknownGender => "unknown-gender",
            Self::BadCode => "bad-code",
            Self::DuplicateCode => "duplicate-code",
            Self::DuplicateMinistryId => "duplicate-ministry-id",
            Self::BadNationalId => "bad-national-id",
            Self::DuplicateNationalId => "duplicate-national-id",
            Self::BadEmail => "bad-email",
            Self::DuplicateEmail => "duplicate-email",
            Self::BadPhone => "bad-phone",
            Self::BadUsername => "bad-username",
            Self::DuplicateUsername => "duplicate-username",
            Self::UnknownRole => "unknown-role",
            Self::BadClass => "bad-class",
            Self::DuplicatePerson => "duplicate-person",
            Self::CellTooLong => "cell-too-long",
            Self::CellError => "cell-error",
            Self::NoHeadings => "no-headings",
            Self::NoNameColumn => "no-name-column",
            Self::DuplicateColumn => "duplicate-column",
            Self::NoRows => "no-rows",
        }
    }
}

/// One thing wrong, with the value as found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The column it is about.
    pub field: Option<Field>,
    /// What is wrong.
    pub code: ProblemCode,
    /// The cell's text, cut to 100 characters; for a file-level problem the sheet or heading.
    pub value: String,
}

/// One person's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Row in its sheet, counted from 1 as spreadsheets show it; in CSV the line of the file.
    pub line: u32,
    /// Name of the sheet; empty for CSV.
    pub sheet: String,
    /// What was understood.
    pub person: PartialPerson,
    /// What was not; empty means the row can be taken.
    pub problems: Vec<Problem>,
}

/// A whole file, understood as far as possible.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Columns of every sheet read, left to right.
    pub columns: Vec<Column>,
    /// People, in file order.
    pub rows: Vec<Row>,
    /// Problems of the file or a sheet as a whole.
    pub problems: Vec<Problem>,
}

impl Roster {
    /// Whether every row can be taken and there is at least one. A sheet that
    /// was skipped ([`ProblemCode::NoHeadings`]) or a repeated column is shown
    /// but does not stop an import when other sheets have people.
    pub fn is_clean(&self) -> bool {
        !self.rows.is_empty()
            && self.rows.iter().all(|row| row.problems.is_empty())
            && self
                .problems
                .iter()
                .all(|problem| matches!(problem.code, ProblemCode::NoHeadings | ProblemCode::DuplicateColumn | ProblemCode::NoRows))
    }

    /// Rows with problems.
    pub fn faulty_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.problems.is_empty())
    }
}

/// Why a file can't be read as a list of people at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// No bytes, or no cell with anything in it.
    #[error("the file is empty")]
    Empty,
    /// More than [`MAX_BYTES`], or larger than allowed when unpacked.
    #[error("the file is too large: {0}")]
    TooLarge(String),
    /// More than [`MAX_ROWS`].
    #[error("more than {MAX_ROWS} rows (sheet {sheet}, row {line})")]
    TooManyRows {
        /// Sheet the limit was passed on.
        sheet: String,
        /// Row the limit was passed on.
        line: u32,
    },
    /// Locked with a password.
    #[error("the workbook is locked with a password")]
    Encrypted,
    /// Excel 97–2003 and other things that are neither XLSX nor text.
    #[error("neither an XLSX workbook nor a CSV text: {0:?}")]
    UnknownKind(crate::kind::FileKind),
    /// An XLSX that can't be read; the text says where.
    #[error("the workbook is damaged: {0}")]
    Damaged(String),
}

impl RosterError {
    /// The stable kebab-case word for messages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge(_) => "too-large",
            Self::TooManyRows { .. } => "too-many-rows",
            Self::Encrypted => "encrypted",
            Self::UnknownKind(_) => "unknown-kind",
            Self::Damaged(_) => "damaged",
        }
    }
}

/// Reads a list of people. The kind is told from the bytes.
///
/// # Errors
/// Only when nothing can be shown to the user; faulty rows are in the [`Roster`].
pub fn read(bytes: &[u8]) -> Result<Roster, RosterError> {
    let tables = table::read_tables(bytes)?;
    interpret::interpret(&tables)
}

//! Questions in a spreadsheet: a row each, columns named in Vietnamese or English. Sheets of keys by
//! mã đề are read too, and the template that teachers download is made here.

mod answers;
mod figures;
mod gaps;
mod grid;
mod headings;
mod keys;
mod markup;
mod paper;
mod row;
mod template;
mod write;

pub use keys::KeyTable;
pub use template::template;
pub use write::write;

use crate::document::Document;
use crate::error::ReadError;
use crate::model::{Address, Entry, Key, Paper, Passage};
use crate::package::tell_missing_key;
use crate::rich::Rich;
use crate::roman;
use figures::Figures;
use grid::{Grid, Workbook};
use headings::Column;
use row::Row;

/// Rows looked through for the headings.
const HEAD: usize = 40;

/// Reads a workbook of questions. A sheet of keys in it fills in what the questions do not say, where
/// there is one version only. A workbook without such headings is read as any other paper is.
///
/// # Errors
/// [`ReadError`] where there is no question in it.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    read_with_document(bytes).map(|(paper, _)| paper)
}

/// The same, with how the sheets look.
///
/// # Errors
/// [`ReadError`] where there is no question in it.
pub fn read_with_document(bytes: &[u8]) -> Result<(Paper, Document), ReadError> {
    let Workbook { grids } = grid::workbook(bytes)?;
    let mut paper = Paper::default();
    let (figures, mut lost) = figures::read(bytes, &mut paper);
    let document = paper::document(&grids, &figures);
    for grid in &grids {
        lost += questions(grid, &figures, &mut paper);
    }
    let tables: Vec<KeyTable> = grids.iter().flat_map(keys::tables).collect();
    if paper.questions.is_empty() && tables.is_empty() {
        paper = Paper { media: std::mem::take(&mut paper.media), ..Paper::default() };
        crate::layout::interpret(&document, &mut paper);
    }
    if paper.questions.is_empty() {
        return Err(match tables.as_slice() {
            [] => ReadError::new(
                "no-questions",
                "Không tìm thấy câu hỏi nào trong bảng tính: cần một dòng tiêu đề có cột “Câu hỏi” và các cột A, B, C, D, “Đáp án”. Hãy dùng tệp mẫu.",
            ),
            _ => ReadError::new(
                "only-keys",
                "Bảng tính này chỉ có đáp án theo mã đề, không có câu hỏi. Hãy nhập tệp đề trước rồi thêm đáp án.",
            ),
        });
    }
    if let [only] = tables.as_slice() {
        only.apply(&mut paper);
    }
    crate::bare::to_formulas(&mut paper);
    if lost > 0 {
        let message =
            format!("Bảng tính có {lost} hình không thuộc câu hỏi nào hoặc không đọc được. Hãy thêm hình vào câu hỏi sau khi nhập.");
        paper.note(Entry::error("picture-lost", message).with("count", lost));
    }
    Ok((paper, document))
}

/// Reads a workbook of keys: the first row names the versions, column A the questions.
///
/// # Errors
/// [`ReadError`] where there is none in it.
pub fn read_keys(bytes: &[u8]) -> Result<Vec<KeyTable>, ReadError> {
    let tables: Vec<KeyTable> = grid::workbook(bytes)?.grids.iter().flat_map(keys::tables).collect();
    if tables.is_empty() {
        return Err(ReadError::new("no-keys", "Không tìm thấy bảng đáp án: dòng đầu cần ghi các mã đề, cột A ghi số câu."));
    }
    Ok(tables)
}

/// Reads a sheet's questions; how many of its pictures belong to none of them is returned.
fn questions(grid: &Grid, figures: &Figures, paper: &mut Paper) -> usize {
    let found = grid.rows.iter().take(HEAD).enumerate().find_map(|(at, (_, row))| Some((at, headings::columns(row)?)));
    let Some((at, columns)) = found else { return 0 };
    let mut placed = 0;
    if grid.cut {
        paper.note(
            Entry::warning("sheet-cut", format!("Trang “{}” quá dài hoặc quá rộng, phần cuối không được đọc.", grid.name))
                .with("sheet", &grid.name),
        );
    }
    let unread: Vec<&str> = grid
        .rows
        .get(at)
        .into_iter()
        .flat_map(|(_, row)| row.iter().zip(&columns))
        .filter(|(cell, column)| column.is_none() && !cell.text.is_empty())
        .map(|(cell, _)| cell.text.as_str())
        .collect();
    if !unread.is_empty() {
        let names = unread.join(", ");
        paper.note(
            Entry::info("sheet-column-unread", format!("Các cột không dùng đến của trang “{}”: {names}.", grid.name)).with("names", names),
        );
    }
    let (mut part, mut next) = (None, 1_u32);
    let rows = grid.rows.get(at + 1..).unwrap_or_default();
    for (index, (number, cells)) in rows.iter().enumerate() {
        // A picture may reach over rows that are empty but for it.
        let below = rows.get(index + 1).map_or(u32::MAX, |(below, _)| *below);
        let own = figures.between(&grid.name, *number, below);
        let mut row = Row { columns: &columns, cells, figures: &own, address: Address { paragraph: Some(*number), ..Address::default() } };
        let filled = cells.iter().filter(|cell| !cell.text.is_empty()).count();
        if let Some(own) = part_of(row.text(Column::Part)).or_else(|| row.text(Column::Part).trim().parse().ok()) {
            if part != Some(own) {
                (part, next) = (Some(own), 1);
            }
        } else if filled == 1
            && let Some(own) = cells.iter().find_map(|cell| part_of(&cell.text))
        {
            (part, next) = (Some(own), 1);
            continue;
        }
        let given: Option<u32> =
            row.text(Column::Number).trim_start_matches(|letter: char| !letter.is_ascii_digit()).trim_end_matches(['.', ':']).parse().ok();
        row.address = Address { part, number: Some(given.unwrap_or(next)), paragraph: Some(*number) };
        if row.text(Column::Stem).is_empty() {
            tell_row(&row, filled, paper);
            continue;
        }
        let mut question = row::question(&row, paper);
        question.address = row.address;
        placed += own.len();
        next = row.address.number.unwrap_or(next).saturating_add(1);
        question.settle_key();
        if question.key == Key::Missing {
            tell_missing_key(&question, paper);
        }
        paper.questions.push(question);
    }
    let first = rows.first().map_or(u32::MAX, |(number, _)| *number);
    figures.between(&grid.name, first, u32::MAX).len().saturating_sub(placed)
}

/// A row without a question that still says something.
fn tell_row(row: &Row<'_>, filled: usize, paper: &mut Paper) {
    let said = filled > usize::from(!row.text(Column::Number).is_empty()) + usize::from(!row.text(Column::Part).is_empty());
    if said {
        paper.note(
            Entry::warning(
                "sheet-row-skipped",
                format!("Dòng {} không có nội dung ở cột câu hỏi nên bị bỏ qua.", row.address.paragraph.unwrap_or_default()),
            )
            .at(row.address),
        );
    }
}

/// A passage's id; the same text is kept once.
fn passage(content: Rich, paper: &mut Paper) -> String {
    if let Some(same) = paper.passages.iter().rev().take(200).find(|passage| passage.content == content) {
        return same.id.clone();
    }
    let id = format!("p{}", paper.passages.len() + 1);
    paper.passages.push(Passage { id: id.clone(), content });
    id
}

/// `I`, `PHẦN II`, `Part 3`: the number of a part.
fn part_of(text: &str) -> Option<u32> {
    let folded = exchange::vietnamese::fold(text.trim());
    let named = folded.strip_prefix("phan ").or_else(|| folded.strip_prefix("part "));
    let word: String = named.unwrap_or(&folded).chars().take_while(char::is_ascii_alphanumeric).collect();
    if named.is_none() && word.len() != folded.trim_end_matches(['.', ':']).len() {
        return None;
    }
    roman::read(&word.to_ascii_uppercase(), 6).or_else(|| named.and_then(|_| word.parse().ok()).filter(|part| (1..=20).contains(part)))
}

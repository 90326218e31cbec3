//! Writes questions as a workbook that [`super::read`] takes back.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::answers::escaped;
use super::gaps;
use super::headings::{Column, NAMES};
use super::markup::{self, Lost};
use crate::error::{WriteError, Written};
use crate::model::{Entry, Exact, Key, Paper, Question, QuestionType};
use crate::package::label;
use crate::rich::Rich;

/// What Excel lets a cell hold.
const LONGEST: usize = 32_767;
/// Columns that are there even when nobody fills them.
const ALWAYS: [Column; 9] = [
    Column::Number,
    Column::Part,
    Column::Kind,
    Column::Stem,
    Column::Key,
    Column::Points,
    Column::Level,
    Column::Explanation,
    Column::Topic,
];

/// What types are called in the sheet.
/// The words of the screen too (`questions.type_…`), so that nobody learns two.
pub(super) fn kind_word(kind: QuestionType) -> &'static str {
    match kind {
        QuestionType::SingleChoice => "Một lựa chọn",
        QuestionType::MultipleChoice => "Nhiều đáp án",
        QuestionType::TrueFalse => "Đúng – Sai",
        QuestionType::ShortAnswer => "Trả lời ngắn",
        QuestionType::Numeric => "Số có sai số",
        QuestionType::Matching => "Ghép cặp",
        QuestionType::Ordering => "Sắp thứ tự",
        QuestionType::Cloze => "Điền chỗ trống",
        QuestionType::Essay => "Tự luận",
        QuestionType::Description => "Văn bản (không hỏi)",
    }
}

/// Writes a workbook.
///
/// # Errors
/// Only what writing a workbook into memory may say.
pub fn write(paper: &Paper) -> Result<Written, WriteError> {
    let mut report = Vec::new();
    let rows: Vec<Vec<(Column, String)>> =
        paper.questions.iter().enumerate().map(|(at, question)| cells(at, question, paper, &mut report)).collect();
    let options = rows.iter().flatten().filter_map(|(column, _)| if let Column::Option(at) = column { Some(at + 1) } else { None }).max();
    let columns = columns(options.unwrap_or_default().max(4), &rows);
    let bytes = workbook(&columns, &rows).map_err(|error| WriteError(format!("Không tạo được bảng tính: {error}")))?;
    Ok(Written { bytes, report })
}

/// Columns in order: the options stand behind the question.
pub(super) fn columns(options: usize, rows: &[Vec<(Column, String)>]) -> Vec<Column> {
    let used = |column: &Column| ALWAYS.contains(column) || rows.iter().flatten().any(|(own, text)| own == column && !text.is_empty());
    let mut out = Vec::new();
    for (column, _) in NAMES {
        if used(&column) {
            out.push(column);
        }
        if column == Column::Stem {
            out.extend((0..options).map(Column::Option));
        }
    }
    out
}

/// A column's heading.
pub(super) fn heading(column: Column) -> String {
    match column {
        Column::Option(at) => label(at),
        other => NAMES
            .iter()
            .find(|(own, _)| *own == other)
            .and_then(|(_, names)| names.first())
            .map(|name| (*name).to_owned())
            .unwrap_or_default(),
    }
}

pub(super) fn new_workbook() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    // The same questions give the same bytes.
    let properties = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?);
    book.set_properties(&properties);
    Ok(book)
}

fn workbook(columns: &[Column], rows: &[Vec<(Column, String)>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = new_workbook()?;
    let sheet = book.add_worksheet();
    sheet.set_name("Câu hỏi")?;
    fill(sheet, columns, rows)?;
    book.save_to_buffer()
}

/// Headings and rows; every cell is text, so that `=1` stays what it is and `1/2` is no date.
pub(super) fn fill(sheet: &mut Worksheet, columns: &[Column], rows: &[Vec<(Column, String)>]) -> Result<(), XlsxError> {
    let head = Format::new().set_bold().set_num_format("@").set_align(FormatAlign::Top);
    let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_freeze_panes(1, 0)?;
    for (at, column) in columns.iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        sheet.write_string_with_format(0, at, heading(*column), &head)?;
        sheet.set_column_format(at, &text)?;
        let width = match column {
            Column::Stem | Column::Explanation | Column::Passage | Column::Rubric => 48.0,
            Column::Option(_) => 22.0,
            Column::Kind | Column::Topic | Column::Key | Column::Tags => 16.0,
            _ => 9.0,
        };
        sheet.set_column_width(at, width)?;
    }
    for (at, row) in rows.iter().enumerate() {
        let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
        for (column, value) in row.iter().filter(|(_, value)| !value.is_empty()) {
            if let Some(place) = columns.iter().position(|own| own == column) {
                sheet.write_string_with_format(line, u16::try_from(place).unwrap_or(u16::MAX), value, &text)?;
            }
        }
    }
    Ok(())
}

/// A question's cells.
fn cells(at: usize, question: &Question, paper: &Paper, report: &mut Vec<Entry>) -> Vec<(Column, String)> {
    let mut lost = Lost::default();
    let mut out = vec![
        (Column::Number, question.address.number.map_or_else(|| (at + 1).to_string(), |number| number.to_string())),
        (Column::Part, question.address.part.map(|part| part.to_string()).unwrap_or_default()),
        (Column::Kind, kind_word(question.kind).to_owned()),
        (Column::Stem, markup::cell(&question.stem, &mut lost)),
    ];
    if question.stem.is_empty() {
        // A row without a question is none.
        report.push(Entry::error("stem-empty", "Câu hỏi không có nội dung nên không đọc lại được từ bảng tính.").at(question.address));
    }
    out.extend(option_cells(question, &mut lost).into_iter().enumerate().map(|(at, text)| (Column::Option(at), text)));
    out.push((Column::Key, key(question)));
    let mut rich = |column, text: Option<&Rich>| (column, text.map(|text| markup::cell(text, &mut lost)).unwrap_or_default());
    out.push(rich(Column::Explanation, question.explanation.as_ref()));
    out.push(rich(Column::Rubric, question.rubric.as_ref()));
    for (column, occasion) in [(Column::Correct, "correct"), (Column::Partial, "partial"), (Column::Incorrect, "incorrect")] {
        out.push(rich(column, question.feedback.get(occasion)));
    }
    let passage = question.passage.as_ref().and_then(|id| paper.passages.iter().find(|passage| passage.id == *id));
    out.push(rich(Column::Passage, passage.map(|passage| &passage.content)));
    let hints: Vec<String> = question.hints.iter().map(|hint| markup::cell(hint, &mut lost)).collect();
    out.push((Column::Hints, hints.join("\n---\n")));
    out.extend(plain_cells(question));
    tell_losses(question, lost, report);
    for (_, text) in &mut out {
        if text.encode_utf16().count() > LONGEST {
            *text = text.chars().take(LONGEST / 2).collect();
            report.push(Entry::error("cell-too-long", "Một ô dài hơn giới hạn của Excel nên bị cắt bớt.").at(question.address));
        }
    }
    out
}

fn option_cells(question: &Question, lost: &mut Lost) -> Vec<String> {
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => {
            question.options.iter().map(|option| markup::cell(&option.content, lost)).collect()
        }
        QuestionType::TrueFalse => question.statements.iter().map(|statement| markup::cell(&statement.content, lost)).collect(),
        QuestionType::Matching => {
            question.pairs.iter().map(|pair| format!("{} => {}", markup::cell(&pair.left, lost), markup::cell(&pair.right, lost))).collect()
        }
        QuestionType::Ordering => question.items.iter().map(|item| markup::cell(item, lost)).collect(),
        QuestionType::Cloze => question.blanks.iter().map(|blank| gaps::cell(blank, lost)).collect(),
        _ => Vec::new(),
    }
}

fn key(question: &Question) -> String {
    let letters = || {
        question
            .options
            .iter()
            .enumerate()
            .filter(|(_, option)| option.correct == Some(true))
            .map(|(at, _)| label(at))
            .collect::<Vec<_>>()
            .join(",")
    };
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => letters(),
        QuestionType::TrueFalse if question.statements.iter().all(|statement| statement.correct.is_none()) => String::new(),
        QuestionType::TrueFalse => {
            let letter = |correct| match correct {
                Some(true) => "Đ",
                Some(false) => "S",
                None => "?",
            };
            question.statements.iter().map(|statement| letter(statement.correct)).collect()
        }
        QuestionType::ShortAnswer => question.answers.iter().map(|answer| escaped(&answer.text)).collect::<Vec<_>>().join("|"),
        QuestionType::Numeric => question.answers.iter().map(gaps::value).collect::<Vec<_>>().join("|"),
        _ => String::new(),
    }
}

fn plain_cells(question: &Question) -> Vec<(Column, String)> {
    let yes = |value: Option<bool>| value.map(|value| if value { "Có" } else { "Không" }.to_owned()).unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let tolerances: Vec<String> =
        question.answers.iter().map(|answer| answer.tolerance.map(|own| own.to_string()).unwrap_or_default()).collect();
    let tolerance = if tolerances.iter().all(String::is_empty) { String::new() } else { tolerances.join("|") };
    let pinned: Vec<String> = question.options.iter().enumerate().filter(|(_, option)| option.pinned).map(|(at, _)| label(at)).collect();
    vec![
        (Column::Tolerance, if question.kind == QuestionType::Numeric { tolerance } else { String::new() }),
        (Column::Points, question.points.map(|points: Exact| points.to_string()).unwrap_or_default()),
        (Column::Level, question.level.map(|level| level.word().to_owned()).unwrap_or_default()),
        (Column::Topic, text(&question.category)),
        (Column::Tags, question.tags.join("; ")),
        (Column::Title, text(&question.title)),
        (Column::Source, text(&question.source)),
        (Column::Requirement, text(&question.requirement)),
        (Column::Language, text(&question.language)),
        (Column::Pinned, pinned.join(",")),
        (Column::Shuffle, yes(question.shuffle)),
        (Column::Case, yes(question.case_sensitive)),
        (Column::Id, text(&question.external_id)),
    ]
}

/// What a sheet cannot hold.
fn tell_losses(question: &Question, lost: Lost, report: &mut Vec<Entry>) {
    let mut tell = |code: &str, message: &str| report.push(Entry::warning(code, message).at(question.address));
    if lost.media {
        tell(
            "media-not-written",
            "Hình và âm thanh của câu hỏi không ghi vào bảng tính được. Hãy xuất ra Word, QTI hoặc Moodle XML để giữ hình.",
        );
    }
    if lost.layout {
        tell("layout-not-written", "Bảng, danh sách hoặc liên kết trong câu hỏi được ghi thành chữ thường.");
    }
    let blank_options = question.blanks.iter().flat_map(|blank| &blank.options);
    let blank_answers = question.blanks.iter().flat_map(|blank| &blank.answers);
    let mut options = question.options.iter().chain(blank_options);
    let mut answers = question.answers.iter().chain(blank_answers);
    if options.any(|option| option.credit.is_some_and(|credit| credit != Exact::from(i64::from(option.correct == Some(true)))))
        || answers.any(|answer| answer.credit.is_some_and(|credit| credit != Exact::ONE))
        || question.blanks.iter().any(|blank| blank.points.is_some())
    {
        tell("credit-not-written", "Tỉ lệ điểm riêng của từng phương án hoặc chỗ trống không ghi vào bảng tính được.");
    }
    let has_own = question.options.iter().any(|option| option.feedback.is_some())
        || question.statements.iter().any(|statement| statement.feedback.is_some())
        || question.answers.iter().any(|answer| answer.feedback.is_some())
        || question.feedback.keys().any(|occasion| !matches!(occasion.as_str(), "correct" | "partial" | "incorrect"));
    if has_own {
        tell("feedback-not-written", "Phản hồi riêng của từng phương án không ghi vào bảng tính được.");
    }
    if question.statements.iter().any(|statement| statement.level.is_some()) {
        tell("statement-level-not-written", "Mức độ của từng ý Đúng/Sai không ghi vào bảng tính được.");
    }
    if question.key == Key::Missing && question.options.iter().any(|option| option.correct.is_some()) {
        tell("key-partly-written", "Đáp án của câu hỏi chưa đủ.");
    }
}

//! Sheets of keys: a column for each version of a test (mã đề), a row for each question.

use std::collections::{HashMap, HashSet};

use super::answers::{KeyShape, lone, shape, variants};
use super::grid::{Cell, CellKind, Grid};
use crate::model::{Address, Entry, Key, Paper, Question, QuestionType};
use crate::roman;

/// The key of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyTable {
    /// Its mã đề, as written.
    pub code: String,
    /// Keys in the order of the sheet, each with its part and number.
    pub keys: Vec<(Address, String)>,
}

/// The key tables of a sheet; none where it is something else.
pub(super) fn tables(grid: &Grid) -> Vec<KeyTable> {
    let heading = grid.rows.iter().take(20).position(|(_, row)| codes(row).is_some());
    let Some((at, codes)) = heading.and_then(|at| Some((at, codes(&grid.rows.get(at)?.1)?))) else { return Vec::new() };
    let mut tables: Vec<KeyTable> = codes.iter().map(|(_, code)| KeyTable { code: code.clone(), keys: Vec::new() }).collect();
    let (mut part, mut last) = (1_u32, 0_u32);
    for (number, row) in grid.rows.iter().skip(at + 1) {
        let first = row.first().map(|cell| cell.text.as_str()).unwrap_or_default();
        let Some((own_part, question)) = numbered(first) else {
            if let Some(named) = super::part_of(first) {
                (part, last) = (named, 0);
            }
            continue;
        };
        match own_part {
            Some(own) => part = own,
            // Numbers that start again are those of the next part.
            None if question <= last && question == 1 => part = part.saturating_add(1),
            None => {}
        }
        last = question;
        let address = Address { part: Some(part), number: Some(question), paragraph: Some(*number) };
        for ((column, _), table) in codes.iter().zip(&mut tables) {
            if let Some(cell) = row.get(*column).filter(|cell| !cell.text.is_empty()) {
                let text = if cell.kind == CellKind::Number { cell.text.replace('.', ",") } else { cell.text.clone() };
                table.keys.push((address, text));
            }
        }
    }
    tables.retain(|table| !table.keys.is_empty());
    tables
}

/// Columns and codes of a heading: a word for the question, then numbers of three or four digits.
fn codes(row: &[Cell]) -> Option<Vec<(usize, String)>> {
    let first = exchange::vietnamese::fold(&row.first().map(|cell| cell.text.clone()).unwrap_or_default());
    let named = first.is_empty() || ["cau", "ma de", "stt", "de", "question", "so"].iter().any(|word| first.contains(word));
    let codes: Vec<(usize, String)> = row
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(at, cell)| {
            let words: Vec<&str> = cell.text.split_whitespace().collect();
            let code = words.last()?.trim_matches([':', '.']);
            let is_code = (2..=6).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
            is_code.then(|| (at, code.to_owned()))
        })
        .collect();
    (named && !codes.is_empty()).then_some(codes)
}

/// `12`, `Câu 12`, `II.3`, `2.3`.
fn numbered(text: &str) -> Option<(Option<u32>, u32)> {
    let folded = exchange::vietnamese::fold(text.trim());
    let text = folded.trim_start_matches("cau").trim().trim_end_matches(['.', ':', ')']);
    if let Ok(number) = text.parse::<u32>() {
        return Some((None, number)).filter(|(_, number)| (1..=500).contains(number));
    }
    let (part, number) = text.split_once(['.', '-', ' '])?;
    let part = roman::read(&part.to_ascii_uppercase(), 4).or_else(|| part.parse().ok())?;
    Some((Some(part), number.trim().parse().ok().filter(|number| (1..=500).contains(number))?))
}

impl KeyTable {
    /// Puts these keys on questions that have none, by part and number. A key that a question has
    /// already and that says otherwise is told about and left.
    pub fn apply(&self, paper: &mut Paper) {
        let mut report = Vec::new();
        let mut places: HashMap<(Option<u32>, Option<u32>), usize> = HashMap::new();
        for (at, question) in paper.questions.iter().enumerate() {
            places.entry((question.address.part, question.address.number)).or_insert(at);
        }
        for (address, key) in &self.keys {
            // A paper without parts has one row of numbers.
            let place = places.get(&(address.part, address.number)).or_else(|| places.get(&(None, address.number)));
            let Some(question) = place.and_then(|at| paper.questions.get_mut(*at)) else {
                report.push(
                    Entry::warning(
                        "key-without-question",
                        format!("Bảng đáp án có câu {} nhưng đề không có câu này.", address.number.unwrap_or_default()),
                    )
                    .at(*address),
                );
                continue;
            };
            if question.key != Key::Missing {
                continue;
            }
            if !put(question, key) {
                report.push(
                    Entry::warning("sheet-key-unread", format!("Không hiểu đáp án “{key}” của câu hỏi. Hãy chọn lại đáp án."))
                        .with("text", key)
                        .at(question.address),
                );
            }
            question.settle_key();
        }
        paper.report.extend(report);
        let addresses: HashSet<Address> =
            paper.questions.iter().filter(|question| question.key != Key::Missing).map(|question| question.address).collect();
        paper.report.retain(|entry| entry.code != "key-missing" || !entry.address.is_some_and(|address| addresses.contains(&address)));
    }
}

fn put(question: &mut Question, key: &str) -> bool {
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => match shape(key, question.options.len()) {
            KeyShape::Options(places) if !places.is_empty() => {
                question.options.iter_mut().enumerate().for_each(|(at, option)| option.correct = Some(places.contains(&at)));
                true
            }
            _ => false,
        },
        QuestionType::TrueFalse => match (shape(key, question.statements.len()), question.statements.as_mut_slice()) {
            (KeyShape::Statements(said), statements) => {
                statements.iter_mut().zip(said).for_each(|(statement, said)| statement.correct = said);
                true
            }
            (_, [only]) => {
                only.correct = lone(key);
                only.correct.is_some()
            }
            _ => false,
        },
        QuestionType::ShortAnswer | QuestionType::Numeric => {
            question.answers = variants(key);
            !question.answers.is_empty()
        }
        _ => false,
    }
}

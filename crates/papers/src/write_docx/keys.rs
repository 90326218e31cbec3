//! After `HẾT`: the key in tables, a part at a time, and the solutions by number.

use super::body::{Body, Place, RunLook};
use super::order::Part;
use super::{choices, question};
use crate::model::{Question, QuestionType};
use crate::rich::{Block, Cell, CellKind, Inline, Marks, Rich};
use crate::roman;

/// Questions in one row of a table.
const IN_A_ROW: usize = 10;

pub(super) fn after_end(body: &mut Body<'_>, parts: &[Part<'_>]) {
    body.xml.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
    body.centred("ĐÁP ÁN");
    for (at, part) in parts.iter().enumerate() {
        heading(body, part, at);
        tables(body, part);
    }
    let solved = |part: &&Part<'_>| part.questions.iter().any(|(_, question)| has_solution(question));
    if parts.iter().any(|part| solved(&part)) {
        body.centred("HƯỚNG DẪN GIẢI CHI TIẾT");
    }
    for (at, part) in parts.iter().enumerate().filter(|(_, part)| solved(part)) {
        heading(body, part, at);
        for (number, question) in part.questions.iter().filter(|(_, question)| has_solution(question)) {
            body.address = Some(question.address);
            body.line(&format!("Câu {number}."), RunLook::BOLD);
            question::solution(body, question);
        }
        body.address = None;
    }
}

fn has_solution(question: &Question) -> bool {
    [&question.explanation, &question.rubric].into_iter().flatten().any(|rich| !rich.is_empty())
        || super::losses::key_in_words(question).is_some()
}

fn heading(body: &mut Body<'_>, part: &Part<'_>, at: usize) {
    if let Some(heading) = &part.heading {
        let number =
            heading.split('.').next().map_or_else(|| format!("PHẦN {}", roman::write(u32::try_from(at + 1).unwrap_or(1))), str::to_owned);
        body.line(&number, RunLook::BOLD);
    }
}

fn tables(body: &mut Body<'_>, part: &Part<'_>) {
    let kind = part.questions.first().map(|(_, question)| question.kind);
    let rows = match kind {
        Some(QuestionType::TrueFalse) => return truths(body, part),
        Some(QuestionType::ShortAnswer | QuestionType::Numeric) => short(part),
        Some(QuestionType::SingleChoice | QuestionType::MultipleChoice) => letters(part),
        _ => return,
    };
    for rows in rows {
        show(body, rows);
    }
}

fn show(body: &mut Body<'_>, rows: Vec<Vec<Cell>>) {
    body.rich(&Rich { blocks: vec![Block::Table(rows)] }, Place::Plain);
}

fn cell(text: impl Into<String>, kind: CellKind) -> Cell {
    let text: String = text.into();
    let marks = Marks { bold: kind == CellKind::Heading, ..Marks::default() };
    let content = if text.is_empty() { Rich::default() } else { Rich::paragraph(vec![Inline::Text(text, marks)]) };
    Cell { content, kind, columns: 1, rows: 1 }
}

fn across(head: &str, below: &str, pairs: &[(u32, String)]) -> Vec<Vec<Cell>> {
    let mut top = vec![cell(head, CellKind::Heading)];
    let mut bottom = vec![cell(below, CellKind::Heading)];
    for (number, key) in pairs {
        top.push(cell(number.to_string(), CellKind::Heading));
        bottom.push(cell(key.clone(), CellKind::Data));
    }
    vec![top, bottom]
}

fn letters(part: &Part<'_>) -> Vec<Vec<Vec<Cell>>> {
    let key = |question: &Question| {
        let right = question.options.iter().enumerate().filter(|(_, option)| option.correct == Some(true));
        right.map(|(at, _)| choices::letter(at)).collect::<Vec<_>>().join(", ")
    };
    let pairs: Vec<(u32, String)> = part.questions.iter().map(|(number, question)| (*number, key(question))).collect();
    pairs.chunks(IN_A_ROW).map(|block| across("Câu", "Đáp án", block)).collect()
}

/// Short answers stand in a column: they may be long.
fn short(part: &Part<'_>) -> Vec<Vec<Vec<Cell>>> {
    let mut rows = vec![vec![cell("Câu", CellKind::Heading), cell("Đáp án", CellKind::Heading)]];
    for (number, question) in &part.questions {
        rows.push(vec![cell(number.to_string(), CellKind::Data), cell(question::answers(question).unwrap_or_default(), CellKind::Data)]);
    }
    vec![rows]
}

/// `Câu | a | b | c | d`, a row for each question.
fn truths(body: &mut Body<'_>, part: &Part<'_>) {
    let most = part.questions.iter().map(|(_, question)| question.statements.len()).max().unwrap_or(0);
    let mut rows = vec![vec![cell("Câu", CellKind::Heading)]];
    if let Some(head) = rows.first_mut() {
        head.extend((0..most).map(|at| cell(choices::letter(at).to_lowercase(), CellKind::Heading)));
    }
    for (number, question) in &part.questions {
        let mut row = vec![cell(number.to_string(), CellKind::Data)];
        for at in 0..most {
            let truth = question.statements.get(at).and_then(|statement| statement.correct);
            row.push(cell(truth.map_or("", |truth| if truth { "Đ" } else { "S" }), CellKind::Data));
        }
        rows.push(row);
    }
    show(body, rows);
}

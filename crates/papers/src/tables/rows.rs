//! A block of rows for each question: labels in the first column (`Câu 1`, `A`, `Đáp án`), what they
//! say in the second, sometimes ticks in the third.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Look, Table};
use crate::layout::keys::plain_of;
use crate::layout::pattern;

use super::{Unfolded, labelled, line, number_of, text_of};

static QUESTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:cau(?: hoi)?|question|qn|q)?\s*[=.]?\s*(\d{1,4})\s*[.:)]?\s*$"));
static OPTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*([A-Ha-h])\s*[.):]?\s*$"));
static KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:dap an(?: dung)?|answer|key|correct(?: answer)?|dap so)\s*[:.]?\s*$"));
static EXPLANATION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:loi giai|giai thich|huong dan(?: giai)?|explanation|solution|feedback)\s*[:.]?\s*$"));
static OTHER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:mark|unit|mix choices|muc do|level|points?|diem|chu de|type|loai)\s*[:.]?\s*$"));

/// Whether the first column holds labels of a question's parts.
pub(crate) fn is_block_table(table: &Table) -> bool {
    if table.rows.len() < 3 || table.rows.iter().any(|row| row.len() > 4) {
        return false;
    }
    let heads: Vec<String> = table.rows.iter().filter_map(|row| row.first()).map(|cell| plain_of(&text_of(cell))).collect();
    let count = |pattern: &Regex| heads.iter().filter(|head| pattern.is_match(head)).count();
    let (questions, options) = (count(&QUESTION), count(&OPTION));
    let known = questions + options + count(&KEY) + count(&EXPLANATION) + count(&OTHER);
    let first = heads.iter().find(|head| !head.trim().is_empty()).is_some_and(|head| QUESTION.is_match(head));
    let worded = table.rows.iter().filter_map(|row| row.get(1)).any(|cell| text_of(cell).chars().count() > 12);
    first && questions >= 1 && options >= 2 && known * 10 >= heads.len() * 8 && (worded || options >= questions * 3)
}

/// Writes a table's questions as lines.
pub(crate) fn unfold(table: &Table, out: &mut Unfolded) {
    for row in &table.rows {
        let Some((head, rest)) = row.split_first() else { continue };
        let label = plain_of(&text_of(head));
        let Some(body) = rest.first() else {
            out.document.blocks.extend(head.blocks.iter().cloned());
            continue;
        };
        let ticked = rest.get(1).is_some_and(|cell| is_tick(&text_of(cell)));
        let blocks = &mut out.document.blocks;
        let look = look_of(head);
        if let Some(found) = QUESTION.captures(&label).and_then(|found| found.get(1)) {
            labelled(&format!("Câu {}.", found.as_str()), Look::default(), body, blocks);
        } else if let Some(found) = OPTION.captures(&label).and_then(|found| found.get(1)) {
            let star = if ticked { "*" } else { "" };
            labelled(&format!("{star}{}.", found.as_str().to_ascii_uppercase()), look, body, blocks);
        } else if KEY.is_match(&label) {
            blocks.push(line(format!("Đáp án: {}", text_of(body).trim()), number_of(body)));
        } else if EXPLANATION.is_match(&label) {
            blocks.push(line("Lời giải:".to_owned(), number_of(body)));
            blocks.extend(body.blocks.iter().cloned());
        } else if OTHER.is_match(&label) {
            out.left.push(format!("{} {}", text_of(head), text_of(body)));
        } else {
            blocks.extend(head.blocks.iter().chain(&body.blocks).cloned());
        }
        let third = rest.get(1).map(text_of).unwrap_or_default();
        if !third.trim().is_empty() && !ticked {
            out.left.push(third);
        }
    }
}

fn is_tick(text: &str) -> bool {
    matches!(text.trim(), "x" | "X" | "v" | "✓" | "✔" | "√" | "Đúng" | "đúng" | "1" | "True" | "TRUE")
}

fn look_of(cell: &crate::document::TableCell) -> Look {
    cell.blocks
        .iter()
        .find_map(|block| match block {
            crate::document::DocumentBlock::Paragraph(paragraph) => paragraph.parts.iter().find_map(|part| match part {
                crate::document::Part::Text(text, look) if !text.trim().is_empty() => Some(*look),
                _ => None,
            }),
            crate::document::DocumentBlock::Table(_) => None,
        })
        .map(|look| Look { highlighted: look.highlighted || cell.shaded, ..look })
        .unwrap_or(Look { highlighted: cell.shaded, ..Look::default() })
}

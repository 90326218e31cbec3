//! What a question speaks of and does not have: figures, tables, whatever a stem announces.

use std::sync::LazyLock;

use regex::Regex;

use super::doubts::doubt;
use super::signs::pattern;
use crate::model::{Address, Entry, Question};
use crate::rich::{Block, Inline, Rich};

static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:hinh ve|hinh ben|nhu hinh|hinh duoi|hinh sau|hinh tren|hinh \d+|do thi (?:nhu|ben|sau|duoi|o hinh|trong hinh)|co do thi la|so do (?:sau|ben|duoi)|luoc do|bieu do (?:sau|ben|duoi|tren)|bang bien thien|bang (?:sau|ben|so lieu sau|xet dau|duoi day)|(?:picture|figure|diagram|chart|sign|notice)s? (?:below|above|shows?)|following (?:picture|figure|diagram|chart|sign|notice|graph))\b",
    )
});
static TABLE_ENOUGH: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bbang (?:bien thien|sau|ben|so lieu sau|xet dau|duoi day)"));
/// What is announced: `Cho sơ đồ phản ứng sau:`.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^\W*(?:cho|xet|doc|quan sat|tien hanh|thuc hien|co)\b.*|\b(?:dac diem|tinh chat|ket qua|hien tuong|thong tin|du kien|so lieu)\b.{0,40})\b(?:sau|sau day|duoi day|nhu sau)\s*:\s*$",
    )
});
/// The same with the question behind it in one line: `Cho sơ đồ phản ứng sau: Vậy X, Y lần lượt là`.
static ANNOUNCED_AND_ASKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:cho|xet|quan sat|tien hanh|thuc hien)\b[^:.;]*\b(?:sau|sau day|duoi day|nhu sau)\s*:\s*(?:vay|nhu vay|hoi|khi do|tu do)\b[^:;]{1,78}[:?.]?\s*$",
    )
});
/// What asks and announces nothing.
static ASKS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(?:^\W*(?:cho biet|chon)\b|\bnao\b)"));
/// A line that only asks: `Chất X là`.
static LAST_ASKS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(?:\bla|\bgom|\bbang|\?|:)\s*$"));

/// Letters of substances may be told apart by commas: `X, Y, Z lần lượt là`.
static IN_TURN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\W*[A-Z](?:\s*(?:,|va)\s*[A-Z])+\s+lan luot (?:la|gom)\s*:?\s*$"));

/// Tells what seems to have been lost on the way.
pub(super) fn tell(question: &Question, passage: Option<&Rich>, address: Address, report: &mut Vec<Entry>) {
    let text = super::keys::plain_of(&question.stem.to_text());
    let speaks = FIGURE.is_match(&text);
    let mut shown = Shown::default();
    shown.see(&question.stem);
    question.options.iter().for_each(|option| shown.see(&option.content));
    question.statements.iter().for_each(|statement| shown.see(&statement.content));
    if let Some(passage) = passage {
        shown.see(passage);
    }
    let enough = shown.pictures > 0 || TABLE_ENOUGH.is_match(&text) && shown.tables + shown.formulas > 0 || shown.tables > 0;
    if speaks && !enough {
        report.push(doubt("missing-figure", address, "phần dẫn nói đến hình, đồ thị hoặc bảng nhưng không có hình nào. Hãy thêm hình."));
    } else if question.statements.is_empty() && nothing_follows(&question.stem) {
        report.push(doubt(
            "stem-cut",
            address,
            "phần dẫn báo trước một nội dung (“… sau:”) nhưng không có gì theo sau. Hãy đối chiếu với bản gốc và thêm lại phần bị thiếu.",
        ));
    }
}

/// Whether a stem announces something and ends, or goes on with the question alone: what it announced, a
/// drawing mostly, did not come over.
fn nothing_follows(stem: &Rich) -> bool {
    let mut lines: Vec<String> = Vec::new();
    for block in &stem.blocks {
        let Block::Paragraph(inlines) = block else { return false };
        if inlines.iter().any(|inline| !matches!(inline, Inline::Text(..) | Inline::Break)) {
            lines.push(String::new());
            continue;
        }
        let text = Rich::paragraph(inlines.clone()).to_text();
        lines.extend(text.lines().filter(|line| !line.trim().is_empty()).map(super::keys::plain_of));
    }
    if lines.iter().any(|line| ANNOUNCED_AND_ASKS.is_match(line)) {
        return true;
    }
    let Some(at) = lines.iter().position(|line| ANNOUNCED.is_match(line) && !ASKS.is_match(line)) else { return false };
    match lines.get(at + 1..).unwrap_or_default() {
        [] => true,
        [only] if IN_TURN.is_match(only) => true,
        [only] => LAST_ASKS.is_match(only) && only.len() < 80 && !only.contains([',', ';']) && !ANNOUNCED.is_match(only),
        _ => false,
    }
}

#[derive(Default)]
struct Shown {
    pictures: usize,
    tables: usize,
    formulas: usize,
}

impl Shown {
    fn see(&mut self, content: &Rich) {
        self.tables += content.blocks.iter().filter(|block| matches!(block, Block::Table(_))).count();
        content.each_inline(&mut |inline| match inline {
            Inline::Media { .. } => self.pictures += 1,
            Inline::Math { .. } => self.formulas += 1,
            _ => {}
        });
    }
}

//! Tables whose squares name a question and one of its statements: `1a | 1b | 1c | 1d` over `Đ | S | S | Đ`,
//! beside it, or with the truth in the same square.

use std::sync::LazyLock;

use regex::Regex;

use crate::layout::signs::pattern;

use super::KeyEntry;
use super::grid::Square;
use super::value::{Value, truth};

static LETTERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:cau)?\s*(\d{1,2})\s*[.)-]?\s*\(?([a-h])\s*[.)]?\s*(?:[-:=.)]?\s*(dung|sai|true|false|(?-i:[DSTF])))?\s*$")
});

/// A square's question, statement and, where it is in the same square, truth.
fn lettered(square: &Square) -> Option<(u32, char, Option<bool>)> {
    let found = LETTERED.captures(&square.plain)?;
    let letter = found.get(2)?.as_str().to_ascii_lowercase().chars().next()?;
    let said = match found.get(3) {
        Some(word) => Some(truth(&square.text.chars().skip(word.start()).take(word.len()).collect::<String>())?),
        None => None,
    };
    Some((found.get(1)?.as_str().parse().ok()?, letter, said))
}

/// The truths of such a table; none where it is another.
pub(super) fn read(grid: &[Vec<Square>]) -> Vec<KeyEntry> {
    let mut out = Vec::new();
    for (at, row) in grid.iter().enumerate() {
        for (column, square) in row.iter().enumerate().filter(|(_, square)| !square.spread) {
            let Some((number, letter, said)) = lettered(square) else { continue };
            let next = |square: Option<&Square>| square.and_then(|square| truth(&square.text));
            let below = || next(grid.get(at + 1).and_then(|below| below.get(column)));
            let Some(truth) = said.or_else(|| next(row.get(column + 1))).or_else(below) else { return Vec::new() };
            out.push(KeyEntry { part: None, code: None, number, value: Value::Truth(letter, truth), group: 0 });
        }
    }
    // One letter alone may be a code of something else.
    if out.len() >= 4 { out } else { Vec::new() }
}

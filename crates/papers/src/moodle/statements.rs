//! Part II of the papers since 2025: a stem with statements, each true or false. Neither GIFT nor plain
//! Moodle has it; both have matching, where each statement is matched with “Đúng” or “Sai”.

use crate::model::{Pair, Statement};
use crate::rich::Rich;

const TRUE: &str = "Đúng";
const FALSE: &str = "Sai";
const UNSAID: &str = "?";

/// Statements as pairs.
pub(crate) fn to_pairs(statements: &[Statement]) -> Vec<Pair> {
    let word = |correct| match correct {
        Some(true) => TRUE,
        Some(false) => FALSE,
        None => UNSAID,
    };
    statements.iter().map(|statement| Pair { left: statement.content.clone(), right: Rich::plain(word(statement.correct)) }).collect()
}

/// The statements again.
pub(crate) fn from_pairs(pairs: Vec<Pair>) -> Vec<Statement> {
    let said = |word: &str| match word {
        TRUE => Some(true),
        FALSE => Some(false),
        _ => None,
    };
    let statement = |(at, pair): (usize, Pair)| Statement {
        label: statement_label(at),
        correct: said(&pair.right.to_text()),
        content: pair.left,
        ..Statement::default()
    };
    pairs.into_iter().enumerate().map(statement).collect()
}

/// The one statement of a lone true/false question.
pub(crate) fn lone(correct: Option<bool>) -> Statement {
    Statement { label: statement_label(0), correct, ..Statement::default() }
}

/// `a`, `b`, …; numbers past `z`.
pub(crate) fn statement_label(at: usize) -> String {
    letter(at, b'a')
}

/// `A`, `B`, …; numbers past `Z`.
pub(crate) fn option_label(at: usize) -> String {
    letter(at, b'A')
}

fn letter(at: usize, first: u8) -> String {
    match u8::try_from(at) {
        Ok(step) if step < 26 => char::from(first + step).to_string(),
        _ => (at + 1).to_string(),
    }
}

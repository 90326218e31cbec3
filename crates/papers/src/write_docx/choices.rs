//! Options: how many on a line, and how the right ones are marked.

use super::body::{Body, Place, RunLook};
use crate::model::{Choice, Paper, Statement};
use crate::rich::{Block, Inline, Rich};

/// Letters that fit on a line of twelve-point text between the margins.
const LINE: usize = 84;

pub(super) fn options(body: &mut Body<'_>, choices: &[Choice]) {
    let columns = columns(choices);
    let marked = body.shows_key();
    for line in choices.chunks(columns.max(1)).enumerate() {
        let (row, line) = line;
        if columns == 1 {
            for (at, choice) in line.iter().enumerate() {
                body.open(Place::Options(1));
                label(body, &letter(row + at), marked && choice.correct == Some(true));
                body.rich_after_label(&choice.content, Place::Inset);
            }
            continue;
        }
        body.open(Place::Options(u16::try_from(columns).unwrap_or(1)));
        for (at, choice) in line.iter().enumerate() {
            if at > 0 {
                body.tab();
            }
            label(body, &letter(row * columns + at), marked && choice.correct == Some(true));
            if let [Block::Paragraph(inlines)] = choice.content.blocks.as_slice() {
                body.inlines(inlines);
            }
        }
        body.close();
    }
}

fn label(body: &mut Body<'_>, letter: &str, right: bool) {
    body.run(&format!("{letter}."), if right { RunLook::RIGHT } else { RunLook::BOLD });
    body.run(" ", RunLook::default());
}

/// `A`, `B` …; past `Z` the number.
pub(super) fn letter(at: usize) -> String {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or_else(|| (at + 1).to_string(), |at| char::from(b'A' + at).to_string())
}

/// `B` or `A, C`; nothing where no option is right.
pub(super) fn right_letters(choices: &[Choice]) -> Option<String> {
    let right: Vec<String> = right(choices).into_iter().map(letter).collect();
    (!right.is_empty()).then(|| right.join(", "))
}

/// Whether marks on labels alone would leave a doubt: the same letter everywhere looks like a habit of the
/// layout, a few marked questions among many like slips, several marks in one question like both.
pub(super) fn need_words(paper: &Paper) -> bool {
    let asked = paper.questions.iter().filter(|question| !question.options.is_empty());
    let keyed: Vec<Vec<usize>> = asked.clone().map(|question| right(&question.options)).filter(|right| !right.is_empty()).collect();
    let one_letter = keyed.len() > 1 && keyed.windows(2).all(|pair| matches!(pair, [one, other] if one == other));
    one_letter || keyed.iter().any(|right| right.len() > 1) || keyed.len() * 2 < asked.count()
}

fn right(choices: &[Choice]) -> Vec<usize> {
    choices.iter().enumerate().filter(|(_, choice)| choice.correct == Some(true)).map(|(at, _)| at).collect()
}

/// Four, two or one on a line, by the longest.
fn columns(choices: &[Choice]) -> usize {
    let longest = choices.iter().map(|choice| width(&choice.content)).try_fold(0_usize, |most, width| width.map(|width| most.max(width)));
    match (longest, choices.len()) {
        (None, _) => 1,
        (Some(longest), 3..=4) if longest + 4 <= LINE / 4 => 4,
        (Some(longest), 2 | 4 | 5..) if longest + 4 <= LINE / 2 => 2,
        _ => 1,
    }
}

/// Letters an option takes; `None` where it needs lines of its own.
fn width(content: &Rich) -> Option<usize> {
    match content.blocks.as_slice() {
        [] => Some(0),
        [Block::Paragraph(inlines)] => inlines.iter().map(inline_width).sum(),
        _ => None,
    }
}

fn inline_width(inline: &Inline) -> Option<usize> {
    match inline {
        Inline::Text(text, _) => Some(text.chars().count()),
        // Of a command's name only what it draws takes place.
        Inline::Math { latex, .. } if latex.contains("\\begin") => None,
        Inline::Math { latex, .. } => {
            let mut count = 0_usize;
            let mut letters = latex.chars().peekable();
            while let Some(letter) = letters.next() {
                match letter {
                    '\\' => {
                        while letters.next_if(char::is_ascii_alphabetic).is_some() {}
                        count += 1;
                    }
                    '{' | '}' | '^' | '_' | ' ' => {}
                    _ => count += 1,
                }
            }
            Some(count + 1)
        }
        Inline::Media { width, .. } => width.filter(|width| *width <= 140).map(|width| usize::from(width) / 7),
        Inline::Blank(_) => Some(14),
        Inline::Break => None,
        Inline::Link { content, .. } => content.iter().map(inline_width).sum(),
    }
}

/// Statements `a)` to `d)`, the true ones marked.
pub(super) fn statements(body: &mut Body<'_>, statements: &[Statement]) {
    // Marks on some would make the others false; unless all are known none is marked.
    let marked = body.shows_key() && statements.iter().all(|statement| statement.correct.is_some());
    for (at, statement) in statements.iter().enumerate() {
        body.open(Place::Inset);
        let right = marked && statement.correct == Some(true);
        body.run(&format!("{})", letter(at).to_lowercase()), if right { RunLook::RIGHT } else { RunLook::BOLD });
        body.run(" ", RunLook::default());
        body.level(statement.level);
        body.rich_after_label(&statement.content, Place::Inset);
    }
}

/// `ĐSĐS`, where every statement is known.
pub(super) fn truths(statements: &[Statement]) -> Option<String> {
    statements.iter().map(|statement| statement.correct.map(|correct| if correct { 'Đ' } else { 'S' })).collect()
}

//! What fills a gap, in one cell: `12,5|12.5` is typed, `#12.5±0.1` a typed number, and
//! `{=đúng ~sai ~sai}` is chosen.

use super::answers::{escaped, numbers, variants};
use super::markup::{self, Lost};
use crate::model::{Answer, Blank, BlankType, Choice, Paper};
use crate::package::label;

/// Reads a cell.
pub(super) fn blank(text: &str, paper: &Paper) -> Blank {
    let mut blank = Blank { kind: BlankType::ShortAnswer, options: Vec::new(), answers: Vec::new(), points: None, case_sensitive: None };
    if let Some(inside) = text.strip_prefix('{').and_then(|inside| inside.strip_suffix('}')) {
        blank.kind = BlankType::SingleChoice;
        blank.options = options(inside, paper);
        if blank.options.iter().filter(|option| option.correct == Some(true)).count() > 1 {
            blank.kind = BlankType::MultipleChoice;
        }
    } else if let Some(number) = text.strip_prefix('#') {
        blank.kind = BlankType::Numeric;
        for one in number.split('|') {
            let (value, tolerance) = one.split_once('±').unwrap_or((one, ""));
            blank.answers.extend(numbers(value, tolerance));
        }
    } else {
        blank.answers = variants(text);
    }
    blank
}

/// Options behind `=` and `~`, or behind `?` where nobody says; a backslash makes them letters.
fn options(inside: &str, paper: &Paper) -> Vec<Choice> {
    let mut pieces: Vec<(char, String)> = Vec::new();
    let mut letters = inside.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some_and(|next| matches!(next, '=' | '~' | '?' | '}' | '{')) => {
                if let (Some((_, text)), Some(next)) = (pieces.last_mut(), letters.next()) {
                    text.push(next);
                }
            }
            '=' | '~' | '?' => pieces.push((letter, String::new())),
            other => {
                if let Some((_, text)) = pieces.last_mut() {
                    text.push(other);
                }
            }
        }
    }
    let option = |(at, (mark, text)): (usize, (char, String))| Choice {
        label: label(at),
        content: markup::rich(text.trim(), paper),
        correct: (mark != '?').then_some(mark == '='),
        ..Choice::default()
    };
    pieces.into_iter().enumerate().map(option).collect()
}

/// Writes a cell.
pub(super) fn cell(blank: &Blank, lost: &mut Lost) -> String {
    match blank.kind {
        BlankType::SingleChoice | BlankType::MultipleChoice => {
            let option = |option: &Choice| {
                let mark = match option.correct {
                    Some(true) => '=',
                    Some(false) => '~',
                    None => '?',
                };
                let mut text = markup::cell(&option.content, lost).replace('\n', "<br>");
                for letter in ['=', '~', '?', '{', '}'] {
                    text = text.replace(letter, &format!("\\{letter}"));
                }
                format!("{mark}{text}")
            };
            format!("{{{}}}", blank.options.iter().map(option).collect::<Vec<_>>().join(" "))
        }
        BlankType::Numeric => format!("#{}", blank.answers.iter().map(number).collect::<Vec<_>>().join("|")),
        BlankType::ShortAnswer => blank.answers.iter().map(|answer| escaped(&answer.text)).collect::<Vec<_>>().join("|"),
    }
}

fn number(answer: &Answer) -> String {
    let tolerance = answer.tolerance.map(|tolerance| format!("±{tolerance}")).unwrap_or_default();
    format!("{}{tolerance}", value(answer))
}

/// A number or a range.
pub(super) fn value(answer: &Answer) -> String {
    match (answer.min, answer.max) {
        (Some(least), Some(most)) => format!("{least}..{most}"),
        _ => escaped(&answer.text),
    }
}

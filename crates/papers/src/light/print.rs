//! A paper as light text.

use crate::model::{Answer, BlankType, Choice, Exact, Paper, Question, QuestionType};
use crate::rich::{Block, Cell, CellKind, ListKind, Rich};

use super::fields::{FIELDS, OCCASIONS};
use super::inline;
use super::lines::{self, TYPES};

/// Writes a paper.
#[must_use]
pub fn print(paper: &Paper) -> String {
    let mut out = String::new();
    let mut part = None;
    let mut passage: Option<&str> = None;
    let mut written: Vec<&str> = Vec::new();
    for question in &paper.questions {
        let next = question.passage.as_deref();
        if passage.is_some() && (next != passage || question.address.part != part) {
            out.push_str("Hết đoạn chung\n");
            passage = None;
        }
        if question.address.part != part {
            part = question.address.part;
            out.push_str(&format!("PHẦN {}\n", part.unwrap_or_default()));
        }
        if let Some(id) = next.filter(|_| passage != next) {
            out.push_str(&format!("Đoạn chung {id}:\n"));
            // A text printed above is only named again.
            if !written.contains(&id) {
                if let Some(found) = paper.passages.iter().find(|passage| passage.id == id) {
                    content("", &found.content, &mut out);
                }
                written.push(id);
            }
            passage = next;
        }
        self::question(question, &mut out);
    }
    out
}

fn question(question: &Question, out: &mut String) {
    let mut head = format!("Câu {}. ", question.address.number.unwrap_or_default());
    if let Some(level) = question.level {
        head.push_str(&format!("[{}] ", level.word()));
    }
    if let Some(points) = question.points {
        head.push_str(&format!("({} điểm) ", exact(points)));
    }
    if let Some(word) = type_word(question) {
        head.push_str(&format!("[{word}] "));
    }
    content(&head, &question.stem, out);
    match question.kind {
        QuestionType::TrueFalse => statements(question, out),
        QuestionType::Cloze => {
            for blank in &question.blanks {
                let word = match blank.kind {
                    BlankType::SingleChoice => "một",
                    BlankType::MultipleChoice => "nhiều",
                    BlankType::ShortAnswer => "chữ",
                    BlankType::Numeric => "số",
                };
                let points = blank.points.map_or(String::new(), |points| format!(" ({} điểm)", exact(points)));
                let case = match blank.case_sensitive {
                    Some(true) => " [phân biệt hoa thường]",
                    Some(false) => " [không phân biệt hoa thường]",
                    None => "",
                };
                out.push_str(&format!("Chỗ trống: {word}{points}{case}\n"));
                options(&blank.options, out);
                answers(&blank.answers, blank.kind == BlankType::Numeric, out);
            }
        }
        kind => {
            options(&question.options, out);
            answers(&question.answers, kind == QuestionType::Numeric, out);
        }
    }
    for pair in &question.pairs {
        out.push_str(&format!("Nối: {} <=> {}\n", one_line(&pair.left), one_line(&pair.right)));
    }
    for item in &question.items {
        out.push_str(&format!("Thứ tự: {}\n", one_line(item)));
    }
    for (word, occasion) in OCCASIONS {
        if let Some(said) = question.feedback.get(occasion) {
            out.push_str(&format!("{word}: {}\n", one_line(said)));
        }
    }
    for field in &FIELDS {
        if let Some(text) = field.get(question) {
            out.push_str(&format!("{}: {}\n", field.word, text.replace(['\n', '\r'], " ")));
        }
    }
    for hint in &question.hints {
        content("Gợi ý: ", hint, out);
    }
    if let Some(rubric) = &question.rubric {
        content("Hướng dẫn chấm: ", rubric, out);
    }
    if let Some(explanation) = &question.explanation {
        content("Lời giải: ", explanation, out);
    }
}

/// The word of a type that the lines below would not show.
fn type_word(question: &Question) -> Option<&'static str> {
    let right = question.options.iter().filter(|option| option.correct == Some(true)).count();
    let shown = match question.kind {
        QuestionType::SingleChoice => !question.options.is_empty() && right <= 1,
        QuestionType::MultipleChoice => right > 1,
        QuestionType::TrueFalse => !question.statements.is_empty(),
        QuestionType::ShortAnswer | QuestionType::Numeric => !question.answers.is_empty(),
        QuestionType::Essay => question.options.is_empty() && question.answers.is_empty(),
        QuestionType::Matching => !question.pairs.is_empty(),
        QuestionType::Ordering => !question.items.is_empty(),
        QuestionType::Cloze => !question.blanks.is_empty(),
        QuestionType::Description => false,
    };
    if shown { None } else { TYPES.iter().find(|(_, kind)| *kind == question.kind).map(|(word, _)| *word) }
}

fn options(options: &[Choice], out: &mut String) {
    for option in options {
        let star = if option.correct == Some(true) { "*" } else { "" };
        let mut head = format!("{star}{}. ", option.label);
        if let Some(credit) = option.credit {
            head.push_str(&format!("[{}%] ", exact((credit * Exact::from(100)).normalize())));
        }
        if option.pinned {
            head.push_str("[cố định] ");
        }
        content(&head, &option.content, out);
        feedback(option.feedback.as_ref(), out);
    }
}

fn statements(question: &Question, out: &mut String) {
    let any = question.statements.iter().any(|statement| statement.correct == Some(true));
    let none = question.statements.iter().all(|statement| statement.correct.is_none());
    for statement in &question.statements {
        let mark = match statement.correct {
            Some(true) => "*",
            Some(false) if !any => "-",
            None if !none => "?",
            _ => "",
        };
        let level = statement.level.map_or(String::new(), |level| format!("[{}] ", level.word()));
        content(&format!("{mark}{}) {level}", statement.label), &statement.content, out);
        feedback(statement.feedback.as_ref(), out);
    }
}

fn feedback(said: Option<&Rich>, out: &mut String) {
    if let Some(said) = said.filter(|said| !said.is_empty()) {
        out.push_str(&format!("Phản hồi: {}\n", one_line(said)));
    }
}

fn answers(answers: &[Answer], number: bool, out: &mut String) {
    if answers.is_empty() {
        return;
    }
    let bars = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
    let one = |answer: &Answer| {
        let mut text = match (answer.min, answer.max) {
            (Some(min), Some(max)) => format!("{min}..{max}"),
            _ => bars(&answer.text),
        };
        if let Some(tolerance) = answer.tolerance {
            text.push_str(&format!(" ± {tolerance}"));
        }
        if let Some(credit) = answer.credit {
            text.push_str(&format!(" [{}%]", exact((credit * Exact::from(100)).normalize())));
        }
        text
    };
    let word = if number { "Đáp án số" } else { "Đáp án" };
    out.push_str(&format!("{word}: {}\n", answers.iter().map(one).collect::<Vec<_>>().join("|")));
    for (at, answer) in answers.iter().enumerate() {
        if let Some(said) = answer.feedback.as_ref().filter(|said| !said.is_empty()) {
            out.push_str(&format!("Phản hồi đáp án {}: {}\n", at + 1, one_line(said)));
        }
    }
}

fn exact(number: Exact) -> String {
    number.to_string().replace('.', ",")
}

/// A rich text on one line; paragraphs parted by `<p>`.
fn one_line(rich: &Rich) -> String {
    cell_text(rich)
}

/// A sign and the text behind it. Further paragraphs are lines of their own.
fn content(head: &str, rich: &Rich, out: &mut String) {
    let mut first = true;
    out.push_str(head);
    let mut begin = |out: &mut String, text: &str, signed: bool| {
        if !first || signed {
            if !out.ends_with('\n') && !out.is_empty() {
                trim_line(out);
                out.push('\n');
            }
            // A line of content that looks like a sign is none.
            if !signed
                && (lines::is_signed(text)
                    || text.trim().is_empty()
                    || text.starts_with('\\') && lines::is_signed(text.trim_start_matches('\\')))
            {
                out.push('\\');
            }
        } else if head.is_empty() && lines::is_signed(text) || head.starts_with("Câu ") && looks_like_tag(text) {
            out.push('\\');
        }
        out.push_str(text);
        first = false;
    };
    for block in &rich.blocks {
        match block {
            Block::Paragraph(inlines) => {
                let mut text = String::new();
                inline::print(inlines, &mut text);
                if !text.trim().is_empty() {
                    begin(out, &text, false);
                }
            }
            Block::Table(rows) => {
                for row in rows {
                    begin(out, &table_row(row), true);
                }
            }
            Block::List { kind, items } => {
                for item in items {
                    let sign = match kind {
                        ListKind::Bullets => "- ",
                        ListKind::Numbers => "# ",
                    };
                    begin(out, &format!("{sign}{}", cell_text(item)), true);
                }
            }
            Block::Code(code) => {
                begin(out, "```", true);
                for line in code.lines() {
                    begin(out, &line.replace("```", "'''"), true);
                }
                begin(out, "```", true);
            }
        }
    }
    if !out.ends_with('\n') {
        trim_line(out);
        out.push('\n');
    }
}

/// The space behind a sign without text on its line.
fn trim_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
}

/// Text that would be read as a level, points or a type behind a sign.
fn looks_like_tag(text: &str) -> bool {
    text.starts_with('(')
}

fn table_row(row: &[Cell]) -> String {
    let mut out = String::from("|");
    for cell in row {
        out.push(' ');
        if cell.columns > 1 || cell.rows > 1 {
            out.push_str(&format!("<{}x{}>", cell.columns, cell.rows));
        }
        if cell.kind == CellKind::Heading {
            out.push_str("<th>");
        }
        out.push_str(&cell_text(&cell.content));
        out.push_str(" |");
    }
    out
}

fn cell_text(rich: &Rich) -> String {
    let mut out = String::new();
    let mut parts: Vec<String> = Vec::new();
    flat(rich, &mut parts, 0);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push_str("<p>");
        }
        out.push_str(part);
    }
    out
}

/// Tables and lists in cells become paragraphs: a row of light text is one line.
fn flat(rich: &Rich, out: &mut Vec<String>, depth: usize) {
    for block in &rich.blocks {
        match block {
            Block::Paragraph(inlines) => {
                let mut text = String::new();
                inline::print(inlines, &mut text);
                out.push(text.trim().to_owned());
            }
            Block::Table(rows) if depth < 16 => rows.iter().flatten().for_each(|cell| flat(&cell.content, out, depth + 1)),
            Block::List { items, .. } if depth < 16 => items.iter().for_each(|item| flat(item, out, depth + 1)),
            Block::Table(_) | Block::List { .. } => {}
            Block::Code(code) => out.push(code.lines().map(str::trim).collect::<Vec<_>>().join(" ")),
        }
    }
    out.retain(|part| !part.is_empty());
}

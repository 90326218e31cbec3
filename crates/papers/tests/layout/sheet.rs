//! Papers written in a few letters: each line a paragraph, `|` rows a table, looks in braces.
//!
//! `{u:A.}` underlined, `{r:…}` red, `{k:…}` blue, `{h:…}` highlighted, `{b:…}` bold (letters join:
//! `{bu:…}`), `{^:…}` raised, `{m:x^2}` a formula, `{img}` a picture; `~A.~ text` a label by automatic
//! numbering, `~u:A.~` one with a look; `→` a tab, `↵` a line break; `+` before a cell shades it.

use papers::document::{Document, DocumentBlock, Label, Look, Paragraph, Part, Table, TableCell};
use papers::model::{Paper, Question};
use papers::rich::{MathDisplay, MediaKind, Script};

pub fn look(letters: &str) -> Look {
    let mut look = Look::default();
    for letter in letters.chars() {
        match letter {
            'u' => look.marks.underline = true,
            'b' => look.marks.bold = true,
            'i' => look.marks.italic = true,
            'r' => look.colour = Some([255, 0, 0]),
            'k' => look.colour = Some([0, 0, 255]),
            'h' => look.highlighted = true,
            '^' => look.marks.script = Script::Super,
            '_' => look.marks.script = Script::Sub,
            _ => panic!("no look {letter}"),
        }
    }
    look
}

fn letters(text: &str, look: Look, parts: &mut Vec<Part>) {
    let mut rest = text;
    while let Some(at) = rest.find(['→', '↵']) {
        if at > 0 {
            parts.push(Part::Text(rest[..at].to_owned(), look));
        }
        let sign = rest[at..].chars().next().unwrap();
        parts.push(if sign == '→' { Part::Tab } else { Part::Break });
        rest = &rest[at + sign.len_utf8()..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned(), look));
    }
}

pub fn paragraph(text: &str, number: u32) -> Paragraph {
    let mut out = Paragraph { number, ..Paragraph::default() };
    let mut rest = text;
    if let Some(inner) = text.strip_prefix('~') {
        let end = inner.find('~').unwrap();
        let (looks, label) = inner[..end].split_once(':').map_or(("", &inner[..end]), |(looks, label)| {
            if looks.chars().all(|letter| "ubirkh".contains(letter)) && !looks.is_empty() { (looks, label) } else { ("", &inner[..end]) }
        });
        let list = if label.starts_with(|first: char| first.is_ascii_digit() || first == 'C') { 1 } else { 2 };
        out.label = Some(Label { text: label.to_owned(), look: look(looks), list, depth: 0 });
        rest = inner[end + 1..].trim_start();
    }
    while let Some(at) = rest.find('{') {
        let Some(end) = rest[at..].find('}').map(|end| at + end) else { break };
        let inner = &rest[at + 1..end];
        let known = inner == "img"
            || inner
                .split_once(':')
                .is_some_and(|(name, _)| name == "m" || !name.is_empty() && name.chars().all(|letter| "ubirkh^_".contains(letter)));
        if !known {
            letters(&rest[..=end], Look::default(), &mut out.parts);
            rest = &rest[end + 1..];
            continue;
        }
        letters(&rest[..at], Look::default(), &mut out.parts);
        match inner.split_once(':') {
            None => out.parts.push(Part::Media { id: "img1".to_owned(), kind: MediaKind::Picture, alt: String::new(), width: None }),
            Some(("m", latex)) => out.parts.push(Part::Math { latex: latex.to_owned(), display: MathDisplay::Inline }),
            Some((looks, text)) => letters(text, look(looks), &mut out.parts),
        }
        rest = &rest[end + 1..];
    }
    letters(rest, Look::default(), &mut out.parts);
    out
}

fn row(line: &str, number: &mut u32) -> Vec<TableCell> {
    let inner = line.trim().trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    inner
        .split('|')
        .map(|cell| {
            let cell = cell.trim();
            let (shaded, cell) = cell.strip_prefix('+').map_or((false, cell), |rest| (true, rest));
            let blocks = cell
                .split('¶')
                .filter(|text| !text.is_empty())
                .map(|text| {
                    *number += 1;
                    DocumentBlock::Paragraph(paragraph(text.trim(), *number))
                })
                .collect();
            TableCell { blocks, columns: 1, rows: 1, shaded }
        })
        .collect()
}

/// A document from its lines.
pub fn document(text: &str) -> Document {
    let mut out = Document::default();
    let mut number = 0;
    let mut open = false;
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with('|') {
            let cells = row(line, &mut number);
            match out.blocks.last_mut() {
                Some(DocumentBlock::Table(table)) if open => table.rows.push(cells),
                _ => out.blocks.push(DocumentBlock::Table(Table { rows: vec![cells] })),
            }
            open = true;
            continue;
        }
        open = false;
        number += 1;
        out.blocks.push(DocumentBlock::Paragraph(paragraph(line, number)));
    }
    out
}

/// The paper of some lines.
pub fn paper(text: &str) -> Paper {
    let mut paper = Paper::default();
    papers::layout::interpret(&document(text), &mut paper);
    paper
}

/// A question in one line: `1.2 single B "stem" A=… B=…`.
pub fn shown(question: &Question) -> String {
    let part = question.address.part.map_or(String::new(), |part| format!("{part}."));
    format!("{part}{}:{}", question.address.number.unwrap_or_default(), key(question))
}

/// The key in one word: letters, `ĐS?`, answers; `-` where it is not said.
pub fn key(question: &Question) -> String {
    use papers::model::QuestionType as T;
    let out: String = match question.kind {
        T::SingleChoice | T::MultipleChoice => {
            question.options.iter().filter(|option| option.correct == Some(true)).map(|option| option.label.as_str()).collect()
        }
        T::TrueFalse => {
            question.statements.iter().map(|statement| statement.correct.map_or('?', |truth| if truth { 'Đ' } else { 'S' })).collect()
        }
        T::ShortAnswer => question.answers.iter().map(|answer| answer.text.as_str()).collect::<Vec<_>>().join("|"),
        T::Essay => "essay".to_owned(),
        kind => format!("{kind:?}"),
    };
    if out.is_empty() { "-".to_owned() } else { out }
}

/// All keys of a paper: `1:A 2:B`.
pub fn keys(paper: &Paper) -> String {
    paper.questions.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// The codes of the report that are more than information.
pub fn doubts(paper: &Paper) -> Vec<String> {
    let mut codes: Vec<String> =
        paper.report.iter().filter(|entry| entry.severity != papers::model::Severity::Info).map(|entry| entry.code.clone()).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// The texts of a question's options.
pub fn options(question: &Question) -> Vec<String> {
    question.options.iter().map(|option| option.content.to_text()).collect()
}

/// The report in few words, for messages of failing tests.
pub fn report(paper: &Paper) -> String {
    let line = |entry: &papers::model::Entry| {
        let text = entry.values.get("text").map(|text| text.replace('\n', " ⏎ ")).unwrap_or_default();
        format!("{} {} {text}", entry.code, entry.message)
    };
    paper.report.iter().map(line).collect::<Vec<_>>().join("\n")
}

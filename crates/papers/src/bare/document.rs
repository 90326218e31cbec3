//! The same for a paper as it looks: whoever compares both sides of the desk sees formulas on both.

use super::runs::{Run, Seed, runs};
use crate::document::{Document, DocumentBlock, Part};
use crate::rich::{Inline, Marks, MathDisplay, tex_in_letters};

/// Sets what is surely LaTeX in a document: between dollars, and bare.
pub(crate) fn set_formulas(document: &mut Document) {
    blocks(&mut document.blocks, &mut |parts| {
        join(parts);
        replace(parts, between_dollars);
        0
    });
    let found = blocks(&mut document.blocks, &mut |parts| replace(parts, |text| bare(text, Seed::Command)));
    if found > 0 {
        blocks(&mut document.blocks, &mut |parts| replace(parts, |text| bare(text, Seed::Script)));
    }
}

fn blocks(of: &mut [DocumentBlock], change: &mut impl FnMut(&mut Vec<Part>) -> usize) -> usize {
    let mut found = 0;
    for block in of {
        found += match block {
            DocumentBlock::Paragraph(paragraph) => change(&mut paragraph.parts),
            DocumentBlock::Table(table) => table.rows.iter_mut().flatten().map(|cell| blocks(&mut cell.blocks, change)).sum(),
        };
    }
    found
}

/// Word cuts letters of one look into pieces wherever it likes.
fn join(parts: &mut Vec<Part>) {
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts.drain(..) {
        match (out.last_mut(), part) {
            (Some(Part::Text(before, look)), Part::Text(text, same)) if *look == same => before.push_str(&text),
            (_, part) => out.push(part),
        }
    }
    *parts = out;
}

enum Piece {
    Letters(String),
    Formula(String, MathDisplay),
}

/// Puts formulas among the letters; tells how many.
fn replace(parts: &mut Vec<Part>, read: impl Fn(&str) -> Option<Vec<Piece>>) -> usize {
    let mut found = 0;
    let mut out = Vec::with_capacity(parts.len());
    for part in parts.drain(..) {
        let Part::Text(text, look) = part else {
            out.push(part);
            continue;
        };
        let Some(pieces) = read(&text).filter(|_| !look.marks.code) else {
            out.push(Part::Text(text, look));
            continue;
        };
        for piece in pieces {
            out.push(match piece {
                Piece::Letters(text) => Part::Text(text, look),
                Piece::Formula(latex, display) => {
                    found += 1;
                    Part::Math { latex, display }
                }
            });
        }
    }
    *parts = out;
    found
}

fn between_dollars(text: &str) -> Option<Vec<Piece>> {
    if !text.contains(['$', '\\']) {
        return None;
    }
    let read = tex_in_letters(text, Marks::default());
    let pieces = read.into_iter().filter_map(|inline| match inline {
        Inline::Text(text, _) => Some(Piece::Letters(text)),
        Inline::Math { latex, display } => Some(Piece::Formula(latex, display)),
        _ => None,
    });
    let pieces: Vec<Piece> = pieces.collect();
    pieces.iter().any(|piece| matches!(piece, Piece::Formula(..))).then_some(pieces)
}

fn bare(text: &str, seed: Seed) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for Run { from: begins, to, .. } in runs(text, seed).into_iter().filter(|run| run.sure) {
        if begins > from {
            pieces.push(Piece::Letters(text[from..begins].to_owned()));
        }
        pieces.push(Piece::Formula(text[begins..to].trim().to_owned(), MathDisplay::Inline));
        from = to;
    }
    if from == 0 {
        return None;
    }
    if from < text.len() {
        pieces.push(Piece::Letters(text[from..].to_owned()));
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Look, Paragraph, Table, TableCell};

    fn text(letters: &str) -> Part {
        Part::Text(letters.to_owned(), Look::default())
    }

    fn shown(parts: Vec<Part>) -> String {
        let paragraph = Paragraph { number: 1, label: None, parts };
        let cell = TableCell { blocks: vec![DocumentBlock::Paragraph(paragraph)], columns: 1, rows: 1, shaded: false };
        let mut document = Document { blocks: vec![DocumentBlock::Table(Table { rows: vec![vec![cell]] })] };
        set_formulas(&mut document);
        let mut out = String::new();
        blocks(&mut document.blocks, &mut |parts| {
            for part in parts.iter() {
                match part {
                    Part::Text(text, _) => out.push_str(text),
                    Part::Math { latex, .. } => out.push_str(&format!("<{latex}>")),
                    _ => {}
                }
            }
            0
        });
        out
    }

    #[test]
    fn latex_that_was_typed_is_set_on_the_paper_too() {
        assert_eq!(shown(vec![text("Cho $x^2$ và giá 5$ hay 6$.")]), "Cho <x^2> và giá 5$ hay 6$.");
        assert_eq!(shown(vec![text("Tính \\fr"), text("ac{1}{2} của x^2.")]), "Tính <\\frac{1}{2}> của <x^2>.");
        assert_eq!(shown(vec![text("Tệp C:\\Users\\De, tên a_1")]), "Tệp C:\\Users\\De, tên a_1");
        let bold = Look { marks: Marks { bold: true, ..Marks::default() }, ..Look::default() };
        assert_eq!(shown(vec![Part::Text("A. ".into(), bold), text("$y$")]), "A. <y>");
    }
}

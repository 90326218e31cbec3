//! Tables and fences of MathML.

use super::operators::sign;
use super::{Reader, Told, clean};
use crate::math::latex::{Grid, GridKind, Node};
use crate::xml::Element;

impl Reader {
    pub(super) fn table(&mut self, element: &Element, depth: usize) -> Told {
        let mut rows = Vec::new();
        for row in element.elements().filter(|row| matches!(row.name.to_ascii_lowercase().as_str(), "mtr" | "mlabeledtr")) {
            let label = usize::from(row.name.eq_ignore_ascii_case("mlabeledtr"));
            let mut cells = Vec::new();
            for cell in row.elements().skip(label) {
                cells.push(self.element(cell, depth + 1)?);
            }
            rows.push(cells);
        }
        let align = element.attribute("columnalign").unwrap_or("");
        let words: Vec<&str> = align.split_whitespace().collect();
        // `right left` is how lines that meet at their signs come out.
        if matches!(words.as_slice(), ["right", "left", ..]) {
            return Some(Node::Grid(Grid { kind: GridKind::Aligned, columns: String::new(), rows }));
        }
        let count = rows.iter().map(Vec::len).max().unwrap_or(0).min(64);
        let side = |word: &str| match word {
            "left" => 'l',
            "right" => 'r',
            _ => 'c',
        };
        let last = words.last().copied().unwrap_or("center");
        let columns: String = (0..count).map(|at| side(words.get(at).copied().unwrap_or(last))).collect();
        let columns = if columns.chars().all(|column| column == 'c') { String::new() } else { columns };
        Some(Node::Grid(Grid { kind: GridKind::Array, columns, rows }))
    }

    pub(super) fn fence(&mut self, element: &Element, depth: usize) -> Told {
        let letter = |name: &str, usual: char| match element.attribute(name) {
            None => Some(usual),
            Some(text) => clean(text).chars().next().map(sign),
        };
        let (open, close) = (letter("open", '('), letter("close", ')'));
        let separators: Vec<char> =
            element.attribute("separators").unwrap_or(",").chars().filter(|letter| !letter.is_whitespace()).collect();
        let mut pieces = Vec::new();
        for (at, child) in element.elements().enumerate() {
            if at > 0
                && let Some(separator) = separators.get(at - 1).or(separators.last())
            {
                pieces.push(Node::Letter(sign(*separator)));
            }
            pieces.extend(self.element(child, depth + 1)?.pieces());
        }
        Some(fence(open, Node::row(pieces), close))
    }
}

/// A system in a brace without its other side is how `cases` looks.
pub(super) fn fence(open: Option<char>, body: Node, close: Option<char>) -> Node {
    match body {
        Node::Grid(grid) if (open, close) == (Some('{'), None) && grid.kind != GridKind::Cases => {
            Node::Grid(Grid { kind: GridKind::Cases, columns: String::new(), rows: grid.rows })
        }
        body => Node::Fence(open, vec![body], close),
    }
}

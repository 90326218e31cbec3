//! `\begin{…}` … `\end{…}`: systems, matrices, lines under one another.

use super::error::LatexError;
use super::lexer::Token;
use super::node::{Grid, GridKind, Node};
use super::parse::Parser;

/// Reads an environment; `\begin` has been taken.
pub(super) fn read(parser: &mut Parser<'_>) -> Result<Node, LatexError> {
    let full = parser.lexer.raw_group().ok_or(LatexError::Missing("tên môi trường"))?;
    let name = full.trim_end_matches('*');
    let columns = match name {
        "array" | "tabular" => {
            parser.lexer.raw_option();
            kept_columns(parser.lexer.raw_group().ok_or(LatexError::Missing("các cột"))?)
        }
        "alignat" | "alignedat" => {
            parser.lexer.raw_group();
            String::new()
        }
        // The starred ones of mathtools say how cells are aligned.
        _ if full.ends_with('*') && name.ends_with("matrix") => parser.lexer.raw_option().map(kept_columns).unwrap_or_default(),
        _ => String::new(),
    };
    let rows = parser.rows()?;
    if parser.lexer.next() != Some(Token::Command("end")) || parser.lexer.raw_group() != Some(full) {
        return Err(LatexError::Missing("\\end"));
    }
    let fenced = |open, close| Node::Fence(open, vec![grid(GridKind::Array, &columns, rows.clone())], close);
    Ok(match name {
        "array" | "tabular" | "matrix" | "smallmatrix" | "subarray" => grid(GridKind::Array, &columns, rows),
        "pmatrix" => fenced(Some('('), Some(')')),
        "bmatrix" => fenced(Some('['), Some(']')),
        "Bmatrix" => fenced(Some('{'), Some('}')),
        "vmatrix" => fenced(Some('|'), Some('|')),
        "Vmatrix" => fenced(Some('‖'), Some('‖')),
        "cases" | "dcases" => grid(GridKind::Cases, "", rows),
        "rcases" => Node::Fence(None, vec![grid(GridKind::Array, "l", rows)], Some('}')),
        "aligned" | "align" | "split" | "alignat" | "alignedat" | "eqnarray" | "gathered" | "gather" | "multline" | "equation" => {
            grid(GridKind::Aligned, "", rows)
        }
        other => return Err(LatexError::UnknownEnvironment(other.to_owned())),
    })
}

/// `l`, `c`, `r` and `|`; widths and the like are not kept.
fn kept_columns(written: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for letter in written.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            'l' | 'c' | 'r' | '|' if depth == 0 => out.push(letter),
            _ => {}
        }
    }
    out
}

/// A grid without the empty row that a last `\\` leaves.
pub(super) fn grid(kind: GridKind, columns: &str, mut rows: Vec<Vec<Node>>) -> Node {
    if rows.last().is_some_and(|row| row.iter().all(Node::is_empty)) && rows.len() > 1 {
        rows.pop();
    }
    if kind == GridKind::Aligned && rows.iter().all(|row| row.len() > 1 && row.first().is_some_and(Node::is_empty)) {
        // `&x=1` on every line: they meet at their beginning.
        rows.iter_mut().for_each(|row| drop(row.remove(0)));
    }
    if kind == GridKind::Aligned
        && let [row] = rows.as_mut_slice()
        && let [only] = row.as_mut_slice()
    {
        return std::mem::replace(only, Node::empty());
    }
    Node::Grid(Grid { kind, columns: columns.to_owned(), rows })
}

/// Brackets around what may be a system: `cases` where it looks like one, lines flush left behind `[`.
pub(super) fn system(open: Option<char>, mut parts: Vec<Node>, close: Option<char>) -> Node {
    if let [Node::Grid(grid)] = parts.as_mut_slice()
        && close.is_none()
        && grid.rows.iter().all(|row| row.len() <= 1)
    {
        match (open, grid.kind) {
            (Some('{'), GridKind::Aligned | GridKind::Array) => {
                return Node::Grid(Grid { kind: GridKind::Cases, columns: String::new(), rows: std::mem::take(&mut grid.rows) });
            }
            (Some('['), GridKind::Aligned) => {
                grid.kind = GridKind::Array;
                grid.columns = "l".to_owned();
            }
            _ => {}
        }
    }
    Node::Fence(open, parts, close)
}

/// What stands outside any environment: a formula, or lines of one, flush left.
pub(super) fn bare(rows: Vec<Vec<Node>>) -> Node {
    let several = rows.len() > 1;
    match grid(GridKind::Aligned, "", rows) {
        Node::Grid(grid) if several && grid.rows.iter().all(|row| row.len() <= 1) => {
            Node::Grid(Grid { kind: GridKind::Array, columns: "l".to_owned(), ..grid })
        }
        other => other,
    }
}

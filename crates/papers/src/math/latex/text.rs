//! `\text{…}`: words inside formulas.

use super::error::LatexError;
use super::node::{Node, Style};
use super::parse::parse;

/// The words of a text command, with formulas between their dollars.
pub(super) fn read(command: &str, inner: &str) -> Result<Node, LatexError> {
    let mut pieces = Vec::new();
    for (at, part) in inner.split('$').enumerate() {
        if at % 2 == 1 {
            pieces.extend(parse(part)?.pieces());
        } else {
            let words = plain(part);
            if !words.is_empty() {
                pieces.push(Node::Text(words));
            }
        }
    }
    let body = Node::row(pieces);
    Ok(match command {
        "textbf" => Node::Styled(Style::Bold, body.into()),
        "textit" => Node::Styled(Style::Italic, body.into()),
        "textsf" => Node::Styled(Style::SansSerif, body.into()),
        "texttt" => Node::Styled(Style::Monospace, body.into()),
        _ => body,
    })
}

/// Words in an alphabet of mathematics: `\mathrm{ƯCLN}`.
pub(super) fn styled(command: &str, inner: &str) -> Result<Node, LatexError> {
    let body = Node::Text(plain(inner));
    Ok(match Style::of_command(command) {
        Some(Style::Upright) | None => body,
        Some(style) => Node::Styled(style, body.into()),
    })
}

/// Letters without the marks of LaTeX: `\%` is `%`, `~` a space, braces nothing.
pub(super) fn plain(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' => {}
            '~' => out.push('\u{a0}'),
            '\\' => match letters.next() {
                Some(sign) if sign.is_ascii_alphabetic() => {
                    let mut name = sign.to_string();
                    while let Some(more) = letters.next_if(char::is_ascii_alphabetic) {
                        name.push(more);
                    }
                    // `\quad` and `\degree` have a character, `\bf` has none.
                    match (name.as_str(), super::symbols::letter_of(&name)) {
                        (_, Some(letter)) => out.push(letter),
                        ("quad" | "qquad" | "space", _) => out.push(' '),
                        _ => {}
                    }
                }
                Some(',' | ';' | ':' | ' ' | '\\') => out.push(' '),
                Some('!' | '/') | None => {}
                Some(sign) => out.push(sign),
            },
            other => out.push(other),
        }
    }
    out
}

//! Where the signs of GIFT stand, and what letters mean without their backslashes.

use super::syntax::Formatted;
use crate::moodle::TextFormat;

/// Bytes of a text that no backslash stands before, with their places.
pub(super) fn bare(text: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    let mut escaped = false;
    text.bytes().enumerate().filter(move |(_, byte)| {
        let is_bare = !escaped;
        escaped = is_bare && *byte == b'\\';
        is_bare && *byte != b'\\'
    })
}

/// The first place of a sign.
pub(super) fn find(text: &str, sign: &str) -> Option<usize> {
    bare(text).map(|(at, _)| at).find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(sign)))
}

/// Cuts at the first place of a sign.
pub(super) fn cut<'a>(text: &'a str, sign: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, sign)?;
    Some((text.get(..at)?, text.get(at + sign.len()..)?))
}

/// Takes `[html]` and the like from the front.
pub(super) fn format_of(text: &str) -> (Option<TextFormat>, &str) {
    let text = text.trim_start();
    let named = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match named.and_then(|(word, rest)| TextFormat::of_gift(word).map(|format| (format, rest))) {
        Some((format, rest)) => (Some(format), rest),
        None => (None, text),
    }
}

/// A text with its format; `inherited` where it says none.
pub(super) fn formatted(text: &str, inherited: TextFormat) -> Formatted {
    let (own, text) = format_of(text);
    let format = own.unwrap_or(inherited);
    Formatted { format, text: letters(text, format) }
}

/// A text, or `None` where there is nothing.
pub(super) fn feedback(text: &str, inherited: TextFormat) -> Option<Formatted> {
    Some(formatted(text, inherited)).filter(|text| !text.text.is_empty())
}

/// Letters without backslashes. Lines of Moodle's own format run on, as its authors lay them out.
pub(super) fn letters(text: &str, format: TextFormat) -> String {
    match format {
        TextFormat::Moodle => unescaped(&text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")),
        TextFormat::Plain => unescaped(&text.lines().map(str::trim).collect::<Vec<_>>().join("\n")).trim().to_owned(),
        TextFormat::Html | TextFormat::Markdown => unescaped(text).trim().to_owned(),
    }
}

/// LaTeX that begins like a line end of GIFT: `\neq`.
const LATEX: &[&str] = &[
    "ne",
    "neq",
    "neg",
    "nu",
    "not",
    "notin",
    "nabla",
    "natural",
    "ncong",
    "nearrow",
    "nwarrow",
    "nexists",
    "ngeq",
    "ngtr",
    "ni",
    "nleq",
    "nless",
    "nmid",
    "nolimits",
    "nonumber",
    "nparallel",
    "nprec",
    "nsim",
    "nsubseteq",
    "nsucc",
    "nsupseteq",
    "ntriangleleft",
    "ntriangleright",
    "newline",
    "nrightarrow",
    "nleftarrow",
];

/// Takes the backslashes away: `\~ \= \# \{ \} \: \\`, and `\n` for a line end.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Formulas opened so far and not closed, by dollars and by brackets.
    let (mut dollars, mut bracket) = (false, false);
    while let Some(at) = rest.find(['\\', '$']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut after = from.chars();
        let first = after.next().unwrap_or('\\');
        let second = if first == '\\' { after.clone().next() } else { None };
        match second {
            _ if first == '$' => {
                dollars = !dollars;
                out.push('$');
            }
            Some(sign @ ('~' | '=' | '#' | '{' | '}' | ':' | '\\')) => {
                after.next();
                out.push(sign);
                if sign == '\\' {
                    bracket = bracket_after(after.as_str(), bracket);
                }
            }
            Some('n') if !((dollars || bracket) && is_latex(after.as_str())) => {
                after.next();
                out.push('\n');
            }
            _ => {
                bracket = bracket_after(after.as_str(), bracket);
                out.push('\\');
            }
        }
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}

fn bracket_after(text: &str, bracket: bool) -> bool {
    match text.bytes().next() {
        Some(b'(' | b'[') => true,
        Some(b')' | b']') => false,
        _ => bracket,
    }
}

fn is_latex(text: &str) -> bool {
    let word = text.bytes().take(20).take_while(u8::is_ascii_alphabetic).count();
    text.get(..word).is_some_and(|word| LATEX.contains(&word))
}

//! Text runs: styles, Greek, operators, words.

use unicode_normalization::UnicodeNormalization;

use crate::xml::Element;

use super::{Ampersand, push};
use crate::math::symbols;

/// Names LaTeX sets upright.
const FUNCTIONS: &[&str] = &[
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd", "inf", "ker", "lg", "lim",
    "ln", "log", "max", "min", "sec", "sin", "sinh", "sup", "tan", "tanh",
];

/// How the letters of a run are set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Italic,
    Upright,
    Bold,
    BoldItalic,
    Text,
    Alphabet(&'static str),
}

/// LaTeX of an `m:r`.
pub(super) fn run(element: &Element, ampersand: Ampersand) -> String {
    let mut raw = String::new();
    for child in element.elements() {
        match child.name.as_str() {
            "t" => raw.push_str(&child.text()),
            "tab" | "br" | "cr" => raw.push(' '),
            "noBreakHyphen" => raw.push('-'),
            "sym" => raw.extend(crate::docx::symbol(child.attribute("font").unwrap_or(""), child.attribute("char").unwrap_or(""))),
            _ => {}
        }
    }
    let text: String = raw.nfc().collect();
    if ampersand == Ampersand::Alignment && text.contains('&') {
        let parts: Vec<String> = text.split('&').map(|part| styled(part, style(element))).collect();
        return parts.join("&");
    }
    styled(&text, style(element))
}

/// Letters without any style of their own.
pub(super) fn plain(text: &str) -> String {
    styled(text, Style::Italic)
}

/// The name of a function: `\sin`, `\operatorname{tg}`; anything that is not a bare name stays as it is.
pub(super) fn function_name(latex: &str) -> String {
    let name = latex.trim();
    let bare = name.strip_prefix("\\mathrm{").and_then(|rest| rest.strip_suffix('}')).unwrap_or(name);
    if FUNCTIONS.contains(&bare) {
        format!("\\{bare}")
    } else if bare.len() > 1 && bare.chars().all(|letter| letter.is_ascii_alphabetic()) {
        format!("\\operatorname{{{bare}}}")
    } else {
        name.to_owned()
    }
}

fn style(element: &Element) -> Style {
    let Some(properties) = element.all("rPr").find(|own| ["nor", "scr", "sty"].iter().any(|name| own.first(name).is_some())) else {
        return Style::Italic;
    };
    let value = |name: &str| properties.first(name).map(|setting| setting.attribute("val").unwrap_or(""));
    if value("nor").is_some_and(|value| !matches!(value, "0" | "off" | "false")) {
        return Style::Text;
    }
    match value("scr") {
        Some("double-struck") => return Style::Alphabet("\\mathbb"),
        Some("script") => return Style::Alphabet("\\mathcal"),
        Some("fraktur") => return Style::Alphabet("\\mathfrak"),
        Some("sans-serif") => return Style::Alphabet("\\mathsf"),
        Some("monospace") => return Style::Alphabet("\\mathtt"),
        _ => {}
    }
    match value("sty") {
        Some("p") => Style::Upright,
        Some("b") => Style::Bold,
        Some("bi") => Style::BoldItalic,
        _ => Style::Italic,
    }
}

/// A stretch of text of one kind.
enum Stretch {
    /// Letters that the style applies to.
    Letters(String),
    /// Words, which LaTeX would set as products of letters.
    Words(String),
    /// Done already.
    Latex(String),
}

fn styled(text: &str, style: Style) -> String {
    if style == Style::Upright && FUNCTIONS.contains(&text.trim()) {
        return format!("\\{}", text.trim());
    }
    let mut out = String::new();
    for stretch in stretches(text, style) {
        match stretch {
            Stretch::Latex(latex) => push(&mut out, &latex),
            Stretch::Words(words) => push(&mut out, &format!("\\text{{{words}}}")),
            Stretch::Letters(letters) => {
                let wrapped = match style {
                    Style::Italic => letters,
                    Style::Upright => format!("\\mathrm{{{letters}}}"),
                    Style::Bold => format!("\\mathbf{{{letters}}}"),
                    Style::BoldItalic => format!("\\boldsymbol{{{letters}}}"),
                    Style::Text => format!("\\text{{{letters}}}"),
                    Style::Alphabet(command) => format!("{command}{{{letters}}}"),
                };
                push(&mut out, &wrapped);
            }
        }
    }
    out
}

fn stretches(text: &str, style: Style) -> Vec<Stretch> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let is_in = |letter: char| match style {
            Style::Text => is_word(letter) || letter == ' ' || matches!(letter, ',' | '.' | ':' | ';' | '-' | '(' | ')' | '?' | '!' | '/'),
            _ => is_word(letter) && (!letter.is_ascii_digit() || style != Style::Italic),
        };
        if !is_in(first) || (style == Style::Text && first == ' ' && rest.trim().is_empty() && out.is_empty()) {
            let (latex, used) = single(rest, before);
            out.push(Stretch::Latex(latex));
            rest = rest.get(used..).unwrap_or("");
            before = first;
            continue;
        }
        let end = rest.find(|letter| !is_in(letter)).unwrap_or(rest.len());
        let words = if style == Style::Text { end } else { words_end(rest, end) };
        let (stretch, after) = rest.split_at(words.max(end));
        rest = after;
        before = stretch.chars().next_back().unwrap_or(' ');
        if matches!(style, Style::Text | Style::Upright) && !stretch.chars().any(char::is_alphabetic) {
            out.push(Stretch::Latex(plain(stretch)));
        } else if style != Style::Text && stretch.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii()) {
            words_and_letters(stretch, &mut out);
        } else {
            out.push(Stretch::Letters(stretch.to_owned()));
        }
    }
    out
}

/// Vietnamese words in a run of italics go on over spaces as long as letters follow.
fn words_end(text: &str, end: usize) -> usize {
    let stop = text.find(|letter: char| !is_word(letter) && letter != ' ').unwrap_or(text.len());
    let phrase = text.get(..stop).unwrap_or("");
    if phrase.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii()) { phrase.len() } else { end }
}

/// `nếu x` is a word and a variable.
fn words_and_letters(phrase: &str, out: &mut Vec<Stretch>) {
    let mut words = String::new();
    for word in phrase.split_inclusive(' ') {
        let bare = word.trim_end();
        if bare.len() == 1 && bare.chars().all(|letter| letter.is_ascii_alphabetic()) {
            if !words.is_empty() {
                out.push(Stretch::Words(std::mem::take(&mut words)));
            }
            out.push(Stretch::Letters(bare.to_owned()));
            words.push_str(word.get(bare.len()..).unwrap_or(""));
        } else {
            words.push_str(word);
        }
    }
    if !words.is_empty() {
        out.push(Stretch::Words(words));
    }
}

/// A letter of words: no Greek, no mathematical alphabet.
fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || (letter.is_alphabetic() && symbols::latex(letter).is_none() && symbols::alphabet(letter).is_none())
}

/// One letter that is no part of a word, or spaces, and the bytes taken.
fn single(rest: &str, before: char) -> (String, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    if first == ' ' {
        let after = rest.trim_start_matches(' ');
        let spaces = rest.len() - after.len();
        // LaTeX sets operators apart by itself; only letters and numbers would grow together.
        let joins = before.is_alphanumeric() && after.starts_with(char::is_alphanumeric);
        let space = if spaces > 1 && !after.is_empty() && before != ' ' {
            "\\quad "
        } else if joins {
            "\\ "
        } else {
            " "
        };
        return (space.to_owned(), spaces);
    }
    let letter = |letter: char| symbols::latex(letter).map_or_else(|| letter.to_string(), str::to_owned);
    let latex = match (symbols::latex(first), symbols::alphabet(first)) {
        (Some(latex), _) => latex.to_owned(),
        (None, Some(("", plain))) => letter(plain),
        (None, Some((command, plain))) => format!("{command}{{{}}}", letter(plain)),
        (None, None) if first.is_control() => String::new(),
        (None, None) => first.to_string(),
    };
    (latex, first.len_utf8())
}

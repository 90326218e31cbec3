//! Letters of a line as what they may be in a formula.

use crate::math::latex;

/// What a stretch of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `\frac`: a command that draws something.
    Command,
    /// `\,`, `\{`: a sign behind a backslash.
    Escaped,
    /// `{…}`, closed, without words of a sentence in it; or a whole environment.
    Group,
    /// Letters that a formula may have: `x`, `dx`, `sin`, `ABCD`.
    Name,
    /// `12,5` without the comma.
    Number,
    /// An operator, a bracket, a point.
    Sign(char),
    /// White space.
    Space,
    /// A word of a sentence.
    Word,
    /// What no formula has outside of its braces: `&`, a brace alone, an unknown command.
    Strange,
}

/// A stretch of a text, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub from: usize,
    pub to: usize,
}

/// Commands with arguments that are sure to be LaTeX; the others are known by what they draw.
const STRUCTURES: &[&str] = &[
    "frac",
    "dfrac",
    "tfrac",
    "cfrac",
    "sqrt",
    "left",
    "right",
    "binom",
    "overset",
    "underset",
    "text",
    "mathrm",
    "operatorname",
    "not",
    "ce",
    "boxed",
    "substack",
    "heva",
    "hoac",
    "limits",
    "quad",
    "qquad",
    "middle",
    "displaystyle",
];

/// Longest group, in bytes: each brace that opens one is looked into.
const LONGEST_GROUP: usize = 1000;

/// A text cut up; braces are matched once, so that a long text costs its length.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let closes = matched(text);
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = match first {
            '\\' => backslash(rest),
            '{' => match closes.binary_search_by_key(&at, |pair| pair.0).ok().and_then(|index| closes.get(index)) {
                Some((_, close)) if close - at < LONGEST_GROUP && is_formula_inside(&text[at..*close], &out, text) => {
                    (Kind::Group, close + 1 - at)
                }
                _ => (Kind::Strange, 1),
            },
            '}' | '&' | '#' | '$' | '~' | '@' | '`' | '"' => (Kind::Strange, 1),
            letter if letter.is_whitespace() => (Kind::Space, run(rest, char::is_whitespace)),
            letter if letter.is_ascii_digit() => (Kind::Number, run(rest, |letter| letter.is_ascii_digit())),
            letter if letter.is_alphabetic() => {
                let length = run(rest, |letter| letter.is_alphabetic() || is_mark(letter));
                (if is_name(&rest[..length]) { Kind::Name } else { Kind::Word }, length)
            }
            letter if is_sign(letter) => (Kind::Sign(letter), letter.len_utf8()),
            letter => (Kind::Word, letter.len_utf8()),
        };
        out.push(Token { kind, from: at, to: at + length });
        at += length;
    }
    out
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

/// Marks that stand above letters where a text is not composed.
fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

fn backslash(rest: &str) -> (Kind, usize) {
    let length = 1 + run(&rest[1..], |letter| letter.is_ascii_alphabetic());
    let name = &rest[1..length];
    if name == "begin" {
        return environment(rest).map_or((Kind::Strange, length), |length| (Kind::Group, length));
    }
    if name.is_empty() {
        return match rest[1..].chars().next() {
            Some(sign @ (',' | ';' | ':' | '!' | ' ' | '{' | '}' | '|' | '%')) => (Kind::Escaped, 1 + sign.len_utf8()),
            _ => (Kind::Strange, 1),
        };
    }
    (if is_known(name) { Kind::Command } else { Kind::Strange }, length)
}

/// The length of `\begin{…} … \end{…}`.
fn environment(rest: &str) -> Option<usize> {
    const LONGEST: usize = 2000;
    let name = rest.strip_prefix("\\begin{")?.split_once('}').map(|(name, _)| name).filter(|name| name.len() < 20)?;
    let near = &rest[..rest.floor_char_boundary(LONGEST)];
    let end = format!("\\end{{{name}}}");
    near.find(&end).map(|at| at + end.len())
}

/// Whether a command is one of LaTeX, and no path or letter of a program.
pub(super) fn is_known(name: &str) -> bool {
    STRUCTURES.contains(&name)
        || latex::FUNCTIONS.contains(&name)
        || latex::symbol(name).is_some()
        || latex::Accent::of_command(name).is_some()
        || latex::Style::of_command(name).is_some()
}

/// Letters that a formula may have. Vietnamese words of a sentence nearly always have a mark or more letters.
fn is_name(word: &str) -> bool {
    if !word.is_ascii() {
        let mut letters = word.chars();
        return matches!((letters.next(), letters.next()), (Some('α'..='ω' | 'Α'..='Ω'), None));
    }
    let function = || latex::FUNCTIONS.iter().any(|name| word.strip_prefix(name).is_some_and(|rest| rest.len() <= 1));
    let points = || word.len() <= 6 && word.bytes().all(|letter| letter.is_ascii_uppercase());
    word.len() <= 2 || points() || word.starts_with("Ox") || word.starts_with("Oy") || function()
}

fn is_sign(letter: char) -> bool {
    matches!(
        letter,
        '+' | '-' | '=' | '<' | '>' | '/' | '*' | '^' | '_' | '.' | ',' | ';' | ':' | '!' | '?' | '|' | '\'' | '(' | ')' | '[' | ']'
    ) || matches!(letter, '±' | '×' | '÷' | '·' | '°' | '−' | '′' | '’' | '\u{2190}'..='\u{22ff}')
}

/// Where each outermost `{` closes.
fn matched(text: &str) -> Vec<(usize, usize)> {
    let mut open: Vec<usize> = Vec::new();
    let mut out = Vec::new();
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => open.push(at),
            b'}' => out.extend(open.pop().map(|from| (from, at))),
            _ => {}
        }
    }
    out.sort_unstable();
    out
}

/// Whether what stands in braces is no sentence; `\text{…}` may hold one.
fn is_formula_inside(group: &str, before: &[Token], text: &str) -> bool {
    let holds_words = before.last().is_some_and(|token| {
        token.kind == Kind::Command && matches!(&text[token.from..token.to], "\\text" | "\\mathrm" | "\\operatorname" | "\\begin" | "\\ce")
    });
    holds_words
        || !group.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii() && !('Α'..='ω').contains(&letter) || letter == '&')
}

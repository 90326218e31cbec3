//! The author's own commands, put in place of their names a bounded number of times.

use std::collections::HashMap;

/// Rounds of replacing: commands made of commands made of commands.
const ROUNDS: usize = 8;
/// How much a text may grow.
const GROWTH: usize = 4;

/// Commands whose arguments have no end; each is looked for a long way.
const MOST_FAILED: usize = 2000;

/// A command of the author's.
struct Macro {
    arguments: usize,
    default: Option<String>,
    body: String,
}

/// What has a meaning of its own here and is never replaced.
const OURS: [&str; 20] = [
    "choice",
    "choiceTF",
    "choiceTFt",
    "choiceTFn",
    "shortans",
    "loigiai",
    "immini",
    "True",
    "begin",
    "end",
    "item",
    "section",
    "includegraphics",
    "textbf",
    "textit",
    "underline",
    "dfrac",
    "frac",
    "sqrt",
    "par",
];

/// Commands that ex_test and its companions bring along and that no viewer of formulas knows.
const BROUGHT: [(&str, usize, &str); 9] = [
    ("heva", 1, "\\left\\{\\begin{aligned}#1\\end{aligned}\\right."),
    ("hoac", 1, "\\left[\\begin{aligned}#1\\end{aligned}\\right."),
    ("vv", 1, "\\overrightarrow{#1}"),
    ("SI", 2, "#1\\,\\mathrm{#2}"),
    ("qty", 2, "#1\\,\\mathrm{#2}"),
    ("si", 1, "\\mathrm{#1}"),
    ("unit", 1, "\\mathrm{#1}"),
    ("num", 1, "#1"),
    ("ang", 1, "#1^\\circ"),
];

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expansion {
    /// Every command of the author's was replaced.
    Whole,
    /// They never came to an end.
    GaveUp,
}

/// The text with the author's commands replaced and their definitions gone.
pub(super) fn expanded(text: &str) -> (String, Expansion) {
    let (mut text, mut known) = definitions(text);
    for (name, arguments, body) in BROUGHT {
        known.entry(name.to_owned()).or_insert_with(|| Macro { arguments, default: None, body: body.to_owned() });
    }
    let most = text.len().saturating_mul(GROWTH).saturating_add(1 << 20);
    for _ in 0..ROUNDS {
        let (next, changed) = round(&text, &known, most);
        if !changed {
            return (next, Expansion::Whole);
        }
        if next.len() > most {
            return (text, Expansion::GaveUp);
        }
        text = next;
    }
    (text, Expansion::GaveUp)
}

/// Takes the definitions out.
fn definitions(text: &str) -> (String, HashMap<String, Macro>) {
    let mut known = HashMap::new();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        match definition(rest) {
            Some((name, own, length)) => {
                if !OURS.contains(&name) {
                    known.insert(name.to_owned(), own);
                }
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                let step = 1 + rest.get(1..).and_then(|after| after.chars().next()).map_or(0, char::len_utf8);
                out.push_str(rest.get(..step).unwrap_or_default());
                rest = rest.get(step..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    (out, known)
}

/// A definition at the start of a text: what it defines and how long it is.
fn definition(text: &str) -> Option<(&str, Macro, usize)> {
    let (word, mut rest) = word(text)?;
    let is_operator = word == "DeclareMathOperator";
    if !matches!(word, "newcommand" | "renewcommand" | "providecommand" | "def" | "DeclareMathOperator") {
        return None;
    }
    rest = rest.trim_start_matches('*').trim_start();
    let name = match group(rest) {
        Some((inside, after)) => {
            rest = after;
            inside.trim().strip_prefix('\\')?
        }
        None => {
            let (name, after) = self::word(rest)?;
            rest = after;
            name
        }
    };
    let mut own = Macro { arguments: 0, default: None, body: String::new() };
    if word == "def" {
        let end = rest.find('{').filter(|end| *end <= 40)?;
        own.arguments = rest.get(..end)?.matches('#').count();
        rest = rest.get(end..)?;
    } else {
        if let Some((count, after)) = bracket(rest.trim_start()) {
            own.arguments = count.trim().parse().ok().filter(|count| *count <= 9)?;
            rest = after;
            if let Some((default, after)) = bracket(rest.trim_start()) {
                own.default = Some(default.to_owned());
                rest = after;
            }
        }
    }
    let (body, after) = group(rest.trim_start())?;
    own.body = if is_operator { format!("\\operatorname{{{body}}}") } else { body.to_owned() };
    Some((name, own, text.len() - after.len()))
}

fn round(text: &str, known: &HashMap<String, Macro>, most: usize) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut failed = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let own = word(rest).and_then(|(name, after)| Some((known.get(name)?, after)));
        let replaced = own.filter(|_| failed < MOST_FAILED).and_then(|(own, after)| used(own, after));
        failed += usize::from(own.is_some() && replaced.is_none());
        match replaced {
            Some((body, after)) => {
                changed = true;
                out.push_str(&body);
                rest = after;
                if out.len() > most {
                    break;
                }
            }
            None => {
                let step = 1 + rest.get(1..).and_then(|after| after.chars().next()).map_or(0, char::len_utf8);
                out.push_str(rest.get(..step).unwrap_or_default());
                rest = rest.get(step..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    (out, changed)
}

/// A command's body with its arguments, and what follows.
fn used<'t>(own: &Macro, after: &'t str) -> Option<(String, &'t str)> {
    let mut rest = after;
    let mut arguments: Vec<&str> = Vec::new();
    if let Some(default) = &own.default {
        match bracket(rest.trim_start()) {
            Some((given, after)) => {
                arguments.push(given);
                rest = after;
            }
            // Only borrowed as long as the body is made.
            None => return used_with(own, vec![default.as_str()], rest),
        }
    }
    used_with(own, arguments, rest)
}

fn used_with<'t>(own: &Macro, first: Vec<&str>, after: &'t str) -> Option<(String, &'t str)> {
    let mut rest = after;
    let mut arguments: Vec<String> = first.into_iter().map(str::to_owned).collect();
    while arguments.len() < own.arguments {
        let (inside, after) = group(rest.trim_start())?;
        arguments.push(inside.to_owned());
        rest = after;
    }
    let mut body = String::with_capacity(own.body.len());
    let mut letters = own.body.chars().peekable();
    while let Some(letter) = letters.next() {
        let place = if letter == '#' { letters.peek().and_then(|next| next.to_digit(10)) } else { None };
        match place.and_then(|place| usize::try_from(place).ok()).filter(|place| *place >= 1) {
            Some(place) => {
                letters.next();
                body.push_str(arguments.get(place - 1).map_or("", String::as_str));
            }
            None => body.push(letter),
        }
    }
    // A letter right behind must not become part of a command's name.
    let glued = body.ends_with(|last: char| last.is_ascii_alphabetic()) && rest.starts_with(|next: char| next.is_ascii_alphabetic());
    if glued {
        body.push(' ');
    }
    Some((body, rest))
}

/// The command a text begins with, without its backslash.
fn word(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('\\')?;
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    (length > 0).then(|| rest.split_at(length))
}

/// Longest argument of a command, in bytes.
const LONGEST: usize = 20_000;

fn group(text: &str) -> Option<(&str, &str)> {
    balanced(text, b'{', b'}')
}

fn bracket(text: &str) -> Option<(&str, &str)> {
    balanced(text, b'[', b']')
}

fn balanced(text: &str, open: u8, close: u8) -> Option<(&str, &str)> {
    if text.as_bytes().first() != Some(&open) {
        return None;
    }
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            own if own == open => depth += 1,
            own if own == close => {
                depth -= 1;
                if depth == 0 {
                    return Some((text.get(1..at)?, text.get(at + 1..)?));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_commands_are_replaced_with_their_arguments() {
        for (text, expected) in [
            (r"\newcommand{\R}{\mathbb{R}}$x\in\R$", r"$x\in\mathbb{R}$"),
            (r"\newcommand\f[2]{\dfrac{#1}{#2}}\f{1}{2}", r"\dfrac{1}{2}"),
            (r"\newcommand{\g}[2][x]{#1+#2}\g{y}\g[a]{b}", "x+ya+b"),
            (r"\def\hai#1{#1#1}\hai{ab}", "abab"),
            (r"\DeclareMathOperator{\tg}{tan}\tg x", r"\operatorname{tan} x"),
            (r"\heva{&a\\&b}", r"\left\{\begin{aligned}&a\\&b\end{aligned}\right."),
            (r"\renewcommand{\choice}{}\choice{1}", r"\choice{1}"),
        ] {
            assert_eq!(expanded(text), (expected.to_owned(), Expansion::Whole), "{text}");
        }
    }

    #[test]
    fn commands_that_never_end_are_given_up() {
        let (text, how) = expanded(r"\newcommand{\a}{\a\a\a\a\a\a\a\a\a\a}\a");
        assert!(how == Expansion::GaveUp && text.len() < 3 << 20);
    }
}

//! Letters, formulas, pictures and gaps of one line, written and read.

use crate::model::Media;
use crate::rich::{Inline, Marks, MathDisplay, MediaKind, Script};

/// Signs that mean something inside a line.
const SIGNS: [char; 8] = ['\\', '$', '<', '!', '[', '|', ']', BREAK];
/// Signs that mean something before or behind others; a backslash takes them that too.
const SOMETIMES: [char; 3] = ['_', '^', '}'];
/// A new line in the same paragraph.
const BREAK: char = '↵';

/// Deepest link or mark inside another.
const DEEPEST: usize = 8;

/// Writes the pieces of a paragraph.
pub(super) fn print(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text, marks) => marked(*marks, out, |out| match marks.script {
                Script::Normal => letters(text, out),
                Script::Sub => script('_', text, out),
                Script::Super => script('^', text, out),
            }),
            Inline::Math { latex, display } => {
                let dollars = match display {
                    MathDisplay::Inline => "$",
                    MathDisplay::Block => "$$",
                };
                out.push_str(dollars);
                formula(latex.trim(), out);
                out.push_str(dollars);
            }
            Inline::Media { id, alt, width, .. } => {
                out.push_str("![");
                letters(id, out);
                if !alt.is_empty() || width.is_some() {
                    out.push('|');
                    letters(alt, out);
                }
                if let Some(width) = width {
                    out.push_str(&format!("|{width}"));
                }
                out.push(']');
            }
            Inline::Blank(number) => out.push_str(&format!("[[{number}]]")),
            Inline::Break => out.push(BREAK),
            Inline::Link { href, content } => {
                out.push_str("<a ");
                out.push_str(&href.replace('>', "%3E").replace(['\n', '\r'], ""));
                out.push('>');
                print(content, out);
                out.push_str("</a>");
            }
        }
    }
}

/// A dollar inside a formula keeps its backslash; a formula is one line.
fn formula(latex: &str, out: &mut String) {
    let mut escaped = false;
    for letter in latex.chars() {
        if letter == '$' && !escaped {
            out.push('\\');
        }
        escaped = letter == '\\' && !escaped;
        out.push(if matches!(letter, '\n' | '\r') { ' ' } else { letter });
    }
    // A backslash at the end would take the closing dollar its meaning.
    if escaped {
        out.push(' ');
    }
}

fn letters(text: &str, out: &mut String) {
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' | '\r' | '\t' => out.push(' '),
            letter => {
                // A script begins with its brace, which may stand in the next piece.
                let script = matches!(letter, '_' | '^') && letters.peek().is_none_or(|next| *next == '{');
                if SIGNS.contains(&letter) || script {
                    out.push('\\');
                }
                out.push(letter);
            }
        }
    }
}

/// Lowered or raised letters: `H_{2}O`, `x^{2}`.
fn script(sign: char, text: &str, out: &mut String) {
    let mut inside = String::new();
    letters(text, &mut inside);
    out.extend([sign, '{']);
    out.push_str(&inside.replace('}', "\\}"));
    out.push('}');
}

fn tags(marks: Marks) -> Vec<&'static str> {
    [
        marks.bold.then_some("b"),
        marks.italic.then_some("i"),
        marks.underline.then_some("u"),
        marks.strike.then_some("s"),
        marks.code.then_some("code"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn marked(marks: Marks, out: &mut String, write: impl FnOnce(&mut String)) {
    let tags = tags(marks);
    tags.iter().for_each(|tag| out.push_str(&format!("<{tag}>")));
    write(out);
    tags.iter().rev().for_each(|tag| out.push_str(&format!("</{tag}>")));
}

/// Reads a line.
pub(super) struct Reader<'a> {
    media: &'a [Media],
}

impl<'a> Reader<'a> {
    pub fn new(media: &'a [Media]) -> Self {
        Self { media }
    }

    /// The pieces of a line.
    pub fn read(&self, text: &str) -> Vec<Inline> {
        let mut rest = text;
        self.until(&mut rest, None, 0)
    }

    fn until(&self, rest: &mut &str, close: Option<&str>, depth: usize) -> Vec<Inline> {
        let mut out = Vec::new();
        let mut plain = String::new();
        let mut marks = Marks::default();
        let mut braced = false;
        while let Some(letter) = rest.chars().next() {
            if braced && letter == '}' {
                push(&mut out, &mut plain, marks);
                (marks.script, braced) = (Script::Normal, false);
                *rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            if let Some(script) = script_begins(rest).filter(|_| !braced) {
                push(&mut out, &mut plain, marks);
                (marks.script, braced) = (script, true);
                *rest = rest.get(2..).unwrap_or_default();
                continue;
            }
            if close.is_some_and(|close| rest.starts_with(close)) {
                break;
            }
            if let Some((piece, length)) = self.piece(rest, depth) {
                push(&mut out, &mut plain, marks);
                out.push(piece);
                *rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            if let Some((change, length)) = mark(rest) {
                push(&mut out, &mut plain, marks);
                change.apply(&mut marks);
                *rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            let mut length = letter.len_utf8();
            if letter == '\\'
                && let Some(next) = rest.chars().nth(1).filter(|next| SIGNS.contains(next) || SOMETIMES.contains(next))
            {
                plain.push(next);
                length += next.len_utf8();
            } else {
                plain.push(letter);
            }
            *rest = rest.get(length..).unwrap_or_default();
        }
        push(&mut out, &mut plain, marks);
        out
    }

    /// A formula, picture, gap, break or link at the beginning, and how long it is.
    fn piece(&self, text: &str, depth: usize) -> Option<(Inline, usize)> {
        if text.starts_with('$') {
            return math(text);
        }
        if let Some(sign) = ["<br>", "↵"].iter().find(|sign| text.starts_with(**sign)) {
            return Some((Inline::Break, sign.len()));
        }
        if let Some(inner) = text.strip_prefix("[[") {
            let digits = inner.bytes().take(9).take_while(u8::is_ascii_digit).count();
            let end = inner.get(digits..)?.starts_with("]]").then_some(digits)?;
            return Some((Inline::Blank(inner.get(..end)?.parse().ok()?), end + 4));
        }
        if let Some(inner) = text.strip_prefix("![") {
            return self.picture(inner).map(|(piece, length)| (piece, length + 2));
        }
        if let Some(inner) = text.strip_prefix("<a ").filter(|_| depth < DEEPEST) {
            let end = near(inner).find('>')?;
            let href = inner.get(..end)?.to_owned();
            let known = ["http://", "https://", "mailto:"].iter().any(|scheme| href.starts_with(scheme));
            let mut rest = inner.get(end + 1..)?;
            if !known || !near(rest).contains("</a>") {
                return None;
            }
            let content = self.until(&mut rest, Some("</a>"), depth + 1);
            let rest = rest.strip_prefix("</a>")?;
            return Some((Inline::Link { href, content }, text.len() - rest.len()));
        }
        None
    }

    fn picture(&self, inner: &str) -> Option<(Inline, usize)> {
        let end = unescaped_within(inner, ']', NEAR)?;
        let inside = inner.get(..end)?;
        let mut fields: Vec<String> = Vec::new();
        let mut rest = inside;
        loop {
            match unescaped(rest, '|') {
                Some(at) => {
                    fields.push(bare(rest.get(..at)?));
                    rest = rest.get(at + 1..)?;
                }
                None => {
                    fields.push(bare(rest));
                    break;
                }
            }
        }
        let id = fields.first()?.trim().to_owned();
        let of = self.media.iter().find(|media| media.id == id);
        let sound = of.map_or(id.starts_with("aud"), |media| media.mime.starts_with("audio/"));
        let kind = if sound { MediaKind::Sound } else { MediaKind::Picture };
        let valid =
            !id.is_empty() && id.len() <= 40 && id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
        let piece = Inline::Media {
            id,
            kind,
            alt: fields.get(1).cloned().unwrap_or_default(),
            width: fields.get(2).and_then(|width| width.trim().parse().ok()),
        };
        valid.then_some((piece, end + 1))
    }
}

/// As far as the end of a picture or link is looked for, in letters. Whatever begins without an end costs no
/// more than this, or a line of nothing but beginnings would take minutes.
const NEAR: usize = 2000;
/// The same of a formula.
const FAR: usize = 8000;

fn near(text: &str) -> &str {
    let end = text.char_indices().nth(NEAR).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// Where a sign stands that no backslash took its meaning.
pub(super) fn unescaped(text: &str, sign: char) -> Option<usize> {
    unescaped_within(text, sign, usize::MAX)
}

fn unescaped_within(text: &str, sign: char, most: usize) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in text.char_indices().take(most) {
        if letter == sign && !escaped {
            return Some(at);
        }
        escaped = letter == '\\' && !escaped;
    }
    None
}

fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\\'
            && let Some(next) = letters.next_if(|next| SIGNS.contains(next))
        {
            out.push(next);
            continue;
        }
        out.push(letter);
    }
    out
}

fn math(text: &str) -> Option<(Inline, usize)> {
    let (display, width) = if text.starts_with("$$") { (MathDisplay::Block, 2) } else { (MathDisplay::Inline, 1) };
    let inner = text.get(width..)?;
    let end = unescaped_within(inner, '$', FAR).filter(|end| *end > 0 && *end <= FAR)?;
    let closed = width == 1 || inner.get(end..)?.starts_with("$$");
    let inside = inner.get(..end)?;
    let latex = inside.trim().to_owned();
    let apart = inside.len() != latex.len() && is_sentence(inside);
    (closed && !latex.is_empty() && !apart).then(|| (Inline::Math { latex, display }, width + end + width))
}

/// Words of Vietnamese outside of braces: between the `$` of one formula and that of the next, or of two
/// prices, as in `5$ là 6$`.
fn is_sentence(inside: &str) -> bool {
    let mut depth = 0_usize;
    inside.chars().any(|letter| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && letter.is_alphabetic() && !letter.is_ascii() && !('Α'..='ϖ').contains(&letter)
    })
}

fn push(out: &mut Vec<Inline>, plain: &mut String, marks: Marks) {
    if !plain.is_empty() {
        out.push(Inline::Text(std::mem::take(plain), marks));
    }
}

/// `_{` or `^{`, where the brace is closed.
fn script_begins(text: &str) -> Option<Script> {
    let (script, inner) = match (text.strip_prefix("_{"), text.strip_prefix("^{")) {
        (Some(inner), _) => (Script::Sub, inner),
        (_, Some(inner)) => (Script::Super, inner),
        _ => return None,
    };
    unescaped_within(inner, '}', NEAR).map(|_| script)
}

/// A look that begins or ends.
#[derive(Clone, Copy)]
enum Change {
    On(&'static str),
    Off(&'static str),
}

impl Change {
    fn apply(self, marks: &mut Marks) {
        let (tag, on) = match self {
            Self::On(tag) => (tag, true),
            Self::Off(tag) => (tag, false),
        };
        let script = |script| if on { script } else { Script::Normal };
        match tag {
            "b" => marks.bold = on,
            "i" => marks.italic = on,
            "u" => marks.underline = on,
            "s" => marks.strike = on,
            "code" => marks.code = on,
            "sub" => marks.script = script(Script::Sub),
            _ => marks.script = script(Script::Super),
        }
    }
}

fn mark(text: &str) -> Option<(Change, usize)> {
    let inner = text.strip_prefix('<')?;
    for tag in ["b", "i", "u", "s", "code", "sub", "sup"] {
        let closed = inner.strip_prefix('/').and_then(|inner| inner.strip_prefix(tag)).is_some_and(|rest| rest.starts_with('>'));
        if closed {
            return Some((Change::Off(tag), tag.len() + 3));
        }
        if inner.strip_prefix(tag).is_some_and(|rest| rest.starts_with('>')) {
            return Some((Change::On(tag), tag.len() + 2));
        }
    }
    None
}

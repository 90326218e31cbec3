//! From blocks to items. A block that is no GIFT becomes a fault; the others are not touched by it.

use super::blocks::GiftBlock;
use super::body::body;
use super::scan::{bare, cut, find, format_of, formatted, letters, unescaped};
use super::syntax::{Body, Fault, Formatted, GiftQuestion, Item};
use crate::moodle::TextFormat;

/// An item, or why there is none, with the line.
pub(super) struct Parsed {
    /// The line it begins at, or the fault is in.
    pub line: u32,
    /// What was found.
    pub result: Result<Item, Fault>,
    /// Whether it was parted from the one before by no blank line.
    pub run_on: bool,
}

/// Everything in a block: one question, or a folder and a question, or several that no blank line parts.
pub(super) fn parse(block: &GiftBlock) -> Vec<Parsed> {
    let mut out: Vec<Parsed> = Vec::new();
    let mut from = 0;
    loop {
        let all = block.text.get(from..).unwrap_or_default();
        let text = all.trim_start();
        let start = from + all.len() - text.len();
        if text.is_empty() {
            return out;
        }
        let taken = one(text);
        let at = |offset: usize| block.line_at(start + offset);
        let run_on = matches!(out.last(), Some(Parsed { result: Ok(Item::Question(_)), .. }));
        let is_first = !out.iter().any(|parsed| matches!(parsed.result, Ok(Item::Question(_))));
        let line = at(0);
        out.push(match taken.result {
            Ok(Item::Question(mut question)) => {
                question.line = line;
                if is_first {
                    question.id = block.id.clone();
                    question.tags = block.tags.clone();
                    question.note = block.note.clone();
                }
                question.lenient = block.lenient;
                Parsed { line, result: Ok(Item::Question(question)), run_on }
            }
            Ok(category) => Parsed { line, result: Ok(category), run_on: false },
            Err(fault) => Parsed { line: at(fault.at), result: Err(fault), run_on: false },
        });
        from = start + taken.bytes.max(1);
    }
}

struct Taken {
    result: Result<Item, Fault>,
    /// How much of the text it is.
    bytes: usize,
}

fn one(text: &str) -> Taken {
    if let Some(rest) = text.strip_prefix("$CATEGORY:") {
        let line = rest.lines().next().unwrap_or_default();
        let bytes = text.len() - rest.len() + line.len();
        return Taken { result: Ok(Item::Category(unescaped(line).trim().to_owned())), bytes };
    }
    let (title, rest) = match title(text) {
        Ok(found) => found,
        Err(fault) => return Taken { result: Err(fault), bytes: text.len() },
    };
    let offset = text.len() - rest.len();
    match answers(rest) {
        Braces::None => Taken { result: Ok(Item::Question(Box::new(described(title, rest)))), bytes: text.len() },
        Braces::Open(at) => {
            let message = "dấu { không có dấu } đóng lại. Hãy thêm }, hoặc viết \\{ nếu đó là một chữ.".to_owned();
            let fault = Fault { code: "gift-unclosed", message, at: offset + at };
            Taken { result: Err(fault), bytes: text.len() }
        }
        Braces::Stray(at) => {
            let message = "dấu } không có dấu { mở ra. Hãy thêm {, hoặc viết \\} nếu đó là một chữ.".to_owned();
            Taken { result: Err(Fault { code: "gift-unopened", message, at: offset + at }), bytes: text.len() }
        }
        Braces::Pair(open, close) => {
            let (before, inner, after) =
                (rest.get(..open).unwrap_or_default(), rest.get(open + 1..close).unwrap_or_default(), rest.get(close + 1..));
            let after = after.unwrap_or_default();
            let (after, bytes) = match following(after) {
                Following::Nothing => ("", text.len()),
                Following::Words => (after, text.len()),
                Following::Question(length) => (after.get(..length).unwrap_or_default().trim(), offset + close + 1 + length),
                Following::Braces(at) => {
                    let message = "một câu chỉ có một khối {…}. Hãy tách câu bằng một dòng trống.".to_owned();
                    let fault = Fault { code: "gift-two-answers", message, at: offset + close + 1 + at };
                    return Taken { result: Err(fault), bytes: text.len() };
                }
            };
            let result = asked(title, before, inner, after).map(|question| Item::Question(Box::new(question)));
            Taken { result: result.map_err(|fault| Fault { at: offset + open, ..fault }), bytes }
        }
    }
}

fn title(text: &str) -> Result<(Option<String>, &str), Fault> {
    let Some(rest) = text.strip_prefix("::") else { return Ok((None, text)) };
    match cut(rest, "::") {
        Some((title, rest)) => {
            let title = letters(title, TextFormat::Moodle);
            Ok((Some(title).filter(|title| !title.is_empty()), rest))
        }
        None => {
            let message = "tên câu bắt đầu bằng :: mà không kết thúc bằng ::.".to_owned();
            Err(Fault { code: "gift-title", message, at: 0 })
        }
    }
}

enum Braces {
    None,
    Pair(usize, usize),
    Open(usize),
    Stray(usize),
}

/// The first pair of braces; braces inside it, if each is closed, are letters.
fn answers(text: &str) -> Braces {
    let (mut open, mut depth) = (None, 0_usize);
    for (at, byte) in bare(text) {
        match (byte, open) {
            (b'{', _) => {
                open = open.or(Some(at));
                depth += 1;
            }
            (b'}', None) => return Braces::Stray(at),
            (b'}', Some(start)) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Braces::Pair(start, at);
                }
            }
            _ => {}
        }
    }
    open.map_or(Braces::None, Braces::Open)
}

enum Following {
    /// The question is over.
    Nothing,
    /// Words that go on with the sentence.
    Words,
    /// Another question, on a line of its own; what ends this one is so long.
    Question(usize),
    /// Braces again.
    Braces(usize),
}

fn following(after: &str) -> Following {
    if after.trim().is_empty() {
        return Following::Nothing;
    }
    let line = after.split('\n').next().unwrap_or_default();
    let own_line = matches!(line.trim(), "" | "." | "?" | "!") && line.len() < after.len();
    let next = after.trim_start_matches(['.', '?', '!']).trim_start();
    match find(after, "{") {
        Some(_) if own_line => Following::Question(line.len()),
        Some(at) => Following::Braces(at),
        None if own_line && (next.starts_with("::") || next.starts_with("$CATEGORY:")) => Following::Question(line.len()),
        None => Following::Words,
    }
}

fn blank(title: Option<String>, stem: Formatted, body: Body) -> GiftQuestion {
    GiftQuestion { line: 0, id: None, tags: Vec::new(), note: None, title, stem, embedded: false, body, general: None, lenient: false }
}

fn described(title: Option<String>, text: &str) -> GiftQuestion {
    blank(title, formatted(text, TextFormat::Moodle), Body::Description)
}

/// What stands for the answers in the middle of a sentence, as Moodle shows it.
const GAP: &str = "_____";

fn asked(title: Option<String>, before: &str, inner: &str, after: &str) -> Result<GiftQuestion, Fault> {
    let (own, before) = format_of(before);
    let (later, after) = if own.is_none() && before.trim().is_empty() { format_of(after) } else { (None, after) };
    let format = own.or(later).unwrap_or_default();
    let (start, end) = (letters(before, format), letters(after, format));
    let embedded = !end.is_empty();
    let text = match (start.is_empty(), embedded) {
        (_, false) => start,
        (true, true) => format!("{GAP} {end}"),
        (false, true) => format!("{start} {GAP} {end}"),
    };
    let (inner, general) = match find(inner, "####") {
        Some(at) => (inner.get(..at).unwrap_or_default(), inner.get(at + 4..)),
        None => (inner, None),
    };
    let general = general.and_then(|general| super::scan::feedback(general, format));
    let body = body(inner, format)?;
    Ok(GiftQuestion { embedded, general, ..blank(title, Formatted { format, text }, body) })
}

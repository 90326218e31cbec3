//! GIFT as people type it: formulas and tags whose `{`, `}`, `=`, `~` and `#` have no backslash.
//! They get theirs here, so that the parser has only GIFT proper to read.

use std::borrow::Cow;

use crate::moodle::tags::{Comments, tag_length};

/// Longest formula looked for, in bytes.
const LONGEST: usize = 2000;

/// The text with backslashes where they were forgotten.
pub(super) struct Mended<'a> {
    /// GIFT proper.
    pub text: Cow<'a, str>,
    /// Whether formulas got theirs: a doubt, for what was meant is only nearly certain.
    pub formulas: bool,
}

pub(super) fn mended(text: &str) -> Mended<'_> {
    if !text.contains(['<', '$', '&']) && !text.contains("\\(") && !text.contains("\\[") {
        return Mended { text: Cow::Borrowed(text), formulas: false };
    }
    let mut out = String::with_capacity(text.len() + 16);
    let (mut rest, mut formulas, mut before) = (text, false, ' ');
    let mut comments = Comments::default();
    while let Some(first) = rest.chars().next() {
        let length = piece(rest, before, &mut comments);
        let (piece, tail) = rest.split_at(length.bytes);
        match length.kind {
            Kind::Formula if needs(piece) => {
                formulas = true;
                escape_all(piece, &mut out);
            }
            Kind::Tag if needs(piece) => escape_missing(piece, &mut out),
            _ => out.push_str(piece),
        }
        before = piece.chars().next_back().unwrap_or(first);
        rest = tail;
    }
    Mended { text: Cow::Owned(out), formulas }
}

enum Kind {
    Letters,
    Formula,
    Tag,
}

struct Piece {
    kind: Kind,
    bytes: usize,
}

/// What a text begins with. `before` is the letter before it.
fn piece(text: &str, before: char, comments: &mut Comments) -> Piece {
    let letters = |bytes| Piece { kind: Kind::Letters, bytes };
    let first = text.chars().next().unwrap_or(' ');
    match first {
        '\\' => match formula_between(text, "\\(", "\\)").or_else(|| formula_between(text, "\\[", "\\]")) {
            Some(bytes) => Piece { kind: Kind::Formula, bytes },
            None => letters(1 + text.chars().nth(1).map_or(0, char::len_utf8)),
        },
        '$' if text.starts_with("$$") => match formula_between(text, "$$", "$$") {
            Some(bytes) => Piece { kind: Kind::Formula, bytes },
            None => letters(2),
        },
        '$' if !before.is_alphanumeric() => dollars(text).map_or(letters(1), |bytes| Piece { kind: Kind::Formula, bytes }),
        '<' => comments.length(text).or_else(|| tag_length(text)).map_or(letters(1), |bytes| Piece { kind: Kind::Tag, bytes }),
        '&' => entity(text).map_or(letters(1), |bytes| Piece { kind: Kind::Tag, bytes }),
        other => letters(other.len_utf8()),
    }
}

fn near(text: &str) -> &str {
    let line = text.split('\n').next().unwrap_or_default();
    &line[..line.floor_char_boundary(LONGEST)]
}

fn formula_between(text: &str, open: &str, close: &str) -> Option<usize> {
    let inner = near(text.strip_prefix(open)?);
    let end = inner.find(close)?;
    let latex = inner.get(..end)?;
    (balanced(latex) && !latex.trim().is_empty() && !latex.contains(open) && !has_tag(latex)).then_some(open.len() + end + close.len())
}

/// `$…$` that can be nothing but a formula: no price, no variable of a program.
fn dollars(text: &str) -> Option<usize> {
    let inner = near(text.strip_prefix('$')?);
    let end = inner.find('$')?;
    let latex = inner.get(..end)?;
    let closes = latex.ends_with(|last: char| !last.is_whitespace() && !matches!(last, '=' | '~' | '\\'));
    let opens = latex.starts_with(|first: char| !first.is_whitespace());
    let free = !inner.get(end + 1..)?.starts_with(char::is_alphanumeric);
    (opens && closes && free && balanced(latex) && !has_tag(latex) && !latex.contains('~') && !latex.contains("->")).then_some(end + 2)
}

/// A formula lies in one text; a tag parts two.
fn has_tag(latex: &str) -> bool {
    latex.match_indices('<').any(|(at, _)| latex.get(at..).and_then(tag_length).is_some())
}

/// `&#39;`.
fn entity(text: &str) -> Option<usize> {
    let number = text.strip_prefix("&#")?;
    let end = number.bytes().take(8).position(|byte| byte == b';')?;
    let digits = number.get(..end)?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'x' | b'X'))).then_some(end + 3)
}

fn balanced(latex: &str) -> bool {
    let (mut depth, mut escaped) = (0_i32, false);
    for letter in latex.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Whether a sign of GIFT stands there without its backslash.
fn needs(piece: &str) -> bool {
    let mut escaped = false;
    piece.chars().any(|letter| {
        let bare = !escaped && matches!(letter, '{' | '}' | '=' | '~' | '#');
        escaped = !escaped && letter == '\\';
        bare
    })
}

/// Who forgets one backslash in a formula has not written any: each one there is LaTeX's.
fn escape_all(piece: &str, out: &mut String) {
    for letter in piece.chars() {
        if matches!(letter, '{' | '}' | '=' | '~' | '#' | ':' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
}

fn escape_missing(piece: &str, out: &mut String) {
    let mut escaped = false;
    for letter in piece.chars() {
        if !escaped && matches!(letter, '{' | '}' | '=' | '~' | '#') {
            out.push('\\');
        }
        escaped = !escaped && letter == '\\';
        out.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn forgotten_backslashes_are_put_where_nothing_else_can_be_meant() {
        for (text, expected) in [
            ("Tính $\\frac{1}{2}$ {=0,5}", "Tính $\\\\frac\\{1\\}\\{2\\}$ {=0,5}"),
            ("{=\\(x=1\\) ~\\(x=2\\)}", "{=\\\\(x\\=1\\\\) ~\\\\(x\\=2\\\\)}"),
            ("giá 5$ {=$5 ~$6 =$7}", "giá 5$ {=$5 ~$6 =$7}"),
            ("{=$a =$b ~$c}", "{=$a =$b ~$c}"),
            ("<p style=\"color:#f00\">x</p>{=a}", "<p style\\=\"color:\\#f00\">x</p>{=a}"),
            ("a &#39; b", "a &\\#39; b"),
            ("$x\\=\\{1\\}$", "$x\\=\\{1\\}$"),
        ] {
            assert_eq!(mended(text).text, expected, "{text}");
        }
    }
}

//! Which `<` begins a tag, and which is a sign between two letters.

/// Elements people write by hand or editors put into questions.
const NAMES: &[&str] = &[
    "a",
    "abbr",
    "audio",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figcaption",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "math",
    "mark",
    "nolink",
    "object",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
];

/// Finds comments. Where one has no end none after it has, and the text need not be searched again.
#[derive(Default)]
pub(crate) struct Comments {
    none_ends: bool,
}

impl Comments {
    /// The length of the comment a text begins with.
    pub fn length(&mut self, text: &str) -> Option<usize> {
        let comment = text.strip_prefix("<!--").filter(|_| !self.none_ends)?;
        let end = comment.find("-->");
        self.none_ends = end.is_none();
        end.map(|end| end + 7)
    }
}

/// The length of the tag a text begins with.
pub(crate) fn tag_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = if text.starts_with("</") { 2 } else { 1 };
    let name = run(bytes, at, |byte| byte.is_ascii_alphanumeric());
    let word = text.get(at..name)?.to_ascii_lowercase();
    // MathML has too many names to list, and none that is a letter people compare.
    let is_mathml = word.starts_with('m') && word.len() > 1;
    if !is_mathml && !NAMES.contains(&word.as_str()) {
        return None;
    }
    at = name;
    loop {
        let spaced = run(bytes, at, |byte| byte.is_ascii_whitespace());
        match bytes.get(spaced)? {
            b'>' => return Some(spaced + 1),
            b'/' => at = spaced + 1,
            byte if spaced > at && (byte.is_ascii_alphabetic() || *byte == b'_') => at = attribute(bytes, spaced)?,
            _ => return None,
        }
    }
}

fn attribute(bytes: &[u8], from: usize) -> Option<usize> {
    let name = run(bytes, from, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_' | b'.'));
    // GIFT writes `\=`.
    let sign = if bytes.get(name) == Some(&b'\\') { name + 1 } else { name };
    if bytes.get(sign) != Some(&b'=') {
        return (sign == name).then_some(name);
    }
    let value = sign + 1;
    match bytes.get(value)? {
        quote @ (b'"' | b'\'') => {
            let end = run(bytes, value + 1, |byte| byte != *quote && byte != b'<');
            (bytes.get(end) == Some(quote)).then_some(end + 1)
        }
        _ => {
            let end = run(bytes, value, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'<' | b'~' | b'{' | b'}'));
            (end > value).then_some(end)
        }
    }
}

fn run(bytes: &[u8], from: usize, fits: impl Fn(u8) -> bool) -> usize {
    from + bytes.iter().skip(from).take_while(|byte| fits(**byte)).count()
}

/// HTML in which every `<` that begins no tag is a letter.
pub(crate) fn escape_stray(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut comments = Comments::default();
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = comments.length(from).or_else(|| tag_length(from));
        let (piece, written) = match length {
            Some(length) => (length, from.get(..length).unwrap_or_default()),
            None => (1, "&lt;"),
        };
        out.push_str(written);
        rest = from.get(piece..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Whether a line ends with, or the next begins with, a tag or nothing.
pub(crate) fn is_near_tag(before: &str, after: &str) -> bool {
    before.trim_end().ends_with('>') || after.trim_start().starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::{escape_stray, tag_length};

    #[test]
    fn tags_and_comparisons_are_told_apart() {
        for (text, length) in [
            ("<b>x", Some(3)),
            ("</p> x", Some(4)),
            ("<br/>", Some(5)),
            ("<img src=\"a>b.png\" width=40>x", Some(28)),
            ("<b và c>d", None),
            ("<x>", None),
            ("<p", None),
            ("<a \"", None),
        ] {
            assert_eq!(tag_length(text), length, "{text}");
        }
        assert_eq!(escape_stray("a<b<!-- < --><p><!-- "), "a&lt;b<!-- < --><p>&lt;!-- ");
    }
}

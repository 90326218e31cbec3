//! The four text formats of Moodle and of GIFT, and what each makes of letters.

use pulldown_cmark::{Event, Options, Parser};
use unicode_normalization::UnicodeNormalization as _;

use super::tags::{escape_stray, is_near_tag};
use crate::rich::{Block, HtmlContext, Marks, Rich, escape_html, from_html, tex_in_letters};

/// How the letters of a text are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextFormat {
    /// Moodle's own: HTML where there are tags, and line ends count.
    #[default]
    Moodle,
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
    /// Letters and nothing else.
    Plain,
}

impl TextFormat {
    /// From the word between brackets in GIFT.
    #[must_use]
    pub fn of_gift(word: &str) -> Option<Self> {
        Some(match word {
            "moodle" => Self::Moodle,
            "html" => Self::Html,
            "markdown" => Self::Markdown,
            "plain" => Self::Plain,
            _ => return None,
        })
    }

    /// From the `format` attribute of Moodle XML.
    #[must_use]
    pub fn of_xml(word: Option<&str>) -> Self {
        match word.unwrap_or("html") {
            "moodle_auto_format" | "moodle" | "auto" => Self::Moodle,
            "plain_text" | "plain" => Self::Plain,
            "markdown" => Self::Markdown,
            _ => Self::Html,
        }
    }

    /// As the word between brackets in GIFT.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Moodle => "moodle",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Plain => "plain",
        }
    }

    /// The text as a tree.
    pub fn rich(self, text: &str, context: &mut HtmlContext<'_>) -> Rich {
        match self {
            Self::Html => from_html(text, context),
            Self::Moodle => from_html(&moodle_html(text), context),
            Self::Markdown => from_html(&markdown_html(text), context),
            Self::Plain => Rich::plain(&text.nfc().collect::<String>()),
        }
    }
}

/// Letters that may hold formulas and nothing else: the right sides of matching.
pub(crate) fn letters_with_formulas(text: &str) -> Rich {
    let composed: String = text.nfc().collect();
    let lines = composed.lines().map(str::trim).filter(|line| !line.is_empty());
    Rich { blocks: lines.map(|line| Block::Paragraph(tex_in_letters(line, Marks::default()))).collect() }
}

/// A line end beside a tag is how the source was laid out; any other is meant.
fn moodle_html(text: &str) -> String {
    let text = escape_stray(text);
    let mut out = String::with_capacity(text.len());
    let lines: Vec<&str> = text.split('\n').collect();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            let before = lines.get(at - 1).copied().unwrap_or_default();
            out.push_str(if is_near_tag(before, line) { "\n" } else { "<br>" });
        }
        out.push_str(line);
    }
    out
}

fn markdown_html(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    let source = dollars_for_brackets(text);
    let events = Parser::new_ext(&source, options).map(|event| match event {
        Event::InlineMath(latex) => Event::InlineHtml(math_span(&latex, "").into()),
        Event::DisplayMath(latex) => Event::InlineHtml(math_span(&latex, " data-display=\"block\"").into()),
        other => other,
    });
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, events);
    out
}

fn math_span(latex: &str, more: &str) -> String {
    let mut out = String::from("<span data-math=\"");
    escape_html(latex.trim(), &mut out);
    out.push('"');
    out.push_str(more);
    out.push_str("></span>");
    out
}

/// Markdown takes `\(` for a bracket; as dollars the formula is left alone.
fn dollars_for_brackets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let piece = match bracketed(from) {
            Some((latex, dollars, length)) => {
                out.push_str(dollars);
                out.push_str(latex.trim());
                out.push_str(dollars);
                length
            }
            None => {
                out.push('\\');
                1
            }
        };
        rest = from.get(piece..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Longest formula looked for, in bytes.
const LONGEST: usize = 4000;

fn bracketed(text: &str) -> Option<(&str, &'static str, usize)> {
    let (inner, close, dollars) =
        text.strip_prefix("\\(").map(|inner| (inner, "\\)", "$")).or_else(|| text.strip_prefix("\\[").map(|inner| (inner, "\\]", "$$")))?;
    let near = &inner[..inner.floor_char_boundary(LONGEST)];
    let end = near.find(close)?;
    let latex = near.get(..end).filter(|latex| !latex.contains(['\n', '$']) && !latex.trim().is_empty())?;
    Some((latex, dollars, end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rich::Tex;

    fn shown(format: TextFormat, text: &str) -> String {
        format.rich(text, &mut HtmlContext::foreign(Tex::InLetters, |_, _| None)).to_html()
    }

    #[test]
    fn each_format_reads_letters_its_own_way() {
        for (format, text, html) in [
            (TextFormat::Moodle, "a < b và c > d", "<p>a &lt; b và c &gt; d</p>"),
            (TextFormat::Moodle, "a<b và c>d", "<p>a&lt;b và c&gt;d</p>"),
            (TextFormat::Moodle, "một\n<b>hai</b> ba\nbốn", "<p>một <strong>hai</strong> ba<br>bốn</p>"),
            (TextFormat::Html, "<p>H<sub>2</sub>O</p>", "<p>H<sub>2</sub>O</p>"),
            (TextFormat::Markdown, "**a** và $x_1*y_2*z$", "<p><strong>a</strong> và <span data-math=\"x_1*y_2*z\"></span></p>"),
            (TextFormat::Markdown, "\\(a_1\\) \\[b", "<p><span data-math=\"a_1\"></span> [b</p>"),
            (TextFormat::Plain, "<b>x</b>\n$y$", "<p>&lt;b&gt;x&lt;/b&gt;</p><p>$y$</p>"),
        ] {
            assert_eq!(shown(format, text), html, "{format:?} {text}");
        }
    }
}

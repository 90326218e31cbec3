//! Texts as GIFT writes them.

use crate::model::Paper;
use crate::moodle::TextFormat;
use crate::moodle::html::{HtmlWriter, Pictures};
use crate::rich::{Block, Inline, Marks, Rich};

/// Writes the texts of a paper.
pub(super) struct Letters<'a> {
    html: HtmlWriter<'a>,
}

/// The text of a question.
pub(super) struct Stem {
    /// With its format in front, if it needs one.
    pub text: String,
    /// What its answers take over.
    pub format: TextFormat,
}

impl<'a> Letters<'a> {
    pub fn new(paper: &'a Paper) -> Self {
        Self { html: HtmlWriter::new(paper, Pictures::Inside) }
    }

    /// The text of a question.
    pub fn stem(&mut self, rich: &Rich) -> Stem {
        match simple(rich) {
            Some(text) => Stem { text: escaped(text), format: TextFormat::Moodle },
            None if rich.is_empty() => Stem { text: String::new(), format: TextFormat::Moodle },
            None => Stem { text: format!("[html]{}", escaped(&self.html.text(rich).html)), format: TextFormat::Html },
        }
    }

    /// An option, a feedback, the left side of a pair.
    pub fn part(&mut self, rich: &Rich, around: TextFormat) -> String {
        match simple(rich) {
            Some(text) => escaped(text),
            None if rich.is_empty() => String::new(),
            None => {
                let mark = if around == TextFormat::Html { "" } else { "[html]" };
                format!("{mark}{}", escaped(&self.html.text(rich).html))
            }
        }
    }

    /// Letters and nothing else.
    pub fn plain(&self, text: &str) -> String {
        escaped(text)
    }

    /// A short answer.
    pub fn answer(&self, text: &str, around: TextFormat) -> String {
        // In GIFT an arrow makes pairs, and nothing keeps it from doing so.
        if text.contains("->") {
            let mut html = String::new();
            crate::rich::escape_html(text, &mut html);
            return format!("[html]{}", escaped(&html));
        }
        let as_it_is = is_even(text) && !text.starts_with(['[', '%']) && !(around == TextFormat::Html && text.contains(['<', '&']));
        let mark = if as_it_is { "" } else { "[plain]" };
        format!("{mark}{}", escaped(text))
    }

    /// Ids of media asked for that have no bytes.
    pub fn take_missing(&mut self) -> Vec<String> {
        self.html.take_missing()
    }
}

/// The letters of a text that is nothing else, and is read back as it was without being HTML.
fn simple(rich: &Rich) -> Option<&str> {
    let [Block::Paragraph(inlines)] = rich.blocks.as_slice() else { return None };
    let [Inline::Text(text, marks)] = inlines.as_slice() else { return None };
    let plain = *marks == Marks::default() && !text.contains(['<', '&', '$', '\\']) && !text.contains("->");
    let begins = text.starts_with(['[', '%', '/', '$']);
    (plain && !begins && is_even(text)).then_some(text)
}

/// No white space but single spaces between words, so that lines may be laid out anew.
fn is_even(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
        && !text.chars().any(|letter| letter.is_control() || (letter.is_whitespace() && letter != ' '))
}

/// A backslash before each sign of GIFT; line ends as `\n`.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '~' | '=' | '#' | '{' | '}' | ':' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            // `\n` and the letters after it might be taken for LaTeX.
            '\n' if letters.peek().is_some_and(char::is_ascii_alphabetic) && text.contains('<') => out.push_str("&\\#10;"),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            other => out.push(other),
        }
    }
    out
}

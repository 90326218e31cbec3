//! Moodle's question bank as XML, and what GIFT has in common with it.

pub(crate) mod category;
pub(crate) mod extras;
pub(crate) mod files;
mod format;
pub(crate) mod numbers;
pub(crate) mod statements;
pub(crate) mod tags;

pub use format::TextFormat;
pub(crate) use format::letters_with_formulas;

use crate::rich::{HtmlContext, from_html};

/// The letters of HTML: short answers have nothing else.
pub(crate) fn html_letters(html: &str) -> String {
    if html.contains(['<', '&']) { from_html(html, &mut HtmlContext::ours()).to_text() } else { html.trim().to_owned() }
}

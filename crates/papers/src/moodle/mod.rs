//! Moodle's question bank as XML, and what GIFT has in common with it.

pub(crate) mod category;
mod cloze_out;
mod cloze_syntax;
pub(crate) mod extras;
pub(crate) mod files;
mod format;
mod gaps;
pub(crate) mod html;
mod kinds;
pub(crate) mod numbers;
mod read;
mod settings;
pub(crate) mod statements;
pub(crate) mod tags;
mod write;
pub(crate) mod write_kinds;
mod xml_out;

pub use format::TextFormat;
pub(crate) use format::letters_with_formulas;
pub use read::read;
pub use write::write;

use crate::rich::{HtmlContext, from_html};

/// The letters of HTML: short answers have nothing else.
pub(crate) fn html_letters(html: &str) -> String {
    if html.contains(['<', '&']) { from_html(html, &mut HtmlContext::ours()).to_text() } else { html.trim().to_owned() }
}

//! Accents, bars, braces, boxes, phantoms.

use crate::xml::Element;

use super::scripts::long_arrow;
use super::{Writer, is_on, setting};
use crate::math::symbols;

impl Writer {
    pub(super) fn accent(&mut self, element: &Element) -> String {
        let base = self.argument(element, "e");
        let base = base.trim();
        let mark = setting(element, "accPr", "chr").unwrap_or("\u{302}");
        // One letter, or one command.
        let single =
            base.chars().count() == 1 || base.strip_prefix('\\').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let command = match (mark, single) {
            ("\u{302}" | "^" | "ˆ", true) => "\\hat",
            ("\u{302}" | "^" | "ˆ", false) => "\\widehat",
            ("\u{303}" | "~" | "˜", true) => "\\tilde",
            ("\u{303}" | "~" | "˜", false) => "\\widetilde",
            ("\u{304}" | "\u{305}" | "¯", true) => "\\bar",
            ("\u{304}" | "\u{305}" | "¯", false) => "\\overline",
            ("\u{332}" | "_", _) => "\\underline",
            ("\u{307}" | "˙", _) => "\\dot",
            ("\u{308}" | "¨", _) => "\\ddot",
            ("\u{20db}", _) => "\\dddot",
            ("\u{301}" | "´", _) => "\\acute",
            ("\u{300}" | "`", _) => "\\grave",
            ("\u{306}" | "˘", _) => "\\breve",
            ("\u{30c}" | "ˇ", _) => "\\check",
            ("\u{20d7}" | "\u{20d1}" | "→", true) => "\\vec",
            ("\u{20d7}" | "\u{20d1}" | "→", false) => "\\overrightarrow",
            ("\u{20d6}" | "\u{20d0}" | "←", _) => "\\overleftarrow",
            ("\u{20e1}" | "↔", _) => "\\overleftrightarrow",
            ("⏞", _) => "\\overbrace",
            ("⏟", _) => "\\underbrace",
            // The arc of a circle.
            ("\u{311}" | "⏜" | "⌢" | "\u{361}", _) => return format!("\\overset{{\\frown}}{{{base}}}"),
            _ => {
                self.unknown.push(format!("acc {mark}"));
                return base.to_owned();
            }
        };
        format!("{command}{{{base}}}")
    }

    pub(super) fn bar(&mut self, element: &Element) -> String {
        let command = if setting(element, "barPr", "pos") == Some("top") { "\\overline" } else { "\\underline" };
        format!("{command}{{{}}}", self.argument(element, "e").trim())
    }

    /// A brace, an arrow, an arc that stretches over or under something.
    pub(super) fn group_character(&mut self, element: &Element) -> String {
        let base = self.argument(element, "e");
        let base = base.trim();
        let mark = setting(element, "groupChrPr", "chr").unwrap_or("⏟");
        let above = setting(element, "groupChrPr", "pos") == Some("top");
        match (mark, above) {
            ("⏟", _) => format!("\\underbrace{{{base}}}"),
            ("⏞", _) => format!("\\overbrace{{{base}}}"),
            ("⏜" | "⌢", true) => format!("\\overset{{\\frown}}{{{base}}}"),
            ("→", true) if !has_words(base) => format!("\\overrightarrow{{{base}}}"),
            ("←", true) if !has_words(base) => format!("\\overleftarrow{{{base}}}"),
            ("↔", true) if !has_words(base) => format!("\\overleftrightarrow{{{base}}}"),
            // The arrow stands below its text: the text is a condition above the arrow.
            _ => match (long_arrow(mark), above) {
                (Some(arrow), false) => format!("{arrow}{{{base}}}"),
                (Some(arrow), true) => format!("{arrow}[{base}]{{}}"),
                (None, _) => {
                    let mark: String =
                        mark.chars().map(|letter| symbols::latex(letter).map_or_else(|| letter.to_string(), str::to_owned)).collect();
                    format!("\\{}set{{{mark}}}{{{base}}}", if above { "over" } else { "under" })
                }
            },
        }
    }

    /// A frame, or lines struck through.
    pub(super) fn bordered(&mut self, element: &Element) -> String {
        let base = self.argument(element, "e");
        let on = |name: &str| is_on(element, "borderBoxPr", name);
        let struck = match (on("strikeBLTR"), on("strikeTLBR"), on("strikeH")) {
            (true, true, _) => format!("\\xcancel{{{base}}}"),
            (true, false, _) => format!("\\cancel{{{base}}}"),
            (false, true, _) => format!("\\bcancel{{{base}}}"),
            (false, false, true) => format!("\\sout{{{base}}}"),
            (false, false, false) => base,
        };
        let open = ["hideTop", "hideBot", "hideLeft", "hideRight"].iter().all(|side| on(side));
        if open { struck } else { format!("\\boxed{{{struck}}}") }
    }

    pub(super) fn phantom(&mut self, element: &Element) -> String {
        let base = self.argument(element, "e");
        let hidden = setting(element, "phantPr", "show").is_some_and(|value| matches!(value, "0" | "off" | "false"));
        if hidden { format!("\\phantom{{{base}}}") } else { base }
    }
}

/// Conditions of a reaction rather than the ends of a vector.
fn has_words(base: &str) -> bool {
    base.contains("\\text") || base.contains("^{\\circ}") || base.contains(',')
}

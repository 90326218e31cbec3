//! Right answers and their weights as QTI declares them.

use std::fmt::Write as _;

use super::markup::escape;
use crate::model::{Answer, Choice, Exact};

/// What an interaction needs outside of the body.
#[derive(Default)]
pub(super) struct Declared {
    pub(super) declaration: String,
    pub(super) rule: String,
}

/// A declaration of a variable.
pub(super) fn declaration(id: &str, cardinality: &str, base: &str, right: &[String], mapping: &str) -> String {
    let mut out = format!("<qti-response-declaration identifier=\"{id}\" cardinality=\"{cardinality}\" base-type=\"{base}\">");
    if !right.is_empty() {
        out.push_str("<qti-correct-response>");
        for value in right {
            let _ = write!(out, "<qti-value>{}</qti-value>", escape(value));
        }
        out.push_str("</qti-correct-response>");
    }
    out.push_str(mapping);
    out.push_str("</qti-response-declaration>");
    out
}

/// Points for the right response: all or nothing.
pub(super) fn match_rule(id: &str, worth: Exact) -> String {
    let given = format!("<qti-match><qti-variable identifier=\"{id}\"/><qti-correct identifier=\"{id}\"/></qti-match>");
    when(&given, &format!("<qti-base-value base-type=\"float\">{worth}</qti-base-value>"))
}

/// Points by the mapping, `worth` for the whole of it.
pub(super) fn map_rule(id: &str, worth: Exact) -> String {
    format!(
        "<qti-set-outcome-value identifier=\"SCORE\"><qti-sum><qti-variable identifier=\"SCORE\"/><qti-product><qti-map-response identifier=\"{id}\"/><qti-base-value base-type=\"float\">{worth}</qti-base-value></qti-product></qti-sum></qti-set-outcome-value>"
    )
}

/// Adds points where a test holds.
pub(super) fn when(test: &str, points: &str) -> String {
    format!(
        "<qti-response-condition><qti-response-if>{test}<qti-set-outcome-value identifier=\"SCORE\"><qti-sum><qti-variable identifier=\"SCORE\"/>{points}</qti-sum></qti-set-outcome-value></qti-response-if></qti-response-condition>"
    )
}

/// A mapping from values to credits.
pub(super) fn mapping<'v>(entries: impl Iterator<Item = (&'v str, Exact)>, case_sensitive: Option<bool>) -> String {
    let mut out = "<qti-mapping default-value=\"0\">".to_owned();
    for (key, value) in entries {
        let _ = write!(out, "<qti-map-entry map-key=\"{}\" mapped-value=\"{value}\"", escape(key));
        if let Some(case) = case_sensitive {
            let _ = write!(out, " case-sensitive=\"{case}\"");
        }
        out.push_str("/>");
    }
    out.push_str("</qti-mapping>");
    out
}

/// The declaration and rule of options.
pub(super) fn of_options(id: &str, several: bool, options: &[Choice], worth: Exact) -> Declared {
    let name = super::item::choice_id;
    let right: Vec<String> =
        options.iter().enumerate().filter(|(_, option)| option.correct == Some(true)).map(|(at, _)| name(at)).collect();
    let weighed = options.iter().any(|option| option.credit.is_some());
    let names: Vec<String> = (0..options.len()).map(name).collect();
    let map = if weighed {
        let entries = names.iter().zip(options).filter_map(|(name, option)| Some((name.as_str(), option.credit?)));
        mapping(entries, None)
    } else {
        String::new()
    };
    Declared {
        declaration: declaration(id, if several { "multiple" } else { "single" }, "identifier", &right, &map),
        rule: if weighed { map_rule(id, worth) } else { match_rule(id, worth) },
    }
}

/// The declaration and rule of typed letters.
pub(super) fn of_letters(id: &str, answers: &[Answer], case_sensitive: Option<bool>, worth: Exact) -> Declared {
    let right: Vec<String> = answers.first().map(|answer| answer.text.clone()).into_iter().collect();
    // Variants, credits and case are a mapping's to say.
    let entries = answers.iter().map(|answer| (answer.text.as_str(), answer.credit.unwrap_or(Exact::ONE)));
    Declared {
        declaration: declaration(
            id,
            "single",
            "string",
            &right,
            &if answers.is_empty() { String::new() } else { mapping(entries, case_sensitive) },
        ),
        rule: map_rule(id, worth),
    }
}

/// A number as XML writes it; Vietnamese papers have a comma.
pub(super) fn number(text: &str) -> Option<String> {
    let dotted = text.trim().replace(',', ".");
    crate::package::exact(&dotted).map(|_| dotted)
}

/// The declaration and rule of a typed number.
pub(super) fn of_number(id: &str, answers: &[Answer], worth: Exact) -> Declared {
    let right: Vec<String> = answers.iter().filter_map(|answer| number(&answer.text)).collect();
    let variable = format!("<qti-variable identifier=\"{id}\"/>");
    let base = |number: &dyn std::fmt::Display| format!("<qti-base-value base-type=\"float\">{number}</qti-base-value>");
    let mut rule = String::new();
    for answer in answers {
        let text = match number(&answer.text) {
            Some(text) => text,
            None if answer.min.is_some() && answer.max.is_some() => String::new(),
            None => continue,
        };
        let test = match (answer.tolerance, answer.min, answer.max) {
            (Some(tolerance), _, _) => {
                format!(
                    "<qti-equal tolerance-mode=\"absolute\" tolerance=\"{tolerance} {tolerance}\">{variable}{}</qti-equal>",
                    base(&text)
                )
            }
            (None, Some(least), Some(most)) => {
                format!("<qti-and><qti-gte>{variable}{}</qti-gte><qti-lte>{variable}{}</qti-lte></qti-and>", base(&least), base(&most))
            }
            _ => format!("<qti-equal tolerance-mode=\"exact\">{variable}{}</qti-equal>", base(&text)),
        };
        let points = answer.credit.and_then(|credit| credit.checked_mul(worth)).unwrap_or(worth);
        rule.push_str(&when(&test, &base(&points.normalize())));
    }
    Declared { declaration: declaration(id, "single", "float", &right, ""), rule }
}

//! A gap as Moodle embeds it in the text.

use super::extras::is_whole;
use super::html::HtmlWriter;
use super::numbers::to_percent;
use super::write_kinds::{centre, fractions};
use crate::model::{Answer, Blank, BlankType, Exact, Media, QuestionType};
use crate::rich::{Rich, escape_html};

/// `{1:MULTICHOICE:=…~…}`. Files of its options are added to `files`.
pub(super) fn gap<'a>(blank: &Blank, html: &mut HtmlWriter<'a>, files: &mut Vec<&'a Media>) -> String {
    let mut rich = |rich: &Rich| {
        let text = html.line(rich);
        files.extend(text.files);
        escaped(&text.html)
    };
    let (word, alternatives): (_, Vec<String>) = match blank.kind {
        BlankType::SingleChoice | BlankType::MultipleChoice => {
            let (word, kind) = match blank.kind {
                BlankType::SingleChoice => ("MULTICHOICE", QuestionType::SingleChoice),
                _ => ("MULTIRESPONSE", QuestionType::MultipleChoice),
            };
            let (shares, _) = fractions(kind, &blank.options);
            let option = blank.options.iter().zip(shares).map(|(option, share)| {
                let feedback = option.feedback.as_ref().map(&mut rich);
                alternative(share, &rich(&option.content), feedback)
            });
            (word, option.collect())
        }
        BlankType::ShortAnswer => {
            let word = if blank.case_sensitive == Some(true) { "SHORTANSWER_C" } else { "SHORTANSWER" };
            (word, blank.answers.iter().map(|answer| typed(answer, &answer.text, &mut rich)).collect())
        }
        BlankType::Numeric => {
            let written = |answer: &Answer| match centre(answer) {
                Some((centre, Some(tolerance))) => format!("{centre}:{tolerance}"),
                Some((centre, None)) => centre.to_string(),
                None => answer.text.clone(),
            };
            ("NUMERICAL", blank.answers.iter().map(|answer| typed(answer, &written(answer), &mut rich)).collect())
        }
    };
    let points = blank.points.filter(|points| is_whole(*points)).map(|points| points.normalize().to_string()).unwrap_or_default();
    // A typed gap without an answer is no gap to Moodle.
    let alternatives = if alternatives.is_empty() && matches!(blank.kind, BlankType::ShortAnswer | BlankType::Numeric) {
        "%0%*".to_owned()
    } else {
        alternatives.join("~")
    };
    format!("{{{points}:{word}:{alternatives}}}")
}

fn typed(answer: &Answer, text: &str, rich: &mut impl FnMut(&Rich) -> String) -> String {
    let mut html = String::new();
    escape_html(text, &mut html);
    alternative(answer.credit.map_or(Exact::ONE_HUNDRED, to_percent), &escaped(&html), answer.feedback.as_ref().map(rich))
}

fn alternative(percent: Exact, text: &str, feedback: Option<String>) -> String {
    let mut out = if percent == Exact::ONE_HUNDRED {
        "=".to_owned()
    } else if percent.is_zero() {
        String::new()
    } else {
        format!("%{percent}%")
    };
    out.push_str(text);
    if let Some(feedback) = feedback.filter(|feedback| !feedback.is_empty()) {
        // `&amp;#` would be taken for the beginning of `&#39;`.
        out.push_str(if out.ends_with("&amp;") { " #" } else { "#" });
        out.push_str(&feedback);
    }
    out
}

/// Letters of HTML in which no sign of a gap is left.
fn escaped(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut letters = html.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '}' | '~' | '=' => {
                out.push('\\');
                out.push(letter);
            }
            // `&#123;` is one letter, and read as one.
            '#' if !out.ends_with('&') => out.push_str("\\#"),
            '%' => out.push_str("&#37;"),
            // Moodle takes the backslash away before these; at the end it would keep the gap open.
            '\\' if matches!(letters.peek(), None | Some('/' | '"' | '\'')) => out.push_str("&#92;"),
            other => out.push(other),
        }
    }
    out
}

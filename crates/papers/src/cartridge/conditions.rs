//! The rules of QTI 1.2: which answers bring how many points, which show what feedback.

use crate::model::Exact;
use crate::package::exact;
use crate::xml::Element;

/// One `respcondition`, flattened.
#[derive(Debug, Default)]
pub(super) struct Condition {
    /// What it adds or sets; `None` where it only shows feedback.
    pub(super) score: Option<Exact>,
    /// Values asked for, in order.
    pub(super) wanted: Vec<Test>,
    /// Values that must not be given.
    pub(super) unwanted: Vec<Test>,
    /// Feedback shown.
    pub(super) shows: Vec<String>,
    /// Whether it holds for every answer.
    pub(super) always: bool,
}

/// A comparison.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) response: String,
    pub(super) value: String,
    pub(super) how: How,
    pub(super) case_sensitive: Option<bool>,
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Equal,
    AtLeast,
    AtMost,
    /// Part of the answer.
    Contains,
}

/// The rules of an item.
pub(super) fn conditions(item: &Element) -> Vec<Condition> {
    item.all("resprocessing").flat_map(|processing| processing.all("respcondition")).map(condition).collect()
}

fn condition(element: &Element) -> Condition {
    let mut out = Condition::default();
    for set in element.all("setvar") {
        let text = set.text();
        // Blackboard writes the highest score by its name.
        let score = exact(&text).or_else(|| text.to_ascii_lowercase().contains("max").then_some(Exact::ONE_HUNDRED));
        let score = if set.attribute("action").is_some_and(|action| action.eq_ignore_ascii_case("subtract")) {
            score.map(|score| -score)
        } else {
            score
        };
        out.score = out.score.or(score);
    }
    out.shows = element.all("displayfeedback").filter_map(|shown| shown.attribute("linkrefid")).map(str::to_owned).collect();
    if let Some(tests) = element.first("conditionvar") {
        out.always = tests.elements().any(|test| matches!(test.name.as_str(), "other" | "unanswered"));
        gather(tests, Sense::Wanted, &mut out);
    }
    out
}

#[derive(Clone, Copy)]
enum Sense {
    Wanted,
    Unwanted,
}

fn gather(element: &Element, sense: Sense, out: &mut Condition) {
    for inner in element.elements() {
        let how = match inner.name.as_str() {
            "varequal" => How::Equal,
            "vargte" | "vargt" => How::AtLeast,
            "varlte" | "varlt" => How::AtMost,
            "varsubstring" => How::Contains,
            "not" => {
                let turned = match sense {
                    Sense::Wanted => Sense::Unwanted,
                    Sense::Unwanted => Sense::Wanted,
                };
                gather(inner, turned, out);
                continue;
            }
            _ => {
                gather(inner, sense, out);
                continue;
            }
        };
        let test = Test {
            response: inner.attribute("respident").unwrap_or_default().to_owned(),
            value: inner.text().trim().to_owned(),
            how,
            case_sensitive: inner.attribute("case").map(|word| word.eq_ignore_ascii_case("yes")),
        };
        match sense {
            Sense::Wanted => out.wanted.push(test),
            Sense::Unwanted => out.unwanted.push(test),
        }
    }
}

impl Condition {
    /// Whether it brings points.
    pub(super) fn pays(&self) -> bool {
        self.score.is_some_and(|score| score > Exact::ZERO)
    }
}

/// The value that brings most for a response, where exactly one does.
pub(super) fn best<'c>(conditions: &'c [Condition], response: &str) -> Option<&'c str> {
    let paying = conditions.iter().filter(|condition| condition.pays());
    let mut values = paying.flat_map(|condition| &condition.wanted).filter(|test| test.response == response && test.how == How::Equal);
    let first = values.next()?;
    values.all(|other| other.value == first.value).then_some(first.value.as_str())
}

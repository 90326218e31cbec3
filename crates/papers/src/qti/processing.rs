//! How an item is marked: the well-known templates, and the rules written out where they say
//! something that a key can hold (a tolerance, a range, a weight).

use crate::model::Exact;
use crate::package::exact;
use crate::xml::Element;

/// How a response variable becomes points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marking {
    /// All or nothing, against the right response.
    MatchCorrect,
    /// By the mapping.
    MapResponse,
    /// Rules of the item's own, or none.
    Own,
}

/// How far a number may be off, as the rules say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Margin {
    /// So much to either side.
    Absolute(Exact, Exact),
    /// So many hundredths of the right number to either side.
    Relative(Exact, Exact),
    /// Rounded to so many decimal places.
    Decimals(u32),
    /// Between two numbers.
    Range(Option<Exact>, Option<Exact>),
}

/// A number with its margin that brings points.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberRule {
    pub(super) value: Option<Exact>,
    pub(super) margin: Option<Margin>,
    pub(super) points: Exact,
}

/// What the rules say.
pub(super) struct Processing<'a> {
    rules: Option<&'a Element>,
    template: Marking,
}

impl<'a> Processing<'a> {
    pub(super) fn of(item: &'a Element) -> Self {
        let rules = item.first("responseprocessing");
        let named = rules.and_then(|rules| rules.attribute("template").or_else(|| rules.attribute("templatelocation"))).unwrap_or_default();
        let template = if named.contains("match_correct") || named.contains("matchCorrect") {
            Marking::MatchCorrect
        } else if named.contains("map_response") {
            Marking::MapResponse
        } else {
            Marking::Own
        };
        Self { rules, template }
    }

    /// How a variable is marked.
    pub(super) fn marking(&self, variable: &str) -> Marking {
        if self.template != Marking::Own {
            return self.template;
        }
        let Some(rules) = self.rules else { return Marking::Own };
        if any(rules, &mut |element| element.name == "mapresponse" && element.attribute("identifier") == Some(variable)) {
            Marking::MapResponse
        } else if any(rules, &mut |element| element.name == "correct" && element.attribute("identifier") == Some(variable)) {
            Marking::MatchCorrect
        } else {
            Marking::Own
        }
    }

    /// How far a number may be off.
    pub(super) fn margin(&self, variable: &str) -> Option<Margin> {
        let rules = self.rules?;
        let mut found = None;
        any(rules, &mut |element| {
            if is_about(element, variable) {
                found = margin(element);
            }
            found.is_some()
        });
        found.or_else(|| range(rules, variable))
    }

    /// Numbers that the rules pay for by themselves, without asking for the declared right one.
    pub(super) fn number_rules(&self, variable: &str) -> Vec<NumberRule> {
        let mut out = Vec::new();
        if let Some(rules) = self.rules {
            any(rules, &mut |element| {
                if matches!(element.name.as_str(), "responseif" | "responseelseif") {
                    out.extend(number_rule(element, variable));
                }
                // A thousand numbers are no answer of a person.
                out.len() >= 1000
            });
        }
        out
    }

    /// What a template or rule asks that a plain key cannot hold, in QTI's word.
    pub(super) fn beyond(&self, variable: &str) -> Option<&'static str> {
        let rules = self.rules?;
        let mut found = None;
        any(rules, &mut |element| {
            if matches!(element.name.as_str(), "patternmatch" | "customoperator" | "substring") && is_about(element, variable) {
                found = Some(match element.name.as_str() {
                    "patternmatch" => "patternMatch",
                    "substring" => "substring",
                    _ => "customOperator",
                });
            }
            found.is_some()
        });
        found
    }

    /// Whether letters' case counts, where a `stringMatch` says so.
    pub(super) fn case_sensitive(&self, variable: &str) -> Option<bool> {
        let mut found = None;
        any(self.rules?, &mut |element| {
            if element.name == "stringmatch" && is_about(element, variable) {
                found = element.attribute("casesensitive").map(|word| word != "false");
            }
            found.is_some()
        });
        found
    }
}

fn any(element: &Element, meets: &mut impl FnMut(&Element) -> bool) -> bool {
    meets(element) || element.elements().any(|inner| any(inner, meets))
}

fn number_rule(branch: &Element, variable: &str) -> Option<NumberRule> {
    let set = branch.all("setoutcomevalue").find(|set| set.attribute("identifier").is_some_and(|own| own.contains("SCORE")))?;
    let points = exact(&set.find("basevalue")?.text()).filter(|points| *points > Exact::ZERO)?;
    let test = branch.elements().next()?;
    let margin = margin(test).or_else(|| range(branch, variable));
    let value = if is_about(test, variable) { test.first("basevalue").and_then(|value| exact(&value.text())) } else { None };
    let numeric = matches!(test.name.as_str(), "equal" | "equalrounded" | "and");
    (numeric && (value.is_some() || matches!(margin, Some(Margin::Range(..))))).then_some(NumberRule { value, margin, points })
}

fn is_about(element: &Element, variable: &str) -> bool {
    element.all("variable").any(|inner| inner.attribute("identifier") == Some(variable))
}

fn margin(element: &Element) -> Option<Margin> {
    match element.name.as_str() {
        "equal" => {
            let mut numbers = element.attribute("tolerance").unwrap_or_default().split_whitespace().filter_map(exact);
            let below = numbers.next()?.abs();
            let above = numbers.next().map_or(below, |number| number.abs());
            match element.attribute("tolerancemode") {
                Some("absolute") => Some(Margin::Absolute(below, above)),
                Some("relative") => Some(Margin::Relative(below, above)),
                _ => None,
            }
        }
        "equalrounded" if element.attribute("roundingmode") == Some("decimalPlaces") => {
            element.attribute("figures").and_then(|figures| figures.parse().ok()).filter(|figures| *figures <= 20).map(Margin::Decimals)
        }
        _ => None,
    }
}

/// `gte` and `lte` side by side in one `and`.
fn range(rules: &Element, variable: &str) -> Option<Margin> {
    let mut found = None;
    any(rules, &mut |element| {
        if element.name == "and" {
            let bound = |names: [&str; 2]| {
                let rule = element.elements().find(|rule| names.contains(&rule.name.as_str()) && is_about(rule, variable))?;
                exact(&rule.first("basevalue")?.text())
            };
            let (least, most) = (bound(["gte", "gt"]), bound(["lte", "lt"]));
            if least.is_some() && most.is_some() {
                found = Some(Margin::Range(least, most));
            }
        }
        found.is_some()
    });
    found
}

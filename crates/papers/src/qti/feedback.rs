//! Feedback: to an option, to an occasion, a hint, or the solution.

use super::body::Body;
use super::item::Item;
use super::reading::Reading;
use crate::model::Question;
use crate::rich::Rich;
use crate::xml::Element;

/// What a feedback is for, as far as its names tell.
enum For {
    Occasion(&'static str),
    Hint,
    Everybody,
}

/// Puts all feedback of an item where it belongs.
pub(super) fn put_on(question: &mut Question, item: &Item<'_>, parts: &Body<'_>, reading: &mut Reading<'_, '_>) {
    let modal: Vec<&Element> = item.root.all("modalfeedback").chain(parts.feedback.iter().copied()).collect();
    for element in modal {
        let text = reading.inside(element, item.tex, &item.place);
        if text.is_empty() {
            continue;
        }
        let id = element.attribute("identifier").unwrap_or_default();
        if let Some(at) = option_named(id, parts)
            && let Some(option) = question.options.get_mut(at)
        {
            merge(&mut option.feedback, text);
            continue;
        }
        match purpose(id, element.attribute("outcomeidentifier").unwrap_or_default()) {
            For::Occasion(occasion) => match question.feedback.get_mut(occasion) {
                Some(before) => before.append(text),
                None => {
                    question.feedback.insert(occasion.to_owned(), text);
                }
            },
            For::Hint => question.hints.push(text),
            For::Everybody => merge(&mut question.explanation, text),
        }
    }
}

fn merge(place: &mut Option<Rich>, text: Rich) {
    match place {
        Some(before) => before.append(text),
        None => *place = Some(text),
    }
}

/// The option whose identifier a feedback carries.
fn option_named(id: &str, parts: &Body<'_>) -> Option<usize> {
    let [only] = parts.interactions.as_slice() else { return None };
    only.element.all("simplechoice").position(|choice| choice.attribute("identifier") == Some(id))
}

fn purpose(id: &str, outcome: &str) -> For {
    let (id, outcome) = (id.to_lowercase(), outcome.to_lowercase());
    let has = |word: &str| id.contains(word);
    if has("hint") || outcome.contains("hint") {
        For::Hint
    } else if has("solution") || has("explanation") || outcome.contains("solution") || outcome.contains("explanation") {
        For::Everybody
    } else if has("incorrect") || has("wrong") {
        For::Occasion("incorrect")
    } else if has("partial") {
        For::Occasion("partial")
    } else if has("correct") || id == "right" {
        For::Occasion("correct")
    } else {
        For::Everybody
    }
}

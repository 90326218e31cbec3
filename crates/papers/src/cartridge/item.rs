//! One item becomes one question.

use super::conditions::{Condition, conditions};
use super::interop::{Around, Gathering, field};
use super::{kinds, material};
use crate::model::{BlankType, Entry, Question, QuestionType};
use crate::package::{exact, tell_missing_key};
use crate::rich::Rich;
use crate::xml::Element;

/// What the readers of one kind need.
pub(super) struct Item<'e> {
    pub(super) around: Around,
    pub(super) stem: Rich,
    /// The responses in order.
    pub(super) responses: Vec<&'e Element>,
    pub(super) conditions: Vec<Condition>,
}

/// Elements of one item: past that it is made to keep a server busy.
const MOST_ELEMENTS: usize = 20_000;

fn count(element: &Element) -> usize {
    element.elements().map(|inner| 1 + count(inner)).sum()
}

/// Reads an item into the paper.
pub(super) fn read(element: &Element, around: &Around, gathering: &mut Gathering<'_, '_, '_>) {
    let declared = field(element, "question_type").or_else(|| field(element, "cc_profile"));
    let presentation = element.first("presentation");
    let mut responses = Vec::new();
    if let Some(presentation) = presentation {
        gather(presentation, &mut responses);
    }
    if count(element) > MOST_ELEMENTS {
        gathering.note(
            Entry::error("too-many-options", "Một câu hỏi có quá nhiều phương án hoặc quy tắc chấm nên không được nhập.")
                .at(around.address),
        );
        return;
    }
    let html = presentation.map(material::html).unwrap_or_default();
    let stem = gathering.rich(&html, around.address);
    let item = Item { around: around.clone(), stem, responses, conditions: conditions(element) };
    let Some(mut question) = question(declared.as_deref(), &item, gathering) else {
        let own = declared.unwrap_or_else(|| item.responses.first().map_or("item", |response| response.name.as_str()).to_owned());
        let words: String = item.stem.to_text().chars().take(80).collect();
        gathering.note(
            Entry::error(
                "unsupported-type",
                format!("Câu hỏi “{words}” thuộc dạng “{own}” chưa hỗ trợ nên không được nhập. Hãy soạn lại thành dạng khác."),
            )
            .of_type(own)
            .with("text", words)
            .at(around.address),
        );
        return;
    };
    question.address = around.address;
    question.title = element.attribute("title").map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned);
    question.external_id = element.attribute("ident").map(str::to_owned);
    question.category.clone_from(&around.category);
    let points = field(element, "points_possible").or_else(|| field(element, "cc_weighting"));
    question.points = points.as_deref().and_then(exact).or(around.points);
    feedback(&mut question, element, &item, gathering);
    question.settle_key();
    tell_missing_key(&question, &mut gathering.paper);
    gathering.paper.questions.push(question);
}

fn gather<'e>(element: &'e Element, out: &mut Vec<&'e Element>) {
    for inner in element.elements() {
        if inner.name.starts_with("response_") {
            out.push(inner);
        } else {
            gather(inner, out);
        }
    }
}

/// By the declared type, else by the shape. `None` for what cannot be carried.
fn question(declared: Option<&str>, item: &Item<'_>, gathering: &mut Gathering<'_, '_, '_>) -> Option<Question> {
    let declared = declared.unwrap_or_default().to_ascii_lowercase();
    let named = declared.trim_end_matches("_question").trim_start_matches("cc.").trim_end_matches(".v0p1");
    Some(match named {
        "multiple_choice" => kinds::choice(item, QuestionType::SingleChoice, gathering),
        "multiple_answers" | "multiple_response" => kinds::choice(item, QuestionType::MultipleChoice, gathering),
        "true_false" => kinds::true_false(item, gathering),
        "short_answer" | "fib" | "pattern_match" => kinds::typed(item, gathering),
        "numerical" => kinds::number(item),
        "fill_in_multiple_blanks" => kinds::gaps(item, BlankType::ShortAnswer, gathering),
        "multiple_dropdowns" => kinds::gaps(item, BlankType::SingleChoice, gathering),
        "matching" => kinds::matching(item, gathering),
        "essay" => Question { stem: item.stem.clone(), ..Question::new(QuestionType::Essay) },
        "text_only" => Question { stem: item.stem.clone(), ..Question::new(QuestionType::Description) },
        "calculated" | "file_upload" | "error" => return None,
        // Not Canvas's and not the cartridge's: the shape tells.
        _ => return kinds::by_shape(item, gathering),
    })
}

/// Feedback to all, to occasions and to options; solutions and hints.
fn feedback(question: &mut Question, element: &Element, item: &Item<'_>, gathering: &mut Gathering<'_, '_, '_>) {
    for own in element.all("itemfeedback") {
        let address = item.around.address;
        for hint in own.all("hint") {
            let text = gathering.rich(&material::html(hint), address);
            question.hints.extend((!text.is_empty()).then_some(text));
        }
        for solution in own.all("solution") {
            let text = gathering.rich(&material::html(solution), address);
            merge(&mut question.explanation, text);
        }
        let text = gathering.rich(&material::html(own), address);
        if text.is_empty() {
            continue;
        }
        let id = own.attribute("ident").unwrap_or_default();
        let shown: Vec<&Condition> = item.conditions.iter().filter(|condition| condition.shows.iter().any(|shown| shown == id)).collect();
        // The feedback of one answer is shown by a rule that asks for that answer alone.
        let answer = shown.iter().find_map(|condition| match condition.wanted.as_slice() {
            [only] if condition.unwanted.is_empty() => Some(only.value.as_str()),
            _ => None,
        });
        let id = id.to_ascii_lowercase();
        if id == "correct_fb" || (answer.is_none() && shown.iter().any(|condition| condition.pays())) {
            occasion(question, "correct", text);
        } else if id.contains("incorrect") {
            occasion(question, "incorrect", text);
        } else if let Some(answer) = answer.or_else(|| id.strip_suffix("_fb")).filter(|answer| *answer != "general") {
            kinds::feedback_to(question, item, answer, text);
        } else {
            merge(&mut question.explanation, text);
        }
    }
}

pub(super) fn occasion(question: &mut Question, occasion: &str, text: Rich) {
    match question.feedback.get_mut(occasion) {
        Some(before) => before.append(text),
        None => {
            question.feedback.insert(occasion.to_owned(), text);
        }
    }
}

pub(super) fn merge(place: &mut Option<Rich>, text: Rich) {
    match place {
        Some(before) => before.append(text),
        None => *place = (!text.is_empty()).then_some(text),
    }
}

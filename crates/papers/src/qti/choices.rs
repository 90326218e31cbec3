//! Choices of one or several, and the lone true/false among them.

use super::item::Item;
use super::reading::Reading;
use crate::model::{Choice, Exact, Question, QuestionType, Statement};
use crate::package::{label, share, truth};
use crate::rich::Rich;
use crate::xml::Element;

pub(super) fn question(item: &Item<'_>, interaction: &Element, stem: Rich, reading: &mut Reading<'_, '_>) -> Question {
    let declaration = item.declaration(interaction);
    let several = match declaration.cardinality.as_str() {
        "multiple" | "ordered" => true,
        _ => interaction.attribute("maxchoices").is_some_and(|most| most != "1") && declaration.base_type.is_empty(),
    };
    let kind = if several { QuestionType::MultipleChoice } else { QuestionType::SingleChoice };
    let mut question = Question { stem, ..Question::new(kind) };
    question.shuffle = interaction.attribute("shuffle").map(|word| word == "true" || word == "1");
    question.options = options(item, interaction, "simplechoice", reading);
    let ids: Vec<&str> = interaction.all("simplechoice").filter_map(|choice| choice.attribute("identifier")).collect();
    if !several && (!item.is_ours() || ids == ["true", "false"]) {
        as_true_false(&mut question);
    }
    question
}

/// The choices of an interaction with what is known of each.
pub(super) fn options(item: &Item<'_>, interaction: &Element, name: &str, reading: &mut Reading<'_, '_>) -> Vec<Choice> {
    let declaration = item.declaration(interaction);
    let mapping = declaration.mapping.as_ref().filter(|_| item.is_mapped(interaction));
    let single = declaration.cardinality == "single";
    let whole = |mapping: &super::declaration::Mapping| {
        if item.is_ours() {
            Exact::ONE
        } else if single {
            mapping.most()
        } else {
            mapping.sum()
        }
    };
    let whole = mapping.map(whole).filter(|whole| *whole > Exact::ZERO);
    let mut out = Vec::new();
    for (at, choice) in interaction.all(name).enumerate() {
        let id = choice.attribute("identifier").unwrap_or_default();
        let worth = mapping.map(|mapping| mapping.value(id));
        let correct = match (&declaration.correct, worth, whole) {
            (Some(values), _, _) => Some(values.iter().any(|value| value == id)),
            // The best of one, every good one of several.
            (None, Some(worth), Some(whole)) => Some(if single { worth >= whole } else { worth > Exact::ZERO }),
            _ => None,
        };
        let feedback = choice
            .elements()
            .find(|inner| inner.name == "feedbackinline" || inner.name == "feedbackblock")
            .map(|inner| reading.inside(inner, item.tex, &item.place))
            .filter(|feedback| !feedback.is_empty());
        out.push(Choice {
            label: label(at),
            content: reading.inside(choice, item.tex, &item.place),
            correct,
            credit: worth.zip(whole).and_then(|(worth, whole)| share(worth, whole)),
            feedback,
            pinned: choice.attribute("fixed").is_some_and(|word| word == "true" || word == "1"),
        });
    }
    out
}

/// Two choices that say True and False, in either language, and nothing else of their own.
fn as_true_false(question: &mut Question) {
    let [one, other] = question.options.as_slice() else { return };
    let said = |choice: &Choice| truth(&choice.content.to_text());
    let (Some(first), Some(second)) = (said(one), said(other)) else { return };
    let plain = |choice: &Choice| choice.feedback.is_none() && choice.credit.is_none_or(|credit| credit.is_zero() || credit == Exact::ONE);
    if first == second || !plain(one) || !plain(other) {
        return;
    }
    let correct = match (one.correct, other.correct) {
        (Some(true), Some(false)) => Some(first),
        (Some(false), Some(true)) => Some(second),
        (None, None) => None,
        // Both or neither: that is no key of a true/false question.
        _ => return,
    };
    question.kind = QuestionType::TrueFalse;
    question.options.clear();
    question.shuffle = None;
    question.statements = vec![Statement { label: "a".to_owned(), correct, ..Statement::default() }];
}

//! Matching, associating and ordering.

use super::item::Item;
use super::reading::Reading;
use crate::model::{Entry, Pair, Question, QuestionType, Statement};
use crate::package::{small_label, truth};
use crate::rich::{Block, ListKind, Rich};
use crate::xml::Element;

/// A thing that can be paired or ordered.
struct Thing {
    id: String,
    content: Rich,
}

fn things(item: &Item<'_>, holder: &Element, name: &str, reading: &mut Reading<'_, '_>) -> Vec<Thing> {
    holder
        .all(name)
        .map(|element| Thing {
            id: element.attribute("identifier").unwrap_or_default().to_owned(),
            content: reading.inside(element, item.tex, &item.place),
        })
        .collect()
}

/// The pairs of ids that are right; `None` where the item does not say.
fn right_pairs(item: &Item<'_>, interaction: &Element) -> Option<Vec<(String, String)>> {
    let declaration = item.declaration(interaction);
    let split = |text: &str| {
        let mut words = text.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    };
    if let Some(values) = &declaration.correct {
        return Some(values.iter().filter_map(|value| split(value)).collect());
    }
    let mapping = declaration.mapping.as_ref().filter(|_| item.is_mapped(interaction))?;
    let worth = mapping.entries.iter().filter(|entry| entry.value.is_sign_positive() && !entry.value.is_zero());
    Some(worth.filter_map(|entry| split(&entry.key)).collect())
}

pub(super) fn matching(item: &Item<'_>, interaction: &Element, stem: Rich, reading: &mut Reading<'_, '_>) -> Question {
    let sets: Vec<&Element> = interaction.all("simplematchset").collect();
    let mut set = |at: usize| sets.get(at).map(|set| things(item, set, "simpleassociablechoice", reading)).unwrap_or_default();
    let (lefts, rights) = (set(0), set(1));
    let pairs = right_pairs(item, interaction);
    tell_weights(item, interaction, reading);
    if let Some(question) = true_false(item, &lefts, &rights, pairs.as_deref(), &stem) {
        return question;
    }
    let mut question = Question { stem, ..Question::new(QuestionType::Matching) };
    question.shuffle = interaction.attribute("shuffle").map(|word| word == "true" || word == "1");
    let Some(pairs) = pairs else {
        return without_key(question, item, vec![lefts, rights], reading);
    };
    let content = |things: &[Thing], id: &str| things.iter().find(|thing| thing.id == id).map(|thing| thing.content.clone());
    for left in &lefts {
        let own: Vec<Rich> = pairs.iter().filter(|(one, _)| *one == left.id).filter_map(|(_, other)| content(&rights, other)).collect();
        if own.is_empty() {
            reading.paper.note(
                Entry::warning(
                    "matching-alone",
                    format!("Vế “{}” không được ghép với vế nào trong đáp án. Hãy kiểm tra.", left.content.to_text()),
                )
                .at(item.place.address),
            );
            question.pairs.push(Pair { left: left.content.clone(), right: Rich::default() });
        }
        question.pairs.extend(own.into_iter().map(|right| Pair { left: left.content.clone(), right }));
    }
    for right in rights.iter().filter(|right| !pairs.iter().any(|(_, other)| *other == right.id)) {
        question.pairs.push(Pair { left: Rich::default(), right: right.content.clone() });
    }
    question
}

/// Statements against the two words Đúng and Sai: the true/false of the papers since 2025.
fn true_false(item: &Item<'_>, lefts: &[Thing], rights: &[Thing], pairs: Option<&[(String, String)]>, stem: &Rich) -> Option<Question> {
    let [one, other] = rights else { return None };
    let (first, second) = (truth(&one.content.to_text())?, truth(&other.content.to_text())?);
    if first == second || lefts.is_empty() || (item.is_ours() && one.id != "true") {
        return None;
    }
    let said = |id: &str| {
        let mut own = pairs?.iter().filter(|(left, _)| left == id).map(|(_, right)| right);
        let right = own.next().filter(|_| own.next().is_none())?;
        if *right == one.id {
            Some(first)
        } else if *right == other.id {
            Some(second)
        } else {
            None
        }
    };
    let statements = lefts.iter().enumerate().map(|(at, left)| Statement {
        label: small_label(at),
        content: left.content.clone(),
        correct: said(&left.id),
        ..Statement::default()
    });
    Some(Question { statements: statements.collect(), stem: stem.clone(), ..Question::new(QuestionType::TrueFalse) })
}

pub(super) fn associating(item: &Item<'_>, interaction: &Element, stem: Rich, reading: &mut Reading<'_, '_>) -> Question {
    let things = things(item, interaction, "simpleassociablechoice", reading);
    let mut question = Question { stem, ..Question::new(QuestionType::Matching) };
    question.shuffle = interaction.attribute("shuffle").map(|word| word == "true" || word == "1");
    tell_weights(item, interaction, reading);
    let Some(pairs) = right_pairs(item, interaction) else {
        return without_key(question, item, vec![things], reading);
    };
    let content = |id: &str| things.iter().find(|thing| thing.id == id).map(|thing| thing.content.clone());
    for (one, other) in &pairs {
        if let (Some(left), Some(right)) = (content(one), content(other)) {
            question.pairs.push(Pair { left, right });
        }
    }
    let alone = things.iter().filter(|thing| !pairs.iter().any(|(one, other)| *one == thing.id || *other == thing.id));
    question.pairs.extend(alone.map(|thing| Pair { left: Rich::default(), right: thing.content.clone() }));
    question
}

pub(super) fn ordering(item: &Item<'_>, interaction: &Element, stem: Rich, reading: &mut Reading<'_, '_>) -> Question {
    let things = things(item, interaction, "simplechoice", reading);
    let mut question = Question { stem, ..Question::new(QuestionType::Ordering) };
    question.shuffle = interaction.attribute("shuffle").map(|word| word == "true" || word == "1");
    let Some(right) = item.declaration(interaction).correct.clone() else {
        return without_key(question, item, vec![things], reading);
    };
    question.items = right.iter().filter_map(|id| things.iter().find(|thing| thing.id == *id)).map(|thing| thing.content.clone()).collect();
    for left_out in things.iter().filter(|thing| !right.contains(&thing.id)) {
        reading.paper.note(
            Entry::warning(
                "ordering-extra",
                format!("Mục “{}” không nằm trong thứ tự đúng nên không mang sang được. Hãy kiểm tra câu hỏi.", left_out.content.to_text()),
            )
            .at(item.place.address),
        );
    }
    question
}

/// Pairs and orders are their own key. Without one what was offered is kept in the stem.
fn without_key(mut question: Question, item: &Item<'_>, offered: Vec<Vec<Thing>>, reading: &mut Reading<'_, '_>) -> Question {
    for things in offered.into_iter().filter(|things| !things.is_empty()) {
        let items = things.into_iter().map(|thing| thing.content).collect();
        question.stem.blocks.push(Block::List { kind: ListKind::Bullets, items });
    }
    reading.paper.note(
        Entry::warning(
            "offered-kept-in-stem",
            "Nguồn không cho đáp án ghép hoặc sắp xếp; các mục được giữ trong phần đề. Hãy nhập lại các cặp hoặc thứ tự đúng.",
        )
        .at(item.place.address),
    );
    question
}

/// Pairs all weigh the same with us.
fn tell_weights(item: &Item<'_>, interaction: &Element, reading: &mut Reading<'_, '_>) {
    let Some(mapping) = item.declaration(interaction).mapping.as_ref().filter(|_| item.is_mapped(interaction)) else { return };
    let mut worths = mapping.entries.iter().map(|entry| entry.value).filter(|worth| !worth.is_zero());
    let first = worths.next();
    if worths.any(|worth| Some(worth) != first) {
        reading.paper.note(
            Entry::warning("weights-not-carried", "Các cặp có điểm khác nhau; điểm riêng của từng cặp không mang sang được.")
                .at(item.place.address),
        );
    }
}

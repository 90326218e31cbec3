//! Gaps in a text: typed, chosen from a list, or filled with cards; and the lone typed answer.

use super::body::Found;
use super::choices::options;
use super::item::Item;
use super::processing::{Margin, NumberRule};
use super::reading::Reading;
use crate::model::{Answer, Blank, BlankType, Choice, Entry, Exact, Question, QuestionType};
use crate::package::{exact, share};
use crate::rich::{Block, Inline, Rich};
use crate::xml::Element;

/// Cards times gaps of one question.
const MOST_CARDS: usize = 20_000;

/// One typed answer with nothing after it is a short answer or a number; all else is a cloze.
pub(super) fn question(item: &Item<'_>, gaps: &[&Found<'_>], stem: Rich, reading: &mut Reading<'_, '_>) -> Question {
    if let [only] = gaps
        && only.element.name == "textentryinteraction"
        && (!item.is_ours() || item.variable(only.element) == "RESPONSE")
        && let Some(stem) = without_last_gap(&stem)
    {
        let (kind, answers, case_sensitive) = typed(item, only.element);
        let kind = if kind == BlankType::Numeric { QuestionType::Numeric } else { QuestionType::ShortAnswer };
        return Question { stem, answers, case_sensitive, ..Question::new(kind) };
    }
    let mut question = Question { stem, ..Question::new(QuestionType::Cloze) };
    for found in gaps {
        match found.element.name.as_str() {
            "textentryinteraction" => {
                let (kind, answers, case_sensitive) = typed(item, found.element);
                let points = worth(item, found.element);
                question.blanks.push(Blank { kind, options: Vec::new(), answers, points, case_sensitive });
            }
            "inlinechoiceinteraction" => {
                let options = options(item, found.element, "inlinechoice", reading);
                let points = worth(item, found.element);
                question.blanks.push(Blank { kind: BlankType::SingleChoice, options, answers: Vec::new(), points, case_sensitive: None });
            }
            _ => cards(item, found.element, &mut question.blanks, reading),
        }
    }
    question
}

/// The text without its only gap, where nothing but a full stop follows it.
fn without_last_gap(stem: &Rich) -> Option<Rich> {
    let text = stem.to_text();
    let after = text.split("[blank:1]").nth(1)?;
    if !after.trim().trim_matches(['.', '?', ':', '!']).trim().is_empty() {
        return None;
    }
    let mut stem = stem.clone();
    for block in &mut stem.blocks {
        // In a table or list the gap is part of the picture.
        if let Block::Paragraph(inlines) = block {
            inlines.retain(|inline| !matches!(inline, Inline::Blank(_)));
        }
    }
    stem.blocks.retain(|block| !matches!(block, Block::Paragraph(inlines) if Rich::paragraph(inlines.clone()).is_empty()));
    let mut left = false;
    stem.each_inline(&mut |inline| left |= matches!(inline, Inline::Blank(_)));
    (!left).then_some(stem)
}

fn worth(item: &Item<'_>, interaction: &Element) -> Option<Exact> {
    // Ours share the points evenly.
    if item.is_ours() {
        return None;
    }
    let mapping = item.declaration(interaction).mapping.as_ref().filter(|_| item.is_mapped(interaction))?;
    Some(mapping.most()).filter(|worth| *worth > Exact::ZERO)
}

/// What may be typed.
fn typed(item: &Item<'_>, interaction: &Element) -> (BlankType, Vec<Answer>, Option<bool>) {
    let declaration = item.declaration(interaction);
    let variable = item.variable(interaction);
    let number = matches!(declaration.base_type.as_str(), "float" | "integer");
    let mapping = declaration.mapping.as_ref().filter(|_| item.is_mapped(interaction));
    let mut answers: Vec<Answer> = Vec::new();
    match mapping {
        Some(mapping) => {
            let whole = mapping.most();
            let good = mapping.entries.iter().filter(|entry| entry.value > Exact::ZERO);
            answers.extend(good.map(|entry| Answer { text: entry.key.clone(), credit: share(entry.value, whole), ..Answer::default() }));
        }
        None => {
            let right = declaration.correct.iter().flatten();
            answers.extend(right.map(|text| Answer { text: text.clone(), ..Answer::default() }));
        }
    }
    let rules = if number { item.processing.number_rules(variable) } else { Vec::new() };
    if !rules.is_empty() {
        answers = by_rules(&rules, &answers);
    } else if number {
        let margin = item.processing.margin(variable);
        if let (Some(Margin::Range(min, max)), true) = (margin, answers.is_empty()) {
            answers.push(Answer { min, max, ..Answer::default() });
        }
        answers.iter_mut().for_each(|answer| widen(answer, margin));
    }
    let by_entry = mapping.and_then(|mapping| mapping.entries.iter().find_map(|entry| entry.case_sensitive));
    let case_sensitive = if number { None } else { by_entry.or_else(|| item.processing.case_sensitive(variable)) };
    (if number { BlankType::Numeric } else { BlankType::ShortAnswer }, answers, case_sensitive)
}

/// Numbers that the rules name themselves, with the letters of the declared ones where they are the same.
fn by_rules(rules: &[NumberRule], declared: &[Answer]) -> Vec<Answer> {
    let most = rules.iter().map(|rule| rule.points).max().unwrap_or_default();
    let weighed = rules.iter().any(|rule| rule.points != most);
    let answer = |rule: &NumberRule| {
        let within = |value: Exact| match (rule.value, rule.margin) {
            (Some(own), _) => own == value,
            (None, Some(Margin::Range(least, most))) => least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most),
            (None, _) => false,
        };
        let known = declared.iter().find(|answer| exact(&answer.text).is_some_and(within));
        let text = known.map(|answer| answer.text.clone()).or_else(|| rule.value.map(|value| value.to_string())).unwrap_or_default();
        let mut answer = Answer { text, credit: weighed.then(|| share(rule.points, most)).flatten(), ..Answer::default() };
        match rule.margin {
            Some(Margin::Range(least, most)) => (answer.min, answer.max) = (least, most),
            margin => widen(&mut answer, margin),
        }
        answer
    };
    rules.iter().map(answer).collect()
}

/// Puts the margin on a number.
fn widen(answer: &mut Answer, margin: Option<Margin>) {
    let Some(value) = exact(&answer.text) else { return };
    let mut around = |below: Exact, above: Exact| {
        if below == above {
            answer.tolerance = Some(below.normalize());
        } else {
            answer.min = value.checked_sub(below).map(|least| least.normalize());
            answer.max = value.checked_add(above).map(|most| most.normalize());
        }
    };
    match margin {
        Some(Margin::Absolute(below, above)) => around(below, above),
        Some(Margin::Relative(below, above)) => {
            let part = |percent: Exact| value.abs().checked_mul(percent)?.checked_div(Exact::ONE_HUNDRED);
            if let (Some(below), Some(above)) = (part(below), part(above)) {
                around(below, above);
            }
        }
        Some(Margin::Decimals(places)) => {
            let half = Exact::new(5, places.saturating_add(1).min(28));
            around(half, half);
        }
        Some(Margin::Range(least, most)) => (answer.min, answer.max) = (least, most),
        None => {}
    }
}

/// Cards to be laid into gaps: each gap is a choice of all the cards.
fn cards(item: &Item<'_>, interaction: &Element, blanks: &mut Vec<Blank>, reading: &mut Reading<'_, '_>) {
    let declaration = item.declaration(interaction);
    let mapped = declaration.mapping.as_ref().filter(|_| item.is_mapped(interaction));
    // Pairs of card and gap, by correct response or by what the mapping pays for.
    let pairs: Option<Vec<&str>> = match (&declaration.correct, mapped) {
        (Some(values), _) => Some(values.iter().map(String::as_str).collect()),
        (None, Some(mapping)) => {
            Some(mapping.entries.iter().filter(|entry| entry.value > Exact::ZERO).map(|entry| entry.key.as_str()).collect())
        }
        (None, None) => None,
    };
    let pairs: Option<Vec<(&str, &str)>> = pairs.map(|pairs| {
        pairs
            .into_iter()
            .filter_map(|pair| {
                let mut words = pair.split_whitespace();
                Some((words.next()?, words.next()?))
            })
            .collect()
    });
    let mut choices = Vec::new();
    for (at, card) in interaction.elements().filter(|inner| matches!(inner.name.as_str(), "gaptext" | "gapimg")).enumerate() {
        let content = reading.inside(card, item.tex, &item.place);
        let option = Choice { label: crate::package::label(at), content, ..Choice::default() };
        choices.push((card.attribute("identifier").unwrap_or_default(), option));
    }
    let mut gaps = Vec::new();
    gap_ids(interaction, &mut gaps);
    // Every gap holds all the cards.
    if gaps.len().saturating_mul(choices.len()) > MOST_CARDS {
        reading.paper.note(
            Entry::error("too-many-options", "Câu điền thẻ có quá nhiều thẻ và chỗ trống nên các chỗ trống không được nhập.")
                .at(item.place.address),
        );
        return;
    }
    for gap in gaps {
        let points = mapped.and_then(|mapping| {
            let own = mapping.entries.iter().filter(|entry| entry.key.split_whitespace().nth(1) == Some(gap));
            own.map(|entry| entry.value).max().filter(|most| *most > Exact::ZERO)
        });
        let known = pairs.as_ref().filter(|pairs| pairs.iter().any(|(_, other)| *other == gap));
        let options = choices.iter().map(|(id, option)| Choice {
            correct: known.map(|pairs| pairs.iter().any(|(card, other)| card == id && *other == gap)),
            ..option.clone()
        });
        blanks.push(Blank { kind: BlankType::SingleChoice, options: options.collect(), answers: Vec::new(), points, case_sensitive: None });
    }
}

fn gap_ids<'e>(element: &'e Element, out: &mut Vec<&'e str>) {
    for inner in element.elements() {
        if inner.name == "gap" {
            out.push(inner.attribute("identifier").unwrap_or_default());
        } else {
            gap_ids(inner, out);
        }
    }
}

//! One item file becomes one question, or one for each of its interactions.

use super::body::{Body, Found, body};
use super::declaration::{Declaration, Declarations, declarations};
use super::feedback;
use super::names::OWN_NAME;
use super::processing::{Marking, Processing};
use super::reading::{Place, Reading, letters_of};
use super::{choices, gaps, pairs};
use crate::model::{Entry, Exact, Question, QuestionType};
use crate::package::{exact, folder_of, resolve, tell_missing_key};
use crate::rich::{Rich, Tex};
use crate::xml::Element;

/// An item being read, for those who read one kind of interaction.
pub(super) struct Item<'e> {
    pub(super) root: &'e Element,
    pub(super) declarations: Declarations,
    pub(super) processing: Processing<'e>,
    pub(super) tex: Tex,
    pub(super) place: Place,
    nothing: Declaration,
}

impl Item<'_> {
    /// The variable an interaction fills.
    pub(super) fn variable<'v>(&self, interaction: &'v Element) -> &'v str {
        interaction.attribute("responseidentifier").unwrap_or_default()
    }

    /// What is declared of it.
    pub(super) fn declaration(&self, interaction: &Element) -> &Declaration {
        self.declarations.get(self.variable(interaction)).unwrap_or(&self.nothing)
    }

    /// Whether we wrote it: then nothing has to be concluded from looks.
    pub(super) fn is_ours(&self) -> bool {
        self.tex == Tex::Elements
    }

    /// Whether its values have weights that are used.
    pub(super) fn is_mapped(&self, interaction: &Element) -> bool {
        let declaration = self.declaration(interaction);
        declaration.mapping.is_some()
            && match self.processing.marking(self.variable(interaction)) {
                Marking::MapResponse => true,
                Marking::MatchCorrect => false,
                Marking::Own => declaration.correct.is_none(),
            }
    }
}

/// Elements of one item: past that it is made to keep a server busy.
const MOST_ELEMENTS: usize = 20_000;

fn count(element: &Element) -> usize {
    element.elements().map(|inner| 1 + count(inner)).sum()
}

/// Reads an item into the paper.
pub(super) fn read(root: &Element, place: Place, reading: &mut Reading<'_, '_>) {
    let item = Item {
        declarations: declarations(root),
        processing: Processing::of(root),
        tex: letters_of(root),
        nothing: Declaration::default(),
        root,
        place,
    };
    let mut place = item.place.clone();
    for stimulus in root.all("assessmentstimulusref").chain(root.all("stimulusref")) {
        if let Some(path) = stimulus.attribute("href").and_then(|href| resolve(folder_of(&place.path), href)) {
            place.passage = reading.stimulus(&path, place.address).or(place.passage);
        }
    }
    let item = Item { place, ..item };
    if count(root) > MOST_ELEMENTS {
        return reading
            .paper
            .note(Entry::error("too-many-options", "Một câu hỏi có quá nhiều phương án nên không được nhập.").at(item.place.address));
    }
    let Some(element) = root.first("itembody") else {
        return reading.paper.note(unsupported("assessmentItem", &Rich::default()).at(item.place.address));
    };
    let parts = body(element);
    if parts.printed || root.first("templateprocessing").is_some() {
        reading.paper.note(
            Entry::warning(
                "template-values",
                "Câu hỏi lấy số liệu ngẫu nhiên theo mẫu của chương trình gốc; số liệu đó không mang sang được. Hãy điền số cụ thể.",
            )
            .at(item.place.address),
        );
    }
    let stem = reading.rich(&parts.html, item.tex, &item.place);
    for question in questions(&item, &parts, stem, reading) {
        finish(question, &item, &parts, reading);
    }
}

/// The kinds of interaction that stand on their own and can be carried.
fn is_alone(found: &Found<'_>) -> bool {
    found.blank.is_none() && !matches!(found.element.name.as_str(), "mediainteraction" | "endattemptinteraction")
}

fn questions(item: &Item<'_>, parts: &Body<'_>, stem: Rich, reading: &mut Reading<'_, '_>) -> Vec<Question> {
    let alone: Vec<&Found<'_>> = parts.interactions.iter().filter(|found| is_alone(found)).collect();
    let gaps: Vec<&Found<'_>> = parts.interactions.iter().filter(|found| found.blank.is_some()).collect();
    match (alone.as_slice(), gaps.as_slice()) {
        ([], []) => match parts.interactions.first() {
            Some(only) => {
                reading.paper.note(unsupported(own_name(only.element), &stem).at(item.place.address));
                Vec::new()
            }
            None => vec![Question { stem, ..Question::new(QuestionType::Description) }],
        },
        ([only], []) => one(item, only.element, stem, reading).into_iter().collect(),
        ([], gaps) => vec![gaps::question(item, gaps, stem, reading)],
        (several, gaps) => {
            reading.paper.note(
                Entry::info("item-split", "Một mục gồm nhiều câu trả lời đã được tách thành nhiều câu hỏi dùng chung ngữ liệu.")
                    .at(item.place.address),
            );
            let mut out = Vec::new();
            let mut shared = None;
            if gaps.is_empty() {
                shared = reading.passage(stem);
            } else {
                out.push(gaps::question(item, gaps, stem, reading));
            }
            for found in several {
                if let Some(mut question) = one(item, found.element, Rich::default(), reading) {
                    question.passage.clone_from(&shared);
                    out.push(question);
                }
            }
            out
        }
    }
}

/// The question of an interaction that stands alone.
fn one(item: &Item<'_>, interaction: &Element, mut stem: Rich, reading: &mut Reading<'_, '_>) -> Option<Question> {
    if let Some(prompt) = interaction.first("prompt") {
        stem.append(reading.inside(prompt, item.tex, &item.place));
    }
    Some(match interaction.name.as_str() {
        "choiceinteraction" => choices::question(item, interaction, stem, reading),
        "orderinteraction" => pairs::ordering(item, interaction, stem, reading),
        "matchinteraction" => pairs::matching(item, interaction, stem, reading),
        "associateinteraction" => pairs::associating(item, interaction, stem, reading),
        "extendedtextinteraction" => essay(item, interaction, stem),
        _ => {
            reading.paper.note(unsupported(own_name(interaction), &stem).at(item.place.address));
            return None;
        }
    })
}

fn essay(item: &Item<'_>, interaction: &Element, stem: Rich) -> Question {
    let mut question = Question { stem, ..Question::new(QuestionType::Essay) };
    // What a marker compares with.
    let model = item.declaration(interaction).correct.iter().flatten().cloned().collect::<Vec<_>>().join("\n");
    let model = Rich::plain(&model);
    question.rubric = (!model.is_empty()).then_some(model);
    question
}

fn own_name(interaction: &Element) -> &str {
    interaction.attribute(OWN_NAME).unwrap_or(&interaction.name)
}

fn unsupported(own: &str, stem: &Rich) -> Entry {
    let words: String = stem.to_text().chars().take(80).collect();
    Entry::error(
        "unsupported-type",
        format!("Câu hỏi “{words}” thuộc dạng “{own}” chưa hỗ trợ nên không được nhập. Hãy soạn lại thành dạng khác."),
    )
    .of_type(own)
    .with("text", words)
}

/// What every kind has.
fn finish(mut question: Question, item: &Item<'_>, parts: &Body<'_>, reading: &mut Reading<'_, '_>) {
    let place = &item.place;
    question.address = place.address;
    // A file of ours repeats the number where the title is missing; others give each item a name.
    question.title = item.root.attribute("title").map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned);
    question.external_id = external_id(item);
    question.language = item.root.attribute("lang").filter(|lang| !lang.is_empty()).map(str::to_owned);
    question.category.clone_from(&place.category);
    question.passage = question.passage.or_else(|| place.passage.clone());
    question.points = points(item, parts).or(question.points);
    place.described.put_on(&mut question);
    for rubric in &parts.rubrics {
        let text = reading.inside(rubric, item.tex, place);
        match &mut question.rubric {
            Some(rubric) => rubric.append(text),
            none => *none = (!text.is_empty()).then_some(text),
        }
    }
    feedback::put_on(&mut question, item, parts, reading);
    for found in &parts.interactions {
        if let Some(rule) = item.processing.beyond(item.variable(found.element)) {
            reading.paper.note(
                Entry::warning(
                    "marking-not-carried",
                    format!("Quy tắc chấm “{rule}” của câu hỏi không mang sang được; chỉ giữ đáp án đã nêu. Hãy kiểm tra đáp án."),
                )
                .with("rule", rule)
                .at(place.address),
            );
        }
    }
    question.settle_key();
    tell_missing_key(&question, &mut reading.paper);
    reading.paper.questions.push(question);
}

/// The source's name for the item; the names that our writer makes up are nobody's.
fn external_id(item: &Item<'_>) -> Option<String> {
    let own = item.root.attribute("label").filter(|_| item.is_ours()).or_else(|| item.root.attribute("identifier"))?;
    let made_up = item.is_ours() && own.strip_prefix("item").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    (!made_up).then(|| own.to_owned())
}

/// What the item is worth: as declared, else as its mappings add up; times its weight in the test.
fn points(item: &Item<'_>, parts: &Body<'_>) -> Option<Exact> {
    let outcome = |name: &str| item.root.all("outcomedeclaration").find(|own| own.attribute("identifier") == Some(name));
    let declared = outcome("MAXSCORE")
        .and_then(|own| exact(&own.first("defaultvalue")?.first("value")?.text()))
        .or_else(|| outcome("SCORE").and_then(|own| exact(own.attribute("normalmaximum")?)))
        .filter(|points| *points > Exact::ZERO);
    let mapped = || {
        if item.is_ours() {
            return None;
        }
        let mut sum = Exact::ZERO;
        for found in &parts.interactions {
            let declaration = item.declaration(found.element);
            let mapping = declaration.mapping.as_ref().filter(|_| item.is_mapped(found.element))?;
            let most = if declaration.cardinality == "single" { mapping.most() } else { mapping.sum() };
            sum = sum.checked_add(most)?;
        }
        (sum > Exact::ZERO).then_some(sum)
    };
    match (declared.or_else(mapped), item.place.weight) {
        (Some(points), Some(weight)) => points.checked_mul(weight).map(|points| points.normalize()),
        (points, weight) => points.or(weight),
    }
}

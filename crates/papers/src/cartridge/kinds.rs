//! The kinds of QTI 1.2 item, one function each.

use super::conditions::{Condition, How, best};
use super::interop::Gathering;
use super::item::{Item, merge, occasion};
use super::material;
use crate::model::{Answer, Blank, BlankType, Choice, Entry, Exact, Pair, Question, QuestionType, Statement};
use crate::package::{exact, label, share, truth};
use crate::rich::{Block, Inline, ListKind, Rich};
use crate::xml::Element;

/// A choice offered: its identifier and what it says.
struct Offered<'e> {
    id: &'e str,
    content: Rich,
}

fn new(item: &Item<'_>, kind: QuestionType) -> Question {
    Question { stem: item.stem.clone(), ..Question::new(kind) }
}

fn id(response: &Element) -> &str {
    response.attribute("ident").unwrap_or_default()
}

fn labels<'e>(element: &'e Element, out: &mut Vec<&'e Element>) {
    for inner in element.elements() {
        if inner.name == "response_label" { out.push(inner) } else { labels(inner, out) }
    }
}

fn offered<'e>(response: &'e Element, item: &Item<'_>, gathering: &mut Gathering<'_, '_, '_>) -> Vec<Offered<'e>> {
    let mut found = Vec::new();
    labels(response, &mut found);
    found.into_iter().map(|label| Offered { id: id(label), content: gathering.rich(&material::html(label), item.around.address) }).collect()
}

pub(super) fn choice(item: &Item<'_>, kind: QuestionType, gathering: &mut Gathering<'_, '_, '_>) -> Question {
    let mut question = new(item, kind);
    let Some(response) = item.responses.first() else { return question };
    let offered = offered(response, item, gathering);
    let key = if kind == QuestionType::MultipleChoice { several(item, id(response)) } else { single(item, id(response)) };
    question.shuffle =
        response.find("render_choice").and_then(|render| render.attribute("shuffle")).map(|word| word.eq_ignore_ascii_case("yes"));
    question.options = offered
        .into_iter()
        .enumerate()
        .map(|(at, one)| {
            let credit = key.as_ref().and_then(|key| key.credit(one.id));
            Choice {
                label: label(at),
                correct: key.as_ref().map(|key| key.is_right(one.id)),
                credit,
                content: one.content,
                ..Choice::default()
            }
        })
        .collect();
    question
}

/// What the rules say of choices.
struct ChoiceKey<'c> {
    right: Vec<&'c str>,
    /// Credits of each, where the rules give parts.
    credits: Vec<(&'c str, Exact)>,
}

impl ChoiceKey<'_> {
    fn is_right(&self, id: &str) -> bool {
        self.right.contains(&id)
    }

    fn credit(&self, id: &str) -> Option<Exact> {
        if self.credits.is_empty() {
            return None;
        }
        Some(self.credits.iter().find(|(own, _)| *own == id).map_or(Exact::ZERO, |(_, credit)| *credit))
    }
}

/// Scores of single values, in the order of the rules.
fn scores<'c>(conditions: &'c [Condition], response: &str) -> Vec<(&'c str, Exact)> {
    let mut out: Vec<(&str, Exact)> = Vec::new();
    for condition in conditions {
        let Some(score) = condition.score else { continue };
        for test in condition.wanted.iter().filter(|test| test.response == response && test.how == How::Equal) {
            if !out.iter().any(|(value, _)| *value == test.value) {
                out.push((&test.value, score));
            }
        }
    }
    out
}

fn single<'c>(item: &'c Item<'_>, response: &str) -> Option<ChoiceKey<'c>> {
    let scores = scores(&item.conditions, response);
    let most = scores.iter().map(|(_, score)| *score).max().filter(|most| *most > Exact::ZERO)?;
    let right = scores.iter().filter(|(_, score)| *score == most).map(|(value, _)| *value).collect();
    let parts = scores.iter().any(|(_, score)| *score != most && !score.is_zero());
    let credits = scores.iter().filter(|_| parts).filter_map(|(value, score)| Some((*value, share(*score, most)?))).collect();
    Some(ChoiceKey { right, credits })
}

fn several<'c>(item: &'c Item<'_>, response: &str) -> Option<ChoiceKey<'c>> {
    let about = |condition: &&Condition| condition.pays() && condition.wanted.iter().any(|test| test.response == response);
    let whole = item
        .conditions
        .iter()
        .filter(about)
        .filter(|condition| condition.wanted.len() > 1 || !condition.unwanted.is_empty())
        .max_by_key(|condition| condition.score);
    if let Some(whole) = whole {
        return Some(ChoiceKey { right: whole.wanted.iter().map(|test| test.value.as_str()).collect(), credits: Vec::new() });
    }
    let scores = scores(&item.conditions, response);
    let right: Vec<&str> = scores.iter().filter(|(_, score)| *score > Exact::ZERO).map(|(value, _)| *value).collect();
    let sum = scores.iter().map(|(_, score)| *score).filter(|score| *score > Exact::ZERO).try_fold(Exact::ZERO, Exact::checked_add)?;
    let credits = scores.iter().filter(|_| right.len() > 1).filter_map(|(value, score)| Some((*value, share(*score, sum)?))).collect();
    (!right.is_empty()).then_some(ChoiceKey { right, credits })
}

pub(super) fn true_false(item: &Item<'_>, gathering: &mut Gathering<'_, '_, '_>) -> Question {
    let Some(response) = item.responses.first() else { return new(item, QuestionType::TrueFalse) };
    let offered = offered(response, item, gathering);
    let said = |one: &Offered<'_>| truth(&one.content.to_text()).or_else(|| truth(one.id));
    let words: Vec<Option<bool>> = offered.iter().map(said).collect();
    if !matches!(words.as_slice(), [Some(one), Some(other)] if one != other) {
        // The words are of another language: which of them is true is not said.
        return choice(item, QuestionType::SingleChoice, gathering);
    }
    let right = best(&item.conditions, id(response));
    let correct = offered.iter().find(|one| Some(one.id) == right).and_then(said);
    let statement = Statement { label: "a".to_owned(), correct, ..Statement::default() };
    Question { statements: vec![statement], ..new(item, QuestionType::TrueFalse) }
}

pub(super) fn typed(item: &Item<'_>, gathering: &mut Gathering<'_, '_, '_>) -> Question {
    let mut question = new(item, QuestionType::ShortAnswer);
    let paying: Vec<&Condition> = item.conditions.iter().filter(|condition| condition.pays()).collect();
    let most = paying.iter().filter_map(|condition| condition.score).max();
    for condition in &paying {
        for test in condition.wanted.iter().filter(|test| matches!(test.how, How::Equal | How::Contains)) {
            if test.how == How::Contains {
                gathering.note(
                    Entry::warning(
                        "marking-not-carried",
                        "Nguồn chấp nhận mọi câu trả lời có chứa đáp án; chỉ giữ đúng đáp án đã nêu. Hãy kiểm tra.",
                    )
                    .with("rule", "varsubstring")
                    .at(item.around.address),
                );
            }
            let credit = condition.score.zip(most).filter(|(score, most)| score != most).and_then(|(score, most)| share(score, most));
            question.case_sensitive = question.case_sensitive.or(test.case_sensitive);
            if !test.value.is_empty() && !question.answers.iter().any(|answer| answer.text == test.value) {
                question.answers.push(Answer { text: test.value.clone(), credit, ..Answer::default() });
            }
        }
    }
    question
}

pub(super) fn number(item: &Item<'_>) -> Question {
    let mut question = new(item, QuestionType::Numeric);
    for condition in item.conditions.iter().filter(|condition| condition.pays()) {
        let value = |how| condition.wanted.iter().find(|test| test.how == how).and_then(|test| exact(&test.value));
        let text = condition.wanted.iter().find(|test| test.how == How::Equal).map(|test| test.value.clone()).unwrap_or_default();
        let (middle, least, most) = (value(How::Equal), value(How::AtLeast), value(How::AtMost));
        let mut answer = Answer { text, ..Answer::default() };
        if let (Some(least), Some(most)) = (least, most) {
            let sides = middle.and_then(|middle| Some((middle.checked_sub(least)?, most.checked_sub(middle)?)));
            match sides {
                Some((below, above)) if below == above => answer.tolerance = Some(below.normalize()),
                _ => (answer.min, answer.max) = (Some(least), Some(most)),
            }
        }
        if middle.is_some() || answer.min.is_some() {
            question.answers.push(answer);
        }
    }
    question
}

/// Canvas's gaps: `[name]` in the stem, one response for each name.
pub(super) fn gaps(item: &Item<'_>, kind: BlankType, gathering: &mut Gathering<'_, '_, '_>) -> Question {
    let mut question = new(item, QuestionType::Cloze);
    let total: usize = item.responses.len();
    for (at, response) in item.responses.iter().enumerate() {
        let own = gathering.rich(&material::html(response), item.around.address).to_text();
        let name = if own.is_empty() { id(response).trim_start_matches("response_").to_owned() } else { own };
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        if !put_gap(&mut question.stem, &name, number) {
            // A gap that the text does not name stands at its end.
            question.stem.blocks.push(Block::Paragraph(vec![Inline::Blank(number)]));
            if total > 1 {
                gathering.note(
                    Entry::warning(
                        "gap-not-placed",
                        format!("Không thấy chỗ trống “{name}” trong đề; đã đặt ở cuối. Hãy chuyển về đúng chỗ."),
                    )
                    .at(item.around.address),
                );
            }
        }
        let offered = offered(response, item, gathering);
        let right = best(&item.conditions, id(response));
        let mut blank = Blank { kind, options: Vec::new(), answers: Vec::new(), points: None, case_sensitive: None };
        if kind == BlankType::SingleChoice {
            blank.options = offered
                .into_iter()
                .enumerate()
                .map(|(at, one)| Choice {
                    label: label(at),
                    correct: right.map(|right| right == one.id),
                    content: one.content,
                    ..Choice::default()
                })
                .collect();
        } else {
            // Everything listed for a typed gap is accepted; the rules name only the first.
            blank.answers = offered.into_iter().map(|one| Answer { text: one.content.to_text(), ..Answer::default() }).collect();
        }
        question.blanks.push(blank);
    }
    question
}

/// Turns `[name]` in the text into a gap, wherever it stands.
fn put_gap(rich: &mut Rich, name: &str, number: u32) -> bool {
    let wanted = format!("[{name}]");
    rich.blocks.iter_mut().any(|block| match block {
        Block::Paragraph(inlines) => put_gap_in_line(inlines, &wanted, number),
        Block::List { items, .. } => items.iter_mut().any(|item| put_gap(item, name, number)),
        Block::Table(rows) => rows.iter_mut().flatten().any(|cell| put_gap(&mut cell.content, name, number)),
        Block::Code(_) => false,
    })
}

fn put_gap_in_line(inlines: &mut Vec<Inline>, wanted: &str, number: u32) -> bool {
    let found = inlines.iter().enumerate().find_map(|(at, inline)| match inline {
        Inline::Text(text, marks) => text.split_once(wanted).map(|(before, after)| (at, before.to_owned(), after.to_owned(), *marks)),
        _ => None,
    });
    let Some((at, before, after, marks)) = found else { return false };
    let pieces = [Inline::Text(before, marks), Inline::Blank(number), Inline::Text(after, marks)];
    let pieces = pieces.into_iter().filter(|piece| !matches!(piece, Inline::Text(text, _) if text.is_empty()));
    inlines.splice(at..=at, pieces);
    true
}

pub(super) fn matching(item: &Item<'_>, gathering: &mut Gathering<'_, '_, '_>) -> Question {
    let mut question = new(item, QuestionType::Matching);
    let mut lefts = Vec::new();
    let mut rights: Vec<Offered<'_>> = Vec::new();
    for response in &item.responses {
        let left = gathering.rich(&material::html(response), item.around.address);
        for one in offered(response, item, gathering) {
            if !rights.iter().any(|known| known.id == one.id) {
                rights.push(one);
            }
        }
        lefts.push((left, best(&item.conditions, id(response))));
    }
    if lefts.iter().any(|(_, right)| right.is_none()) {
        // Pairs are their own key: without it what was offered stays in the stem.
        let lists = [lefts.into_iter().map(|(left, _)| left).collect(), rights.into_iter().map(|right| right.content).collect()];
        question.stem.blocks.extend(lists.map(|items| Block::List { kind: ListKind::Bullets, items }));
        gathering.note(
            Entry::warning(
                "offered-kept-in-stem",
                "Nguồn không cho đủ đáp án ghép; các vế được giữ trong phần đề. Hãy nhập lại các cặp đúng.",
            )
            .at(item.around.address),
        );
        return question;
    }
    for (left, right) in &lefts {
        let content = rights.iter().find(|one| Some(one.id) == *right).map(|one| one.content.clone()).unwrap_or_default();
        question.pairs.push(Pair { left: left.clone(), right: content });
    }
    let unused = rights.into_iter().filter(|one| !lefts.iter().any(|(_, right)| *right == Some(one.id)));
    question.pairs.extend(unused.map(|one| Pair { left: Rich::default(), right: one.content }));
    question
}

fn ordering(item: &Item<'_>, response: &Element, gathering: &mut Gathering<'_, '_, '_>) -> Question {
    let mut question = new(item, QuestionType::Ordering);
    let offered = offered(response, item, gathering);
    let rule = item.conditions.iter().find(|condition| condition.pays() && condition.wanted.len() == offered.len());
    match rule {
        Some(rule) => {
            let order = rule.wanted.iter().filter_map(|test| offered.iter().find(|one| one.id == test.value));
            question.items = order.map(|one| one.content.clone()).collect();
        }
        None => {
            let items = offered.into_iter().map(|one| one.content).collect();
            question.stem.blocks.push(Block::List { kind: ListKind::Bullets, items });
            gathering.note(
                Entry::warning("offered-kept-in-stem", "Nguồn không cho thứ tự đúng; các mục được giữ trong phần đề. Hãy nhập lại thứ tự.")
                    .at(item.around.address),
            );
        }
    }
    question
}

/// What other programs' items are, by their responses.
pub(super) fn by_shape(item: &Item<'_>, gathering: &mut Gathering<'_, '_, '_>) -> Option<Question> {
    let [response] = item.responses.as_slice() else {
        let lids = !item.responses.is_empty()
            && item.responses.iter().all(|response| matches!(response.name.as_str(), "response_lid" | "response_grp"));
        return if item.responses.is_empty() {
            (!item.stem.is_empty()).then(|| new(item, QuestionType::Description))
        } else {
            lids.then(|| matching(item, gathering))
        };
    };
    let cardinality = response.attribute("rcardinality").unwrap_or("Single").to_ascii_lowercase();
    let has = |name: &str| response.find(name).is_some();
    match response.name.as_str() {
        "response_lid" if !has("render_choice") => None,
        "response_lid" => Some(match cardinality.as_str() {
            "multiple" => choice(item, QuestionType::MultipleChoice, gathering),
            "ordered" => ordering(item, response, gathering),
            _ => {
                let mut found = Vec::new();
                labels(response, &mut found);
                let words: Vec<Option<bool>> = found.iter().map(|label| truth(&label.text())).collect();
                match words.as_slice() {
                    [Some(one), Some(other)] if one != other => true_false(item, gathering),
                    _ => choice(item, QuestionType::SingleChoice, gathering),
                }
            }
        }),
        "response_num" => Some(number(item)),
        "response_str" if has("render_fib") => {
            let question = typed(item, gathering);
            let rows = response.find("render_fib").and_then(|render| render.attribute("rows")).and_then(|rows| rows.parse::<u32>().ok());
            // Without a key a large box is for writing.
            Some(if question.answers.is_empty() && rows.is_some_and(|rows| rows > 1) { new(item, QuestionType::Essay) } else { question })
        }
        _ => None,
    }
}

/// Puts the feedback to one answer where that answer is.
pub(super) fn feedback_to(question: &mut Question, item: &Item<'_>, answer: &str, text: Rich) {
    let mut found = Vec::new();
    if let Some(response) = item.responses.first() {
        labels(response, &mut found);
    }
    let at = found.iter().position(|label| id(label) == answer);
    if let Some(statement) = question.statements.first().filter(|_| question.kind == QuestionType::TrueFalse) {
        let said = at.and_then(|at| found.get(at)).and_then(|label| truth(&label.text()).or_else(|| truth(id(label))));
        match (said, statement.correct) {
            (Some(said), Some(correct)) => occasion(question, if said == correct { "correct" } else { "incorrect" }, text),
            _ => merge(&mut question.explanation, text),
        }
    } else if let Some(option) = at.and_then(|at| question.options.get_mut(at)) {
        merge(&mut option.feedback, text);
    } else if let Some(own) = question.answers.iter_mut().find(|own| own.text == answer) {
        merge(&mut own.feedback, text);
    } else {
        merge(&mut question.explanation, text);
    }
}

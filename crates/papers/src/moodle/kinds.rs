//! Moodle's kinds of question, one function each.

use rust_decimal::Decimal;

use super::files::Texts;
use super::gaps;
use super::numbers::{exact, percent, share};
use super::read::{flag, rich, rich_in, said, text_of};
use super::statements::{lone, option_label, statement_label};
use super::{TextFormat, html_letters, letters_with_formulas};
use crate::model::{Answer, Choice, Entry, Exact, Pair, Question, QuestionType, Statement};
use crate::rich::Rich;
use crate::xml::Element;

/// Whether a kind's text has gaps in it.
pub(super) fn has_gaps(kind: &str) -> bool {
    matches!(kind, "cloze" | "multianswer" | "ddwtos" | "gapselect")
}

/// Reads what a kind has of its own; `false` where the kind cannot be carried.
pub(super) fn fill(kind: &str, element: &Element, question: &mut Question, texts: &mut Texts<'_>) -> bool {
    match kind {
        "multichoice" => choices(element, question, texts),
        "multichoiceset" => {
            choices(element, question, texts);
            question.kind = QuestionType::MultipleChoice;
            texts.note(Entry::info(
                "moodle-scoring",
                "Câu này trong Moodle chỉ có điểm khi chọn đúng tất cả; cách chấm thuộc về bài kiểm tra nên không được giữ lại.",
            ));
        }
        "truefalse" => true_false(element, question, texts),
        "kprime" | "mtf" => return statements(element, question, texts),
        "shortanswer" => short_answer(element, question, texts),
        "numerical" => numerical(element, question, texts),
        "matching" | "match" => matching(element, question, texts),
        "essay" => essay(element, question, texts),
        "description" => question.kind = QuestionType::Description,
        "ordering" => ordering(element, question, texts),
        "cloze" | "multianswer" => gaps::cloze(element, question, texts),
        "ddwtos" | "gapselect" => return gaps::boxes(kind, element, question, texts),
        _ => return false,
    }
    true
}

/// An answer's share of the points.
fn credit(answer: &Element, texts: &mut Texts<'_>) -> Option<Exact> {
    let fraction = answer.attribute("fraction")?;
    let found = percent(fraction);
    if found.is_none() {
        let shown: String = fraction.chars().take(30).collect();
        texts.note(Entry::warning("moodle-fraction", format!("Trọng số “{shown}” của một phương án không phải số từ −100 đến 100.")));
    }
    found.map(share)
}

fn feedback(answer: &Element, texts: &mut Texts<'_>) -> Option<Rich> {
    rich_in(answer, "feedback", texts)
}

/// Which options are right, by their credits: the best ones where one is to be chosen, each that gives
/// something where several are. Where none gives anything the source does not say.
pub(super) fn settle(kind: QuestionType, options: &mut [Choice]) {
    let best = options.iter().filter_map(|option| option.credit).max().filter(|best| *best > Decimal::ZERO);
    for option in options {
        let credit = option.credit.unwrap_or_default();
        option.correct = best.map(|best| if kind == QuestionType::SingleChoice { credit == best } else { credit > Decimal::ZERO });
        option.credit = best.and(Some(credit));
    }
}

fn choices(element: &Element, question: &mut Question, texts: &mut Texts<'_>) {
    let single = flag(element, "single").unwrap_or(true);
    question.kind = if single { QuestionType::SingleChoice } else { QuestionType::MultipleChoice };
    let option = |(at, answer): (usize, &Element)| Choice {
        label: option_label(at),
        content: rich(answer, texts),
        correct: None,
        credit: credit(answer, texts),
        feedback: feedback(answer, texts),
        pinned: false,
    };
    question.options = element.all("answer").enumerate().map(option).collect();
    settle(question.kind, &mut question.options);
}

fn true_false(element: &Element, question: &mut Question, texts: &mut Texts<'_>) {
    question.kind = QuestionType::TrueFalse;
    let mut correct = None;
    let mut comments = Vec::new();
    for answer in element.all("answer") {
        let truth = match text_of(answer).to_lowercase().as_str() {
            "true" | "đúng" => true,
            "false" | "sai" => false,
            _ => continue,
        };
        if credit(answer, texts).is_some_and(|credit| credit > Decimal::ZERO) {
            correct = Some(truth);
        }
        comments.extend(feedback(answer, texts).map(|feedback| (truth, feedback)));
    }
    question.statements = vec![lone(correct)];
    for (truth, feedback) in comments {
        match correct {
            Some(correct) => {
                let occasion = if truth == correct { "correct" } else { "incorrect" };
                question.feedback.insert(occasion.to_owned(), feedback);
            }
            None => texts.note(Entry::warning("feedback-lost", "Phản hồi của câu đúng/sai không giữ được vì câu chưa có đáp án.")),
        }
    }
}

/// The additional types that are Part II of our papers: rows, each true or false.
fn statements(element: &Element, question: &mut Question, texts: &mut Texts<'_>) -> bool {
    if element.all("column").count() > 2 {
        return false;
    }
    question.kind = QuestionType::TrueFalse;
    let is = |weight: &Element, name: &str, wanted: &str| weight.attribute(name) == Some(wanted);
    for (at, row) in element.all("row").enumerate().take(100) {
        let number = row.attribute("number").unwrap_or_default();
        let holds = |column: &str| {
            let mut weights = element.all("weight").take(1000);
            let weight = weights.find(|weight| is(weight, "rownumber", number) && is(weight, "columnnumber", column));
            weight.and_then(|weight| said(weight, "value")).and_then(|value| exact(&value)).is_some_and(|value| value > Decimal::ZERO)
        };
        let correct = match (holds("1"), holds("2")) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        };
        question.statements.push(Statement {
            label: statement_label(at),
            content: rich_in(row, "optiontext", texts).unwrap_or_default(),
            correct,
            level: None,
            feedback: rich_in(row, "feedbacktext", texts),
        });
    }
    true
}

fn answer_text(answer: &Element) -> String {
    let text = text_of(answer);
    if TextFormat::of_xml(answer.attribute("format").or(Some("plain_text"))) == TextFormat::Html { html_letters(&text) } else { text }
}

fn short_answer(element: &Element, question: &mut Question, texts: &mut Texts<'_>) {
    question.kind = QuestionType::ShortAnswer;
    question.case_sensitive = flag(element, "usecase");
    let answer = |answer: &Element| Answer {
        text: answer_text(answer),
        credit: credit(answer, texts),
        feedback: feedback(answer, texts),
        ..Answer::default()
    };
    question.answers = element.all("answer").map(answer).collect();
}

fn numerical(element: &Element, question: &mut Question, texts: &mut Texts<'_>) {
    question.kind = QuestionType::Numeric;
    for answer in element.all("answer") {
        let text = answer.attribute("lopmo-text").map_or_else(|| answer_text(answer), str::to_owned);
        let number = |name| answer.attribute(name).and_then(exact);
        let (min, max) = (number("lopmo-min"), number("lopmo-max"));
        if text != "*" && exact(&text).is_none() {
            texts.note(not_a_number(&text));
        }
        let tolerance = said(answer, "tolerance").and_then(|tolerance| exact(&tolerance)).map(|tolerance| tolerance.abs());
        question.answers.push(Answer {
            text: if let (Some(low), Some(high)) = (min, max) { format!("{low}..{high}") } else { text },
            credit: credit(answer, texts),
            tolerance: if min.is_some() { None } else { tolerance },
            min,
            max,
            feedback: feedback(answer, texts),
        });
    }
    units(element, texts);
}

/// An answer that should be a number.
pub(super) fn not_a_number(text: &str) -> Entry {
    let shown: String = text.chars().take(60).collect();
    Entry::warning("moodle-number", format!("Đáp án “{shown}” không phải một số. Hãy sửa lại.")).with("text", shown)
}

fn units(element: &Element, texts: &mut Texts<'_>) {
    let names: Vec<String> = element
        .first("units")
        .into_iter()
        .flat_map(|units| units.all("unit"))
        .filter_map(|unit| said(unit, "unit_name"))
        .take(20)
        .collect();
    if !names.is_empty() {
        let message = format!(
            "Đơn vị ({}) và cách chấm đơn vị của Moodle không được giữ lại; đáp án chỉ còn là số. Hãy ghi đơn vị vào câu hỏi.",
            names.join(", ")
        );
        texts.note(Entry::warning("units-not-carried", message).with("units", names.join(", ")));
    }
}

fn matching(element: &Element, question: &mut Question, texts: &mut Texts<'_>) {
    question.kind = QuestionType::Matching;
    let pair = |sub: &Element| Pair {
        left: rich(sub, texts),
        right: sub.first("answer").map(|answer| letters_with_formulas(&answer_text(answer))).unwrap_or_default(),
    };
    question.pairs = element.all("subquestion").map(pair).collect();
    question.pairs.retain(|pair| !pair.left.is_empty() || !pair.right.is_empty());
}

fn essay(element: &Element, question: &mut Question, texts: &mut Texts<'_>) {
    question.kind = QuestionType::Essay;
    if let Some(template) = rich_in(element, "responsetemplate", texts) {
        let letters: String = template.to_text().chars().take(200).collect();
        let message = format!("Mẫu trả lời có sẵn không được giữ lại: “{letters}”. Hãy chép vào câu hỏi nếu cần.");
        texts.note(Entry::warning("template-not-carried", message).with("text", letters));
    }
}

fn ordering(element: &Element, question: &mut Question, texts: &mut Texts<'_>) {
    question.kind = QuestionType::Ordering;
    let mut items: Vec<_> = element
        .all("answer")
        .map(|answer| (answer.attribute("fraction").and_then(exact).unwrap_or(Exact::MAX), rich(answer, texts)))
        .collect();
    // Stable: those that say no place keep theirs.
    items.sort_by_key(|(place, _)| *place);
    question.items = items.into_iter().map(|(_, item)| item).collect();
}

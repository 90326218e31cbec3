//! One question as one item.

use std::fmt::Write as _;

use super::answers::{Declared, declaration, match_rule, number, of_letters, of_number, of_options};
use super::markup::{Markup, escape};
use super::{Writing, has_passage, passage_path};
use crate::model::{Answer, Blank, BlankType, Choice, Entry, Exact, Question, QuestionType};
use crate::qti::TOOL;
use crate::rich::Rich;

/// The identifier of the option at a place.
pub(super) fn choice_id(at: usize) -> String {
    format!("C{}", at + 1)
}

/// The item's file.
pub(super) fn item(question: &Question, id: &str, writing: &mut Writing<'_>) -> String {
    tell_losses(question, writing);
    let passage = if has_passage(writing.paper, question) { question.passage.clone() } else { None };
    let stimulus = passage.map(|passage| {
        let path = passage_path(writing.paper, &passage);
        let name = path.trim_start_matches("passages/").trim_end_matches(".xml").to_owned();
        format!("<qti-assessment-stimulus-ref identifier=\"{name}\" href=\"../{path}\"/>")
    });
    let mut markup = Markup { writing, address: question.address, gaps: Vec::new() };
    let points = question.points.filter(|points| *points > Exact::ZERO);
    let (body, declared) = body(question, points.unwrap_or(Exact::ONE), &mut markup);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<qti-assessment-item xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\" identifier=\"{}\" title=\"{}\" adaptive=\"false\" time-dependent=\"false\" tool-name=\"{TOOL}\"",
        escape(name(question).unwrap_or(id)),
        escape(question.title.as_deref().unwrap_or_default()),
    );
    // A name of letters that QTI does not allow is kept beside its own.
    for (attribute, value) in
        [("label", question.external_id.as_deref().filter(|_| name(question).is_none())), ("xml:lang", question.language.as_deref())]
    {
        if let Some(value) = value {
            let _ = write!(out, " {attribute}=\"{}\"", escape(value));
        }
    }
    out.push('>');
    for one in &declared {
        out.push_str(&one.declaration);
    }
    out.push_str("<qti-outcome-declaration identifier=\"SCORE\" cardinality=\"single\" base-type=\"float\"");
    if let Some(points) = points {
        let _ = write!(out, " normal-maximum=\"{points}\"");
    }
    out.push_str("><qti-default-value><qti-value>0</qti-value></qti-default-value></qti-outcome-declaration>");
    out.push_str("<qti-outcome-declaration identifier=\"FEEDBACK\" cardinality=\"multiple\" base-type=\"identifier\"/>");
    out.push_str(&stimulus.unwrap_or_default());
    let _ = write!(out, "<qti-item-body>{body}");
    if let Some(rubric) = &question.rubric {
        let _ = write!(
            out,
            "<qti-rubric-block view=\"scorer\" use=\"scoring\"><qti-content-body>{}</qti-content-body></qti-rubric-block>",
            markup.blocks(rubric)
        );
    }
    out.push_str("</qti-item-body>");
    let rules: String = declared.iter().map(|one| one.rule.as_str()).collect();
    if !rules.is_empty() {
        let _ = write!(out, "<qti-response-processing>{rules}</qti-response-processing>");
    }
    for (id, text) in feedback(question) {
        let _ = write!(
            out,
            "<qti-modal-feedback outcome-identifier=\"FEEDBACK\" identifier=\"{id}\" show-hide=\"show\"><qti-content-body>{}</qti-content-body></qti-modal-feedback>",
            markup.blocks(text)
        );
    }
    out.push_str("</qti-assessment-item>\n");
    out
}

/// The source's own name where it is one for QTI.
fn name(question: &Question) -> Option<&str> {
    question.external_id.as_deref().filter(|own| {
        own.len() <= 200
            && own.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && own.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    })
}

fn feedback(question: &Question) -> Vec<(String, &Rich)> {
    let mut out: Vec<(String, &Rich)> = question.explanation.iter().map(|text| ("solution".to_owned(), text)).collect();
    out.extend(question.feedback.iter().map(|(occasion, text)| {
        let known = matches!(occasion.as_str(), "correct" | "partial" | "incorrect");
        (if known { occasion.clone() } else { "general".to_owned() }, text)
    }));
    out.extend(question.hints.iter().enumerate().map(|(at, text)| (format!("hint{}", at + 1), text)));
    out
}

fn body(question: &Question, worth: Exact, markup: &mut Markup<'_, '_>) -> (String, Vec<Declared>) {
    if question.kind == QuestionType::Cloze {
        return cloze(question, worth, markup);
    }
    let mut body = markup.blocks(&question.stem);
    let mut declared = Vec::new();
    let shuffle = question.shuffle.map(|shuffle| format!(" shuffle=\"{shuffle}\"")).unwrap_or_default();
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => {
            let several = question.kind == QuestionType::MultipleChoice;
            let most = if several { 0 } else { 1 };
            let _ = write!(body, "<qti-choice-interaction response-identifier=\"RESPONSE\" max-choices=\"{most}\"{shuffle}>");
            body.push_str(&choices(&question.options, "qti-simple-choice", markup));
            body.push_str("</qti-choice-interaction>");
            declared.push(of_options("RESPONSE", several, &question.options, worth));
        }
        QuestionType::TrueFalse => declared.push(statements(question, worth, &mut body, markup)),
        QuestionType::ShortAnswer => {
            body.push_str("<p><qti-text-entry-interaction response-identifier=\"RESPONSE\"/></p>");
            declared.push(of_letters("RESPONSE", &question.answers, question.case_sensitive, worth));
        }
        QuestionType::Numeric => {
            body.push_str("<p><qti-text-entry-interaction response-identifier=\"RESPONSE\"/></p>");
            declared.push(of_number("RESPONSE", &question.answers, worth));
        }
        QuestionType::Matching => declared.push(pairs(question, worth, &shuffle, &mut body, markup)),
        QuestionType::Ordering => {
            let _ = write!(body, "<qti-order-interaction response-identifier=\"RESPONSE\"{shuffle}>");
            // Not in the right order, which would give it away; still the same each time.
            let mut order: Vec<(usize, &Rich)> = question.items.iter().enumerate().collect();
            order.sort_by_key(|(_, item)| item.to_text());
            for (at, item) in order {
                let _ = write!(body, "<qti-simple-choice identifier=\"{}\">{}</qti-simple-choice>", choice_id(at), markup.inside(item));
            }
            body.push_str("</qti-order-interaction>");
            let right: Vec<String> = (0..question.items.len()).map(choice_id).collect();
            declared.push(Declared {
                declaration: declaration("RESPONSE", "ordered", "identifier", &right, ""),
                rule: match_rule("RESPONSE", worth),
            });
        }
        QuestionType::Essay => {
            body.push_str("<qti-extended-text-interaction response-identifier=\"RESPONSE\"/>");
            declared.push(Declared { declaration: declaration("RESPONSE", "single", "string", &[], ""), rule: String::new() });
        }
        QuestionType::Description | QuestionType::Cloze => {}
    }
    (body, declared)
}

fn choices(options: &[Choice], tag: &str, markup: &mut Markup<'_, '_>) -> String {
    let mut out = String::new();
    for (at, option) in options.iter().enumerate() {
        let fixed = if option.pinned { " fixed=\"true\"" } else { "" };
        let _ = write!(out, "<{tag} identifier=\"{}\"{fixed}>{}", choice_id(at), markup.inside(&option.content));
        if let Some(feedback) = &option.feedback {
            let _ = write!(
                out,
                "<qti-feedback-block outcome-identifier=\"FEEDBACK\" identifier=\"{}\" show-hide=\"show\"><qti-content-body>{}</qti-content-body></qti-feedback-block>",
                choice_id(at),
                markup.blocks(feedback)
            );
        }
        let _ = write!(out, "</{tag}>");
    }
    out
}

/// Statements are matched with the words Đúng and Sai; a lone one is a choice of the two.
fn statements(question: &Question, worth: Exact, body: &mut String, markup: &mut Markup<'_, '_>) -> Declared {
    if let [lone] = question.statements.as_slice()
        && lone.content.is_empty()
    {
        body.push_str("<qti-choice-interaction response-identifier=\"RESPONSE\" max-choices=\"1\"><qti-simple-choice identifier=\"true\">Đúng</qti-simple-choice><qti-simple-choice identifier=\"false\">Sai</qti-simple-choice></qti-choice-interaction>");
        let right: Vec<String> = lone.correct.map(|correct| correct.to_string()).into_iter().collect();
        return Declared { declaration: declaration("RESPONSE", "single", "identifier", &right, ""), rule: match_rule("RESPONSE", worth) };
    }
    let most = question.statements.len();
    let _ = write!(
        body,
        "<qti-match-interaction class=\"qti-match-tabular\" response-identifier=\"RESPONSE\" max-associations=\"{most}\"><qti-simple-match-set>"
    );
    for (at, statement) in question.statements.iter().enumerate() {
        let _ = write!(
            body,
            "<qti-simple-associable-choice identifier=\"S{}\" match-max=\"1\">{}</qti-simple-associable-choice>",
            at + 1,
            markup.inside(&statement.content)
        );
    }
    body.push_str("</qti-simple-match-set><qti-simple-match-set>");
    for (id, word) in [("true", "Đúng"), ("false", "Sai")] {
        let _ =
            write!(body, "<qti-simple-associable-choice identifier=\"{id}\" match-max=\"{most}\">{word}</qti-simple-associable-choice>");
    }
    body.push_str("</qti-simple-match-set></qti-match-interaction>");
    let right: Vec<String> =
        question.statements.iter().enumerate().filter_map(|(at, statement)| Some(format!("S{} {}", at + 1, statement.correct?))).collect();
    Declared { declaration: declaration("RESPONSE", "multiple", "directedPair", &right, ""), rule: match_rule("RESPONSE", worth) }
}

/// Equal sides are written once; a right side without a left one is a distractor.
fn pairs(question: &Question, worth: Exact, shuffle: &str, body: &mut String, markup: &mut Markup<'_, '_>) -> Declared {
    let (mut lefts, mut rights): (Vec<&Rich>, Vec<&Rich>) = (Vec::new(), Vec::new());
    let mut right = Vec::new();
    fn place<'r>(sides: &mut Vec<&'r Rich>, side: &'r Rich) -> usize {
        sides.iter().position(|known| *known == side).unwrap_or_else(|| {
            sides.push(side);
            sides.len() - 1
        })
    }
    for pair in &question.pairs {
        let left = (!pair.left.is_empty()).then(|| place(&mut lefts, &pair.left));
        let other = (!pair.right.is_empty()).then(|| place(&mut rights, &pair.right));
        if let (Some(left), Some(other)) = (left, other) {
            right.push(format!("L{} R{}", left + 1, other + 1));
        }
    }
    let most = question.pairs.len();
    let _ = write!(body, "<qti-match-interaction response-identifier=\"RESPONSE\" max-associations=\"{most}\"{shuffle}>");
    for (letter, sides) in [("L", lefts), ("R", rights)] {
        body.push_str("<qti-simple-match-set>");
        for (at, side) in sides.into_iter().enumerate() {
            let _ = write!(
                body,
                "<qti-simple-associable-choice identifier=\"{letter}{}\" match-max=\"{most}\">{}</qti-simple-associable-choice>",
                at + 1,
                markup.inside(side)
            );
        }
        body.push_str("</qti-simple-match-set>");
    }
    body.push_str("</qti-match-interaction>");
    Declared { declaration: declaration("RESPONSE", "multiple", "directedPair", &right, ""), rule: match_rule("RESPONSE", worth) }
}

fn cloze(question: &Question, worth: Exact, markup: &mut Markup<'_, '_>) -> (String, Vec<Declared>) {
    let count = Exact::from(question.blanks.len().max(1));
    let each = worth.checked_div(count).unwrap_or(worth).round_dp(6).normalize();
    let mut declared = Vec::new();
    let mut gaps = Vec::new();
    for (at, blank) in question.blanks.iter().enumerate() {
        let id = format!("RESPONSE{}", at + 1);
        let share = blank.points.unwrap_or(each);
        let (gap, own) = gap(&id, blank, share, markup);
        gaps.push(gap);
        declared.push(own);
    }
    markup.gaps = gaps;
    let mut body = markup.blocks(&question.stem);
    // Gaps that the text does not name stand at its end.
    for gap in std::mem::take(&mut markup.gaps).into_iter().filter(|gap| !gap.is_empty()) {
        let _ = write!(body, "<p>{gap}</p>");
    }
    (body, declared)
}

fn gap(id: &str, blank: &Blank, worth: Exact, markup: &mut Markup<'_, '_>) -> (String, Declared) {
    let entry = format!("<qti-text-entry-interaction response-identifier=\"{id}\"/>");
    match blank.kind {
        BlankType::SingleChoice | BlankType::MultipleChoice => {
            let choices = choices(&blank.options, "qti-inline-choice", markup);
            let interaction =
                format!("<qti-inline-choice-interaction response-identifier=\"{id}\">{choices}</qti-inline-choice-interaction>");
            (interaction, of_options(id, blank.kind == BlankType::MultipleChoice, &blank.options, worth))
        }
        BlankType::ShortAnswer => (entry, of_letters(id, &blank.answers, blank.case_sensitive, worth)),
        BlankType::Numeric => (entry, of_number(id, &blank.answers, worth)),
    }
}

/// What QTI cannot hold.
fn tell_losses(question: &Question, writing: &mut Writing<'_>) {
    let mut tell = |code: &str, message: &str| writing.report.push(Entry::warning(code, message).at(question.address));
    if question.statements.iter().any(|statement| statement.level.is_some()) {
        tell("statement-level-not-written", "Mức độ của từng ý Đúng/Sai không ghi vào QTI được.");
    }
    let explained = |answers: &[Answer]| answers.iter().any(|answer| answer.feedback.is_some());
    if question.statements.iter().any(|statement| statement.feedback.is_some())
        || explained(&question.answers)
        || question.blanks.iter().any(|blank| explained(&blank.answers))
    {
        tell("feedback-not-written", "Phản hồi riêng của từng ý hoặc từng đáp án không ghi vào QTI được.");
    }
    if question.blanks.iter().any(|blank| blank.points != question.blanks.first().and_then(|first| first.points)) {
        tell("blank-points-not-written", "Điểm riêng của từng chỗ trống không ghi vào QTI được; điểm được chia đều.");
    }
    let numbers = question.blanks.iter().filter(|blank| blank.kind == BlankType::Numeric).flat_map(|blank| &blank.answers);
    let numbers = numbers.chain(question.answers.iter().filter(|_| question.kind == QuestionType::Numeric));
    if numbers.into_iter().any(|answer| !answer.text.is_empty() && number(&answer.text).is_none()) {
        tell("number-not-written", "Đáp án không phải là số nên không ghi vào câu trả lời số của QTI được.");
    }
    if question.blanks.iter().any(|blank| blank.kind == BlankType::MultipleChoice) {
        tell("blank-type-not-written", "Chỗ trống chọn nhiều đáp án được ghi thành chỗ trống chọn một đáp án.");
    }
    let partly = question.statements.iter().any(|statement| statement.correct.is_some())
        && question.statements.iter().any(|statement| statement.correct.is_none());
    if partly {
        tell("key-partly-written", "Đáp án của câu hỏi còn thiếu ở một số ý.");
    }
    if question.feedback.keys().any(|occasion| !matches!(occasion.as_str(), "correct" | "partial" | "incorrect")) {
        tell("feedback-merged", "Phản hồi cho trường hợp lạ được ghi thành phản hồi chung.");
    }
}

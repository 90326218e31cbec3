//! Texts with gaps: the embedded answers of Moodle (`{1:MULTICHOICE:…}`), and the two kinds whose gaps
//! are numbered boxes (`[[1]]`).

use super::cloze_syntax::{Alternative, EmbeddedKind, Piece, pieces};
use super::files::{SourceFile, Texts};
use super::kinds::{not_a_number, settle};
use super::numbers::exact;
use super::read::{files, text_of};
use super::statements::option_label;
use super::{TextFormat, html_letters};
use crate::model::{Answer, Blank, BlankType, Choice, Entry, Exact, Question, QuestionType};
use crate::rich::Rich;
use crate::xml::Element;

/// Options in all gaps of one question; a hostile file could ask for their square.
const MOST_OPTIONS: usize = 20_000;

fn gap(number: usize) -> String {
    format!("<span data-blank=\"{number}\"></span>")
}

/// The text of a question as HTML-bearing letters, its format and files.
fn source(element: &Element) -> (TextFormat, String, Vec<SourceFile>) {
    let Some(text) = element.first("questiontext") else { return (TextFormat::Html, String::new(), Vec::new()) };
    let format = match TextFormat::of_xml(text.attribute("format")) {
        // Gaps are elements, which plain letters cannot hold.
        TextFormat::Plain => TextFormat::Moodle,
        other => other,
    };
    (format, text_of(text), files(text))
}

/// Embedded answers.
pub(super) fn cloze(element: &Element, question: &mut Question, texts: &mut Texts<'_>) {
    question.kind = QuestionType::Cloze;
    let (format, text, files) = source(element);
    let mut used = vec![false; files.len()];
    let mut html = String::with_capacity(text.len());
    let mut told = Vec::new();
    for piece in pieces(&text) {
        match piece {
            Piece::Letters(letters) => html.push_str(letters),
            Piece::Unknown(kind, letters) => {
                let message = format!("Chỗ trống loại “{kind}” của Moodle chưa chuyển sang được; phần chữ được giữ nguyên trong câu.");
                texts.note(Entry::error("unsupported-type", message).of_type(format!("multianswer:{kind}")));
                html.push_str(letters);
            }
            Piece::Gap { points, kind, alternatives } => {
                let blank = blank(points, kind, &alternatives, &mut |html| texts.rich_marking(TextFormat::Html, html, &files, &mut used));
                told.extend(doubtful(&blank));
                question.blanks.push(blank);
                html.push_str(&gap(question.blanks.len()));
            }
        }
    }
    question.stem = texts.rich_marking(format, &html, &files, &mut used);
    texts.tell_unlinked(&files, &used, &mut question.stem);
    told.into_iter().for_each(|entry| texts.note(entry));
    if question.blanks.is_empty() {
        texts.note(Entry::warning("no-gaps", "Câu điền khuyết không có chỗ trống nào."));
    }
}

fn blank(points: Option<Exact>, kind: EmbeddedKind, alternatives: &[Alternative<'_>], rich: &mut dyn FnMut(&str) -> Rich) -> Blank {
    let kind_of = match kind {
        EmbeddedKind::Choice => BlankType::SingleChoice,
        EmbeddedKind::Choices => BlankType::MultipleChoice,
        EmbeddedKind::Letters { .. } => BlankType::ShortAnswer,
        EmbeddedKind::Number => BlankType::Numeric,
    };
    let mut blank = Blank { kind: kind_of, options: Vec::new(), answers: Vec::new(), points, case_sensitive: None };
    if let EmbeddedKind::Letters { case_sensitive } = kind {
        blank.case_sensitive = Some(case_sensitive);
    }
    for (at, alternative) in alternatives.iter().enumerate() {
        let feedback = alternative.feedback.as_deref().map(&mut *rich).filter(|feedback| !feedback.is_empty());
        let credit = Some(alternative.credit);
        match kind {
            EmbeddedKind::Choice | EmbeddedKind::Choices => blank.options.push(Choice {
                label: option_label(at),
                content: rich(&alternative.text),
                correct: None,
                credit,
                feedback,
                pinned: false,
            }),
            EmbeddedKind::Letters { .. } => {
                blank.answers.push(Answer { text: html_letters(&alternative.text), credit, feedback, ..Answer::default() });
            }
            EmbeddedKind::Number => {
                let letters = html_letters(&alternative.text);
                let (text, tolerance) = match letters.split_once(':') {
                    Some((text, tolerance)) => (text.trim().to_owned(), exact(tolerance).map(|tolerance| tolerance.abs())),
                    None => (letters, None),
                };
                blank.answers.push(Answer { text, credit, tolerance, feedback, ..Answer::default() });
            }
        }
    }
    let choice = if kind_of == BlankType::SingleChoice { QuestionType::SingleChoice } else { QuestionType::MultipleChoice };
    settle(choice, &mut blank.options);
    // No wrong answer alone makes a key.
    if blank.answers.iter().all(|answer| answer.credit.is_none_or(|credit| credit <= Exact::ZERO)) {
        blank.answers.clear();
    }
    blank
}

/// Answers of a numeric gap that are no numbers.
fn doubtful(blank: &Blank) -> Vec<Entry> {
    if blank.kind != BlankType::Numeric {
        return Vec::new();
    }
    let strange = blank.answers.iter().filter(|answer| answer.text != "*" && exact(&answer.text).is_none());
    strange.map(|answer| not_a_number(&answer.text)).collect()
}

/// Boxes dragged or chosen into `[[1]]`, `[[2]]`, …
pub(super) fn boxes(kind: &str, element: &Element, question: &mut Question, texts: &mut Texts<'_>) -> bool {
    question.kind = QuestionType::Cloze;
    let name = if kind == "ddwtos" { "dragbox" } else { "selectoption" };
    let boxes: Vec<(String, Rich)> = element
        .all(name)
        .map(|item| {
            let group = item.first("group").map_or_else(|| "1".to_owned(), |group| group.text().trim().to_owned());
            (group, rich_box(kind, item, texts))
        })
        .collect();
    let (format, text, files) = source(element);
    let mut html = String::with_capacity(text.len());
    let mut rest = text.as_str();
    let mut options = 0;
    while let Some((before, after)) = rest.split_once("[[") {
        html.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_digit).count();
        let number: Option<usize> = after.get(..digits).and_then(|digits| digits.parse().ok());
        let tail = after.get(digits..).and_then(|tail| tail.strip_prefix("]]"));
        let chosen = number.and_then(|number| number.checked_sub(1)).and_then(|at| boxes.get(at).map(|found| (at, found)));
        match (tail, chosen) {
            (Some(tail), Some((at, (group, _)))) => {
                let choices = in_group(&boxes, group, at);
                options += choices.len();
                if options > MOST_OPTIONS {
                    texts.note(Entry::error("too-many-options", "Câu có quá nhiều chỗ trống và phương án nên bị bỏ qua."));
                    return true;
                }
                question.blanks.push(Blank {
                    kind: BlankType::SingleChoice,
                    options: choices,
                    answers: Vec::new(),
                    points: None,
                    case_sensitive: None,
                });
                html.push_str(&gap(question.blanks.len()));
                rest = tail;
            }
            _ => {
                html.push_str("[[");
                rest = after;
            }
        }
    }
    html.push_str(rest);
    question.stem = texts.rich(format, &html, &files);
    if question.blanks.is_empty() {
        texts.note(Entry::warning("no-gaps", "Câu điền khuyết không có chỗ trống nào."));
    }
    true
}

fn rich_box(kind: &str, item: &Element, texts: &mut Texts<'_>) -> Rich {
    match kind {
        "ddwtos" => texts.rich(TextFormat::Html, &text_of(item), &[]),
        _ => super::letters_with_formulas(&text_of(item)),
    }
}

fn in_group(boxes: &[(String, Rich)], group: &str, right: usize) -> Vec<Choice> {
    let same = boxes.iter().enumerate().filter(|(_, (own, _))| own == group);
    let choice = |(place, (at, (_, content))): (usize, (usize, &(String, Rich)))| Choice {
        label: option_label(place),
        content: content.clone(),
        correct: Some(at == right),
        credit: Some(if at == right { Exact::ONE } else { Exact::ZERO }),
        feedback: None,
        pinned: false,
    };
    same.enumerate().map(choice).collect()
}

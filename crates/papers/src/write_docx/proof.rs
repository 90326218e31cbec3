//! The proof of what was written: the file is read again, and each question that comes back otherwise is told.
//! Letters can always look like something they are not; this finds what no rule foresaw.

use std::collections::HashSet;

use super::order::Part;
use super::{DocxOptions, LevelTags};
use crate::format::Format;
use crate::math::latex;
use crate::model::{Address, Entry, Paper, Question, QuestionType};
use crate::rich::{Inline, Rich};

/// Entries for questions that come back otherwise and of which nothing is told yet.
pub(super) fn differences(paper: &Paper, parts: &[Part<'_>], bytes: &[u8], options: &DocxOptions, told: &[Entry]) -> Vec<Entry> {
    let written: Vec<&Question> = parts.iter().flat_map(|part| part.questions.iter().map(|(_, question)| *question)).collect();
    let again = crate::opening::read(bytes, Format::Docx).unwrap_or_default();
    let told: HashSet<Address> =
        told.iter().filter(|entry| entry.code != "docx-fields" && entry.code != "docx-list").filter_map(|entry| entry.address).collect();
    let mut report = Vec::new();
    let mut from = 0;
    let same_count = written.len() == again.questions.len();
    for (at, question) in written.into_iter().enumerate() {
        // Where questions fell apart or together, each is looked for from the last one that was found.
        let found = if same_count {
            again.questions.get(at)
        } else {
            let begins = beginning(&question.stem);
            let place = again.questions.iter().skip(from).position(|other| words(&other.stem).contains(&begins));
            from += place.map_or(0, |place| place + 1);
            place.and_then(|_| again.questions.get(from - 1))
        };
        if told.contains(&question.address) {
            continue;
        }
        let differs = match found {
            None => vec!["cả câu"],
            Some(other) => differing(question, paper, other, &again, options),
        };
        if !differs.is_empty() {
            let differs = differs.join(", ");
            let message = format!(
                "Nếu nhập lại từ tệp Word này, câu sẽ khác ở: {differs}. Hãy dùng tệp JSON để giữ nguyên, hoặc xem lại câu sau khi nhập."
            );
            report.push(Entry::warning("docx-differs", message).at(question.address).with("what", differs));
        }
    }
    report
}

fn differing(one: &Question, paper: &Paper, other: &Question, again: &Paper, options: &DocxOptions) -> Vec<&'static str> {
    let texts = |all: &mut dyn Iterator<Item = &Rich>| all.map(words).collect::<Vec<_>>();
    let options_of = |question: &Question| texts(&mut question.options.iter().map(|option| &option.content));
    let statements_of = |question: &Question| texts(&mut question.statements.iter().map(|statement| &statement.content));
    let keys = |question: &Question| {
        let options = question.options.iter().map(|option| option.correct);
        options.chain(question.statements.iter().map(|statement| statement.correct)).collect::<Vec<_>>()
    };
    // Two spellings of one number are one answer.
    let answers = |question: &Question| {
        let mut all: Vec<String> = question.answers.iter().map(|answer| answer.text.trim().replace('−', "-")).collect();
        all.dedup();
        all
    };
    let levels = |question: &Question| (question.level, question.statements.iter().map(|statement| statement.level).collect::<Vec<_>>());
    // How an essay is marked is printed with its solution, which is told where it is.
    let explanation = |question: &Question| {
        question.explanation.iter().chain(&question.rubric).map(words).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let points = |question: &Question| question.points.map(|points| points.normalize());
    let kind = |question: &Question| match question.kind {
        QuestionType::Numeric => QuestionType::ShortAnswer,
        other => other,
    };
    [
        (kind(one) != kind(other), "dạng câu"),
        (words(&one.stem) != words(&other.stem), "phần dẫn"),
        (options_of(one) != options_of(other), "phương án"),
        (statements_of(one) != statements_of(other), "các ý"),
        (keys(one) != keys(other) || answers(one) != answers(other), "đáp án"),
        (options.levels == LevelTags::Printed && levels(one) != levels(other), "mức độ"),
        (points(one) != points(other), "điểm"),
        (explanation(one) != explanation(other), "lời giải"),
        (formulas(one) != formulas(other), "công thức"),
        (pictures(one, paper) != pictures(other, again), "hình"),
    ]
    .into_iter()
    .filter(|(differs, _)| *differs)
    .map(|(_, what)| what)
    .collect()
}

/// The first letters of a stem, enough to know it by.
fn beginning(stem: &Rich) -> String {
    words(stem).chars().take(60).collect()
}

/// Letters in order; how they are broken into lines is no difference. Formulas and pictures are compared on
/// their own.
fn words(text: &Rich) -> String {
    let mut shown = text.to_text();
    text.each_inline(&mut |inline| match inline {
        Inline::Math { latex, .. } => shown = shown.replacen(&format!("${latex}$"), "⟨⟩", 1),
        Inline::Media { id, .. } => shown = shown.replacen(&format!("[image:{id}]"), "⟨⟩", 1),
        _ => {}
    });
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What two spellings of one formula may have otherwise: growing brackets, spaces, upright letters, empty
/// scripts, names of the same thing.
const INVISIBLE: [(&str, &str); 14] = [
    ("_{}", ""),
    ("^{}", ""),
    ("dfrac", "frac"),
    ("tfrac", "frac"),
    ("\\limits", ""),
    ("\\left", ""),
    ("\\right", ""),
    ("\\text", ""),
    ("\\mathrm", ""),
    ("\\!", ""),
    ("\\,", ""),
    ("~", ""),
    ("{", ""),
    ("}", ""),
];

/// Formulas in one spelling for what looks the same in Word.
fn formulas(question: &Question) -> Vec<String> {
    let mut out = Vec::new();
    for text in question.texts() {
        text.each_inline(&mut |inline| {
            if let Inline::Math { latex, .. } = inline {
                let spelt = latex::parse(latex).map_or_else(|_| latex.clone(), |node| latex::to_latex(&node));
                let tight: String = spelt.chars().filter(|letter| !letter.is_whitespace()).collect();
                out.push(INVISIBLE.iter().fold(tight, |text, (seen, meant)| text.replace(seen, meant)));
            }
        });
    }
    out
}

/// Sizes of the pictures, in order.
fn pictures(question: &Question, paper: &Paper) -> Vec<Option<usize>> {
    let size = |id: &String| paper.media.iter().find(|media| media.id == *id).map(|media| media.content.len());
    question.media_ids().iter().map(size).collect()
}

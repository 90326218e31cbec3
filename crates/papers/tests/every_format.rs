//! Every type of question through every format that is written: what comes back is what went, and where a
//! format has no place for something, its report says so of that very question.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption is a failed test")]

mod made;

use std::collections::BTreeMap;

use papers::math::latex::{parse, to_latex};
use papers::model::{Exact, Level, Question, QuestionType};
use papers::rich::{Inline, Rich};
use papers::{Format, Paper, ours, read, write};
use proptest::prelude::*;

/// Written and read again; pictures of our JSON lie beside it.
fn back(paper: &Paper, format: Format) -> (Paper, Vec<papers::model::Entry>) {
    let written = write(paper, format).unwrap();
    if paper.questions.iter().all(|question| !held(format).contains(&question.kind)) && format == Format::Gift {
        return (Paper::default(), written.report);
    }
    let name = (format == Format::Gift).then_some("đề.gift");
    assert_eq!(Format::recognise(&written.bytes, name), Some(format), "a file that is written is recognised");
    let mut again = read(&written.bytes, format).unwrap_or_else(|error| panic!("{format:?}: {error}"));
    if format == Format::Json {
        ours::attach(&mut again, &mut |file| paper.media.iter().find(|media| media.file == file).map(|media| media.content.clone()));
    }
    (again, written.report)
}

/// What counts of a question, each under a name; what is the same in both is the same for a pupil.
fn aspects(question: &Question, paper: &Paper) -> BTreeMap<&'static str, String> {
    let pictures = |ids: Vec<String>| {
        let bytes = |id: &String| paper.media.iter().find(|media| media.id == *id).map(|media| media.content.len());
        format!("{:?}", ids.iter().map(bytes).collect::<Vec<_>>())
    };
    let passage = question.passage.as_ref().and_then(|id| paper.passages.iter().find(|passage| passage.id == *id));
    let texts = |all: Vec<&Rich>| all.into_iter().map(words).collect::<Vec<_>>().join(" ¦ ");
    let mut formulas = Vec::new();
    for text in question.texts() {
        text.each_inline(&mut |inline| {
            if let Inline::Math { latex, .. } = inline {
                formulas.push(alike(latex));
            }
        });
    }
    let blanks = question.blanks.iter().map(|blank| {
        let typed = blank.answers.iter().map(|answer| answer.text.as_str()).collect::<Vec<_>>().join("|");
        let chosen = blank.options.iter().map(|option| format!("{:?}", option.correct)).collect::<String>();
        format!("{:?} {typed} {chosen}", blank.kind)
    });
    // A range needs no words.
    let typed = question.answers.iter().map(|answer| if answer.min.is_some() { "" } else { answer.text.as_str() });
    let ranges = question.answers.iter().map(|answer| format!("{:?} {:?} {:?}", answer.tolerance, answer.min, answer.max));
    BTreeMap::from([
        ("type", format!("{:?}", question.kind)),
        ("stem", words(&question.stem)),
        ("options", texts(question.options.iter().map(|option| &option.content).collect())),
        ("statements", texts(question.statements.iter().map(|statement| &statement.content).collect())),
        ("right options", format!("{:?}", question.options.iter().map(|option| option.correct).collect::<Vec<_>>())),
        ("truths", format!("{:?}", question.statements.iter().map(|statement| statement.correct).collect::<Vec<_>>())),
        ("answers", format!("{:?}", typed.collect::<Vec<_>>())),
        ("ranges", ranges.collect()),
        ("pairs", texts(question.pairs.iter().flat_map(|pair| [&pair.left, &pair.right]).collect())),
        ("items", texts(question.items.iter().collect())),
        ("blanks", blanks.collect::<Vec<_>>().join(" ¦ ")),
        ("key", format!("{:?}", question.key)),
        ("points", format!("{:?}", question.points.map(|points| points.normalize()))),
        ("level", format!("{:?}", question.level)),
        ("explanation", question.explanation.as_ref().map(words).unwrap_or_default()),
        ("formulas", format!("{formulas:?}")),
        ("pictures", pictures(question.media_ids())),
        ("passage", passage.map(|passage| words(&passage.content)).unwrap_or_default()),
    ])
}

/// Letters in order; how they are broken into lines is no difference.
fn words(text: &Rich) -> String {
    let mut shown = text.to_text();
    for id in text.media_ids() {
        shown = shown.replace(&format!("[image:{id}]"), "[image]");
    }
    // Formulas are compared on their own, as what they mean.
    text.each_inline(&mut |inline| {
        if let Inline::Math { latex, .. } = inline {
            shown = shown.replace(&format!("${latex}$"), "[formula]");
        }
    });
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One spelling for what looks the same.
fn alike(latex: &str) -> String {
    let spelt = parse(latex).map_or_else(|_| latex.to_owned(), |node| to_latex(&node));
    ["\\limits", " ", "\\left", "\\right", "{", "}"].iter().fold(spelt, |text, piece| text.replace(piece, ""))
}

/// Differences that nothing in the report tells of.
fn silent(paper: &Paper, format: Format) -> Vec<String> {
    let (again, report) = back(paper, format);
    let mut out = Vec::new();
    let told = |question: &Question| report.iter().any(|entry| entry.address == Some(question.address));
    if format == Format::Docx {
        // Word's parts bring questions into the order of the exam.
        for question in &paper.questions {
            let first = words(&question.stem).split(':').next().unwrap_or_default().to_owned();
            let same = |other: &&Question| words(&other.stem).contains(&format!("{first}:"));
            let Some(other) = again.questions.iter().find(same) else {
                out.push(format!("{format:?}: {} is gone", words(&question.stem)));
                continue;
            };
            differences(question, paper, other, &again, told(question), &mut out);
        }
        return out;
    }
    let mut others = again.questions.iter().filter(|question| question.kind != QuestionType::Description || format != Format::Gift);
    for question in &paper.questions {
        if format == Format::Gift && matches!(question.kind, QuestionType::Ordering | QuestionType::Cloze | QuestionType::Description) {
            if question.kind != QuestionType::Description && !told(question) {
                out.push(format!("{format:?}: nothing told of {:?}", question.kind));
            }
            continue;
        }
        match others.next() {
            Some(other) => differences(question, paper, other, &again, told(question), &mut out),
            None => out.push(format!("{format:?}: {:?} is gone", question.kind)),
        }
    }
    out
}

fn differences(question: &Question, paper: &Paper, other: &Question, again: &Paper, told: bool, out: &mut Vec<String>) {
    if told {
        return;
    }
    let (before, after) = (aspects(question, paper), aspects(other, again));
    for (name, value) in &before {
        if after[name] != *value {
            out.push(format!("{:?}, {name}: {value} became {}", question.kind, after[name]));
        }
    }
}

#[test]
fn every_type_comes_back_from_every_format_or_the_report_says_why_not() {
    let mut paper = made::everything();
    paper.questions = paper.questions.into_iter().enumerate().map(|(at, question)| teachers(question, at + 1, Some(Level::Vd))).collect();
    for format in Format::WRITTEN {
        let silent = silent(&paper, format);
        assert!(silent.is_empty(), "{format:?}:\n{}", silent.join("\n"));
    }
}

/// Types whose whole content the format holds: nothing may be told of them but asides.
fn held(format: Format) -> Vec<QuestionType> {
    use QuestionType::*;
    match format {
        Format::Docx => vec![SingleChoice, MultipleChoice, TrueFalse, ShortAnswer, Essay],
        Format::Gift => vec![SingleChoice, MultipleChoice, TrueFalse, ShortAnswer, Numeric, Matching, Essay, Description],
        _ => vec![SingleChoice, MultipleChoice, TrueFalse, ShortAnswer, Numeric, Matching, Ordering, Cloze, Essay, Description],
    }
}

#[test]
fn types_a_format_holds_are_not_told_as_lost() {
    let all = made::everything();
    for format in Format::WRITTEN {
        let mut paper = all.clone();
        // On paper a lone true/false question is a short answer.
        let is_lone = |question: &Question| question.statements.len() == 1 && format == Format::Docx;
        paper.questions.retain(|question| held(format).contains(&question.kind) && !is_lone(question));
        // A bar stands between accepted answers on paper.
        paper.questions.iter_mut().for_each(|question| question.answers.retain(|answer| !answer.text.contains('|')));
        let written = write(&paper, format).unwrap();
        let lost = written.report.iter().find(|entry| entry.code.contains("type") || entry.code.contains("differs"));
        assert!(lost.is_none(), "{format:?}: {lost:?}");
    }
}

/// Questions as teachers' papers hold them, each with a stem of its own.
fn teachers(question: Question, at: usize, level: Option<Level>) -> Question {
    let mut question = question;
    let mut stem = Rich::paragraph(vec![Inline::text(format!("Nội dung số {at} của đề:"))]);
    stem.append(question.stem);
    question.stem = stem;
    question.level = level;
    question.points = question.points.map(|points| points.max(Exact::new(25, 2)));
    question
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_difference_is_silent_in_any_format(paper in made::papers(), levels in prop::collection::vec(prop::option::of(prop::sample::select(vec![Level::Nb, Level::Th, Level::Vd, Level::Vdc])), 6)) {
        let mut paper = paper;
        paper.questions = paper.questions.into_iter().zip(levels).enumerate().map(|(at, (question, level))| teachers(question, at + 1, level)).collect();
        for format in Format::WRITTEN {
            let silent = silent(&paper, format);
            prop_assert!(silent.is_empty(), "{:?}:\n{}", format, silent.join("\n"));
        }
    }
}

//! Papers written as Word files and read again: the same questions with the same keys.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use papers::Paper;
use papers::docx::{Formulas, read_document_with};
use papers::math::{latex, mtef};
use papers::metafile;
use papers::model::{Address, Choice, Key, Level, Question, QuestionType, Statement};
use papers::rich::{Inline, Rich};
use papers::write_docx::{DocxOptions, KeyPlace, write, write_with};
use proptest::prelude::*;

fn back(bytes: &[u8]) -> Paper {
    let formulas = Formulas {
        ole: |bytes| mtef::from_ole(bytes).ok(),
        preview: |bytes, _| metafile::to_svg(bytes).ok().map(|svg| (svg, "image/svg+xml")),
    };
    let read = read_document_with(bytes, formulas).unwrap();
    let mut paper = Paper { media: read.media, report: read.report, ..Paper::default() };
    papers::layout::interpret(&read.document, &mut paper);
    paper
}

/// One spelling for what looks the same in Word.
fn alike(latex: &str) -> String {
    let node = latex::parse(latex).unwrap();
    let spelt = latex::to_latex(&node);
    // Braces around brackets that carry a script change nothing either.
    ["\\limits", " ", "\\left", "\\right", "{", "}"].iter().fold(spelt, |text, piece| text.replace(piece, ""))
}

fn formula() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "x",
        "2",
        "a+b",
        "\\alpha",
        "\\pi",
        "12",
        "f(x)",
        "\\infty",
        "n-1",
        "\\mathbb{R}",
        "90^\\circ",
        "\\vec{a}",
        "y'",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(3, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("\\frac{{{a}}}{{{b}}}")),
            inner.clone().prop_map(|a| format!("\\sqrt{{{a}}}")),
            inner.clone().prop_map(|a| format!("\\sqrt[3]{{{a}}}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("x_{{{a}}}^{{{b}}}+1")),
            inner.clone().prop_map(|a| format!("\\left({a}\\right)^2")),
            inner.clone().prop_map(|a| format!("\\left|{a}\\right|")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("\\begin{{cases}} {a}=1 \\\\ {b}=2 \\end{{cases}}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("\\begin{{pmatrix}} {a} & 1 \\\\ {b} & 0 \\end{{pmatrix}}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("\\int_{{0}}^{{{a}}} {b}\\,\\mathrm{{d}}x=1")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("\\sum_{{i=1}}^{{{a}}} {b}=0")),
            inner.clone().prop_map(|a| format!("\\lim_{{x\\to 0}} {a}=1")),
            inner.clone().prop_map(|a| format!("\\overline{{{a}}}")),
            Just("\\overrightarrow{AB}+\\widehat{ABC}".to_owned()),
            Just("\\sin^{2}x+\\cos 2x=\\log_{2}x".to_owned()),
            Just("x\\in[1;2)\\Leftrightarrow x\\ne 3".to_owned()),
        ]
    })
}

fn question(at: u32, right: usize, latex: &str) -> Question {
    let mut question = Question::new(QuestionType::SingleChoice);
    question.address = Address { part: None, number: Some(at), paragraph: None };
    question.stem = Rich::paragraph(vec![Inline::text("Cho biểu thức "), Inline::math(latex), Inline::text(" hãy chọn.")]);
    question.level = [None, Some(Level::Nb), Some(Level::Vdc)][at as usize % 3];
    for (option, letter) in ["A", "B", "C", "D"].iter().enumerate() {
        question.options.push(Choice {
            label: (*letter).to_owned(),
            content: Rich::paragraph(vec![Inline::text(format!("phương án {option}"))]),
            correct: Some(option == right),
            ..Choice::default()
        });
    }
    question.settle_key();
    question
}

fn truth(at: u32, truths: &[bool]) -> Question {
    let mut question = Question::new(QuestionType::TrueFalse);
    question.address = Address { part: None, number: Some(at), paragraph: None };
    question.stem = Rich::plain("Xét các phát biểu sau.");
    for (index, truth) in truths.iter().enumerate() {
        let content = Rich::plain(&format!("Phát biểu thứ {index}"));
        question.statements.push(Statement {
            label: ["a", "b", "c", "d"][index].to_owned(),
            content,
            correct: Some(*truth),
            ..Statement::default()
        });
    }
    question.settle_key();
    question
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_formula_comes_back_from_word_the_same(latex in formula()) {
        let mut paper = Paper::default();
        paper.questions.push(question(1, 0, &latex));
        let again = back(&write(&paper).unwrap().bytes);
        let found = again.questions[0].stem.blocks.iter().find_map(|block| match block {
            papers::rich::Block::Paragraph(inlines) => inlines.iter().find_map(|inline| if let Inline::Math { latex, .. } = inline { Some(latex.clone()) } else { None }),
            _ => None,
        });
        prop_assert_eq!(found.as_deref().map(alike), Some(alike(&latex)), "{} came back as {:?}", latex, found);
    }

    #[test]
    fn keys_come_back_from_word_in_both_places(rights in prop::collection::vec(0_usize..4, 2..14), truths in prop::collection::vec(prop::array::uniform4(any::<bool>()), 2..5)) {
        let mut paper = Paper::default();
        for (at, right) in (1..).zip(&rights) {
            paper.questions.push(question(at, *right, "x^2"));
        }
        for (at, four) in (1..).zip(&truths) {
            paper.questions.push(truth(at, four));
        }
        for key in [KeyPlace::Marked, KeyPlace::TableAfterEnd] {
            let again = back(&write_with(&paper, &DocxOptions { key, ..DocxOptions::default() }).unwrap().bytes);
            prop_assert_eq!(again.questions.len(), paper.questions.len());
            for (before, after) in paper.questions.iter().zip(&again.questions) {
                prop_assert_eq!((before.kind, before.level, Key::Known), (after.kind, after.level, after.key), "{:?}", key);
                let keys = |question: &Question| {
                    let options = question.options.iter().map(|option| option.correct);
                    options.chain(question.statements.iter().map(|statement| statement.correct)).collect::<Vec<_>>()
                };
                prop_assert_eq!(keys(before), keys(after), "{:?}", key);
            }
        }
    }
}

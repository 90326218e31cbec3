//! Common Cartridge and Canvas exports, and packages made to harm.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests fail by panicking, and say what they skip")]

use std::io::{Cursor, Write as _};
use std::path::Path;

use papers::cartridge;
use papers::model::{Key, QuestionType};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

const SAMPLES: &str = "/work/shared/samples/questions/cartridge";

fn gather(root: &Path, folder: &Path, zip: &mut zip::ZipWriter<Cursor<Vec<u8>>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, zip);
        } else {
            zip.start_file(path.strip_prefix(root).unwrap().to_str().unwrap(), SimpleFileOptions::default()).unwrap();
            zip.write_all(&std::fs::read(&path).unwrap()).unwrap();
        }
    }
}

#[test]
fn a_canvas_quiz_of_every_type_comes_over_once() {
    use QuestionType::{Cloze, Description, Essay, Matching, MultipleChoice, Numeric, SingleChoice, TrueFalse};
    let root = Path::new(SAMPLES).join("all-question-types");
    if !root.exists() {
        eprintln!("skipped: {} is not here", root.display());
        return;
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    gather(&root, &root, &mut zip);
    let paper = cartridge::read(&zip.finish().unwrap().into_inner()).unwrap();
    let kinds: Vec<QuestionType> = paper.questions.iter().map(|question| question.kind).collect();
    assert_eq!(kinds, [SingleChoice, TrueFalse, MultipleChoice, Cloze, Matching, Numeric, Essay, Description], "{:#?}", paper.report);
    assert!(paper.questions.iter().all(|question| question.key != Key::Missing));
    let unsupported: Vec<&str> =
        paper.report.iter().filter(|entry| entry.code == "unsupported-type").filter_map(|entry| entry.source_type.as_deref()).collect();
    assert_eq!(unsupported, ["calculated_question", "file_upload_question"]);
    let [choice, truth, several, gaps, pairs, number, ..] = paper.questions.as_slice() else { panic!() };
    assert_eq!(choice.options.iter().map(|option| option.correct).collect::<Vec<_>>(), [Some(false), Some(false), Some(true), Some(false)]);
    assert_eq!(choice.options[0].feedback.as_ref().unwrap().to_text(), "add 2");
    assert_eq!(choice.explanation.as_ref().unwrap().to_text(), "alright");
    assert_eq!(
        (choice.feedback["correct"].to_text(), choice.feedback["incorrect"].to_text()),
        ("nice job".to_owned(), "too bad".to_owned())
    );
    assert_eq!(choice.category.as_deref(), Some("ALL QUESTION TYPES QUIZ/Multiple Choice Questions"));
    assert_eq!(truth.statements[0].correct, Some(false));
    assert_eq!(several.options.iter().filter(|option| option.correct == Some(true)).count(), 3);
    assert_eq!(gaps.stem.to_text(), "Roses are [blank:1], violets are [blank:2]");
    assert_eq!(gaps.blanks[1].options[1].correct, Some(true));
    assert_eq!(pairs.pairs.len(), 6);
    assert_eq!((pairs.pairs[0].left.to_text(), pairs.pairs[0].right.to_text()), ("Toyota".to_owned(), "Corolla".to_owned()));
    assert_eq!((number.answers[0].text.as_str(), number.answers[0].tolerance.unwrap().to_string()), ("33.33", "0.01".to_owned()));
    assert!(paper.report.iter().any(|entry| entry.code == "missing-media"));
}

#[test]
fn cartridges_without_questions_say_so() {
    for name in ["latex.imscc", "single-page.imscc"] {
        let Ok(bytes) = std::fs::read(Path::new(SAMPLES).join(name)) else {
            eprintln!("skipped: {name} is not here");
            return;
        };
        assert_eq!(cartridge::read(&bytes).unwrap_err().code, "no-questions", "{name}");
    }
}

#[test]
fn hostile_packages_are_refused_with_a_sentence() {
    let folder = Path::new("/work/shared/samples/security/zips");
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        for read in [cartridge::read, papers::qti::read] {
            let error = read(&bytes).unwrap_err();
            let expected: &[&str] = if name.starts_with("slip") {
                &["file-unsafe-path"]
            } else if name.contains("laughs_manifest") || name.contains("xxe_manifest") {
                &["file-entities"]
            } else if name.starts_with("many") {
                &["file-too-large"]
            } else {
                &["no-questions", "file-entities", "file-too-large", "file-broken"]
            };
            assert!(expected.contains(&error.code), "{name}: {error:?}");
        }
    }
}

/// An item of QTI 1.2 as programs other than Canvas write it.
const LONE: &str = "<questestinterop><item ident='1' title='T'><presentation><flow><material><mattext texttype='text/html'>&lt;p&gt;2 + 2 = ?&lt;/p&gt;</mattext></material><response_lid ident='R' rcardinality='Single'><render_choice shuffle='Yes'><response_label ident='A'><material><mattext>3</mattext></material></response_label><response_label ident='B'><material><mattext>4</mattext></material></response_label></render_choice></response_lid></flow></presentation><resprocessing><outcomes><decvar/></outcomes><respcondition title='correct'><conditionvar><varequal respident='R'>B</varequal></conditionvar><setvar action='Set'>SCORE.max</setvar><displayfeedback linkrefid='ok'/></respcondition></resprocessing><itemfeedback ident='ok'><flow_mat><material><mattext>Giỏi</mattext></material></flow_mat></itemfeedback></item></questestinterop>";

#[test]
fn an_item_alone_is_read_by_its_shape() {
    let paper = cartridge::read(LONE.as_bytes()).unwrap();
    let question = &paper.questions[0];
    assert_eq!((question.kind, question.key, question.shuffle), (QuestionType::SingleChoice, Key::Known, Some(true)));
    assert_eq!((question.stem.to_text().as_str(), question.options[1].correct), ("2 + 2 = ?", Some(true)));
    assert_eq!(papers::qti::read(LONE.as_bytes()).unwrap().questions, paper.questions);
    let without = LONE.replace("<setvar action='Set'>SCORE.max</setvar>", "");
    let paper = cartridge::read(without.as_bytes()).unwrap();
    assert!(paper.questions[0].key == Key::Missing && paper.questions[0].options.iter().all(|option| option.correct.is_none()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn scratched_items_never_panic(place in any::<prop::sample::Index>(), byte in any::<u8>(), from in any::<prop::sample::Index>(), length in 0_usize..80) {
        let mut bytes = LONE.as_bytes().to_vec();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let from = from.index(bytes.len());
        let end = (from + length).min(bytes.len());
        bytes.drain(from..end);
        let _ = cartridge::read(&bytes);
    }
}

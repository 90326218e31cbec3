//! QTI 2 and 3, and back.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests fail by panicking, and say what they skip")]

#[path = "made/mod.rs"]
mod made;

use std::io::{Cursor, Write as _};

use papers::model::{Key, Level, Question, QuestionType};
use papers::{Paper, qti};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn one(xml: &str) -> (Question, Paper) {
    let mut paper = qti::read(xml.as_bytes()).unwrap();
    assert_eq!(paper.questions.len(), 1, "{:#?}", paper.report);
    (paper.questions.remove(0), paper)
}

/// An item of QTI 2.1 around declarations, a body and rules.
fn item(declarations: &str, body: &str, rules: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" identifier=\"q\" title=\"T\" adaptive=\"false\" timeDependent=\"false\">{declarations}<outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\" baseType=\"float\"/><itemBody>{body}</itemBody>{rules}</assessmentItem>"
    )
}

const MATCH: &str = "<responseProcessing template=\"http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct\"/>";
const MAP: &str = "<responseProcessing template=\"http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response\"/>";

fn response(cardinality: &str, base: &str, right: &[&str], mapping: &str) -> String {
    let values: String = right.iter().map(|value| format!("<value>{value}</value>")).collect();
    let correct = if right.is_empty() { String::new() } else { format!("<correctResponse>{values}</correctResponse>") };
    format!(
        "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"{cardinality}\" baseType=\"{base}\">{correct}{mapping}</responseDeclaration>"
    )
}

const CHOICES: &str = "<simpleChoice identifier=\"A\">một</simpleChoice><simpleChoice identifier=\"B\" fixed=\"true\">hai<feedbackInline outcomeIdentifier=\"FEEDBACK\" identifier=\"B\" showHide=\"show\">gần đúng</feedbackInline></simpleChoice><simpleChoice identifier=\"C\">ba</simpleChoice>";

#[test]
fn a_choice_of_one_has_its_key_and_its_feedback() {
    let body = format!(
        "<p>Cho <math xmlns=\"http://www.w3.org/1998/Math/MathML\"><semantics><mi>x</mi><annotation encoding=\"application/x-tex\">x^2</annotation></semantics></math></p><choiceInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\" maxChoices=\"1\"><prompt>Chọn?</prompt>{CHOICES}</choiceInteraction>"
    );
    let rules =
        format!("{MATCH}<modalFeedback outcomeIdentifier=\"FEEDBACK\" identifier=\"incorrect\" showHide=\"show\">Sai rồi</modalFeedback>");
    let (question, _) = one(&item(&response("single", "identifier", &["C"], ""), &body, &rules));
    assert_eq!((question.kind, question.key, question.shuffle), (QuestionType::SingleChoice, Key::Known, Some(true)));
    assert_eq!(question.stem.to_text(), "Cho $x^2$\nChọn?");
    assert_eq!(question.options.iter().map(|option| option.correct.unwrap()).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(question.options[1].content.to_text(), "hai");
    assert_eq!((question.options[1].pinned, question.options[1].feedback.as_ref().unwrap().to_text()), (true, "gần đúng".to_owned()));
    assert_eq!(question.feedback["incorrect"].to_text(), "Sai rồi");
}

#[test]
fn weights_of_a_mapping_become_credits() {
    let mapping = "<mapping lowerBound=\"0\" defaultValue=\"-1\"><mapEntry mapKey=\"A\" mappedValue=\"1\"/><mapEntry mapKey=\"C\" mappedValue=\"3\"/></mapping>";
    let body =
        format!("<choiceInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"0\"><prompt>Chọn</prompt>{CHOICES}</choiceInteraction>");
    let (question, _) = one(&item(&response("multiple", "identifier", &["A", "C"], mapping), &body, MAP));
    assert_eq!(question.kind, QuestionType::MultipleChoice);
    assert_eq!(question.options.iter().map(|option| option.credit.unwrap().to_string()).collect::<Vec<_>>(), ["0.25", "-0.25", "0.75"]);
    assert_eq!(question.points.unwrap().to_string(), "4");
}

#[test]
fn nothing_said_is_nothing_known() {
    let body =
        format!("<choiceInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"1\"><prompt>Chọn</prompt>{CHOICES}</choiceInteraction>");
    let (question, paper) = one(&item(&response("single", "identifier", &[], ""), &body, ""));
    assert_eq!(question.key, Key::Missing);
    assert!(question.options.iter().all(|option| option.correct.is_none()));
    assert!(paper.report.iter().any(|entry| entry.code == "key-missing"));
}

#[test]
fn true_and_false_are_recognised_only_when_unmistakable() {
    let of = |one: &str, other: &str| {
        format!(
            "<choiceInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"1\"><prompt>Đất tròn.</prompt><simpleChoice identifier=\"A\">{one}</simpleChoice><simpleChoice identifier=\"B\">{other}</simpleChoice></choiceInteraction>"
        )
    };
    let kind = |body: &str| one(&item(&response("single", "identifier", &["B"], ""), body, MATCH)).0;
    let lone = kind(&of("Sai", "Đúng"));
    assert_eq!((lone.kind, lone.statements[0].correct), (QuestionType::TrueFalse, Some(true)));
    assert_eq!(kind(&of("True", "False")).statements[0].correct, Some(false));
    assert_eq!(kind(&of("Đúng", "Có thể")).kind, QuestionType::SingleChoice);
}

#[test]
fn typed_numbers_have_their_margins() {
    let body = "<p>Tính: <textEntryInteraction responseIdentifier=\"RESPONSE\" expectedLength=\"5\"/></p>";
    let rules = |test: &str| {
        format!(
            "<responseProcessing><responseCondition><responseIf>{test}<setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>"
        )
    };
    let equal = "<equal toleranceMode=\"absolute\" tolerance=\"0.5 0.5\"><variable identifier=\"RESPONSE\"/><correct identifier=\"RESPONSE\"/></equal>";
    let (question, _) = one(&item(&response("single", "float", &["10"], ""), body, &rules(equal)));
    assert_eq!((question.kind, question.stem.to_text().as_str()), (QuestionType::Numeric, "Tính:"));
    assert_eq!((question.answers[0].text.as_str(), question.answers[0].tolerance.unwrap().to_string()), ("10", "0.5".to_owned()));
    let range = "<and><gte><variable identifier=\"RESPONSE\"/><baseValue baseType=\"float\">4</baseValue></gte><lte><variable identifier=\"RESPONSE\"/><baseValue baseType=\"float\">7</baseValue></lte></and>";
    let (question, _) = one(&item(&response("single", "float", &[], ""), body, &rules(range)));
    assert_eq!(
        (question.answers[0].min.unwrap().to_string(), question.answers[0].max.unwrap().to_string()),
        ("4".to_owned(), "7".to_owned())
    );
    let (question, _) = one(&item(&response("single", "float", &["200"], ""), body, &rules(&equal.replace("absolute", "relative"))));
    assert_eq!(question.answers[0].tolerance.unwrap().to_string(), "1");
}

#[test]
fn typed_words_and_gaps_in_a_text() {
    let mapping = "<mapping defaultValue=\"0\"><mapEntry mapKey=\"Hà Nội\" mappedValue=\"2\" caseSensitive=\"false\"/><mapEntry mapKey=\"Thăng Long\" mappedValue=\"1\" caseSensitive=\"false\"/></mapping>";
    let body = "<p>Thủ đô?</p><p><textEntryInteraction responseIdentifier=\"RESPONSE\"/></p>";
    let (question, _) = one(&item(&response("single", "string", &["Hà Nội"], mapping), body, MAP));
    assert_eq!((question.kind, question.case_sensitive), (QuestionType::ShortAnswer, Some(false)));
    assert_eq!(question.answers[1].credit.unwrap().to_string(), "0.5");
    let body = "<p>Nước <textEntryInteraction responseIdentifier=\"RESPONSE\"/> ở <inlineChoiceInteraction responseIdentifier=\"R2\"><inlineChoice identifier=\"x\">0</inlineChoice><inlineChoice identifier=\"y\">100</inlineChoice></inlineChoiceInteraction> độ.</p>";
    let declarations = response("single", "string", &["sôi"], "") + &response("single", "identifier", &["y"], "").replace("RESPONSE", "R2");
    let (question, _) = one(&item(&declarations, body, MATCH));
    assert_eq!((question.kind, question.key), (QuestionType::Cloze, Key::Known));
    assert_eq!(question.stem.to_text(), "Nước [blank:1] ở [blank:2] độ.");
    assert_eq!((question.blanks[0].answers[0].text.as_str(), question.blanks[1].options[1].correct), ("sôi", Some(true)));
}

#[test]
fn pairs_orders_cards_and_essays() {
    let set = |names: &[&str]| {
        let choices: String = names
            .iter()
            .map(|name| format!("<simpleAssociableChoice identifier=\"{name}\" matchMax=\"1\">{name}</simpleAssociableChoice>"))
            .collect();
        format!("<simpleMatchSet>{choices}</simpleMatchSet>")
    };
    let body = format!(
        "<matchInteraction responseIdentifier=\"RESPONSE\" maxAssociations=\"2\"><prompt>Ghép</prompt>{}{}</matchInteraction>",
        set(&["a", "b"]),
        set(&["x", "y", "z"])
    );
    let (question, _) = one(&item(&response("multiple", "directedPair", &["a y", "b x"], ""), &body, MATCH));
    let shown: Vec<String> = question.pairs.iter().map(|pair| format!("{}-{}", pair.left.to_text(), pair.right.to_text())).collect();
    assert_eq!((question.kind, shown), (QuestionType::Matching, vec!["a-y".to_owned(), "b-x".to_owned(), "-z".to_owned()]));
    let (question, paper) = one(&item(&response("multiple", "directedPair", &[], ""), &body, ""));
    assert!(
        question.key == Key::Missing
            && question.stem.to_text().contains('z')
            && paper.report.iter().any(|entry| entry.code == "offered-kept-in-stem")
    );

    let body = format!("<orderInteraction responseIdentifier=\"RESPONSE\"><prompt>Xếp</prompt>{CHOICES}</orderInteraction>");
    let (question, _) = one(&item(&response("ordered", "identifier", &["C", "A", "B"], ""), &body, MATCH));
    assert_eq!(question.items.iter().map(papers::rich::Rich::to_text).collect::<Vec<_>>(), ["ba", "một", "hai"]);

    let body = "<gapMatchInteraction responseIdentifier=\"RESPONSE\"><prompt>Điền</prompt><gapText identifier=\"W\" matchMax=\"1\">đông</gapText><gapText identifier=\"S\" matchMax=\"1\">hè</gapText><blockquote><p>Mùa <gap identifier=\"G1\"/> rồi <gap identifier=\"G2\"/>.</p></blockquote></gapMatchInteraction>";
    let (question, _) = one(&item(&response("multiple", "directedPair", &["W G1", "S G2"], ""), body, MATCH));
    assert_eq!((question.kind, question.blanks.len(), question.key), (QuestionType::Cloze, 2, Key::Known));
    assert!(question.stem.to_text().contains("Mùa [blank:1] rồi [blank:2]."), "{}", question.stem.to_text());
    assert_eq!(question.blanks[1].options[1].correct, Some(true));

    let (question, _) = one(&item(
        &response("single", "string", &[], ""),
        "<extendedTextInteraction responseIdentifier=\"RESPONSE\"><prompt>Viết</prompt></extendedTextInteraction><rubricBlock view=\"scorer\"><p>Chấm</p></rubricBlock>",
        "",
    ));
    assert_eq!((question.kind, question.key, question.rubric.unwrap().to_text()), (QuestionType::Essay, Key::None, "Chấm".to_owned()));
}

#[test]
fn what_cannot_be_carried_is_named() {
    for name in [
        "hottextInteraction",
        "hotspotInteraction",
        "sliderInteraction",
        "drawingInteraction",
        "uploadInteraction",
        "customInteraction",
        "graphicOrderInteraction",
        "mediaInteraction",
    ] {
        let paper = qti::read(item("", &format!("<p>Đề</p><{name} responseIdentifier=\"RESPONSE\"/>"), "").as_bytes()).unwrap();
        assert!(paper.questions.is_empty());
        assert_eq!(paper.report[0].source_type.as_deref(), Some(name));
        assert_eq!(paper.report[0].code, "unsupported-type");
    }
    let three = "<qti-assessment-item xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\" identifier=\"q\" title=\"t\"><qti-item-body><qti-portable-custom-interaction response-identifier=\"RESPONSE\"/></qti-item-body></qti-assessment-item>";
    assert_eq!(qti::read(three.as_bytes()).unwrap().report[0].source_type.as_deref(), Some("qti-portable-custom-interaction"));
}

#[test]
fn a_package_in_a_folder_has_sections_passages_and_pictures() {
    let manifest = "<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\"><resources><resource identifier=\"t\" type=\"imsqti_test_xmlv2p2\" href=\"test.xml\"><file href=\"test.xml\"/></resource><resource identifier=\"a\" type=\"imsqti_item_xmlv2p2\" href=\"items/a.xml\"/><resource identifier=\"b\" type=\"imsqti_item_xmlv2p2\" href=\"items/b.xml\"/><resource identifier=\"c\" type=\"imsqti_item_xmlv2p2\" href=\"items/none.xml\"/></resources></manifest>";
    let test = "<assessmentTest title=\"Thi\" identifier=\"t\"><testPart identifier=\"p\"><assessmentSection identifier=\"s\" title=\"Đọc\" visible=\"true\"><rubricBlock view=\"candidate\"><p>Đoạn văn chung</p></rubricBlock><assessmentItemRef identifier=\"b\" href=\"items/b.xml\"><weight identifier=\"W\" value=\"2\"/></assessmentItemRef><assessmentItemRef identifier=\"a\" href=\"items/a.xml\"/></assessmentSection></testPart></assessmentTest>";
    let choice = |prompt: &str| {
        item(
            &response("single", "identifier", &["A"], ""),
            &format!(
                "<p>{prompt}<img src=\"../img/x.png\" alt=\"hình\"/><img src=\"http://a.vn/y.png\" alt=\"\"/></p><choiceInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"1\">{CHOICES}</choiceInteraction>"
            ),
            MATCH,
        )
    };
    let (a, b) = (choice("a"), choice("b"));
    let bytes = zipped(&[
        ("goi/imsmanifest.xml", manifest.as_bytes()),
        ("goi/test.xml", test.as_bytes()),
        ("goi/items/a.xml", a.as_bytes()),
        ("goi/items/b.xml", b.as_bytes()),
        ("goi/img/x.png", made::PNG),
    ]);
    let paper = qti::read(&bytes).unwrap();
    let [first, second] = paper.questions.as_slice() else { panic!("{:#?}", paper.report) };
    assert_eq!((first.stem.to_text(), second.stem.to_text()), ("b[image:img1]".to_owned(), "a[image:img1]".to_owned()));
    assert_eq!((first.category.as_deref(), first.points.unwrap().to_string()), (Some("Thi/Đọc"), "2".to_owned()));
    assert_eq!((first.passage.as_deref(), paper.passages[0].content.to_text().as_str()), (Some("p1"), "Đoạn văn chung"));
    assert_eq!((paper.media.len(), paper.media[0].mime.as_str()), (1, "image/png"));
    assert!(paper.report.iter().any(|entry| entry.code == "item-missing"));
    assert_eq!(paper.report.iter().filter(|entry| entry.code == "missing-media").count(), 2);
}

#[test]
fn everything_we_hold_comes_back_from_our_own_package() {
    let paper = made::everything();
    let written = qti::write(&paper).unwrap();
    assert_eq!(written.bytes, qti::write(&paper).unwrap().bytes);
    assert!(written.report.is_empty(), "{:#?}", written.report);
    let back = qti::read(&written.bytes).unwrap();
    assert!(back.report.iter().all(|entry| entry.code == "key-missing"), "{:#?}", back.report);
    made::assert_same(&paper, &back);
    assert_eq!(back.questions[0].level, Some(Level::Vd));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_paper_comes_back_from_our_own_package(paper in made::papers()) {
        let written = qti::write(&paper).unwrap();
        let back = qti::read(&written.bytes).unwrap();
        made::assert_same(&paper, &back);
    }

    #[test]
    fn broken_items_never_panic(at in 0_usize..4000, byte in any::<u8>(), cut in 0_usize..4000) {
        let body = format!("<p>Cho <textEntryInteraction responseIdentifier=\"RESPONSE\"/> và</p><choiceInteraction responseIdentifier=\"R\" maxChoices=\"1\">{CHOICES}</choiceInteraction>");
        let mut bytes = item(&response("single", "identifier", &["C"], ""), &body, MATCH).into_bytes();
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - cut % (length / 4));
        let _ = qti::read(&bytes);
        let mut package = qti::write(&made::everything()).unwrap().bytes;
        let length = package.len();
        package[(at * 7) % length] = byte;
        let _ = qti::read(&package);
    }
}

#[test]
fn items_made_to_keep_a_server_busy_are_named_or_refused() {
    let began = std::time::Instant::now();
    let gaps: String = (0..3000).map(|at| format!("<gap identifier=\"G{at}\"/>")).collect();
    let cards: String = (0..3000).map(|at| format!("<gapText identifier=\"C{at}\">c</gapText>")).collect();
    let body = format!("<gapMatchInteraction responseIdentifier=\"RESPONSE\">{cards}<p>{gaps}</p></gapMatchInteraction>");
    let paper = qti::read(item(&response("multiple", "directedPair", &["C1 G1"], ""), &body, MATCH).as_bytes()).unwrap();
    assert!(paper.report.iter().any(|entry| entry.code == "too-many-options"));
    let many = "<simpleChoice identifier=\"A\">x</simpleChoice>".repeat(50_000);
    let body = format!("<choiceInteraction responseIdentifier=\"RESPONSE\">{many}</choiceInteraction>");
    assert_eq!(qti::read(item("", &body, "").as_bytes()).unwrap_err().code, "no-questions");
    let deep = "<div>".repeat(300);
    assert_eq!(qti::read(item("", &deep, "").as_bytes()).unwrap_err().code, "file-too-large");
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}

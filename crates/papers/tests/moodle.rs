//! Moodle's question bank, kind by kind.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use papers::model::{BlankType, Exact, Key, Level, QuestionType, Severity};
use papers::{Paper, moodle};

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn quiz(questions: &str) -> Paper {
    moodle::read(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>{questions}</quiz>").as_bytes()).unwrap()
}

fn text(name: &str, text: &str) -> String {
    format!("<{name} format=\"html\"><text><![CDATA[{text}]]></text></{name}>")
}

fn question(kind: &str, stem: &str, inner: &str) -> String {
    format!(
        "<question type=\"{kind}\"><name><text>Tên</text></name>{}<defaultgrade>1.0000000</defaultgrade>{inner}</question>",
        text("questiontext", stem)
    )
}

fn codes(paper: &Paper) -> Vec<&str> {
    paper.report.iter().map(|entry| entry.code.as_str()).collect()
}

fn decimal(text: &str) -> Option<Exact> {
    Some(text.parse().unwrap())
}

#[test]
fn a_choice_comes_with_its_key_its_feedback_its_hints_and_its_place() {
    let inner = format!(
        "<penalty>0.3333333</penalty><hidden>0</hidden><idnumber>TO12-7</idnumber><single>true</single><shuffleanswers>true</shuffleanswers>
         <answernumbering>abc</answernumbering>{}{}{}<correctfeedback format=\"html\"><text>Tốt</text></correctfeedback>
         <answer fraction=\"100\" format=\"html\"><text><![CDATA[<p>\\(x^2\\)</p>]]></text><feedback format=\"html\"><text>vì</text></feedback></answer>
         <answer fraction=\"33.33333\" format=\"html\"><text>gần đúng</text></answer>
         <answer fraction=\"-50\" format=\"html\"><text>$$y$$</text></answer>
         <tags><tag><text>VD</text></tag><tag><text>đạo hàm</text></tag></tags>",
        text("generalfeedback", "Lời giải"),
        text("hint", "Gợi ý 1"),
        text("hint", "Gợi ý 2"),
    );
    let paper = quiz(&format!(
        "<question type=\"category\"><category><text>$course$/top/Toán 12/Hàm số</text></category></question>{}",
        question("multichoice", "<p>Chọn <b>đúng</b></p>", &inner)
    ));
    let found = &paper.questions[0];
    assert_eq!((found.kind, found.key), (QuestionType::SingleChoice, Key::Known));
    assert_eq!(found.category.as_deref(), Some("Toán 12/Hàm số"));
    assert_eq!((found.title.as_deref(), found.external_id.as_deref()), (Some("Tên"), Some("TO12-7")));
    assert_eq!((found.points, found.shuffle, found.level), (decimal("1"), Some(true), Some(Level::Vd)));
    assert_eq!(found.tags, ["VD", "đạo hàm"]);
    assert_eq!(found.hints.len(), 2);
    assert_eq!(found.explanation.as_ref().unwrap().to_text(), "Lời giải");
    assert_eq!(found.feedback["correct"].to_text(), "Tốt");
    let options: Vec<_> = found.options.iter().map(|option| (option.content.to_text(), option.correct, option.credit)).collect();
    assert_eq!(
        options,
        [
            ("$x^2$".to_owned(), Some(true), decimal("1")),
            ("gần đúng".to_owned(), Some(false), decimal("0.3333333")),
            ("$y$".to_owned(), Some(false), decimal("-0.5")),
        ]
    );
    assert_eq!(codes(&paper), ["moodle-penalty"]);
    assert_eq!(paper.report[0].severity, Severity::Info);
}

#[test]
fn several_choices_and_a_key_that_is_not_said() {
    let several = "<single>false</single><answer fraction=\"50\"><text>a</text></answer><answer fraction=\"50\"><text>b</text></answer>
                   <answer fraction=\"0\"><text>c</text></answer>";
    let unsaid = "<answer fraction=\"0\"><text>a</text></answer><answer fraction=\"0\"><text>b</text></answer>";
    let paper = quiz(&(question("multichoice", "Q", several) + &question("multichoice", "Q", unsaid)));
    assert_eq!(paper.questions[0].kind, QuestionType::MultipleChoice);
    assert_eq!(paper.questions[0].options.iter().map(|option| option.correct.unwrap()).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(paper.questions[1].key, Key::Missing);
    assert!(paper.questions[1].options.iter().all(|option| option.correct.is_none()));
    assert_eq!(codes(&paper), ["key-missing"]);
}

#[test]
fn true_or_false_with_a_feedback_for_each() {
    let inner = "<answer fraction=\"0\"><text>true</text><feedback><text>chưa</text></feedback></answer>
                 <answer fraction=\"100\"><text>false</text><feedback><text>phải</text></feedback></answer>";
    let paper = quiz(&question("truefalse", "Trái đất phẳng", inner));
    let found = &paper.questions[0];
    assert_eq!((found.kind, found.statements[0].correct), (QuestionType::TrueFalse, Some(false)));
    assert!(found.statements[0].content.is_empty());
    assert_eq!((found.feedback["correct"].to_text(), found.feedback["incorrect"].to_text()), ("phải".to_owned(), "chưa".to_owned()));
}

#[test]
fn typed_answers_numbers_and_their_units() {
    let short = "<usecase>1</usecase><answer fraction=\"100\"><text>Hà Nội</text></answer><answer fraction=\"50\"><text>HN</text></answer>";
    let number =
        "<answer fraction=\"100\"><text>9.8</text><tolerance>0.1</tolerance></answer><answer fraction=\"0\"><text>*</text></answer>
                  <units><unit><multiplier>1</multiplier><unit_name>m/s2</unit_name></unit></units>";
    let paper = quiz(&(question("shortanswer", "Thủ đô?", short) + &question("numerical", "g = ?", number)));
    let [short, number] = paper.questions.as_slice() else { panic!() };
    assert_eq!((short.kind, short.case_sensitive), (QuestionType::ShortAnswer, Some(true)));
    assert_eq!((short.answers[1].text.as_str(), short.answers[1].credit), ("HN", decimal("0.5")));
    assert_eq!((number.kind, number.answers[0].tolerance), (QuestionType::Numeric, decimal("0.1")));
    assert_eq!(codes(&paper), ["units-not-carried"]);
    assert!(paper.report[0].message.contains("m/s2"));
}

#[test]
fn matching_ordering_essay_and_description() {
    let pairs = "<subquestion format=\"html\"><text>Việt Nam</text><answer><text>Hà Nội</text></answer></subquestion>
                 <subquestion format=\"html\"><text></text><answer><text>\\(x\\)</text></answer></subquestion>";
    let order = "<answer fraction=\"2\"><text>hai</text></answer><answer fraction=\"1.0000000\"><text>một</text></answer>";
    let essay = text("graderinfo", "Chấm theo ý") + &text("responsetemplate", "Mở bài:");
    let paper = quiz(
        &(question("matching", "Nối", pairs)
            + &question("ordering", "Xếp", order)
            + &question("essay", "Viết", &essay)
            + &question("description", "Đọc kĩ", "")),
    );
    let [matching, ordering, essay, description] = paper.questions.as_slice() else { panic!() };
    assert_eq!((matching.pairs.len(), matching.pairs[1].left.is_empty()), (2, true));
    assert_eq!(matching.pairs[1].right.to_text(), "$x$");
    assert_eq!(ordering.items.iter().map(papers::rich::Rich::to_text).collect::<Vec<_>>(), ["một", "hai"]);
    assert_eq!(essay.rubric.as_ref().unwrap().to_text(), "Chấm theo ý");
    assert_eq!((description.kind, description.key), (QuestionType::Description, Key::None));
    assert_eq!(codes(&paper), ["template-not-carried"]);
}

#[test]
fn embedded_answers_of_every_kind_become_gaps() {
    let stem = "<p>A {1:MULTICHOICE:=Hà Nội#đúng~Huế#chưa~%50%Thăng Long} b {:SHORTANSWER_C:=a\\}b~%25%c} c {2:NUMERICAL:=23.8:0.1~%50%=20}
                d {1:MRHS:%50%x~%50%y~z} e {1:MCV:=\\(\\frac{1\\}{2\\}\\)~&#39;&lt;} f {x} {1:REGEXP:=a}</p>";
    let paper = quiz(&question("cloze", stem, ""));
    let found = &paper.questions[0];
    let text = found.stem.to_text();
    assert!(text.starts_with("A [blank:1] b [blank:2] c [blank:3] d [blank:4] e [blank:5] f {x} {1:REGEXP:=a}"), "{text}");
    let kinds: Vec<_> = found.blanks.iter().map(|blank| blank.kind).collect();
    use BlankType::{MultipleChoice, Numeric, ShortAnswer, SingleChoice};
    assert_eq!(kinds, [SingleChoice, ShortAnswer, Numeric, MultipleChoice, SingleChoice]);
    let [choice, letters, number, several, formula] = found.blanks.as_slice() else { panic!() };
    assert_eq!(choice.options.iter().map(|option| option.correct.unwrap()).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(choice.options[0].feedback.as_ref().unwrap().to_text(), "đúng");
    assert_eq!((letters.case_sensitive, letters.points, letters.answers[0].text.as_str()), (Some(true), None, "a}b"));
    assert_eq!((number.points, number.answers[0].tolerance), (decimal("2"), decimal("0.1")));
    assert_eq!(several.options.iter().map(|option| option.correct.unwrap()).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(formula.options.iter().map(|option| option.content.to_text()).collect::<Vec<_>>(), ["$\\frac{1}{2}$", "'<"]);
    let unknown = paper.report.iter().find(|entry| entry.code == "unsupported-type").unwrap();
    assert_eq!(unknown.source_type.as_deref(), Some("multianswer:REGEXP"));
}

#[test]
fn boxes_dragged_or_chosen_into_gaps() {
    let drag = "<dragbox><text>một</text><group>1</group></dragbox><dragbox><text>hai</text><group>1</group></dragbox>
                <dragbox><text>x</text><group>2</group></dragbox>";
    let select = drag.replace("dragbox", "selectoption");
    let paper = quiz(&(question("ddwtos", "Số [[2]] và [[3]], [[9]]", drag) + &question("gapselect", "Số [[1]]", &select)));
    let [dragged, chosen] = paper.questions.as_slice() else { panic!() };
    assert_eq!(dragged.stem.to_text(), "Số [blank:1] và [blank:2], [[9]]");
    let shown: Vec<_> = dragged.blanks[0].options.iter().map(|option| (option.content.to_text(), option.correct)).collect();
    assert_eq!(shown, [("một".to_owned(), Some(false)), ("hai".to_owned(), Some(true))]);
    assert_eq!((dragged.blanks[1].options.len(), chosen.blanks.len(), chosen.key), (1, 1, Key::Known));
}

#[test]
fn every_kind_that_cannot_be_carried_is_named() {
    let kinds = [
        "calculated",
        "calculatedmulti",
        "calculatedsimple",
        "ddimageortext",
        "ddmarker",
        "randomsamatch",
        "random",
        "coderunner",
        "stack",
        "không-có",
    ];
    let all: String = kinds.iter().map(|kind| question(kind, "Q", "")).collect();
    let paper = quiz(&(all + &question("essay", "Q", "")));
    let named: Vec<_> = paper.report.iter().map(|entry| (entry.code.as_str(), entry.source_type.as_deref().unwrap())).collect();
    assert_eq!(named, kinds.map(|kind| ("unsupported-type", kind)));
    assert!(paper.report.iter().all(|entry| entry.severity == Severity::Error && entry.address.is_some()));
    assert_eq!((paper.questions.len(), paper.questions[0].address.number), (1, Some(11)));
}

#[test]
fn pictures_come_as_files_inside_the_text_or_are_missed() {
    let stem = format!(
        "<question type=\"essay\"><name><text>x</text></name><questiontext format=\"html\"><text><![CDATA[<p><img src=\"@@PLUGINFILE@@/h%C3%ACnh%201.png\" alt=\"đồ thị\">
         <img src=\"data:image/png;base64,{PNG}\"><img src=\"@@PLUGINFILE@@/mất.png\"><img src=\"https://a.vn/x.png\"></p>]]></text>
         <file name=\"hình 1.png\" path=\"/\" encoding=\"base64\">{PNG}</file><file name=\"../../etc/passwd\" path=\"/../\" encoding=\"base64\">eA==</file>
         </questiontext></question>"
    );
    let paper = quiz(&stem);
    assert_eq!((paper.media.len(), paper.media[0].file.as_str(), paper.media[0].mime.as_str()), (1, "img1.png", "image/png"));
    assert!(paper.questions[0].stem.to_text().starts_with("[image:img1]"));
    assert_eq!(codes(&paper), ["missing-media", "missing-media", "file-not-carried"]);
}

#[test]
fn a_sound_behind_a_link_is_kept() {
    let stem =
        "<question type=\"essay\"><questiontext format=\"html\"><text>Nghe &lt;a href=\"@@PLUGINFILE@@/a.mp3\"&gt;a.mp3&lt;/a&gt;</text>
                <file name=\"a.mp3\" encoding=\"base64\">SUQzBAAAAAAA</file></questiontext></question>";
    let paper = quiz(stem);
    assert_eq!(paper.questions[0].stem.to_text(), "Nghe a.mp3\n[audio:aud1]");
}

#[test]
fn other_encodings_are_read() {
    let xml =
        |encoding: &str| format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><quiz>{}</quiz>", question("essay", "Été à Sète", ""));
    let latin: Vec<u8> =
        xml("windows-1252").chars().map(|letter| if letter == 'ê' { 0xea } else { u8::try_from(u32::from(letter)).unwrap() }).collect();
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(xml("UTF-16").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [latin, wide] {
        assert_eq!(moodle::read(&bytes).unwrap().questions[0].stem.to_text(), "Été à Sète");
    }
}

#[test]
fn hostile_and_foreign_files_are_refused_in_one_sentence() {
    for (xml, code) in [
        ("<!DOCTYPE quiz [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><quiz>&b;</quiz>", "file-entities"),
        ("<!DOCTYPE quiz [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><quiz>&a;</quiz>", "file-entities"),
        ("<html></html>", "not-moodle"),
        ("<quiz></quiz>", "no-questions"),
        ("<quiz><question type=\"stack\"/></quiz>", "no-questions"),
        ("<quiz><question type=\"essay\">", "file-broken"),
        ("", "file-broken"),
    ] {
        assert_eq!(moodle::read(xml.as_bytes()).unwrap_err().code, code, "{xml}");
    }
}

#[test]
fn statements_of_part_two_are_written_as_pairs_and_read_as_statements() {
    let rows = "<row number=\"1\"><optiontext format=\"html\"><text>Ý một</text></optiontext></row>
                <row number=\"2\"><optiontext format=\"html\"><text>Ý hai</text></optiontext></row>
                <column number=\"1\"/><column number=\"2\"/>
                <weight rownumber=\"1\" columnnumber=\"1\"><value>1.000</value></weight><weight rownumber=\"1\" columnnumber=\"2\"><value>0</value></weight>
                <weight rownumber=\"2\" columnnumber=\"2\"><value>1.000</value></weight>";
    let paper = quiz(&question("mtf", "Cho hàm số", rows));
    assert_eq!(paper.questions[0].statements.iter().map(|statement| statement.correct).collect::<Vec<_>>(), [Some(true), Some(false)]);
    let written = moodle::write(&paper).unwrap();
    assert!(String::from_utf8_lossy(&written.bytes).contains("<text>Đúng</text>"));
    assert_eq!(moodle::read(&written.bytes).unwrap().questions, paper.questions);
}

#[test]
fn what_moodle_has_no_place_for_is_told() {
    let mut paper = quiz(&question("matching", "Nối", "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>"));
    paper.questions[0].pairs[0].right = papers::rich::from_html("<b>đậm</b>", &mut papers::rich::HtmlContext::ours());
    assert_eq!(moodle::write(&paper).unwrap().report[0].code, "matching-plain");
    let xml = "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>";
    assert!(moodle::write(&quiz(&question("matching", "Nối", xml))).unwrap().report.is_empty());
}

//! GIFT beyond the samples: bad files, forgotten backslashes, what the format cannot hold.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use papers::model::{Key, Level, Question, QuestionType, Severity};
use papers::{Paper, gift};

fn read(text: &str) -> Paper {
    gift::read(text.as_bytes()).unwrap()
}

fn only(text: &str) -> Question {
    let mut paper = read(text);
    assert_eq!(paper.questions.len(), 1, "{text}");
    paper.questions.remove(0)
}

#[test]
fn a_bad_block_is_named_by_its_line_and_the_rest_goes_on() {
    let paper = read(
        "Một {=a ~b}\n\nHai {=a ~b\n\nBa\nvẫn ba {=x} {=y}\n\n::Tên không hết {T}\n\nBốn {#mười}\n\nNăm }\n\nSáu {~%200%a =b}\n\nBảy {T}\n",
    );
    assert_eq!(paper.questions.len(), 2);
    let told: Vec<_> = paper.report.iter().map(|entry| (entry.code.as_str(), entry.address.unwrap().paragraph.unwrap())).collect();
    assert_eq!(
        told,
        [("gift-unclosed", 3), ("gift-two-answers", 6), ("gift-title", 8), ("gift-number", 10), ("gift-unopened", 12), ("gift-weight", 14)]
    );
    assert!(paper.report.iter().all(|entry| entry.severity == Severity::Error && entry.message.starts_with("Dòng ")));
}

#[test]
fn a_blank_line_may_stand_inside_braces_and_may_be_forgotten_between_questions() {
    let paper = read("Một {\n=a\n\n~b\n}\n\nHai {T}\nBa {#2}.\nBốn {=x}\n");
    let kinds: Vec<_> = paper.questions.iter().map(|question| (question.kind, question.address.paragraph.unwrap())).collect();
    use QuestionType::{Numeric, ShortAnswer, SingleChoice, TrueFalse};
    assert_eq!(kinds, [(SingleChoice, 1), (TrueFalse, 7), (Numeric, 8), (ShortAnswer, 9)]);
    assert_eq!(paper.questions[2].stem.to_text(), "Ba _____ .");
    assert_eq!(paper.report.iter().map(|entry| entry.code.as_str()).collect::<Vec<_>>(), ["gift-no-blank-line", "gift-no-blank-line"]);
}

#[test]
fn formulas_without_backslashes_are_understood_and_told() {
    let paper = read("Tính $\\frac{1}{2}+\\sqrt{x}$ {=$x=1$ ~\\(\\{1\\} \\neq {2}\\) ~$y_{1}$}");
    let question = &paper.questions[0];
    assert_eq!(question.stem.to_text(), "Tính $\\frac{1}{2}+\\sqrt{x}$");
    let options: Vec<_> = question.options.iter().map(|option| option.content.to_text()).collect();
    assert_eq!(options, ["$x=1$", "$\\{1\\} \\neq {2}$", "$y_{1}$"]);
    assert_eq!(paper.report[0].code, "gift-unescaped");
    // As Moodle writes it there is nothing to tell.
    let proper = read("Tính $\\\\frac\\{1\\}\\{2\\}$ và $a \\neq b$ {=\\\\(x\\=1\\\\) ~b}");
    assert_eq!(proper.questions[0].stem.to_text(), "Tính $\\frac{1}{2}$ và $a \\neq b$");
    assert!(proper.report.is_empty());
}

#[test]
fn weights_are_exact_and_none_is_made_up() {
    let question = only("Q {~%33.33333%a ~%-50%b =%0%*}");
    let credits: Vec<_> = question.options.iter().map(|option| option.credit.map(|credit| credit.to_string())).collect();
    assert_eq!((question.key, credits), (Key::Missing, vec![None, None, None]));
    let question = only("Q {~%33.33333%a ~%66,66667%b ~%-50%c}");
    let credits: Vec<_> = question.options.iter().map(|option| option.credit.unwrap().to_string()).collect();
    assert_eq!((question.kind, credits), (QuestionType::MultipleChoice, ["0.3333333", "0.6666667", "-0.5"].map(str::to_owned).to_vec()));
    let paper = read("Q {~a ~b}");
    assert_eq!((paper.questions[0].key, paper.report[0].code.as_str()), (Key::Missing, "key-missing"));
}

#[test]
fn ids_tags_levels_and_folders_belong_to_their_questions() {
    let paper = read(
        "$CATEGORY: $course$/top/Toán/Hàm số\n\n// [id:7] [tag:NB] [tag:a\\]b]\n\nMột {T}\n\nHai {F}\n\n$CATEGORY: $system$/top\n\nBa {T}",
    );
    let [one, two, three] = paper.questions.as_slice() else { panic!() };
    assert_eq!((one.external_id.as_deref(), one.level), (Some("7"), Some(Level::Nb)));
    assert_eq!(one.tags, ["NB", "a]b"]);
    assert_eq!((two.external_id.as_deref(), two.category.as_deref()), (None, Some("Toán/Hàm số")));
    assert_eq!(three.category, None);
}

#[test]
fn a_picture_travels_inside_the_file() {
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==".replace('=', "\\=");
    let paper = read(&format!("[html]<p><img src\\=\"data\\:image/png;base64,{png}\"></p> {{}}"));
    assert_eq!(paper.media.len(), 1);
    let again = gift::read(&gift::write(&paper).unwrap().bytes).unwrap();
    assert_eq!((again.media, again.questions), (paper.media, paper.questions));
}

#[test]
fn what_gift_cannot_hold_is_told_question_by_question() {
    let mut paper = read("Một {=a ~b}\n\nHai {}\n\nBa {}");
    paper.questions[0].kind = QuestionType::Ordering;
    paper.questions[1].rubric = Some(papers::rich::Rich::plain("chấm"));
    let written = gift::write(&paper).unwrap();
    let told: Vec<_> =
        written.report.iter().map(|entry| (entry.code.as_str(), entry.source_type.as_deref(), entry.address.unwrap().number)).collect();
    assert_eq!(told, [("unsupported-type", Some("ordering"), Some(1)), ("not-carried", None, Some(2))]);
    assert_eq!(gift::read(&written.bytes).unwrap().questions.len(), 2);
}

#[test]
fn other_encodings_are_read() {
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("Thủ đô? {=Hà Nội}".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(gift::read(&wide).unwrap().questions[0].answers[0].text, "Hà Nội");
    let latin: Vec<u8> =
        "D\u{e9}j\u{e0}? {=\u{e9}t\u{e9}}\r\n\r\nDeux {T}".chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let paper = gift::read(&latin).unwrap();
    assert_eq!((paper.questions.len(), paper.questions[0].answers[0].text.as_str()), (2, "été"));
}

#[test]
fn a_file_without_a_question_says_why() {
    assert_eq!(gift::read(b"// nothing").unwrap_err().code, "no-questions");
    assert!(gift::read("\n\nHai {=a".as_bytes()).unwrap_err().message.contains("Dòng 3"));
}

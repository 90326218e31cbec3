//! Light text: what is written is read back the same.
#![allow(clippy::unwrap_used, reason = "tests fail where something is not as wanted")]

#[path = "made/mod.rs"]
mod made;

use papers::light::{parse, print};
use papers::model::{Address, Answer, Choice, Level, Media, Paper, Passage, Question, QuestionType, Statement};
use papers::rich::{Block, Cell, CellKind, Inline, Marks, MathDisplay, MediaKind, Rich, Script};
use proptest::prelude::*;

const SAMPLE: &str = "PHẦN 1
Đoạn chung p1:
Đọc đoạn văn sau và trả lời câu 1, 2.
| Năm | <b>2020</b> |
| Số | $x^2$ |
Câu 1. [TH] (0,25 điểm) Cho $\\frac{1}{2}$ và ![img1|đồ thị|200].
Hỏi?
A. một
*B. H_{2}O
C. [cố định] cả hai
Lời giải: Vì thế.
\\A. sai
Câu 2. Chọn gì?
A. x
B. y
Hết đoạn chung
Câu 3. [nhiều đáp án] Chọn các ý đúng.
A. x
B. y
PHẦN 2
Câu 1. Xét:
*a) [NB] một
b) hai
?c) ba
Câu 2. Xét:
-a) một
-b) hai
Câu 3. Xét:
a) một
b) hai
PHẦN 3
Câu 1. Bao nhiêu?
Đáp án: 12,5|12.5
Câu 2. [trả lời ngắn] Bao nhiêu?
Câu 3. Viết bài văn.
\\A. không phải phương án
Thẻ: đọc hiểu, thơ
Hướng dẫn chấm: 1 điểm
";

fn media() -> Vec<Media> {
    vec![Media { id: "img1".into(), file: "img1.png".into(), mime: "image/png".into(), content: bytes::Bytes::from_static(b"x") }]
}

#[test]
fn a_written_paper_is_read_and_written_back_the_same() {
    let paper = parse(SAMPLE, media());
    assert!(paper.report.is_empty(), "{:?}", paper.report);
    assert_eq!(print(&paper), SAMPLE);
    let kinds: Vec<QuestionType> = paper.questions.iter().map(|question| question.kind).collect();
    use QuestionType as T;
    assert_eq!(
        kinds,
        [
            T::SingleChoice,
            T::SingleChoice,
            T::MultipleChoice,
            T::TrueFalse,
            T::TrueFalse,
            T::TrueFalse,
            T::ShortAnswer,
            T::ShortAnswer,
            T::Essay
        ]
    );
    let first = &paper.questions[0];
    assert_eq!(first.options[1].correct, Some(true));
    assert_eq!(first.options[0].correct, Some(false));
    assert_eq!(first.passage.as_deref(), Some("p1"));
    assert_eq!(first.explanation.as_ref().unwrap().to_text(), "Vì thế.\nA. sai");
    assert!(paper.questions[1].options.iter().all(|option| option.correct.is_none()), "a key that is not said stays unsaid");
    assert_eq!(paper.questions[2].passage, None);
    let truths: Vec<Vec<Option<bool>>> =
        paper.questions[3..6].iter().map(|question| question.statements.iter().map(|statement| statement.correct).collect()).collect();
    assert_eq!(truths, [vec![Some(true), Some(false), None], vec![Some(false), Some(false)], vec![None, None]]);
}

#[test]
fn everything_a_question_can_hold_is_read_back() {
    let mut paper = made::everything();
    for (at, question) in paper.questions.iter_mut().enumerate() {
        question.address = Address { part: None, number: u32::try_from(at + 1).ok(), paragraph: None };
        for (at, option) in question.options.iter_mut().enumerate() {
            option.label = char::from(b'A' + u8::try_from(at).unwrap()).to_string();
        }
        for (at, statement) in question.statements.iter_mut().enumerate() {
            statement.label = char::from(b'a' + u8::try_from(at).unwrap()).to_string();
        }
        question.feedback.retain(|occasion, _| occasion != "general");
        question.settle_key();
        for blank in &mut question.blanks {
            blank.points = Some("0.25".parse().unwrap());
            blank.case_sensitive = Some(true);
            for (at, option) in blank.options.iter_mut().enumerate() {
                option.label = char::from(b'A' + u8::try_from(at).unwrap()).to_string();
            }
        }
    }
    let text = print(&paper);
    let again = parse(&text, paper.media.clone());
    for (after, before) in again.questions.iter().zip(&paper.questions) {
        let value = |question: &Question| {
            let mut question = question.clone();
            question.address.paragraph = None;
            serde_json::to_string_pretty(&question).unwrap()
        };
        assert_eq!(value(after), value(before), "{text}");
    }
    assert_eq!(again.questions.len(), paper.questions.len());
}

#[test]
fn lines_before_the_first_question_are_told() {
    let paper = parse("xin chào\nCâu 1. Hỏi?\nĐáp án: 5", Vec::new());
    assert_eq!(paper.report[0].code, "text-left-out");
    assert_eq!(paper.questions[0].answers[0].text, "5");
}

#[test]
fn a_letter_behind_the_answer_word_marks_an_option() {
    let paper = parse("Câu 1. Hỏi?\nA. x\nB. y\nĐáp án: B\nCâu 2. Hỏi?\nA. x\nB. y\nĐáp án: E", Vec::new());
    assert_eq!(paper.questions[0].options[1].correct, Some(true));
    assert!(paper.questions[1].options.iter().all(|option| option.correct.is_none()));
    assert_eq!(paper.report[0].code, "key-letter-unknown");
}

#[test]
fn a_picture_that_is_not_there_is_told() {
    let paper = parse("Câu 1. Xem ![img9].", media());
    assert_eq!(paper.report[0].code, "media-unknown");
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec![
            "a",
            "B.",
            "A. x",
            "*",
            "\\",
            "$",
            "<b>",
            "|",
            "[x]",
            "![",
            "Câu 1.",
            "Đáp án:",
            "đ",
            "  ",
            "x^2",
            "- ",
            "# ",
            "?a) ",
            "PHẦN 2",
            "(1 điểm)",
            "```",
            "ấ",
            "=",
            "]",
            "<",
            ">",
        ]),
        1..5,
    )
    .prop_map(|words| words.join(" ").trim().to_owned())
    .prop_filter("something to see", |text| !text.is_empty())
}

fn inline() -> impl Strategy<Value = Inline> {
    let marks = (any::<bool>(), any::<bool>(), any::<bool>(), 0..3u8).prop_map(|(bold, italic, underline, script)| Marks {
        bold,
        italic,
        underline,
        script: [Script::Normal, Script::Sub, Script::Super][usize::from(script)],
        ..Marks::default()
    });
    prop_oneof![
        4 => (words(), marks).prop_map(|(text, marks)| Inline::Text(text, marks)),
        1 => "[a-z\\\\{}^_ ]{1,8}".prop_filter("a formula", |text| !text.trim().is_empty() && !text.ends_with('\\')).prop_map(|latex| Inline::Math { latex: latex.trim().to_owned(), display: MathDisplay::Inline }),
        1 => Just(Inline::Media { id: "img1".into(), kind: MediaKind::Picture, alt: "hình | a]".into(), width: Some(120) }),
        1 => Just(Inline::Blank(3)),
    ]
}

fn rich() -> impl Strategy<Value = Rich> {
    let paragraph = prop::collection::vec(inline(), 1..4).prop_map(Block::Paragraph);
    let cell = prop::collection::vec(inline(), 1..3).prop_map(|inlines| Cell {
        content: Rich::paragraph(inlines),
        kind: CellKind::Data,
        columns: 2,
        rows: 1,
    });
    let table = prop::collection::vec(prop::collection::vec(cell, 1..3), 1..3).prop_map(Block::Table);
    prop::collection::vec(prop_oneof![5 => paragraph, 1 => table], 1..3).prop_map(|mut blocks| {
        // Two tables in a row are one in light text, as they are in Word.
        blocks.dedup_by(|a, b| matches!((a, b), (Block::Table(_), Block::Table(_))));
        Rich { blocks }
    })
}

fn question() -> impl Strategy<Value = Question> {
    let options = prop::collection::vec((rich(), any::<bool>()), 2..5);
    let statements = prop::collection::vec((rich(), any::<Option<bool>>()), 2..5);
    (rich(), 0..4u8, options, statements, prop::option::of(rich()), prop::option::of(Just(Level::Th)), any::<bool>(), "[0-9,|.a-z ]{0,8}")
        .prop_map(|(stem, kind, options, statements, explanation, level, keyed, answer)| {
            let mut question = Question::new(QuestionType::Essay);
            question.stem = stem;
            question.level = level;
            question.explanation = explanation;
            match kind {
                0 => {
                    let right: Vec<bool> = options.iter().map(|(_, right)| *right).collect();
                    let count = right.iter().filter(|right| **right).count();
                    question.kind = if keyed && count > 1 { QuestionType::MultipleChoice } else { QuestionType::SingleChoice };
                    for (at, (content, right)) in options.into_iter().enumerate() {
                        let correct = (keyed && count > 0).then_some(right);
                        question.options.push(Choice {
                            label: char::from(b'A' + u8::try_from(at).unwrap()).to_string(),
                            content,
                            correct,
                            ..Choice::default()
                        });
                    }
                }
                1 => {
                    question.kind = QuestionType::TrueFalse;
                    for (at, (content, correct)) in statements.into_iter().enumerate() {
                        question.statements.push(Statement {
                            label: char::from(b'a' + u8::try_from(at).unwrap()).to_string(),
                            content,
                            correct,
                            ..Statement::default()
                        });
                    }
                }
                2 => {
                    question.kind = QuestionType::ShortAnswer;
                    question.answers = answer
                        .split('|')
                        .map(str::trim)
                        .filter(|text| !text.is_empty())
                        .map(|text| Answer { text: text.to_owned(), ..Answer::default() })
                        .collect();
                }
                _ => {}
            }
            question.settle_key();
            question
        })
}

/// Without what light text does not hold: places in the file.
fn plain(paper: &Paper) -> serde_json::Value {
    let mut paper = paper.clone();
    for question in &mut paper.questions {
        question.address.paragraph = None;
    }
    paper.report.clear();
    let mut value = serde_json::to_value(&paper.questions).unwrap();
    let passages = serde_json::to_value(&paper.passages).unwrap();
    value.as_array_mut().unwrap().push(passages);
    value
}

#[test]
fn words_between_two_dollars_are_no_formula() {
    for (text, expected) in [
        ("Câu 1. Giá 5$ là bao nhiêu, 6$ là đắt?", "Giá 5$ là bao nhiêu, 6$ là đắt?"),
        // The first dollar was forgotten.
        ("Câu 1. Với x$ là số thực, $y$ là số nguyên", "Với x$ là số thực, <y> là số nguyên"),
        ("Câu 1. Với $x là số thực, $y$ là số nguyên", "Với $x là số thực, <y> là số nguyên"),
        ("Câu 1. $ x + 1 $ và $\\text{là số}$ và $là$ và $ \\alpha $", "<x + 1> và <\\text{là số}> và <là> và <\\alpha>"),
    ] {
        let read = parse(text, Vec::new());
        let mut shown = String::new();
        read.questions[0].stem.each_inline(&mut |inline| match inline {
            Inline::Text(text, _) => shown.push_str(text),
            Inline::Math { latex, .. } => shown.push_str(&format!("<{latex}>")),
            _ => {}
        });
        assert_eq!(shown, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(questions in prop::collection::vec((question(), any::<bool>(), 1..3u32), 1..4), shared in rich()) {
        let mut paper = Paper { media: media(), ..Paper::default() };
        let mut number = 0;
        for (mut question, in_passage, part) in questions {
            number += 1;
            question.address = Address { part: Some(part), number: Some(number), paragraph: None };
            if in_passage {
                question.passage = Some("p1".into());
                if paper.passages.is_empty() {
                    paper.passages.push(Passage { id: "p1".into(), content: shared.clone() });
                }
            }
            paper.questions.push(question);
        }
        let text = print(&paper);
        let again = parse(&text, media());
        prop_assert_eq!(plain(&again), plain(&paper), "{}", text);
        prop_assert_eq!(print(&again), text);
    }

    #[test]
    fn questions_of_every_type_are_read_back(paper in made::papers()) {
        let text = print(&paper);
        let again = parse(&text, paper.media.clone());
        prop_assert_eq!(plain(&again), plain(&paper), "{}", text);
        prop_assert_eq!(print(&again), text);
    }

    #[test]
    fn any_text_is_read(text in "(?s).{0,200}") {
        let _ = print(&parse(&text, media()));
    }

    #[test]
    fn any_lines_of_signs_are_read(lines in prop::collection::vec(prop_oneof![words(), Just("| a | b".to_owned()), Just("*a) x".to_owned()), Just("Lời giải:".to_owned()), Just("Đoạn chung:".to_owned()), Just("Chỗ trống: số".to_owned()), Just("```".to_owned())], 0..20)) {
        let paper = parse(&lines.join("\n"), media());
        let text = print(&paper);
        prop_assert_eq!(print(&parse(&text, media())), text);
    }
}

/// Each would take minutes if what begins looked for its end to the end of the line.
#[test]
fn a_line_of_nothing_but_beginnings_is_read_in_its_own_time() {
    for beginning in ["$", "$$", "[[", "![", "<a ", "<a href=\"", "[", "![a]", "\\$", "<b>", "|"] {
        let text = format!("Câu 1. x\n{}\n*A. một\nB. hai\n", beginning.repeat(400_000 / beginning.len() / 4));
        let paper = papers::light::parse(&text, Vec::new());
        assert_eq!(paper.questions.len(), 1, "{beginning}");
    }
}

#[test]
fn lowered_letters_and_new_lines_are_easy_to_read_and_come_back_as_they_were() {
    let html = "<p>Cho H<sub>2</sub>SO<sub>4</sub> và 10<sup>-3</sup> m<sup>2</sup>.<br>Tính a_{n} với x^2, {b} và tên_tệp_</p>";
    let mut question = Question::new(QuestionType::Essay);
    question.stem = papers::rich::from_html(html, &mut papers::rich::HtmlContext::ours());
    let text = print(&Paper { questions: vec![question.clone()], ..Paper::default() });
    assert!(text.contains("Cho H_{2}SO_{4} và 10^{-3} m^{2}.↵Tính a\\_{n} với x^2, {b} và tên_tệp\\_"), "{text}");
    assert_eq!(parse(&text, Vec::new()).questions[0].stem.to_html(), question.stem.to_html());
    let typed = parse("Câu 1. H<sub>2</sub>O<br>x^{n+1} và a_{ hở\n", Vec::new());
    assert_eq!(typed.questions[0].stem.to_html(), "<p>H<sub>2</sub>O<br>x<sup>n+1</sup> và a_{ hở</p>");
}

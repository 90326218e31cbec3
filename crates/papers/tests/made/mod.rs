//! Papers made for round trips: one with everything by hand, any number by chance.
#![allow(dead_code, reason = "each test takes what it needs")]

use papers::Paper;
use papers::model::{Address, Answer, Blank, BlankType, Choice, Exact, Level, Media, Pair, Passage, Question, QuestionType, Statement};
use papers::rich::{Block, Inline, Marks, MathDisplay, MediaKind, Rich, Script};
use proptest::prelude::*;

/// A picture of one dot.
pub const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f,
    0x15, 0xc4, 0x89,
];

pub fn text(text: &str) -> Rich {
    Rich::plain(text)
}

fn dec(text: &str) -> Exact {
    text.parse().unwrap()
}

fn option(content: Rich, correct: bool) -> Choice {
    Choice { content, correct: Some(correct), ..Choice::default() }
}

fn answer(text: &str) -> Answer {
    Answer { text: text.to_owned(), ..Answer::default() }
}

/// A question of every type, with all that QTI can hold.
pub fn everything() -> Paper {
    let picture = Inline::Media { id: "img1".to_owned(), kind: MediaKind::Picture, alt: "một \"hình\"".to_owned(), width: Some(40) };
    let bold = Marks { bold: true, underline: true, ..Marks::default() };
    let sub = Marks { script: Script::Sub, ..Marks::default() };
    let rich = Rich {
        blocks: vec![
            Block::Paragraph(vec![
                Inline::text("Cho H"),
                Inline::Text("2".to_owned(), sub),
                Inline::text("O & <b> giá 5$ "),
                Inline::Text("đậm".to_owned(), bold),
                Inline::math("x<y & \\frac{1}{2}"),
                picture,
            ]),
            Block::Paragraph(vec![Inline::Math { latex: "y=x^2".to_owned(), display: MathDisplay::Block }]),
        ],
    };
    let mut questions = Vec::new();
    let mut single = Question { stem: rich.clone(), ..Question::new(QuestionType::SingleChoice) };
    single.options = vec![option(text("một"), false), option(rich.clone(), true), Choice { pinned: true, ..option(text("Cả hai"), false) }];
    single.options[0].feedback = Some(text("Chưa đúng"));
    single.level = Some(Level::Vd);
    single.tags = vec!["hàm số".to_owned(), "12".to_owned()];
    single.points = Some(dec("0.25"));
    single.explanation = Some(rich.clone());
    single.hints = vec![text("gợi ý một"), text("gợi ý hai")];
    single.feedback.insert("correct".to_owned(), text("Giỏi"));
    single.feedback.insert("incorrect".to_owned(), text("Sai"));
    single.title = Some("Bài 1".to_owned());
    single.category = Some("Đại số/Hàm số".to_owned());
    single.source = Some("Đề thi".to_owned());
    single.requirement = Some("12.A.1".to_owned());
    single.language = Some("vi".to_owned());
    single.external_id = Some("câu 1".to_owned());
    single.shuffle = Some(true);
    single.passage = Some("p1".to_owned());
    questions.push(single);
    let mut several = Question { stem: text("Chọn"), passage: Some("p1".to_owned()), ..Question::new(QuestionType::MultipleChoice) };
    several.options = vec![option(text("a"), true), option(text("b"), false), option(text("Đúng"), true)];
    for (option, credit) in several.options.iter_mut().zip(["0.5", "-0.5", "0.5"]) {
        option.credit = Some(dec(credit));
    }
    questions.push(several);
    let mut words = Question { stem: text("Chọn"), ..Question::new(QuestionType::SingleChoice) };
    words.options = vec![option(text("Đúng"), true), option(text("Sai"), false)];
    questions.push(words);
    let mut statements = Question { stem: text("Xét"), ..Question::new(QuestionType::TrueFalse) };
    statements.statements = ["một", "hai", "ba", "bốn"]
        .iter()
        .zip([true, false, true, false])
        .map(|(words, correct)| Statement { content: text(words), correct: Some(correct), ..Statement::default() })
        .collect();
    questions.push(statements);
    let mut lone = Question { stem: text("Đất tròn"), ..Question::new(QuestionType::TrueFalse) };
    lone.statements = vec![Statement { correct: Some(true), ..Statement::default() }];
    questions.push(lone);
    let mut short = Question { stem: text("Tính"), ..Question::new(QuestionType::ShortAnswer) };
    short.answers = vec![answer("12,5"), Answer { credit: Some(dec("0.5")), ..answer("12|5") }];
    short.case_sensitive = Some(false);
    questions.push(short);
    let mut number = Question { stem: text("Đo"), ..Question::new(QuestionType::Numeric) };
    number.answers = vec![
        Answer { tolerance: Some(dec("0.1")), ..answer("9.8") },
        Answer { min: Some(dec("4")), max: Some(dec("7")), ..Answer::default() },
    ];
    questions.push(number);
    let mut pairs = Question { stem: text("Ghép"), ..Question::new(QuestionType::Matching) };
    pairs.pairs = [("a", "x"), ("b", "y"), ("", "z")].iter().map(|(left, right)| Pair { left: text(left), right: text(right) }).collect();
    questions.push(pairs);
    let mut order = Question { stem: text("Xếp"), ..Question::new(QuestionType::Ordering) };
    order.items = vec![text("c"), text("a"), text("b")];
    questions.push(order);
    let mut cloze = Question { ..Question::new(QuestionType::Cloze) };
    cloze.stem = Rich::paragraph(vec![
        Inline::text("Nước "),
        Inline::Blank(1),
        Inline::text(" ở "),
        Inline::Blank(2),
        Inline::text(" và "),
        Inline::Blank(3),
    ]);
    let blank = |kind, options, answers| Blank { kind, options, answers, points: None, case_sensitive: None };
    cloze.blanks = vec![
        blank(BlankType::ShortAnswer, Vec::new(), vec![answer("sôi")]),
        blank(BlankType::Numeric, Vec::new(), vec![Answer { tolerance: Some(dec("1")), ..answer("100") }]),
        blank(BlankType::SingleChoice, vec![option(text("lỏng"), true), option(text("rắn"), false)], Vec::new()),
    ];
    questions.push(cloze);
    let essay = Question { stem: text("Viết"), rubric: Some(text("Chấm")), ..Question::new(QuestionType::Essay) };
    questions.push(essay);
    questions.push(Question { stem: text("Chỉ là chữ"), ..Question::new(QuestionType::Description) });
    let mut unknown = Question { stem: text("Không có đáp án"), ..Question::new(QuestionType::SingleChoice) };
    unknown.options = vec![Choice { content: text("a"), ..Choice::default() }, Choice { content: text("b"), ..Choice::default() }];
    questions.push(unknown);
    finished(questions, vec![Passage { id: "p1".to_owned(), content: rich }])
}

fn finished(mut questions: Vec<Question>, passages: Vec<Passage>) -> Paper {
    for (at, question) in questions.iter_mut().enumerate() {
        question.address = Address { number: Some(u32::try_from(at + 1).unwrap()), ..Address::default() };
        for (at, option) in question.options.iter_mut().enumerate() {
            option.label = char::from(b'A' + u8::try_from(at).unwrap()).to_string();
        }
        for (at, statement) in question.statements.iter_mut().enumerate() {
            statement.label = char::from(b'a' + u8::try_from(at).unwrap()).to_string();
        }
        for blank in &mut question.blanks {
            for (at, option) in blank.options.iter_mut().enumerate() {
                option.label = char::from(b'A' + u8::try_from(at).unwrap()).to_string();
            }
        }
        question.settle_key();
    }
    let media = vec![Media { id: "img1".to_owned(), file: "img1.png".to_owned(), mime: "image/png".to_owned(), content: PNG.into() }];
    Paper { questions, passages, media, report: Vec::new() }
}

/// What is no difference: whole credit said or not, and where the address counts paragraphs.
fn usual(question: &Question) -> Question {
    let mut question = question.clone();
    question.address.paragraph = None;
    let whole = |answer: &mut Answer| {
        answer.credit = answer.credit.or(Some(Exact::ONE)).filter(|_| answer.min.is_none() && answer.tolerance.is_none())
    };
    question.answers.iter_mut().for_each(whole);
    question.blanks.iter_mut().flat_map(|blank| &mut blank.answers).for_each(whole);
    question
}

/// The same questions, whatever the report.
pub fn assert_same(paper: &Paper, back: &Paper) {
    assert_eq!(paper.questions.len(), back.questions.len());
    for (own, other) in paper.questions.iter().zip(&back.questions) {
        let (own, other) = (usual(own), usual(other));
        if own != other {
            // Shorter than the trees, and the trees are told where this says nothing.
            let shown = |question: &Question| serde_json::to_string(question).unwrap();
            assert_eq!(shown(&own), shown(&other));
            assert_eq!(own, other);
        }
    }
    assert_eq!(
        paper.passages.iter().map(|passage| &passage.content).collect::<Vec<_>>(),
        back.passages.iter().map(|passage| &passage.content).collect::<Vec<_>>()
    );
}

/// Words that every format can hold: letters and signs that mean something somewhere.
fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            "[a-zđêổ]{1,6}",
            Just("<b>".to_owned()),
            Just("5$".to_owned()),
            Just("&amp;".to_owned()),
            Just("a|b".to_owned()),
            Just("=x~".to_owned()),
            Just("\"q\"".to_owned()),
            Just("[blank]".to_owned()),
            Just("{0}".to_owned())
        ],
        1..4,
    )
    .prop_map(|words| words.join(" "))
}

fn rich() -> impl Strategy<Value = Rich> {
    let marks = (any::<bool>(), any::<bool>(), 0..3).prop_map(|(bold, italic, script)| Marks {
        bold,
        italic,
        script: [Script::Normal, Script::Sub, Script::Super][usize::try_from(script).unwrap()],
        ..Marks::default()
    });
    let inline = prop_oneof![(words(), marks).prop_map(|(text, marks)| Inline::Text(text, marks)), "[a-z]\\^[0-9]".prop_map(Inline::math),];
    let line = proptest::collection::vec(inline, 1..4).prop_map(|inlines| {
        // Neighbours of one look are one piece, and no formula touches another.
        let mut out: Vec<Inline> = Vec::new();
        for inline in inlines {
            let touches = match (out.last(), &inline) {
                (Some(Inline::Text(_, before)), Inline::Text(_, marks)) => before == marks,
                (Some(Inline::Math { .. }), Inline::Math { .. }) => true,
                _ => false,
            };
            if !touches {
                out.push(inline);
            }
        }
        Block::Paragraph(out)
    });
    proptest::collection::vec(line, 1..3).prop_map(|blocks| Rich { blocks })
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    proptest::collection::vec((rich(), any::<bool>()), 2..6)
        .prop_map(|options| options.into_iter().map(|(content, pinned)| Choice { content, pinned, ..Choice::default() }).collect())
}

fn question() -> impl Strategy<Value = Question> {
    let single = (rich(), choices(), any::<Option<proptest::sample::Index>>()).prop_map(|(stem, mut options, right)| {
        if let Some(right) = right {
            let right = right.index(options.len());
            options.iter_mut().enumerate().for_each(|(at, option)| option.correct = Some(at == right));
        }
        Question { stem, options, ..Question::new(QuestionType::SingleChoice) }
    });
    let several = (rich(), choices()).prop_map(|(stem, mut options)| {
        options.iter_mut().enumerate().for_each(|(at, option)| option.correct = Some(at % 2 == 0));
        Question { stem, options, ..Question::new(QuestionType::MultipleChoice) }
    });
    let statements = (rich(), proptest::collection::vec((rich(), any::<bool>()), 2..5)).prop_map(|(stem, statements)| {
        let statements =
            statements.into_iter().map(|(content, correct)| Statement { content, correct: Some(correct), ..Statement::default() });
        Question { stem, statements: statements.collect(), ..Question::new(QuestionType::TrueFalse) }
    });
    let short = (rich(), proptest::collection::vec(words(), 1..3)).prop_map(|(stem, answers)| {
        let mut answers: Vec<Answer> = answers.iter().map(|text| answer(text)).collect();
        answers.dedup_by(|one, other| one.text == other.text);
        Question { stem, answers, ..Question::new(QuestionType::ShortAnswer) }
    });
    let number = (rich(), -1000_i64..1000, 0_i64..50).prop_map(|(stem, value, tolerance)| {
        let answers = vec![Answer { tolerance: Some(Exact::new(tolerance, 1).normalize()), ..answer(&value.to_string()) }];
        Question { stem, answers, ..Question::new(QuestionType::Numeric) }
    });
    let pairs = (rich(), 2_usize..5).prop_map(|(stem, count)| {
        let pairs = (0..count).map(|at| Pair { left: text(&format!("l{at}")), right: text(&format!("r{at} =")) });
        Question { stem, pairs: pairs.collect(), ..Question::new(QuestionType::Matching) }
    });
    let order = (rich(), proptest::collection::vec(rich(), 2..5)).prop_map(|(stem, items)| Question {
        stem,
        items,
        ..Question::new(QuestionType::Ordering)
    });
    let cloze = (words(), words(), choices()).prop_map(|(before, typed, mut options)| {
        options.iter_mut().enumerate().for_each(|(at, option)| {
            option.correct = Some(at == 1);
            option.pinned = false;
            // A gap's options stand in one line.
            option.content.blocks.truncate(1);
        });
        let blank = |kind, options, answers| Blank { kind, options, answers, points: None, case_sensitive: None };
        let stem = Rich::paragraph(vec![Inline::text(before + " "), Inline::Blank(1), Inline::text(" rồi "), Inline::Blank(2)]);
        let blanks = vec![
            blank(BlankType::ShortAnswer, Vec::new(), vec![answer(&typed.replace(['{', '#'], ""))]),
            blank(BlankType::SingleChoice, options, Vec::new()),
        ];
        Question { stem, blanks, ..Question::new(QuestionType::Cloze) }
    });
    let essay = rich().prop_map(|stem| Question { stem, ..Question::new(QuestionType::Essay) });
    let kinds = prop_oneof![single, several, statements, short, number, pairs, order, cloze, essay];
    (kinds, proptest::option::of(0_i64..100), proptest::option::of(rich())).prop_map(|(mut question, points, explanation)| {
        question.points = points.filter(|points| *points > 0).map(|points| Exact::new(points, 2).normalize());
        question.explanation = explanation;
        question
    })
}

/// Papers of some questions.
pub fn papers() -> impl Strategy<Value = Paper> {
    proptest::collection::vec(question(), 1..6).prop_map(|questions| finished(questions, Vec::new()))
}

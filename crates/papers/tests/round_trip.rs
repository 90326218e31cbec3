//! What a writer writes, its reader gives back: generated papers, full of the signs that formats use.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use bytes::Bytes;
use papers::model::{
    Address, Answer, Blank, BlankType, Choice, Exact, Level, Media, Pair, Passage, Question, QuestionType, Severity, Statement,
};
use papers::rich::{Block, HtmlContext, Inline, ListKind, Marks, MathDisplay, MediaKind, Rich, Script, from_html};
use papers::{Paper, gift, moodle, ours};
use proptest::prelude::*;

fn word() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "~",
        "=",
        "#",
        "####",
        "{",
        "}",
        ":",
        "::",
        "\\",
        "\\\\",
        "\\n",
        "\\neq",
        "->",
        "%50%",
        "50%",
        "[html]",
        "//",
        "$",
        "$$",
        "$5",
        "5$",
        "\\(",
        "\\)",
        "\\[x",
        "$x$",
        "<b>",
        "</p>",
        "<",
        ">",
        "&amp;",
        "&",
        "&#39;",
        "\"",
        "'",
        "]]>",
        "T",
        "TRUE",
        "*",
        "{1:MC:=a}",
        "[[1]]",
        "@@PLUGINFILE@@",
        "_____",
        "$CATEGORY:",
        "-",
        "a.b",
        "\u{a0}",
        "\\}",
        "\\/",
        "<!--",
        "```",
    ]);
    let plain = prop::sample::select(vec!["Câu", "hàm số", "đồng biến", "x", "H₂O", "không", "1,5", "𝑥", "n", "ne", "nu"]);
    prop_oneof![2 => plain, 1 => nasty].prop_map(str::to_owned)
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 1..5).prop_map(|words| words.join(" ").trim().to_owned()).prop_filter("letters", |text| !text.is_empty())
}

/// Letters without the space that does not break, which lines laid out anew lose.
fn label() -> impl Strategy<Value = String> {
    words().prop_map(|text| text.replace('\u{a0}', "_")).prop_filter("a name", |text| !["NB", "TH", "VD", "VDC"].contains(&text.as_str()))
}

fn marks() -> impl Strategy<Value = Marks> {
    prop_oneof![
        4 => Just(Marks::default()),
        1 => (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(bold, italic, code)| Marks { bold, italic, code, ..Marks::default() }),
        1 => prop::sample::select(vec![Script::Sub, Script::Super]).prop_map(|script| Marks { script, underline: true, ..Marks::default() }),
    ]
}

fn latex() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "x^2",
        "\\frac{1}{2}",
        "a<b",
        "\\{1;2\\}",
        "x=1\\\\y\\neq 2",
        "\\text{a\\)b}",
        "a~b",
        "\\#\\%",
        "\\text{\\$5}",
        "a  b",
        "\\}",
        "a & b",
    ])
    .prop_map(str::to_owned)
}

fn inline() -> impl Strategy<Value = Inline> {
    prop_oneof![
        6 => (words(), marks()).prop_map(|(text, marks)| Inline::Text(text, marks)),
        2 => (latex(), any::<bool>())
            .prop_map(|(latex, block)| Inline::Math { latex, display: if block { MathDisplay::Block } else { MathDisplay::Inline } }),
        1 => (1..4_u32, words(), prop::option::of(1..900_u16))
            .prop_map(|(number, alt, width)| Inline::Media { id: format!("img{number}"), kind: MediaKind::Picture, alt, width }),
        1 => Just(Inline::Break),
        1 => words().prop_map(|text| Inline::Link { href: "https://a.vn/?a=1&b={2}~#x".to_owned(), content: vec![Inline::text(text)] }),
    ]
}

fn paragraph() -> impl Strategy<Value = Block> {
    prop::collection::vec(inline(), 1..4).prop_map(Block::Paragraph)
}

fn block() -> impl Strategy<Value = Block> {
    prop_oneof![
        6 => paragraph(),
        1 => prop::collection::vec(paragraph(), 1..3)
            .prop_map(|items| Block::List { kind: ListKind::Numbers, items: items.into_iter().map(|item| Rich { blocks: vec![item] }).collect() }),
        1 => (words(), words()).prop_map(|(one, two)| Block::Code(format!("{one}\n  {two}"))),
    ]
}

/// As our own HTML gives it back: neighbours of one look joined, no space at the ends.
fn settled(rich: &Rich) -> Rich {
    from_html(&rich.to_html(), &mut HtmlContext::ours())
}

fn rich() -> impl Strategy<Value = Rich> {
    let simple = words().prop_map(|text| Rich::plain(&text));
    let any = prop::collection::vec(block(), 1..3).prop_map(|blocks| Rich { blocks });
    prop_oneof![2 => simple, 3 => any]
        .prop_map(|rich| settled(&rich))
        .prop_filter("something to see", |rich| !rich.is_empty() && settled(rich) == *rich)
}

/// Right sides of pairs: letters and formulas.
fn right() -> impl Strategy<Value = Rich> {
    let plain = prop::sample::select(vec!["Huế", "a -> b", "= 2", "{x}", "~#:", "<b>", "&amp;", "%50%"]);
    (plain, prop::option::of(prop::sample::select(vec!["x^2", "\\frac{1}{2}"]))).prop_map(|(text, latex)| {
        let mut inlines = vec![Inline::text(text)];
        if let Some(latex) = latex {
            inlines = vec![Inline::text(format!("{text} ")), Inline::math(latex)];
        }
        Rich::paragraph(inlines)
    })
}

fn share() -> impl Strategy<Value = Exact> {
    prop::sample::select(vec!["0.5", "0.3333333", "0.25", "0.9"]).prop_map(|share| share.parse().unwrap())
}

fn letter(at: usize, first: u8) -> String {
    char::from(first + u8::try_from(at).unwrap()).to_string()
}

fn choices(kind: BlankType) -> impl Strategy<Value = Vec<Choice>> {
    let option = (rich(), any::<bool>(), share(), any::<bool>(), prop::option::of(rich()));
    (prop::collection::vec(option, 2..5), any::<prop::sample::Index>(), 0..4_u8).prop_map(move |(options, index, unknown)| {
        let right = index.index(options.len());
        let choice = |(at, (content, truth, share, partial, feedback)): (usize, (Rich, bool, Exact, bool, Option<Rich>))| {
            let (correct, credit) = match kind {
                BlankType::SingleChoice if at == right => (true, Exact::ONE),
                BlankType::SingleChoice => (false, if partial { share } else { Exact::ZERO }),
                _ if at == right || truth => (true, share),
                _ => (false, if partial { -share } else { Exact::ZERO }),
            };
            let is_said = unknown > 0;
            Choice {
                label: letter(at, b'A'),
                content,
                correct: is_said.then_some(correct),
                credit: is_said.then_some(credit),
                feedback,
                pinned: false,
            }
        };
        options.into_iter().enumerate().map(choice).collect()
    })
}

fn short_answers() -> impl Strategy<Value = Vec<Answer>> {
    let answer = (label(), prop_oneof![Just(Exact::ONE), share()], prop::option::of(rich())).prop_map(|(text, credit, feedback)| Answer {
        text,
        credit: Some(credit),
        feedback,
        ..Answer::default()
    });
    prop::collection::vec(answer, 0..3)
}

fn number() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["12,5", "-3.14", "0", "1822", "1e3", "0.10"]).prop_map(str::to_owned)
}

fn numbers() -> impl Strategy<Value = Vec<Answer>> {
    let exact = (number(), prop::option::of(share())).prop_map(|(text, tolerance)| Answer { text, tolerance, ..Answer::default() });
    let range = (0..5_i32, 1..5_i32).prop_map(|(low, more)| Answer {
        text: format!("{low}..{}", low + more),
        min: Some(low.into()),
        max: Some((low + more).into()),
        ..Answer::default()
    });
    let answer = (prop_oneof![2 => exact, 1 => range], prop_oneof![Just(Exact::ONE), share(), Just(Exact::ZERO)], prop::option::of(rich()))
        .prop_map(|(answer, credit, feedback)| Answer { credit: Some(credit), feedback, ..answer });
    prop::collection::vec(answer, 0..3)
}

fn statements() -> impl Strategy<Value = Vec<Statement>> {
    let truth = prop::option::weighted(0.8, any::<bool>());
    let lone = truth.clone().prop_map(|correct| vec![Statement { label: "a".to_owned(), correct, ..Statement::default() }]);
    let level = prop::option::of(Just(Level::Vd));
    let several = prop::collection::vec((rich(), truth, level), 2..5).prop_map(|statements| {
        let statement = |(at, (content, correct, level))| Statement { label: letter(at, b'a'), content, correct, level, feedback: None };
        statements.into_iter().enumerate().map(statement).collect()
    });
    prop_oneof![lone, several]
}

fn blank() -> impl Strategy<Value = Blank> {
    let points =
        prop::option::of(prop::sample::select(vec![1, 2, 25]).prop_map(|points| Exact::new(points, if points == 25 { 2 } else { 0 })));
    let chosen = |kind| choices(kind).prop_map(move |options| Blank { kind, options, answers: vec![], points: None, case_sensitive: None });
    let typed = (short_answers(), any::<bool>()).prop_map(|(answers, case)| Blank {
        kind: BlankType::ShortAnswer,
        options: vec![],
        answers,
        points: None,
        case_sensitive: Some(case),
    });
    let number = (prop::sample::select(vec!["3.14", "-2"]), prop::option::of(share()), prop::option::of(rich())).prop_map(
        |(text, tolerance, feedback)| Blank {
            kind: BlankType::Numeric,
            options: vec![],
            answers: vec![Answer { text: text.to_owned(), credit: Some(Exact::ONE), tolerance, feedback, ..Answer::default() }],
            points: None,
            case_sensitive: None,
        },
    );
    let any = prop_oneof![chosen(BlankType::SingleChoice), chosen(BlankType::MultipleChoice), typed, number];
    (any, points).prop_map(|(blank, points)| Blank { points, ..blank })
}

fn body(kind: QuestionType) -> BoxedStrategy<Question> {
    let question = Question::new(kind);
    match kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => {
            let blank = if kind == QuestionType::SingleChoice { BlankType::SingleChoice } else { BlankType::MultipleChoice };
            choices(blank).prop_map(move |options| Question { options, ..question.clone() }).boxed()
        }
        QuestionType::TrueFalse => statements().prop_map(move |statements| Question { statements, ..question.clone() }).boxed(),
        QuestionType::ShortAnswer => short_answers().prop_map(move |answers| Question { answers, ..question.clone() }).boxed(),
        QuestionType::Numeric => numbers().prop_map(move |answers| Question { answers, ..question.clone() }).boxed(),
        QuestionType::Matching => prop::collection::vec((rich(), any::<bool>(), right()), 1..4)
            .prop_map(move |pairs| {
                let pair = |(left, distractor, right)| Pair { left: if distractor { Rich::default() } else { left }, right };
                Question { pairs: pairs.into_iter().map(pair).collect(), ..question.clone() }
            })
            .boxed(),
        QuestionType::Ordering => prop::collection::vec(rich(), 0..4).prop_map(move |items| Question { items, ..question.clone() }).boxed(),
        QuestionType::Cloze => (prop::collection::vec(blank(), 1..4), rich())
            .prop_map(move |(blanks, before)| {
                let mut stem = before;
                for at in 1..=u32::try_from(blanks.len()).unwrap() {
                    stem.blocks.push(Block::Paragraph(vec![Inline::text("gap "), Inline::Blank(at), Inline::text(" {x} $1")]));
                }
                Question { blanks, stem, ..question.clone() }
            })
            .boxed(),
        QuestionType::Essay | QuestionType::Description => Just(question).boxed(),
    }
}

/// What the format under test can hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Holds {
    Gift,
    Moodle,
}

fn kinds(holds: Holds) -> Vec<QuestionType> {
    use QuestionType::*;
    let mut kinds = vec![SingleChoice, MultipleChoice, TrueFalse, ShortAnswer, Numeric, Matching, Essay, Description];
    if holds == Holds::Moodle {
        kinds.extend([Ordering, Cloze]);
    }
    kinds
}

fn question(holds: Holds) -> impl Strategy<Value = Question> {
    let names = (prop::option::of(label()), prop::option::of(label()), prop::collection::vec(label(), 0..3), prop::option::of(1..3_u8));
    let texts = (rich(), prop::option::of(rich()), prop::collection::vec(rich(), 0..2), prop::option::of(rich()), prop::option::of(rich()));
    let more = (
        prop::option::of(1..900_i64),
        prop::option::of(Just(Level::Th)),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
        prop::option::of(1..3_u8),
    );
    (prop::sample::select(kinds(holds)).prop_flat_map(body), names, texts, more).prop_map(
        move |(
            mut question,
            (title, id, tags, folder),
            (stem, explanation, hints, feedback, rubric),
            (points, level, shuffle, case, passage),
        )| {
            if question.kind != QuestionType::Cloze {
                question.stem = stem;
            }
            question.title = title;
            question.external_id = id;
            question.tags = tags;
            question.category = folder.map(|folder| format!("Toán 12/Chương {folder}: A~B"));
            question.points = points.map(|points| Exact::new(points, 2));
            question.level = level;
            question.shuffle = shuffle;
            question.case_sensitive = case;
            question.passage = passage.map(|passage| format!("p{passage}"));
            question.language = level.map(|_| "vi".to_owned());
            question.source = points.map(|_| "Sở \"X\" ]]> <b>".to_owned());
            if let Some(last) = question.options.last_mut() {
                last.pinned = shuffle == Some(true);
            }
            let lone = matches!(question.statements.as_slice(), [only] if only.content.is_empty() && only.correct.is_some());
            match holds {
                Holds::Gift if lone => question.feedback.extend(feedback.map(|feedback| ("incorrect".to_owned(), feedback))),
                Holds::Gift => {}
                Holds::Moodle => {
                    question.hints = hints;
                    question.rubric = rubric;
                    let occasion = if lone { "correct" } else { "partial" };
                    let holds_feedback = lone || question.kind != QuestionType::TrueFalse || question.statements.len() > 1;
                    question.feedback.extend(feedback.filter(|_| holds_feedback).map(|feedback| (occasion.to_owned(), feedback)));
                }
            }
            if holds == Holds::Moodle || question.kind != QuestionType::Description {
                question.explanation = explanation;
            }
            question.settle_key();
            question
        },
    )
}

fn paper(holds: Holds) -> impl Strategy<Value = Paper> {
    (prop::collection::vec(question(holds), 1..5), rich(), rich()).prop_map(|(questions, one, two)| {
        let passage = |(id, content): (&str, Rich)| Passage { id: id.to_owned(), content };
        let media = (1..4_u8).map(|number| Media {
            id: format!("img{number}"),
            file: format!("img{number}.png"),
            mime: "image/png".to_owned(),
            content: Bytes::from([b"\x89PNG\r\n\x1a\n".as_slice(), &[number]].concat()),
        });
        Paper { questions, passages: [("p1", one), ("p2", two)].map(passage).to_vec(), media: media.collect(), report: Vec::new() }
    })
}

/// Where a thing stood and what it was called does not count: ids of media follow the bytes, places go.
fn bare(mut paper: Paper) -> (Vec<Question>, BTreeMap<String, Rich>) {
    let names: BTreeMap<String, String> =
        paper.media.iter().map(|media| (media.id.clone(), format!("m{}", media.content.last().unwrap()))).collect();
    let all = |rich: &mut Rich| rename(&mut rich.blocks, &names);
    for question in &mut paper.questions {
        question.address = Address::default();
        for rich in texts(question) {
            all(rich);
        }
    }
    let passages = paper.passages.into_iter().map(|mut passage| {
        all(&mut passage.content);
        (passage.id, passage.content)
    });
    let passages = passages.collect();
    (paper.questions, passages)
}

fn texts(question: &mut Question) -> Vec<&mut Rich> {
    let mut all: Vec<&mut Rich> = vec![&mut question.stem];
    all.extend(question.explanation.as_mut());
    all.extend(question.rubric.as_mut());
    all.extend(question.hints.iter_mut());
    all.extend(question.feedback.values_mut());
    all.extend(question.items.iter_mut());
    all.extend(question.pairs.iter_mut().flat_map(|pair| [&mut pair.left, &mut pair.right]));
    all.extend(question.statements.iter_mut().map(|statement| &mut statement.content));
    let answers = question.blanks.iter_mut().flat_map(|blank| {
        let options = blank.options.iter_mut().flat_map(|option| [Some(&mut option.content), option.feedback.as_mut()]);
        options.chain(blank.answers.iter_mut().map(|answer| answer.feedback.as_mut())).flatten()
    });
    all.extend(answers);
    all.extend(question.options.iter_mut().flat_map(|option| [Some(&mut option.content), option.feedback.as_mut()]).flatten());
    all.extend(question.answers.iter_mut().filter_map(|answer| answer.feedback.as_mut()));
    all
}

fn rename(blocks: &mut [Block], names: &BTreeMap<String, String>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => {
                for inline in inlines {
                    if let Inline::Media { id, .. } = inline {
                        *id = names.get(id).cloned().unwrap_or_default();
                    }
                }
            }
            Block::List { items, .. } => items.iter_mut().for_each(|item| rename(&mut item.blocks, names)),
            _ => {}
        }
    }
}

fn check(paper: Paper, bytes: &[u8], again: Paper) {
    let shown = String::from_utf8_lossy(bytes);
    let ((wanted, passages), (found, read_passages)) = (bare(paper), bare(again));
    assert_eq!(passages, read_passages, "{shown}");
    for (wanted, found) in wanted.iter().zip(&found) {
        assert_eq!(found, wanted, "{shown}");
    }
    assert_eq!(wanted.len(), found.len(), "{shown}");
}

fn only_told(report: &[papers::model::Entry]) {
    let loud = report.iter().find(|entry| entry.severity > Severity::Info && entry.code != "key-missing");
    assert!(loud.is_none(), "{loud:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_paper_comes_back_from_gift_as_it_went(paper in paper(Holds::Gift)) {
        let written = gift::write(&paper).unwrap();
        only_told(&written.report);
        check(paper, &written.bytes, gift::read(&written.bytes).unwrap());
    }

    #[test]
    fn a_paper_comes_back_from_moodle_xml_as_it_went(paper in paper(Holds::Moodle)) {
        let written = moodle::write(&paper).unwrap();
        only_told(&written.report);
        check(paper, &written.bytes, moodle::read(&written.bytes).unwrap());
    }

    #[test]
    fn a_paper_comes_back_from_our_json_as_it_went(paper in paper(Holds::Moodle)) {
        let written = ours::write(&paper).unwrap();
        let mut again = ours::read(&written.bytes).unwrap();
        for (media, own) in again.media.iter_mut().zip(&paper.media) {
            media.content = own.content.clone();
        }
        prop_assert_eq!(again, paper);
    }
}

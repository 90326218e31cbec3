//! Questions and papers for the tests.
#![allow(dead_code, reason = "each test takes what it needs")]

use papers::model::{Answer, Blank, BlankType, Choice, Pair, Question, QuestionType, Statement};
use papers::rich::Rich;
use scoring::{
    Compiled, Draft, DraftItem, DraftPart, Exact, KeyedPaper, Marks, PartRules, PointRule, Response, Seed, ShownQuestion, compile,
};

pub fn dec(text: &str) -> Exact {
    text.parse().unwrap()
}

pub fn rich(text: &str) -> Rich {
    Rich::plain(text)
}

pub fn choice(text: &str, correct: bool) -> Choice {
    Choice { content: rich(text), correct: Some(correct), ..Choice::default() }
}

/// A choice of options, of which the named ones are right.
pub fn options(kind: QuestionType, texts: &[&str], right: &[&str]) -> Question {
    let options = texts.iter().map(|text| choice(text, right.contains(text))).collect();
    Question { stem: rich("Chọn:"), options, ..Question::new(kind) }
}

/// `A` is right.
pub fn single() -> Question {
    options(QuestionType::SingleChoice, &["A", "B", "C", "D"], &["A"])
}

pub fn statements(truths: &[bool]) -> Question {
    let statements = truths.iter().enumerate().map(|(at, truth)| Statement {
        content: rich(&format!("mệnh đề {at}")),
        correct: Some(*truth),
        ..Statement::default()
    });
    Question { statements: statements.collect(), ..Question::new(QuestionType::TrueFalse) }
}

pub fn answer(text: &str) -> Answer {
    Answer { text: text.to_owned(), ..Answer::default() }
}

pub fn short(answers: &[&str]) -> Question {
    Question { answers: answers.iter().map(|text| answer(text)).collect(), ..Question::new(QuestionType::ShortAnswer) }
}

pub fn numeric(answers: Vec<Answer>) -> Question {
    Question { answers, ..Question::new(QuestionType::Numeric) }
}

/// An empty left side is a distractor.
pub fn matching(pairs: &[(&str, &str)]) -> Question {
    let pairs = pairs.iter().map(|(left, right)| Pair { left: rich(left), right: rich(right) }).collect();
    Question { pairs, ..Question::new(QuestionType::Matching) }
}

pub fn ordering(items: &[&str]) -> Question {
    Question { items: items.iter().map(|text| rich(text)).collect(), ..Question::new(QuestionType::Ordering) }
}

pub fn chosen_gap(texts: &[&str], right: &str) -> Blank {
    let options = texts.iter().map(|text| choice(text, *text == right)).collect();
    Blank { kind: BlankType::SingleChoice, options, answers: Vec::new(), points: None, case_sensitive: None }
}

pub fn typed_gap(text: &str) -> Blank {
    Blank { kind: BlankType::ShortAnswer, options: Vec::new(), answers: vec![answer(text)], points: None, case_sensitive: None }
}

pub fn cloze(blanks: Vec<Blank>) -> Question {
    Question { blanks, ..Question::new(QuestionType::Cloze) }
}

pub fn essay() -> Question {
    Question::new(QuestionType::Essay)
}

pub fn text() -> Question {
    Question { stem: rich("Đọc đoạn sau."), ..Question::new(QuestionType::Description) }
}

/// One of every kind, with something of everything that tells of a key.
pub fn every_kind() -> Vec<Question> {
    let mut several = options(QuestionType::MultipleChoice, &["A", "B", "C", "D"], &["A", "C"]);
    several.options[0].credit = Some(dec("0.5"));
    several.options[3].pinned = true;
    let typed = cloze(vec![chosen_gap(&["một", "hai", "ba"], "hai"), typed_gap("KHOABIMAT"), typed_gap("12,5")]);
    let mut all = vec![
        single(),
        several,
        statements(&[true, false, true, true]),
        short(&["2,5"]),
        short(&["KHOABIMAT"]),
        numeric(vec![Answer { tolerance: Some(dec("0.125")), ..answer("731.25") }]),
        matching(&[("một", "one"), ("hai", "two"), ("ba", "three"), ("", "four")]),
        ordering(&["sáng", "trưa", "chiều", "tối"]),
        typed,
        essay(),
        text(),
    ];
    for question in &mut all {
        question.explanation = Some(rich("LOIGIAIBIMAT"));
        question.rubric = Some(rich("HUONGDANCHAM"));
        question.tags = vec!["THEBIMAT".to_owned()];
        question.hints = vec![rich("GOIYBIMAT")];
        question.feedback.insert("correct".to_owned(), rich("PHANHOIBIMAT"));
        question.external_id = Some("MAGOCBIMAT".to_owned());
        question.options.iter_mut().for_each(|option| option.feedback = Some(rich("PHANHOIBIMAT")));
    }
    all
}

pub fn one_each() -> PartRules {
    PartRules { points: PointRule::PerQuestion(Exact::ONE), ..PartRules::default() }
}

pub fn part<'a>(rules: PartRules, questions: &'a [Question]) -> DraftPart<'a> {
    let items = questions.iter().map(|question| DraftItem { question, points: None, passage: None }).collect();
    DraftPart { title: String::new(), rules, items }
}

pub fn seed() -> Seed {
    Seed::from_number(7)
}

pub fn paper(rules: PartRules, questions: &[Question]) -> Compiled {
    compile(&Draft { parts: vec![part(rules, questions)], ..Draft::default() }, &seed()).unwrap()
}

/// The neutral index of what says a text.
pub fn at(texts: &[Rich], text: &str) -> u8 {
    u8::try_from(texts.iter().position(|shown| shown.to_text() == text).unwrap()).unwrap()
}

/// Chooses an option by what it says.
pub fn choose(shown: &ShownQuestion, text: &str) -> Option<Response> {
    Some(Response::Choice(at(&shown.options, text)))
}

/// Answers statements in the author's order.
pub fn say(compiled: &Compiled, item: u16, said: &[Option<bool>]) -> Option<Response> {
    let permutation = compiled.keyed.permutation(item).unwrap().group(0);
    Some(Response::Statements(permutation.iter().map(|author| said[usize::from(*author)]).collect()))
}

pub fn typed(text: &str) -> Option<Response> {
    Some(Response::Text(text.to_owned()))
}

/// Everything right, as far as a program can mark it.
pub fn all_right(compiled: &Compiled) -> Vec<Option<Response>> {
    (0..u16::try_from(compiled.keyed.len()).unwrap()).map(|item| right(&compiled.keyed, item)).collect()
}

/// The right response, from what the solution tells.
pub fn right(keyed: &KeyedPaper, item: u16) -> Option<Response> {
    let solution = serde_json::to_value(keyed.solution(item)).unwrap();
    let many = |value: &serde_json::Value| -> Vec<u8> { serde_json::from_value(value.clone()).unwrap() };
    let (name, value) = solution.as_object()?.iter().next()?;
    Some(match name.as_str() {
        "options" if many(value).len() == 1 => Response::Choice(many(value)[0]),
        "options" => Response::Choices(many(value)),
        "statements" => Response::Statements(serde_json::from_value(value.clone()).unwrap()),
        "answers" => Response::Text(value[0].as_str().unwrap().to_owned()),
        "pairs" => Response::Pairs(many(value).into_iter().map(Some).collect()),
        "order" => Response::Order(many(value)),
        "blanks" => {
            let gap = |gap: &serde_json::Value| match gap.get("options") {
                Some(options) => scoring::BlankResponse::Choice(many(options)[0]),
                None => scoring::BlankResponse::Text(gap["answers"][0].as_str().unwrap().to_owned()),
            };
            Response::Blanks(value.as_array().unwrap().iter().map(|blank| Some(gap(blank))).collect())
        }
        _ => return None,
    })
}

/// Points of each item as shown.
pub fn points(marks: &Marks) -> Vec<String> {
    marks.items.iter().map(|mark| mark.points.to_string()).collect()
}

/// The points of the only item.
pub fn points_of(compiled: &Compiled, response: Option<Response>) -> String {
    compiled.keyed.mark_one(0, response.as_ref()).unwrap().points.to_string()
}

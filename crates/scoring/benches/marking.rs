//! How fast attempts are marked: `cargo bench -p scoring --bench marking`. Prints a JSON line.
//!
//! Bound, from issue 4: 100,000 attempts of 40 questions in less than 10 seconds, on one core. The paper has the
//! kinds of question in the shares of a national paper and one of each other kind; every attempt is another one,
//! and its responses are read from JSON as the database holds them, which is told apart.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::time::Instant;

use papers::model::{Answer, Choice, Pair, Question, QuestionType, Statement};
use papers::rich::Rich;
use scoring::{Draft, DraftItem, DraftPart, Exact, Form, PartRules, Response, Seed, Shape, compile};
use serde_json::{Value, json};

const ATTEMPTS: u64 = 100_000;
const LIMIT_S: u64 = 10;
const TYPED: [&str; 6] = ["2,5", "2.50", "-3", "Hòa  bình", "12,5 m/s²", "hoà bình"];

fn main() {
    let questions = questions();
    let items = questions.iter().map(|question| DraftItem { question, points: None, passage: None }).collect();
    let parts = vec![DraftPart { title: String::new(), rules: PartRules::default(), items }];
    let draft = Draft { parts, out_of: Some(Exact::TEN), ..Draft::default() };
    let compiled = compile(&draft, &Seed::from_number(1)).unwrap();
    let shapes: Vec<&Shape> = compiled.layout.items().map(|item| &item.shape).collect();

    let (mut reading, mut marking, mut total) = (0.0, 0.0, Exact::ZERO);
    for first in (0..ATTEMPTS).step_by(1_000) {
        // A thousand at a time, so that making them up is neither measured nor held in memory.
        let stored: Vec<Vec<String>> = (first..first + 1_000).map(|attempt| stored(&shapes, attempt)).collect();
        let started = Instant::now();
        let read = |json: &String| serde_json::from_str::<Option<Response>>(json).unwrap();
        let attempts: Vec<Vec<Option<Response>>> = stored.iter().map(|attempt| attempt.iter().map(read).collect()).collect();
        reading += started.elapsed().as_secs_f64();
        let started = Instant::now();
        total += attempts.iter().map(|attempt| compiled.keyed.mark(attempt).total).sum::<Exact>();
        marking += started.elapsed().as_secs_f64();
    }
    let started = Instant::now();
    let dealt: usize = (0..ATTEMPTS).map(|number| Form::deal(&compiled.layout, &Seed::from_number(number)).order.len()).sum();
    let dealing = started.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({
            "bench": "scoring",
            "attempts": ATTEMPTS,
            "questions": questions.len(),
            "mark_s": round(marking),
            "read_json_s": round(reading),
            "deal_forms_s": round(dealing),
            "limit_s": LIMIT_S,
            "mean_mark": (total / Exact::from(ATTEMPTS)).round_dp(3).to_string(),
            "dealt": dealt,
        })
    );
}

/// What a pupil answered, anyhow: a few things blank, the others by the number of the attempt.
fn stored(shapes: &[&Shape], attempt: u64) -> Vec<String> {
    let mut state = attempt.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u8| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u8::try_from(state >> 32 & 0xff).unwrap() % below.max(1)
    };
    let mut answer = |shape: &Shape| -> Value {
        if draw(20) == 0 {
            return Value::Null;
        }
        match shape {
            Shape::Choice { options } => json!({ "c": draw(*options) }),
            Shape::Choices { options } => json!({ "m": (0..*options).filter(|_| draw(2) == 0).collect::<Vec<u8>>() }),
            Shape::Statements { count } => {
                json!({ "s": (0..*count).map(|_| [Some(true), Some(false), None][usize::from(draw(3))]).collect::<Vec<_>>() })
            }
            Shape::Text { .. } => json!({ "t": TYPED[usize::from(draw(6))] }),
            Shape::Pairs { lefts, rights } => json!({ "p": (0..*lefts).map(|_| draw(*rights)).collect::<Vec<u8>>() }),
            Shape::Order { count } => {
                let first = draw(*count);
                json!({ "o": (0..*count).map(|at| (at + first) % count).collect::<Vec<u8>>() })
            }
            Shape::Blanks { .. } | Shape::Essay { .. } | Shape::Nothing => Value::Null,
        }
    };
    shapes.iter().map(|shape| answer(shape).to_string()).collect()
}

/// 40: 22 choices, 4 of statements, 6 short answers, 3 texts, and of several options, numbers, pairs and orders.
fn questions() -> Vec<Question> {
    let rich = Rich::plain;
    let option = |text: &str, correct| Choice { content: rich(text), correct: Some(correct), ..Choice::default() };
    let choice = |kind, right: usize| Question {
        options: ["A", "B", "C", "D"].iter().enumerate().map(|(at, text)| option(text, at < right)).collect(),
        ..Question::new(kind)
    };
    let statement = |at: usize| Statement { content: rich(&at.to_string()), correct: Some(at.is_multiple_of(2)), ..Statement::default() };
    let answers = |kind, texts: &[&str]| Question {
        answers: texts.iter().map(|text| Answer { text: (*text).to_owned(), ..Answer::default() }).collect(),
        ..Question::new(kind)
    };
    let pair = |at: usize| Pair { left: rich(&format!("l{at}")), right: rich(&format!("r{at}")) };
    let mut all = vec![choice(QuestionType::SingleChoice, 1); 22];
    all.extend(vec![Question { statements: (0..4).map(statement).collect(), ..Question::new(QuestionType::TrueFalse) }; 4]);
    all.extend(vec![answers(QuestionType::ShortAnswer, &["2,5"]); 6]);
    all.extend(vec![answers(QuestionType::ShortAnswer, &["Hòa bình", "hoà hợp", "12,5 m/s²"]); 3]);
    all.extend(vec![choice(QuestionType::MultipleChoice, 2); 2]);
    all.push(answers(QuestionType::Numeric, &["12,5 m/s²"]));
    all.push(Question { pairs: (0..4).map(pair).collect(), ..Question::new(QuestionType::Matching) });
    all.push(Question { items: (0..4).map(|at| rich(&at.to_string())).collect(), ..Question::new(QuestionType::Ordering) });
    assert_eq!(all.len(), 40);
    all
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

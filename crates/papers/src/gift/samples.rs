//! The 51 cases of `shared/samples/questions/gift`, each with the parse another reader made of it. The
//! files are no part of the project: where they are absent these tests say so and pass.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::syntax::{Amount, Body, Formatted, GiftChoice, GiftQuestion, Item};
use super::{blocks::blocks, parse::parse};
use crate::model::{Exact, Paper, Question, QuestionType};
use crate::moodle::TextFormat;
use crate::moodle::category::from_moodle;
use crate::rich::{HtmlContext, Rich, Tex};

fn cases() -> Vec<(PathBuf, Vec<u8>, Vec<Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/questions/gift");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no samples at {}", folder.display());
        return Vec::new();
    };
    let mut cases: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gift"))
        .map(|path| {
            let expected = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
            let expected = match expected {
                Value::Array(items) => items,
                one => vec![one],
            };
            (path.clone(), std::fs::read(path).unwrap(), expected)
        })
        .collect();
    cases.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(cases.len(), 51);
    cases
}

#[test]
fn the_words_of_every_sample_are_those_of_its_expected_parse() {
    for (path, bytes, expected) in cases() {
        let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
        let found: Vec<Value> = blocks(&text)
            .iter()
            .flat_map(parse)
            .map(|parsed| shape(&parsed.result.unwrap_or_else(|fault| panic!("{path:?}: {fault:?}"))))
            .collect();
        let expected: Vec<Value> = expected.iter().map(with_exact_numbers).collect();
        assert_eq!(found, expected, "{}", path.display());
    }
}

/// Numbers of JSON are floating; ours are exact and compared as such.
fn with_exact_numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => number_value(number.to_string().parse().unwrap()),
        Value::Array(items) => items.iter().map(with_exact_numbers).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), with_exact_numbers(field))).collect(),
        other => other.clone(),
    }
}

fn number_value(number: Exact) -> Value {
    Value::String(format!("number {}", number.normalize()))
}

fn shape(item: &Item) -> Value {
    match item {
        Item::Category(title) => json!({"type": "Category", "title": title}),
        Item::Question(question) => question_shape(question),
    }
}

fn question_shape(question: &GiftQuestion) -> Value {
    let mut out = json!({
        "id": question.id,
        "tags": if question.tags.is_empty() { Value::Null } else { json!(question.tags) },
        "title": question.title,
        "stem": text(&question.stem),
        "hasEmbeddedAnswers": question.embedded,
    });
    let (kind, fields) = match &question.body {
        Body::Description => ("Description", json!({})),
        Body::Essay => ("Essay", json!({})),
        Body::TrueFalse { truth, wrong, right } => {
            ("TF", json!({"isTrue": truth, "trueFeedback": maybe(wrong.as_ref()), "falseFeedback": maybe(right.as_ref())}))
        }
        Body::Choices(choices) => ("MC", json!({"choices": choices.iter().map(|choice| option(choice, text)).collect::<Vec<_>>()})),
        Body::Short(answers) => ("Short", json!({"choices": answers.iter().map(|answer| option(answer, text)).collect::<Vec<_>>()})),
        Body::Number(answer) => ("Numerical", json!({"choices": amount(&answer.value)})),
        Body::Numbers(answers) => {
            ("Numerical", json!({"choices": answers.iter().map(|answer| option(answer, amount)).collect::<Vec<_>>()}))
        }
        Body::Matching(pairs) => {
            let pairs: Vec<_> = pairs.iter().map(|(left, right)| json!({"subquestion": text(left), "subanswer": right})).collect();
            ("Matching", json!({"matchPairs": pairs}))
        }
    };
    let all = out.as_object_mut().unwrap();
    all.insert("type".to_owned(), kind.into());
    all.extend(fields.as_object().unwrap().clone());
    if kind != "Description" {
        all.insert("globalFeedback".to_owned(), maybe(question.general.as_ref()));
    }
    out
}

fn text(text: &Formatted) -> Value {
    json!({"format": text.format.word(), "text": text.text})
}

fn maybe(of: Option<&Formatted>) -> Value {
    of.map_or(Value::Null, text)
}

fn option<T>(choice: &GiftChoice<T>, value: impl Fn(&T) -> Value) -> Value {
    let weight = choice.weight.map_or(Value::Null, number_value);
    json!({"isCorrect": choice.right, "weight": weight, "text": value(&choice.value), "feedback": maybe(choice.feedback.as_ref())})
}

fn amount(amount: &Amount) -> Value {
    match amount {
        Amount::Exactly(number) => json!({"type": "simple", "number": number_value(number.value)}),
        Amount::Around(number, range) => {
            json!({"type": "range", "number": number_value(number.value), "range": number_value(*range)})
        }
        Amount::Between(low, high) => json!({"type": "high-low", "numberLow": number_value(*low), "numberHigh": number_value(*high)}),
        Amount::Any => json!({"format": "moodle", "text": "*"}),
    }
}

/// The paper in the expected shape, texts as they are seen. What the shape leaves open where it says
/// null (a weight that `=` or `~` implies) is filled in on both sides.
#[test]
fn the_paper_of_every_sample_says_what_its_expected_parse_says() {
    let mut questions = 0;
    for (path, bytes, expected) in cases() {
        let mut folder = None;
        let mut wanted = Vec::new();
        for item in expected.iter().map(with_exact_numbers) {
            if item["type"] == "Category" {
                folder = from_moodle(item["title"].as_str().unwrap());
            } else {
                wanted.push(seen(&item, folder.as_deref()));
            }
        }
        let found = match super::read(&bytes) {
            Ok(paper) => paper,
            // A folder and no question in it.
            Err(error) => {
                assert_eq!((error.code, wanted.len()), ("no-questions", 0), "{}", path.display());
                continue;
            }
        };
        let found: Vec<Value> = found.questions.iter().map(|question| ours(question, &found)).collect();
        questions += found.len();
        assert_eq!(found, wanted, "{}", path.display());
    }
    println!("{questions} questions compared");
}

fn shown(text: &Value) -> Value {
    let Some(letters) = text["text"].as_str() else { return Value::Null };
    let format = TextFormat::of_gift(text["format"].as_str().unwrap()).unwrap();
    format.rich(letters, &mut HtmlContext::foreign(Tex::InLetters, |_, _| None)).to_html().into()
}

fn implied(choice: &Value) -> Value {
    match &choice["weight"] {
        Value::Null => number_value(if choice["isCorrect"] == true { Exact::ONE_HUNDRED } else { Exact::ZERO }),
        weight => weight.clone(),
    }
}

fn seen(item: &Value, folder: Option<&str>) -> Value {
    let choices = |value: fn(&Value) -> Value| -> Vec<Value> {
        match &item["choices"] {
            Value::Array(choices) => choices
                .iter()
                .map(|choice| json!({"weight": implied(choice), "value": value(&choice["text"]), "feedback": shown(&choice["feedback"])}))
                .collect(),
            one => vec![json!({"weight": number_value(Exact::ONE_HUNDRED), "value": value(one), "feedback": null})],
        }
    };
    let body = match item["type"].as_str().unwrap() {
        "MC" => json!({"choices": choices(shown)}),
        "Short" => json!({"choices": choices(|text| text["text"].clone())}),
        "Numerical" => json!({"choices": choices(|number| if number["type"].is_null() {
            json!({"text": number["text"]})
        } else {
            let mut number = number.clone();
            number.as_object_mut().unwrap().remove("type");
            number
        })}),
        "TF" => json!({"truth": item["isTrue"], "wrong": shown(&item["trueFeedback"]), "right": shown(&item["falseFeedback"])}),
        "Matching" => {
            let pair = |pair: &Value| json!([shown(&pair["subquestion"]), pair["subanswer"]]);
            json!({"pairs": item["matchPairs"].as_array().unwrap().iter().map(pair).collect::<Vec<_>>()})
        }
        _ => Value::Null,
    };
    json!({
        "type": item["type"], "id": item["id"], "tags": item["tags"], "title": item["title"], "category": folder,
        "stem": shown(&item["stem"]), "general": shown(&item["globalFeedback"]), "body": body,
    })
}

fn ours(question: &Question, paper: &Paper) -> Value {
    let html = |rich: Option<&Rich>| rich.map_or(Value::Null, |rich| rich.to_html().into());
    let weight = |credit: Option<Exact>| number_value(credit.unwrap() * Exact::ONE_HUNDRED);
    let feedback = |occasion: &str| html(question.feedback.get(occasion));
    let (kind, body) = match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => {
            let option = |option: &crate::model::Choice| json!({"weight": weight(option.credit), "value": option.content.to_html(), "feedback": html(option.feedback.as_ref())});
            ("MC", json!({"choices": question.options.iter().map(option).collect::<Vec<_>>()}))
        }
        QuestionType::ShortAnswer | QuestionType::Numeric => {
            let value = |answer: &crate::model::Answer| {
                let exact = |number: &str| number_value(number.parse().unwrap());
                match (question.kind, answer.min, answer.max, answer.tolerance) {
                    (QuestionType::ShortAnswer, ..) => json!(answer.text),
                    (_, Some(low), Some(high), _) => json!({"numberLow": number_value(low), "numberHigh": number_value(high)}),
                    (.., Some(range)) => json!({"number": exact(&answer.text), "range": number_value(range)}),
                    _ if answer.text == "*" => json!({"text": "*"}),
                    _ => json!({"number": exact(&answer.text)}),
                }
            };
            let answer = |answer: &crate::model::Answer| json!({"weight": weight(answer.credit), "value": value(answer), "feedback": html(answer.feedback.as_ref())});
            let kind = if question.kind == QuestionType::Numeric { "Numerical" } else { "Short" };
            (kind, json!({"choices": question.answers.iter().map(answer).collect::<Vec<_>>()}))
        }
        QuestionType::TrueFalse => {
            assert!(question.statements.len() == 1 && question.statements[0].content.is_empty());
            ("TF", json!({"truth": question.statements[0].correct, "wrong": feedback("incorrect"), "right": feedback("correct")}))
        }
        QuestionType::Matching => {
            let pair = |pair: &crate::model::Pair| json!([pair.left.to_html(), pair.right.to_text()]);
            ("Matching", json!({"pairs": question.pairs.iter().map(pair).collect::<Vec<_>>()}))
        }
        QuestionType::Essay => ("Essay", Value::Null),
        QuestionType::Description => ("Description", Value::Null),
        other => panic!("GIFT has no {other:?}"),
    };
    assert!(paper.passages.is_empty());
    json!({
        "type": kind, "id": question.external_id,
        "tags": if question.tags.is_empty() { Value::Null } else { json!(question.tags) },
        "title": question.title, "category": question.category,
        "stem": question.stem.to_html(), "general": html(question.explanation.as_ref()), "body": body,
    })
}

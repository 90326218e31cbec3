//! What comes off the line is taken only as it should be.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

mod support;

use proptest::prelude::*;
use scoring::{BlankShape, EssayRule, Keypad, MOST_ESSAY, MOST_TEXT, MarkState, Response, ResponseError, Shape};
use serde_json::{Value, json};
use support::*;

fn read(shape: &Shape, json: &Value) -> Result<Option<Response>, ResponseError> {
    Response::parse(shape, &json.to_string())
}

fn shapes() -> Vec<Shape> {
    vec![
        Shape::Choice { options: 4 },
        Shape::Choices { options: 4 },
        Shape::Statements { count: 4 },
        Shape::Text { keypad: Keypad::National },
        Shape::Pairs { lefts: 2, rights: 3 },
        Shape::Order { count: 3 },
        Shape::Blanks {
            blanks: vec![BlankShape::Choice { options: 2 }, BlankShape::Choices { options: 3 }, BlankShape::Text { keypad: Keypad::Text }],
        },
        Shape::Essay { by: EssayRule::Typed },
        Shape::Nothing,
    ]
}

#[test]
fn each_shape_takes_its_own_kind_of_response_and_gives_it_back_as_it_came() {
    let fitting = [
        json!({"c":3}),
        json!({"m":[0,3]}),
        json!({"s":[true,null,false,null]}),
        json!({"t":"12,5"}),
        json!({"p":[1,null]}),
        json!({"o":[2,0,1]}),
        json!({"b":[{"c":1},{"m":[0,2]},{"t":"x"}]}),
        json!({"e":"Bài làm\n"}),
    ];
    for (at, shape) in shapes().iter().enumerate() {
        for (of, response) in fitting.iter().enumerate() {
            let parsed = read(shape, response);
            if at == of {
                assert_eq!(serde_json::to_value(parsed.unwrap()).unwrap(), *response);
            } else {
                assert_eq!(parsed, Err(ResponseError::DoesNotFit), "{shape:?} {response}");
            }
        }
        assert_eq!(read(shape, &Value::Null), Ok(None), "taken back");
    }
}

#[test]
fn an_essay_is_typed_or_photographed_as_its_part_says() {
    let (one, two) = ("0a".repeat(32), "b1".repeat(32));
    let typed = json!({"e":"Bài làm"});
    let photos = json!({"w":{"p":[one, two]}});
    let both = json!({"w":{"p":[one],"t":"Câu b ở trang sau"}});
    for (by, fits) in
        [(EssayRule::Either, [true, true, true]), (EssayRule::Typed, [true, false, false]), (EssayRule::Photographed, [false, true, false])]
    {
        for (response, fits) in [&typed, &photos, &both].into_iter().zip(fits) {
            let parsed = read(&Shape::Essay { by }, response);
            assert_eq!(parsed.is_ok(), fits, "{by:?} {response}");
            assert!(!fits || serde_json::to_value(parsed.unwrap()).unwrap() == *response);
        }
    }
    let either = Shape::Essay { by: EssayRule::Either };
    let many: Vec<String> = (0..=scoring::MOST_PHOTOS).map(|at| format!("{at:064x}")).collect();
    for (wrong, why) in [
        (json!({"w":{"p":many}}), ResponseError::TooLong),
        (json!({"w":{"p":[one, one]}}), ResponseError::DoesNotFit),
        (json!({"w":{"p":["0A".repeat(32)]}}), ResponseError::DoesNotFit),
        (json!({"w":{"p":["../../etc/passwd"]}}), ResponseError::DoesNotFit),
        (json!({"w":{"p":[1]}}), ResponseError::Shape),
        (json!({"w":{}}), ResponseError::Shape),
        (json!({"w":{"p":[],"x":1}}), ResponseError::Shape),
        (json!({"w":{"p":[],"t":"a\u{0}"}}), ResponseError::Shape),
        (json!({"w":{"p":[],"t":"a".repeat(MOST_ESSAY + 1)}}), ResponseError::TooLong),
    ] {
        assert_eq!(read(&either, &wrong), Err(why), "{wrong}");
    }
    let nothing = read(&either, &json!({"w":{"p":[],"t":" "}})).unwrap().unwrap();
    assert!(nothing.is_blank() && !read(&either, &photos).unwrap().unwrap().is_blank());
    // A paper that was made before photos were taken.
    assert_eq!(serde_json::from_value::<Shape>(json!({"kind":"essay"})).unwrap(), Shape::Essay { by: EssayRule::Typed });
}

#[test]
fn responses_that_fit_no_item_are_refused() {
    let wrong = [
        (0, json!({"c":4})),
        (0, json!({"c":-1})),
        (0, json!({"c":256})),
        (0, json!({"c":1.5})),
        (0, json!({"c":1e30})),
        (0, json!({"c":"1"})),
        (0, json!({"c":null})),
        (0, json!({"c":1,"t":"x"})),
        (0, json!({"c":1,"extra":true})),
        (0, json!({"C":1})),
        (0, json!({})),
        (0, json!([])),
        (0, json!("c")),
        (0, json!(1)),
        (0, json!(true)),
        (1, json!({"m":[0,0]})),
        (1, json!({"m":[4]})),
        (1, json!({"m":vec![1; 10_000]})),
        (2, json!({"s":[true]})),
        (2, json!({"s":[true,true,true,true,true]})),
        (2, json!({"s":[1,0,1,0]})),
        (3, json!({"t":5})),
        (3, json!({"t":"1\u{0}"})),
        (4, json!({"p":[3,null]})),
        (4, json!({"p":[0]})),
        (5, json!({"o":[0,1]})),
        (5, json!({"o":[0,1,1]})),
        (5, json!({"o":[0,1,3]})),
        (6, json!({"b":[null,null]})),
        (6, json!({"b":[{"c":2},null,null]})),
        (6, json!({"b":[{"t":"x"},null,null]})),
        (6, json!({"b":[null,{"m":[1,1]},null]})),
        (6, json!({"b":[null,null,{"b":[null]}]})),
        (7, json!({"t":"x"})),
        (8, json!({"c":0})),
    ];
    for (at, response) in wrong {
        assert!(read(&shapes()[at], &response).is_err(), "{response}");
    }
    let (text, essay) = (&shapes()[3], &shapes()[7]);
    for (shape, name, most) in [(text, "t", MOST_TEXT), (essay, "e", MOST_ESSAY)] {
        let long = |count: usize| json!({ name: "ộ".repeat(count) });
        assert!(read(shape, &long(most)).is_ok());
        assert_eq!(read(shape, &long(most + 1)), Err(ResponseError::TooLong));
        assert_eq!(read(shape, &long(most * 50)), Err(ResponseError::TooLong));
    }
}

#[test]
fn deeply_nested_json_is_an_error_and_no_crash() {
    let deep = format!("{}{}", "{\"b\":[".repeat(100_000), "]}".repeat(100_000));
    assert!(serde_json::from_str::<Response>(&deep).is_err());
}

#[test]
fn hostile_texts_are_wrong_answers() {
    let hostile = [
        "NaN",
        "inf",
        "-inf",
        "1e400",
        "1e-400",
        "10^30",
        "1e30",
        "99999999999999999999999999999999999999999",
        "0x1F",
        "١٢",
        "１２",
        "²",
        "½",
        "--5",
        "5-",
        "5;DROP",
        "5\u{301}",
        "…",
        "null",
        "true",
        "∞",
        "-",
        ",",
        ".",
        "e5",
        "1e",
        "+",
        "5,",
        ",,",
        "\u{fffd}",
    ];
    let compiled = paper(one_each(), &[short(&["5"]), numeric(vec![answer("5")]), short(&["năm"])]);
    for text in hostile {
        for item in 0..3 {
            let mark = compiled.keyed.mark_one(item, typed(text).as_ref()).unwrap();
            assert_eq!(mark.state, MarkState::Wrong, "{text:?} {item}");
        }
    }
    let long = typed(&"9".repeat(MOST_TEXT));
    assert_eq!(compiled.keyed.mark_one(1, long.as_ref()).unwrap().state, MarkState::Wrong);
    assert_eq!(compiled.keyed.mark_one(99, None), None);
}

#[test]
fn responses_of_the_wrong_shape_that_were_kept_all_the_same_earn_nothing() {
    let compiled = paper(one_each(), &every_kind());
    let strange = [
        Response::Choice(255),
        Response::Choices((0..=255).collect()),
        Response::Statements(vec![Some(true); 1_000]),
        Response::Text("9".repeat(100_000)),
        Response::Pairs(vec![Some(255); 1_000]),
        Response::Order(vec![255; 1_000]),
        Response::Blanks(vec![Some(scoring::BlankResponse::Choice(255)); 1_000]),
    ];
    for response in strange {
        let responses = vec![Some(response.clone()); 50];
        let marks = compiled.keyed.mark(&responses);
        assert!(marks.total <= dec("10"), "{response:?}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let key = prop::sample::select(vec!["c", "m", "s", "t", "p", "o", "b", "e", "x"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..3)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn any_response() -> impl Strategy<Value = Response> {
    let blank = prop_oneof![
        any::<u8>().prop_map(scoring::BlankResponse::Choice),
        prop::collection::vec(0_u8..6, 0..5).prop_map(scoring::BlankResponse::Choices),
        ".{0,20}".prop_map(scoring::BlankResponse::Text),
    ];
    prop_oneof![
        (0_u8..6).prop_map(Response::Choice),
        prop::collection::vec(0_u8..6, 0..6).prop_map(Response::Choices),
        prop::collection::vec(any::<Option<bool>>(), 0..6).prop_map(Response::Statements),
        "[-−+,.0-9eE ]{0,12}|.{0,30}".prop_map(Response::Text),
        prop::collection::vec(prop::option::of(0_u8..6), 0..6).prop_map(Response::Pairs),
        prop::collection::vec(0_u8..6, 0..6).prop_map(Response::Order),
        prop::collection::vec(prop::option::of(blank), 0..6).prop_map(Response::Blanks),
        ".{0,30}".prop_map(Response::Essay),
        ("[a-f0-9]{64}", ".{0,9}").prop_map(|(photo, text)| Response::Work(scoring::Work { photos: vec![photo], text })),
    ]
}

proptest! {
    #[test]
    fn whatever_json_comes_it_is_refused_or_means_what_it_says(json in any_json(), at in 0_usize..9) {
        let shape = &shapes()[at];
        if let Ok(Some(response)) = read(shape, &json) {
            prop_assert!(response.check(shape).is_ok());
            prop_assert_eq!(read(shape, &serde_json::to_value(&response).unwrap()), Ok(Some(response)));
        }
    }

    #[test]
    fn no_response_earns_less_than_nothing_or_more_than_all(response in any_response()) {
        let questions = every_kind();
        for multiple in [scoring::MultipleRule::AllOrNothing, scoring::MultipleRule::PerOption, scoring::MultipleRule::Credits] {
            let rules = scoring::PartRules { multiple, short: scoring::ShortRule::Free, ..one_each() };
            let compiled = paper(rules, &questions);
            for item in 0..11 {
                let mark = compiled.keyed.mark_one(item, Some(&response)).unwrap();
                prop_assert!(mark.points.rounded(6) >= dec("0") && mark.points.rounded(6) <= mark.of.rounded(6));
                prop_assert!(mark.state != MarkState::Right || mark.points == mark.of);
            }
        }
    }
}

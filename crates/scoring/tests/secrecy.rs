//! Nothing that goes to a browser before release tells of a key.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

mod support;

use papers::model::QuestionType;
use papers::rich::{Inline, MediaKind, Rich};
use proptest::prelude::*;
use scoring::{Draft, Form, Seed, compile, neutral};
use support::*;

/// Everything of a paper that a browser or a log may come to hold.
fn public(compiled: &scoring::Compiled) -> String {
    let form = Form::deal(&compiled.layout, &Seed::from_number(3));
    let json = [
        serde_json::to_string(&compiled.shown).unwrap(),
        serde_json::to_string(&compiled.layout).unwrap(),
        serde_json::to_string(&form).unwrap(),
    ];
    format!("{}{:?}{:?}{:?}{:?}", json.concat(), compiled.shown, compiled.layout, form, seed())
}

#[test]
fn no_key_explanation_or_author_s_mark_is_shown() {
    let compiled = paper(one_each(), &every_kind());
    let public = public(&compiled);
    let secrets =
        ["KHOABIMAT", "LOIGIAIBIMAT", "HUONGDANCHAM", "THEBIMAT", "GOIYBIMAT", "PHANHOIBIMAT", "MAGOCBIMAT", "2,5", "731", "12,5", "0.125"];
    for secret in secrets {
        assert!(!public.contains(secret), "{secret}");
    }
    for field in
        ["correct", "credit", "answers", "explanation", "label", "feedback", "permutation", "key\"", "hints", "rubric", "tolerance"]
    {
        assert!(!public.contains(field), "{field}");
    }
    let kept = serde_json::to_string(&compiled.keyed).unwrap();
    assert!(kept.contains("KHOABIMAT") && kept.contains("731.25"), "the keyed paper holds what is secret, and only it");
}

#[test]
fn what_a_browser_gets_is_the_same_whatever_is_right() {
    let seed = seed();
    for (mut one, mut other) in every_kind().into_iter().zip(every_kind()) {
        one.options.iter_mut().for_each(|option| option.correct = Some(true));
        other.options.iter_mut().enumerate().for_each(|(at, option)| option.correct = Some(at == 2));
        other.statements.iter_mut().for_each(|statement| statement.correct = Some(false));
        other.blanks.iter_mut().flat_map(|blank| &mut blank.options).for_each(|option| option.correct = Some(true));
        other.answers.iter_mut().for_each(|answer| answer.credit = Some(dec("0.5")));
        let shown = |question| serde_json::to_string(&neutral(question, &seed, 4).shown).unwrap();
        assert_eq!(shown(&one), shown(&other), "{:?}", one.kind);
    }
}

#[test]
fn the_neutral_place_of_the_first_option_is_any() {
    let mut counts = [0_u32; 4];
    for number in 0..8_000 {
        counts[usize::from(at(&neutral(&single(), &Seed::from_number(number), 0).shown.options, "A"))] += 1;
    }
    // 2,000 expected, standard deviation 39.
    assert!(counts.iter().all(|count| (1_800..2_200).contains(count)), "{counts:?}");
    let ordered: u32 = (0..2_400)
        .map(|number| {
            let shown = neutral(&ordering(&["1", "2", "3", "4"]), &Seed::from_number(number), 0).shown;
            u32::from(shown.items.iter().map(Rich::to_text).is_sorted())
        })
        .sum();
    assert!((60..140).contains(&ordered), "one of 24 by chance: {ordered}");
}

#[test]
fn right_sides_do_not_stand_beside_their_left_sides() {
    let question = matching(&[("1", "a"), ("2", "b"), ("3", "c"), ("4", "d")]);
    let mut beside = 0;
    for number in 0..1_000 {
        let shown = neutral(&question, &Seed::from_number(number), 0).shown;
        beside += u32::from(at(&shown.lefts, "1") == at(&shown.rights, "a"));
    }
    assert!((180..320).contains(&beside), "one of four by chance: {beside}");
}

#[test]
fn pictures_are_numbered_in_the_order_they_are_met_and_not_in_the_file_s() {
    let picture =
        |id: &str| Rich::paragraph(vec![Inline::Media { id: id.to_owned(), kind: MediaKind::Picture, alt: String::new(), width: None }]);
    let mut question = single();
    question.stem = picture("img9");
    for (at, option) in question.options.iter_mut().enumerate() {
        option.content = picture(&format!("img{at}"));
    }
    for number in 0..20 {
        let neutral = neutral(&question, &Seed::from_number(number), 0);
        let ids: Vec<String> = std::iter::once(&neutral.shown.stem).chain(&neutral.shown.options).flat_map(Rich::media_ids).collect();
        assert_eq!(ids, ["m1", "m2", "m3", "m4", "m5"]);
        assert_eq!(neutral.media["m1"], "img9");
        for (place, author) in neutral.permutation.group(0).iter().enumerate() {
            assert_eq!(neutral.media[&format!("m{}", place + 2)], format!("img{author}"));
        }
    }
}

#[test]
fn a_picture_that_stands_twice_has_one_name() {
    let picture = |id: &str| Inline::Media { id: id.to_owned(), kind: MediaKind::Picture, alt: String::new(), width: None };
    let mut question = essay();
    // Names that are also names of ours must not be taken for those.
    question.stem = Rich::paragraph(vec![picture("m2"), picture("m1"), picture("m2")]);
    let neutral = neutral(&question, &seed(), 0);
    assert_eq!(neutral.shown.stem.media_ids(), ["m1", "m2", "m1"]);
    assert_eq!((neutral.media["m1"].as_str(), neutral.media["m2"].as_str()), ("m2", "m1"));
}

#[test]
fn errors_name_places_and_no_contents() {
    let mut question = short(&["KHOABIMAT"]);
    question.answers.clear();
    let questions = [single(), question];
    let errors = compile(&Draft { parts: vec![part(one_each(), &questions)], ..Draft::default() }, &seed()).err().unwrap();
    assert_eq!(serde_json::to_string(&errors).unwrap(), r#"[{"part":0,"item":1,"fault":"missing-key"}]"#);
}

proptest! {
    #[test]
    fn a_neutral_question_says_all_that_the_author_wrote_and_a_right_answer_is_right(number: u64, item: u16) {
        let seed = Seed::from_number(number);
        for question in every_kind() {
            let shown = neutral(&question, &seed, item).shown;
            let texts = |texts: &[Rich]| { let mut texts: Vec<String> = texts.iter().map(Rich::to_text).collect(); texts.sort(); texts };
            let written: Vec<Rich> = question.options.iter().map(|option| option.content.clone()).collect();
            prop_assert_eq!(texts(&shown.options), texts(&written));
            prop_assert_eq!(texts(&shown.items), texts(&question.items));
            let questions = [question];
            let compiled = compile(&Draft { parts: vec![part(one_each(), &questions)], ..Draft::default() }, &seed).unwrap();
            let marks = compiled.keyed.mark(&all_right(&compiled));
            if !matches!(questions[0].kind, QuestionType::Essay | QuestionType::Description) {
                prop_assert_eq!(marks.items[0].state, scoring::MarkState::Right);
            }
        }
    }
}

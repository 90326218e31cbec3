//! How each kind of question is marked.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

mod support;

use papers::model::{Answer, QuestionType};
use scoring::{BlankResponse, MarkState, MultipleRule, PartRules, Response, ShortRule};
use support::*;

fn free() -> PartRules {
    PartRules { short: ShortRule::Free, ..one_each() }
}

fn multiple(rule: MultipleRule) -> PartRules {
    PartRules { multiple: rule, ..one_each() }
}

#[test]
fn one_option_is_right_and_the_others_are_wrong() {
    let compiled = paper(one_each(), &[single()]);
    for (text, points) in [("A", "1"), ("B", "0"), ("C", "0"), ("D", "0")] {
        assert_eq!(points_of(&compiled, choose(&compiled.shown[0], text)), points, "{text}");
    }
}

#[test]
fn several_options_are_marked_by_the_rule_of_their_part() {
    let mut question = options(QuestionType::MultipleChoice, &["A", "B", "C", "D", "E"], &["A", "B", "C"]);
    let credits = [Some("0.3333333"), Some("0.3333333"), None, Some("-0.5"), None];
    for (option, credit) in question.options.iter_mut().zip(credits) {
        option.credit = credit.map(dec);
    }
    let table: [(MultipleRule, &[(&str, &str)]); 3] = [
        (MultipleRule::AllOrNothing, &[("ABC", "1"), ("AB", "0"), ("ABCD", "0"), ("D", "0")]),
        (MultipleRule::PerOption, &[("ABC", "1"), ("AB", "0.666667"), ("ABCD", "0.666667"), ("AD", "0"), ("ADE", "0"), ("E", "0")]),
        (MultipleRule::Credits, &[("ABC", "1"), ("AB", "0.666667"), ("ABCD", "0.5"), ("AD", "0"), ("AE", "0.333333")]),
    ];
    for (rule, cases) in table {
        let compiled = paper(multiple(rule), std::slice::from_ref(&question));
        for (chosen, points) in cases {
            let chosen_at = chosen.chars().map(|letter| at(&compiled.shown[0].options, &letter.to_string())).collect();
            assert_eq!(points_of(&compiled, Some(Response::Choices(chosen_at))), *points, "{rule:?} {chosen}");
        }
    }
}

#[test]
fn single_choices_follow_credits_only_where_the_part_does() {
    let mut question = single();
    question.options[1].credit = Some(dec("0.5"));
    question.options[2].credit = Some(dec("-0.25"));
    let plain = paper(one_each(), std::slice::from_ref(&question));
    assert_eq!(points_of(&plain, choose(&plain.shown[0], "B")), "0");
    let credits = paper(multiple(MultipleRule::Credits), &[question]);
    for (text, points) in [("A", "1"), ("B", "0.5"), ("C", "0"), ("D", "0")] {
        assert_eq!(points_of(&credits, choose(&credits.shown[0], text)), points, "{text}");
    }
}

#[test]
fn texts_are_compared_as_people_mean_them() {
    let compiled = paper(free(), &[short(&["Hòa bình", "don't"])]);
    let decomposed = "ho\u{300}a bi\u{300}nh";
    let table = [
        ("hòa bình", "1"),
        ("HÒA   BÌNH ", "1"),
        ("hoà bình", "1"),
        (decomposed, "1"),
        ("hòa\u{200b} bình", "1"),
        ("Don’t", "1"),
        ("hoa binh", "0"),
        ("hòa", "0"),
        ("dont", "0"),
    ];
    for (text, points) in table {
        assert_eq!(points_of(&compiled, typed(text)), points, "{text:?}");
    }
    let english = paper(free(), &[short(&["my"])]);
    assert_eq!(points_of(&english, typed("mi")), "0", "no Vietnamese syllable");
}

#[test]
fn case_counts_where_the_question_says_so() {
    let mut question = short(&["NaCl"]);
    question.case_sensitive = Some(true);
    let compiled = paper(free(), &[question]);
    for (text, points) in [("NaCl", "1"), (" NaCl", "1"), ("NACL", "0"), ("nacl", "0")] {
        assert_eq!(points_of(&compiled, typed(text)), points, "{text}");
    }
}

#[test]
fn the_best_of_several_accepted_answers_counts() {
    let mut question = short(&["màu đỏ", "đỏ"]);
    question.answers[1].credit = Some(dec("0.5"));
    question.answers.push(Answer { credit: Some(dec("0.25")), ..answer("Màu đỏ") });
    let compiled = paper(free(), &[question]);
    for (text, points) in [("Màu đỏ", "1"), ("đỏ", "0.5"), ("xanh", "0")] {
        assert_eq!(points_of(&compiled, typed(text)), points, "{text}");
    }
}

#[test]
fn numbers_have_tolerance_range_and_unit() {
    let near = Answer { tolerance: Some(dec("0.05")), ..answer("9,8") };
    let range = Answer { min: Some(dec("1")), max: Some(dec("2")), ..Answer::default() };
    let unit = answer("12,5 m/s²");
    let table: [(Answer, &[(&str, &str)]); 5] = [
        (near, &[("9.8", "1"), ("9,75", "1"), ("9,85", "1"), ("9,850000001", "0"), ("9,7499", "0"), ("9,8 m", "0"), ("980e-2", "1")]),
        (range, &[("1", "1"), ("2,0", "1"), ("1,5", "1"), ("0,999", "0"), ("2.001", "0"), ("một", "0")]),
        (unit, &[("12.5 m/s²", "1"), ("12,50m/s^2", "1"), ("12,5 M/S2", "1"), ("12,5", "0"), ("12,5 m", "0")]),
        (answer("*"), &[("1", "1"), ("-7e10", "1"), ("không", "0")]),
        (answer("1.000.000"), &[("1.000.000", "1"), ("1", "0"), ("1000000", "0")]),
    ];
    for (accepted, cases) in table {
        let compiled = paper(one_each(), &[numeric(vec![accepted.clone()])]);
        for (text, points) in cases {
            assert_eq!(points_of(&compiled, typed(text)), *points, "{accepted:?} {text}");
        }
    }
}

#[test]
fn each_pair_is_a_share_and_equal_right_sides_are_one() {
    let compiled = paper(one_each(), &[matching(&[("bò", "cỏ"), ("trâu", "cỏ"), ("hổ", "thịt"), ("", "đá")])]);
    let shown = &compiled.shown[0];
    assert_eq!((shown.lefts.len(), shown.rights.len()), (3, 3));
    let eat = |pairs: &[(&str, &str)]| {
        let mut chosen = vec![None; 3];
        for (left, right) in pairs {
            chosen[usize::from(at(&shown.lefts, left))] = Some(at(&shown.rights, right));
        }
        Some(Response::Pairs(chosen))
    };
    let table: [(&[(&str, &str)], &str); 4] = [
        (&[("bò", "cỏ"), ("trâu", "cỏ"), ("hổ", "thịt")], "1"),
        (&[("bò", "cỏ"), ("trâu", "cỏ"), ("hổ", "đá")], "0.666667"),
        (&[("bò", "cỏ")], "0.333333"),
        (&[("bò", "đá")], "0"),
    ];
    for (pairs, points) in table {
        assert_eq!(points_of(&compiled, eat(pairs)), points, "{pairs:?}");
    }
    assert_eq!(compiled.keyed.mark_one(0, eat(&[]).as_ref()).unwrap().state, MarkState::Blank);
}

#[test]
fn an_order_is_right_as_a_whole_and_equal_items_may_change_places() {
    let compiled = paper(one_each(), &[ordering(&["hai", "ba", "hai", "một"])]);
    let items = &compiled.shown[0].items;
    let twos: Vec<u8> = (0..4).filter(|index| items[usize::from(*index)].to_text() == "hai").collect();
    let order = |first: u8, third: u8| Some(Response::Order(vec![first, at(items, "ba"), third, at(items, "một")]));
    assert_eq!(points_of(&compiled, order(twos[0], twos[1])), "1");
    assert_eq!(points_of(&compiled, order(twos[1], twos[0])), "1");
    assert_eq!(points_of(&compiled, Some(Response::Order(vec![twos[0], twos[1], at(items, "ba"), at(items, "một")]))), "0");
}

#[test]
fn gaps_have_shares_and_weights() {
    let mut question = cloze(vec![chosen_gap(&["đi", "chạy"], "chạy"), typed_gap("nhanh"), typed_gap("12,5")]);
    let even = paper(one_each(), std::slice::from_ref(&question));
    let fill = |compiled: &scoring::Compiled, verb: &str, adverb: &str, number: &str| {
        let verb = Some(BlankResponse::Choice(at(&compiled.shown[0].blanks[0], verb)));
        let typed = |text: &str| (!text.is_empty()).then(|| BlankResponse::Text(text.to_owned()));
        Some(Response::Blanks(vec![verb, typed(adverb), typed(number)]))
    };
    assert_eq!(points_of(&even, fill(&even, "chạy", "Nhanh", "12.50")), "1");
    assert_eq!(points_of(&even, fill(&even, "chạy", "", "")), "0.333333");
    assert_eq!(points_of(&even, fill(&even, "đi", "nhanh", "12,5")), "0.666667");
    question.blanks[0].points = Some(dec("2"));
    let heavy = paper(one_each(), &[question]);
    assert_eq!(points_of(&heavy, fill(&heavy, "chạy", "", "")), "0.5");
}

#[test]
fn an_essay_waits_for_a_person_and_then_has_the_points_given() {
    let compiled = paper(one_each(), &[essay(), single(), text()]);
    let responses = [Some(Response::Essay("Bài làm".to_owned())), choose(&compiled.shown[1], "A")];
    let before = compiled.keyed.mark(&responses);
    assert_eq!((before.items[0].state, before.waiting, before.total), (MarkState::ByHand, 1, dec("1.00")));
    assert_eq!(before.items[2].state, MarkState::NotCounted, "a text is no question");
    for (given, points, state) in [
        ("0.75", "0.75", MarkState::Partly),
        ("1", "1", MarkState::Right),
        ("0", "0", MarkState::Wrong),
        ("5000", "1", MarkState::Right),
        ("-1", "0", MarkState::Wrong),
        ("0.33335", "0.3334", MarkState::Partly),
    ] {
        let marks = compiled.keyed.mark_with(&responses, &[(0, dec(given))].into());
        assert_eq!((marks.items[0].points.to_string().as_str(), marks.items[0].state, marks.waiting), (points, state, 0), "{given}");
    }
    let overruled = compiled.keyed.mark_with(&responses, &[(1, dec("0.5"))].into());
    assert_eq!(overruled.items[1].points.to_string(), "0.5", "a person may overrule the key");
    let on_paper = compiled.keyed.mark_with(&[], &[(0, dec("0.5"))].into());
    assert_eq!(on_paper.items[0].points.to_string(), "0.5", "worked on paper, nothing typed");
}

//! The national papers since 2025 (QĐ 764/QĐ-BGDĐT), as `exam-rules.md` has them.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

mod support;

use papers::model::{Question, QuestionType};
use scoring::{Draft, Exact, MarkState, PartRules, PointRule, Response, TrueFalseRule, compile, templates};
use support::*;

#[test]
fn four_statements_make_a_tenth_a_quarter_a_half_or_all() {
    let truths = [true, false, false, true];
    let compiled = paper(one_each(), &[statements(&truths)]);
    for (right, points) in ["0", "0.1", "0.25", "0.5", "1"].iter().enumerate() {
        let said: Vec<Option<bool>> = truths.iter().enumerate().map(|(at, truth)| Some((at < right) == *truth)).collect();
        assert_eq!(points_of(&compiled, say(&compiled, 0, &said)), *points, "{right} right, the others wrong");
        let said: Vec<Option<bool>> = truths.iter().enumerate().map(|(at, truth)| (at < right).then_some(*truth)).collect();
        assert_eq!(points_of(&compiled, say(&compiled, 0, &said)), *points, "{right} right, the others blank");
    }
}

#[test]
fn a_blank_statement_is_blank_and_never_sai() {
    let compiled = paper(one_each(), &[statements(&[false, false, false, false])]);
    let blank = compiled.keyed.mark(&[say(&compiled, 0, &[None; 4])]);
    assert_eq!((blank.items[0].state, points(&blank)[0].as_str()), (MarkState::Blank, "0"));
    let three = compiled.keyed.mark(&[say(&compiled, 0, &[Some(false), Some(false), Some(false), None])]);
    assert_eq!((three.items[0].state, points(&three)[0].as_str()), (MarkState::Partly, "0.5"));
}

#[test]
fn linear_statements_and_other_numbers_of_them_make_equal_shares() {
    let linear = PartRules { true_false: TrueFalseRule::Linear, ..one_each() };
    let table = [
        (linear.clone(), 4, ["0", "0.25", "0.5", "0.75", "1"].as_slice()),
        (one_each(), 2, &["0", "0.5", "1"]),
        (one_each(), 3, &["0", "0.333333", "0.666667", "1"]),
        (one_each(), 1, &["0", "1"]),
        (PartRules { true_false: TrueFalseRule::Stepped(vec![dec("0.2"), dec("1")]), ..one_each() }, 2, &["0", "0.2", "1"]),
    ];
    for (rules, count, expected) in table {
        let compiled = paper(rules, &[statements(&vec![true; count])]);
        for (right, points) in expected.iter().enumerate() {
            let said: Vec<Option<bool>> = (0..count).map(|at| Some(at < right)).collect();
            assert_eq!(points_of(&compiled, say(&compiled, 0, &said)), *points, "{right} of {count}");
        }
    }
}

#[test]
fn part_three_takes_point_comma_and_further_zeros_for_one_number() {
    let compiled = paper(one_each(), &[short(&["1,5"])]);
    let table = [
        ("1.5", "1"),
        ("1,5", "1"),
        ("1,50", "1"),
        ("01,5", "1"),
        ("1,500", "0"),
        ("15", "0"),
        ("-1,5", "0"),
        ("1,5cm", "0"),
        ("1,,5", "0"),
    ];
    for (text, points) in table {
        assert_eq!(points_of(&compiled, typed(text)), points, "{text}");
    }
    let negative = paper(one_each(), &[short(&["-0,5"])]);
    assert_eq!(points_of(&negative, typed("-0.5")), "1");
    assert_eq!(points_of(&negative, typed("−0,5")), "1", "the minus of typography");
}

#[test]
fn part_three_has_several_answers_tolerance_and_credit_where_they_are_set() {
    let mut question = short(&["1,5", "2"]);
    question.answers[0].tolerance = Some(dec("0.1"));
    question.answers[1].credit = Some(dec("0.5"));
    let compiled = paper(one_each(), &[question]);
    for (text, points) in [("1,4", "1"), ("1,6", "1"), ("1,61", "0"), ("1,39", "0"), ("2,0", "0.5")] {
        assert_eq!(points_of(&compiled, typed(text)), points, "{text}");
    }
}

#[test]
fn a_short_answer_that_the_box_cannot_hold_is_typed_freely() {
    let compiled = paper(one_each(), &[short(&["12345"]), short(&["Hà Nội"]), short(&["12,5"])]);
    let shapes: Vec<String> =
        compiled.layout.items().map(|item| serde_json::to_value(&item.shape).unwrap()["keypad"].to_string()).collect();
    assert_eq!(shapes, ["\"text\"", "\"text\"", "\"national\""]);
    let marks = compiled.keyed.mark(&[typed("12345"), typed("hà nội"), typed("12,5")]);
    assert_eq!(points(&marks), ["1", "1", "1"]);
}

/// A paper of a template with made-up questions.
fn filled(id: &str) -> (Vec<Vec<Question>>, templates::Template) {
    let template = templates::lookup(id).unwrap();
    let of = |kind| match kind {
        Some(QuestionType::TrueFalse) => statements(&[true, false, true, false]),
        Some(QuestionType::ShortAnswer) => short(&["7"]),
        Some(QuestionType::Essay) => essay(),
        _ => single(),
    };
    let questions = template.parts.iter().map(|part| (0..part.count.unwrap_or(3)).map(|_| of(part.kind)).collect()).collect();
    (questions, template)
}

fn compiled(questions: &[Vec<Question>], template: &templates::Template) -> scoring::Compiled {
    let parts = template.parts.iter().zip(questions).map(|(of, questions)| {
        let mut part = part(of.rules.clone(), questions);
        part.items.iter_mut().zip(&of.item_points).for_each(|(item, points)| item.points = Some(*points));
        part
    });
    let draft = Draft { parts: parts.collect(), out_of: Some(template.out_of), decimals: template.decimals, ..Draft::default() };
    compile(&draft, &seed()).unwrap()
}

#[test]
fn every_national_form_is_worth_ten_as_printed() {
    let table: [(&str, u32, &[u32], &[&str]); 11] = [
        ("thpt2025-toan", 90, &[12, 4, 6], &["3", "4", "3"]),
        ("thpt2025-vat-li", 50, &[18, 4, 6], &["4.5", "4", "1.5"]),
        ("thpt2025-hoa-hoc", 50, &[18, 4, 6], &["4.5", "4", "1.5"]),
        ("thpt2025-sinh-hoc", 50, &[18, 4, 6], &["4.5", "4", "1.5"]),
        ("thpt2025-dia-li", 50, &[18, 4, 6], &["4.5", "4", "1.5"]),
        ("thpt2025-lich-su", 50, &[24, 4], &["6", "4"]),
        ("thpt2025-gdktpl", 50, &[24, 4], &["6", "4"]),
        ("thpt2025-cong-nghe", 50, &[24, 4], &["6", "4"]),
        ("thpt2025-tin-hoc", 50, &[24, 6], &["6", "4"]),
        ("thpt2025-ngoai-ngu", 50, &[40], &["10"]),
        ("thpt2025-ngu-van", 120, &[5, 2], &["4", "6"]),
    ];
    for (id, minutes, counts, points) in table {
        let (questions, template) = filled(id);
        assert_eq!(template.minutes, Some(minutes), "{id}");
        assert_eq!(template.parts.iter().map(|part| part.count.unwrap()).collect::<Vec<_>>(), counts, "{id}");
        let marks = compiled(&questions, &template).keyed.mark(&[]);
        assert_eq!(marks.parts.iter().map(|part| part.of.to_string()).collect::<Vec<_>>(), points, "{id}");
        assert_eq!((marks.total, marks.out_of), (dec("0.00"), dec("10")), "{id}");
    }
}

#[test]
fn every_template_can_be_filled_and_a_right_paper_has_all_points() {
    for template in templates::all() {
        let (questions, template) = filled(template.id);
        let compiled = compiled(&questions, &template);
        let hand = (0_u16..).zip(compiled.layout.items()).filter(|(_, item)| item.kind == QuestionType::Essay);
        let hand = hand.map(|(item, of)| (item, of.points)).collect();
        let marks = compiled.keyed.mark_with(&all_right(&compiled), &hand);
        assert_eq!(marks.total, Exact::TEN, "{}", template.id);
    }
}

#[test]
fn of_six_questions_the_first_four_answered_count_and_the_part_is_worth_four() {
    let (questions, template) = filled("thpt2025-tin-hoc");
    let compiled = compiled(&questions, &template);
    let mut responses = all_right(&compiled);
    let all = compiled.keyed.mark(&responses);
    assert_eq!((all.total, all.parts[1].of.to_string(), all.parts[1].answered), (Exact::TEN, "4".to_owned(), 4));
    assert_eq!(all.items[28].state, MarkState::NotCounted);
    responses[24] = None;
    responses[25] = say(&compiled, 25, &[None; 4]);
    assert_eq!(compiled.keyed.mark(&responses).total, Exact::TEN, "the other four count");
    responses[26] = say(&compiled, 26, &[Some(false), Some(true), Some(false), Some(true)]);
    assert_eq!(compiled.keyed.mark(&responses).total, dec("9"), "a wrong one is answered");
    responses[24] = right(&compiled.keyed, 24);
    let marks = compiled.keyed.mark(&responses);
    assert_eq!((marks.total, marks.parts[1].answered), (dec("9"), 4), "with the wrong one among the first four");
}

#[test]
fn a_mark_is_rounded_half_up_once_at_the_end() {
    // Three thirds of a third each are a whole point; 7.245 would be 7.24 in floats or banker's rounding.
    let thirds = PartRules { points: PointRule::Total(dec("1")), ..PartRules::default() };
    let three = paper(thirds, &[single(), single(), single()]);
    let marks = three.keyed.mark(&all_right(&three));
    assert_eq!((marks.total, marks.items[0].points.to_string().as_str()), (dec("1.00"), "0.333333"));
    let table =
        [("7.245", 2, "7.25"), ("7.2449", 2, "7.24"), ("6.45", 1, "6.5"), ("6.44", 1, "6.4"), ("0.5", 0, "1"), ("0.005", 2, "0.01")];
    for (worth, decimals, total) in table {
        let rules = PartRules { points: PointRule::PerQuestion(dec(worth)), ..PartRules::default() };
        let questions = [single()];
        let draft = Draft { parts: vec![part(rules, &questions)], decimals, ..Draft::default() };
        let compiled = compile(&draft, &seed()).unwrap();
        let marks = compiled.keyed.mark(&all_right(&compiled));
        assert_eq!((marks.total, marks.out_of), (dec(total), dec(total)), "{worth}");
    }
}

#[test]
fn points_are_scaled_to_what_the_whole_is_out_of() {
    let questions = [single(), single(), single()];
    let draft = Draft { parts: vec![part(one_each(), &questions)], out_of: Some(dec("10")), ..Draft::default() };
    let compiled = compile(&draft, &seed()).unwrap();
    let mut responses = all_right(&compiled);
    for total in ["10.00", "6.67", "3.33", "0.00"] {
        assert_eq!(compiled.keyed.mark(&responses).total.to_string(), total);
        if let Some(one) = responses.iter_mut().find(|response| response.is_some()) {
            *one = None;
        }
    }
}

#[test]
fn points_come_by_question_by_part_by_statement_or_by_item() {
    let questions = [single(), statements(&[true; 4]), text()];
    let worth = |points| {
        let draft = Draft { parts: vec![part(PartRules { points, ..PartRules::default() }, &questions)], ..Draft::default() };
        let compiled = compile(&draft, &seed()).unwrap();
        compiled.layout.items().map(|item| item.points.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(worth(PointRule::PerQuestion(dec("0.25"))), ["0.25", "0.25", "0"]);
    assert_eq!(worth(PointRule::Total(dec("3"))), ["1.5", "1.5", "0"]);
    assert_eq!(worth(PointRule::PerStatement(dec("0.25"))), ["0.25", "1", "0"]);
    let mut own = part(PartRules { points: PointRule::Total(dec("3")), ..PartRules::default() }, &questions);
    own.items[0].points = Some(dec("1"));
    let compiled = compile(&Draft { parts: vec![own], ..Draft::default() }, &seed()).unwrap();
    assert_eq!(compiled.layout.items().map(|item| item.points.to_string()).collect::<Vec<_>>(), ["1", "2", "0"]);
}

#[test]
fn what_was_taken_back_is_blank() {
    let compiled = paper(one_each(), &[single(), short(&["7"]), essay()]);
    let marks = compiled.keyed.mark(&[None, typed("  "), Some(Response::Essay("\n".to_owned()))]);
    assert!(marks.items.iter().all(|mark| mark.state == MarkState::Blank), "{marks:?}");
    assert_eq!((marks.waiting, marks.parts[0].answered), (0, 0));
}

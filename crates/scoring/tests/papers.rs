//! Papers: what keeps one from being compiled, keeping its key, and marking again.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

mod support;

use papers::model::{Answer, Question, QuestionType};
use scoring::{
    CompileError, Draft, Fault, KeyedPaper, MarkState, PartRules, PointRule, Response, Ruling, ShortRule, TrueFalseRule, compile,
};
use support::*;

fn faults(rules: PartRules, questions: &[Question]) -> Vec<(Option<u16>, Fault)> {
    let draft = Draft { parts: vec![part(rules, questions)], ..Draft::default() };
    compile(&draft, &seed()).err().unwrap_or_default().iter().map(|error| (error.item, error.fault)).collect()
}

#[test]
fn a_question_whose_key_is_not_said_keeps_a_paper_from_being_compiled() {
    let mut unsaid = single();
    unsaid.options[2].correct = None;
    let mut none = single();
    none.options[0].correct = Some(false);
    let mut statement = statements(&[true, false]);
    statement.statements[1].correct = None;
    let mut gap = cloze(vec![typed_gap("x"), typed_gap("y")]);
    gap.blanks[1].answers.clear();
    let questions = [
        single(),
        unsaid,
        none,
        statement,
        short(&[]),
        numeric(vec![Answer::default()]),
        matching(&[("", "chỉ có bẫy")]),
        ordering(&[]),
        gap,
        Question::new(QuestionType::SingleChoice),
        essay(),
        text(),
    ];
    assert_eq!(faults(one_each(), &questions), (1..10).map(|item| (Some(item), Fault::MissingKey)).collect::<Vec<_>>());
}

#[test]
fn rules_and_points_out_of_bounds_are_told() {
    let two = [single(), single()];
    let points = |points| PartRules { points, ..PartRules::default() };
    let steps =
        |steps: &[&str]| PartRules { true_false: TrueFalseRule::Stepped(steps.iter().map(|step| dec(step)).collect()), ..one_each() };
    let table = [
        (points(PointRule::PerQuestion(dec("-1"))), Fault::BadPoints),
        (points(PointRule::Total(dec("1000.5"))), Fault::BadPoints),
        (points(PointRule::PerStatement(dec("0.00001"))), Fault::BadPoints),
        (steps(&["0.5", "1.5"]), Fault::BadPoints),
        (steps(&["-0.5", "1"]), Fault::BadPoints),
        (PartRules { answer_at_most: Some(0), ..one_each() }, Fault::BadRules),
    ];
    for (rules, fault) in table {
        assert_eq!(faults(rules.clone(), &two), [(None, fault)], "{rules:?}");
    }
    let mut own = part(points(PointRule::Total(dec("3"))), &two);
    own.items[1].points = Some(dec("-1"));
    let of = |parts| compile(&Draft { parts, ..Draft::default() }, &seed()).err().unwrap();
    assert_eq!(of(vec![own.clone()]), [CompileError { part: Some(0), item: Some(1), fault: Fault::BadPoints }]);
    own.items[1].points = Some(dec("3.5"));
    assert_eq!(of(vec![own]), [CompileError { part: Some(0), item: None, fault: Fault::BadPoints }]);
    let whole = |draft: Draft<'_>| compile(&draft, &seed()).err().unwrap()[0].fault;
    assert_eq!(whole(Draft::default()), Fault::Empty);
    assert_eq!(whole(Draft { parts: vec![part(one_each(), &two)], decimals: 5, ..Draft::default() }), Fault::BadRules);
    assert_eq!(whole(Draft { parts: vec![part(one_each(), &two)], out_of: Some(dec("0")), ..Draft::default() }), Fault::BadPoints);
}

#[test]
fn papers_and_questions_have_bounds() {
    let many: Vec<Question> = vec![single(); scoring::MOST_ITEMS + 1];
    assert_eq!(faults(one_each(), &many), [(None, Fault::TooMany)]);
    assert_eq!(faults(one_each(), &many[1..]), []);
    let wide = |count: usize| statements(&vec![true; count]);
    assert_eq!(faults(one_each(), &[wide(scoring::MOST_PLACES + 1), wide(10_000)]), [(Some(0), Fault::TooMany), (Some(1), Fault::TooMany)]);
    assert_eq!(faults(one_each(), &[wide(scoring::MOST_PLACES)]), []);
}

#[test]
fn points_without_a_common_denominator_are_refused_and_all_others_are_exact() {
    // Statements in numbers whose least common multiple is beyond 10^18.
    let primes = [53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 47, 43];
    let questions: Vec<Question> = primes.iter().map(|count| statements(&vec![true; *count])).collect();
    assert!(faults(one_each(), &questions).iter().all(|(_, fault)| *fault == Fault::TooFine));
    assert!(!faults(one_each(), &questions).is_empty());
    let usual: Vec<Question> = (1..=20).map(|count| statements(&vec![true; count])).collect();
    let compiled = paper(one_each(), &usual);
    assert_eq!(compiled.keyed.mark(&all_right(&compiled)).total, dec("20"));
}

#[test]
fn a_keyed_paper_is_kept_as_json_and_marks_the_same() {
    let compiled = paper(PartRules { short: ShortRule::Free, ..one_each() }, &every_kind());
    let kept = serde_json::to_string(&compiled.keyed).unwrap();
    let again: KeyedPaper = serde_json::from_str(&kept).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), kept);
    let responses = all_right(&compiled);
    assert_eq!(again.mark(&responses), compiled.keyed.mark(&responses));
    assert_eq!(again.mark(&responses).total, dec("9.00"), "all but the essay and the text");
    for broken in [kept.replace("\"version\":1", "\"version\":2"), kept.replace("\"part\":0", "\"part\":7"), "{}".to_owned()] {
        assert!(serde_json::from_str::<KeyedPaper>(&broken).is_err());
    }
}

#[test]
fn a_key_kept_by_version_one_is_read_and_marks_as_it_did() {
    let kept = include_str!("golden/keyed-1.json");
    let keyed: KeyedPaper = serde_json::from_str(kept).unwrap();
    assert_eq!(serde_json::to_string(&keyed).unwrap(), kept.trim());
    let mut responses: Vec<Option<Response>> = (0..11).map(|item| right(&keyed, item)).collect();
    assert_eq!(keyed.mark(&responses).total, dec("9.00"));
    responses[2] = Some(Response::Statements(vec![Some(true); 4]));
    responses[5] = typed("731,375");
    responses[7] = Some(Response::Order(vec![0, 1, 2, 3]));
    assert_eq!(points(&keyed.mark(&responses)), ["1", "1", "0.5", "1", "1", "1", "1", "0", "1", "0", "0"]);
}

#[test]
fn a_corrected_key_marks_all_attempts_again() {
    let questions = [single(), short(&["5"]), statements(&[true, true, false, false])];
    let compiled = paper(one_each(), &questions);
    let responses =
        vec![choose(&compiled.shown[0], "B"), typed("6"), say(&compiled, 2, &[Some(true), Some(true), Some(true), Some(false)])];
    assert_eq!(points(&compiled.keyed.mark(&responses)), ["0", "0", "0.5"]);
    let mut option = single();
    option.options[0].correct = Some(false);
    option.options[1].correct = Some(true);
    let keyed = compiled.keyed.corrected(0, &option).unwrap();
    let keyed = keyed.corrected(1, &short(&["5", "6"])).unwrap();
    let keyed = keyed.corrected(2, &statements(&[true, true, true, false])).unwrap();
    assert_eq!(points(&keyed.mark(&responses)), ["1", "1", "1"]);
    let kept: KeyedPaper = serde_json::from_str(&serde_json::to_string(&keyed).unwrap()).unwrap();
    assert_eq!(points(&kept.mark(&responses)), ["1", "1", "1"]);
    let fault = |item, question: &Question| keyed.corrected(item, question).err().unwrap()[0].fault;
    assert_eq!(fault(0, &options(QuestionType::SingleChoice, &["A", "B", "C"], &["A"])), Fault::OtherShape);
    assert_eq!(fault(0, &options(QuestionType::MultipleChoice, &["A", "B", "C", "D"], &["A"])), Fault::OtherShape);
    assert_eq!(fault(0, &options(QuestionType::SingleChoice, &["A", "B", "C", "D"], &[])), Fault::MissingKey);
    assert_eq!(fault(9, &single()), Fault::OtherShape);
}

#[test]
fn what_a_teacher_says_is_right_is_right_whatever_the_kind() {
    let compiled = paper(one_each(), &every_kind());
    let solution = |item: u16, json: &str| -> scoring::Solution {
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{item} {json}: {error}"))
    };
    let marked = |keyed: &KeyedPaper, responses: &[Option<Response>]| points(&keyed.mark(responses));
    let responses = all_right(&compiled);
    let mut again = compiled.keyed.clone();
    for item in 0..9 {
        again = again.solved(item, &again.solution(item).unwrap()).unwrap();
    }
    assert_eq!(marked(&again, &responses)[2..9], marked(&compiled.keyed, &responses)[2..9], "the same is the same");
    let changes = [
        (0, r#"{"options":[0,1]}"#),
        (1, r#"{"options":[3]}"#),
        (2, r#"{"statements":[false,false,false,false]}"#),
        (3, r#"{"answers":["7"," 8 "]}"#),
        (5, r#"{"answers":["1..2,5"]}"#),
        (6, r#"{"pairs":[3,3,3]}"#),
        (7, r#"{"order":[3,2,1,0]}"#),
        (8, r#"{"blanks":[{"options":[0]},{"answers":["x"]},{"answers":["y"]}]}"#),
    ];
    for (item, json) in changes {
        again = again.solved(item, &solution(item, json)).unwrap_or_else(|_| panic!("{item}"));
    }
    let said = |item: u16, json: &str| again.mark_one(item, Some(&serde_json::from_str(json).unwrap())).unwrap().state;
    for (item, json) in [
        (0, r#"{"c":0}"#),
        (0, r#"{"c":1}"#),
        (1, r#"{"m":[3]}"#),
        (2, r#"{"s":[false,false,false,false]}"#),
        (3, r#"{"t":"8"}"#),
        (5, r#"{"t":"2,1"}"#),
        (6, r#"{"p":[3,3,3]}"#),
        (7, r#"{"o":[3,2,1,0]}"#),
        (8, r#"{"b":[{"c":0},{"t":"x"},{"t":"y"}]}"#),
    ] {
        assert_eq!(said(item, json), MarkState::Right, "{item} {json}");
    }
    for (item, json) in [
        (0, r#"{"options":[4]}"#),
        (0, r#"{"options":[]}"#),
        (0, r#"{"answers":["1"]}"#),
        (2, r#"{"statements":[true]}"#),
        (3, r#"{"answers":["  "]}"#),
        (6, r#"{"pairs":[4,0,0]}"#),
        (6, r#"{"pairs":[0]}"#),
        (7, r#"{"order":[0,0,1,2]}"#),
        (8, r#"{"blanks":[]}"#),
        (9, r#"{"answers":["x"]}"#),
        (9, r#""by_hand""#),
        (99, r#"{"options":[0]}"#),
    ] {
        let fault = compiled.keyed.solved(item, &solution(item, json)).err().map(|errors| errors[0].fault);
        assert_eq!(fault, Some(Fault::OtherShape), "{item} {json}");
    }
}

#[test]
fn a_question_can_be_given_to_all_or_left_out() {
    let questions = [single(), single(), single(), single()];
    let draft = Draft { parts: vec![part(one_each(), &questions)], out_of: Some(dec("10")), ..Draft::default() };
    let compiled = compile(&draft, &seed()).unwrap();
    let responses = vec![choose(&compiled.shown[0], "A"), choose(&compiled.shown[1], "B")];
    assert_eq!(compiled.keyed.mark(&responses).total, dec("2.5"));
    let given = compiled.keyed.ruled(1, Ruling::GivenToAll).unwrap();
    assert_eq!(given.mark(&responses).total, dec("5"));
    assert_eq!(given.mark(&[]).total, dec("2.5"), "also to who did not answer");
    let out = compiled.keyed.ruled(1, Ruling::LeftOut).unwrap();
    let marks = out.mark(&responses);
    assert_eq!((marks.total, marks.items[1].state, marks.parts[0].of.to_string()), (dec("3.33"), MarkState::NotCounted, "3".to_owned()));
    let four = PartRules { answer_at_most: Some(2), ..one_each() };
    let some = given.with_rules(0, four).unwrap();
    assert_eq!(some.mark(&[None, None, choose(&compiled.shown[2], "A"), choose(&compiled.shown[3], "A")]).total, dec("10"));
    assert!(compiled.keyed.ruled(4, Ruling::LeftOut).is_err());
}

#[test]
fn other_rules_mark_all_attempts_again() {
    let compiled = paper(one_each(), &[statements(&[true; 4])]);
    let responses = vec![Some(Response::Statements(vec![Some(true), Some(true), Some(true), None]))];
    assert_eq!(compiled.keyed.mark(&responses).total, dec("0.5"));
    let linear = compiled.keyed.with_rules(0, PartRules { true_false: TrueFalseRule::Linear, ..one_each() }).unwrap();
    assert_eq!(linear.mark(&responses).total, dec("0.75"));
    assert!(compiled.keyed.with_rules(1, one_each()).is_err());
}

#[test]
fn rules_left_out_have_the_national_defaults() {
    let rules: PartRules = serde_json::from_str("{}").unwrap();
    assert_eq!(
        serde_json::to_string(&rules).unwrap(),
        r#"{"points":{"per_question":"1"},"true_false":{"stepped":["0.1","0.25","0.5","1"]},"multiple":"all_or_nothing","short":"national","answer_at_most":null}"#
    );
    let said = r#"{"points":{"per_statement":"0.25"},"true_false":"linear","multiple":"credits","short":"free","answer_at_most":4}"#;
    let rules: PartRules = serde_json::from_str(said).unwrap();
    assert_eq!(serde_json::to_string(&rules).unwrap(), said);
}

#[test]
fn marks_are_told_as_documented() {
    let compiled = paper(one_each(), &[single(), essay()]);
    let marks = compiled.keyed.mark(&[choose(&compiled.shown[0], "A"), Some(Response::Essay("x".to_owned()))]);
    assert_eq!(
        serde_json::to_string(&marks).unwrap(),
        r#"{"items":[{"points":"1","of":"1","state":"right"},{"points":"0","of":"1","state":"by_hand"}],"parts":[{"points":"1","of":"2","answered":2,"waiting":1}],"total":"1.00","out_of":"2.00","waiting":1}"#
    );
}

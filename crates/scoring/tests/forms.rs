//! Forms: what each pupil sees, from a seed, for ever.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

mod support;

use papers::model::{Question, QuestionType};
use proptest::prelude::*;
use scoring::{Draft, EssayRule, Exact, Form, Layout, LayoutItem, LayoutPart, PartRules, Seed, Shape, Shuffle, compile};
use support::*;

const ALL: Shuffle = Shuffle { questions: true, options: true, statements: true };
const NOTHING: Shuffle = Shuffle { questions: false, options: false, statements: false };

fn item(kind: QuestionType, shape: Shape) -> LayoutItem {
    let places = shape.groups().iter().map(|count| usize::from(*count)).sum();
    LayoutItem { kind, shape, passage: None, points: Exact::ONE, places: vec![None; places] }
}

fn four() -> LayoutItem {
    item(QuestionType::SingleChoice, Shape::Choice { options: 4 })
}

fn layout(parts: Vec<Vec<LayoutItem>>) -> Layout {
    let part = |items| LayoutPart { title: String::new(), rules: PartRules::default(), items };
    Layout { version: 1, parts: parts.into_iter().map(part).collect(), out_of: None, decimals: 2, shuffle: ALL, loose_passages: Vec::new() }
}

#[test]
fn the_form_of_a_seed_is_the_same_for_ever() {
    let pinned = LayoutItem { places: vec![None, None, None, Some(1)], ..four() };
    let under = |passage| LayoutItem { passage: Some(passage), ..four() };
    let pairs = item(QuestionType::Matching, Shape::Pairs { lefts: 3, rights: 5 });
    let text = item(QuestionType::Description, Shape::Nothing);
    let order = item(QuestionType::Ordering, Shape::Order { count: 6 });
    let short = item(QuestionType::Numeric, Shape::Text { keypad: scoring::Keypad::Number });
    let mut paper = layout(vec![
        vec![four(), four(), pinned, under(0), under(0), under(1), under(1), four()],
        vec![short.clone(), text, pairs, order, short],
    ]);
    paper.loose_passages = vec![1];
    let golden = [
        (Seed::from_number(1), include_str!("golden/form-1.json")),
        (Seed::from_number(2026), include_str!("golden/form-2026.json")),
        (Seed::from_bytes([0xa5; 32]), include_str!("golden/form-a5.json")),
    ];
    let kept: Layout = serde_json::from_str(include_str!("golden/layout-1.json")).unwrap();
    assert_eq!(kept, paper, "layouts are kept with their papers and must be read for ever");
    for (seed, expected) in golden {
        let dealt = serde_json::to_string(&Form::deal(&paper, &seed)).unwrap();
        assert_eq!(dealt, expected.trim(), "an attempt's form may never change: make a new version instead");
    }
}

#[test]
fn what_is_not_to_be_shuffled_is_shown_as_the_author_wrote_it() {
    let questions = every_kind();
    let draft = Draft { parts: vec![part(one_each(), &questions)], shuffle: NOTHING, ..Draft::default() };
    let compiled = compile(&draft, &seed()).unwrap();
    let form = Form::deal(&compiled.layout, &Seed::from_number(99));
    assert_eq!(form.order, (0..11).collect::<Vec<u16>>());
    let shown = |item: usize, texts: &[papers::rich::Rich]| -> Vec<String> {
        form.inner[item].iter().take(texts.len()).map(|index| texts[usize::from(*index)].to_text()).collect()
    };
    assert_eq!(shown(0, &compiled.shown[0].options), ["A", "B", "C", "D"]);
    assert_eq!(shown(2, &compiled.shown[2].statements), ["mệnh đề 0", "mệnh đề 1", "mệnh đề 2", "mệnh đề 3"]);
    assert_eq!(shown(6, &compiled.shown[6].lefts), ["một", "hai", "ba"]);
    assert_eq!(shown(8, &compiled.shown[8].blanks[0]), ["một", "hai", "ba"]);
    let items = &compiled.layout.parts[0].items;
    assert!(items[6].places[3..].iter().all(Option::is_none), "right sides are dealt: the author's order is the key");
    assert!(items[7].places.iter().all(Option::is_none), "items of an ordering too");
}

#[test]
fn a_question_that_says_so_keeps_its_order_and_a_pinned_option_its_place() {
    let mut kept = single();
    kept.shuffle = Some(false);
    let mut pinned = options(QuestionType::SingleChoice, &["A", "B", "C", "cả ba"], &["A"]);
    pinned.options[3].pinned = true;
    let compiled = compile(&Draft { parts: vec![part(one_each(), &[kept, pinned])], shuffle: ALL, ..Draft::default() }, &seed()).unwrap();
    for number in 0..50 {
        let form = Form::deal(&compiled.layout, &Seed::from_number(number));
        let text = |item: usize, place: usize| compiled.shown[item].options[usize::from(form.inner[item][place])].to_text();
        assert_eq!([text(0, 0), text(0, 1), text(0, 2), text(0, 3)], ["A", "B", "C", "D"]);
        assert_eq!(text(1, 3), "cả ba");
    }
}

#[test]
fn every_place_comes_up_equally_often() {
    let paper = layout(vec![vec![four(), four(), four()]]);
    let mut counts = [[0_u32; 4]; 4];
    for number in 0..12_000 {
        let form = Form::deal(&paper, &Seed::from_number(number));
        for (place, index) in form.inner[1].iter().enumerate() {
            counts[place][usize::from(*index)] += 1;
        }
    }
    // 3,000 expected, standard deviation 47.
    assert!(counts.iter().flatten().all(|count| (2_760..3_240).contains(count)), "{counts:?}");
}

#[test]
fn one_items_order_does_not_depend_on_the_others() {
    let short = layout(vec![vec![four(), four()]]);
    let long = layout(vec![vec![four(), four(), four(), four()]]);
    let seed = Seed::from_number(5);
    assert_eq!(Form::deal(&short, &seed).inner, Form::deal(&long, &seed).inner[..2]);
}

#[test]
fn the_authors_order_can_be_had_for_teachers() {
    let compiled = paper(one_each(), &every_kind());
    let written = compiled.keyed.as_written();
    let texts: Vec<String> = written.inner[7].iter().map(|index| compiled.shown[7].items[usize::from(*index)].to_text()).collect();
    assert_eq!(texts, ["sáng", "trưa", "chiều", "tối"]);
    assert_eq!(written.order.len(), 11);
}

/// Items of any kind under any passage.
fn any_items() -> impl Strategy<Value = Vec<LayoutItem>> {
    let shape = prop_oneof![
        (0_u8..8).prop_map(|options| (QuestionType::SingleChoice, Shape::Choice { options })),
        (1_u8..6).prop_map(|count| (QuestionType::TrueFalse, Shape::Statements { count })),
        (1_u8..5, 1_u8..7).prop_map(|(lefts, rights)| (QuestionType::Matching, Shape::Pairs { lefts, rights })),
        Just((QuestionType::Description, Shape::Nothing)),
        Just((QuestionType::Essay, Shape::Essay { by: EssayRule::Either })),
    ];
    let item =
        (shape, prop::option::weighted(0.4, 0_u16..3)).prop_map(|((kind, shape), passage)| LayoutItem { passage, ..item(kind, shape) });
    prop::collection::vec(item, 0..20)
}

fn any_layout() -> impl Strategy<Value = Layout> {
    let shuffle = any::<[bool; 3]>().prop_map(|[questions, options, statements]| Shuffle { questions, options, statements });
    (prop::collection::vec(any_items(), 0..4), shuffle, prop::collection::vec(0_u16..3, 0..2))
        .prop_map(|(parts, shuffle, loose_passages)| Layout { shuffle, loose_passages, ..layout(parts) })
}

fn sorted<T: Ord + Clone>(things: &[T]) -> Vec<T> {
    let mut things = things.to_vec();
    things.sort();
    things
}

proptest! {
    #[test]
    fn a_form_shows_every_item_of_every_part_once_and_every_option_once(layout in any_layout(), number: u64) {
        let form = Form::deal(&layout, &Seed::from_number(number));
        let mut first = 0;
        for part in &layout.parts {
            let own: Vec<u16> = (first..).take(part.items.len()).map(|at| u16::try_from(at).unwrap()).collect();
            prop_assert_eq!(sorted(&form.order[first..first + own.len()]), own);
            first += part.items.len();
        }
        prop_assert_eq!(form.order.len(), first);
        for (item, inner) in layout.items().zip(&form.inner) {
            let mut rest = inner.as_slice();
            for count in item.shape.groups() {
                let (group, after) = rest.split_at(usize::from(count));
                prop_assert_eq!(sorted(group), (0..count).collect::<Vec<u8>>());
                rest = after;
            }
            prop_assert!(rest.is_empty());
        }
        prop_assert_eq!(&form, &Form::deal(&layout, &Seed::from_number(number)));
        let json = serde_json::to_string(&form).unwrap();
        prop_assert_eq!(&form, &serde_json::from_str::<Form>(&json).unwrap());
        prop_assert_eq!(&layout, &serde_json::from_str::<Layout>(&serde_json::to_string(&layout).unwrap()).unwrap());
    }

    #[test]
    fn texts_stay_and_questions_of_a_passage_stay_together_and_in_order(layout in any_layout(), number: u64) {
        let form = Form::deal(&layout, &Seed::from_number(number));
        let items: Vec<&LayoutItem> = layout.items().collect();
        let stays = |item: &LayoutItem| item.kind == QuestionType::Description && item.passage.is_none();
        for (place, shown) in form.order.iter().enumerate() {
            prop_assert_eq!(stays(items[place]), stays(items[usize::from(*shown)]));
            if stays(items[place]) {
                prop_assert_eq!(place, usize::from(*shown));
            }
        }
        if !layout.shuffle.questions {
            prop_assert!(form.order.is_sorted());
            return Ok(());
        }
        let mut first = 0;
        for part in &layout.parts {
            let shown = &form.order[first..first + part.items.len()];
            for run in shown.split(|number| stays(items[usize::from(*number)])) {
                for passage in 0..3 {
                    let of = |number: &u16| items[usize::from(*number)].passage == Some(passage);
                    let places: Vec<usize> = (0..run.len()).filter(|place| of(&run[*place])).collect();
                    let together = places.windows(2).all(|pair| pair[1] == pair[0] + 1);
                    prop_assert!(together, "{:?}", places);
                    let numbers: Vec<u16> = run.iter().copied().filter(|number| of(number)).collect();
                    prop_assert!(layout.loose_passages.contains(&passage) || numbers.is_sorted(), "{:?}", numbers);
                }
            }
            first += part.items.len();
        }
    }

    #[test]
    fn fixed_places_hold_in_every_form(fixed in prop::collection::vec(any::<bool>(), 2..10), number: u64) {
        let count = u8::try_from(fixed.len()).unwrap();
        // The author's order is the neutral one turned round.
        let places = fixed.iter().zip((0..count).rev()).map(|(fixed, neutral)| fixed.then_some(neutral)).collect::<Vec<_>>();
        let one = LayoutItem { places: places.clone(), ..item(QuestionType::SingleChoice, Shape::Choice { options: count }) };
        let form = Form::deal(&layout(vec![vec![one]]), &Seed::from_number(number));
        for (place, shown) in places.iter().zip(&form.inner[0]) {
            prop_assert!(place.is_none_or(|neutral| neutral == *shown));
        }
    }
}

#[test]
fn passages_reach_the_layout() {
    let questions: Vec<Question> = (0..4).map(|_| single()).collect();
    let mut all = part(one_each(), &questions);
    all.items[1].passage = Some(4);
    all.items[2].passage = Some(4);
    let compiled = compile(&Draft { parts: vec![all], loose_passages: vec![4], ..Draft::default() }, &seed()).unwrap();
    assert_eq!(compiled.layout.items().map(|item| item.passage).collect::<Vec<_>>(), [None, Some(4), Some(4), None]);
    assert_eq!(compiled.layout.loose_passages, [4]);
}

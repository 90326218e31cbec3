//! Marks: what a pupil's responses earn. Exact inside; the total is rounded once, half up, at the very end.

use std::collections::BTreeMap;

use papers::model::Exact;
use serde::{Deserialize, Serialize};

use crate::key::Grader;
use crate::keyed::{KeyedPaper, PreparedItem, Ruling};
use crate::points::{MOST_DECIMALS, MOST_POINTS, Points, round_half_up};
use crate::response::Response;
use crate::rules::PartRules;

/// Points that a person gave to items, by item: to essays, or in place of what the key gives.
pub type ByHand = BTreeMap<u16, Exact>;

/// The marks of an attempt:
/// `{"items":[{"points":"0.25","of":"0.25","state":"right"}],"parts":[{"points":"3","of":"3","answered":12,"waiting":0}],"total":"7.75","out_of":"10","waiting":0}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = TestMarks)]
pub struct Marks {
    /// By item.
    pub items: Vec<ItemMark>,
    /// By part.
    pub parts: Vec<PartMark>,
    /// The mark: scaled and rounded as the paper says.
    #[schema(value_type = String)]
    pub total: Exact,
    /// What the mark is out of.
    #[schema(value_type = String)]
    pub out_of: Exact,
    /// Answers that a person has still to mark; until then the total is without them.
    pub waiting: u16,
}

/// What an item earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = TestItemMark)]
pub struct ItemMark {
    /// Points earned, unscaled.
    #[schema(value_type = String)]
    pub points: Points,
    /// Points that could be earned.
    #[schema(value_type = String)]
    pub of: Points,
    /// How it was answered.
    pub state: MarkState,
}

/// How an item was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestMarkState)]
pub enum MarkState {
    /// All points.
    Right,
    /// Some points.
    Partly,
    /// Answered, no points.
    Wrong,
    /// Not answered.
    Blank,
    /// A person has still to mark it.
    ByHand,
    /// No question, left out by a ruling, or answered beyond "answer n of m".
    NotCounted,
}

/// What a part earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = TestPartMark)]
pub struct PartMark {
    /// Points earned, unscaled.
    #[schema(value_type = String)]
    pub points: Points,
    /// Points that could be earned.
    #[schema(value_type = String)]
    pub of: Points,
    /// Items answered, of those that count.
    pub answered: u16,
    /// Answers that a person has still to mark.
    pub waiting: u16,
}

impl KeyedPaper {
    /// Marks an attempt. `responses` are by item; missing ones are blank.
    #[must_use]
    pub fn mark(&self, responses: &[Option<Response>]) -> Marks {
        self.mark_with(responses, &ByHand::new())
    }

    /// Marks an attempt some of whose answers a person has marked. Their points are kept within what the item is
    /// worth, to four decimals.
    #[must_use]
    pub fn mark_with(&self, responses: &[Option<Response>], by_hand: &ByHand) -> Marks {
        let mut items = Vec::with_capacity(self.len());
        for (number, item) in (0..=u16::MAX).zip(&self.prepared.items) {
            let response = responses.get(usize::from(number)).and_then(Option::as_ref);
            items.push(mark_item(item, response, by_hand.get(&number).copied()));
        }
        let rules = &self.stored().rules;
        let (mut parts, mut points, mut of) = (Vec::with_capacity(rules.parts.len()), 0, 0);
        let mut rest = (items.as_mut_slice(), self.prepared.items.as_slice());
        for (part, rules) in (0..=u16::MAX).zip(&rules.parts) {
            let count = rest.1.iter().take_while(|item| item.part == part).count();
            let (marks, later) = rest.0.split_at_mut(count);
            rest = (later, &rest.1[count..]);
            let part = self.mark_part(marks, rules);
            points += part.points.on_grain(self.prepared.grain);
            of += part.of.on_grain(self.prepared.grain);
            parts.push(part);
        }
        let waiting = parts.iter().map(|part| part.waiting).sum();
        let full = Points::ratio(of, self.prepared.grain);
        let (total, out_of) = match rules.out_of.and_then(|out_of| Some((out_of, Points::read(out_of)?))) {
            Some((out_of, scale)) => (Points::ratio(points, of).times(scale), out_of),
            None => (Points::ratio(points, self.prepared.grain), full.rounded(rules.decimals)),
        };
        Marks { items, parts, total: total.rounded(rules.decimals), out_of, waiting }
    }

    /// Marks one answer, as practice does at once. `None` where there is no such item.
    #[must_use]
    pub fn mark_one(&self, item: u16, response: Option<&Response>) -> Option<ItemMark> {
        self.prepared.items.get(usize::from(item)).map(|item| mark_item(item, response, None))
    }

    fn mark_part(&self, marks: &mut [ItemMark], rules: &PartRules) -> PartMark {
        let grain = self.prepared.grain;
        let mut worths: Vec<i128> = marks.iter().map(|mark| mark.of.on_grain(grain)).collect();
        let (mut answered, mut waiting, mut points) = (0_u16, 0, 0);
        for mark in marks {
            match mark.state {
                MarkState::Blank | MarkState::NotCounted => continue,
                _ if rules.answer_at_most.is_some_and(|most| u32::from(answered) >= most) => {
                    *mark = ItemMark { points: Points::ZERO, of: Points::ZERO, state: MarkState::NotCounted };
                    continue;
                }
                MarkState::ByHand => waiting += 1,
                MarkState::Right | MarkState::Partly | MarkState::Wrong => {}
            }
            answered += 1;
            points += mark.points.on_grain(grain);
        }
        if let Some(most) = rules.answer_at_most.and_then(|most| usize::try_from(most).ok()) {
            worths.sort_unstable_by(|left, right| right.cmp(left));
            worths.truncate(most);
        }
        let of = Points::ratio(worths.iter().sum(), grain);
        PartMark { points: Points::ratio(points, grain), of, answered, waiting }
    }
}

fn mark_item(item: &PreparedItem, response: Option<&Response>, by_hand: Option<Exact>) -> ItemMark {
    let of = item.points;
    let response = response.filter(|response| !response.is_blank());
    let mark = |points, state| ItemMark { points, of, state };
    match (item.ruling, &item.grader) {
        (Ruling::LeftOut, _) | (_, Grader::Nothing) => ItemMark { points: Points::ZERO, of: Points::ZERO, state: MarkState::NotCounted },
        (Ruling::GivenToAll, _) if item.of_many && response.is_none() => mark(Points::ZERO, MarkState::Blank),
        (Ruling::GivenToAll, _) => mark(of, MarkState::Right),
        (Ruling::Marked, grader) => match (by_hand, response) {
            (Some(given), _) => by_person(of, given),
            (None, None) => mark(Points::ZERO, MarkState::Blank),
            (None, Some(_)) if matches!(grader, Grader::ByHand) => mark(Points::ZERO, MarkState::ByHand),
            (None, Some(response)) => {
                let share = grader.share(response);
                if share == Points::ONE { mark(of, MarkState::Right) } else { by_share(of, share) }
            }
        },
    }
}

/// A right answer to a question worth nothing is right all the same.
fn by_share(of: Points, share: Points) -> ItemMark {
    let state = if share.is_zero() { MarkState::Wrong } else { MarkState::Partly };
    ItemMark { points: of.times(share), of, state }
}

fn by_person(of: Points, given: Exact) -> ItemMark {
    let given = round_half_up(given.clamp(Exact::ZERO, MOST_POINTS.into()), MOST_DECIMALS);
    let points = Points::read(given).unwrap_or(Points::ZERO).within(of);
    let state = match points {
        points if points == of => MarkState::Right,
        points if points.is_zero() => MarkState::Wrong,
        _ => MarkState::Partly,
    };
    ItemMark { points, of, state }
}

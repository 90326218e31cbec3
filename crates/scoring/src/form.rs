//! A form: the order in which one pupil sees a paper, dealt from a seed that is kept with the attempt.

use serde::{Deserialize, Serialize};

use crate::draws::{Draws, Seed, Stream};
use crate::layout::{Layout, LayoutItem};
use papers::model::QuestionType;

/// The version of the way forms are dealt. A change to it is a new version beside this one: the same seed deals
/// the same form for ever.
pub const FORM_VERSION: u8 = 1;

/// The order one pupil sees: `{"version":1,"order":[3,0,1,2],"inner":[[2,0,1,3],[],…]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TestForm)]
pub struct Form {
    /// How it was dealt.
    pub version: u8,
    /// The numbers of the items in the order shown. Parts stay in order.
    pub order: Vec<u16>,
    /// For each item, by its number and not by its place: its neutral indices in the order shown, group after
    /// group ([`crate::Shape::groups`]): the left sides of pairs, then the right ones; the options of each gap.
    pub inner: Vec<Vec<u8>>,
}

impl Form {
    /// Deals a form. The same layout and seed give the same form for ever.
    #[must_use]
    pub fn deal(layout: &Layout, seed: &Seed) -> Self {
        let inner = (0..=u16::MAX).zip(layout.items()).map(|(index, item)| deal_inner(item, seed, index)).collect();
        Self { version: FORM_VERSION, order: deal_order(layout, seed), inner }
    }
}

/// Free indices take the free places of their group.
fn deal_inner(item: &LayoutItem, seed: &Seed, index: u16) -> Vec<u8> {
    let mut draws = Draws::of(seed, Stream::Inner(index));
    let mut shown = Vec::with_capacity(item.places.len());
    let mut places = item.places.as_slice();
    for count in item.shape.groups() {
        let (group, rest) = places.split_at(usize::from(count).min(places.len()));
        places = rest;
        let mut free: Vec<u8> = (0..count).filter(|neutral| !group.contains(&Some(*neutral))).collect();
        draws.shuffle(&mut free);
        let mut free = free.into_iter();
        shown.extend(group.iter().filter_map(|place| place.or_else(|| free.next())));
    }
    shown
}

fn deal_order(layout: &Layout, seed: &Seed) -> Vec<u16> {
    let mut draws = Draws::of(seed, Stream::Questions);
    let mut numbers = 0..=u16::MAX;
    let mut order = Vec::new();
    for part in &layout.parts {
        let items: Vec<(u16, &LayoutItem)> = numbers.by_ref().take(part.items.len()).zip(&part.items).collect();
        if layout.shuffle.questions {
            let mut blocks = Vec::new();
            for (number, item) in items {
                blocks.push(Block { numbers: vec![number], passage: item.passage, stays: stays(item) && item.passage.is_none() });
            }
            let mut blocks = joined(blocks);
            for block in &mut blocks {
                if block.passage.is_some_and(|passage| layout.loose_passages.contains(&passage)) {
                    deal_block(&mut block.numbers, layout, &mut draws);
                }
            }
            for run in blocks.split_mut(|block| block.stays) {
                draws.shuffle(run);
            }
            order.extend(blocks.into_iter().flat_map(|block| block.numbers));
        } else {
            order.extend(items.into_iter().map(|(number, _)| number));
        }
    }
    order
}

/// What moves as one: a question, or all questions of a passage.
struct Block {
    numbers: Vec<u16>,
    passage: Option<u16>,
    /// A text without a question stays where it is, since it speaks of what follows, and nothing passes it.
    stays: bool,
}

fn stays(item: &LayoutItem) -> bool {
    item.kind == QuestionType::Description
}

/// Questions of one passage together, where its first one was. A text that stays parts them.
fn joined(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for block in blocks {
        let run = out.iter().rposition(|earlier| earlier.stays).map_or(0, |stop| stop + 1);
        let same = out[run..].iter_mut().find(|earlier| block.passage.is_some() && earlier.passage == block.passage);
        match same {
            Some(same) => same.numbers.extend(block.numbers),
            None => out.push(block),
        }
    }
    out
}

fn deal_block(numbers: &mut [u16], layout: &Layout, draws: &mut Draws) {
    let text = |number: &u16| layout.item(*number).is_some_and(stays);
    for run in numbers.split_mut(text) {
        draws.shuffle(run);
    }
}

//! From questions to a paper: its key, its structure, and what pupils are shown.

use std::collections::BTreeMap;

use papers::model::{Exact, Question};
use serde::Serialize;

use crate::draws::Seed;
use crate::key::Key;
use crate::keyed::{KeyedItem, KeyedPaper, Ruling, Stored};
use crate::layout::{Layout, LayoutItem, LayoutPart, places};
use crate::neutral::{Neutral, ShownQuestion, neutral};
use crate::rules::{PartRules, RULES_VERSION, Rules, Shuffle};
use crate::shape::Shape;

/// Most questions of a paper.
pub const MOST_ITEMS: usize = 1_000;

/// What a paper is compiled from.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// In the order they are sat.
    pub parts: Vec<DraftPart<'a>>,
    /// What a whole paper is scaled to; the sum of its points where there is none.
    pub out_of: Option<Exact>,
    /// Decimals of a mark, at most 4; it is rounded once, half up. Usual are 2, 1 (TT 22/2021) and 0 (TT 27/2020).
    pub decimals: u32,
    /// What is in another order for each pupil.
    pub shuffle: Shuffle,
    /// Passages whose questions may change places among themselves.
    pub loose_passages: Vec<u16>,
}

impl Default for Draft<'_> {
    fn default() -> Self {
        Self { parts: Vec::new(), out_of: None, decimals: 2, shuffle: Shuffle::default(), loose_passages: Vec::new() }
    }
}

/// A part of a draft.
#[derive(Clone, Debug, Default)]
pub struct DraftPart<'a> {
    /// `Phần I`, or nothing.
    pub title: String,
    /// How it is marked.
    pub rules: PartRules,
    /// Its questions.
    pub items: Vec<DraftItem<'a>>,
}

/// A question of a draft.
#[derive(Clone, Copy, Debug)]
pub struct DraftItem<'a> {
    /// As the bank holds it. Its own `points` are not looked at.
    pub question: &'a Question,
    /// What it is worth here, where it is not what its part says.
    pub points: Option<Exact>,
    /// The passage it belongs to, numbered as the caller likes.
    pub passage: Option<u16>,
}

/// A paper, compiled.
#[derive(Clone)]
pub struct Compiled {
    /// Secret: kept with the paper, for marking.
    pub keyed: KeyedPaper,
    /// For the server.
    pub layout: Layout,
    /// For pupils, by item.
    pub shown: Vec<ShownQuestion>,
    /// By item: the question's own id of each picture and sound that is shown (`m1`, …).
    pub media: Vec<BTreeMap<String, String>>,
}

/// Something that keeps a paper from being compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error, utoipa::ToSchema)]
#[error("{fault:?} (part {part:?}, item {item:?})")]
#[schema(as = TestPaperError)]
pub struct CompileError {
    /// The part it is about, from 0.
    pub part: Option<u16>,
    /// The item it is about, from 0.
    pub item: Option<u16>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = TestPaperFault)]
pub enum Fault {
    /// It has no question.
    Empty,
    /// More than [`MOST_ITEMS`] questions, or a question of more than [`crate::MOST_PLACES`] options, statements,
    /// pairs, items or gaps.
    TooMany,
    /// Some part of the question's key is not said.
    MissingKey,
    /// Points below zero, above [`crate::MOST_POINTS`], or with more than four decimals; the same of a table of
    /// steps, which goes from 0 to 1; or own points of questions that are more than their part's total.
    BadPoints,
    /// "Answer none of m", or more than four decimals of a mark.
    BadRules,
    /// Points and credits have no common denominator below 10^18.
    TooFine,
    /// Rules or a paper of a version that this program does not know.
    UnknownVersion,
    /// A corrected question has another kind, or other options, statements, pairs, items or gaps.
    OtherShape,
}

/// Compiles a paper. The seed makes its neutral order and is kept as secret as its key (it need not be kept: the
/// keyed paper holds what came of it).
///
/// # Errors
/// Everything that is wrong, in order.
pub fn compile(draft: &Draft<'_>, seed: &Seed) -> Result<Compiled, Vec<CompileError>> {
    let count = draft.parts.iter().map(|part| part.items.len()).sum::<usize>();
    let whole = |fault| vec![CompileError { part: None, item: None, fault }];
    if count == 0 {
        return Err(whole(Fault::Empty));
    }
    if count > MOST_ITEMS || draft.parts.len() > MOST_ITEMS {
        return Err(whole(Fault::TooMany));
    }
    let (mut errors, mut made) = (Vec::new(), Vec::with_capacity(count));
    let placed = (0..=u16::MAX).zip(&draft.parts).flat_map(|(index, part)| part.items.iter().map(move |item| (index, part, item)));
    for (item, (part, of, placed)) in (0..=u16::MAX).zip(placed) {
        match Made::of(placed, &of.rules, draft.shuffle, seed, item) {
            Ok(one) => made.push((part, one)),
            Err(fault) => errors.push(CompileError { part: Some(part), item: Some(item), fault }),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let rules = Rules {
        version: RULES_VERSION,
        out_of: draft.out_of,
        decimals: draft.decimals,
        parts: draft.parts.iter().map(|part| part.rules.clone()).collect(),
    };
    let title = |part: &DraftPart<'_>| LayoutPart { title: part.title.clone(), rules: part.rules.clone(), items: Vec::new() };
    let mut parts: Vec<LayoutPart> = draft.parts.iter().map(title).collect();
    let (mut shown, mut media, mut keyed) = (Vec::new(), Vec::new(), Vec::new());
    let mut layouts = Vec::new();
    for ((part, one), placed) in made.into_iter().zip(draft.parts.iter().flat_map(|part| &part.items)) {
        shown.push(one.neutral.shown);
        media.push(one.neutral.media);
        let permutation = one.neutral.permutation;
        keyed.push(KeyedItem { part, points: placed.points, key: one.key, permutation, ruling: Ruling::Marked });
        layouts.push((part, one.layout));
    }
    let keyed = KeyedPaper::prepare(Stored { rules, items: keyed })?;
    for ((part, mut item), points) in layouts.into_iter().zip(keyed.worth()) {
        item.points = points.rounded(6).normalize();
        if let Some(part) = parts.get_mut(usize::from(part)) {
            part.items.push(item);
        }
    }
    let layout = Layout {
        version: 1,
        parts,
        out_of: draft.out_of,
        decimals: draft.decimals,
        shuffle: draft.shuffle,
        loose_passages: draft.loose_passages.clone(),
    };
    Ok(Compiled { keyed, layout, shown, media })
}

/// An item, compiled; its points come later, since they may depend on the others'.
struct Made {
    neutral: Neutral,
    key: Key,
    layout: LayoutItem,
}

impl Made {
    fn of(placed: &DraftItem<'_>, rules: &PartRules, shuffle: Shuffle, seed: &Seed, item: u16) -> Result<Self, Fault> {
        let question = placed.question;
        let neutral = neutral(question, seed, item);
        let rights = neutral.permutation.group(1).len();
        if Shape::of(question, rights, rules.short, rules.essay).is_none() {
            return Err(Fault::TooMany);
        }
        let key = Key::read(question, &neutral.permutation).ok_or(Fault::MissingKey)?;
        let shape = Shape::of(question, rights, key.short(rules.short), rules.essay).ok_or(Fault::TooMany)?;
        let layout = LayoutItem {
            kind: question.kind,
            shape,
            passage: placed.passage,
            points: Exact::ZERO,
            places: places(question, &neutral.permutation, shuffle),
        };
        Ok(Self { neutral, key, layout })
    }
}

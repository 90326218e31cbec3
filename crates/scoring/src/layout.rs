//! What the server needs to know of a paper's structure, without its texts and its keys.

use papers::model::{Exact, Question, QuestionType};
use serde::{Deserialize, Serialize};

use crate::neutral::Permutation;
use crate::rules::{PartRules, Shuffle};
use crate::shape::Shape;

/// The structure of a paper: `{"version":1,"parts":[…],"out_of":"10","decimals":2,"shuffle":{…},"loose_passages":[]}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TestLayout)]
pub struct Layout {
    /// The version of this shape.
    pub version: u8,
    /// In the order they are sat.
    pub parts: Vec<LayoutPart>,
    /// What a whole paper is scaled to; the sum of its points where there is none.
    #[schema(value_type = Option<String>)]
    pub out_of: Option<Exact>,
    /// Decimals of a mark.
    pub decimals: u32,
    /// What is in another order for each pupil.
    pub shuffle: Shuffle,
    /// Passages whose questions may change places among themselves; those of all others stay in order.
    #[serde(default)]
    pub loose_passages: Vec<u16>,
}

/// A part of a paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TestLayoutPart)]
pub struct LayoutPart {
    /// `Phần I`, or nothing.
    pub title: String,
    /// How it is marked.
    pub rules: PartRules,
    /// Its items; their numbers go on from part to part, from 0.
    pub items: Vec<LayoutItem>,
}

/// A question's place in a paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TestLayoutItem)]
pub struct LayoutItem {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// What can be answered to it.
    pub shape: Shape,
    /// The passage it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<u16>,
    /// What it is worth, rounded to six decimals for showing; nothing for a text without a question.
    #[schema(value_type = String)]
    pub points: Exact,
    /// Which neutral index stands at each place shown, group after group ([`Shape::groups`]); `null` where a form
    /// deals it: pinned options and whatever is not shuffled have their author's place. Right sides of pairs and
    /// items of an ordering are always dealt, since the author's order is their key.
    pub places: Vec<Option<u8>>,
}

impl Layout {
    /// All items, in the order of the paper.
    pub fn items(&self) -> impl Iterator<Item = &LayoutItem> {
        self.parts.iter().flat_map(|part| &part.items)
    }

    /// An item by its number.
    #[must_use]
    pub fn item(&self, index: u16) -> Option<&LayoutItem> {
        self.items().nth(usize::from(index))
    }
}

/// The places of an item that do not depend on the pupil.
pub(crate) fn places(question: &Question, permutation: &Permutation, shuffle: Shuffle) -> Vec<Option<u8>> {
    let options = shuffle.options && question.shuffle != Some(false);
    let mut places = Vec::new();
    for group in 0..permutation.groups() {
        let written = permutation.as_written(group);
        let dealt = |author: usize| match question.kind {
            QuestionType::SingleChoice | QuestionType::MultipleChoice => options && !question.options[author].pinned,
            QuestionType::Cloze => options && !question.blanks[group].options[author].pinned,
            QuestionType::TrueFalse => shuffle.statements && question.shuffle != Some(false),
            QuestionType::Matching => group == 1 || options,
            _ => true,
        };
        places.extend(written.into_iter().enumerate().map(|(author, neutral)| (!dealt(author)).then_some(neutral)));
    }
    places
}

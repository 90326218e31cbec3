//! Keys: what is right, in neutral indices. Secret until results are released.

mod accepted;
mod grading;
mod national;
mod number;
mod reading;

use accepted::Writing;
pub(crate) use grading::Grader;
pub use national::national_number;
use papers::model::Exact;
use serde::{Deserialize, Serialize};

use crate::rules::ShortRule;

impl Key {
    /// What a short answer to it looks like, where its part says what it should.
    pub(crate) fn short(&self, rule: ShortRule) -> ShortRule {
        match self {
            Self::Short(key) if key.writing(rule) == Writing::National => ShortRule::National,
            _ => ShortRule::Free,
        }
    }

    /// Whether the same responses fit both.
    pub(crate) fn same_kind(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Blanks(left), Self::Blanks(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.key.same_kind(&right.key))
            }
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// What is right in an item. Deliberately without `Debug`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Key {
    Choice(Vec<OptionKey>),
    Choices(Vec<OptionKey>),
    Statements(Vec<bool>),
    Short(TextKey),
    Numeric(TextKey),
    /// The right side of each left side.
    Pairs(Vec<u8>),
    Order(OrderKey),
    Blanks(Vec<BlankKey>),
    ByHand,
    Nothing,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OptionKey {
    pub right: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Exact>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TextKey {
    pub answers: Vec<AnswerKey>,
    #[serde(default)]
    pub case: Case,
}

/// Whether upper and lower case are two things.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Case {
    #[default]
    Ignored,
    Counts,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AnswerKey {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Exact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Exact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Exact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Exact>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OrderKey {
    /// The neutral indices in the right order.
    pub sequence: Vec<u8>,
    /// For each neutral index the first that says the same: two equal items may change places.
    pub same: Vec<u8>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BlankKey {
    /// How much of the question it is, beside the other gaps.
    pub weight: Exact,
    pub key: Key,
}

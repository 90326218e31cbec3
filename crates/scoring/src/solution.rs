//! What is right, told: for teachers, and for pupils once results are released.

use serde::{Deserialize, Serialize};

use crate::key::{AnswerKey, Key, OptionKey, TextKey};
use crate::keyed::KeyedPaper;

/// What is right in an item, in neutral indices: `{"options":[2]}`, `{"statements":[true,false,false,true]}`,
/// `{"answers":["12,5"]}`, `{"pairs":[1,0]}`, `{"order":[2,0,1]}`, `{"blanks":[{"options":[1]},{"answers":["x"]}]}`,
/// `"by_hand"`, `"nothing"`. Deliberately without `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestSolution)]
pub enum Solution {
    /// The right options.
    Options(Vec<u8>),
    /// Which statements are true.
    Statements(Vec<bool>),
    /// Accepted answers, the best ones only.
    Answers(Vec<String>),
    /// The right side of each left side.
    Pairs(Vec<u8>),
    /// All items in the right order.
    Order(Vec<u8>),
    /// Of each gap.
    Blanks(Vec<BlankSolution>),
    /// A person marks it.
    ByHand,
    /// There is no question.
    Nothing,
}

/// What is right in a gap.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestBlankSolution)]
pub enum BlankSolution {
    /// The right options.
    Options(Vec<u8>),
    /// Accepted answers, the best ones only.
    Answers(Vec<String>),
}

impl KeyedPaper {
    /// What is right in an item. Not for pupils before release.
    #[must_use]
    pub fn solution(&self, item: u16) -> Option<Solution> {
        self.stored().items.get(usize::from(item)).map(|item| solution(&item.key))
    }
}

fn solution(key: &Key) -> Solution {
    match key {
        Key::Choice(options) | Key::Choices(options) => Solution::Options(right(options)),
        Key::Statements(truths) => Solution::Statements(truths.clone()),
        Key::Short(key) | Key::Numeric(key) => Solution::Answers(best(key)),
        Key::Pairs(rights) => Solution::Pairs(rights.clone()),
        Key::Order(key) => Solution::Order(key.sequence.clone()),
        Key::Blanks(blanks) => {
            let gap = |key: &Key| match key {
                Key::Choice(options) | Key::Choices(options) => BlankSolution::Options(right(options)),
                Key::Short(key) | Key::Numeric(key) => BlankSolution::Answers(best(key)),
                _ => BlankSolution::Answers(Vec::new()),
            };
            Solution::Blanks(blanks.iter().map(|blank| gap(&blank.key)).collect())
        }
        Key::ByHand => Solution::ByHand,
        Key::Nothing => Solution::Nothing,
    }
}

fn right(options: &[OptionKey]) -> Vec<u8> {
    (0..=u8::MAX).zip(options).filter(|(_, option)| option.right).map(|(index, _)| index).collect()
}

fn best(key: &TextKey) -> Vec<String> {
    let credit = |at: usize| key.answers[at].credit.unwrap_or(papers::model::Exact::ONE);
    let most = (0..key.answers.len()).map(credit).max();
    let best = (0..key.answers.len()).filter(|at| Some(credit(*at)) == most);
    best.map(|at| written(&key.answers[at])).collect()
}

/// An accepted answer as it is told.
pub(crate) fn written(answer: &AnswerKey) -> String {
    match (answer.min, answer.max) {
        (low, high) if answer.text.is_empty() => {
            let side = |number: Option<papers::model::Exact>| number.map(|number| number.to_string()).unwrap_or_default();
            format!("{}..{}", side(low), side(high))
        }
        _ => answer.text.clone(),
    }
}

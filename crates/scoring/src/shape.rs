//! What can be answered to a question, without its texts and its key.

use papers::model::{BlankType, Question, QuestionType};
use serde::{Deserialize, Serialize};

use crate::rules::{EssayRule, ShortRule};

/// Most options, statements, pairs, items or gaps of a question.
pub const MOST_PLACES: usize = 100;

/// What can be answered to a question: `{"kind":"choice","options":4}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = TestShape)]
pub enum Shape {
    /// One of so many options.
    Choice {
        /// How many.
        options: u8,
    },
    /// Any of so many options.
    Choices {
        /// How many.
        options: u8,
    },
    /// True or false to each of so many statements.
    Statements {
        /// How many.
        count: u8,
    },
    /// A short text or number.
    Text {
        /// What it is typed with.
        keypad: Keypad,
    },
    /// A right side to each left side.
    Pairs {
        /// How many left sides.
        lefts: u8,
        /// How many right sides; those that say the same are one.
        rights: u8,
    },
    /// So many items in order.
    Order {
        /// How many.
        count: u8,
    },
    /// Something in each gap.
    Blanks {
        /// In the order of the text.
        blanks: Vec<BlankShape>,
    },
    /// A long text, or photos of what was worked out on paper.
    Essay {
        /// How it is answered. Papers of before photos were taken say nothing: they are typed.
        #[serde(default = "typed")]
        by: EssayRule,
    },
    /// Nothing.
    Nothing,
}

/// What can stand in a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = TestBlankShape)]
pub enum BlankShape {
    /// One of so many options.
    Choice {
        /// How many.
        options: u8,
    },
    /// Any of so many options.
    Choices {
        /// How many.
        options: u8,
    },
    /// A short text or number.
    Text {
        /// What it is typed with.
        keypad: Keypad,
    },
}

/// What a short answer is typed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestKeypad)]
pub enum Keypad {
    /// Four places for `-`, `,`, `0`…`9`.
    National,
    /// A number.
    Number,
    /// Letters.
    Text,
}

fn typed() -> EssayRule {
    EssayRule::Typed
}

impl Shape {
    /// The shape of a question. `None` where it has more of something than [`MOST_PLACES`].
    pub(crate) fn of(question: &Question, rights: usize, short: ShortRule, essay: EssayRule) -> Option<Self> {
        let options = |count: usize| u8::try_from(count).ok().filter(|_| count <= MOST_PLACES);
        Some(match question.kind {
            QuestionType::SingleChoice => Self::Choice { options: options(question.options.len())? },
            QuestionType::MultipleChoice => Self::Choices { options: options(question.options.len())? },
            QuestionType::TrueFalse => Self::Statements { count: options(question.statements.len())? },
            QuestionType::ShortAnswer => Self::Text { keypad: if short == ShortRule::National { Keypad::National } else { Keypad::Text } },
            QuestionType::Numeric => Self::Text { keypad: Keypad::Number },
            QuestionType::Matching => {
                let lefts = question.pairs.iter().filter(|pair| !pair.left.is_empty()).count();
                Self::Pairs { lefts: options(lefts)?, rights: options(rights)? }
            }
            QuestionType::Ordering => Self::Order { count: options(question.items.len())? },
            QuestionType::Cloze => {
                options(question.blanks.len())?;
                let blanks = question.blanks.iter().map(|blank| {
                    Some(match blank.kind {
                        BlankType::SingleChoice => BlankShape::Choice { options: options(blank.options.len())? },
                        BlankType::MultipleChoice => BlankShape::Choices { options: options(blank.options.len())? },
                        BlankType::ShortAnswer => BlankShape::Text { keypad: Keypad::Text },
                        BlankType::Numeric => BlankShape::Text { keypad: Keypad::Number },
                    })
                });
                Self::Blanks { blanks: blanks.collect::<Option<_>>()? }
            }
            QuestionType::Essay => Self::Essay { by: essay },
            QuestionType::Description => Self::Nothing,
        })
    }

    /// How many things are in each group that has an order: options; statements; left sides and right sides;
    /// items; the options of each gap (none for a typed one). A [`crate::Form`] lists the groups one after
    /// another.
    #[must_use]
    pub fn groups(&self) -> Vec<u8> {
        match self {
            Self::Choice { options } | Self::Choices { options } => vec![*options],
            Self::Statements { count } | Self::Order { count } => vec![*count],
            Self::Pairs { lefts, rights } => vec![*lefts, *rights],
            Self::Blanks { blanks } => blanks.iter().map(BlankShape::options).collect(),
            Self::Text { .. } | Self::Essay { .. } | Self::Nothing => Vec::new(),
        }
    }
}

impl BlankShape {
    fn options(&self) -> u8 {
        match self {
            Self::Choice { options } | Self::Choices { options } => *options,
            Self::Text { .. } => 0,
        }
    }
}

//! What GIFT says, word by word: one item for each question or folder of a file.

use crate::model::Exact;
use crate::moodle::TextFormat;

/// A question or a folder.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// `$CATEGORY: …`: the folder of the questions that follow.
    Category(String),
    /// A question.
    Question(Box<GiftQuestion>),
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GiftQuestion {
    /// The line it begins at.
    pub line: u32,
    /// Of `[id:…]` in a comment.
    pub id: Option<String>,
    /// Of `[tag:…]` in comments.
    pub tags: Vec<String>,
    /// Our own note in a comment.
    pub note: Option<String>,
    /// Between `::` and `::`.
    pub title: Option<String>,
    /// What is asked; `_____` where the answers stood in the middle.
    pub stem: Formatted,
    /// Whether the answers stood before other words.
    pub embedded: bool,
    /// What was between the braces.
    pub body: Body,
    /// After `####`.
    pub general: Option<Formatted>,
    /// Whether formulas without backslashes were understood as such.
    pub lenient: bool,
}

/// A text and how it is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Formatted {
    /// How.
    pub format: TextFormat,
    /// Without the backslashes of GIFT.
    pub text: String,
}

/// The kinds of GIFT.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    /// No braces.
    Description,
    /// Empty braces.
    Essay,
    /// `T`, `F`.
    TrueFalse {
        /// Which.
        truth: bool,
        /// Shown to those who were wrong.
        wrong: Option<Formatted>,
        /// Shown to those who were right.
        right: Option<Formatted>,
    },
    /// With `~`.
    Choices(Vec<GiftChoice<Formatted>>),
    /// With `=` alone, or a bare word.
    Short(Vec<GiftChoice<Formatted>>),
    /// `#` and one number.
    Number(GiftChoice<Amount>),
    /// `#` and several.
    Numbers(Vec<GiftChoice<Amount>>),
    /// `left -> right`.
    Matching(Vec<(Formatted, String)>),
}

/// An option or an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GiftChoice<T> {
    /// Whether it began with `=`.
    pub right: bool,
    /// Per cent, where said.
    pub weight: Option<Exact>,
    /// What it says.
    pub value: T,
    /// After `#`.
    pub feedback: Option<Formatted>,
}

/// A number as GIFT writes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Amount {
    /// `1822`.
    Exactly(Written),
    /// `1822:5`.
    Around(Written, Exact),
    /// `1..5`.
    Between(Exact, Exact),
    /// Anything else.
    Any,
}

/// A number and the letters it was written with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    /// The letters.
    pub text: String,
    /// The number.
    pub value: Exact,
}

/// Why a block is no GIFT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Stable.
    pub code: &'static str,
    /// In Vietnamese, without the line.
    pub message: String,
    /// Bytes from the beginning of the block.
    pub at: usize,
}

//! How a paper is marked. Rules are copied into each paper, with their version: what a pupil was told before
//! the bell does not change when a later version of the program knows better.

use papers::model::Exact;
use serde::{Deserialize, Serialize};

/// The version of the rules this program marks by. Papers of older versions go on being marked by theirs.
pub const RULES_VERSION: u8 = 1;

/// Rules of a whole paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rules {
    pub version: u8,
    pub out_of: Option<Exact>,
    pub decimals: u32,
    pub parts: Vec<PartRules>,
}

/// Rules of a part.
///
/// The default is that of the national papers since 2025 (QĐ 764/QĐ-BGDĐT) with a point for each question:
/// `{"points":{"per_question":"1"},"true_false":{"stepped":["0.1","0.25","0.5","1"]},"multiple":"all_or_nothing","short":"national","answer_at_most":null}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PartRules {
    /// What its questions are worth. A question may have points of its own instead.
    #[schema(value_type = described::PointRule)]
    pub points: PointRule,
    /// How statements make points.
    #[schema(value_type = described::TrueFalseRule)]
    pub true_false: TrueFalseRule,
    /// How choices of several options make points.
    pub multiple: MultipleRule,
    /// What a short answer looks like.
    pub short: ShortRule,
    /// How essays are answered. Left out where it is as the pupil likes: keys of before it are written as they were.
    #[serde(skip_serializing_if = "EssayRule::is_either")]
    pub essay: EssayRule,
    /// "Answer n of m" (Tin học, QĐ 764: six printed, four answered): the first so many that were answered, in
    /// the order of the paper, count; what comes after them does not. The part is then worth its so many
    /// dearest questions.
    pub answer_at_most: Option<u32>,
}

/// What the questions of a part are worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointRule {
    /// Each so much: `{"per_question":"0.25"}`.
    PerQuestion(Exact),
    /// Together so much, shared alike among those without points of their own: `{"total":"3"}`. Where only
    /// `n` are to be answered, each is worth an `n`-th.
    Total(Exact),
    /// Each statement so much, and each question of another kind: `{"per_statement":"0.25"}`.
    PerStatement(Exact),
}

impl Default for PointRule {
    fn default() -> Self {
        Self::PerQuestion(Exact::ONE)
    }
}

/// How statements make points. A statement left blank is blank, never "Sai".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrueFalseRule {
    /// The share of the question's points for 1, 2, … statements right. QĐ 764: `["0.1","0.25","0.5","1"]`. A
    /// question with another number of statements than the table has steps is marked linearly.
    Stepped(Vec<Exact>),
    /// Each statement an equal share.
    Linear,
}

impl Default for TrueFalseRule {
    fn default() -> Self {
        Self::Stepped(vec![Exact::new(1, 1), Exact::new(25, 2), Exact::new(5, 1), Exact::ONE])
    }
}

/// How choices of several options make points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestMultipleRule)]
pub enum MultipleRule {
    /// All right ones and no other.
    #[default]
    AllOrNothing,
    /// Right ones less wrong ones, of all right ones; not below nothing.
    PerOption,
    /// The sum of what each option's `credit` says (GIFT, Moodle), between nothing and all. Where none is said a
    /// right option has an equal share and a wrong one nothing. Single choices follow their credits too.
    Credits,
}

/// What a short answer looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestShortRule)]
pub enum ShortRule {
    /// A number of at most four characters from `-`, `,`, `0`…`9` (QĐ 764, answer sheet of CV 1239/BGDĐT-QLCL):
    /// minus only first, comma only second or third; a point counts as a comma. `1.5`, `1,5`, `1,50` are one
    /// answer. A question whose key cannot be written so is [`ShortRule::Free`].
    #[default]
    National,
    /// Any text or number, see [`crate::Response::Text`].
    Free,
}

/// How essays are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestEssayRule)]
pub enum EssayRule {
    /// As the pupil likes: typed, photographed, or both.
    #[default]
    Either,
    /// Typed only.
    Typed,
    /// Worked out on paper and photographed only.
    Photographed,
}

impl EssayRule {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    fn is_either(&self) -> bool {
        *self == Self::Either
    }
}

/// What is in another order for each pupil.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = TestShuffle)]
pub struct Shuffle {
    /// Questions within their part; those of a passage stay together.
    pub questions: bool,
    /// Options of choices and gaps, but for pinned ones, and left sides of pairs; not of a question that says
    /// itself that it is not to be shuffled.
    pub options: bool,
    /// Statements of true/false.
    pub statements: bool,
}

impl Default for Shuffle {
    fn default() -> Self {
        Self { questions: true, options: true, statements: false }
    }
}

/// The same for OpenAPI, which cannot be told of an enum that its numbers are strings.
mod described {
    #![allow(dead_code, reason = "only described, never made")]

    /// What the questions of a part are worth.
    #[derive(utoipa::ToSchema)]
    #[schema(as = TestPointRule, rename_all = "snake_case")]
    pub(super) enum PointRule {
        /// Each so much.
        PerQuestion(String),
        /// Together so much.
        Total(String),
        /// Each statement so much, and each question of another kind.
        PerStatement(String),
    }

    /// How statements make points.
    #[derive(utoipa::ToSchema)]
    #[schema(as = TestTrueFalseRule, rename_all = "snake_case")]
    pub(super) enum TrueFalseRule {
        /// The share of the question's points for 1, 2, … statements right.
        Stepped(Vec<String>),
        /// Each statement an equal share.
        Linear,
    }
}

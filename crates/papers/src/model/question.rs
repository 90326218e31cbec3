use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Exact, Level};
use crate::rich::Rich;

/// Where a question stands in its file. Numbers start again in each part of most papers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = QuestionAddress)]
pub struct Address {
    /// The part, from 1; `None` where the file has none.
    pub part: Option<u32>,
    /// The number as printed, or the place in the file from 1.
    pub number: Option<u32>,
    /// The paragraph, line or element it begins at, from 1.
    pub paragraph: Option<u32>,
}

/// The kinds of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionType {
    /// One option is right.
    SingleChoice,
    /// Several may be.
    MultipleChoice,
    /// A stem with statements, each true or false (Part II of the papers since 2025).
    TrueFalse,
    /// A short text or number (Part III).
    ShortAnswer,
    /// A number with a tolerance (GIFT, Moodle, QTI).
    Numeric,
    /// Pairs.
    Matching,
    /// Items to be put in order.
    Ordering,
    /// A text with gaps.
    Cloze,
    /// Written, marked by a person.
    Essay,
    /// A text without a question.
    Description,
}

/// What is known of the key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QuestionKey)]
pub enum Key {
    /// All of it.
    Known,
    /// Some part of it is not said.
    #[default]
    Missing,
    /// There is none: essays and descriptions.
    None,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Question {
    /// Where it stood.
    #[serde(default)]
    pub address: Address,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// What is asked.
    #[serde(default)]
    pub stem: Rich,
    /// Of choices.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Of true/false.
    #[serde(default)]
    pub statements: Vec<Statement>,
    /// Of short answers and numbers.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// What is known of the key; see [`Question::settle_key`].
    #[serde(default)]
    pub key: Key,
    /// How hard it is.
    #[serde(default)]
    pub level: Option<Level>,
    /// The solution.
    #[serde(default)]
    pub explanation: Option<Rich>,
    /// Id of the passage it belongs to.
    #[serde(default)]
    pub passage: Option<String>,
    /// What it is worth.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub points: Option<Exact>,
    /// Tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Of matching.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
    /// Of ordering, in the right order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Rich>,
    /// Of cloze, in order; `<span data-blank="1">` is the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blanks: Vec<Blank>,
    /// A name of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The folder it lay in, parts separated by `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Helps given one after another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Rich>,
    /// Shown after answering, by occasion: `correct`, `partial`, `incorrect`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub feedback: BTreeMap<String, Rich>,
    /// How an essay is marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rubric: Option<Rich>,
    /// BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Code of a requirement of the curriculum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// The source's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Whether options may be shown in another order; `None` where the source does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<bool>,
    /// Whether upper and lower case count in answers; `None` where the source does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_sensitive: Option<bool>,
}

/// An option of a choice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = QuestionChoice)]
pub struct Choice {
    /// `A`, `B`, …
    pub label: String,
    /// What it says.
    pub content: Rich,
    /// `None` where the source does not say.
    pub correct: Option<bool>,
    /// Part of the points, -1 to 1; `None` where the source does not say.
    #[schema(value_type = Option<String>)]
    pub credit: Option<Exact>,
    /// Shown when it is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Rich>,
    /// Stays in its place when options are shuffled ("all of the above").
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
}

/// A statement that is true or false.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = QuestionStatement)]
pub struct Statement {
    /// `a`, `b`, …
    pub label: String,
    /// What it says; empty for a lone true/false question.
    pub content: Rich,
    /// `None` where the source does not say.
    pub correct: Option<bool>,
    /// How hard it is.
    pub level: Option<Level>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Rich>,
}

/// An accepted answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = QuestionAnswer)]
pub struct Answer {
    /// As written: `12,5`; a number's text where it is one.
    pub text: String,
    /// Part of the points.
    #[schema(value_type = Option<String>)]
    pub credit: Option<Exact>,
    /// How far a number may be off.
    #[schema(value_type = Option<String>)]
    pub tolerance: Option<Exact>,
    /// Smallest accepted, where a range is given.
    #[schema(value_type = Option<String>)]
    pub min: Option<Exact>,
    /// Largest accepted.
    #[schema(value_type = Option<String>)]
    pub max: Option<Exact>,
    /// Shown when it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Rich>,
}

/// Two sides that belong together. An empty left side makes the right one a distractor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = QuestionPair)]
pub struct Pair {
    /// What is given.
    pub left: Rich,
    /// What belongs to it.
    pub right: Rich,
}

/// What fills a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlankType {
    /// Chosen from options.
    SingleChoice,
    /// Several chosen from options.
    MultipleChoice,
    /// Typed.
    ShortAnswer,
    /// A typed number.
    Numeric,
}

/// A gap of a cloze.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = QuestionBlank)]
pub struct Blank {
    /// What fills it.
    #[serde(rename = "type")]
    pub kind: BlankType,
    /// Of chosen ones.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Of typed ones.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// Its share of the question's points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub points: Option<Exact>,
    /// Whether case counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_sensitive: Option<bool>,
}

impl Question {
    /// An empty question of a kind.
    #[must_use]
    pub fn new(kind: QuestionType) -> Self {
        Self {
            address: Address::default(),
            kind,
            stem: Rich::default(),
            options: Vec::new(),
            statements: Vec::new(),
            answers: Vec::new(),
            key: Key::Missing,
            level: None,
            explanation: None,
            passage: None,
            points: None,
            tags: Vec::new(),
            pairs: Vec::new(),
            items: Vec::new(),
            blanks: Vec::new(),
            title: None,
            category: None,
            hints: Vec::new(),
            feedback: BTreeMap::new(),
            rubric: None,
            language: None,
            source: None,
            requirement: None,
            external_id: None,
            shuffle: None,
            case_sensitive: None,
        }
    }

    /// Works out [`Question::key`] from what is there. Every reader calls it when a question is done.
    pub fn settle_key(&mut self) {
        self.key = match self.kind {
            QuestionType::Essay | QuestionType::Description => Key::None,
            QuestionType::SingleChoice | QuestionType::MultipleChoice => known(choices_keyed(&self.options)),
            QuestionType::TrueFalse => {
                known(!self.statements.is_empty() && self.statements.iter().all(|statement| statement.correct.is_some()))
            }
            QuestionType::ShortAnswer | QuestionType::Numeric => known(!self.answers.is_empty()),
            QuestionType::Matching => known(!self.pairs.is_empty()),
            QuestionType::Ordering => known(!self.items.is_empty()),
            QuestionType::Cloze => known(!self.blanks.is_empty() && self.blanks.iter().all(Blank::is_keyed)),
        };
    }
}

impl Blank {
    /// Whether what fills it is said.
    #[must_use]
    pub fn is_keyed(&self) -> bool {
        match self.kind {
            BlankType::SingleChoice | BlankType::MultipleChoice => choices_keyed(&self.options),
            BlankType::ShortAnswer | BlankType::Numeric => !self.answers.is_empty(),
        }
    }
}

fn known(known: bool) -> Key {
    if known { Key::Known } else { Key::Missing }
}

/// Each option is said to be right or wrong, and one at least is right.
fn choices_keyed(options: &[Choice]) -> bool {
    options.iter().all(|option| option.correct.is_some()) && options.iter().any(|option| option.correct == Some(true))
}

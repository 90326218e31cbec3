//! What a pupil answers, as it is sent and stored.

use serde::{Deserialize, Serialize};

use crate::rules::EssayRule;
use crate::shape::{BlankShape, Shape};

/// Most characters of a short answer.
pub const MOST_TEXT: usize = 200;
/// Most characters of an essay.
pub const MOST_ESSAY: usize = 20_000;
/// Most photos of one answer.
pub const MOST_PHOTOS: usize = 10;
/// Most bytes of a response as JSON. Who reads them off the line refuses more before parsing.
pub const MOST_BYTES: usize = 128 << 10;

/// What a pupil answers to an item. Indices are neutral, from 0.
///
/// One JSON object with one field; `null` in place of it means that an answer was taken back:
///
/// | item | JSON |
/// |---|---|
/// | one option | `{"c":2}` |
/// | several options | `{"m":[0,3]}` |
/// | statements, each true, false or blank | `{"s":[true,null,false,null]}` |
/// | short answer, number | `{"t":"12,5"}` |
/// | a right side to each left side, or blank | `{"p":[1,null]}` |
/// | all items, the first one first | `{"o":[2,0,1]}` |
/// | gaps, each chosen, typed or blank | `{"b":[{"c":1},{"m":[0]},{"t":"x"},null]}` |
/// | essay | `{"e":"…"}` |
/// | essay, written on paper and photographed | `{"w":{"p":["<SHA-256>"],"t":"…"}}` |
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TestResponse)]
pub enum Response {
    /// One option.
    #[serde(rename = "c")]
    Choice(u8),
    /// Several options, each once.
    #[serde(rename = "m")]
    Choices(Vec<u8>),
    /// To each statement.
    #[serde(rename = "s")]
    Statements(Vec<Option<bool>>),
    /// A short answer as typed. Texts are compared in NFC, with white space collapsed, curly quotes and long
    /// dashes made plain, the two spellings of Vietnamese tones made one, without regard to case unless the
    /// question asks for it. Numbers are compared by value, with a decimal comma or point and, where the key
    /// has one, the unit.
    #[serde(rename = "t")]
    Text(String),
    /// The right side of each left side.
    #[serde(rename = "p")]
    Pairs(Vec<Option<u8>>),
    /// All items in order.
    #[serde(rename = "o")]
    Order(Vec<u8>),
    /// To each gap.
    #[serde(rename = "b")]
    Blanks(Vec<Option<BlankResponse>>),
    /// A long text.
    #[serde(rename = "e")]
    Essay(String),
    /// What was worked out on paper, and a text beside it.
    #[serde(rename = "w")]
    Work(Work),
}

/// An answer on paper: photos of it, in order. They are named by what they are, so that with the answer is
/// settled what they show, whenever their bytes come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TestWork)]
pub struct Work {
    /// SHA-256 of the bytes of each, in lower-case hexadecimal; each once, at most [`MOST_PHOTOS`].
    #[serde(rename = "p")]
    pub photos: Vec<String>,
    /// What was typed beside them.
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// What stands in a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TestBlankResponse)]
pub enum BlankResponse {
    /// One option.
    #[serde(rename = "c")]
    Choice(u8),
    /// Several options, each once.
    #[serde(rename = "m")]
    Choices(Vec<u8>),
    /// Typed.
    #[serde(rename = "t")]
    Text(String),
}

/// Why a response is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// No response at all.
    #[error("is no response")]
    Shape,
    /// A response to another kind of item, or to more or fewer things than it has.
    #[error("does not fit its item")]
    DoesNotFit,
    /// Longer than [`MOST_TEXT`] or [`MOST_ESSAY`].
    #[error("is too long")]
    TooLong,
}

impl Response {
    /// Reads a response to an item of a shape, from the JSON text that will be stored: through a JSON value the last of
    /// two equal keys would be taken, and whoever reads the text later finds that it is no response. `None` for `null`:
    /// taken back.
    ///
    /// A text that a national answer box could not hold is taken and marked wrong: a save is never refused for
    /// what a pupil is still typing.
    ///
    /// # Errors
    /// [`ResponseError`].
    pub fn parse(shape: &Shape, json: &str) -> Result<Option<Self>, ResponseError> {
        let response: Option<Self> = serde_json::from_str(json).map_err(|_| ResponseError::Shape)?;
        if let Some(response) = &response {
            response.check(shape)?;
        }
        Ok(response)
    }

    /// Whether it fits an item of a shape.
    ///
    /// # Errors
    /// [`ResponseError`].
    pub fn check(&self, shape: &Shape) -> Result<(), ResponseError> {
        let fits = match (self, shape) {
            (Self::Choice(option), Shape::Choice { options }) => option < options,
            (Self::Choices(chosen), Shape::Choices { options }) => distinct_below(chosen, *options),
            (Self::Statements(said), Shape::Statements { count }) => said.len() == usize::from(*count),
            (Self::Text(text), Shape::Text { .. }) => return short_enough(text, MOST_TEXT),
            (Self::Pairs(chosen), Shape::Pairs { lefts, rights }) => {
                chosen.len() == usize::from(*lefts) && chosen.iter().flatten().all(|right| right < rights)
            }
            (Self::Order(order), Shape::Order { count }) => order.len() == usize::from(*count) && distinct_below(order, *count),
            (Self::Blanks(said), Shape::Blanks { blanks }) => {
                for (said, blank) in said.iter().zip(blanks) {
                    said.as_ref().map_or(Ok(()), |said| said.check(blank))?;
                }
                said.len() == blanks.len()
            }
            (Self::Essay(text), Shape::Essay { by: EssayRule::Typed | EssayRule::Either }) => return short_enough(text, MOST_ESSAY),
            (Self::Work(work), Shape::Essay { by }) => return work.check(*by),
            _ => false,
        };
        if fits { Ok(()) } else { Err(ResponseError::DoesNotFit) }
    }

    /// Whether nothing is answered with it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Choice(_) => false,
            Self::Choices(chosen) | Self::Order(chosen) => chosen.is_empty(),
            Self::Statements(said) => said.iter().all(Option::is_none),
            Self::Text(text) | Self::Essay(text) => text.trim().is_empty(),
            Self::Pairs(chosen) => chosen.iter().all(Option::is_none),
            Self::Blanks(said) => said.iter().flatten().all(BlankResponse::is_blank),
            Self::Work(work) => work.photos.is_empty() && work.text.trim().is_empty(),
        }
    }

    /// The photos it names.
    #[must_use]
    pub fn photos(&self) -> &[String] {
        match self {
            Self::Work(work) => &work.photos,
            _ => &[],
        }
    }
}

impl Work {
    fn check(&self, by: EssayRule) -> Result<(), ResponseError> {
        let names = self.photos.iter().enumerate().all(|(at, name)| is_photo_name(name) && !self.photos[..at].contains(name));
        if by == EssayRule::Typed || !names || by == EssayRule::Photographed && !self.text.is_empty() {
            return Err(ResponseError::DoesNotFit);
        }
        if self.photos.len() > MOST_PHOTOS { Err(ResponseError::TooLong) } else { short_enough(&self.text, MOST_ESSAY) }
    }
}

/// Whether a text can name a photo: a SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn is_photo_name(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl BlankResponse {
    fn check(&self, shape: &BlankShape) -> Result<(), ResponseError> {
        let fits = match (self, shape) {
            (Self::Choice(option), BlankShape::Choice { options }) => option < options,
            (Self::Choices(chosen), BlankShape::Choices { options }) => distinct_below(chosen, *options),
            (Self::Text(text), BlankShape::Text { .. }) => return short_enough(text, MOST_TEXT),
            _ => false,
        };
        if fits { Ok(()) } else { Err(ResponseError::DoesNotFit) }
    }

    /// Whether nothing stands in the gap.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Choice(_) => false,
            Self::Choices(chosen) => chosen.is_empty(),
            Self::Text(text) => text.trim().is_empty(),
        }
    }
}

fn distinct_below(indices: &[u8], count: u8) -> bool {
    let mut seen = [false; 256];
    indices.iter().all(|index| *index < count && !std::mem::replace(&mut seen[usize::from(*index)], true))
}

fn short_enough(text: &str, most: usize) -> Result<(), ResponseError> {
    // PostgreSQL keeps no NUL, and nobody types one.
    if text.contains('\0') {
        return Err(ResponseError::Shape);
    }
    // A character has four bytes at most: longer texts are not counted through.
    if text.len() > most * 4 || text.chars().count() > most { Err(ResponseError::TooLong) } else { Ok(()) }
}

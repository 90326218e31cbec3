//! How a paper is put together, dealt and marked. Pure: no I/O, no clock, no randomness but from a seed given.
//!
//! # The way of a paper
//!
//! 1. [`compile`] takes a [`Draft`] (parts with [`PartRules`], questions as the bank holds them) and a secret
//!    [`Seed`]. It puts every question into a *neutral order* and gives [`Compiled`]: the [`KeyedPaper`] (secret,
//!    stored once), the [`Layout`] (structure without texts and keys, for the server), and for each item a
//!    [`ShownQuestion`] (what browsers get before release).
//! 2. [`Form::deal`] gives each attempt the order it is seen in, from the layout and a seed kept with the attempt.
//! 3. A pupil's answers are [`Response`]s in neutral indices; [`Response::parse`] refuses what does not fit.
//! 4. [`KeyedPaper::mark`] makes [`Marks`], [`KeyedPaper::mark_with`] with points given by hand,
//!    [`KeyedPaper::mark_one`] for practice. [`KeyedPaper::corrected`], [`KeyedPaper::solved`], [`KeyedPaper::ruled`]
//!    and [`KeyedPaper::with_rules`] make the paper to mark all attempts again with ("phúc khảo").
//! 5. [`KeyedPaper::solution`] tells what is right once that is released; [`distribution()`] counts marks.
//!
//! # JSON
//!
//! Everything below is stable; what changes gets a new `version`. Exact numbers are decimal strings.
//!
//! - [`PartRules`], `{"points":{"per_question":"0.25"}|{"total":"3"}|{"per_statement":"0.25"},
//!   "true_false":{"stepped":["0.1","0.25","0.5","1"]}|"linear",
//!   "multiple":"all_or_nothing"|"per_option"|"credits","short":"national"|"free","answer_at_most":null|4}`;
//!   fields left out have these defaults (`per_question` 1).
//! - [`Shuffle`], `{"questions":true,"options":true,"statements":false}`.
//! - [`Response`], `{"c":2}` `{"m":[0,3]}` `{"s":[true,null,false,null]}` `{"t":"12,5"}` `{"p":[1,null]}`
//!   `{"o":[2,0,1]}` `{"b":[{"c":1},{"m":[0]},{"t":"x"},null]}` `{"e":"…"}`, `null` for taken back.
//! - [`Layout`], `{"version":1,"parts":[{"title":"Phần I","rules":{…},"items":[{"type":"single_choice",
//!   "shape":{"kind":"choice","options":4},"passage":0,"points":"0.25","places":[null,null,null,3]}]}],
//!   "out_of":"10","decimals":2,"shuffle":{…},"loose_passages":[]}`. Shapes: `choice {options}`,
//!   `choices {options}`, `statements {count}`, `text {keypad: national|number|text}`, `pairs {lefts, rights}`,
//!   `order {count}`, `blanks {blanks: [choice|choices|text]}`, `essay`, `nothing`.
//! - [`Form`], `{"version":1,"order":[3,0,1,2],"inner":[[2,0,1,3],…]}`.
//! - [`ShownQuestion`], `{"type":"single_choice","stem":rich,"options":[rich,…],"statements":[…],"lefts":[…],
//!   "rights":[…],"items":[…],"blanks":[[rich,…],[]],"language":"vi"}`; empty fields are left out.
//! - [`Marks`], `{"items":[{"points":"0.25","of":"0.25","state":"right|partly|wrong|blank|by_hand|not_counted"}],
//!   "parts":[{"points":"3","of":"3","answered":12,"waiting":0}],"total":"7.75","out_of":"10","waiting":0}`.
//! - [`Solution`], `{"options":[2]}` `{"statements":[true,…]}` `{"answers":["12,5"]}` `{"pairs":[1,0]}`
//!   `{"order":[2,0,1]}` `{"blanks":[{"options":[1]},{"answers":["x"]}]}` `"by_hand"` `"nothing"`.
//! - [`KeyedPaper`], secret; see there.

mod distribution;
mod draws;
mod form;
mod key;
mod keyed;
mod layout;
mod mark;
mod neutral;
mod paper;
mod points;
mod response;
mod rules;
mod shape;
mod solution;
mod solved;
pub mod templates;
mod worth;

pub use distribution::{Bin, Distribution, distribution};
pub use draws::Seed;
pub use form::{FORM_VERSION, Form};
pub use key::national_number;
pub use keyed::{KeyedPaper, Ruling};
pub use layout::{Layout, LayoutItem, LayoutPart};
pub use mark::{ByHand, ItemMark, MarkState, Marks, PartMark};
pub use neutral::{Neutral, Permutation, ShownQuestion, neutral};
pub use paper::{CompileError, Compiled, Draft, DraftItem, DraftPart, Fault, MOST_ITEMS, compile};
pub use papers::model::Exact;
pub use points::{MOST_DECIMALS, MOST_POINTS, Points, round_half_up};
pub use response::{BlankResponse, MOST_BYTES, MOST_ESSAY, MOST_PHOTOS, MOST_TEXT, Response, ResponseError, Work, is_photo_name};
pub use rules::{EssayRule, MultipleRule, PartRules, PointRule, RULES_VERSION, ShortRule, Shuffle, TrueFalseRule};
pub use shape::{BlankShape, Keypad, MOST_PLACES, Shape};
pub use solution::{BlankSolution, Solution};

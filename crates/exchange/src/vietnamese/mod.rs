//! Vietnamese letters: folding, sorting, spelling variants and user names.

mod collation;
mod letters;
mod spelling;
mod username;

pub use collation::{name_sort_key, text_sort_key};
pub use letters::{Tone, collapse_whitespace, fold, fold_char, nfc};
pub use spelling::{fold_syllable, unify_syllable};
pub use username::{username_stem, username_with_number};

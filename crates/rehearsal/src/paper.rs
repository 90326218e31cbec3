//! What a synthetic pupil reads of a paper, and what she answers.

use std::io::Read as _;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use bytes::Bytes;
use flate2::read::GzDecoder;
use scoring::{BlankShape, EssayRule, Shape};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::wire::Lost;

/// The part of a paper that answering needs.
#[derive(Debug, Deserialize)]
pub(crate) struct Paper {
    pub items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Item {
    pub shape: Shape,
    #[serde(default)]
    pub question: Value,
}

/// Opens a sealed paper with the key that the bell brought.
pub(crate) fn open(sealed: &[u8], key: &[u8]) -> Result<Paper, Lost> {
    let broken = |what: &str| Lost::Answer(format!("sealed paper: {what}"));
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| broken("key"))?);
    let mut bytes = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
    let opened = key.open_in_place(nonce, Aad::empty(), &mut bytes).map_err(|_| broken("does not open"))?;
    let mut text = String::new();
    GzDecoder::new(&*opened).read_to_string(&mut text).map_err(|_| broken("is not compressed text"))?;
    serde_json::from_str(&text).map_err(|error| broken(&error.to_string()))
}

/// What is written where much is to be written: as long as a paragraph.
const ESSAY: &str = "Bài làm thử của một học sinh tưởng tượng: mở bài, thân bài và kết bài đều có đủ, chữ viết rõ ràng.";

/// Bytes of a photo, as many as a telephone's page takes once the sitting page has made it smaller.
const PHOTO_BYTES: usize = 350 << 10;

/// The photo a pupil sends for an item: begins like a JPEG, is nobody else's, and no picture. Nobody looks at it.
pub(crate) fn photo(pupil: u64, item: u16) -> Bytes {
    let mut bytes = Vec::with_capacity(PHOTO_BYTES);
    bytes.extend_from_slice(b"\xff\xd8\xff\xe0\0\x10JFIF\0");
    let mut state = pupil.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (u64::from(item) + 1);
    while bytes.len() < PHOTO_BYTES {
        // xorshift64 (Marsaglia 2003): what does not compress, and costs next to nothing.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.into()
}

/// What a photo is called: SHA-256 of its bytes.
pub(crate) fn name_of(photo: &[u8]) -> String {
    hex::encode(Sha256::digest(photo))
}

fn blank_response(blank: BlankShape, choice: u64) -> Value {
    match blank {
        BlankShape::Choice { options } => json!({ "c": choice % u64::from(options.max(1)) }),
        BlankShape::Choices { options } => json!({ "m": [choice % u64::from(options.max(1))] }),
        BlankShape::Text { .. } => json!({ "t": (choice % 1000).to_string() }),
    }
}

/// An answer of a pupil that fits an item.
pub(crate) fn response(shape: &Shape, pupil: u64, item: u16) -> Value {
    let choice = pupil.wrapping_mul(31).wrapping_add(u64::from(item) * 7);
    let below = |count: u8| choice % u64::from(count.max(1));
    match shape {
        Shape::Choice { options } => json!({ "c": below(*options) }),
        Shape::Choices { options } => json!({ "m": [below(*options)] }),
        Shape::Statements { count } => json!({ "s": (0..*count).map(|at| (choice >> at) & 1 == 1).collect::<Vec<_>>() }),
        Shape::Text { .. } => json!({ "t": (choice % 1000).to_string() }),
        Shape::Pairs { lefts, rights } => {
            json!({ "p": (0..*lefts).map(|at| (choice + u64::from(at)) % u64::from((*rights).max(1))).collect::<Vec<_>>() })
        }
        Shape::Order { count } => json!({ "o": (0..*count).map(|at| (u64::from(at) + choice) % u64::from(*count)).collect::<Vec<_>>() }),
        Shape::Blanks { blanks } => json!({ "b": blanks.iter().map(|blank| blank_response(*blank, choice)).collect::<Vec<_>>() }),
        Shape::Essay { by: EssayRule::Typed } => json!({ "e": ESSAY }),
        // What is heavier for the server, where either may be sent.
        Shape::Essay { .. } => json!({ "w": { "p": [name_of(&photo(pupil, item))] } }),
        Shape::Nothing => Value::Null,
    }
}

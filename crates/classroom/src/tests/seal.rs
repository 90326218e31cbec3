//! What of a paper leaves the server before the bell is sealed, and opens with a key that the bell brings:
//! AES-256-GCM (NIST SP 800-38D), one key a paper, one nonce a thing.

use std::io::Write as _;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::TestError;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// A new key.
pub(super) fn new_key() -> Result<[u8; KEY_BYTES], TestError> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|_| TestError::Seal)?;
    Ok(key)
}

/// Seals a thing: its number, in twelve bytes, is the nonce. The same thing under the same number is the
/// same bytes again; another thing never gets its number.
pub(crate) fn seal(key: &[u8], number: u64, mut bytes: Vec<u8>) -> Result<Vec<u8>, TestError> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| TestError::Seal)?);
    let mut nonce = [0; NONCE_LEN];
    nonce[NONCE_LEN - 8..].copy_from_slice(&number.to_be_bytes());
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes).map_err(|_| TestError::Seal)?;
    Ok(bytes)
}

/// Makes a text small before it is sealed: afterwards nothing can.
pub(super) fn compress(text: &str) -> Result<Vec<u8>, TestError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).map_err(|_| TestError::Seal)?;
    encoder.finish().map_err(|_| TestError::Seal)
}

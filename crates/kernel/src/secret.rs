use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A random value that opens something. It never shows itself in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// 256 bits from the system's randomness.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// A one-time password that a child can copy from a slip of paper: `length` characters without
    /// those that look alike (0/o, 1/l/i, u/v, 2/z, 5/s).
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn readable(length: usize) -> Result<Self, getrandom::Error> {
        const LETTERS: &[u8; 24] = b"abcdefghkmnpqrtwxy346789";
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let mut byte = [0u8; 1];
            getrandom::fill(&mut byte)?;
            // 240 is the largest multiple of 24 in a byte: above it some letters would be likelier.
            if byte[0] < 240 {
                text.push(LETTERS[usize::from(byte[0]) % LETTERS.len()] as char);
            }
        }
        Ok(Self(text))
    }

    /// A secret that came from outside.
    pub fn from_client(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one who may have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored instead of the secret.
    pub fn hash(&self) -> SecretHash {
        SecretHash(hex::encode(Sha256::digest(self.0.as_bytes())))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a [`Secret`], in hexadecimal. Enough for values of 256 random bits; passwords use argon2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretHash(pub String);

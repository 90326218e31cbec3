//! Chance that is the same for ever: ChaCha8 under a seed, with the shuffle written here, so that no other
//! version of a library can deal an old attempt's paper anew.

use std::fmt;

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// What chance is drawn from: 32 bytes that are kept with the paper (secret) or with the attempt.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// From bytes drawn by the caller.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From a number, where a column holds one.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        let mut bytes = *b"........ lopmo scoring seed v1  ";
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        Self(bytes)
    }

    /// The bytes, to be kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A seed is not for logs: the neutral order of a paper follows from it.
impl fmt::Debug for Seed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Seed(…)")
    }
}

/// What is drawn. Each has a stream of its own, so that one does not depend on how often another drew.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    /// The order of questions.
    Questions,
    /// The order inside an item, for a pupil.
    Inner(u16),
    /// The neutral order inside an item.
    Neutral(u16),
}

pub(crate) struct Draws(ChaCha8Rng);

impl Draws {
    pub(crate) fn of(seed: &Seed, stream: Stream) -> Self {
        let mut source = ChaCha8Rng::from_seed(seed.0);
        source.set_stream(match stream {
            Stream::Questions => 0,
            Stream::Inner(item) => (1 << 32) | u64::from(item),
            Stream::Neutral(item) => (2 << 32) | u64::from(item),
        });
        Self(source)
    }

    /// Fisher–Yates with one draw of 64 bits a step, none thrown away.
    pub(crate) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let drawn = u128::from(self.0.next_u64()) * (last as u128 + 1);
            things.swap(last, usize::try_from(drawn >> 64).unwrap_or(last));
        }
    }
}

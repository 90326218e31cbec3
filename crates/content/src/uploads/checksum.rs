use sha1::Sha1;
use sha2::{Digest, Sha256};

/// How a checksum is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// For clients that know no other.
    Sha1,
    /// The better one.
    Sha256,
}

/// What the bytes of one request must add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// How.
    pub algorithm: Algorithm,
    /// The digest.
    pub digest: Vec<u8>,
}

pub(super) enum Running {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    pub(super) fn start(&self) -> Running {
        match self.algorithm {
            Algorithm::Sha1 => Running::Sha1(Sha1::new()),
            Algorithm::Sha256 => Running::Sha256(Sha256::new()),
        }
    }
}

impl Running {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha1(hash) => hash.finalize().to_vec(),
            Self::Sha256(hash) => hash.finalize().to_vec(),
        }
    }
}

//! A player asks for a segment every four seconds: the question whether it may is answered once and
//! the answer kept for half a minute, by cookie and file. So a reader who loses a right keeps
//! segments for half a minute more, and playlists not at all.

use std::time::Duration;

use content::assets::Stream;
use http::{HeaderMap, header};
use kernel::AssetId;
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};

use crate::app::Sessions;

/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(30);
/// Most answers kept: some megabytes.
const MOST: u64 = 20_000;

/// Who was allowed to which stream a moment ago.
#[derive(Clone, Debug)]
pub struct StreamCache(Cache<StreamKey, Stream>);

/// A cookie, as its hash, and a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamKey([u8; 32], AssetId);

impl StreamKey {
    /// Of a request with a session cookie.
    pub fn of(headers: &HeaderMap, asset: AssetId) -> Option<Self> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, secret) = pairs.find(|(name, _)| *name == Sessions::COOKIE)?;
        Some(Self(Sha256::digest(secret.as_bytes()).into(), asset))
    }
}

impl Default for StreamCache {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(KEPT).build())
    }
}

impl StreamCache {
    /// What was answered.
    pub fn lookup(&self, key: &StreamKey) -> Option<Stream> {
        self.0.get(key)
    }

    /// Keeps an answer.
    pub fn keep(&self, key: StreamKey, stream: Stream) {
        self.0.insert(key, stream);
    }
}

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page from `limit + 1` rows asked for: the surplus row only tells that there is more.
    pub fn from_surplus<K: Serialize>(mut rows: Vec<T>, limit: PageLimit, key: impl Fn(&T) -> K) -> Self {
        let full = rows.len() > limit.rows();
        rows.truncate(limit.rows());
        let next = if full { rows.last().map(|row| Cursor::of(&key(row))) } else { None };
        Self { items: rows, next }
    }

    /// The same page with each row changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

/// How many rows a page holds: 50 unless asked, 200 at most.
#[derive(Clone, Copy, Debug)]
pub struct PageLimit(usize);

impl PageLimit {
    /// Clamps what was asked for.
    pub fn asked(rows: Option<u32>) -> Self {
        Self(rows.map_or(50, |rows| rows.clamp(1, 200) as usize))
    }

    /// Rows of a page.
    pub fn rows(self) -> usize {
        self.0
    }

    /// Rows to ask the database for: one more, see [`Page::from_surplus`].
    pub fn with_surplus(self) -> i64 {
        self.0 as i64 + 1
    }
}

/// An opaque place in a list: the sort key of the last row seen, as base64 of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor after a row with this key.
    pub fn of<K: Serialize>(key: &K) -> Self {
        Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default()))
    }

    /// Takes back what a client was given.
    pub fn from_client(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The key inside, or `None` when this is not one of ours.
    pub fn key<K: DeserializeOwned>(&self) -> Option<K> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&self.0).ok()?).ok()
    }

    /// The text a client is given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

//! What goes into the index, what is asked, what comes out.

use serde::{Deserialize, Serialize};

/// One thing that can be found. Ids are opaque texts to this crate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Unique in the index; a later upsert with the same id replaces it.
    pub id: String,
    /// What it is: `lesson`, `material`, …
    pub kind: String,
    /// The giver's own id, from `lopmo library import`.
    pub external_id: Option<String>,
    /// Title; weighs more than the text.
    pub title: String,
    /// The item's own text, plain.
    pub text: String,
    /// Words of captions and transcripts, plain.
    pub captions: String,
    /// Text of attached files, plain.
    pub attached: String,
    /// Tags; searched as text and usable as a filter.
    pub tags: Vec<String>,
    /// Opaque words that only filters ask for, such as `level:th`.
    pub facets: Vec<String>,
    /// Its formulas as LaTeX, found by `$…$` in a query.
    pub formulas: Vec<String>,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// BCP 47.
    pub language: Option<String>,
    /// The organisation that owns it.
    pub owner: Option<String>,
    /// Who may see it: opaque tokens the policy makes. Without one nobody finds it.
    pub readable_by: Vec<String>,
    /// Microseconds since 1970 UTC.
    pub published_at: i64,
    /// Version shown by the hit.
    pub version: i64,
}

/// One change from the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Add, or replace what has the same id.
    Upsert(Box<Document>),
    /// Remove by id; unknown ids are fine.
    Delete(String),
}

/// What a search is narrowed to. Empty fields do not narrow, but for the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Tokens of the caller, made by the policy. A document is found only if it
    /// is readable by one of them; with no tokens nothing is found.
    pub any_of_readers: Vec<String>,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// BCP 47, as written in the document.
    pub language: Option<String>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only with all of these tags, compared folded.
    pub tags: Vec<String>,
    /// Only of this owner.
    pub owner: Option<String>,
    /// Only with all of these facets.
    pub facets: Vec<String>,
}

/// A question to the index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// As typed: any normal form, with or without diacritics; `"…"` is a phrase
    /// that must occur. Empty or without words: everything, newest first.
    pub text: String,
    /// Most hits wanted, at most [`MAX_LIMIT`].
    pub limit: usize,
    /// Hits to skip, at most [`MAX_OFFSET`].
    pub offset: usize,
    /// What it is narrowed to.
    pub filter: Filter,
}

/// Most hits of one answer.
pub const MAX_LIMIT: usize = 100;
/// Deepest page.
pub const MAX_OFFSET: usize = 10_000;
/// Longest query read, in bytes; the rest is ignored.
pub const MAX_QUERY: usize = 2_000;

/// A piece of text, marked or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Plain text; never HTML.
    pub text: String,
    /// Whether the query's words are in it.
    pub highlight: Highlight,
}

/// Whether a segment matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Highlight {
    /// Around a match.
    Plain,
    /// A match.
    Match,
}

/// Text in segments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// In order; joined they are the excerpt.
    pub segments: Vec<Segment>,
}

impl Snippet {
    /// The excerpt without marks.
    pub fn plain(&self) -> String {
        self.segments.iter().map(|part| part.text.as_str()).collect()
    }
}

/// One document found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Document id.
    pub id: String,
    /// Document kind.
    pub kind: String,
    /// The giver's own id.
    pub external_id: Option<String>,
    /// Title, NFC.
    pub title: String,
    /// Title with marks.
    pub title_marked: Snippet,
    /// The best place of text, captions or attachments; empty when the document has none.
    pub snippet: Snippet,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// BCP 47.
    pub language: Option<String>,
    /// Microseconds since 1970 UTC.
    pub published_at: i64,
    /// Version indexed.
    pub version: i64,
    /// Higher is better; comparable within one answer only.
    pub score: f32,
}

/// One page of hits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Documents that match in all, visible ones only.
    pub total: usize,
    /// This page, best first.
    pub hits: Vec<Hit>,
}

//! XQuAD-vi as a judged collection: each question's passage is its one relevant document.
#![allow(clippy::unwrap_used, reason = "shared by a test and a bench")]

use std::path::PathBuf;

use exchange::vietnamese::fold;
use search::{Change, Document, Filter, Index, Query};
use unicode_normalization::UnicodeNormalization;

/// Passages, and questions with the number of their passage.
pub struct Collection {
    /// Passages.
    pub passages: Vec<String>,
    /// Question and passage number.
    pub questions: Vec<(String, usize)>,
}

/// The collection, or `None` on a machine without the samples.
pub fn load() -> Option<Collection> {
    let place = std::env::var_os("LOPMO_SAMPLES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"), PathBuf::from);
    let bytes = std::fs::read(place.join("search/xquad.vi.json")).ok()?;
    let json: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    let mut collection = Collection { passages: Vec::new(), questions: Vec::new() };
    for article in json["data"].as_array()? {
        for paragraph in article["paragraphs"].as_array()? {
            for question in paragraph["qas"].as_array()? {
                let text = question["question"].as_str()?.to_owned();
                collection.questions.push((text, collection.passages.len()));
            }
            collection.passages.push(paragraph["context"].as_str()?.to_owned());
        }
    }
    Some(collection)
}

/// How a question is typed.
#[derive(Clone, Copy)]
pub enum Typing {
    /// As it is.
    Accented,
    /// All diacritics stripped.
    Stripped,
    /// Decomposed, as macOS file names and some keyboards give it.
    Decomposed,
    /// `hoà`, `thuý`: the tone on the second vowel.
    OtherTonePlacement,
}

impl Typing {
    fn apply(self, text: &str) -> String {
        match self {
            Self::Accented => text.to_owned(),
            Self::Stripped => fold(text),
            Self::Decomposed => text.nfd().collect(),
            Self::OtherTonePlacement => {
                let pairs = [
                    ("òa", "oà"),
                    ("óa", "oá"),
                    ("ỏa", "oả"),
                    ("õa", "oã"),
                    ("ọa", "oạ"),
                    ("òe", "oè"),
                    ("óe", "oé"),
                    ("ỏe", "oẻ"),
                    ("õe", "oẽ"),
                    ("ọe", "oẹ"),
                    ("ùy", "uỳ"),
                    ("úy", "uý"),
                    ("ủy", "uỷ"),
                    ("ũy", "uỹ"),
                    ("ụy", "uỵ"),
                ];
                pairs.iter().fold(text.nfc().collect(), |text: String, (old, new)| text.replace(old, new))
            }
        }
    }
}

/// Fills an index with the passages, ids being their numbers.
pub fn fill(index: &Index, collection: &Collection) {
    let batch: Vec<Change> = collection
        .passages
        .iter()
        .enumerate()
        .map(|(number, text)| {
            Change::Upsert(Box::new(Document {
                id: number.to_string(),
                kind: "material".to_owned(),
                text: text.clone(),
                readable_by: vec!["all".to_owned()],
                ..Document::default()
            }))
        })
        .collect();
    index.apply(&batch, 1).unwrap();
}

/// Mean nDCG@10 over every `step`-th question.
pub fn ndcg(index: &Index, collection: &Collection, typing: Typing, step: usize) -> f64 {
    let mut sum = 0.0;
    let mut count = 0.0;
    for (question, relevant) in collection.questions.iter().step_by(step) {
        let results = index
            .search(&Query {
                text: typing.apply(question),
                limit: 10,
                offset: 0,
                filter: Filter { any_of_readers: vec!["all".to_owned()], ..Filter::default() },
            })
            .unwrap();
        let wanted = relevant.to_string();
        if let Some(rank) = results.hits.iter().position(|hit| hit.id == wanted) {
            sum += 1.0 / ((rank + 2) as f64).log2();
        }
        count += 1.0;
    }
    sum / count
}

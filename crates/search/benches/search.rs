//! Figures of the search index as one JSON object on standard output:
//! ranking on XQuAD-vi (when the samples are there), indexing and query speed on
//! a synthetic library of passages, memory.
#![allow(clippy::unwrap_used, reason = "a bench may end at the first error")]
#![allow(missing_docs, reason = "a bench has no readers of its documentation")]

#[path = "../tests/xquad/mod.rs"]
mod xquad;

use std::time::Instant;

use search::{Change, Document, Filter, Index, Query};
use serde_json::{Value, json};
use xquad::Typing;

/// Documents of the speed test and syllables of each, as in `versions.md`.
const DOCUMENTS: usize = 50_000;
const SYLLABLES: usize = 128;

fn main() {
    let quality = xquad::load().map_or(Value::Null, |collection| {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path()).unwrap();
        xquad::fill(&index, &collection);
        json!({
            "passages": collection.passages.len(),
            "questions": collection.questions.len(),
            "ndcg10_accented": xquad::ndcg(&index, &collection, Typing::Accented, 1),
            "ndcg10_stripped": xquad::ndcg(&index, &collection, Typing::Stripped, 1),
            "ndcg10_decomposed": xquad::ndcg(&index, &collection, Typing::Decomposed, 1),
            "ndcg10_other_tone_placement": xquad::ndcg(&index, &collection, Typing::OtherTonePlacement, 1),
        })
    });
    println!("{}", json!({ "bench": "search", "quality": quality, "speed": speed() }));
}

/// Syllables from onset, rhyme and tone under a Zipf-like law; a fixed seed.
struct Words {
    state: u64,
    vocabulary: Vec<String>,
}

impl Words {
    fn new() -> Self {
        let onsets =
            ["", "b", "c", "ch", "d", "đ", "g", "gi", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "s", "t", "th", "tr", "v", "x"];
        let rhymes = [
            "a", "à", "á", "ạ", "an", "án", "ang", "ao", "ác", "âm", "âu", "ăn", "e", "ê", "ếp", "i", "in", "inh", "iên", "iều", "o", "oa",
            "óa", "ôn", "ông", "ơi", "ơn", "u", "uy", "úy", "uân", "ương", "ước", "ừng", "y",
        ];
        let mut vocabulary: Vec<String> =
            onsets.iter().flat_map(|onset| rhymes.iter().map(move |rhyme| format!("{onset}{rhyme}"))).collect();
        vocabulary.extend((0..4_000).map(|number| format!("tên{number}")));
        Self { state: 0x9e37_79b9_7f4a_7c15, vocabulary }
    }

    fn next(&mut self) -> &str {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let uniform = (self.state >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = ((self.vocabulary.len() as f64).powf(uniform) - 1.0) as usize;
        &self.vocabulary[rank.min(self.vocabulary.len() - 1)]
    }

    fn text(&mut self, count: usize) -> String {
        let mut out = String::new();
        for _ in 0..count {
            out.push_str(self.next());
            out.push(' ');
        }
        out
    }
}

fn speed() -> Value {
    let mut words = Words::new();
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let mut indexing = 0.0;
    for batch in 0..DOCUMENTS / 5_000 {
        let changes: Vec<Change> = (0..5_000).map(|number| document(batch * 5_000 + number, &mut words)).collect();
        let start = Instant::now();
        index.apply(&changes, i64::try_from(batch).unwrap()).unwrap();
        indexing += start.elapsed().as_secs_f64();
    }
    let one = document(7, &mut words);
    let start = Instant::now();
    index.apply(&[one], 100).unwrap();
    let one_update_ms = start.elapsed().as_secs_f64() * 1e3;
    index.rest().unwrap();
    let bytes: u64 = std::fs::read_dir(folder.path()).unwrap().flatten().map(|file| file.metadata().unwrap().len()).sum();
    json!({
        "documents": DOCUMENTS,
        "documents_per_second": (DOCUMENTS as f64 / indexing).round(),
        "one_update_ms": one_update_ms,
        "index_bytes": bytes,
        "query_3_words_ms": latency(&index, &mut words, 3),
        "query_12_words_ms": latency(&index, &mut words, 12),
        "resident_bytes": resident(),
    })
}

fn document(number: usize, words: &mut Words) -> Change {
    Change::Upsert(Box::new(Document {
        id: number.to_string(),
        kind: "lesson".to_owned(),
        title: words.text(8),
        text: words.text(SYLLABLES),
        subject: Some("toan".to_owned()),
        grade: Some(u8::try_from(number % 12).unwrap() + 1),
        readable_by: vec![format!("school:{}", number % 20), "all".to_owned()],
        ..Document::default()
    }))
}

fn latency(index: &Index, words: &mut Words, count: usize) -> Value {
    let mut times: Vec<f64> = (0..300)
        .map(|_| {
            let query = Query {
                text: words.text(count),
                limit: 20,
                offset: 0,
                filter: Filter { any_of_readers: vec!["all".to_owned(), "school:3".to_owned()], ..Filter::default() },
            };
            let start = Instant::now();
            index.search(&query).unwrap();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    json!({ "p50": times[times.len() / 2], "p99": times[times.len() * 99 / 100] })
}

/// Linux only; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes * 1024)
}

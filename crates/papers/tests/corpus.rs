//! The corpus of the fuzzers, replayed: what once hurt a reader, and a beginning for each.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption is a failed test")]

#[path = "../../../fuzz/src/targets.rs"]
mod targets;

use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;

/// Unoptimised and beside other tests; the fuzzer itself allows no file more than ten seconds.
const LONGEST: Duration = Duration::from_secs(20);

fn files(name: &str) -> Vec<std::path::PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut files: Vec<_> = std::fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn no_file_of_the_corpus_panics_or_hangs() {
    for (name, target) in targets::TARGETS {
        let files = files(name);
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            assert!(bytes.len() <= 64 << 10, "{} is too large for the tree", file.display());
            let started = Instant::now();
            target(&bytes);
            assert!(started.elapsed() < LONGEST, "{} takes {:?}", file.display(), started.elapsed());
        }
    }
}

/// A change to a file: at a place, so many bytes away, these put there.
type Change = (prop::sample::Index, usize, Vec<u8>);

fn change() -> impl Strategy<Value = Change> {
    let put = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            "<",
            ">",
            "\"",
            "&",
            "{",
            "}",
            "\\",
            "$",
            "|",
            "~",
            "=",
            "\0",
            "\n",
            "\n\n",
            "A.",
            "Câu 1.",
            "a)",
            "HẾT",
            "Đáp án: ",
            "1",
            "-1",
            "99999999999",
            "]]>",
            "é",
            "\u{301}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    (any::<prop::sample::Index>(), 0_usize..24, put)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_spoilt_file_of_the_corpus_panics(chosen in 0..targets::TARGETS.len(), at in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..5)) {
        let (name, target) = targets::TARGETS[chosen];
        let files = files(name);
        let mut bytes = std::fs::read(at.get(&files)).unwrap();
        for (at, away, put) in changes {
            let from = at.index(bytes.len() + 1);
            bytes.splice(from..(from + away).min(bytes.len()), put);
        }
        target(&bytes);
    }
}

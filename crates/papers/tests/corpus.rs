//! The corpus of the fuzzers, replayed: what once hurt a reader, and a beginning for each.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption is a failed test")]

#[path = "../../../fuzz/src/targets.rs"]
mod targets;

use std::path::Path;
use std::time::{Duration, Instant};

/// Unoptimised and beside other tests; the fuzzer itself allows no file more than ten seconds.
const LONGEST: Duration = Duration::from_secs(20);

#[test]
fn no_file_of_the_corpus_panics_or_hangs() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (name, target) in targets::TARGETS {
        let files: Vec<_> = std::fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
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

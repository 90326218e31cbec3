//! Real papers, where the samples are there.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests may stop and tell")]

mod support;

use std::path::{Path, PathBuf};

use support::show::shown;

fn samples() -> Vec<PathBuf> {
    let folder = Path::new("/work/shared/samples/questions");
    let mut files: Vec<PathBuf> = ["word", "tables"]
        .iter()
        .filter_map(|kind| std::fs::read_dir(folder.join(kind)).ok())
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "docx"))
        .collect();
    files.sort();
    files
}

#[test]
fn sample_papers_become_documents() {
    let files = samples();
    if files.is_empty() {
        println!("skipped: no samples here");
    }
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let read = papers::docx::read_document(&bytes).unwrap();
        assert!(!read.document.blocks.is_empty(), "{}", path.display());
        if std::env::var_os("SHOW_DOCUMENTS").is_some() {
            println!("=== {}\n{}", path.display(), shown(&read.document));
            read.report.iter().for_each(|entry| println!("! {entry:?}"));
            read.media.iter().for_each(|media| println!("+ {} {} {}", media.file, media.mime, media.content.len()));
        }
    }
}

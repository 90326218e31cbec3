//! Real papers, where the samples are there: every question found, every key right.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::panic, reason = "tests may stop and tell")]

#[path = "layout/sheet.rs"]
#[allow(dead_code, reason = "only what shows keys is needed here")]
mod sheet;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use papers::Paper;
use papers::docx::{Formulas, read_document_with};
use papers::math::mtef;
use papers::metafile;

fn folder(name: &str) -> PathBuf {
    Path::new("/work/shared/samples/questions").join(name)
}

fn read(path: &Path) -> Paper {
    let bytes = std::fs::read(path).unwrap();
    let mut paper = Paper::default();
    if path.extension().is_some_and(|extension| extension == "pdf") {
        let read = papers::pdf::document(&bytes).unwrap();
        paper.report = read.report;
        papers::layout::interpret(&read.document, &mut paper);
        return paper;
    }
    let formulas = Formulas {
        ole: |bytes| mtef::from_ole(bytes).ok(),
        preview: |bytes, _| metafile::to_svg(bytes).ok().map(|svg| (svg, "image/svg+xml")),
    };
    let read = read_document_with(&bytes, formulas).unwrap();
    paper.media = read.media;
    paper.report = read.report;
    papers::layout::interpret(&read.document, &mut paper);
    paper
}

#[test]
fn real_word_papers_give_every_question_and_key() {
    let keys = folder("word/keys.json");
    let Ok(text) = std::fs::read_to_string(&keys) else {
        return println!("skipped: {} is not here", keys.display());
    };
    let keys: BTreeMap<String, BTreeMap<u32, String>> = serde_json::from_str(&text).unwrap();
    for (name, keys) in keys {
        let paper = read(&folder("word").join(&name));
        let expected: Vec<String> = keys.iter().map(|(number, key)| format!("{number}:{key}")).collect();
        assert_eq!(sheet::keys(&paper), expected.join(" "), "{name}\n{}", sheet::report(&paper));
        assert!(paper.questions.iter().all(|question| question.options.len() == 4), "{name}");
    }
}

#[test]
fn real_tables_of_questions_give_every_question_and_key() {
    let Ok(files) = std::fs::read_dir(folder("tables")) else {
        return println!("skipped: {} is not here", folder("tables").display());
    };
    for path in files.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let expected: Vec<BTreeMap<String, serde_json::Value>> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let paper = read(&path.with_extension("docx"));
        let said: Vec<&str> = expected.iter().map(|row| row["Choice"].as_str().unwrap()).collect();
        let found: Vec<String> = paper.questions.iter().map(sheet::key).collect();
        assert_eq!(found, said, "{}\n{}", path.display(), sheet::report(&paper));
        assert!(paper.questions.iter().all(|question| question.options.len() == 4), "{}", path.display());
    }
}

/// `SHOW=FILE cargo test -p papers --test samples -- --nocapture show` prints how a file is read.
#[test]
fn show_a_file() {
    let Some(path) = std::env::var_os("SHOW") else { return };
    let paper = read(Path::new(&path));
    for question in &paper.questions {
        println!(
            "— {} [{:?}{}] {}",
            sheet::shown(question),
            question.kind,
            question.level.map(|level| format!(" {level:?}")).unwrap_or_default(),
            question.stem.to_text()
        );
        for option in &question.options {
            println!("    {}. {}", option.label, option.content.to_text());
        }
        for statement in &question.statements {
            println!("    {}) {:?} {}", statement.label, statement.level, statement.content.to_text());
        }
        if let Some(explanation) = &question.explanation {
            println!("    ⇒ {}", explanation.to_text());
        }
    }
    println!("{}\n{}", sheet::keys(&paper), sheet::report(&paper));
}

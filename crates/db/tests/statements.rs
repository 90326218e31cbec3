//! Every statement of every crate, read from the source and prepared on both engines: no statement
//! waits for its first use to be found wrong.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::path::{Path, PathBuf};

use db::testing::engines;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The literal that starts at the beginning of `text`, with its escapes undone; `None` when it is no literal.
fn literal(text: &str) -> Option<String> {
    if let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.chars().take_while(|sign| *sign == '#').count();
        let body = raw[hashes..].strip_prefix('"')?;
        let end = body.find(&format!("\"{}", "#".repeat(hashes)))?;
        return Some(body[..end].to_owned());
    }
    let mut made = String::new();
    let mut letters = text.strip_prefix('"')?.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Some(made),
            '\\' => match letters.next()? {
                'n' => made.push('\n'),
                't' => made.push('\t'),
                // A line that goes on: its break and the white space after it are not there.
                '\n' => while letters.next_if(|next| next.is_whitespace()).is_some() {},
                other => made.push(other),
            },
            other => made.push(other),
        }
    }
    None
}

/// (file and line, text) of every `sql!("…")` in the sources of all crates.
fn statements() -> Vec<(String, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&crates).unwrap() {
        let source = entry.unwrap().path().join("src");
        if source.is_dir() {
            sources(&source, &mut files);
        }
    }
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (place, _) in text.match_indices("sql!(") {
            let line_start = text[..place].rfind('\n').map_or(0, |at| at + 1);
            let prefix = &text[line_start..place];
            if prefix.contains("//") || prefix.contains('`') {
                continue;
            }
            let line = text[..place].matches('\n').count() + 1;
            let at = format!("{}:{line}", file.strip_prefix(&crates).unwrap().display());
            let statement = literal(text[place + 5..].trim_start());
            all.push((at.clone(), statement.unwrap_or_else(|| panic!("{at}: sql! takes a literal"))));
        }
    }
    all
}

#[tokio::test]
async fn every_statement_can_be_prepared_on_both_engines() {
    let statements = statements();
    assert!(statements.len() > 100, "only {} statements were found", statements.len());
    let mut wrong = Vec::new();
    for test in engines().await {
        for (at, text) in &statements {
            if let Err(error) = test.env.db.check_statement(Box::leak(text.clone().into_boxed_str())).await {
                wrong.push(format!("{:?} {at}: {error}\n{text}", test.env.db.engine()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} statements:\n{}", wrong.len(), wrong.join("\n\n"));
}

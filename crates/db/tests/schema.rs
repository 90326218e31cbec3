//! The two sets of migrations make the same schema: the same tables, columns, types, NULLs, keys and indexes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha384};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations")
}

/// The migrations of an engine, in order.
fn files(engine: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder().join(engine)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What they say, without comments and in one spelling.
fn statements(engine: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for file in files(engine) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let text: String = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
        for statement in text.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            all.push((name.clone(), in_one_spelling(statement)));
        }
    }
    all
}

/// A statement in words that are the same for both engines. SQLite's INTEGER stands for both BIGINT
/// and BOOLEAN, so these are one word here; that booleans decode is tested where they are read.
fn in_one_spelling(statement: &str) -> String {
    // How rows lie on the disk is each engine's own matter.
    let statement = statement.replace(", WITHOUT ROWID", "").replace("WITH (fillfactor = 70)", "");
    let spaced = statement.replace('(', " ( ").replace(')', " ) ").replace(',', " , ");
    let mut words = Vec::new();
    let mut skip_collation = false;
    for word in spaced.split_whitespace() {
        if std::mem::take(&mut skip_collation) {
            continue;
        }
        words.push(match word {
            "BIGINT" | "BOOLEAN" | "INTEGER" => "INTEGER",
            "UUID" | "BYTEA" | "BLOB" => "BLOB",
            "DOUBLE" => "REAL",
            "PRECISION" | "STRICT" => continue,
            "COLLATE" => {
                skip_collation = true;
                continue;
            }
            "TRUE" => "1",
            "FALSE" => "0",
            other => other,
        });
    }
    words.join(" ")
}

#[test]
fn the_two_sets_of_migrations_make_the_same_schema() {
    let (sqlite, postgres) = (statements("sqlite"), statements("postgres"));
    for (one, other) in sqlite.iter().zip(&postgres) {
        assert_eq!(one, other);
    }
    assert_eq!(sqlite.len(), postgres.len());
}

/// A database remembers the text of each migration it ran and refuses another: what was landed stays as it was, to the
/// letter. `UPDATE_MIGRATIONS=1` adds new ones to the list.
#[test]
fn a_landed_migration_is_never_edited() {
    let list = folder().join("checksums.txt");
    let mut landed = std::fs::read_to_string(&list).unwrap();
    let update = std::env::var_os("UPDATE_MIGRATIONS").is_some();
    let mut found = 0;
    for engine in ["sqlite", "postgres"] {
        for file in files(engine) {
            let name = format!("{engine}/{}", file.file_name().unwrap().to_string_lossy());
            let line = format!("{} {name}", hex::encode(Sha384::digest(std::fs::read(&file).unwrap())));
            found += 1;
            match landed.lines().find(|line| line.ends_with(&name)) {
                Some(earlier) => assert_eq!(earlier, line, "{name} was landed; what is to change comes as a new migration"),
                None if update => landed.push_str(&format!("{line}\n")),
                None => panic!("{name} is not in migrations/checksums.txt: run UPDATE_MIGRATIONS=1 cargo test -p db --test schema"),
            }
        }
    }
    assert_eq!(found, landed.lines().count(), "a landed migration is gone");
    if update {
        std::fs::write(&list, landed).unwrap();
    }
}

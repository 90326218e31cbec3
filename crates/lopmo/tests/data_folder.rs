//! One server a data folder; what it does to the database there before it serves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use db::{Db, DbUrl};
use support::{Ground, text};

#[test]
fn a_second_server_on_the_same_folder_refuses_and_names_the_first() {
    let ground = Ground::new();
    let first = ground.serve();
    let second = ground.command(&["serve"]).env("LOPMO_LISTEN", "127.0.0.1:0").output().unwrap();
    assert!(!second.status.success());
    assert!(text(&second).contains("another lopmo server (process "), "{}", text(&second));
    assert!(first.stop(), "the first ends in good order");
    assert!(ground.serve().stop(), "and then another may serve");
}

#[test]
fn nobody_else_on_the_machine_can_read_what_a_server_keeps_in_an_open_folder() {
    use std::os::unix::fs::PermissionsExt as _;

    let ground = Ground::new();
    std::fs::create_dir_all(ground.data()).unwrap();
    std::fs::set_permissions(ground.data(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let _server = ground.serve();
    for entry in std::fs::read_dir(ground.data()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} has mode {:o}", entry.file_name(), mode);
    }
}

#[test]
fn a_server_that_was_killed_leaves_nothing_that_hinders_the_next() {
    let ground = Ground::new();
    drop(ground.serve());
    assert!(ground.serve().stop());
}

#[test]
fn migrating_under_a_running_server_is_refused() {
    let ground = Ground::new();
    let _server = ground.serve();
    let migrate = ground.run(&["migrate"]);
    assert!(!migrate.status.success());
    assert!(text(&migrate).contains("another lopmo server"), "{}", text(&migrate));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_an_unknown_migration_is_refused_and_not_touched() {
    let ground = Ground::new();
    assert!(ground.run(&["migrate"]).status.success());
    let file = ground.data().join("lopmo.db");
    execute(
        &file,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .await;
    let before = std::fs::read(&file).unwrap();
    for command in [&["serve"][..], &["migrate"], &["worker"]] {
        let output = ground.run(command);
        assert!(!output.status.success());
        assert!(text(&output).contains("newer lopmo") && text(&output).contains("9999"), "{}", text(&output));
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_schema_changes_a_copy_of_the_database_is_made() {
    let ground = Ground::new();
    assert!(ground.run(&["migrate"]).status.success());
    let file = ground.data().join("lopmo.db");
    one_migration_behind(&file).await;
    execute(&file, "INSERT INTO setting (name, value) VALUES ('kept', 'yes')").await;
    let output = ground.run(&["migrate"]);
    assert!(output.status.success(), "{}", text(&output));
    let copies: Vec<_> = std::fs::read_dir(ground.data().join("backups")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(copies.len(), 1, "{}", text(&output));
    let copy = Db::connect(&DbUrl::Sqlite(copies[0].clone())).await.unwrap();
    assert!(matches!(db::migration_state(&copy).await.unwrap(), db::MigrationState::Behind(1)), "the copy is of before");
}

async fn execute(file: &std::path::Path, statement: &str) {
    use sqlx::{Connection as _, Executor as _};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true).foreign_keys(false);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(statement.to_owned())).await.unwrap();
    // Folded into the file, so that the file alone is the database.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    connection.close().await.unwrap();
}

/// Puts a database in the place of a current one as the program before the last migration left it.
async fn one_migration_behind(file: &std::path::Path) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
    let mut migrations: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    migrations.sort();
    let last = migrations.pop().unwrap();
    let version: i64 = last.file_name().unwrap().to_str().unwrap().split('_').next().unwrap().parse().unwrap();
    let current = file.with_extension("current");
    std::fs::rename(file, &current).unwrap();
    let applied = format!(
        "ATTACH '{}' AS current; CREATE TABLE _sqlx_migrations AS SELECT * FROM current._sqlx_migrations WHERE version < {version}; DETACH current",
        current.display()
    );
    for text in migrations.iter().map(|path| std::fs::read_to_string(path).unwrap()).chain([applied]) {
        execute(file, &text).await;
    }
}

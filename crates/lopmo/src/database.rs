//! Opening the database, and bringing its schema up to this program after a copy was made.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use db::{Db, DbError, DbUrl, MigrationState};
use kernel::Timestamp;

use crate::data_folder::DataFolder;

/// Whether a copy must stand before a schema changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copying {
    /// It must.
    Needed,
    /// The operator has one of her own.
    LeftToTheOperator,
}

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It cannot be reached.
    #[error("database {place}: {cause}")]
    Unreachable {
        /// Which, without its password.
        place: String,
        /// Why.
        cause: DbError,
    },
    /// The schema is not one that this program can use or change.
    #[error("{0}. Nothing was changed: start the newer lopmo again, or restore a copy of the database from before it")]
    Newer(DbError),
    /// A statement of the schema failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The copy failed, so nothing was changed.
    #[error(
        "the schema must change, but no copy of the database could be made first: {0}. Nothing was changed. Copy it yourself and use --without-copy"
    )]
    NoCopy(String),
    /// A worker met an old schema.
    #[error("the database is behind this program: start `lopmo serve` or run `lopmo migrate` first")]
    Behind,
}

/// Connects.
///
/// # Errors
/// [`DatabaseError::Unreachable`].
pub async fn connect(url: &DbUrl) -> Result<Db, DatabaseError> {
    Db::connect(url).await.map_err(|cause| DatabaseError::Unreachable { place: place(url), cause })
}

/// Brings the schema up to this program, after a copy if there is something to lose.
/// Returns where the copy is.
///
/// # Errors
/// [`DatabaseError`]; nothing was changed then.
pub async fn bring_up(
    db: &Db,
    url: &DbUrl,
    folder: &DataFolder,
    now: Timestamp,
    copying: Copying,
) -> Result<Option<PathBuf>, DatabaseError> {
    let state = state(db).await?;
    let copy = match (state, copying) {
        (MigrationState::Current, _) => return Ok(None),
        (MigrationState::Behind(_), Copying::Needed) => Some(copy(db, url, folder, now).await?),
        (MigrationState::Empty, _) | (MigrationState::Behind(_), Copying::LeftToTheOperator) => None,
    };
    db::migrate(db).await?;
    Ok(copy)
}

/// Refuses a schema that is not this program's.
///
/// # Errors
/// [`DatabaseError`].
pub async fn expect_current(db: &Db) -> Result<(), DatabaseError> {
    match state(db).await? {
        MigrationState::Current => Ok(()),
        MigrationState::Empty | MigrationState::Behind(_) => Err(DatabaseError::Behind),
    }
}

/// How the schema stands.
///
/// # Errors
/// [`DatabaseError::Newer`] when the database has a migration this program does not know.
pub async fn state(db: &Db) -> Result<MigrationState, DatabaseError> {
    db::migration_state(db).await.map_err(|error| match error {
        DbError::UnknownMigration(_) => DatabaseError::Newer(error),
        other => DatabaseError::Db(other),
    })
}

async fn copy(db: &Db, url: &DbUrl, folder: &DataFolder, now: Timestamp) -> Result<PathBuf, DatabaseError> {
    let stamp: String = now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let target = |ending: &str| folder.backups().join(format!("before-migration-{stamp}.{ending}"));
    match url {
        DbUrl::Sqlite(_) => {
            let file = target("db");
            db.copy_to(&file).await.map_err(|error| DatabaseError::NoCopy(error.to_string()))?;
            Ok(file)
        }
        DbUrl::Postgres(address) => {
            let file = target("dump");
            dump(address, &file).await.map_err(DatabaseError::NoCopy)?;
            Ok(file)
        }
    }
}

async fn dump(address: &str, file: &Path) -> Result<(), String> {
    let mut command = tokio::process::Command::new("pg_dump");
    // The address is not an argument: those everybody on the machine can read.
    for (name, value) in libpq_variables(address)? {
        command.env(name, value);
    }
    command.args(["--format=custom", "--no-password", "--file"]).arg(file).stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.map_err(|error| format!("pg_dump: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    // A half-written copy would look like a whole one.
    let _ = std::fs::remove_file(file);
    Err(format!("pg_dump: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

fn libpq_variables(address: &str) -> Result<Vec<(&'static str, String)>, String> {
    let url = url::Url::parse(address).map_err(|error| format!("database.url: {error}"))?;
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut variables = vec![("PGDATABASE", decoded(url.path().trim_start_matches('/'))), ("PGUSER", decoded(url.username()))];
    variables.extend(url.host_str().map(|host| ("PGHOST", decoded(host))));
    variables.extend(url.port().map(|port| ("PGPORT", port.to_string())));
    variables.extend(url.password().map(|password| ("PGPASSWORD", decoded(password))));
    for (key, value) in url.query_pairs() {
        match &*key {
            "host" => variables.push(("PGHOST", value.into_owned())),
            "sslmode" => variables.push(("PGSSLMODE", value.into_owned())),
            _ => {}
        }
    }
    variables.retain(|(_, value)| !value.is_empty());
    Ok(variables)
}

/// A database's place without its password, for messages.
pub fn place(url: &DbUrl) -> String {
    match url {
        DbUrl::Sqlite(path) => path.display().to_string(),
        DbUrl::Postgres(address) => url::Url::parse(address).map_or_else(
            |_| "postgres".to_owned(),
            |url| format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or("local socket"), url.path()),
        ),
    }
}

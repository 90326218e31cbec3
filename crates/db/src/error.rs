/// What can go wrong between us and the database.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A statement failed; the cause is for the log.
    #[error("database: {0}")]
    Sql(#[source] sqlx::Error),
    /// A unique value is taken already.
    #[error("a unique value is taken already")]
    Unique,
    /// A row is still referred to, or refers to nothing.
    #[error("a reference does not hold")]
    Reference,
    /// The disk or the quota of the database is full.
    #[error("the disk is full")]
    DiskFull,
    /// The database has a migration that this program does not know: it is newer than the program.
    #[error("the database was made by a newer lopmo: it has migration {0}, which this program does not know")]
    UnknownMigration(i64),
    /// A migration failed or was edited after it ran.
    #[error("migration: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A stored value is not what the program expects.
    #[error("stored value: {0}")]
    Stored(String),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        let Some(database) = error.as_database_error() else {
            return Self::Sql(error);
        };
        match database.kind() {
            ErrorKind::UniqueViolation => Self::Unique,
            ErrorKind::ForeignKeyViolation => Self::Reference,
            // SQLITE_FULL is 13; PostgreSQL's disk_full is 53100.
            _ if matches!(database.code().as_deref(), Some("13" | "53100")) => Self::DiskFull,
            _ => Self::Sql(error),
        }
    }
}

impl From<serde_json::Error> for DbError {
    fn from(error: serde_json::Error) -> Self {
        Self::Stored(error.to_string())
    }
}

impl From<kernel::UnknownWord> for DbError {
    fn from(error: kernel::UnknownWord) -> Self {
        Self::Stored(error.to_string())
    }
}

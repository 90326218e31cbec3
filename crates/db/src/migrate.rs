use std::path::Path;

use sqlx::migrate::{MigrateError, Migrator};

use crate::connect::{Db, Pools};
use crate::error::DbError;
use crate::query::Query;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Texts of migrations that were landed and then edited, by version, as sqlx writes them down (SHA-384). The first form
/// of 18 made a narrower index, which 19 makes anew; a database that ran either goes on.
const EARLIER_TEXTS: [(i64, &str); 1] =
    [(18, "0a39a5a6e4965bf78d5880746214a352e6bc653dfbec5b3aba1cf423bdd918e600cf0433fbecb6f192cb290311cbe3b4")];

/// How the schema of a database stands to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationState {
    /// There is no schema yet.
    Empty,
    /// Migrations of this program are missing; the number of them.
    Behind(usize),
    /// The schema is the one of this program.
    Current,
}

impl Db {
    fn migrator(&self) -> &'static Migrator {
        match self.pools {
            Pools::Sqlite { .. } => &SQLITE,
            Pools::Postgres(_) => &POSTGRES,
        }
    }

    async fn applied_migrations(&self) -> Result<Vec<i64>, DbError> {
        const TEXT: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
        macro_rules! applied {
            ($lender:expr, $exists:literal) => {{
                let mut lent = $lender.lend().await?;
                let exists = sqlx::query_scalar($exists).fetch_one(&mut *lent).await?;
                if exists { sqlx::query_scalar(TEXT).fetch_all(&mut *lent).await? } else { Vec::new() }
            }};
        }
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => applied!(readers, "SELECT count(*) > 0 FROM sqlite_master WHERE name = '_sqlx_migrations'"),
            Pools::Postgres(pool) => applied!(pool, "SELECT to_regclass('_sqlx_migrations') IS NOT NULL"),
        })
    }

    /// Writes down today's text of a migration where an earlier one ran.
    async fn accept_earlier_texts(&self) -> Result<(), DbError> {
        let applied = self.applied_migrations().await?;
        for (version, earlier) in EARLIER_TEXTS {
            let Some(today) = self.migrator().iter().find(|migration| migration.version == version) else { continue };
            if applied.contains(&version) {
                let mut tx = self.write().await?;
                Query::new("UPDATE _sqlx_migrations SET checksum = $1 WHERE version = $2 AND checksum = $3")
                    .bind(today.checksum.to_vec())
                    .bind(version)
                    .bind(hex::decode(earlier).map_err(|error| DbError::Stored(error.to_string()))?)
                    .execute(&mut tx)
                    .await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Writes a consistent copy of an SQLite database to a new file.
    ///
    /// # Errors
    /// [`DbError`]; on PostgreSQL, which copies with its own tools, an explanation.
    pub async fn copy_to(&self, file: &Path) -> Result<(), DbError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                sqlx::query("VACUUM INTO $1").bind(file.to_string_lossy().into_owned()).execute(&mut *writer.lend().await?).await?;
                Ok(())
            }
            Pools::Postgres(_) => Err(DbError::Stored("PostgreSQL is copied with pg_dump".to_owned())),
        }
    }
}

/// Compares the schema with the migrations of this program.
///
/// # Errors
/// [`DbError::UnknownMigration`] when the database is newer than the program.
pub async fn migration_state(db: &Db) -> Result<MigrationState, DbError> {
    let applied = db.applied_migrations().await?;
    let known: Vec<i64> = db.migrator().iter().map(|migration| migration.version).collect();
    if let Some(unknown) = applied.iter().find(|version| !known.contains(version)) {
        return Err(DbError::UnknownMigration(*unknown));
    }
    Ok(match (applied.len(), known.len() - applied.len()) {
        (0, _) => MigrationState::Empty,
        (_, 0) => MigrationState::Current,
        (_, missing) => MigrationState::Behind(missing),
    })
}

/// Makes the schema as it was before a migration, to test what that one does with what it finds.
#[cfg(any(test, feature = "testing"))]
pub(crate) async fn migrate_before(db: &Db, version: i64) -> Result<(), MigrateError> {
    let earlier = db.migrator().iter().filter(|migration| migration.version < version).cloned().collect();
    run(db, &Migrator::with_migrations(earlier)).await
}

/// With a migration that fails ends its connection, and with that the lock which keeps other servers from migrating.
async fn run(db: &Db, migrator: &Migrator) -> Result<(), MigrateError> {
    macro_rules! run_on {
        ($lender:expr) => {{
            let mut lent = $lender.lend().await?;
            if let Err(error) = migrator.run(&mut *lent).await {
                let _ = lent.close().await;
                return Err(error);
            }
        }};
    }
    match &db.pools {
        Pools::Sqlite { writer, .. } => run_on!(writer),
        Pools::Postgres(pool) => run_on!(pool),
    }
    Ok(())
}

/// Brings the schema up to this program. Several servers may call it at once.
///
/// # Errors
/// [`DbError::UnknownMigration`] when the database is newer; [`DbError::Migrate`] when a step fails.
pub async fn migrate(db: &Db) -> Result<(), DbError> {
    db.accept_earlier_texts().await?;
    run(db, db.migrator()).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) => DbError::UnknownMigration(version),
        other => DbError::Migrate(other),
    })
}

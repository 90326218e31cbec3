use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Postgres, Sqlite};

use crate::error::DbError;
use crate::lending::{Lendable, Lender, Lent};

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

/// Which engine runs, for messages and for `doctor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, one server.
    Sqlite,
    /// Shared by several servers.
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pub(crate) pools: Pools,
}

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// SQLite has one writer at a time: one connection writes, the others read snapshots.
    Sqlite {
        writer: Lender<Sqlite>,
        readers: Lender<Sqlite>,
    },
    Postgres(Lender<Postgres>),
}

/// A transaction of either engine, or a connection for a glance.
pub enum Conn {
    #[doc(hidden)]
    Sqlite(Lent<Sqlite>),
    #[doc(hidden)]
    Postgres(Lent<Postgres>),
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Conn::Sqlite",
            Self::Postgres(_) => "Conn::Postgres",
        })
    }
}

/// A transaction that only reads; everything in it sees one state of the data.
#[derive(Debug)]
pub struct ReadTx {
    pub(crate) conn: Conn,
}

/// A transaction that writes. Dropped without [`WriteTx::commit`] it leaves no trace.
#[derive(Debug)]
pub struct WriteTx {
    pub(crate) conn: Conn,
}

impl Deref for ReadTx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}
impl DerefMut for ReadTx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
impl Deref for WriteTx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}
impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl WriteTx {
    /// Makes the changes durable; only after this may anything be acknowledged.
    ///
    /// # Errors
    /// [`DbError`]; nothing was written then.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.conn {
            Conn::Sqlite(lent) => lent.commit().await,
            Conn::Postgres(lent) => lent.commit().await,
        }
        .map_err(DbError::from)
    }
}

// What waits for a connection waits in a box: it takes kilobytes, which otherwise every request would lay out and move
// with its handler, also where all it asks is in memory.
impl Db {
    /// Connects; creates the SQLite file when it is missing. Does not migrate.
    ///
    /// # Errors
    /// [`DbError`] when the database cannot be reached or opened.
    pub async fn connect(url: &DbUrl) -> Result<Self, DbError> {
        let pools = match url {
            DbUrl::Sqlite(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .foreign_keys(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // FULL: a commit is on disk before it is acknowledged, also when the power fails.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(10))
                    // Rows come from a thread of SQLite's own, which waits for its reader after so many.
                    .row_buffer_size(1024)
                    // Folding the log into the file is done beside the writer (see `checkpoint`); the writer itself
                    // does it only when nobody else came to it for long.
                    .pragma("wal_autocheckpoint", "20000");
                // A file does not go away as a server does.
                let pool = || SqlitePoolOptions::new().test_before_acquire(false);
                let writer = pool().max_connections(1).connect_with(options.clone()).await?;
                let readers = pool().max_connections(8).connect_with(options.pragma("query_only", "ON")).await?;
                Pools::Sqlite { writer: Lender::new(writer, 1), readers: Lender::new(readers, 2) }
            }
            DbUrl::Postgres(address) => {
                let pool = PgPoolOptions::new()
                    .max_connections(16)
                    .test_before_acquire(false)
                    .acquire_timeout(Duration::from_secs(10))
                    // All we ask is short: a look at a board took 60 ms instead of 17, most of them compiling.
                    .after_connect(|connection, _| {
                        Box::pin(async move { sqlx::query("SET jit = off").execute(connection).await.map(drop) })
                    })
                    .connect_with(PgConnectOptions::from_str(address)?)
                    .await?;
                Pools::Postgres(Lender::new(pool, 4))
            }
        };
        Ok(Self { pools })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Opens a transaction that reads.
    ///
    /// # Errors
    /// [`DbError`] when no connection can be had.
    pub async fn read(&self) -> Result<ReadTx, DbError> {
        let conn = match &self.pools {
            Pools::Sqlite { readers, .. } => Conn::Sqlite(Box::pin(begin(readers, "BEGIN")).await?),
            Pools::Postgres(pool) => Conn::Postgres(Box::pin(begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")).await?),
        };
        Ok(ReadTx { conn })
    }

    /// A connection for one statement that reads: two that follow each other may see two states of the data, but
    /// there is no transaction to be begun and ended. For what is asked with every request.
    ///
    /// # Errors
    /// [`DbError`] when no connection can be had.
    pub async fn glance(&self) -> Result<ReadTx, DbError> {
        let conn = match &self.pools {
            Pools::Sqlite { readers, .. } => Conn::Sqlite(Box::pin(readers.lend()).await?),
            Pools::Postgres(pool) => Conn::Postgres(Box::pin(pool.lend()).await?),
        };
        Ok(ReadTx { conn })
    }

    /// Opens a transaction that writes. On SQLite it waits its turn here, not in the middle.
    ///
    /// # Errors
    /// [`DbError`] when no connection can be had.
    pub async fn write(&self) -> Result<WriteTx, DbError> {
        let conn = match &self.pools {
            Pools::Sqlite { writer, .. } => Conn::Sqlite(Box::pin(begin(writer, "BEGIN IMMEDIATE")).await?),
            Pools::Postgres(pool) => Conn::Postgres(Box::pin(begin(pool, "BEGIN")).await?),
        };
        Ok(WriteTx { conn })
    }

    /// Folds SQLite's log into the file, as far as nobody still reads what it holds. The writer goes on
    /// meanwhile: left to it, the commit that happens to fill the log would wait for the whole of it.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn checkpoint(&self) -> Result<(), DbError> {
        if let Pools::Sqlite { readers, .. } = &self.pools {
            Sqlite::say(&mut *readers.lend().await?, "PRAGMA wal_checkpoint(PASSIVE)").await?;
        }
        Ok(())
    }

    /// Closes every connection, so that SQLite folds its log into the file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Prepares a statement without running it: the test of all statements calls this.
    ///
    /// # Errors
    /// What the engine finds wrong with the text.
    pub async fn check_statement(&self, text: &'static str) -> Result<(), DbError> {
        use sqlx::{Executor as _, SqlStr};
        match &self.pools {
            Pools::Sqlite { writer, .. } => drop(writer.lend().await?.prepare(SqlStr::from_static(text)).await?),
            Pools::Postgres(pool) => drop(pool.lend().await?.prepare(SqlStr::from_static(text)).await?),
        }
        Ok(())
    }
}

async fn begin<E: Lendable>(lender: &Lender<E>, text: &'static str) -> Result<Lent<E>, sqlx::Error> {
    let mut lent = lender.lend().await?;
    lent.begin(text).await?;
    Ok(lent)
}

#[cfg(test)]
mod tests {
    use sqlx::Executor as _;

    use super::*;

    #[tokio::test]
    async fn postgres_compiles_nothing_of_what_we_ask() {
        let Some(test) = crate::testing::postgres().await else { return };
        let Pools::Postgres(pool) = &test.env.db.pools else { panic!("not PostgreSQL") };
        let mut lent = pool.lend().await.unwrap();
        let (jit,): (String,) = sqlx::query_as("SELECT current_setting('jit')").fetch_one(&mut *lent).await.unwrap();
        assert_eq!(jit, "off");
    }

    #[tokio::test]
    async fn writing_goes_on_once_a_full_disk_has_room_again() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&DbUrl::Sqlite(folder.path().join("a.db"))).await.unwrap();
        let Pools::Sqlite { writer, .. } = &db.pools else { panic!("not SQLite") };
        // As large as the file may become, for this connection.
        for text in ["CREATE TABLE a (b BLOB) STRICT", "PRAGMA max_page_count = 4"] {
            Sqlite::say(&mut *writer.lend().await.unwrap(), text).await.unwrap();
        }
        for _ in 0..3 {
            let mut tx = db.write().await.unwrap();
            let Conn::Sqlite(inner) = &mut tx.conn else { panic!("not SQLite") };
            let full = inner.execute("INSERT INTO a VALUES (zeroblob(100000))").await.unwrap_err();
            assert!(matches!(DbError::from(full), DbError::DiskFull));
            drop(tx);
            Sqlite::say(&mut *writer.lend().await.unwrap(), "PRAGMA max_page_count = 4000").await.unwrap();
            let mut tx = db.write().await.unwrap();
            let Conn::Sqlite(inner) = &mut tx.conn else { panic!("not SQLite") };
            inner.execute("INSERT INTO a VALUES (zeroblob(100000))").await.unwrap();
            tx.commit().await.unwrap();
            Sqlite::say(&mut *writer.lend().await.unwrap(), "PRAGMA max_page_count = 4").await.unwrap();
        }
    }
}

//! Databases for tests: a fresh one of each engine, migrated, gone afterwards.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::connect::Pools;
use crate::migrate::migrate_before;
use crate::{Db, DbUrl, Env, ReadTx, migrate};

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A migrated database that lives as long as this value.
#[derive(Debug)]
pub struct TestDb {
    /// Use it like the real one.
    pub env: Env,
    /// The clock of `env`; move it forward with `advance`.
    pub clock: kernel::FixedClock,
    /// Where it is, for a second connection or a child process.
    pub url: DbUrl,
    _folder: tempfile::TempDir,
}

/// SQLite in a temporary folder.
///
/// # Panics
/// When it cannot be made.
pub async fn sqlite() -> TestDb {
    migrated(empty_sqlite().await).await
}

async fn empty_sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = DbUrl::Sqlite(folder.path().join("test.db"));
    open(url, folder).await
}

async fn migrated(test: TestDb) -> TestDb {
    migrate(&test.env.db).await.expect("the migrations run");
    test
}

/// PostgreSQL named by `LOPMO_TEST_POSTGRES` (a URL of a server where we may create databases).
/// `make test` starts one. Without it, `None` on a developer's machine and a failure in CI.
///
/// # Panics
/// When it cannot be made, or is missing in CI.
pub async fn postgres() -> Option<TestDb> {
    Some(migrated(empty_postgres().await?).await)
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must see that an engine was left out")]
async fn empty_postgres() -> Option<TestDb> {
    let Ok(server) = std::env::var("LOPMO_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "LOPMO_TEST_POSTGRES must be set in CI");
        eprintln!("LOPMO_TEST_POSTGRES is not set: PostgreSQL is left out");
        return None;
    };
    Some(empty_on(&server).await)
}

/// A migrated database of a PostgreSQL server.
///
/// # Panics
/// When it cannot be made.
pub async fn postgres_on(server: &str) -> TestDb {
    migrated(empty_on(server).await).await
}

/// A migrated SQLite database in a file.
///
/// # Panics
/// When it cannot be made.
pub async fn sqlite_at(file: &std::path::Path) -> TestDb {
    migrated(open(DbUrl::Sqlite(file.to_owned()), tempfile::tempdir().expect("a temporary folder")).await).await
}

async fn empty_on(server: &str) -> TestDb {
    // Numbers of processes come again while databases of earlier ones are still there.
    let began = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_micros());
    let name = format!("lopmo_test_{began}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = sqlx::PgPool::connect(server).await.expect("the test PostgreSQL server");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.expect("a new database");
    admin.close().await;
    let (base, query) = server.split_once('?').map_or((server, String::new()), |(b, q)| (b, format!("?{q}")));
    let root = base.rsplit_once('/').map_or(base, |(root, _)| root);
    let folder = tempfile::tempdir().expect("a temporary folder");
    open(DbUrl::Postgres(format!("{root}/{name}{query}")), folder).await
}

async fn open(url: DbUrl, folder: tempfile::TempDir) -> TestDb {
    let db = Db::connect(&url).await.expect("the database opens");
    // 2026-09-05, the first day of school; a fixed instant, so that nothing depends on today.
    let clock = kernel::FixedClock::at(kernel::Timestamp(1_788_566_400_000_000));
    let env = Env { db, clock: clock.clone().into(), ids: kernel::Ids::system() };
    TestDb { env, clock, url, _folder: folder }
}

/// Both engines, SQLite first.
///
/// # Panics
/// See [`sqlite`] and [`postgres`].
pub async fn engines() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    all.extend(postgres().await);
    all
}

/// Both engines as they were before a migration; [`migrate`] runs the rest.
///
/// # Panics
/// See [`sqlite`] and [`postgres`].
pub async fn engines_before(version: i64) -> Vec<TestDb> {
    let mut all = vec![empty_sqlite().await];
    all.extend(empty_postgres().await);
    for test in &all {
        migrate_before(&test.env.db, version).await.expect("the earlier migrations run");
    }
    all
}

/// Connections to read with, all that there are but so many: what needs more than one at a time waits in vain.
///
/// # Panics
/// When they cannot be had.
pub async fn all_but(db: &Db, left: usize) -> Vec<ReadTx> {
    let free = match &db.pools {
        Pools::Sqlite { readers, .. } => readers.free(),
        Pools::Postgres(pool) => pool.free(),
    };
    let mut all = Vec::new();
    for _ in left..free {
        all.push(db.glance().await.expect("a connection"));
    }
    all
}

/// A duration in hours, for readable tests.
pub fn hours(count: u64) -> Duration {
    Duration::from_secs(count * 3600)
}

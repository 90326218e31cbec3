//! Connections, lent for a transaction or a glance to one after the other.
//!
//! sqlx's pool asks every connection that comes back whether it still lives: one more round trip to SQLite's thread or
//! to PostgreSQL beside the four of a small transaction. Those that come back as they went rest here instead, a few of
//! them. The pool still opens and closes them all, and takes in those that do not.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::TryStreamExt as _;
use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Database, Executor, Pool};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// After so long the pool has a connection again, to look at its age and whether it still lives.
const LOOKED_AFTER: Duration = Duration::from_secs(600);

/// An engine whose connections are lent.
#[doc(hidden)]
pub trait Lendable: Database {
    /// Runs a statement without values or rows.
    fn say(connection: &mut Self::Connection, text: &'static str) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

impl<E: Database> Lendable for E
where
    for<'c> &'c mut E::Connection: Executor<'c, Database = E>,
{
    async fn say(connection: &mut E::Connection, text: &'static str) -> Result<(), sqlx::Error> {
        let mut answers = connection.fetch_many(sqlx::raw_sql(text));
        let first = answers.try_next().await?;
        while answers.try_next().await?.is_some() {}
        // Every statement is answered. Where SQLite's thread breaks, the answers only end: nothing is known to be done.
        first.map(drop).ok_or(sqlx::Error::WorkerCrashed)
    }
}

/// Lends the connections of a pool, in the order in which they are asked for.
pub(crate) struct Lender<E: Lendable>(Arc<Inner<E>>);

struct Inner<E: Lendable> {
    pool: Pool<E>,
    /// As many as the pool may have.
    turns: Arc<Semaphore>,
    /// Most that rest.
    most: usize,
    /// `None` once closed.
    resting: Mutex<Option<Vec<Kept<E>>>>,
}

struct Kept<E: Lendable> {
    connection: PoolConnection<E>,
    /// When it came from the pool.
    since: Instant,
}

impl<E: Lendable> Kept<E> {
    fn is_trusted(&self) -> bool {
        self.since.elapsed() < LOOKED_AFTER
    }
}

impl<E: Lendable> Clone for Lender<E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<E: Lendable> std::fmt::Debug for Lender<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Lender").field(&self.0.pool).finish()
    }
}

impl<E: Lendable> Lender<E> {
    /// Lends all connections of a pool, which nobody else asks for any. At most so many rest.
    pub(crate) fn new(pool: Pool<E>, most_resting: usize) -> Self {
        let turns = Arc::new(Semaphore::new(pool.options().get_max_connections() as usize));
        Self(Arc::new(Inner { pool, turns, most: most_resting, resting: Mutex::new(Some(Vec::new())) }))
    }

    /// A connection, when it is our turn.
    pub(crate) async fn lend(&self) -> Result<Lent<E>, sqlx::Error> {
        let inner = &self.0;
        let turn = match Arc::clone(&inner.turns).try_acquire_owned() {
            Ok(turn) => turn,
            Err(_) => {
                let turn = Arc::clone(&inner.turns).acquire_owned();
                let turn = tokio::time::timeout(inner.pool.options().get_acquire_timeout(), turn).await;
                turn.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?
            }
        };
        let rested = inner.resting().as_mut().and_then(Vec::pop);
        // One that nobody wanted for long may have no other end any more.
        let lent = match rested.filter(Kept::is_trusted) {
            Some(rested) => rested,
            None => Kept { connection: inner.pool.acquire().await?, since: Instant::now() },
        };
        Ok(Lent { lent: Some(lent), doing: Doing::Nothing, turn: Some(turn), lender: Arc::clone(inner) })
    }

    /// Closes every connection, each after it came back.
    pub(crate) async fn close(&self) {
        // Whoever waits hears it at once; what comes back from now on goes to the pool, which closes it.
        self.0.turns.close();
        let closing = self.0.pool.close();
        let resting = self.0.resting().take();
        for resting in resting.into_iter().flatten() {
            if let Err(error) = resting.connection.close().await {
                tracing::debug!(%error, "a connection did not close");
            }
        }
        closing.await;
    }
}

#[cfg(any(test, feature = "testing"))]
impl<E: Lendable> Lender<E> {
    /// How many could be had now.
    pub(crate) fn free(&self) -> usize {
        self.0.turns.available_permits()
    }
}

impl<E: Lendable> Inner<E> {
    fn resting(&self) -> MutexGuard<'_, Option<Vec<Kept<E>>>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_back(&self, lent: Kept<E>) {
        if let Some(resting) = self.resting().as_mut()
            && resting.len() < self.most
            && lent.is_trusted()
        {
            resting.push(lent);
        } else {
            drop(lent);
        }
    }
}

impl<E: Lendable> Drop for Inner<E> {
    fn drop(&mut self) {
        // The pool takes a connection in on the runtime. Where there is none any more, they only end.
        if Handle::try_current().is_err() {
            for resting in self.resting().take().into_iter().flatten() {
                drop(resting.connection.leak());
            }
        }
    }
}

/// A connection that is lent.
#[doc(hidden)]
pub struct Lent<E: Lendable> {
    /// Until it is given back.
    lent: Option<Kept<E>>,
    doing: Doing,
    turn: Option<OwnedSemaphorePermit>,
    lender: Arc<Inner<E>>,
}

/// What has been begun with a connection and is not known to have ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Statement,
    Transaction,
    /// A transaction of which a statement failed, and which PostgreSQL therefore does not commit.
    Failed,
}

impl<E: Lendable> Lent<E> {
    /// Begins a transaction.
    pub(crate) async fn begin(&mut self, text: &'static str) -> Result<(), sqlx::Error> {
        self.doing = Doing::Transaction;
        let begun = E::say(self, text).await;
        if matches!(begun, Err(sqlx::Error::Database(_))) {
            self.doing = Doing::Statement;
        }
        begun
    }

    /// Makes durable what was done since the beginning.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        // PostgreSQL would end it and call that a success.
        if self.doing == Doing::Failed {
            return Err(sqlx::Error::Protocol("a statement of the transaction failed: nothing is committed".to_owned()));
        }
        E::say(&mut self, "COMMIT").await?;
        self.doing = Doing::Nothing;
        Ok(())
    }

    /// To be told after what was asked has been answered whole; otherwise it is looked after before it rests.
    pub(crate) fn is_answered(&mut self) {
        if self.doing == Doing::Statement {
            self.doing = Doing::Nothing;
        }
    }

    /// To be told when a statement has failed, where that ends the transaction.
    pub(crate) fn has_failed(&mut self) {
        if self.doing == Doing::Transaction {
            self.doing = Doing::Failed;
        }
    }

    /// Closes it instead of giving it back.
    pub(crate) async fn close(mut self) -> Result<(), sqlx::Error> {
        match self.lent.take() {
            Some(lent) => lent.connection.close().await,
            None => Ok(()),
        }
    }
}

const LENT: &str = "a connection is there until it is given back";

impl<E: Lendable> Deref for Lent<E> {
    type Target = E::Connection;
    #[expect(clippy::expect_used, reason = "only dropping takes it")]
    fn deref(&self) -> &E::Connection {
        &self.lent.as_ref().expect(LENT).connection
    }
}

impl<E: Lendable> DerefMut for Lent<E> {
    #[expect(clippy::expect_used, reason = "only dropping takes it")]
    fn deref_mut(&mut self) -> &mut E::Connection {
        if self.doing == Doing::Nothing {
            self.doing = Doing::Statement;
        }
        &mut self.lent.as_mut().expect(LENT).connection
    }
}

impl<E: Lendable> Drop for Lent<E> {
    fn drop(&mut self) {
        let Some(mut lent) = self.lent.take() else { return };
        if Handle::try_current().is_err() {
            drop(lent.connection.detach());
            return;
        }
        let doing = self.doing;
        if doing == Doing::Nothing {
            return self.lender.take_back(lent);
        }
        let (lender, turn) = (Arc::clone(&self.lender), self.turn.take());
        tokio::spawn(async move {
            let ending = async {
                match doing {
                    Doing::Transaction | Doing::Failed => E::say(&mut lent.connection, "ROLLBACK").await,
                    // It may have been left in the middle of a statement.
                    Doing::Statement | Doing::Nothing => lent.connection.ping().await,
                }
            };
            match tokio::time::timeout(lender.pool.options().get_acquire_timeout(), ending).await {
                Ok(Ok(())) => lender.take_back(lent),
                // The line is broken, or a full disk has ended SQLite's transaction before.
                Ok(Err(error)) => {
                    tracing::debug!(%error, "a connection is closed");
                    let _ = lent.connection.close().await;
                }
                // Its other end is gone without a word, and does not say good-bye either.
                Err(_) => drop(lent.connection.detach()),
            }
            // Only now is it the next one's turn.
            drop(turn);
        });
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use tokio::task::yield_now;

    use super::*;
    use crate::connect::{Conn, Pools};
    use crate::jobs::NewJob;
    use crate::testing::{all_but, engines, hours};
    use crate::{Db, Query, ReadTx, sql};

    async fn ask(conn: &mut Conn) -> i64 {
        let (answer,) = sql!("SELECT CAST(7 AS BIGINT)").fetch_one::<(i64,)>(conn).await.unwrap();
        answer
    }

    fn job(run_at: kernel::Timestamp) -> NewJob {
        NewJob { kind: "test", payload: "{}".to_owned(), subject_id: None, dedup_key: None, max_attempts: 1, run_at }
    }

    /// Connections there are to read with, and how many of them rest.
    fn count(db: &Db) -> (u32, usize) {
        fn of<E: Lendable>(lender: &Lender<E>) -> (u32, usize) {
            (lender.0.pool.size(), lender.0.resting().as_ref().map_or(0, Vec::len))
        }
        match &db.pools {
            Pools::Sqlite { readers, .. } => of(readers),
            Pools::Postgres(pool) => of(pool),
        }
    }

    async fn all(db: &Db) -> Vec<ReadTx> {
        all_but(db, 0).await
    }

    #[tokio::test]
    async fn who_comes_back_as_it_went_rests_and_is_lent_again() {
        for test in engines().await {
            let env = &test.env;
            let mut glance = env.db.glance().await.unwrap();
            for _ in 0..20 {
                assert_eq!(ask(&mut glance).await, 7);
            }
            let size = count(&env.db).0;
            drop(glance);
            for _ in 0..20 {
                assert_eq!(ask(&mut env.db.glance().await.unwrap()).await, 7);
                let tx = env.db.write().await.unwrap();
                tx.commit().await.unwrap();
            }
            assert_eq!(count(&env.db).0, size, "no other was opened");
            assert!(count(&env.db).1 >= 1);
        }
    }

    #[tokio::test]
    async fn a_few_rest_and_the_pool_has_the_others() {
        for test in engines().await {
            let env = &test.env;
            let crowd = all(&env.db).await;
            let many = crowd.len();
            drop(crowd);
            let (size, resting) = count(&env.db);
            assert_eq!(size as usize, many);
            assert!(resting > 0 && resting < many, "{resting} of {many} rest");
            assert_eq!(all(&env.db).await.len(), many, "none is lost");
        }
    }

    #[tokio::test]
    async fn when_all_are_lent_one_waits_for_the_next_that_comes_back() {
        for test in engines().await {
            let env = &test.env;
            let mut crowd = all(&env.db).await;
            let waiting = env.db.glance();
            let mut waiting = std::pin::pin!(waiting);
            assert!((&mut waiting).now_or_never().is_none());
            crowd.pop();
            assert_eq!(ask(&mut waiting.await.unwrap()).await, 7);
        }
    }

    #[tokio::test]
    async fn a_transaction_that_was_given_up_leaves_no_trace() {
        for test in engines().await {
            let env = &test.env;
            for _ in 0..5 {
                let mut tx = env.db.write().await.unwrap();
                let (ids, now) = (&env.ids, env.clock.now());
                crate::jobs::enqueue(&mut tx, ids, now, job(now)).await.unwrap();
                drop(tx);
            }
            let mut read = env.db.read().await.unwrap();
            let (jobs,) = sql!("SELECT COUNT(*) FROM job").fetch_one::<(i64,)>(&mut read).await.unwrap();
            assert_eq!(jobs, 0);
        }
    }

    #[tokio::test]
    async fn who_gives_up_in_the_middle_of_a_statement_leaves_no_answer_to_the_next() {
        for test in engines().await {
            let env = &test.env;
            // One is left, for whoever comes next.
            let mut others = all(&env.db).await;
            for _ in 0..20 {
                let mut glance = others.pop().unwrap();
                // Asked, and the refusal hardly ever waited for.
                let asked = Query::new("SELECT nothing_like_this").fetch_one::<(i64,)>(&mut glance);
                let _ = Box::pin(asked).now_or_never();
                drop(glance);
                let mut next = env.db.glance().await.unwrap();
                assert_eq!(ask(&mut next).await, 7);
                others.push(next);
            }
        }
    }

    #[tokio::test]
    async fn who_gives_up_while_a_transaction_begins_or_ends_leaves_none_open() {
        for test in engines().await {
            let (env, now) = (&test.env, test.env.clock.now());
            for _ in 0..20 {
                drop(Box::pin(env.db.write()).now_or_never());
                let mut tx = env.db.write().await.unwrap();
                crate::jobs::enqueue(&mut tx, &env.ids, now, job(now)).await.unwrap();
                let _ = Box::pin(tx.commit()).now_or_never();
                let tx = env.db.write().await.unwrap();
                tx.commit().await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn what_postgres_gave_up_after_an_error_is_not_called_committed() {
        let Some(test) = crate::testing::postgres().await else { return };
        let mut tx = test.env.db.write().await.unwrap();
        Query::new("SELECT nothing_like_this").execute(&mut tx).await.unwrap_err();
        tx.commit().await.unwrap_err();
        assert_eq!(ask(&mut test.env.db.glance().await.unwrap()).await, 7);
    }

    #[tokio::test]
    async fn a_connection_whose_line_broke_is_lent_to_one_only() {
        let Some(test) = crate::testing::postgres().await else { return };
        let env = &test.env;
        let (mut one, mut other) = (env.db.glance().await.unwrap(), env.db.glance().await.unwrap());
        let (Conn::Postgres(lent), Conn::Postgres(killer)) = (&mut *one, &mut *other) else { panic!("not PostgreSQL") };
        let (number,): (i32,) = sqlx::query_as("SELECT pg_backend_pid()").fetch_one(&mut **lent).await.unwrap();
        sqlx::query("SELECT pg_terminate_backend($1)").bind(number).execute(&mut **killer).await.unwrap();
        // As whoever has it knows nothing of that.
        lent.is_answered();
        drop(other);
        // It rests as the last and is lent as the first.
        drop(one);
        let mut broken = env.db.glance().await.unwrap();
        sql!("SELECT CAST(7 AS BIGINT)").fetch_one::<(i64,)>(&mut broken).await.unwrap_err();
        drop(broken);
        for mut glance in all(&env.db).await {
            assert_eq!(ask(&mut glance).await, 7);
        }
    }

    #[tokio::test]
    async fn closing_waits_for_all_so_that_the_log_is_folded_into_the_file() {
        let test = crate::testing::sqlite().await;
        let (db, crate::DbUrl::Sqlite(file)) = (&test.env.db, &test.url) else { panic!("not SQLite") };
        let log = file.with_extension("db-wal");
        assert!(log.exists());
        let read = db.read().await.unwrap();
        let closing = tokio::spawn({
            let db = db.clone();
            async move { db.close().await }
        });
        for _ in 0..100 {
            yield_now().await;
        }
        assert!(!closing.is_finished());
        drop(read);
        closing.await.unwrap();
        assert!(!log.exists());
        db.glance().await.unwrap_err();
    }

    #[test]
    fn a_database_may_outlive_the_runtime() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let test = runtime.block_on(async {
            let test = crate::testing::sqlite().await;
            test.env.db.write().await.unwrap().commit().await.unwrap();
            test
        });
        drop(runtime);
        drop(test);
    }

    #[tokio::test]
    async fn what_the_pool_has_not_seen_for_long_goes_there_before_it_is_lent_and_when_it_comes_back() {
        fn age(resting: &mut Kept<sqlx::Sqlite>) {
            resting.since = resting.since.checked_sub(hours(1)).unwrap();
        }
        let test = crate::testing::sqlite().await;
        let db = &test.env.db;
        let Pools::Sqlite { readers, .. } = &db.pools else { panic!("not SQLite") };
        drop(db.glance().await.unwrap());
        assert_eq!(count(db).1, 1);
        age(&mut readers.0.resting().as_mut().unwrap()[0]);
        let mut glance = db.glance().await.unwrap();
        assert_eq!(ask(&mut glance).await, 7);
        let Conn::Sqlite(lent) = &mut *glance else { panic!("not SQLite") };
        let lent = lent.lent.as_mut().unwrap();
        assert!(lent.is_trusted(), "it comes from the pool");
        age(lent);
        drop(glance);
        assert_eq!(count(db).1, 0);
        assert_eq!(ask(&mut db.glance().await.unwrap()).await, 7);
        assert_eq!(count(db).1, 1);
    }
}

//! Whether all are done with a test, which opens what waits for that.

use std::time::Duration;

use db::{Conn, DbError, sql};
use kernel::{TestId, Timestamp};
use moka::sync::Cache;

use crate::tests::TestSettings;

/// Tests that all were done with a moment ago. Thousands read their results then, and each would ask for the
/// attempts of all.
#[derive(Clone, Debug)]
pub(crate) struct Done(Cache<TestId, ()>);

impl Default for Done {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(2)).build())
    }
}

impl Done {
    /// Whether nobody can sit it any more, or everybody it was given to has handed in.
    pub(super) async fn is(&self, conn: &mut Conn, test: TestId, settings: &TestSettings, now: Timestamp) -> Result<bool, DbError> {
        if self.0.contains_key(&test) {
            return Ok(true);
        }
        let done = look(conn, test, settings, now).await?;
        if done {
            self.0.insert(test, ());
        }
        Ok(done)
    }

    /// Somebody may sit it again.
    pub(crate) fn forget(&self, test: TestId) {
        self.0.invalidate(&test);
    }
}

async fn look(conn: &mut Conn, test: TestId, settings: &TestSettings, now: Timestamp) -> Result<bool, DbError> {
    let open: Option<(i64,)> =
        sql!("SELECT CAST(1 AS BIGINT) FROM attempt WHERE test_id = $1 AND state = 'open' AND kind = 'real' LIMIT 1")
            .bind(test)
            .fetch_optional(conn)
            .await?;
    if open.is_some() {
        return Ok(false);
    }
    let (latest,): (Option<i64>,) =
        sql!("SELECT CAST(MAX(closes_at) AS BIGINT) FROM test_exception WHERE test_id = $1").bind(test).fetch_one(conn).await?;
    let last = settings.closes_at.map(|closes| closes.0.max(latest.unwrap_or(i64::MIN)) + settings.late_us());
    if last.is_some_and(|last| now.0 >= last) {
        return Ok(true);
    }
    let missing: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM test t WHERE t.id = $1 AND (
           EXISTS (SELECT 1 FROM test_sight s WHERE s.test_id = t.id AND s.how = 'pupil'
                     AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.test_id = t.id AND a.person_id = s.person_id AND a.kind = 'real'))
           OR (t.link_token IS NOT NULL AND EXISTS (SELECT 1 FROM test_entrant e WHERE e.test_id = t.id
                     AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.entrant_id = e.id))))"
    )
    .bind(test)
    .fetch_optional(conn)
    .await?;
    Ok(missing.is_none())
}

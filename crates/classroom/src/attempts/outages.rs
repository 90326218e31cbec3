//! Times in which no server ran. Each server says every few seconds that it is alive; the first one that
//! begins after a gap gives everybody the time back. A gap in which nobody was sitting a test is none: a
//! school's computer that is switched off at night moves no end.

use std::time::Duration;

use db::{DbError, sql};
use kernel::{TestId, Timestamp};
use uuid::Uuid;

use crate::Classroom;
use crate::tests::{TestSettings, reschedule};

/// How often a server says that it is alive.
pub const BEAT_EVERY: Duration = Duration::from_secs(2);
/// A gap shorter than this is none: a restart that nobody notices.
const LEAST: Duration = Duration::from_secs(5);
/// Times longer than this are given back only so far: the server was switched off, not broken.
const MOST: Duration = Duration::from_secs(12 * 3600);
/// Whoever was heard of so long before a gap was sitting a test.
const HEARD: Duration = Duration::from_secs(300);

/// Says that this server is alive.
///
/// # Errors
/// [`DbError`].
pub async fn beat(classroom: &Classroom, server: Uuid) -> Result<(), DbError> {
    let now = classroom.env().now();
    let mut tx = classroom.env().db.write().await?;
    sql!("INSERT INTO server_beat (server_id, at) VALUES ($1, $2) ON CONFLICT (server_id) DO UPDATE SET at = excluded.at")
        .bind(server)
        .bind(now)
        .execute(&mut tx)
        .await?;
    sql!("DELETE FROM server_beat WHERE at < $1").bind(now.minus(MOST * 2)).execute(&mut tx).await?;
    tx.commit().await
}

/// Looks, when a server begins, whether none ran before it, and gives the time back to everybody who was
/// sitting a test. Tells how long none ran.
///
/// # Errors
/// [`DbError`].
pub async fn recover(classroom: &Classroom, server: Uuid) -> Result<Duration, DbError> {
    let env = classroom.env();
    let now = env.now();
    let mut tx = env.db.write().await?;
    // Two servers that begin together: the second waits here, and finds the first alive.
    sql!("UPDATE change_counter SET value = value").execute(&mut tx).await?;
    let (last,): (Option<i64>,) = sql!("SELECT CAST(MAX(at) AS BIGINT) FROM server_beat").fetch_one(&mut tx).await?;
    sql!("INSERT INTO server_beat (server_id, at) VALUES ($1, $2) ON CONFLICT (server_id) DO UPDATE SET at = excluded.at")
        .bind(server)
        .bind(now)
        .execute(&mut tx)
        .await?;
    let gap = last.map_or(Duration::ZERO, |last| now.since(Timestamp(last)));
    let from = now.minus(gap.min(MOST));
    let sat: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM attempt WHERE state = 'open' AND saved_at >= $1 LIMIT 1")
        .bind(now.minus(gap + HEARD))
        .fetch_optional(&mut tx)
        .await?;
    if gap >= LEAST && sat.is_some() {
        sql!("INSERT INTO outage (id, from_at, until_at) VALUES ($1, $2, $3)")
            .bind(env.ids.make::<Uuid>())
            .bind(from)
            .bind(now)
            .execute(&mut tx)
            .await?;
        let open: Vec<(TestId, String)> = sql!(
            "SELECT t.id, t.settings FROM test t WHERE EXISTS (SELECT 1 FROM attempt a WHERE a.test_id = t.id AND a.state = 'open') ORDER BY t.id"
        )
        .fetch_all(&mut tx)
        .await?;
        for (test, settings) in open {
            let settings: TestSettings = serde_json::from_str(&settings)?;
            reschedule(&mut tx, test, &settings).await?;
        }
    }
    tx.commit().await?;
    Ok(gap)
}

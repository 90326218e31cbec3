//! Times in which no server ran. Each server says every few seconds that it is alive; the first one that
//! begins after a gap gives everybody the time back. A gap in which nobody was sitting a test is none: a
//! school's computer that is switched off at night moves no end.

use std::time::Duration;

use db::{DbError, WriteTx, sql};
use kernel::{TestId, Timestamp};
use uuid::Uuid;

use crate::Classroom;
use crate::tests::{TestSettings, reschedule};

/// How often a server says that it is alive.
pub const BEAT_EVERY: Duration = Duration::from_secs(2);
/// A server that was alive so long ago may still be: it stalls, or its clock is another.
const ALIVE: Duration = Duration::from_secs(30);
/// So long a server that has looked believes that there is no other.
const BELIEVED: Duration = Duration::from_secs(5);
/// A gap shorter than this is none: a restart that nobody notices.
const LEAST: Duration = Duration::from_secs(5);
/// Times longer than this are given back only so far: the server was switched off, not broken.
const MOST: Duration = Duration::from_secs(12 * 3600);
/// Whoever was heard of so long before a gap was sitting a test.
const HEARD: Duration = Duration::from_secs(300);

/// Says that this server is alive, while somebody sits a test: else the disk has nothing to be woken for.
///
/// # Errors
/// [`DbError`].
pub async fn beat(classroom: &Classroom, server: Uuid) -> Result<(), DbError> {
    let env = classroom.env();
    let mut tx = env.db.read().await?;
    let sat: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM attempt WHERE state = 'open' LIMIT 1").fetch_optional(&mut tx).await?;
    drop(tx);
    if sat.is_none() {
        return Ok(());
    }
    let now = env.now();
    let mut tx = env.db.write().await?;
    sql!("DELETE FROM server_beat WHERE at < $1").bind(now.minus(MOST * 2)).execute(&mut tx).await?;
    write_beat(&mut tx, server, now).await?;
    let other: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM server_beat WHERE server_id <> $1 AND at >= $2 LIMIT 1")
        .bind(server)
        .bind(now.minus(ALIVE))
        .fetch_optional(&mut tx)
        .await?;
    tx.commit().await?;
    classroom.boards.alone_until(if other.is_some() { now } else { now.plus(BELIEVED) });
    Ok(())
}

async fn write_beat(tx: &mut WriteTx, server: Uuid, now: Timestamp) -> Result<(), DbError> {
    sql!("INSERT INTO server_beat (server_id, at) VALUES ($1, $2) ON CONFLICT (server_id) DO UPDATE SET at = excluded.at")
        .bind(server)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Looks, when a server begins, whether none ran before it, and gives the time back to everybody who was
/// sitting a test. Tells how much was given back.
///
/// # Errors
/// [`DbError`].
pub async fn recover(classroom: &Classroom, server: Uuid) -> Result<Duration, DbError> {
    let env = classroom.env();
    let now = env.now();
    let mut tx = env.db.write().await?;
    // Two servers that begin together: the second waits here, and finds the first alive.
    sql!("UPDATE change_counter SET value = value").execute(&mut tx).await?;
    let (beat, saved): (Option<i64>, Option<i64>) = sql!(
        "SELECT CAST(MAX(b.at) AS BIGINT), (SELECT CAST(MAX(a.saved_at) AS BIGINT) FROM attempt a WHERE a.state = 'open') FROM server_beat b"
    )
    .fetch_one(&mut tx)
    .await?;
    write_beat(&mut tx, server, now).await?;
    let gap = beat.max(saved).map_or(Duration::ZERO, |last| now.since(Timestamp(last)));
    let heard = saved.is_some_and(|saved| now.since(Timestamp(saved)) <= gap + HEARD);
    let lost = if gap >= LEAST && heard { gap.min(MOST) } else { Duration::ZERO };
    if !lost.is_zero() {
        give_back(&mut tx, classroom, now.minus(lost), now).await?;
    }
    tx.commit().await?;
    Ok(lost)
}

async fn give_back(tx: &mut WriteTx, classroom: &Classroom, from: Timestamp, until: Timestamp) -> Result<(), DbError> {
    sql!("INSERT INTO outage (id, from_at, until_at) VALUES ($1, $2, $3)")
        .bind(classroom.env().ids.make::<Uuid>())
        .bind(from)
        .bind(until)
        .execute(tx)
        .await?;
    let open: Vec<(TestId, String)> = sql!(
        "SELECT t.id, t.settings FROM test t WHERE EXISTS (SELECT 1 FROM attempt a WHERE a.test_id = t.id AND a.state = 'open') ORDER BY t.id"
    )
    .fetch_all(tx)
    .await?;
    for (test, settings) in open {
        let settings: TestSettings = serde_json::from_str(&settings)?;
        reschedule(tx, test, &settings).await?;
    }
    Ok(())
}

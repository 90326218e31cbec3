//! What a server does with a rehearsal that was asked for.

use std::time::Duration;

use db::{DbError, sql};
use kernel::{AttemptId, RehearsalId, TestId};
use rehearsal::Report;

use super::RehearsalError;
use super::asking::disturbs;
use crate::Classroom;
use crate::attempts::{self, AttemptError, BeginInput, Sitting, Token, let_go_photos};

/// How often the server that plays says so.
pub const BEAT_EVERY: Duration = Duration::from_secs(2);
/// A server that has not said so for this long has died.
const DEAD: Duration = Duration::from_secs(60);
/// Attempts taken away in one transaction.
const AT_ONCE: i64 = 200;

/// A rehearsal that this server is to play.
#[derive(Clone, Debug)]
pub struct Casting {
    /// Which.
    pub id: RehearsalId,
    /// How many pupils.
    pub students: u32,
    /// What they come in with.
    pub token: Token,
}

/// Takes a rehearsal that waits, if there is one.
///
/// # Errors
/// [`RehearsalError`].
pub async fn take(classroom: &Classroom) -> Result<Option<Casting>, RehearsalError> {
    let env = classroom.env();
    let mut tx = env.db.read().await?;
    let waiting: Option<(RehearsalId, i64)> =
        sql!("SELECT id, students FROM rehearsal WHERE slot = 1 AND state = 'waiting'").fetch_optional(&mut tx).await?;
    drop(tx);
    let Some((id, students)) = waiting else { return Ok(None) };
    let token = Token::random()?;
    let mut tx = env.db.write().await?;
    let taken = sql!("UPDATE rehearsal SET state = 'playing', token_hash = $2, beat_at = $3 WHERE id = $1 AND state = 'waiting'")
        .bind(id)
        .bind(token.hash())
        .bind(env.now())
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok((taken == 1).then(|| Casting { id, students: u32::try_from(students).unwrap_or(0), token }))
}

/// Begins the attempt of a synthetic pupil.
///
/// # Errors
/// [`AttemptError`].
pub async fn begin(classroom: &Classroom, token: &Token, number: u32, input: BeginInput) -> Result<Sitting, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    let found: Option<(TestId,)> = sql!("SELECT test_id FROM rehearsal WHERE token_hash = $1 AND state = 'playing' AND students > $2")
        .bind(token.hash())
        .bind(i64::from(number))
        .fetch_optional(&mut tx)
        .await?;
    drop(tx);
    let (test,) = found.ok_or(AttemptError::NoDevice)?;
    attempts::begin_rehearsed(classroom, test, number, input).await
}

/// Says what goes on.
///
/// # Errors
/// [`DbError`].
pub async fn tell(classroom: &Classroom, id: RehearsalId, part: &str) -> Result<(), DbError> {
    let mut tx = classroom.env().db.write().await?;
    sql!("UPDATE rehearsal SET part = $2, beat_at = $3 WHERE id = $1")
        .bind(id)
        .bind(part)
        .bind(classroom.env().now())
        .execute(&mut tx)
        .await?;
    tx.commit().await
}

/// Whether a rehearsal that plays is to end before its time: it was stopped, or real pupils came. Says also
/// that this server is still there.
///
/// # Errors
/// [`DbError`].
pub async fn cancelled(classroom: &Classroom, id: RehearsalId) -> Result<bool, DbError> {
    let env = classroom.env();
    let mut tx = env.db.write().await?;
    sql!("UPDATE rehearsal SET beat_at = $2 WHERE id = $1").bind(id).bind(env.now()).execute(&mut tx).await?;
    if disturbs(&mut tx, env.now()).await? {
        sql!("UPDATE rehearsal SET state = 'stopped' WHERE id = $1 AND state = 'playing' AND beside = 0").bind(id).execute(&mut tx).await?;
    }
    let stopped: Option<(i64,)> =
        sql!("SELECT CAST(1 AS BIGINT) FROM rehearsal WHERE id = $1 AND state <> 'playing'").bind(id).fetch_optional(&mut tx).await?;
    tx.commit().await?;
    Ok(stopped.is_some())
}

/// Ends a rehearsal with what it found, or without, and takes away what it left.
///
/// # Errors
/// [`RehearsalError`].
pub async fn end(classroom: &Classroom, id: RehearsalId, report: Option<&Report>) -> Result<(), RehearsalError> {
    let env = classroom.env();
    let text = report.map(serde_json::to_string).transpose().map_err(DbError::from)?;
    let state = if report.is_some() { "done" } else { "failed" };
    tell(classroom, id, "clean-up").await?;
    take_away(classroom, id).await?;
    let mut tx = env.db.write().await?;
    // One that was stopped stays so.
    sql!("UPDATE rehearsal SET state = $2, report = $3 WHERE id = $1 AND state = 'playing'")
        .bind(id)
        .bind(state)
        .bind(text)
        .execute(&mut tx)
        .await?;
    sql!("UPDATE rehearsal SET slot = NULL, token_hash = NULL, part = '', ended_at = $2 WHERE id = $1")
        .bind(id)
        .bind(env.now())
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends what a server left that died, and what was stopped before any took it.
///
/// # Errors
/// [`RehearsalError`].
pub async fn clean_up(classroom: &Classroom) -> Result<(), RehearsalError> {
    let mut tx = classroom.env().db.read().await?;
    let left: Option<(RehearsalId,)> = sql!("SELECT id FROM rehearsal WHERE slot = 1 AND beat_at < $1 AND state <> 'waiting'")
        .bind(classroom.env().now().minus(DEAD))
        .fetch_optional(&mut tx)
        .await?;
    drop(tx);
    match left {
        Some((id,)) => end(classroom, id, None).await,
        None => Ok(()),
    }
}

/// Attempts of a rehearsal, with all that hangs on them, a few at a time: others write too.
async fn take_away(classroom: &Classroom, id: RehearsalId) -> Result<(), DbError> {
    let mut tx = classroom.env().db.write().await?;
    let test: Option<(TestId,)> = sql!("SELECT test_id FROM rehearsal WHERE id = $1").bind(id).fetch_optional(&mut tx).await?;
    if let Some((test,)) = test {
        let_go_photos(&mut tx, classroom.env().now(), test, "rehearsal").await?;
    }
    tx.commit().await?;
    loop {
        let mut tx = classroom.env().db.write().await?;
        let some: Vec<(AttemptId,)> = sql!(
            "DELETE FROM attempt WHERE id IN (SELECT a.id FROM attempt a JOIN rehearsal r ON r.test_id = a.test_id
                                              WHERE r.id = $1 AND a.kind = 'rehearsal' LIMIT $2) RETURNING id"
        )
        .bind(id)
        .bind(AT_ONCE)
        .fetch_all(&mut tx)
        .await?;
        tx.commit().await?;
        if some.is_empty() {
            return Ok(());
        }
    }
}

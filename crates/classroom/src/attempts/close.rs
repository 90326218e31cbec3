//! Attempts that end by themselves, and what a teacher does to one that is under way.

use db::{DbError, sql};
use identity::access::{Caller, Denied, authorise};
use identity::audit::{self, Event};
use kernel::{AttemptId, OrganisationId, PersonId, TestEntrantId, TestId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::hand_in::{self, Submit, SubmittedBy};
use super::{AttemptError, marking};
use crate::Classroom;
use crate::tests::{Exception, ManageTest, Whom, exception_of, set_exception};

/// Most attempts of one round.
const AT_ONCE: i64 = 500;

/// Hands in what is over, once nothing more may come of it, and marks what was left unmarked. Tells how
/// many attempts it ended or marked.
///
/// # Errors
/// [`AttemptError`].
pub async fn close_due(classroom: &Classroom) -> Result<usize, AttemptError> {
    let now = classroom.env().now();
    let mut tx = classroom.env().db.read().await?;
    let over: Vec<(AttemptId, TestId)> = sql!(
        "SELECT id, test_id FROM attempt WHERE state = 'open' AND due_at IS NOT NULL AND due_at + late_us < $1 ORDER BY due_at LIMIT $2"
    )
    .bind(now)
    .bind(AT_ONCE)
    .fetch_all(&mut tx)
    .await?;
    // A moment old: those handed in just now are being marked by whoever takes them in.
    let unmarked: Vec<(AttemptId,)> =
        sql!("SELECT id FROM attempt WHERE state = 'submitted' AND marked_at IS NULL AND submitted_at < $1 ORDER BY submitted_at LIMIT $2")
            .bind(now.minus(std::time::Duration::from_secs(10)))
            .bind(AT_ONCE)
            .fetch_all(&mut tx)
            .await?;
    drop(tx);
    let submits =
        over.iter().map(|(attempt, test)| hand_in::end(classroom, *test, Submit { attempt: *attempt, by: SubmittedBy::Deadline, now }));
    for submitted in futures::future::join_all(submits).await {
        submitted?;
    }
    let ended = over.into_iter().map(|(attempt, _)| attempt);
    Ok(marking::mark_all(classroom, ended.chain(unmarked.into_iter().map(|(attempt,)| attempt))).await)
}

/// What a teacher does to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttemptAction)]
pub enum Action {
    /// So many seconds more, for this pupil and test.
    MoreTime(u32),
    /// Stops it for now: nothing answered after this counts.
    Lock,
    /// Lets it go on.
    Unlock,
    /// Hands it in for the pupil.
    HandIn,
    /// Opens an attempt again that was handed in; until its end, or the end that `more_time` sets.
    Restore,
    /// Lets it go on at another device, where there is no account that tells who asks.
    AllowDevice,
}

#[derive(sqlx::FromRow)]
struct Row {
    test_id: TestId,
    organisation_id: OrganisationId,
    person_id: Option<PersonId>,
    entrant_id: Option<TestEntrantId>,
    state: String,
}

/// Does something to an attempt.
///
/// # Errors
/// [`AttemptError`].
pub async fn act(classroom: &Classroom, caller: &Caller, attempt: AttemptId, action: Action) -> Result<(), AttemptError> {
    let env = classroom.env();
    let now = env.now();
    let mut tx = env.db.write().await?;
    let row: Option<Row> = sql!(
        "SELECT a.test_id, t.organisation_id, a.person_id, a.entrant_id, a.state FROM attempt a JOIN test t ON t.id = a.test_id WHERE a.id = $1"
    )
    .bind(attempt)
    .fetch_optional(&mut tx)
    .await?;
    let row = row.ok_or(Denied::NotFound)?;
    authorise::<ManageTest>(&mut tx, caller, row.test_id).await.map_err(hidden)?;
    let (name, detail) = match action {
        Action::MoreTime(seconds) => ("attempt.more_time", serde_json::json!({ "seconds": seconds })),
        Action::Lock => ("attempt.locked", serde_json::json!({})),
        Action::Unlock => ("attempt.unlocked", serde_json::json!({})),
        Action::HandIn => ("attempt.handed_in", serde_json::json!({})),
        Action::Restore => ("attempt.restored", serde_json::json!({})),
        Action::AllowDevice => ("attempt.device_allowed", serde_json::json!({})),
    };
    let event = Event {
        action: name,
        subject_kind: "attempt",
        subject_id: Some(attempt.as_uuid()),
        organisation: Some(row.organisation_id),
        detail,
    };
    audit::record(&mut tx, env, caller, event).await?;
    match action {
        Action::MoreTime(_) | Action::HandIn => {}
        Action::Lock => write_lock(&mut tx, attempt, Some(now)).await?,
        Action::Unlock => write_lock(&mut tx, attempt, None).await?,
        Action::Restore => {
            sql!(
                "UPDATE attempt SET state = 'open', submitted_at = NULL, submitted_by = NULL, marked_at = NULL, score = NULL, marks = NULL,
                                    by_hand_left = 0 WHERE id = $1 AND state = 'submitted'"
            )
            .bind(attempt)
            .execute(&mut tx)
            .await?;
        }
        Action::AllowDevice => {
            sql!("UPDATE attempt SET devices_left = 1 WHERE id = $1").bind(attempt).execute(&mut tx).await?;
        }
    }
    let was = exception_of(&mut tx, row.test_id, row.person_id, row.entrant_id).await?;
    tx.commit().await?;
    match action {
        Action::MoreTime(seconds) => {
            let whom = row.person_id.map(Whom::Person).or(row.entrant_id.map(Whom::Entrant)).ok_or(Denied::NotFound)?;
            let exception = Exception { extra_seconds: was.extra_seconds.saturating_add(seconds), ..was };
            set_exception(classroom, caller, row.test_id, whom, exception).await?;
        }
        Action::HandIn if row.state == "open" => {
            hand_in::end(classroom, row.test_id, Submit { attempt, by: SubmittedBy::Teacher, now }).await?;
            marking::mark(classroom, attempt).await?;
        }
        _ => {}
    }
    classroom.changed_for_some(row.test_id);
    Ok(())
}

/// To a pupil another's attempt does not exist.
pub(super) fn hidden(denied: Denied) -> Denied {
    match denied {
        Denied::Forbidden => Denied::NotFound,
        other => other,
    }
}

async fn write_lock(tx: &mut db::WriteTx, attempt: AttemptId, at: Option<Timestamp>) -> Result<(), DbError> {
    sql!("UPDATE attempt SET locked_at = $2 WHERE id = $1").bind(attempt).bind(at).execute(tx).await?;
    Ok(())
}

//! What its teacher does with a rehearsal.

use std::time::Duration;

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, authorise};
use identity::audit::{self, Event};
use kernel::{OrganisationId, RehearsalId, TestId, Timestamp};

use super::{MOST_BY_OPERATOR, MOST_BY_TEACHER, Others, RehearsalError, RehearsalState, RehearsalView};
use crate::Classroom;
use crate::tests::ManageTest;

/// Who saved something so recently sits a test.
const SITS: Duration = Duration::from_secs(120);
/// A test that begins so soon must not find a rehearsal.
const SOON: Duration = Duration::from_secs(600);

/// Whether the caller may, and where the test belongs.
async fn may(conn: &mut Conn, caller: &Caller, test: TestId) -> Result<OrganisationId, RehearsalError> {
    if !matches!(caller, Caller::Operator) {
        authorise::<ManageTest>(conn, caller, test).await?;
    }
    let found: Option<(OrganisationId, String)> =
        sql!("SELECT organisation_id, state FROM test WHERE id = $1 AND deleted_at IS NULL").bind(test).fetch_optional(conn).await?;
    let (organisation, state) = found.ok_or(Denied::NotFound)?;
    if state == "given" { Ok(organisation) } else { Err(RehearsalError::NotGiven) }
}

/// Asks for a rehearsal; a server takes it within seconds.
///
/// # Errors
/// [`RehearsalError`].
pub async fn ask(
    classroom: &Classroom,
    caller: &Caller,
    test: TestId,
    students: u32,
    others: Others,
) -> Result<RehearsalView, RehearsalError> {
    let env = classroom.env();
    let mut tx = env.db.write().await?;
    let organisation = may(&mut tx, caller, test).await?;
    let most = if matches!(caller, Caller::Operator) { MOST_BY_OPERATOR } else { MOST_BY_TEACHER };
    if !(1..=most).contains(&students) {
        return Err(RehearsalError::Students { most });
    }
    let now = env.now();
    // Only the operator answers for it.
    let beside = others == Others::Beside && matches!(caller, Caller::Operator);
    if !beside && disturbs(&mut tx, now).await? {
        return Err(RehearsalError::TestsAreSat);
    }
    let id: RehearsalId = env.ids.make();
    let asked = sql!(
        "INSERT INTO rehearsal (id, test_id, asked_by, students, beside, state, slot, part, asked_at, beat_at)
         VALUES ($1, $2, $3, $4, $6, 'waiting', 1, '', $5, $5) ON CONFLICT DO NOTHING"
    )
    .bind(id)
    .bind(test)
    .bind(caller.person_id())
    .bind(i64::from(students))
    .bind(now)
    .bind(i64::from(beside))
    .execute(&mut tx)
    .await?;
    if asked == 0 {
        return Err(RehearsalError::UnderWay);
    }
    let event = Event {
        action: "test.rehearsed",
        subject_kind: "test",
        subject_id: Some(test.as_uuid()),
        organisation: Some(organisation),
        detail: serde_json::json!({ "students": students }),
    };
    audit::record(&mut tx, env, caller, event).await?;
    let view = one(&mut tx, id).await?;
    tx.commit().await?;
    Ok(view)
}

/// Whether real pupils sit a test now or soon.
pub(super) async fn disturbs(conn: &mut Conn, now: Timestamp) -> Result<bool, DbError> {
    let sits: Option<(i64,)> =
        sql!("SELECT CAST(1 AS BIGINT) FROM attempt WHERE state = 'open' AND kind = 'real' AND saved_at > $1 LIMIT 1")
            .bind(now.minus(SITS))
            .fetch_optional(conn)
            .await?;
    let soon: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM test WHERE state = 'given' AND mode = 'test' AND deleted_at IS NULL AND opens_at > $1 AND opens_at < $2 LIMIT 1"
    )
    .bind(now)
    .bind(now.plus(SOON))
    .fetch_optional(conn)
    .await?;
    Ok(sits.or(soon).is_some())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: RehearsalId,
    students: i64,
    state: String,
    part: String,
    asked_at: Timestamp,
    ended_at: Option<Timestamp>,
    report: Option<String>,
}

impl TryFrom<Row> for RehearsalView {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let report: Option<rehearsal::Report> = row.report.as_deref().map(serde_json::from_str).transpose()?;
        Ok(Self {
            id: row.id,
            students: row.students,
            state: RehearsalState::try_from(row.state)?,
            part: row.part,
            asked_at: row.asked_at,
            ended_at: row.ended_at,
            verdict: report.as_ref().map(rehearsal::Report::verdict),
            report,
        })
    }
}

async fn one(conn: &mut Conn, id: RehearsalId) -> Result<RehearsalView, DbError> {
    let row: Row =
        sql!("SELECT id, students, state, part, asked_at, ended_at, report FROM rehearsal WHERE id = $1").bind(id).fetch_one(conn).await?;
    row.try_into()
}

/// The last rehearsals of a test, the newest first.
///
/// # Errors
/// [`RehearsalError`].
pub async fn list(classroom: &Classroom, caller: &Caller, test: TestId) -> Result<Vec<RehearsalView>, RehearsalError> {
    let mut tx = classroom.env().db.read().await?;
    match may(&mut tx, caller, test).await {
        // A test that was taken back still tells what was rehearsed.
        Ok(_) | Err(RehearsalError::NotGiven) => {}
        Err(error) => return Err(error),
    }
    let rows: Vec<Row> = sql!(
        "SELECT id, students, state, part, asked_at, ended_at, report FROM rehearsal WHERE test_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 10"
    )
    .bind(test)
    .fetch_all(&mut tx)
    .await?;
    Ok(rows.into_iter().map(RehearsalView::try_from).collect::<Result<_, _>>()?)
}

/// Stops a rehearsal of the caller's test; what it left is taken away.
///
/// # Errors
/// [`RehearsalError`].
pub async fn stop(classroom: &Classroom, caller: &Caller, id: RehearsalId) -> Result<(), RehearsalError> {
    let mut tx = classroom.env().db.write().await?;
    let found: Option<(TestId,)> = sql!("SELECT test_id FROM rehearsal WHERE id = $1").bind(id).fetch_optional(&mut tx).await?;
    let (test,) = found.ok_or(Denied::NotFound)?;
    if !matches!(caller, Caller::Operator) {
        authorise::<ManageTest>(&mut tx, caller, test).await?;
    }
    // Nobody has taken it yet: there is nothing to be taken away.
    sql!("UPDATE rehearsal SET state = 'stopped', slot = NULL, ended_at = $2 WHERE id = $1 AND state = 'waiting'")
        .bind(id)
        .bind(classroom.env().now())
        .execute(&mut tx)
        .await?;
    sql!("UPDATE rehearsal SET state = 'stopped' WHERE id = $1 AND state = 'playing'").bind(id).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

//! Points given by a person: to essays, and in place of what the key gives.

use db::sql;
use identity::access::{Caller, Denied, authorise};
use identity::audit::{self, Event};
use identity::fault::Fault;
use kernel::{AttemptId, OrganisationId, PersonId, TestId, TestPaperId};
use papers::model::Exact;
use scoring::{MOST_DECIMALS, Shape};
use serde::Deserialize;
use utoipa::ToSchema;

use super::close::hidden;
use super::{AttemptDetail, AttemptError, detail, marking};
use crate::Classroom;
use crate::tests::{ManageTest, TestError};

/// Most characters of a comment.
const LONGEST: usize = 4_000;

/// Points for an answer, and a word beside it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = HandMarkInput)]
pub struct HandMarkInput {
    /// How many, up to what the question is worth; none takes what was given back.
    #[schema(value_type = Option<String>)]
    pub points: Option<Exact>,
    /// What the pupil reads beside it once marks are shown.
    #[serde(default)]
    pub comment: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    test_id: TestId,
    paper_id: TestPaperId,
    organisation_id: OrganisationId,
    state: String,
}

/// Marks an answer by hand. The total is worked out anew at once.
///
/// # Errors
/// [`AttemptError`].
pub async fn mark_by_hand(
    classroom: &Classroom,
    caller: &Caller,
    attempt: AttemptId,
    item: u16,
    input: HandMarkInput,
) -> Result<AttemptDetail, AttemptError> {
    let env = classroom.env();
    let mut tx = env.db.read().await?;
    let row: Option<Row> =
        sql!("SELECT a.test_id, a.paper_id, t.organisation_id, a.state FROM attempt a JOIN test t ON t.id = a.test_id WHERE a.id = $1")
            .bind(attempt)
            .fetch_optional(&mut tx)
            .await?;
    let row = row.ok_or(Denied::NotFound)?;
    authorise::<ManageTest>(&mut tx, caller, row.test_id).await.map_err(hidden)?;
    let Some(person): Option<PersonId> = caller.person_id() else { return Err(Denied::NotFound.into()) };
    drop(tx);
    let paper = classroom.papers.get(classroom, row.paper_id).await?;
    let worth = paper.layout.item(item).filter(|item| item.shape != Shape::Nothing).ok_or(Denied::NotFound)?.points;
    let comment = exchange::vietnamese::nfc(input.comment.trim());
    check(input.points, worth, &comment)?;
    if row.state != "submitted" {
        return Err(TestError::WrongState.into());
    }
    let mut tx = env.db.write().await?;
    authorise::<ManageTest>(&mut tx, caller, row.test_id).await.map_err(hidden)?;
    match input.points {
        Some(points) => {
            sql!(
                "INSERT INTO attempt_hand_mark (attempt_id, item, points, comment, marked_by, marked_at) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (attempt_id, item) DO UPDATE SET points = excluded.points, comment = excluded.comment,
                   marked_by = excluded.marked_by, marked_at = excluded.marked_at"
            )
            .bind(attempt)
            .bind(i64::from(item))
            .bind(marking::to_stored(points))
            .bind(comment)
            .bind(person)
            .bind(env.now())
            .execute(&mut tx)
            .await?;
        }
        None => {
            sql!("DELETE FROM attempt_hand_mark WHERE attempt_id = $1 AND item = $2")
                .bind(attempt)
                .bind(i64::from(item))
                .execute(&mut tx)
                .await?;
        }
    }
    let event = Event {
        action: "attempt.marked_by_hand",
        subject_kind: "attempt",
        subject_id: Some(attempt.as_uuid()),
        organisation: Some(row.organisation_id),
        detail: serde_json::json!({ "question": item + 1, "points": input.points.map(|points| points.to_string()) }),
    };
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    marking::mark(classroom, attempt).await?;
    detail(classroom, caller, attempt).await
}

fn check(points: Option<Exact>, worth: Exact, comment: &str) -> Result<(), TestError> {
    let mut faults = Vec::new();
    if points.is_some_and(|points| points < Exact::ZERO || points > worth || points.normalize().scale() > MOST_DECIMALS) {
        faults.push(Fault { field: "points", code: "out-of-range" });
    }
    if comment.chars().count() > LONGEST {
        faults.push(Fault { field: "comment", code: "too-long" });
    }
    let strange =
        |letter: char| letter.is_control() && letter != '\n' || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if comment.chars().any(strange) {
        faults.push(Fault { field: "comment", code: "bad-characters" });
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

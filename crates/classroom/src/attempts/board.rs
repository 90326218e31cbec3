//! What a teacher watches: who is in, how far, and what happened; and every answer of one attempt.

use std::collections::HashMap;

use db::{Conn, DbError, sql};
use identity::access::{Caller, authorise};
use kernel::{AttemptId, PersonId, TestEntrantId, TestId, TestPaperId, Timestamp};
use papers::model::Exact;
use papers::rich::Rich;
use scoring::Marks;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::close::hidden;
use super::result::{self, Remark, Review};
use super::saving::EventKind;
use super::{AttemptError, marking};
use crate::Classroom;
use crate::tests::ManageTest;

/// A test while it is sat.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TestBoard)]
pub struct Board {
    /// The server's clock.
    pub now: Timestamp,
    /// Questions to be answered.
    pub question_count: i64,
    /// Everybody it is given to, and everybody who has begun.
    pub rows: Vec<BoardRow>,
}

/// Somebody a test is given to, with her newest attempt.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TestBoardRow)]
pub struct BoardRow {
    /// Who has an account.
    pub person_id: Option<PersonId>,
    /// Who sits by the link.
    pub entrant_id: Option<TestEntrantId>,
    /// Name.
    pub name: String,
    /// Tells people of one name apart.
    pub number: Option<String>,
    /// Nothing before she begins.
    pub attempt: Option<BoardAttempt>,
}

/// An attempt as the board shows it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TestBoardAttempt)]
pub struct BoardAttempt {
    /// Which.
    pub id: AttemptId,
    /// The first is 1.
    pub number: i64,
    /// Whether it has been handed in.
    pub handed_in: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// When answering ends.
    pub due_at: Option<Timestamp>,
    /// When the server last heard of it.
    pub heard_at: Timestamp,
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    /// Whether a teacher has stopped it for now.
    pub locked: bool,
    /// Items answered.
    pub answered: i64,
    /// Devices it was sat at.
    pub devices: i64,
    /// How often what happened.
    pub events: Vec<EventCount>,
    /// The mark.
    #[schema(value_type = Option<String>)]
    pub score: Option<Exact>,
    /// What the mark is out of.
    #[schema(value_type = Option<String>)]
    pub out_of: Option<Exact>,
    /// Answers a person has still to mark.
    pub by_hand_left: i64,
}

/// How often something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TestEventCount)]
pub struct EventCount {
    /// What.
    pub kind: EventKind,
    /// How often.
    pub count: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct Who {
    pub person_id: Option<PersonId>,
    pub entrant_id: Option<TestEntrantId>,
    pub name: String,
    pub name_key: String,
    pub number: Option<String>,
}

/// An attempt, as far as one cheap statement tells it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct AttemptRow {
    pub id: AttemptId,
    pub person_id: Option<PersonId>,
    pub entrant_id: Option<TestEntrantId>,
    pub number: i64,
    state: String,
    pub started_at: Timestamp,
    due_at: Option<Timestamp>,
    pub saved_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    locked_at: Option<Timestamp>,
    score: Option<i64>,
    out_of: Option<i64>,
    by_hand_left: i64,
}

/// What of an attempt has to be counted.
#[derive(Default)]
pub(super) struct Counts {
    pub answered: i64,
    pub devices: i64,
    pub events: Vec<EventCount>,
}

impl AttemptRow {
    pub(super) fn shown(&self, counts: Counts) -> BoardAttempt {
        BoardAttempt {
            id: self.id,
            number: self.number,
            handed_in: self.state == "submitted",
            started_at: self.started_at,
            due_at: self.due_at,
            heard_at: self.saved_at,
            submitted_at: self.submitted_at,
            locked: self.locked_at.is_some(),
            answered: counts.answered,
            devices: counts.devices,
            events: counts.events,
            score: self.score.map(marking::from_stored),
            out_of: self.out_of.map(marking::from_stored),
            by_hand_left: self.by_hand_left,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    attempt: AttemptRow,
    answered: i64,
    devices: i64,
}

/// How a test is going.
///
/// # Errors
/// [`AttemptError`].
pub async fn board(classroom: &Classroom, caller: &Caller, test: TestId) -> Result<Board, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    let (question_count,): (i64,) =
        sql!("SELECT COUNT(*) FROM test_paper_question q JOIN test t ON t.paper_id = q.paper_id WHERE t.id = $1")
            .bind(test)
            .fetch_one(&mut tx)
            .await?;
    let who = everybody(&mut tx, test).await?;
    let mut attempts = newest_attempts(&mut tx, test).await?;
    let rows = who
        .into_iter()
        .map(|who| BoardRow {
            attempt: attempts.remove(&(who.person_id, who.entrant_id)),
            person_id: who.person_id,
            entrant_id: who.entrant_id,
            name: who.name,
            number: who.number,
        })
        .collect();
    Ok(Board { now: classroom.env().now(), question_count, rows })
}

/// Everybody a test is given to, and everybody who has begun, by given name.
pub(super) async fn everybody(conn: &mut Conn, test: TestId) -> Result<Vec<Who>, DbError> {
    let mut who: Vec<Who> = sql!(
        "SELECT p.id AS person_id, NULL AS entrant_id, p.display_name AS name, p.name_key, NULL AS number FROM person p
         WHERE p.id IN (SELECT s.person_id FROM test_sight s WHERE s.test_id = $1 AND s.how = 'pupil')
            OR p.id IN (SELECT a.person_id FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real')"
    )
    .bind(test)
    .fetch_all(conn)
    .await?;
    let entrants: Vec<Who> =
        sql!("SELECT NULL AS person_id, id AS entrant_id, name, name_key, number FROM test_entrant WHERE test_id = $1")
            .bind(test)
            .fetch_all(conn)
            .await?;
    who.extend(entrants);
    who.sort_by(|a, b| a.name_key.cmp(&b.name_key).then_with(|| a.number.cmp(&b.number)));
    Ok(who)
}

/// A person, or a name of the roster.
pub(super) type Whose = (Option<PersonId>, Option<TestEntrantId>);

async fn newest_attempts(conn: &mut Conn, test: TestId) -> Result<HashMap<Whose, BoardAttempt>, DbError> {
    let rows: Vec<Row> = sql!(
        "SELECT a.id, a.person_id, a.entrant_id, a.number, a.state, a.started_at, a.due_at, a.saved_at, a.submitted_at, a.locked_at,
                (SELECT COUNT(DISTINCT w.item) FROM attempt_answer w WHERE w.attempt_id = a.id) AS answered,
                (SELECT COUNT(*) FROM attempt_device d WHERE d.attempt_id = a.id) AS devices,
                a.score, a.out_of, a.by_hand_left
         FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real' ORDER BY a.number"
    )
    .bind(test)
    .fetch_all(conn)
    .await?;
    let counts: Vec<(AttemptId, String, i64)> = sql!(
        "SELECT e.attempt_id, e.kind, COUNT(*) FROM attempt_event e JOIN attempt a ON a.id = e.attempt_id
         WHERE a.test_id = $1 AND a.kind = 'real' GROUP BY e.attempt_id, e.kind ORDER BY e.kind"
    )
    .bind(test)
    .fetch_all(conn)
    .await?;
    let mut events: HashMap<AttemptId, Vec<EventCount>> = HashMap::new();
    for (attempt, kind, count) in counts {
        events.entry(attempt).or_default().push(EventCount { kind: EventKind::try_from(kind)?, count });
    }
    Ok(rows
        .into_iter()
        .map(|Row { attempt, answered, devices }| {
            let events = events.remove(&attempt.id).unwrap_or_default();
            // In the order of their numbers: the newest stays.
            ((attempt.person_id, attempt.entrant_id), attempt.shown(Counts { answered, devices, events }))
        })
        .collect())
}

/// Every answer of an attempt, for the teacher.
#[derive(Serialize, ToSchema)]
pub struct AttemptDetail {
    /// Which.
    pub id: AttemptId,
    /// The test.
    pub test_id: TestId,
    /// Whose.
    pub name: String,
    /// The paper it is of.
    pub paper_id: TestPaperId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    /// `pupil`, `deadline`, `teacher`.
    pub submitted_by: Option<String>,
    /// The answers that count.
    pub answers: Vec<KeptAnswer>,
    /// The marks as its answers stand now.
    pub marks: Marks,
    /// The paper as she saw it, what she answered, and what is right.
    pub review: Review,
    /// What was given by hand.
    pub remarks: Vec<Remark>,
    /// How essays are to be marked, as their author says.
    pub rubrics: Vec<Rubric>,
    /// Another attempt of the test that has answers to be marked by hand.
    pub next_to_mark: Option<AttemptId>,
    /// What happened around it.
    pub events: Vec<KeptEvent>,
}

/// How an essay is to be marked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttemptRubric)]
pub struct Rubric {
    /// The item.
    pub item: u16,
    /// What its author says.
    pub text: Rich,
}

/// An answer that counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptAnswer {
    /// The item, from 0.
    pub item: i64,
    /// The response, in neutral indices.
    #[schema(value_type = Object)]
    pub response: Box<RawValue>,
    /// When it was made, by the device's clock as corrected.
    pub made_at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// Whether it came after the end, having been made before it.
    pub late: bool,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptEvent {
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// Number of the device.
    pub device: i64,
}

#[derive(sqlx::FromRow)]
struct About {
    name: String,
    started_at: Timestamp,
    due_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    submitted_by: Option<String>,
}

/// One attempt whole, for a teacher of its test.
///
/// # Errors
/// [`AttemptError`].
pub async fn detail(classroom: &Classroom, caller: &Caller, attempt: AttemptId) -> Result<AttemptDetail, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    let head = result::head(&mut tx, attempt).await?;
    authorise::<ManageTest>(&mut tx, caller, head.test_id).await.map_err(hidden)?;
    let about: About = sql!(
        "SELECT COALESCE(p.display_name, e.name, '') AS name, a.started_at, a.due_at, a.submitted_at, a.submitted_by
         FROM attempt a LEFT JOIN person p ON p.id = a.person_id LEFT JOIN test_entrant e ON e.id = a.entrant_id WHERE a.id = $1"
    )
    .bind(attempt)
    .fetch_one(&mut tx)
    .await?;
    let paper = classroom.papers.with_key(&mut tx, head.paper_id, head.key_revision).await?;
    let judged = marking::now(&mut tx, &paper, attempt).await?;
    let mut kept = Vec::new();
    for (item, answer) in &judged.counting {
        kept.push(KeptAnswer {
            item: *item,
            response: RawValue::from_string(answer.response.clone()).map_err(DbError::from)?,
            made_at: answer.made_at,
            received_at: answer.received_at,
            late: about.due_at.is_some_and(|due| answer.received_at > due),
        });
    }
    let events: Vec<(String, Timestamp, i64)> =
        sql!("SELECT kind, at, device FROM attempt_event WHERE attempt_id = $1 ORDER BY at LIMIT 1000")
            .bind(attempt)
            .fetch_all(&mut tx)
            .await?;
    let events = events
        .into_iter()
        .map(|(kind, at, device)| Ok(KeptEvent { kind: EventKind::try_from(kind)?, at, device }))
        .collect::<Result<Vec<_>, DbError>>()?;
    let (next_to_mark,): (Option<AttemptId>,) = sql!(
        "SELECT (SELECT a.id FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real' AND a.state = 'submitted' AND a.by_hand_left > 0
                   AND a.id <> $2 ORDER BY CASE WHEN a.id > $2 THEN 0 ELSE 1 END, a.id LIMIT 1) AS id"
    )
    .bind(head.test_id)
    .bind(attempt)
    .fetch_one(&mut tx)
    .await?;
    let taken = classroom.shelf.take(&mut tx, head.paper_id).await?;
    let rubrics = taken.rubrics().map(|(item, text)| Rubric { item, text: text.clone() }).collect();
    Ok(AttemptDetail {
        id: attempt,
        test_id: head.test_id,
        name: about.name,
        paper_id: head.paper_id,
        started_at: about.started_at,
        submitted_at: about.submitted_at,
        submitted_by: about.submitted_by,
        answers: kept,
        remarks: result::remarks(&paper, &head, &judged)?,
        marks: judged.marks.clone(),
        review: result::review(&mut tx, classroom, &paper, &head, judged, true).await?,
        rubrics,
        next_to_mark,
        events,
    })
}

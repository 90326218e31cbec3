//! What a look at a watched board reads of the database.

use std::collections::HashMap;

use content::sets::{GROUP, bind_group};
use db::{Conn, DbError, sql};
use kernel::{AttemptId, TestId, Timestamp};

use super::board::{AttemptRow, EventCount};
use super::saving::EventKind;

/// An attempt that was heard of, and what is counted of it.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Heard {
    pub id: AttemptId,
    pub saved_at: Timestamp,
    /// Not 0 where more than what is counted has changed.
    more: i64,
    pub devices: i64,
    pub events: i64,
    /// The last numbers of its devices' answers, together.
    pub last: i64,
}

/// Attempts that were begun, handed in, marked or stopped since then, in the order of their numbers, and those heard of.
pub(super) async fn since(
    conn: &mut Conn,
    test: TestId,
    since: Timestamp,
    saved_since: Timestamp,
) -> Result<(Vec<AttemptRow>, Vec<Heard>), DbError> {
    let heard: Vec<Heard> = sql!(
        "SELECT a.id, a.saved_at,
                CAST(CASE WHEN a.started_at >= $2 OR a.submitted_at >= $2 OR a.marked_at >= $2 OR a.locked_at >= $2 THEN 1 ELSE 0 END AS BIGINT)
                  AS more,
                (SELECT COUNT(*) FROM attempt_device d WHERE d.attempt_id = a.id) AS devices,
                (SELECT COUNT(*) FROM attempt_event e WHERE e.attempt_id = a.id) AS events,
                (SELECT CAST(COALESCE(SUM((SELECT MAX(w.sequence) FROM attempt_answer w WHERE w.attempt_id = d.attempt_id AND w.device = d.number)), 0) AS BIGINT)
                 FROM attempt_device d WHERE d.attempt_id = a.id) AS last
         FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real'
           AND (a.saved_at >= $3 OR a.started_at >= $2 OR a.submitted_at >= $2 OR a.marked_at >= $2 OR a.locked_at >= $2)"
    )
    .bind(test)
    .bind(since)
    .bind(saved_since)
    .fetch_all(&mut *conn)
    .await?;
    // Of thousands who save hardly any begins, hands in or is marked between two looks, and mostly none.
    let rows: Vec<AttemptRow> = if heard.iter().any(|heard| heard.more > 0) {
        sql!(
            "SELECT a.id, a.person_id, a.entrant_id, a.number, a.state, a.started_at, a.due_at, a.saved_at, a.submitted_at, a.locked_at,
                    a.score, a.out_of, a.by_hand_left
             FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real'
               AND (a.started_at >= $2 OR a.submitted_at >= $2 OR a.marked_at >= $2 OR a.locked_at >= $2) ORDER BY a.number"
        )
        .bind(test)
        .bind(since)
        .fetch_all(conn)
        .await?
    } else {
        Vec::new()
    };
    Ok((rows, heard))
}

#[derive(sqlx::FromRow)]
struct Changed {
    #[sqlx(flatten)]
    attempt: AttemptRow,
    devices: i64,
    events: i64,
    last: i64,
}

/// These attempts, in the order of their numbers, as far as a board shows them.
pub(super) async fn of(conn: &mut Conn, mut attempts: Vec<AttemptId>) -> Result<(Vec<AttemptRow>, Vec<Heard>), DbError> {
    attempts.sort_unstable();
    attempts.dedup();
    let mut all: Vec<Changed> = Vec::new();
    for group in attempts.chunks(GROUP) {
        let changed: Vec<Changed> = bind_group(
            sql!(
                "SELECT a.id, a.person_id, a.entrant_id, a.number, a.state, a.started_at, a.due_at, a.saved_at, a.submitted_at, a.locked_at,
                        a.score, a.out_of, a.by_hand_left,
                        (SELECT COUNT(*) FROM attempt_device d WHERE d.attempt_id = a.id) AS devices,
                        (SELECT COUNT(*) FROM attempt_event e WHERE e.attempt_id = a.id) AS events,
                        (SELECT CAST(COALESCE(SUM((SELECT MAX(w.sequence) FROM attempt_answer w WHERE w.attempt_id = d.attempt_id AND w.device = d.number)), 0) AS BIGINT)
                         FROM attempt_device d WHERE d.attempt_id = a.id) AS last
                 FROM attempt a WHERE a.kind = 'real'
                   AND a.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(&mut *conn)
        .await?;
        all.extend(changed);
    }
    all.sort_by_key(|changed| changed.attempt.number);
    Ok(all
        .into_iter()
        .map(|Changed { attempt, devices, events, last }| {
            let heard = Heard { id: attempt.id, saved_at: attempt.saved_at, more: 1, devices, events, last };
            (attempt, heard)
        })
        .unzip())
}

/// How often what happened in these attempts.
pub(super) async fn events(conn: &mut Conn, attempts: &[AttemptId]) -> Result<HashMap<AttemptId, Vec<EventCount>>, DbError> {
    let mut all: HashMap<AttemptId, Vec<EventCount>> = HashMap::new();
    for group in attempts.chunks(GROUP) {
        let counts: Vec<(AttemptId, String, i64)> = bind_group(
            sql!(
                "SELECT e.attempt_id, e.kind, COUNT(*) FROM attempt_event e
                 WHERE e.attempt_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                 GROUP BY e.attempt_id, e.kind ORDER BY e.kind"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for (attempt, kind, count) in counts {
            all.entry(attempt).or_default().push(EventCount { kind: EventKind::try_from(kind)?, count });
        }
    }
    Ok(all)
}

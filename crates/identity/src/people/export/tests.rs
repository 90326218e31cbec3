//! The tests somebody made, sat, and spoke in.

use db::{Conn, DbError, sql};
use kernel::PersonId;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Attempt {
    id: Uuid,
    title: String,
    number: i64,
    started_at: i64,
    submitted_at: Option<i64>,
    /// Millionths.
    score: Option<i64>,
    out_of: Option<i64>,
}

/// Her tests, her attempts with every answer, and what she said to those who sat one, as one JSON object.
pub(super) async fn of_tests(conn: &mut Conn, id: PersonId) -> Result<Value, DbError> {
    let made: Vec<(Uuid, String, i64)> =
        sql!("SELECT id, title, created_at FROM test WHERE owner_id = $1 ORDER BY created_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let sat: Vec<Attempt> = sql!(
        "SELECT a.id, t.title, a.number, a.started_at, a.submitted_at, a.score, a.out_of FROM attempt a JOIN test t ON t.id = a.test_id
         WHERE a.person_id = $1 ORDER BY a.started_at, a.id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let mut attempts = Vec::with_capacity(sat.len());
    for attempt in sat {
        let answers: Vec<(i64, String, i64)> =
            sql!("SELECT item, response, made_at FROM attempt_answer WHERE attempt_id = $1 ORDER BY device, sequence LIMIT 100000")
                .bind(attempt.id)
                .fetch_all(conn)
                .await?;
        let photos: Vec<(String, i64, i64)> =
            sql!("SELECT sha256, size, received_at FROM attempt_photo WHERE attempt_id = $1 ORDER BY received_at, sha256 LIMIT 100000")
                .bind(attempt.id)
                .fetch_all(conn)
                .await?;
        attempts.push(json!({
            "id": attempt.id, "title": attempt.title, "number": attempt.number,
            "started_at": attempt.started_at, "submitted_at": attempt.submitted_at,
            "score_millionths": attempt.score, "out_of_millionths": attempt.out_of,
            "answers": answers.into_iter().map(|(item, response, made_at)| {
                json!({ "item": item, "response": response, "made_at": made_at })
            }).collect::<Vec<_>>(),
            "photos": photos.into_iter().map(|(sha256, size, received_at)| {
                json!({ "sha256": sha256, "size": size, "received_at": received_at })
            }).collect::<Vec<_>>(),
        }));
    }
    let exceptions: Vec<(Uuid, i64)> =
        sql!("SELECT test_id, extra_seconds FROM test_exception WHERE person_id = $1 ORDER BY test_id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let messages: Vec<(Uuid, String, i64)> =
        sql!("SELECT test_id, text, sent_at FROM test_message WHERE sent_by = $1 ORDER BY sent_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    Ok(json!({
        "tests": made.into_iter().map(|(id, title, created_at)| {
            json!({ "id": id, "title": title, "created_at": created_at })
        }).collect::<Vec<_>>(),
        "attempts": attempts,
        "test_exceptions": exceptions.into_iter().map(|(test, extra_seconds)| {
            json!({ "test_id": test, "extra_seconds": extra_seconds })
        }).collect::<Vec<_>>(),
        "test_messages": messages.into_iter().map(|(test, text, sent_at)| {
            json!({ "test_id": test, "text": text, "sent_at": sent_at })
        }).collect::<Vec<_>>(),
    }))
}

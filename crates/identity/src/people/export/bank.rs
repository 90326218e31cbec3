//! What somebody has in the question bank and on the import desk.

use db::{Conn, DbError, sql};
use kernel::PersonId;
use serde_json::{Value, json};
use uuid::Uuid;

/// Her questions, her folders and what was lent to her, her papers and her reports, as one JSON object.
pub(super) async fn of_bank(conn: &mut Conn, id: PersonId) -> Result<Value, DbError> {
    let questions: Vec<(Uuid, String, i64)> = sql!(
        "SELECT id, plain_text, created_at FROM question WHERE created_by = $1
           OR id IN (SELECT question_id FROM question_version WHERE saved_by = $1) ORDER BY created_at, id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let folders: Vec<(Uuid, String, i64)> =
        sql!("SELECT id, name, created_at FROM question_folder WHERE owner_id = $1 ORDER BY created_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let lent: Vec<(Uuid, String, i64)> =
        sql!("SELECT folder_id, can, created_at FROM question_share WHERE person_id = $1 ORDER BY created_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let papers: Vec<(Uuid, String, i64, String, i64)> =
        sql!("SELECT id, filename, size, state, created_at FROM question_import WHERE owner_id = $1 ORDER BY created_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let reports: Vec<(Uuid, String, String, i64)> = sql!(
        "SELECT question_id, reason, note, created_at FROM question_report WHERE reporter_id = $1 ORDER BY created_at, id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    Ok(json!({
        "questions": questions.into_iter().map(|(id, text, created_at)| {
            json!({ "id": id, "text": text, "created_at": created_at })
        }).collect::<Vec<_>>(),
        "question_folders": folders.into_iter().map(|(id, name, created_at)| {
            json!({ "id": id, "name": name, "created_at": created_at })
        }).collect::<Vec<_>>(),
        "question_folders_lent": lent.into_iter().map(|(folder, can, created_at)| {
            json!({ "folder_id": folder, "can": can, "created_at": created_at })
        }).collect::<Vec<_>>(),
        "question_papers": papers.into_iter().map(|(id, filename, size, state, created_at)| {
            json!({ "id": id, "filename": filename, "size": size, "state": state, "created_at": created_at })
        }).collect::<Vec<_>>(),
        "question_reports": reports.into_iter().map(|(question, reason, note, created_at)| {
            json!({ "question_id": question, "reason": reason, "note": note, "created_at": created_at })
        }).collect::<Vec<_>>(),
    }))
}

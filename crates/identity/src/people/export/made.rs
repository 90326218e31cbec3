//! What somebody wrote, uploaded and imported.

use db::{Conn, DbError, sql};
use kernel::PersonId;
use serde_json::{Value, json};
use uuid::Uuid;

/// Her lessons, what she published of them, her files and the lists of people she had to do with, as
/// one JSON object.
pub(super) async fn made_by(conn: &mut Conn, id: PersonId) -> Result<Value, DbError> {
    let lessons: Vec<(Uuid, String, i64, Option<i64>)> = sql!(
        "SELECT id, draft_title, created_at, published_at FROM lesson WHERE created_by = $1
           OR id IN (SELECT lesson_id FROM lesson_editor WHERE person_id = $1) ORDER BY created_at, id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let published: Vec<(Uuid, i64, String, i64, Option<String>)> = sql!(
        "SELECT lesson_id, version, title, published_at, note FROM lesson_version WHERE published_by = $1
         ORDER BY published_at, lesson_id, version LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let files: Vec<(Uuid, String, i64, i64)> =
        sql!("SELECT id, filename, size, created_at FROM asset WHERE owner_id = $1 ORDER BY created_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let uploads: Vec<(String, i64, i64, String, i64)> =
        sql!("SELECT filename, length, received, state, created_at FROM upload WHERE owner_id = $1 ORDER BY created_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let lists: Vec<(String, i64, Option<i64>)> =
        sql!("SELECT filename, created_at, applied_at FROM people_import WHERE created_by = $1 ORDER BY created_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let listed_in: Vec<(Uuid, Option<i64>, i64, String)> = sql!(
        "SELECT i.organisation_id, i.applied_at, r.line, r.action FROM people_import_row r JOIN people_import i ON i.id = r.import_id
         WHERE r.person_id = $1 ORDER BY i.applied_at, i.id, r.line LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    Ok(json!({
        "lessons": lessons.into_iter().map(|(id, title, created_at, published_at)| {
            json!({ "id": id, "title": title, "created_at": created_at, "published_at": published_at })
        }).collect::<Vec<_>>(),
        "published": published.into_iter().map(|(lesson, version, title, published_at, note)| {
            json!({ "lesson_id": lesson, "version": version, "title": title, "published_at": published_at, "note": note })
        }).collect::<Vec<_>>(),
        "files": files.into_iter().map(|(id, filename, size, created_at)| {
            json!({ "id": id, "filename": filename, "size": size, "created_at": created_at })
        }).collect::<Vec<_>>(),
        "uploads": uploads.into_iter().map(|(filename, length, received, state, created_at)| {
            json!({ "filename": filename, "length": length, "received": received, "state": state, "created_at": created_at })
        }).collect::<Vec<_>>(),
        "imported_lists": lists.into_iter().map(|(filename, created_at, applied_at)| {
            json!({ "filename": filename, "created_at": created_at, "applied_at": applied_at })
        }).collect::<Vec<_>>(),
        "listed_in": listed_in.into_iter().map(|(organisation, applied_at, line, action)| {
            json!({ "organisation_id": organisation, "applied_at": applied_at, "line": line, "action": action })
        }).collect::<Vec<_>>(),
    }))
}

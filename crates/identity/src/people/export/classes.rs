//! The classes somebody teaches, made, and learns in.

use db::{Conn, DbError, sql};
use kernel::PersonId;
use serde_json::{Value, json};
use uuid::Uuid;

/// Her classes and her places in others' classes, as one JSON object.
pub(super) async fn of_classes(conn: &mut Conn, id: PersonId) -> Result<Value, DbError> {
    let made: Vec<(Uuid, String, i64)> =
        sql!("SELECT id, name, created_at FROM class WHERE created_by = $1 ORDER BY created_at, id LIMIT 100000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let taught: Vec<(Uuid, String, String, i64)> = sql!(
        "SELECT c.id, c.name, t.role, t.added_at FROM class_teacher t JOIN class c ON c.id = t.class_id
         WHERE t.person_id = $1 ORDER BY t.added_at, c.id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let joined: Vec<(Uuid, String, Uuid, String, i64, Option<i64>)> = sql!(
        "SELECT c.id, c.name, m.organisation_id, m.state, m.joined_at, m.left_at FROM class_member m JOIN class c ON c.id = m.class_id
         WHERE m.person_id = $1 ORDER BY m.joined_at, c.id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let teams: Vec<(Uuid, String)> = sql!(
        "SELECT t.class_id, t.name FROM class_team t JOIN class_team_member x ON x.team_id = t.id JOIN class_member m ON m.id = x.member_id
         WHERE m.person_id = $1 ORDER BY t.name_key, t.id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    Ok(json!({
        "classes_made": made.into_iter().map(|(id, name, created_at)| {
            json!({ "id": id, "name": name, "created_at": created_at })
        }).collect::<Vec<_>>(),
        "classes_taught": taught.into_iter().map(|(id, name, role, added_at)| {
            json!({ "id": id, "name": name, "role": role, "added_at": added_at })
        }).collect::<Vec<_>>(),
        "classes_joined": joined.into_iter().map(|(id, name, organisation, state, joined_at, left_at)| {
            json!({ "id": id, "name": name, "organisation_id": organisation, "state": state, "joined_at": joined_at, "left_at": left_at })
        }).collect::<Vec<_>>(),
        "class_teams": teams.into_iter().map(|(class, name)| json!({ "class_id": class, "name": name })).collect::<Vec<_>>(),
    }))
}

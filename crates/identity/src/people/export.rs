mod bank;
mod classes;
mod made;
mod tests;

use db::{Conn, DbError, Env, sql};
use kernel::PersonId;
use serde_json::{Value, json};

use super::history::history_of;
use super::{PeopleError, roles_of};
use crate::access::{Caller, ManagePerson, VisibleOrganisations, authorise};
use crate::audit::{self, Event};
use crate::sessions::devices_of;

/// Everything kept of the caller, as one JSON object.
///
/// # Errors
/// [`PeopleError`].
pub async fn export_own(env: &Env, caller: &Caller) -> Result<Value, PeopleError> {
    let id = caller.person_id().ok_or(crate::access::Denied::SignInNeeded)?;
    let mut tx = env.db.read().await?;
    Ok(everything_of(&mut tx, env, id).await?)
}

/// Everything kept of a person, for those who manage her; written to the audit log.
///
/// # Errors
/// [`PeopleError`].
pub async fn export(env: &Env, caller: &Caller, id: PersonId) -> Result<Value, PeopleError> {
    let mut tx = env.db.write().await?;
    authorise::<ManagePerson>(&mut tx, caller, id).await?;
    let everything = everything_of(&mut tx, env, id).await?;
    let mut event = Event::about_person("person.exported", id);
    event.organisation = super::home_of(&mut tx, id).await?;
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    Ok(everything)
}

#[derive(sqlx::FromRow, serde::Serialize)]
struct Profile {
    display_name: String,
    username: String,
    email: Option<String>,
    ministry_id: Option<String>,
    birth_date: Option<String>,
    gender: Option<String>,
    national_id: Option<String>,
    phone: Option<String>,
    guardians: Option<String>,
    locale: String,
    theme: String,
    state: String,
    created_at: i64,
    last_sign_in_at: Option<i64>,
}

async fn everything_of(conn: &mut Conn, env: &Env, id: PersonId) -> Result<Value, DbError> {
    let profile: Profile = sql!(
        "SELECT display_name, username, email, ministry_id, birth_date, gender, national_id, phone, guardians, locale, theme, state,
                created_at, last_sign_in_at FROM person WHERE id = $1"
    )
    .bind(id)
    .fetch_one(conn)
    .await?;
    let password: Option<(i64, bool)> =
        sql!("SELECT changed_at, must_change FROM credential WHERE person_id = $1").bind(id).fetch_optional(conn).await?;
    let audit: Vec<(i64, String, String, Option<String>)> = sql!(
        "SELECT at, action, detail, CASE WHEN actor_id = $1 THEN address END FROM audit_entry
         WHERE actor_id = $1 OR subject_id = $1 ORDER BY id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let watched: Vec<(uuid::Uuid, String, uuid::Uuid, i64, i64, i64)> = sql!(
        "SELECT w.lesson_id, l.draft_title, w.asset_id, w.position_us, w.seen_count, w.updated_at
         FROM watch w JOIN lesson l ON l.id = w.lesson_id WHERE w.person_id = $1 ORDER BY w.updated_at, w.asset_id LIMIT 100000"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let numbers: Vec<(uuid::Uuid, String, i64, Option<i64>)> = sql!(
        "SELECT organisation_id, number, given_at, until_at FROM school_number WHERE person_id = $1 ORDER BY given_at, organisation_id"
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let links: Vec<(i64, i64, Option<i64>)> =
        sql!("SELECT created_at, expires_at, used_at FROM password_link WHERE person_id = $1 ORDER BY created_at LIMIT 1000")
            .bind(id)
            .fetch_all(conn)
            .await?;
    let failures: Vec<(String, i64, i64, Option<i64>)> = sql!(
        "SELECT subject, failures, window_started_at, blocked_until FROM sign_in_failure WHERE subject IN ($1, $2, $3) ORDER BY subject"
    )
    .bind(format!("account:{id}"))
    .bind(format!("email:{id}"))
    .bind(format!("code:{id}"))
    .fetch_all(conn)
    .await?;
    let all = VisibleOrganisations::all();
    let mut everything = json!({
        "format": "lopmo-person-1",
        "exported_at": env.now(),
        "id": id,
        "profile": profile,
        "password": password.map(|(changed_at, must_change)| json!({ "changed_at": changed_at, "must_change": must_change })),
        "roles": roles_of(conn, id, &all).await?,
        "school_numbers": numbers.into_iter().map(|(organisation, number, given_at, until_at)| {
            json!({ "organisation_id": organisation, "number": number, "given_at": given_at, "until_at": until_at })
        }).collect::<Vec<_>>(),
        "enrolments": history_of(conn, id, &all).await?,
        "devices": devices_of(conn, id, None, env.now()).await?,
        "audit": audit.into_iter().map(|(at, action, detail, address)| {
            json!({ "at": at, "action": action, "detail": serde_json::from_str::<Value>(&detail).unwrap_or(Value::Null), "address": address })
        }).collect::<Vec<_>>(),
        "watched": watched.into_iter().map(|(lesson, title, asset, position_us, seconds, updated_at)| {
            json!({ "lesson_id": lesson, "lesson_title": title, "asset_id": asset, "position_us": position_us,
                    "watched_us": seconds.saturating_mul(1_000_000), "updated_at": updated_at })
        }).collect::<Vec<_>>(),
        "password_links": links.into_iter().map(|(created_at, expires_at, used_at)| {
            json!({ "created_at": created_at, "expires_at": expires_at, "used_at": used_at })
        }).collect::<Vec<_>>(),
        "sign_in_failures": failures.into_iter().map(|(of, failures, since, blocked_until)| {
            json!({ "of": of.split(':').next(), "failures": failures, "since": since, "blocked_until": blocked_until })
        }).collect::<Vec<_>>(),
    });
    for part in [
        made::made_by(conn, id).await?,
        bank::of_bank(conn, id).await?,
        classes::of_classes(conn, id).await?,
        tests::of_tests(conn, id).await?,
    ] {
        if let (Some(all), Value::Object(part)) = (everything.as_object_mut(), part) {
            all.extend(part);
        }
    }
    Ok(everything)
}

//! Slips of paper with one-time passwords, for a class or for named people.

use db::{Conn, Env, sql};
use exchange::vietnamese::name_sort_key;
use kernel::{ClassGroupId, OrganisationId, PersonId};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::PeopleError;
use super::adding::{one_time_password, set_password};
use crate::access::{Caller, Denied, ManagePeople, ManagePerson, authorise};
use crate::audit::{self, Event};
use crate::sessions;

/// Most slips at once: a large school's pupils.
const MOST: usize = 3000;
/// Passwords hashed at once.
const AT_ONCE: usize = 2;

/// What is printed on one slip.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Slip {
    /// Whose it is.
    pub display_name: String,
    /// What she signs in with.
    pub username: String,
    /// Her class.
    pub class_name: Option<String>,
    /// Works once: she must choose her own.
    pub one_time_password: String,
}

type Target = (PersonId, String, String, Option<String>);

/// Whose slips are wanted: a class, named people, or every pupil of the organisation.
async fn targets(
    conn: &mut Conn,
    organisation: OrganisationId,
    class: Option<ClassGroupId>,
    named: Option<&[PersonId]>,
) -> Result<Vec<Target>, PeopleError> {
    let mut found: Vec<Target> = Vec::new();
    match named {
        None => {
            found = sql!(
                "SELECT p.id, p.display_name, p.username, g.name FROM person p
                 JOIN enrolment e ON e.person_id = p.id AND e.until_at IS NULL AND e.organisation_id = $1
                 LEFT JOIN class_group g ON g.id = e.class_group_id
                 WHERE p.state = 'active' AND e.role = 'pupil' AND (CAST($2 AS UUID) IS NULL OR e.class_group_id = $2)
                 ORDER BY p.id LIMIT 3001"
            )
            .bind(organisation)
            .bind(class)
            .fetch_all(conn)
            .await?;
        }
        Some(named) => {
            for id in named.iter().take(MOST + 1) {
                let one: Option<Target> = sql!(
                    "SELECT p.id, p.display_name, p.username,
                       (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
                        WHERE e.person_id = p.id AND e.organisation_id = $2 AND e.until_at IS NULL ORDER BY e.from_at DESC LIMIT 1)
                     FROM person p WHERE p.id = $1 AND p.state = 'active' AND EXISTS (
                       SELECT 1 FROM role_assignment r WHERE r.person_id = p.id AND r.organisation_id = $2 AND r.until_at IS NULL)"
                )
                .bind(*id)
                .bind(organisation)
                .fetch_optional(conn)
                .await?;
                found.push(one.ok_or(PeopleError::Denied(Denied::NotFound))?);
            }
        }
    }
    if found.len() > MOST {
        return Err(PeopleError::fault("person_ids", "too-many"));
    }
    found.sort_by_cached_key(|(id, name, ..)| (name_sort_key(name), *id));
    found.dedup_by_key(|(id, ..)| *id);
    Ok(found)
}

/// Sets new one-time passwords and gives what to print. Everybody concerned is signed out. One must
/// be able to manage each of them: no slip for an administrator of the province who also teaches here.
///
/// # Errors
/// [`PeopleError`].
pub async fn make(
    env: &Env,
    caller: &Caller,
    organisation: OrganisationId,
    class: Option<ClassGroupId>,
    named: Option<&[PersonId]>,
) -> Result<Vec<Slip>, PeopleError> {
    let mut tx = env.db.read().await?;
    authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let people = targets(&mut tx, organisation, class, named).await?;
    for (id, ..) in &people {
        authorise::<ManagePerson>(&mut tx, caller, *id).await?;
    }
    drop(tx);

    // A few at a time: hashes wait in one queue, and whoever signs in meanwhile stands behind these.
    let mut passwords = Vec::with_capacity(people.len());
    for some in people.chunks(AT_ONCE) {
        let hashing: Vec<_> = some.iter().map(|_| tokio::spawn(one_time_password())).collect();
        for one in hashing {
            passwords.push(one.await.map_err(|error| PeopleError::Randomness(error.to_string()))??);
        }
    }

    let mut tx = env.db.write().await?;
    authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let mut slips = Vec::with_capacity(people.len());
    for ((id, display_name, username, class_name), (secret, hash)) in people.into_iter().zip(passwords) {
        authorise::<ManagePerson>(&mut tx, caller, id).await?;
        set_password(&mut tx, env, id, &hash).await?;
        sessions::end_sessions_of(&mut tx, id, None).await?;
        audit::record(&mut tx, env, caller, Event::about_person("person.slip-made", id).at(organisation)).await?;
        slips.push(Slip { display_name, username, class_name, one_time_password: secret.reveal().to_owned() });
    }
    let event = Event::about_organisation("slips.made", organisation).with(json!({ "count": slips.len() }));
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    Ok(slips)
}

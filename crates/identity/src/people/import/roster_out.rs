use std::collections::HashSet;

use db::{Env, sql};
use exchange::roster::{PartialPerson, RosterRole};
use exchange::roster_export::write_xlsx;
use kernel::{ClassGroupId, OrganisationId, Role};
use serde_json::json;
use uuid::Uuid;

use super::guardians;
use crate::access::{Caller, ManagePeople, authorise};
use crate::audit::{self, Event};
use crate::people::{Gender, PeopleError};

#[derive(sqlx::FromRow)]
struct Facts {
    id: Uuid,
    display_name: String,
    name_key: String,
    username: String,
    email: Option<String>,
    code: Option<String>,
    ministry_id: Option<String>,
    birth_date: Option<String>,
    gender: Option<String>,
    national_id: Option<String>,
    phone: Option<String>,
    guardians: Option<String>,
    role: String,
    class_name: Option<String>,
}

/// The people of an organisation, or of one class, as a workbook that an import takes back.
///
/// # Errors
/// [`PeopleError`].
pub async fn export_xlsx(
    env: &Env,
    caller: &Caller,
    organisation: OrganisationId,
    class: Option<ClassGroupId>,
) -> Result<Vec<u8>, PeopleError> {
    let mut tx = env.db.write().await?;
    authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let rows: Vec<Facts> = sql!(
        "SELECT p.id, p.display_name, p.name_key, p.username, p.email,
                (SELECT n.number FROM school_number n JOIN organisation_closure c ON c.ancestor_id = n.organisation_id
                 WHERE n.person_id = p.id AND n.until_at IS NULL AND c.descendant_id = $1 ORDER BY c.depth LIMIT 1) AS code,
                p.ministry_id, p.birth_date, p.gender, p.national_id, p.phone, p.guardians,
                r.role, g.name AS class_name
         FROM role_assignment r JOIN person p ON p.id = r.person_id
         LEFT JOIN class_group g ON g.id = (SELECT e.class_group_id FROM enrolment e WHERE e.person_id = p.id AND e.organisation_id = $1
           AND e.role = r.role AND e.until_at IS NULL AND e.class_group_id IS NOT NULL ORDER BY e.from_at DESC, e.id DESC LIMIT 1)
         WHERE r.organisation_id = $1 AND r.until_at IS NULL AND (CAST($2 AS UUID) IS NULL OR g.id = $2)
         ORDER BY p.name_key, p.id, r.role LIMIT 20001"
    )
    .bind(organisation)
    .bind(class)
    .fetch_all(&mut tx)
    .await?;
    let event = Event::about_organisation("people.exported", organisation).with(json!({ "count": rows.len() }));
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    // One row a person, whatever roles she holds: an import takes no person twice.
    let mut listed = HashSet::new();
    let mut rows: Vec<(String, PartialPerson)> =
        rows.into_iter().filter(|facts| listed.insert(facts.id)).map(|facts| (facts.name_key.clone(), person(facts))).collect();
    // By class, then by name: as lists are printed.
    rows.sort_by_cached_key(|(key, person)| (person.class.as_deref().map(exchange::vietnamese::text_sort_key), key.clone()));
    let people: Vec<PartialPerson> = rows.into_iter().map(|(_, person)| person).collect();
    tokio::task::spawn_blocking(move || write_xlsx(&people))
        .await
        .map_err(|error| PeopleError::Export(error.to_string()))?
        .map_err(|error| PeopleError::Export(error.to_string()))
}

fn person(facts: Facts) -> PartialPerson {
    let [father, mother, guardian] = facts.guardians.as_deref().map(guardians::from_text).unwrap_or_default();
    PartialPerson {
        full_name: Some(facts.display_name),
        birth_date: facts.birth_date.and_then(|day| day.parse().ok()),
        gender: Gender::parse(facts.gender.as_deref()).map(|gender| match gender {
            Gender::Male => exchange::roster::Gender::Male,
            Gender::Female => exchange::roster::Gender::Female,
        }),
        class: facts.class_name,
        code: facts.code,
        ministry_id: facts.ministry_id,
        national_id: facts.national_id,
        email: facts.email.map(|email| email.to_lowercase()),
        phone: facts.phone,
        username: Some(facts.username),
        role: Role::try_from(facts.role).ok().map(|role| match role {
            Role::Administrator => RosterRole::Administrator,
            Role::SchoolHead => RosterRole::SchoolHead,
            Role::Reviewer => RosterRole::Reviewer,
            Role::Teacher => RosterRole::Teacher,
            Role::Pupil => RosterRole::Pupil,
            Role::Parent => RosterRole::Parent,
        }),
        father,
        mother,
        guardian,
    }
}

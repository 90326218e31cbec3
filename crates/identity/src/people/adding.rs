use db::{Conn, DbError, Env, WriteTx, sql};
use exchange::vietnamese::{fold, name_sort_key, username_stem, username_with_number};
use kernel::{ClassGroupId, EnrolmentId, OrganisationId, PersonId, Role, RoleAssignmentId, SchoolYearId, Secret};
use serde_json::json;
use uuid::Uuid;

use super::view::{self, Person};
use super::{EnrolmentReason, PeopleError, PersonDraft, PersonInput};
use crate::access::{Caller, Grant, ManagePeople, authorise};
use crate::audit::{self, Event};
use crate::fault::Faults;
use crate::organisations::current_year;
use crate::password::NewPassword;

/// The hash of a password being set.
#[derive(Clone, Debug)]
pub enum FirstPassword {
    /// Chosen by the person herself.
    Chosen(String),
    /// Made by us: she must choose her own before anything else.
    OneTime(String),
}

/// Sets a person's password.
pub(crate) async fn set_password(tx: &mut WriteTx, env: &Env, person: PersonId, password: &FirstPassword) -> Result<(), DbError> {
    let (hash, must_change) = match password {
        FirstPassword::Chosen(hash) => (hash, false),
        FirstPassword::OneTime(hash) => (hash, true),
    };
    sql!(
        "INSERT INTO credential (person_id, password_hash, must_change, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person_id) DO UPDATE SET password_hash = excluded.password_hash,
           must_change = excluded.must_change, changed_at = excluded.changed_at"
    )
    .bind(person)
    .bind(hash)
    .bind(must_change)
    .bind(env.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// The place whose log tells of a person: where she holds her oldest role.
pub(crate) async fn home_of(conn: &mut Conn, person: PersonId) -> Result<Option<OrganisationId>, DbError> {
    let row: Option<(OrganisationId,)> = sql!(
        "SELECT organisation_id FROM role_assignment WHERE person_id = $1
         ORDER BY CASE WHEN until_at IS NULL THEN 0 ELSE 1 END, from_at, id LIMIT 1"
    )
    .bind(person)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Whether somebody else has an e-mail.
pub(crate) async fn email_is_taken(conn: &mut Conn, email: &str, but: Option<PersonId>) -> Result<bool, DbError> {
    let row: Option<(Uuid,)> = sql!("SELECT id FROM person WHERE email_folded = $1 AND (CAST($2 AS UUID) IS NULL OR id <> $2)")
        .bind(email.to_lowercase())
        .bind(but)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Whether somebody else has a code.
pub(super) async fn code_is_taken(conn: &mut Conn, code: &str, but: Option<PersonId>) -> Result<bool, DbError> {
    let row: Option<(Uuid,)> = sql!("SELECT id FROM person WHERE code = $1 AND (CAST($2 AS UUID) IS NULL OR id <> $2)")
        .bind(code)
        .bind(but)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Whether a username is in use.
pub(super) async fn username_is_taken(conn: &mut Conn, username: &str) -> Result<bool, DbError> {
    let row: Option<(Uuid,)> = sql!("SELECT id FROM person WHERE username = $1").bind(username).fetch_optional(conn).await?;
    Ok(row.is_some())
}

/// A username nobody has, made from a name.
pub(super) async fn free_username(conn: &mut Conn, display_name: &str) -> Result<String, DbError> {
    // A range and not LIKE, which neither engine answers from this index. The stem is ASCII, and so
    // is what follows it: `~` comes after all of it.
    let stem = username_stem(display_name);
    let taken: Vec<(String,)> = sql!("SELECT username FROM person WHERE username >= $1 AND username < $2")
        .bind(&stem)
        .bind(format!("{stem}~"))
        .fetch_all(conn)
        .await?;
    let taken: std::collections::HashSet<String> = taken.into_iter().map(|(name,)| name).collect();
    for number in 1.. {
        let name = username_with_number(display_name, number);
        // Three letters at least, as for names that people choose.
        if name.len() >= 3 && !taken.contains(&name) {
            return Ok(name);
        }
    }
    Err(DbError::Stored("no username is free".to_owned()))
}

/// Gives a role, unless it is held already. A person who had left is back.
pub(crate) async fn hold_role(
    tx: &mut WriteTx,
    env: &Env,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO role_assignment (id, person_id, organisation_id, role, from_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person_id, organisation_id, role) WHERE until_at IS NULL DO NOTHING"
    )
    .bind(env.ids.make::<RoleAssignmentId>())
    .bind(person)
    .bind(organisation)
    .bind(role)
    .bind(env.now())
    .execute(tx)
    .await?;
    sql!("UPDATE person SET state = 'active' WHERE id = $1 AND state = 'left'").bind(person).execute(tx).await?;
    Ok(())
}

/// Ends a role and what belongs to it. Who holds none any more has left, and is signed out.
pub(crate) async fn end_role(
    tx: &mut WriteTx,
    env: &Env,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
) -> Result<(), DbError> {
    sql!("UPDATE role_assignment SET until_at = $4 WHERE person_id = $1 AND organisation_id = $2 AND role = $3 AND until_at IS NULL")
        .bind(person)
        .bind(organisation)
        .bind(role)
        .bind(env.now())
        .execute(tx)
        .await?;
    end_enrolment(tx, env, person, organisation, role).await?;
    let left = sql!(
        "UPDATE person SET state = 'left' WHERE id = $1 AND state = 'active'
           AND NOT EXISTS (SELECT 1 FROM role_assignment r WHERE r.person_id = $1 AND r.until_at IS NULL)"
    )
    .bind(person)
    .execute(tx)
    .await?;
    if left > 0 {
        crate::sessions::end_sessions_of(tx, person, None).await?;
    }
    Ok(())
}

async fn end_enrolment(tx: &mut WriteTx, env: &Env, person: PersonId, organisation: OrganisationId, role: Role) -> Result<(), DbError> {
    sql!("UPDATE enrolment SET until_at = $4 WHERE person_id = $1 AND organisation_id = $2 AND role = $3 AND until_at IS NULL")
        .bind(person)
        .bind(organisation)
        .bind(role)
        .bind(env.now())
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes down where a person belongs from now on, and ends the same belonging elsewhere in the place.
pub(super) async fn enrol(
    tx: &mut WriteTx,
    env: &Env,
    grant: &Grant<ManagePeople>,
    person: PersonId,
    role: Role,
    class: Option<ClassGroupId>,
    reason: EnrolmentReason,
) -> Result<(), PeopleError> {
    let organisation = *grant.scope();
    let year = match class {
        None => current_year(tx, organisation, env.now()).await?,
        Some(class) => {
            let row: Option<(SchoolYearId,)> = sql!("SELECT year_id FROM class_group WHERE id = $1 AND organisation_id = $2")
                .bind(class)
                .bind(organisation)
                .fetch_optional(tx)
                .await?;
            Some(row.ok_or(PeopleError::fault("class_group_id", "unknown"))?.0)
        }
    };
    hold_role(tx, env, person, organisation, role).await?;
    end_enrolment(tx, env, person, organisation, role).await?;
    sql!(
        "INSERT INTO enrolment (id, person_id, organisation_id, year_id, class_group_id, role, reason, from_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(env.ids.make::<EnrolmentId>())
    .bind(person)
    .bind(organisation)
    .bind(year)
    .bind(class)
    .bind(role)
    .bind(reason.as_str())
    .bind(env.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// Inserts a person with a role and her first enrolment. Without a password she signs in only
/// after slips or a link were made for her.
///
/// # Errors
/// [`PeopleError`]; values taken already are faults of their fields.
pub async fn add(
    tx: &mut WriteTx,
    env: &Env,
    grant: &Grant<ManagePeople>,
    draft: &PersonDraft,
    role: Role,
    password: Option<FirstPassword>,
) -> Result<PersonId, PeopleError> {
    let person = insert(tx, env, draft, password).await?;
    enrol(tx, env, grant, person, role, draft.class_group_id, EnrolmentReason::Created).await?;
    let event = Event::about_person("person.created", person).at(*grant.scope()).with(json!({ "role": role }));
    audit::record(tx, env, grant.caller(), event).await?;
    Ok(person)
}

pub(super) async fn insert(
    tx: &mut WriteTx,
    env: &Env,
    draft: &PersonDraft,
    password: Option<FirstPassword>,
) -> Result<PersonId, PeopleError> {
    let mut faults = Faults::default();
    if let Some(email) = &draft.email
        && email_is_taken(tx, email, None).await?
    {
        faults.add("email", "taken");
    }
    if let Some(code) = &draft.code
        && code_is_taken(tx, code, None).await?
    {
        faults.add("code", "taken");
    }
    let username = match &draft.username {
        None => free_username(tx, &draft.display_name).await?,
        Some(username) => {
            if username_is_taken(tx, username).await? {
                faults.add("username", "taken");
            }
            username.clone()
        }
    };
    faults.check()?;
    let id: PersonId = env.ids.make();
    sql!(
        "INSERT INTO person (id, display_name, name_folded, name_key, username, email, email_folded, code, birth_date, gender,
           national_id, phone, guardians, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    )
    .bind(id)
    .bind(&draft.display_name)
    .bind(fold(&draft.display_name))
    .bind(name_sort_key(&draft.display_name))
    .bind(username)
    .bind(draft.email.clone())
    .bind(draft.email.as_ref().map(|email| email.to_lowercase()))
    .bind(draft.code.clone())
    .bind(draft.birth_date.clone())
    .bind(draft.gender.map(super::Gender::as_str))
    .bind(draft.national_id.clone())
    .bind(draft.phone.clone())
    .bind(draft.guardians.clone())
    .bind(env.now())
    .execute(tx)
    .await?;
    if let Some(password) = password {
        set_password(tx, env, id, &password).await?;
    }
    Ok(id)
}

/// A one-time password and its hash, made before any transaction: hashing takes its time.
pub(super) async fn one_time_password() -> Result<(Secret, FirstPassword), PeopleError> {
    let secret = Secret::readable(8).map_err(|error| PeopleError::Randomness(error.to_string()))?;
    let hash = NewPassword::one_time(&secret).hash().await?;
    Ok((secret, FirstPassword::OneTime(hash)))
}

/// Adds a person with a one-time password.
///
/// # Errors
/// [`PeopleError`].
pub async fn create(
    env: &Env,
    caller: &Caller,
    organisation: OrganisationId,
    role: Role,
    input: &PersonInput,
) -> Result<(Person, Secret), PeopleError> {
    let mut tx = env.db.read().await?;
    authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    drop(tx);
    let draft = PersonDraft::parse(input)?;
    let (secret, password) = one_time_password().await?;
    let mut tx = env.db.write().await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let id = add(&mut tx, env, &grant, &draft, role, Some(password)).await?;
    let person = view::person_in(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok((person, secret))
}

use db::{DbError, Env, WriteTx, sql};
use exchange::vietnamese::{fold, name_sort_key};
use kernel::{OrganisationId, PersonId, Role, Secret};
use serde_json::json;

use super::belonging::enrol;
use super::identifiers::{check_sector_ids, email_is_taken, free_username, username_is_taken};
use super::numbers::{give_number, number_is_taken, numbering_school};
use super::view::{self, Person};
use super::{EnrolmentReason, PeopleError, PersonDraft, PersonInput};
use crate::access::{Caller, Grant, ManagePeople, authorise};
use crate::audit::{self, Event};
use crate::fault::Faults;
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
    let school = numbering_school(tx, *grant.scope()).await?;
    let person = insert(tx, env, school, draft, password).await?;
    enrol(tx, env, grant, person, role, draft.class_group_id, EnrolmentReason::Created).await?;
    let event = Event::about_person("person.created", person).at(*grant.scope()).with(json!({ "role": role }));
    audit::record(tx, env, grant.caller(), event).await?;
    Ok(person)
}

/// Inserts a person with her number at a school; where she belongs is written after.
pub(super) async fn insert(
    tx: &mut WriteTx,
    env: &Env,
    school: OrganisationId,
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
        && number_is_taken(tx, school, code, None).await?
    {
        faults.add("code", "taken");
    }
    check_sector_ids(tx, &mut faults, draft.ministry_id.as_deref(), draft.national_id.as_deref(), None).await?;
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
        "INSERT INTO person (id, display_name, name_folded, name_key, username, email, email_folded, ministry_id, birth_date, gender,
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
    .bind(draft.ministry_id.clone())
    .bind(draft.birth_date.clone())
    .bind(draft.gender.map(super::Gender::as_str))
    .bind(draft.national_id.clone())
    .bind(draft.phone.clone())
    .bind(draft.guardians.clone())
    .bind(env.now())
    .execute(tx)
    .await?;
    if let Some(code) = &draft.code {
        give_number(tx, env, school, id, code).await?;
    }
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

use db::{Env, WriteTx, sql};
use exchange::vietnamese::{fold, name_sort_key};
use kernel::PersonId;
use serde_json::json;

use super::belonging::home_of;
use super::draft::{national_id, phone};
use super::identifiers::{check_sector_ids, email_is_taken};
use super::numbers::{give_number, number_is_taken, numbering_school, take_number};
use super::rows::PersonState;
use super::view::{self, Person};
use super::{Gender, PeopleError};
use crate::access::{Caller, ManagePerson, authorise};
use crate::audit::{self, Event};
use crate::fault::{self, Faults};
use crate::organisations::AdministratorWatch;
use crate::sessions;

/// What of a person is to change; an inner `None` clears the field.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "the fields are those of Person")]
pub struct PersonChange {
    pub display_name: Option<String>,
    pub email: Option<Option<String>>,
    pub code: Option<Option<String>>,
    pub ministry_id: Option<Option<String>>,
    pub birth_date: Option<Option<String>>,
    pub gender: Option<Option<Gender>>,
    pub national_id: Option<Option<String>>,
    pub phone: Option<Option<String>>,
    pub guardians: Option<Option<String>>,
    pub state: Option<PersonState>,
}

/// Changes a person. Locking signs her out everywhere.
///
/// # Errors
/// [`PeopleError`].
pub async fn change(env: &Env, caller: &Caller, id: PersonId, change: &PersonChange) -> Result<Person, PeopleError> {
    let mut tx = env.db.write().await?;
    authorise::<ManagePerson>(&mut tx, caller, id).await?;
    let watch = AdministratorWatch::over_person(&mut tx, id).await?;
    let mut changed = Vec::new();
    change_fields(&mut tx, env, id, change, &mut changed).await?;
    if let Some(state) = change.state {
        set_state(&mut tx, caller, id, state).await?;
        changed.push("state");
    }
    if watch.sees_nobody_left(&mut tx).await? {
        return Err(PeopleError::LastAdministrator);
    }
    let mut event = Event::about_person("person.changed", id).with(json!({ "fields": changed }));
    event.organisation = home_of(&mut tx, id).await?;
    audit::record(&mut tx, env, caller, event).await?;
    let person = view::person_in(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(person)
}

async fn set_state(tx: &mut WriteTx, caller: &Caller, id: PersonId, state: PersonState) -> Result<(), PeopleError> {
    match state {
        PersonState::Left => return Err(PeopleError::fault("state", "not-settable")),
        PersonState::Locked => {
            if caller.person_id() == Some(id) {
                return Err(PeopleError::OwnAccount);
            }
            sql!("UPDATE person SET state = 'locked' WHERE id = $1").bind(id).execute(tx).await?;
            sessions::end_sessions_of(tx, id, None).await?;
        }
        PersonState::Active => {
            sql!(
                "UPDATE person SET state = CASE WHEN EXISTS (SELECT 1 FROM role_assignment r WHERE r.person_id = $1 AND r.until_at IS NULL)
                   THEN 'active' ELSE 'left' END WHERE id = $1"
            )
            .bind(id)
            .execute(tx)
            .await?;
        }
    }
    Ok(())
}

async fn change_fields(
    tx: &mut WriteTx,
    env: &Env,
    id: PersonId,
    change: &PersonChange,
    changed: &mut Vec<&'static str>,
) -> Result<(), PeopleError> {
    let mut faults = Faults::default();
    let name = change.display_name.as_deref().map(|name| faults.take("display_name", fault::name(name)));
    let email = change.email.as_ref().map(|value| faults.take("email", fault::email(value.as_deref())));
    let code = change.code.as_ref().map(|value| faults.take("code", fault::code(value.as_deref())));
    let ministry = change.ministry_id.as_ref().map(|value| faults.take("ministry_id", fault::code(value.as_deref())));
    let birth = change.birth_date.as_ref().map(|value| faults.take("birth_date", fault::date(value.as_deref())));
    let card = change.national_id.as_ref().map(|value| faults.take("national_id", national_id(value.as_deref())));
    let number = change.phone.as_ref().map(|value| faults.take("phone", phone(value.as_deref())));
    let guardians = change.guardians.as_ref().map(|value| faults.take("guardians", fault::optional_line(value.as_deref(), 500)));
    if let Some(Some(email)) = &email
        && email_is_taken(tx, email, Some(id)).await?
    {
        faults.add("email", "taken");
    }
    let school = match (&code, home_of(tx, id).await?) {
        (Some(_), Some(home)) => Some(numbering_school(tx, home).await?),
        _ => None,
    };
    match (&code, school) {
        (Some(Some(code)), Some(school)) if number_is_taken(tx, school, code, Some(id)).await? => faults.add("code", "taken"),
        // A number is a school's: somebody without any place can have none.
        (Some(Some(_)), None) => faults.add("code", "no-school"),
        _ => {}
    }
    let (ministry_id, national_id) = (ministry.as_ref().and_then(Option::as_deref), card.as_ref().and_then(Option::as_deref));
    check_sector_ids(tx, &mut faults, ministry_id, national_id, Some(id)).await?;
    faults.check()?;
    if let Some(name) = name {
        sql!("UPDATE person SET display_name = $2, name_folded = $3, name_key = $4 WHERE id = $1")
            .bind(id)
            .bind(&name)
            .bind(fold(&name))
            .bind(name_sort_key(&name))
            .execute(tx)
            .await?;
        changed.push("display_name");
    }
    if let Some(email) = email {
        let folded = email.as_ref().map(|email| email.to_lowercase());
        sql!("UPDATE person SET email = $2, email_folded = $3 WHERE id = $1").bind(id).bind(email).bind(folded).execute(tx).await?;
        changed.push("email");
    }
    if let (Some(code), Some(school)) = (code, school) {
        match code {
            Some(code) => give_number(tx, env, school, id, &code).await?,
            None => take_number(tx, school, id).await?,
        }
        changed.push("code");
    }
    if let Some(ministry) = ministry {
        sql!("UPDATE person SET ministry_id = $2 WHERE id = $1").bind(id).bind(ministry).execute(tx).await?;
        changed.push("ministry_id");
    }
    if let Some(birth) = birth {
        sql!("UPDATE person SET birth_date = $2 WHERE id = $1").bind(id).bind(birth).execute(tx).await?;
        changed.push("birth_date");
    }
    if let Some(gender) = change.gender {
        sql!("UPDATE person SET gender = $2 WHERE id = $1").bind(id).bind(gender.map(Gender::as_str)).execute(tx).await?;
        changed.push("gender");
    }
    if let Some(card) = card {
        sql!("UPDATE person SET national_id = $2, national_id_disputed = FALSE WHERE id = $1").bind(id).bind(card).execute(tx).await?;
        changed.push("national_id");
    }
    if let Some(number) = number {
        sql!("UPDATE person SET phone = $2 WHERE id = $1").bind(id).bind(number).execute(tx).await?;
        changed.push("phone");
    }
    if let Some(guardians) = guardians {
        sql!("UPDATE person SET guardians = $2 WHERE id = $1").bind(id).bind(guardians).execute(tx).await?;
        changed.push("guardians");
    }
    Ok(())
}

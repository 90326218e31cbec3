use db::{Env, sql};
use kernel::{ClassGroupId, OrganisationId, PersonId, Role, RoleAssignmentId};
use serde_json::json;

use super::PeopleError;
use super::belonging::{EnrolmentEnd, end_role, enrol};
use super::history::EnrolmentReason;
use super::numbers::{give_number, number_is_taken, numbering_school};
use super::view::{self, Person};
use crate::access::{Caller, Denied, ManagePeople, ManagePerson, authorise};
use crate::audit::{self, Event};
use crate::fault;
use crate::organisations::AdministratorWatch;

/// Gives a person a further role. One must manage both her and the place: neither can be pulled
/// into a school from outside, nor pushed.
///
/// # Errors
/// [`PeopleError`].
pub async fn give_role(env: &Env, caller: &Caller, id: PersonId, organisation: OrganisationId, role: Role) -> Result<Person, PeopleError> {
    let mut tx = env.db.write().await?;
    authorise::<ManagePerson>(&mut tx, caller, id).await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let held: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM role_assignment WHERE person_id = $1 AND organisation_id = $2 AND role = $3 AND until_at IS NULL"
    )
    .bind(id)
    .bind(organisation)
    .bind(role)
    .fetch_optional(&mut tx)
    .await?;
    if held.is_none() {
        enrol(&mut tx, env, &grant, id, role, None, EnrolmentReason::Created).await?;
        let event = Event::about_person("role.given", id).at(organisation).with(json!({ "role": role }));
        audit::record(&mut tx, env, caller, event).await?;
    }
    let person = view::person_in(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(person)
}

/// Takes a role away. The last administrator of the server keeps hers.
///
/// # Errors
/// [`PeopleError`].
pub async fn take_role(env: &Env, caller: &Caller, id: PersonId, assignment: RoleAssignmentId) -> Result<(), PeopleError> {
    let mut tx = env.db.write().await?;
    let held: Option<(OrganisationId, String)> =
        sql!("SELECT organisation_id, role FROM role_assignment WHERE id = $1 AND person_id = $2 AND until_at IS NULL")
            .bind(assignment)
            .bind(id)
            .fetch_optional(&mut tx)
            .await?;
    let Some((organisation, role)) = held else {
        // Who may not see the person must not learn which roles she lacks, nor anybody who has not signed in.
        authorise::<ManagePerson>(&mut tx, caller, id).await?;
        return Err(Denied::NotFound.into());
    };
    let role = Role::try_from(role).map_err(db::DbError::from)?;
    authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let watch = AdministratorWatch::over_person(&mut tx, id).await?;
    end_role(&mut tx, env, id, organisation, role, EnrolmentEnd::Left).await?;
    if watch.sees_nobody_left(&mut tx).await? {
        return Err(PeopleError::LastAdministrator);
    }
    let event = Event::about_person("role.taken", id).at(organisation).with(json!({ "role": role }));
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    Ok(())
}

/// From where to where somebody moves.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// The place she leaves, with all her roles there.
    pub from: OrganisationId,
    /// The place she comes to.
    pub to: OrganisationId,
    /// Her class there, for a pupil.
    pub class: Option<ClassGroupId>,
    /// Her number at the new school. The old one's is not taken along: there it may be another's, today or
    /// in the next list the school imports.
    pub code: Option<String>,
}

/// Moves a person with all her roles from one school to another; her history shows both, with the
/// number she had at each.
///
/// # Errors
/// [`PeopleError`].
pub async fn transfer(env: &Env, caller: &Caller, id: PersonId, transfer: &Transfer) -> Result<Person, PeopleError> {
    let (from, to, class) = (transfer.from, transfer.to, transfer.class);
    let mut tx = env.db.write().await?;
    authorise::<ManagePerson>(&mut tx, caller, id).await?;
    authorise::<ManagePeople>(&mut tx, caller, from).await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, to).await?;
    if from == to {
        return Err(PeopleError::fault("to_organisation_id", "same-organisation"));
    }
    let school = numbering_school(&mut tx, to).await?;
    let code = fault::code(transfer.code.as_deref()).map_err(|code| PeopleError::fault("code", code))?;
    if let Some(code) = &code
        && number_is_taken(&mut tx, school, code, Some(id)).await?
    {
        return Err(PeopleError::fault("code", "taken"));
    }
    let roles: Vec<(String,)> =
        sql!("SELECT role FROM role_assignment WHERE person_id = $1 AND organisation_id = $2 AND until_at IS NULL ORDER BY role")
            .bind(id)
            .bind(from)
            .fetch_all(&mut tx)
            .await?;
    if roles.is_empty() {
        return Err(PeopleError::fault("from_organisation_id", "not-there"));
    }
    let watch = AdministratorWatch::over_person(&mut tx, id).await?;
    for (role,) in roles {
        let role = Role::try_from(role).map_err(db::DbError::from)?;
        // The new role first: for a moment without any she would count as having left.
        let class = class.filter(|_| role == Role::Pupil);
        enrol(&mut tx, env, &grant, id, role, class, EnrolmentReason::Transfer).await?;
        end_role(&mut tx, env, id, from, role, EnrolmentEnd::Transferred).await?;
    }
    if watch.sees_nobody_left(&mut tx).await? {
        return Err(PeopleError::LastAdministrator);
    }
    if let Some(code) = &code {
        give_number(&mut tx, env, school, id, code).await?;
    }
    // Each school's log has a line of its own.
    let event = Event::about_person("person.transferred", id).at(from).with(json!({ "to": to }));
    audit::record(&mut tx, env, caller, event).await?;
    let event = Event::about_person("person.received", id).at(to).with(json!({ "from": from }));
    audit::record(&mut tx, env, caller, event).await?;
    let person = view::person_in(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(person)
}

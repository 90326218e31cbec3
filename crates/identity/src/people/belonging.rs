//! Roles and enrolments: where somebody belongs, and since when.

use db::{Conn, DbError, Env, WriteTx, sql};
use kernel::{ClassGroupId, EnrolmentId, OrganisationId, PersonId, Role, RoleAssignmentId, SchoolYearId};

use super::numbers::{end_numbers, revive_number};
use super::{EnrolmentReason, PeopleError};
use crate::access::{Grant, ManagePeople};
use crate::organisations::current_year;

/// How a stretch of belonging ended, so that a class of a past year still has its pupils. One that is
/// written anew in the same year (another class, or none) ended as `replaced`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnrolmentEnd {
    /// Went on to a class of the next year.
    MovedUp,
    /// Finished school with the class.
    Finished,
    /// Went to another school.
    Transferred,
    /// Left, or lost the role.
    Left,
}

impl EnrolmentEnd {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::MovedUp => "moved_up",
            Self::Finished => "finished",
            Self::Transferred => "transferred",
            Self::Left => "left",
        }
    }
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

/// Gives a role, unless it is held already. A person who had left is back.
pub(crate) async fn hold_role(
    tx: &mut WriteTx,
    env: &Env,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
) -> Result<(), DbError> {
    let given = sql!(
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
    if given > 0 {
        revive_number(tx, person, organisation).await?;
        sql!("UPDATE person SET state = 'active' WHERE id = $1 AND state = 'left'").bind(person).execute(tx).await?;
    }
    Ok(())
}

/// Ends a role and what belongs to it. Who holds none any more has left, and is signed out.
pub(crate) async fn end_role(
    tx: &mut WriteTx,
    env: &Env,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
    end: EnrolmentEnd,
) -> Result<(), DbError> {
    sql!("UPDATE role_assignment SET until_at = $4 WHERE person_id = $1 AND organisation_id = $2 AND role = $3 AND until_at IS NULL")
        .bind(person)
        .bind(organisation)
        .bind(role)
        .bind(env.now())
        .execute(tx)
        .await?;
    end_enrolment(tx, env, person, organisation, role, end).await?;
    end_numbers(tx, env, person).await?;
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

async fn end_enrolment(
    tx: &mut WriteTx,
    env: &Env,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
    end: EnrolmentEnd,
) -> Result<(), DbError> {
    sql!(
        "UPDATE enrolment SET until_at = $4, ended_by = $5 WHERE person_id = $1 AND organisation_id = $2 AND role = $3 AND until_at IS NULL"
    )
    .bind(person)
    .bind(organisation)
    .bind(role)
    .bind(env.now())
    .bind(end.as_str())
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends what a new enrolment at the same place follows: who is now in another year has moved up, also
/// where a list said so and not the moving up of classes.
async fn end_present(
    tx: &mut WriteTx,
    env: &Env,
    person: PersonId,
    organisation: OrganisationId,
    role: Role,
    year: Option<SchoolYearId>,
) -> Result<(), DbError> {
    sql!(
        "UPDATE enrolment SET until_at = $4, ended_by = CASE WHEN year_id <> $5 THEN 'moved_up' ELSE 'replaced' END
         WHERE person_id = $1 AND organisation_id = $2 AND role = $3 AND until_at IS NULL"
    )
    .bind(person)
    .bind(organisation)
    .bind(role)
    .bind(env.now())
    .bind(year)
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
    end_present(tx, env, person, organisation, role, year).await?;
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

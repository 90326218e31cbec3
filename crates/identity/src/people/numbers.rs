//! A school's own numbers: mã học sinh, mã giáo viên. Each school gives its own, so two schools may
//! have the same; nobody signs in by one.

use db::{Conn, DbError, Env, WriteTx, sql};
use kernel::{OrganisationId, PersonId};
use uuid::Uuid;

/// Whose numbers count at an organisation: those of the school it is or belongs to; where there is no
/// school, its own.
pub(super) async fn numbering_school(conn: &mut Conn, organisation: OrganisationId) -> Result<OrganisationId, DbError> {
    let (school,): (OrganisationId,) = sql!(
        "SELECT c.ancestor_id FROM organisation_closure c JOIN organisation o ON o.id = c.ancestor_id
         WHERE c.descendant_id = $1 AND (o.kind = 'school' OR c.depth = 0)
         ORDER BY CASE WHEN o.kind = 'school' THEN 0 ELSE 1 END, c.depth LIMIT 1"
    )
    .bind(organisation)
    .fetch_one(conn)
    .await?;
    Ok(school)
}

/// Whether somebody else of the school has a number now.
pub(super) async fn number_is_taken(conn: &mut Conn, school: OrganisationId, number: &str, but: Option<PersonId>) -> Result<bool, DbError> {
    let row: Option<(Uuid,)> = sql!(
        "SELECT person_id FROM school_number WHERE organisation_id = $1 AND number = $2 AND until_at IS NULL
           AND (CAST($3 AS UUID) IS NULL OR person_id <> $3)"
    )
    .bind(school)
    .bind(number)
    .bind(but)
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// Gives somebody her number at a school, instead of one she may have had there.
pub(super) async fn give_number(
    tx: &mut WriteTx,
    env: &Env,
    school: OrganisationId,
    person: PersonId,
    number: &str,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO school_number (person_id, organisation_id, number, given_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person_id, organisation_id) DO UPDATE SET number = excluded.number, until_at = NULL"
    )
    .bind(person)
    .bind(school)
    .bind(number)
    .bind(env.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes somebody's number at a school away, as if it had never been given.
pub(super) async fn take_number(tx: &mut WriteTx, school: OrganisationId, person: PersonId) -> Result<(), DbError> {
    sql!("DELETE FROM school_number WHERE person_id = $1 AND organisation_id = $2").bind(person).bind(school).execute(tx).await?;
    Ok(())
}

/// Ends the numbers at schools where the person holds no role any more.
pub(super) async fn end_numbers(tx: &mut WriteTx, env: &Env, person: PersonId) -> Result<(), DbError> {
    sql!(
        "UPDATE school_number SET until_at = $2 WHERE person_id = $1 AND until_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM role_assignment r JOIN organisation_closure c ON c.descendant_id = r.organisation_id
           WHERE r.person_id = $1 AND r.until_at IS NULL AND c.ancestor_id = school_number.organisation_id)"
    )
    .bind(person)
    .bind(env.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// Somebody is back at a school: the number she had is hers again, unless it was given to another.
pub(super) async fn revive_number(tx: &mut WriteTx, person: PersonId, organisation: OrganisationId) -> Result<(), DbError> {
    let school = numbering_school(tx, organisation).await?;
    sql!(
        "UPDATE school_number SET until_at = NULL WHERE person_id = $1 AND organisation_id = $2 AND until_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM school_number n WHERE n.organisation_id = $2 AND n.until_at IS NULL AND n.number = school_number.number)"
    )
    .bind(person)
    .bind(school)
    .execute(tx)
    .await?;
    Ok(())
}

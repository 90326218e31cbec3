//! Capabilities whose scope is a person: decided by the places where that person belongs.

use db::{Conn, DbError, sql};
use kernel::{OrganisationId, PersonId};
use uuid::Uuid;

use super::{Caller, Capability, Decision, ManageServer, OrganisationAction, role_allows, standing_at};

/// May see a person and what the school keeps of her: she herself, and staff of a place she belongs to.
#[derive(Debug)]
pub struct SeePerson;

/// May change a person, her password and her roles: an administrator of every place where she holds
/// a role. So an administrator of a school cannot take over one of the province.
#[derive(Debug)]
pub struct ManagePerson;

/// Where a person belongs: the nodes of her roles; for one who has left, the nodes she left last.
/// `None` when there is no such person, or she was erased.
async fn places_of(conn: &mut Conn, person: PersonId) -> Result<Option<Vec<OrganisationId>>, DbError> {
    let known: Option<(i64,)> =
        sql!("SELECT CAST(1 AS BIGINT) FROM person WHERE id = $1 AND erased_at IS NULL").bind(person).fetch_optional(conn).await?;
    if known.is_none() {
        return Ok(None);
    }
    let mut rows: Vec<(Uuid,)> = sql!("SELECT DISTINCT organisation_id FROM role_assignment WHERE person_id = $1 AND until_at IS NULL")
        .bind(person)
        .fetch_all(conn)
        .await?;
    if rows.is_empty() {
        rows = sql!(
            "SELECT DISTINCT organisation_id FROM role_assignment
             WHERE person_id = $1 AND until_at = (SELECT MAX(until_at) FROM role_assignment WHERE person_id = $1)"
        )
        .bind(person)
        .fetch_all(conn)
        .await?;
    }
    Ok(Some(rows.into_iter().map(|(id,)| OrganisationId(id)).collect()))
}

/// How many of the places allow the caller an action.
async fn allowing(conn: &mut Conn, caller: &Caller, places: &[OrganisationId], action: OrganisationAction) -> Result<usize, DbError> {
    let mut count = 0;
    for place in places {
        let standing = standing_at(conn, caller, *place).await?;
        if standing.operator || standing.at_or_above.iter().any(|role| role_allows(*role, action)) {
            count += 1;
        }
    }
    Ok(count)
}

impl Capability for SeePerson {
    type Scope = PersonId;

    async fn decide(conn: &mut Conn, caller: &Caller, scope: &PersonId) -> Result<Decision, DbError> {
        let Some(places) = places_of(conn, *scope).await? else { return Ok(Decision::Hide) };
        if caller.person_id() == Some(*scope) || allowing(conn, caller, &places, OrganisationAction::SeePeople).await? > 0 {
            return Ok(Decision::Allow);
        }
        // Somebody without any place is the server's matter.
        let orphan = places.is_empty() && ManageServer::decide(conn, caller, &()).await? == Decision::Allow;
        Ok(if orphan { Decision::Allow } else { Decision::Hide })
    }
}

impl Capability for ManagePerson {
    type Scope = PersonId;

    async fn decide(conn: &mut Conn, caller: &Caller, scope: &PersonId) -> Result<Decision, DbError> {
        let Some(places) = places_of(conn, *scope).await? else { return Ok(Decision::Hide) };
        let allowed = if places.is_empty() {
            ManageServer::decide(conn, caller, &()).await? == Decision::Allow
        } else {
            allowing(conn, caller, &places, OrganisationAction::ManagePeople).await? == places.len()
        };
        if allowed {
            return Ok(Decision::Allow);
        }
        Ok(match SeePerson::decide(conn, caller, scope).await? {
            Decision::Allow => Decision::Forbid,
            Decision::Forbid | Decision::Hide => Decision::Hide,
        })
    }
}

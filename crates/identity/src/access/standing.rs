use db::{Conn, DbError, sql};
use kernel::{OrganisationId, Role};
use uuid::Uuid;

use super::Caller;

/// How a caller stands to one organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Roles held at the organisation or above it: these decide what may be done there.
    pub at_or_above: Vec<Role>,
    /// Roles held below it: these only let it be seen.
    pub below: Vec<Role>,
    /// The caller runs the machine.
    pub operator: bool,
}

impl Standing {
    /// Whether the caller belongs anywhere on the line through the organisation.
    pub fn is_related(&self) -> bool {
        self.operator || !self.at_or_above.is_empty() || !self.below.is_empty()
    }
}

/// Reads how the caller stands to an organisation.
///
/// # Errors
/// [`DbError`].
pub async fn standing_at(conn: &mut Conn, caller: &Caller, organisation: OrganisationId) -> Result<Standing, DbError> {
    let person = match caller {
        Caller::Operator => return Ok(Standing { operator: true, ..Standing::default() }),
        Caller::Anonymous { .. } => return Ok(Standing::default()),
        Caller::Person(signed_in) => signed_in.person_id,
    };
    let above: Vec<(String,)> = sql!(
        "SELECT DISTINCT r.role FROM role_assignment r
         JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
         WHERE c.descendant_id = $1 AND r.person_id = $2 AND r.until_at IS NULL"
    )
    .bind(organisation)
    .bind(person)
    .fetch_all(conn)
    .await?;
    let below: Vec<(String,)> = sql!(
        "SELECT DISTINCT r.role FROM role_assignment r
         JOIN organisation_closure c ON c.descendant_id = r.organisation_id
         WHERE c.ancestor_id = $1 AND c.depth > 0 AND r.person_id = $2 AND r.until_at IS NULL"
    )
    .bind(organisation)
    .bind(person)
    .fetch_all(conn)
    .await?;
    let words = |rows: Vec<(String,)>| rows.into_iter().map(|(word,)| Role::try_from(word)).collect::<Result<Vec<_>, _>>();
    Ok(Standing { at_or_above: words(above)?, below: words(below)?, operator: false })
}

/// Organisations whose published lessons the caller may read: those at and above every place where
/// she holds a role, and everything below the places she oversees. The same rule, as a filter, for
/// lists and for search.
///
/// # Errors
/// [`DbError`].
pub async fn readable_owner_organisations(conn: &mut Conn, caller: &Caller) -> Result<Vec<OrganisationId>, DbError> {
    let Some(person) = caller.person_id() else { return Ok(Vec::new()) };
    let rows: Vec<(Uuid,)> = sql!(
        "SELECT c.ancestor_id FROM role_assignment r
         JOIN organisation_closure c ON c.descendant_id = r.organisation_id
         WHERE r.person_id = $1 AND r.until_at IS NULL
         UNION
         SELECT c.descendant_id FROM role_assignment r
         JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
         WHERE r.person_id = $1 AND r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer')"
    )
    .bind(person)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| OrganisationId(id)).collect())
}

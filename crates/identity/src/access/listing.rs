//! The access table as a filter for lists: the same rule as [`super::authorise`], for many rows.

use std::collections::HashSet;

use db::{Conn, DbError, sql};
use kernel::{OrganisationId, PersonId, Role};

use super::{Caller, OrganisationAction, role_allows};

/// What a list's statement needs to keep to what its reader may see. Bind all three; a row of
/// `role_assignment r` counts when `r.person_id = person AND roles LIKE '%,' || r.role || ',%'`.
#[derive(Clone, Debug)]
pub struct ListScope {
    /// The caller runs the machine: no filter.
    pub everything: bool,
    /// Whose roles count.
    pub person: Option<PersonId>,
    /// The roles that allow the action, as `,administrator,school_head,`.
    pub roles: String,
}

impl ListScope {
    /// The filter of an action for a caller.
    pub fn of(caller: &Caller, action: OrganisationAction) -> Self {
        let mut roles = String::from(",");
        for role in Role::ALL.iter().filter(|role| role_allows(**role, action)) {
            roles.push_str(role.as_str());
            roles.push(',');
        }
        Self { everything: matches!(caller, Caller::Operator), person: caller.person_id(), roles }
    }
}

/// The organisations a caller may see by name, to leave others out of what is told about a person.
#[derive(Clone, Debug)]
pub struct VisibleOrganisations(Option<HashSet<OrganisationId>>);

impl VisibleOrganisations {
    /// Reads them: where the caller holds a role, all below, and the way up.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn of(conn: &mut Conn, caller: &Caller) -> Result<Self, DbError> {
        if matches!(caller, Caller::Operator) {
            return Ok(Self(None));
        }
        let rows: Vec<(OrganisationId,)> = sql!(
            "SELECT c.descendant_id FROM role_assignment r JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
             WHERE r.person_id = $1 AND r.until_at IS NULL
             UNION
             SELECT c.ancestor_id FROM role_assignment r JOIN organisation_closure c ON c.descendant_id = r.organisation_id
             WHERE r.person_id = $1 AND r.until_at IS NULL"
        )
        .bind(caller.person_id())
        .fetch_all(conn)
        .await?;
        Ok(Self(Some(rows.into_iter().map(|(id,)| id).collect())))
    }

    /// Everything, for somebody reading about herself.
    pub fn all() -> Self {
        Self(None)
    }

    /// Whether one is among them.
    pub fn contains(&self, id: OrganisationId) -> bool {
        self.0.as_ref().is_none_or(|seen| seen.contains(&id))
    }
}

/// How many active people look after the server: administrators of a root of the tree.
///
/// # Errors
/// [`DbError`].
pub async fn server_administrators(conn: &mut Conn) -> Result<i64, DbError> {
    let (count,): (i64,) = sql!(
        "SELECT COUNT(DISTINCT r.person_id) FROM role_assignment r
         JOIN organisation o ON o.id = r.organisation_id JOIN person p ON p.id = r.person_id
         WHERE r.role = 'administrator' AND r.until_at IS NULL AND o.parent_id IS NULL AND p.state = 'active'"
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

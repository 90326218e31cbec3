use db::{Conn, DbError, Env, sql};
use kernel::{OrganisationId, OrganisationKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::OrganisationError;
use crate::access::{Caller, Denied, ListScope, OrganisationAction, SeeOrganisation, authorise};

/// An organisation, with what the caller may do there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Organisation {
    /// Which.
    pub id: OrganisationId,
    /// Below which it lies.
    pub parent_id: Option<OrganisationId>,
    /// Its kind.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// Its code in the sector's registers.
    pub code: Option<String>,
    /// Bytes its files may take; null: as many as there are.
    pub quota_bytes: Option<i64>,
    /// Bytes its files take; 0 for those who may not add any.
    pub used_bytes: i64,
    /// People who hold a role right here; 0 for those who may not see them.
    pub people_count: i64,
    /// The caller may change it.
    pub can_manage: bool,
    /// The caller may manage its people.
    pub can_manage_people: bool,
    /// The caller may write lessons in its name.
    pub can_author: bool,
}

#[derive(sqlx::FromRow)]
struct Node {
    id: Uuid,
    parent_id: Option<Uuid>,
    kind: String,
    name: String,
    code: Option<String>,
    quota_bytes: Option<i64>,
    used_bytes: i64,
    people_count: i64,
    manage: bool,
    manage_people: bool,
    author: bool,
    see_people: bool,
}

/// Every organisation the caller may see, parents before their children: those where she holds a
/// role, all below them, and the way up to the root.
///
/// # Errors
/// [`OrganisationError`].
pub async fn list(env: &Env, caller: &Caller) -> Result<Vec<Organisation>, OrganisationError> {
    if matches!(caller, Caller::Anonymous { .. }) {
        return Err(Denied::SignInNeeded.into());
    }
    let mut tx = env.db.read().await?;
    Ok(nodes(&mut tx, caller, None).await?)
}

/// One organisation.
///
/// # Errors
/// [`OrganisationError`].
pub async fn get(env: &Env, caller: &Caller, id: OrganisationId) -> Result<Organisation, OrganisationError> {
    let mut tx = env.db.read().await?;
    get_in(&mut tx, caller, id).await
}

pub(super) async fn get_in(conn: &mut Conn, caller: &Caller, id: OrganisationId) -> Result<Organisation, OrganisationError> {
    authorise::<SeeOrganisation>(conn, caller, id).await?;
    nodes(conn, caller, Some(id)).await?.pop().ok_or(OrganisationError::Denied(Denied::NotFound))
}

async fn nodes(conn: &mut Conn, caller: &Caller, only: Option<OrganisationId>) -> Result<Vec<Organisation>, DbError> {
    let scope = |action| ListScope::of(caller, action);
    let see = scope(OrganisationAction::See);
    let rows: Vec<Node> = sql!(
        "WITH held AS (
           SELECT c.descendant_id AS organisation_id, r.role FROM role_assignment r
           JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
           WHERE r.person_id = $2 AND r.until_at IS NULL),
         seen AS (
           SELECT organisation_id FROM held WHERE CAST($3 AS TEXT) LIKE '%,' || role || ',%'
           UNION
           SELECT c.ancestor_id FROM role_assignment r JOIN organisation_closure c ON c.descendant_id = r.organisation_id
           WHERE r.person_id = $2 AND r.until_at IS NULL)
         SELECT o.id, o.parent_id, o.kind, o.name, o.code, o.quota_bytes, o.used_bytes,
           (SELECT COUNT(DISTINCT p.person_id) FROM role_assignment p WHERE p.organisation_id = o.id AND p.until_at IS NULL) AS people_count,
           (CAST($1 AS BOOLEAN) OR EXISTS (SELECT 1 FROM held h WHERE h.organisation_id = o.id AND CAST($4 AS TEXT) LIKE '%,' || h.role || ',%')) AS manage,
           (CAST($1 AS BOOLEAN) OR EXISTS (SELECT 1 FROM held h WHERE h.organisation_id = o.id AND CAST($5 AS TEXT) LIKE '%,' || h.role || ',%')) AS manage_people,
           (CAST($1 AS BOOLEAN) OR EXISTS (SELECT 1 FROM held h WHERE h.organisation_id = o.id AND CAST($6 AS TEXT) LIKE '%,' || h.role || ',%')) AS author,
           (CAST($1 AS BOOLEAN) OR EXISTS (SELECT 1 FROM held h WHERE h.organisation_id = o.id AND CAST($7 AS TEXT) LIKE '%,' || h.role || ',%')) AS see_people
         FROM organisation o
         WHERE (CAST($1 AS BOOLEAN) OR o.id IN (SELECT organisation_id FROM seen))
           AND (CAST($8 AS UUID) IS NULL OR o.id = $8)
         ORDER BY (SELECT MAX(depth) FROM organisation_closure d WHERE d.descendant_id = o.id), o.name_folded, o.id"
    )
    .bind(see.everything)
    .bind(see.person)
    .bind(see.roles)
    .bind(scope(OrganisationAction::Manage).roles)
    .bind(scope(OrganisationAction::ManagePeople).roles)
    .bind(scope(OrganisationAction::AuthorLessons).roles)
    .bind(scope(OrganisationAction::SeePeople).roles)
    .bind(only)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(organisation).collect()
}

fn organisation(node: Node) -> Result<Organisation, DbError> {
    Ok(Organisation {
        id: OrganisationId(node.id),
        parent_id: node.parent_id.map(OrganisationId),
        kind: OrganisationKind::try_from(node.kind)?,
        name: node.name,
        code: node.code,
        quota_bytes: node.quota_bytes.filter(|_| node.author),
        used_bytes: if node.author { node.used_bytes } else { 0 },
        people_count: if node.see_people { node.people_count } else { 0 },
        can_manage: node.manage,
        can_manage_people: node.manage_people,
        can_author: node.author,
    })
}

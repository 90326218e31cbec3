use db::{DbError, Env, WriteTx, sql};
use exchange::vietnamese::fold;
use kernel::{OrganisationId, OrganisationKind};
use serde_json::json;
use uuid::Uuid;

use super::{AdministratorWatch, Organisation, OrganisationError, listing};
use crate::access::{Caller, Denied, ManageOrganisation, ManageServer, authorise};
use crate::audit::{self, Event};
use crate::fault::{self, Faults};

/// What is to change; an inner `None` clears the field.
#[derive(Clone, Debug, Default)]
pub struct OrganisationChange {
    /// Its name.
    pub name: Option<String>,
    /// Its code.
    pub code: Option<Option<String>>,
    /// Its kind.
    pub kind: Option<OrganisationKind>,
    /// Below which it lies.
    pub parent_id: Option<Option<OrganisationId>>,
    /// Bytes its files may take.
    pub quota_bytes: Option<Option<i64>>,
}

#[derive(sqlx::FromRow)]
struct Present {
    parent_id: Option<Uuid>,
    kind: String,
    name: String,
    code: Option<String>,
    quota_bytes: Option<i64>,
}

/// Authority over a place in the tree: of the organisation there, or of the server for the top.
async fn authorise_place(tx: &mut WriteTx, caller: &Caller, parent: Option<OrganisationId>) -> Result<(), Denied> {
    match parent {
        Some(parent) => authorise::<ManageOrganisation>(tx, caller, parent).await.map(drop),
        None => authorise::<ManageServer>(tx, caller, ()).await.map(drop),
    }
}

/// Changes an organisation. To move it one must manage where it was and where it goes; to set its
/// quota, what lies above it: nobody raises her own.
///
/// # Errors
/// [`OrganisationError`].
pub async fn change(
    env: &Env,
    caller: &Caller,
    id: OrganisationId,
    change: &OrganisationChange,
) -> Result<Organisation, OrganisationError> {
    let mut tx = env.db.write().await?;
    authorise::<ManageOrganisation>(&mut tx, caller, id).await?;
    let present: Present = sql!("SELECT parent_id, kind, name, code, quota_bytes FROM organisation WHERE id = $1")
        .bind(id)
        .fetch_optional(&mut tx)
        .await?
        .ok_or(Denied::NotFound)?;
    let old_parent = present.parent_id.map(OrganisationId);

    let mut faults = Faults::default();
    let name = change.name.as_deref().map_or(present.name.clone(), |name| faults.take("name", fault::name(name)));
    let code = change.code.as_ref().map_or(present.code.clone(), |code| faults.take("code", fault::code(code.as_deref())));
    if let Some(code) = code.as_deref().filter(|code| present.code.as_deref() != Some(code))
        && super::lookup_by_code(&mut tx, code).await?.is_some()
    {
        faults.add("code", "taken");
    }
    let quota = change.quota_bytes.unwrap_or(present.quota_bytes);
    if quota.is_some_and(|bytes| bytes < 0) {
        faults.add("quota_bytes", "out-of-range");
    }
    faults.check()?;
    if quota != present.quota_bytes {
        authorise_place(&mut tx, caller, old_parent).await?;
    }
    if let Some(parent) = change.parent_id.filter(|parent| *parent != old_parent) {
        authorise_place(&mut tx, caller, old_parent).await?;
        authorise_place(&mut tx, caller, parent).await?;
        move_below(&mut tx, id, parent).await?;
        let event = Event::about_organisation("organisation.moved", id).with(json!({ "from": old_parent, "to": parent }));
        audit::record(&mut tx, env, caller, event).await?;
    }
    let kind = change.kind.map_or(OrganisationKind::try_from(present.kind).map_err(DbError::from)?, |kind| kind);
    sql!("UPDATE organisation SET name = $2, name_folded = $3, code = $4, kind = $5, quota_bytes = $6 WHERE id = $1")
        .bind(id)
        .bind(&name)
        .bind(fold(&name))
        .bind(code)
        .bind(kind)
        .bind(quota)
        .execute(&mut tx)
        .await?;
    let event = Event::about_organisation("organisation.changed", id).with(json!({ "name": name, "quota_bytes": quota }));
    audit::record(&mut tx, env, caller, event).await?;
    let changed = listing::get_in(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Moves a subtree and makes its part of the closure anew.
async fn move_below(tx: &mut WriteTx, id: OrganisationId, parent: Option<OrganisationId>) -> Result<(), OrganisationError> {
    let watch = AdministratorWatch::over_tree(tx).await?;
    let cycle: Option<(i64,)> = sql!("SELECT depth FROM organisation_closure WHERE ancestor_id = $1 AND descendant_id = $2")
        .bind(id)
        .bind(parent)
        .fetch_optional(tx)
        .await?;
    if cycle.is_some() {
        return Err(OrganisationError::Cycle);
    }
    sql!("UPDATE organisation SET parent_id = $2 WHERE id = $1").bind(id).bind(parent).execute(tx).await?;
    sql!(
        "DELETE FROM organisation_closure
         WHERE descendant_id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $1)
           AND ancestor_id NOT IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $1)"
    )
    .bind(id)
    .execute(tx)
    .await?;
    sql!(
        "INSERT INTO organisation_closure (ancestor_id, descendant_id, depth)
         SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
         FROM organisation_closure above JOIN organisation_closure below ON below.ancestor_id = $1
         WHERE above.descendant_id = $2"
    )
    .bind(id)
    .bind(parent)
    .execute(tx)
    .await?;
    if watch.sees_nobody_left(tx).await? {
        return Err(OrganisationError::LastAdministrator);
    }
    Ok(())
}

/// Removes an organisation that nothing and nobody ever belonged to.
///
/// # Errors
/// [`OrganisationError::NotEmpty`] while anything refers to it.
pub async fn delete(env: &Env, caller: &Caller, id: OrganisationId) -> Result<(), OrganisationError> {
    let mut tx = env.db.write().await?;
    authorise::<ManageOrganisation>(&mut tx, caller, id).await?;
    let (parent, name): (Option<Uuid>, String) =
        sql!("SELECT parent_id, name FROM organisation WHERE id = $1").bind(id).fetch_optional(&mut tx).await?.ok_or(Denied::NotFound)?;
    authorise_place(&mut tx, caller, parent.map(OrganisationId)).await?;
    super::lock_tree(&mut tx).await?;
    let used: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM organisation o WHERE o.id = $1 AND (
           EXISTS (SELECT 1 FROM organisation x WHERE x.parent_id = o.id)
           OR EXISTS (SELECT 1 FROM role_assignment x WHERE x.organisation_id = o.id)
           OR EXISTS (SELECT 1 FROM enrolment x WHERE x.organisation_id = o.id)
           OR EXISTS (SELECT 1 FROM school_number x WHERE x.organisation_id = o.id)
           OR EXISTS (SELECT 1 FROM lesson x WHERE x.organisation_id = o.id)
           OR EXISTS (SELECT 1 FROM asset x WHERE x.organisation_id = o.id)
           OR EXISTS (SELECT 1 FROM upload x WHERE x.organisation_id = o.id))"
    )
    .bind(id)
    .fetch_optional(&mut tx)
    .await?;
    if used.is_some() {
        return Err(OrganisationError::NotEmpty);
    }
    sql!("DELETE FROM people_import WHERE organisation_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM class_group WHERE organisation_id = $1").bind(id).execute(&mut tx).await?;
    let years = sql!("DELETE FROM school_year WHERE organisation_id = $1").bind(id).execute(&mut tx).await;
    match years {
        Err(DbError::Reference) => return Err(OrganisationError::NotEmpty),
        other => other?,
    };
    sql!("DELETE FROM organisation_closure WHERE descendant_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM organisation WHERE id = $1").bind(id).execute(&mut tx).await?;
    let mut event = Event::about_organisation("organisation.deleted", id).with(json!({ "name": name }));
    event.organisation = parent.map(OrganisationId);
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    Ok(())
}

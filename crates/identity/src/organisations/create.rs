use db::{Env, WriteTx, sql};
use exchange::vietnamese::fold;
use kernel::{OrganisationId, OrganisationKind};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Organisation, OrganisationError, listing, years};
use crate::access::{Caller, Grant, ManageOrganisation, ManageServer, authorise};
use crate::audit::{self, Event};
use crate::fault::{self, Fault, Faults};

/// An organisation as asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewOrganisation)]
pub struct NewOrganisationInput {
    /// Below which; null for a root, which only an administrator of the server may add.
    #[serde(default)]
    pub parent_id: Option<OrganisationId>,
    /// Its kind.
    pub kind: OrganisationKind,
    /// Its name, up to 200 characters.
    pub name: String,
    /// Its code in the sector's registers; unique on the server.
    #[serde(default)]
    pub code: Option<String>,
}

/// An organisation whose fields are valid.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Its kind.
    pub kind: OrganisationKind,
    name: String,
    code: Option<String>,
}

impl NewOrganisation {
    /// Checks the fields.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(kind: OrganisationKind, name: &str, code: Option<&str>) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let new = Self { kind, name: faults.take("name", fault::name(name)), code: faults.take("code", fault::code(code)) };
        faults.check()?;
        Ok(new)
    }
}

/// Who lets an organisation be added: the parent's administrator, or the server's for a root.
#[derive(Debug)]
pub enum Place<'a> {
    /// Below an organisation.
    Below(&'a Grant<ManageOrganisation>),
    /// At the top.
    Root(&'a Grant<ManageServer>),
}

/// Adds an organisation with its place in the tree; a school begins with the current school year.
///
/// # Errors
/// [`OrganisationError`]; a code taken already is a fault of the field.
pub async fn add(tx: &mut WriteTx, env: &Env, place: Place<'_>, new: &NewOrganisation) -> Result<OrganisationId, OrganisationError> {
    let (parent, caller) = match place {
        Place::Below(grant) => (Some(*grant.scope()), grant.caller()),
        Place::Root(grant) => (None, grant.caller()),
    };
    if let Some(code) = &new.code
        && super::lookup_by_code(tx, code).await?.is_some()
    {
        return Err(OrganisationError::fault("code", "taken"));
    }
    super::lock_tree(tx).await?;
    let id: OrganisationId = env.ids.make();
    sql!("INSERT INTO organisation (id, parent_id, kind, name, name_folded, code, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id)
        .bind(parent)
        .bind(new.kind)
        .bind(&new.name)
        .bind(fold(&new.name))
        .bind(new.code.clone())
        .bind(env.now())
        .execute(tx)
        .await?;
    sql!(
        "INSERT INTO organisation_closure (ancestor_id, descendant_id, depth)
         SELECT c.ancestor_id, o.id, c.depth + 1 FROM organisation_closure c JOIN organisation o ON o.id = $1 WHERE c.descendant_id = $2"
    )
    .bind(id)
    .bind(parent)
    .execute(tx)
    .await?;
    sql!("INSERT INTO organisation_closure (ancestor_id, descendant_id, depth) VALUES ($1, $1, 0)").bind(id).execute(tx).await?;
    if new.kind == OrganisationKind::School {
        years::add_current(tx, env, id).await?;
    }
    let event = Event::about_organisation("organisation.created", id).with(json!({ "name": new.name, "kind": new.kind }));
    audit::record(tx, env, caller, event).await?;
    Ok(id)
}

/// Adds an organisation.
///
/// # Errors
/// [`OrganisationError`].
pub async fn create(env: &Env, caller: &Caller, input: &NewOrganisationInput) -> Result<Organisation, OrganisationError> {
    let mut tx = env.db.write().await?;
    let id = match input.parent_id {
        Some(parent) => {
            let grant = authorise::<ManageOrganisation>(&mut tx, caller, parent).await?;
            let new = NewOrganisation::parse(input.kind, &input.name, input.code.as_deref())?;
            add(&mut tx, env, Place::Below(&grant), &new).await?
        }
        None => {
            let grant = authorise::<ManageServer>(&mut tx, caller, ()).await?;
            let new = NewOrganisation::parse(input.kind, &input.name, input.code.as_deref())?;
            let id = add(&mut tx, env, Place::Root(&grant), &new).await?;
            // Who adds a root looks after it: otherwise nobody could.
            if let Some(person) = caller.person_id() {
                crate::people::hold_role(&mut tx, env, person, id, kernel::Role::Administrator).await?;
            }
            id
        }
    };
    let made = listing::get_in(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(made)
}

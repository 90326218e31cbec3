//! `lopmo admin list-organisations`, and finding one.

use identity::access::{Caller, ManageServer, authorise};
use identity::organisations::{self, NewOrganisation, Place};
use kernel::{OrganisationId, OrganisationKind};

use super::execute::Telling;
use crate::context::Context;

pub(super) async fn list(context: &Context, telling: &Telling) -> Result<(), String> {
    let all = organisations::list(&context.env, &Caller::Operator).await.map_err(|error| error.to_string())?;
    if all.is_empty() {
        telling.say("Chưa có đơn vị nào. · There are no organisations yet.").await;
    }
    for organisation in &all {
        let mut depth = 0;
        let mut above = organisation.parent_id;
        while let Some(parent) = above.and_then(|id| all.iter().find(|other| other.id == id)) {
            depth += 1;
            above = parent.parent_id;
        }
        let code = organisation.code.as_deref().unwrap_or("-");
        telling.say(format!("{:indent$}{code}\t{}\t{}", "", organisation.name, organisation.people_count, indent = depth * 2)).await;
    }
    Ok(())
}

/// The organisation with this code; without a code the topmost, which is made when there is none.
pub(super) async fn find_or_make(context: &Context, code: Option<&str>, school: &str) -> Result<OrganisationId, String> {
    let env = &context.env;
    if let Some(code) = code {
        return find(context, code).await;
    }
    let all = organisations::list(env, &Caller::Operator).await.map_err(|error| error.to_string())?;
    if let Some(top) = all.iter().find(|organisation| organisation.parent_id.is_none()) {
        return Ok(top.id);
    }
    let new = NewOrganisation::parse(OrganisationKind::School, school, None).map_err(|faults| format!("--school: {faults:?}"))?;
    let mut tx = env.db.write().await.map_err(|error| error.to_string())?;
    let grant = authorise::<ManageServer>(&mut tx, &Caller::Operator, ()).await.map_err(|error| error.to_string())?;
    let id = organisations::add(&mut tx, env, Place::Root(&grant), &new).await.map_err(|error| error.to_string())?;
    tx.commit().await.map_err(|error| error.to_string())?;
    Ok(id)
}

/// The organisation with this code.
pub(super) async fn find(context: &Context, code: &str) -> Result<OrganisationId, String> {
    let mut tx = context.env.db.read().await.map_err(|error| error.to_string())?;
    let found = organisations::lookup_by_code(&mut tx, code).await.map_err(|error| error.to_string())?;
    found.ok_or_else(|| format!("no organisation has the code `{code}`; `lopmo admin list-organisations` shows them all"))
}

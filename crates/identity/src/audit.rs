//! Who did what: written in the transaction of what was done, never changed afterwards, and
//! removed only when its time is over.

mod listing;
mod trimming;

use db::{DbError, Env, WriteTx, sql};
use kernel::{AuditEntryId, OrganisationId, PersonId};
use serde_json::Value;
use uuid::Uuid;

use crate::access::Caller;

pub use listing::{AuditEntry, AuditError, AuditFilter, PersonRef, list};
pub use trimming::trim;

/// Something that was done. `action` is `area.verb`, in the past tense where it is an event.
#[derive(Clone, Debug)]
pub struct Event {
    /// The stable name, such as `person.created`.
    pub action: &'static str,
    /// What kind of thing it was done to.
    pub subject_kind: &'static str,
    /// Which.
    pub subject_id: Option<Uuid>,
    /// Whose log it belongs to.
    pub organisation: Option<OrganisationId>,
    /// Facts worth keeping, as a JSON object. Never secrets; personal data only by field name.
    pub detail: Value,
}

impl Event {
    /// Something done to a person.
    pub fn about_person(action: &'static str, person: PersonId) -> Self {
        Self {
            action,
            subject_kind: "person",
            subject_id: Some(person.as_uuid()),
            organisation: None,
            detail: Value::Object(Default::default()),
        }
    }

    /// Something done to an organisation.
    pub fn about_organisation(action: &'static str, organisation: OrganisationId) -> Self {
        Self {
            action,
            subject_kind: "organisation",
            subject_id: Some(organisation.as_uuid()),
            organisation: Some(organisation),
            detail: Value::Object(Default::default()),
        }
    }

    /// In the log of an organisation.
    #[must_use]
    pub fn at(mut self, organisation: OrganisationId) -> Self {
        self.organisation = Some(organisation);
        self
    }

    /// With facts, a JSON object.
    #[must_use]
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// Writes an event down.
///
/// # Errors
/// [`DbError`].
pub async fn record(tx: &mut WriteTx, env: &Env, caller: &Caller, event: Event) -> Result<(), DbError> {
    sql!(
        "INSERT INTO audit_entry (id, at, actor_id, action, subject_kind, subject_id, organisation_id, detail, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(env.ids.make::<AuditEntryId>())
    .bind(env.now())
    .bind(caller.person_id())
    .bind(event.action)
    .bind(event.subject_kind)
    .bind(event.subject_id)
    .bind(event.organisation)
    .bind(event.detail.to_string())
    .bind(caller.address())
    .execute(tx)
    .await?;
    Ok(())
}

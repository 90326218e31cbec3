use db::{DbError, Env, sql};
use kernel::{AuditEntryId, Cursor, OrganisationId, OrganisationKind, Page, PageLimit, PersonId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{Caller, Denied, ListScope, OrganisationAction, SeeAudit, authorise};
use crate::organisations::OrgRef;

/// Somebody, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonRef {
    /// Who.
    pub id: PersonId,
    /// Her name as shown.
    pub display_name: String,
}

/// A line of the audit log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// The line.
    pub id: AuditEntryId,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it; null for the server's own commands and for somebody not signed in.
    pub actor: Option<PersonRef>,
    /// What was done, such as `person.created`.
    pub action: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which.
    pub subject_id: Option<Uuid>,
    /// Its present name, where it still has one.
    pub subject_name: Option<String>,
    /// Whose log this is.
    pub organisation: Option<OrgRef>,
    /// More, as a JSON object.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// The address it came from.
    pub address: Option<String>,
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Of an organisation and those below it.
    pub organisation: Option<OrganisationId>,
    /// By or about a person.
    pub person: Option<PersonId>,
    /// Of one action.
    pub action: Option<String>,
}

/// Why the log is not shown.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

#[derive(sqlx::FromRow)]
struct Line {
    id: Uuid,
    at: i64,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    action: String,
    subject_kind: String,
    subject_id: Option<Uuid>,
    person_name: Option<String>,
    subject_organisation_name: Option<String>,
    organisation_id: Option<Uuid>,
    organisation_name: Option<String>,
    organisation_kind: Option<String>,
    organisation_code: Option<String>,
    detail: String,
    address: Option<String>,
}

/// The log of everything the caller may audit, newest first.
///
/// # Errors
/// [`AuditError`]; an organisation the caller may not audit is refused, not left out.
pub async fn list(
    env: &Env,
    caller: &Caller,
    filter: &AuditFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<AuditEntry>, AuditError> {
    if matches!(caller, Caller::Anonymous { .. }) {
        return Err(Denied::SignInNeeded.into());
    }
    let mut tx = env.db.read().await?;
    if let Some(organisation) = filter.organisation {
        authorise::<SeeAudit>(&mut tx, caller, organisation).await?;
    }
    let scope = ListScope::of(caller, OrganisationAction::SeeAudit);
    let rows: Vec<Line> = sql!(
        "SELECT e.id, e.at, e.actor_id, a.display_name AS actor_name, e.action, e.subject_kind, e.subject_id,
                p.display_name AS person_name, s.name AS subject_organisation_name,
                o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, o.code AS organisation_code,
                e.detail, e.address
         FROM audit_entry e
         LEFT JOIN person a ON a.id = e.actor_id
         LEFT JOIN person p ON p.id = e.subject_id
         LEFT JOIN organisation s ON s.id = e.subject_id
         LEFT JOIN organisation o ON o.id = e.organisation_id
         WHERE (CAST($1 AS BOOLEAN) OR e.organisation_id IN (
                  SELECT c.descendant_id FROM role_assignment r JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
                  WHERE r.person_id = $2 AND r.until_at IS NULL AND CAST($3 AS TEXT) LIKE '%,' || r.role || ',%'))
           AND (CAST($4 AS UUID) IS NULL OR e.organisation_id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $4))
           AND (CAST($5 AS UUID) IS NULL OR e.actor_id = $5 OR e.subject_id = $5)
           AND (CAST($6 AS TEXT) IS NULL OR e.action = $6)
           AND (CAST($7 AS UUID) IS NULL OR e.id < $7)
         ORDER BY e.id DESC LIMIT $8"
    )
    .bind(scope.everything)
    .bind(scope.person)
    .bind(scope.roles)
    .bind(filter.organisation)
    .bind(filter.person)
    .bind(filter.action.clone())
    .bind(after.and_then(Cursor::key::<Uuid>))
    .bind(limit.with_surplus())
    .fetch_all(&mut tx)
    .await?;
    let entries = rows.into_iter().map(entry).collect::<Result<Vec<_>, DbError>>()?;
    Ok(Page::from_surplus(entries, limit, |entry| entry.id))
}

fn entry(line: Line) -> Result<AuditEntry, DbError> {
    let organisation = match (line.organisation_id, line.organisation_name, line.organisation_kind) {
        (Some(id), Some(name), Some(kind)) => {
            Some(OrgRef { id: OrganisationId(id), name, kind: OrganisationKind::try_from(kind)?, code: line.organisation_code })
        }
        _ => None,
    };
    Ok(AuditEntry {
        id: AuditEntryId(line.id),
        at: Timestamp(line.at),
        actor: line.actor_id.zip(line.actor_name).map(|(id, display_name)| PersonRef { id: PersonId(id), display_name }),
        action: line.action,
        subject_kind: line.subject_kind,
        subject_id: line.subject_id,
        subject_name: line.person_name.or(line.subject_organisation_name),
        organisation,
        detail: serde_json::from_str(&line.detail)?,
        address: line.address,
    })
}

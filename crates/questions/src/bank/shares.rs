//! Folders lent to people and to the authors of organisations.

use content::lessons::{OrganisationRef, PersonRef};
use db::{Conn, DbError, sql};
use exchange::vietnamese::fold;
use identity::access::{Caller, Denied, Grant, authorise};
use identity::audit::{self, Event};
use kernel::{OrganisationId, OrganisationKind, PersonId, QuestionFolderId, QuestionShareId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::folders::questions_below;
use super::{BankError, indexing};
use crate::Questions;
use crate::access::ShareFolder;

/// What somebody a folder is lent to may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShareRight {
    /// Read and use.
    Read,
    /// Change too.
    Edit,
}

impl ShareRight {
    fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Edit => "edit",
        }
    }
}

/// Whom a folder is lent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareWith {
    /// Somebody who authors.
    Person(PersonId),
    /// Everybody who authors at an organisation or below it.
    Organisation(OrganisationId),
}

/// A folder lent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionShare {
    /// Which.
    pub id: QuestionShareId,
    /// To whom, of a person.
    pub person: Option<PersonRef>,
    /// To whom, of an organisation.
    pub organisation: Option<OrganisationRef>,
    /// What they may do.
    pub can: ShareRight,
    /// Since when.
    pub created_at: Timestamp,
}

/// Somebody a folder may be lent to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShareCandidate {
    /// A person.
    pub person: Option<PersonRef>,
    /// Or an organisation.
    pub organisation: Option<OrganisationRef>,
}

#[derive(sqlx::FromRow)]
struct Source {
    id: QuestionShareId,
    person_id: Option<PersonId>,
    person_name: Option<String>,
    organisation_id: Option<OrganisationId>,
    organisation_name: Option<String>,
    organisation_kind: Option<String>,
    organisation_code: Option<String>,
    can: String,
    created_at: Timestamp,
}

/// To whom a folder is lent.
///
/// # Errors
/// [`BankError`].
pub async fn list(questions: &Questions, caller: &Caller, folder: QuestionFolderId) -> Result<Vec<QuestionShare>, BankError> {
    let mut tx = questions.content.env.db.read().await?;
    let grant = authorise::<ShareFolder>(&mut tx, caller, folder).await?;
    Ok(load(&mut tx, &grant).await?)
}

async fn load(conn: &mut Conn, grant: &Grant<ShareFolder>) -> Result<Vec<QuestionShare>, DbError> {
    let rows: Vec<Source> = sql!(
        "SELECT s.id, s.person_id, p.display_name AS person_name, s.organisation_id, o.name AS organisation_name,
                o.kind AS organisation_kind, o.code AS organisation_code, s.can, s.created_at
         FROM question_share s LEFT JOIN person p ON p.id = s.person_id LEFT JOIN organisation o ON o.id = s.organisation_id
         WHERE s.folder_id = $1 ORDER BY s.created_at, s.id"
    )
    .bind(*grant.scope())
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(QuestionShare {
                id: row.id,
                person: row.person_id.map(|id| PersonRef { id, display_name: row.person_name.unwrap_or_default() }),
                organisation: organisation(row.organisation_id, row.organisation_name, row.organisation_kind, row.organisation_code)?,
                can: if row.can == "edit" { ShareRight::Edit } else { ShareRight::Read },
                created_at: row.created_at,
            })
        })
        .collect()
}

fn organisation(
    id: Option<OrganisationId>,
    name: Option<String>,
    kind: Option<String>,
    code: Option<String>,
) -> Result<Option<OrganisationRef>, DbError> {
    let (Some(id), Some(kind)) = (id, kind) else { return Ok(None) };
    Ok(Some(OrganisationRef { id, name: name.unwrap_or_default(), kind: OrganisationKind::try_from(kind)?, code }))
}

/// Lends a folder, or changes what those it is lent to may do.
///
/// # Errors
/// [`BankError`].
pub async fn add(
    questions: &Questions,
    caller: &Caller,
    folder: QuestionFolderId,
    with: ShareWith,
    can: ShareRight,
) -> Result<Vec<QuestionShare>, BankError> {
    let env = &questions.content.env;
    let mut tx = env.db.write().await?;
    let grant = authorise::<ShareFolder>(&mut tx, caller, folder).await?;
    let Some(by) = caller.person_id() else { return Err(Denied::Forbidden.into()) };
    let (person, organisation) = match with {
        ShareWith::Person(person) => (Some(person), None),
        ShareWith::Organisation(organisation) => (None, Some(organisation)),
    };
    // The same people that candidates shows: a folder is lent to those one may know of.
    let known: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) WHERE EXISTS (
           SELECT 1 FROM role_assignment r JOIN question_reader own ON own.organisation_id = r.organisation_id AND own.person_id = $1
           WHERE r.person_id = $2 AND r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher'))
         OR EXISTS (SELECT 1 FROM question_reader own WHERE own.person_id = $1 AND own.organisation_id = $3)"
    )
    .bind(by)
    .bind(person)
    .bind(organisation)
    .fetch_optional(&mut tx)
    .await?;
    if known.is_none() || person == Some(by) {
        return Err(Denied::NotFound.into());
    }
    sql!("DELETE FROM question_share WHERE folder_id = $1 AND (person_id = $2 OR organisation_id = $3)")
        .bind(folder)
        .bind(person)
        .bind(organisation)
        .execute(&mut tx)
        .await?;
    let id: QuestionShareId = env.ids.make();
    sql!("INSERT INTO question_share (id, folder_id, person_id, organisation_id, can, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id)
        .bind(folder)
        .bind(person)
        .bind(organisation)
        .bind(can.as_str())
        .bind(by)
        .bind(env.now())
        .execute(&mut tx)
        .await?;
    let detail = serde_json::json!({ "person": person, "organisation": organisation, "can": can });
    audit::record(&mut tx, env, caller, about("question_folder.shared", folder, detail)).await?;
    let shares = load(&mut tx, &grant).await?;
    let below = questions_below(&mut tx, folder).await?;
    indexing::commit(tx, questions, &below).await?;
    Ok(shares)
}

/// Takes back what was lent.
///
/// # Errors
/// [`BankError`].
pub async fn remove(questions: &Questions, caller: &Caller, folder: QuestionFolderId, share: QuestionShareId) -> Result<(), BankError> {
    let env = &questions.content.env;
    let mut tx = env.db.write().await?;
    authorise::<ShareFolder>(&mut tx, caller, folder).await?;
    let gone = sql!("DELETE FROM question_share WHERE id = $1 AND folder_id = $2").bind(share).bind(folder).execute(&mut tx).await?;
    if gone == 0 {
        return Err(Denied::NotFound.into());
    }
    audit::record(&mut tx, env, caller, about("question_folder.unshared", folder, serde_json::json!({ "share": share }))).await?;
    let below = questions_below(&mut tx, folder).await?;
    indexing::commit(tx, questions, &below).await?;
    Ok(())
}

fn about(action: &'static str, folder: QuestionFolderId, detail: serde_json::Value) -> Event {
    Event { action, subject_kind: "question_folder", subject_id: Some(folder.as_uuid()), organisation: None, detail }
}

/// People and organisations a folder may be lent to, by a part of their name: those who author at the
/// places whose questions the caller may read, and these places.
///
/// # Errors
/// [`BankError`].
pub async fn candidates(
    questions: &Questions,
    caller: &Caller,
    folder: QuestionFolderId,
    text: &str,
) -> Result<Vec<ShareCandidate>, BankError> {
    const MOST: i64 = 20;
    let mut tx = questions.content.env.db.read().await?;
    authorise::<ShareFolder>(&mut tx, caller, folder).await?;
    let like = format!("%{}%", fold(text).replace(['%', '_', '\\'], ""));
    let places: Vec<(OrganisationId, String, String, Option<String>)> = sql!(
        "SELECT o.id, o.name, o.kind, o.code FROM organisation o
         WHERE o.id IN (SELECT q.organisation_id FROM question_reader q WHERE q.person_id = $1) AND o.name_folded LIKE $2
         ORDER BY o.name_folded, o.id LIMIT $3"
    )
    .bind(caller.person_id())
    .bind(&like)
    .bind(MOST)
    .fetch_all(&mut tx)
    .await?;
    let people: Vec<(PersonId, String)> = sql!(
        "SELECT p.id, p.display_name FROM person p
         WHERE p.name_folded LIKE $2 AND p.id <> $1 AND EXISTS (
           SELECT 1 FROM role_assignment r JOIN question_reader own ON own.organisation_id = r.organisation_id AND own.person_id = $1
           WHERE r.person_id = p.id AND r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher'))
         ORDER BY p.name_key, p.id LIMIT $3"
    )
    .bind(caller.person_id())
    .bind(&like)
    .bind(MOST)
    .fetch_all(&mut tx)
    .await?;
    let mut out = Vec::new();
    for (id, name, kind, code) in places {
        out.push(ShareCandidate { person: None, organisation: organisation(Some(id), Some(name), Some(kind), code)? });
    }
    out.extend(
        people.into_iter().map(|(id, display_name)| ShareCandidate { person: Some(PersonRef { id, display_name }), organisation: None }),
    );
    Ok(out)
}

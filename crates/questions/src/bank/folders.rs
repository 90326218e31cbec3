//! Folders of questions. A bank is the tree below one root: a person's own, or an organisation's.

use content::lessons::{OrganisationRef, PersonRef};
use db::{Conn, DbError, WriteTx, sql};
use exchange::vietnamese::fold;
use identity::access::{Caller, Denied, Grant, authorise};
use identity::audit::{self, Event};
use identity::fault::{Faults, name};
use kernel::{OrganisationId, OrganisationKind, PersonId, QuestionFolderId, QuestionId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{BankError, indexing};
use crate::Questions;
use crate::access::{EditFolder, ReadFolder, UseBank};

/// Deepest folder below a root.
const DEEPEST: i64 = 8;
/// Most folders of one answer.
const MOST: i64 = 5_000;

/// How a folder comes to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FolderScope {
    /// The caller's own.
    Mine,
    /// Of an organisation.
    Organisation,
    /// Another's, lent to the caller or to an organisation of hers.
    Shared,
}

/// A folder of questions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionFolder {
    /// Which.
    pub id: QuestionFolderId,
    /// The folder it lies in; null for a root, and where the folder above may not be seen.
    pub parent_id: Option<QuestionFolderId>,
    /// Its name; empty for a root, which the screen names.
    pub name: String,
    /// How it comes to be seen.
    pub scope: FolderScope,
    /// Whose it is, of an organisation's.
    pub organisation: Option<OrganisationRef>,
    /// Whose it is, of a person's.
    pub owner: Option<PersonRef>,
    /// Whether the caller may change what is in it.
    pub can_edit: bool,
    /// Whether the caller may lend it.
    pub can_share: bool,
    /// Questions in it, without those in folders below.
    pub count: i64,
}

#[derive(sqlx::FromRow)]
struct Source {
    id: QuestionFolderId,
    parent_id: Option<QuestionFolderId>,
    name: String,
    owner_id: Option<PersonId>,
    owner_name: Option<String>,
    organisation_id: Option<OrganisationId>,
    organisation_name: Option<String>,
    organisation_kind: Option<String>,
    organisation_code: Option<String>,
    can_edit: i64,
    overseen: i64,
    count: i64,
}

/// Every folder the caller may read, banks first by whose they are, then by name. Her own root and the
/// roots of organisations where she may write are made when first asked for.
///
/// # Errors
/// [`BankError`].
pub async fn list(questions: &Questions, caller: &Caller) -> Result<Vec<QuestionFolder>, BankError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let mut tx = questions.content.env.db.read().await?;
    authorise::<UseBank>(&mut tx, caller, ()).await?;
    let missing = missing_roots(&mut tx, person).await?;
    drop(tx);
    if missing.own || !missing.organisations.is_empty() {
        let mut tx = questions.content.env.db.write().await?;
        if missing.own {
            insert_root(&mut tx, questions, Owner::Person(person)).await?;
        }
        for organisation in missing.organisations {
            insert_root(&mut tx, questions, Owner::Organisation(organisation)).await?;
        }
        tx.commit().await?;
    }
    let mut tx = questions.content.env.db.read().await?;
    Ok(load(&mut tx, person, None).await?)
}

struct Missing {
    own: bool,
    organisations: Vec<OrganisationId>,
}

async fn missing_roots(conn: &mut Conn, person: PersonId) -> Result<Missing, DbError> {
    let own: Option<(QuestionFolderId,)> =
        sql!("SELECT id FROM question_folder WHERE owner_id = $1 AND parent_id IS NULL").bind(person).fetch_optional(conn).await?;
    // Roots of the places where she holds a role herself; a Sở does not get five hundred at once.
    let organisations: Vec<(OrganisationId,)> = sql!(
        "SELECT DISTINCT r.organisation_id FROM role_assignment r
         WHERE r.person_id = $1 AND r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher')
           AND NOT EXISTS (SELECT 1 FROM question_folder f WHERE f.organisation_id = r.organisation_id AND f.parent_id IS NULL)"
    )
    .bind(person)
    .fetch_all(conn)
    .await?;
    Ok(Missing { own: own.is_none(), organisations: organisations.into_iter().map(|(id,)| id).collect() })
}

#[derive(Clone, Copy)]
enum Owner {
    Person(PersonId),
    Organisation(OrganisationId),
}

async fn insert_root(tx: &mut WriteTx, questions: &Questions, owner: Owner) -> Result<(), DbError> {
    let (person, organisation) = match owner {
        Owner::Person(person) => (Some(person), None),
        Owner::Organisation(organisation) => (None, Some(organisation)),
    };
    let id: QuestionFolderId = questions.content.env.ids.make();
    let made = sql!(
        "INSERT INTO question_folder (id, organisation_id, owner_id, parent_id, name, name_key, created_by, created_at)
         VALUES ($1, $2, $3, NULL, '', '', NULL, $4) ON CONFLICT DO NOTHING"
    )
    .bind(id)
    .bind(organisation)
    .bind(person)
    .bind(questions.content.env.now())
    .execute(tx)
    .await?;
    if made == 1 {
        sql!("INSERT INTO question_folder_closure (ancestor_id, descendant_id, depth) VALUES ($1, $1, 0)").bind(id).execute(tx).await?;
    }
    Ok(())
}

async fn load(conn: &mut Conn, person: PersonId, only: Option<QuestionFolderId>) -> Result<Vec<QuestionFolder>, DbError> {
    let rows: Vec<Source> = sql!(
        "SELECT f.id, f.parent_id, f.name, f.owner_id, p.display_name AS owner_name, f.organisation_id, o.name AS organisation_name,
                o.kind AS organisation_kind, o.code AS organisation_code, CAST(a.can_edit AS BIGINT) AS can_edit,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM role_over r WHERE r.person_id = $1 AND r.organisation_id = f.organisation_id
                                       AND r.role IN ('administrator', 'school_head', 'reviewer')) THEN 1 ELSE 0 END AS BIGINT) AS overseen,
                (SELECT COUNT(*) FROM question q WHERE q.folder_id = f.id AND q.deleted_at IS NULL) AS count
         FROM (SELECT folder_id, MAX(can_edit) AS can_edit FROM question_folder_access WHERE person_id = $1 GROUP BY folder_id) a
         JOIN question_folder f ON f.id = a.folder_id
         LEFT JOIN person p ON p.id = f.owner_id LEFT JOIN organisation o ON o.id = f.organisation_id
         WHERE (CAST($2 AS UUID) IS NULL OR f.id = $2)
         ORDER BY CASE WHEN f.owner_id = $1 THEN 0 WHEN f.owner_id IS NULL THEN 1 ELSE 2 END, o.name, p.display_name, f.name_key, f.id
         LIMIT $3"
    )
    .bind(person)
    .bind(only)
    .bind(MOST)
    .fetch_all(conn)
    .await?;
    let seen: std::collections::HashSet<QuestionFolderId> = rows.iter().map(|row| row.id).collect();
    rows.into_iter().map(|row| shown(row, person, |id| only.is_some() || seen.contains(&id))).collect()
}

fn shown(row: Source, caller: PersonId, is_seen: impl Fn(QuestionFolderId) -> bool) -> Result<QuestionFolder, DbError> {
    let organisation = match (row.organisation_id, row.organisation_kind) {
        (Some(id), Some(kind)) => Some(OrganisationRef {
            id,
            name: row.organisation_name.unwrap_or_default(),
            kind: OrganisationKind::try_from(kind)?,
            code: row.organisation_code,
        }),
        _ => None,
    };
    let owner = row.owner_id.map(|id| PersonRef { id, display_name: row.owner_name.unwrap_or_default() });
    let scope = match row.owner_id {
        Some(owner) if owner == caller => FolderScope::Mine,
        Some(_) => FolderScope::Shared,
        None => FolderScope::Organisation,
    };
    Ok(QuestionFolder {
        id: row.id,
        parent_id: row.parent_id.filter(|id| is_seen(*id)),
        name: row.name,
        scope,
        organisation,
        owner,
        can_edit: row.can_edit == 1,
        can_share: scope == FolderScope::Mine || row.overseen == 1,
        count: row.count,
    })
}

async fn one(conn: &mut Conn, caller: &Caller, folder: QuestionFolderId) -> Result<QuestionFolder, BankError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    load(conn, person, Some(folder)).await?.pop().ok_or(BankError::Denied(Denied::NotFound))
}

/// A folder the caller may read.
///
/// # Errors
/// [`BankError`].
pub async fn get(questions: &Questions, caller: &Caller, folder: QuestionFolderId) -> Result<QuestionFolder, BankError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<ReadFolder>(&mut tx, caller, folder).await?;
    one(&mut tx, caller, folder).await
}

/// Makes a folder below another. One of the same name is given back as it is.
///
/// # Errors
/// [`BankError`].
pub async fn create(questions: &Questions, caller: &Caller, parent: QuestionFolderId, called: &str) -> Result<QuestionFolder, BankError> {
    let called = checked(called)?;
    let mut tx = questions.content.env.db.write().await?;
    hold_bank(&mut tx, parent).await?;
    let grant: Grant<EditFolder> = authorise(&mut tx, caller, parent).await?;
    if depth(&mut tx, parent).await? >= DEEPEST {
        return Err(BankError::BadPlace);
    }
    let id = ensure_child(&mut tx, questions, &grant, &called).await?;
    let folder = one(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(folder)
}

/// Makes changes of a bank's folders wait for each other until the commit, also on PostgreSQL: two moves at
/// once could put each folder below the other, and one made meanwhile keep what was lent of the old place.
async fn hold_bank(tx: &mut WriteTx, folder: QuestionFolderId) -> Result<(), DbError> {
    sql!(
        "UPDATE question_folder SET name = name WHERE parent_id IS NULL
           AND id IN (SELECT c.ancestor_id FROM question_folder_closure c WHERE c.descendant_id = $1)"
    )
    .bind(folder)
    .execute(tx)
    .await?;
    Ok(())
}

fn checked(called: &str) -> Result<String, BankError> {
    let mut faults = Faults::default();
    let called = faults.take("name", name(called));
    faults.check()?;
    Ok(called)
}

async fn ensure_child(
    tx: &mut WriteTx,
    questions: &Questions,
    parent: &Grant<EditFolder>,
    called: &str,
) -> Result<QuestionFolderId, DbError> {
    let id: QuestionFolderId = questions.content.env.ids.make();
    let made = sql!(
        "INSERT INTO question_folder (id, organisation_id, owner_id, parent_id, name, name_key, created_by, created_at)
         SELECT $1, f.organisation_id, f.owner_id, f.id, $3, $4, $5, $6 FROM question_folder f WHERE f.id = $2
         ON CONFLICT DO NOTHING"
    )
    .bind(id)
    .bind(*parent.scope())
    .bind(called)
    .bind(fold(called))
    .bind(parent.caller().person_id())
    .bind(questions.content.env.now())
    .execute(tx)
    .await?;
    if made == 0 {
        let (known,): (QuestionFolderId,) = sql!("SELECT id FROM question_folder WHERE parent_id = $1 AND name_key = $2")
            .bind(*parent.scope())
            .bind(fold(called))
            .fetch_one(tx)
            .await?;
        return Ok(known);
    }
    link_below(tx, id, *parent.scope()).await?;
    Ok(id)
}

/// Writes the closure of a folder without any below another.
async fn link_below(tx: &mut WriteTx, folder: QuestionFolderId, parent: QuestionFolderId) -> Result<(), DbError> {
    sql!("INSERT INTO question_folder_closure (ancestor_id, descendant_id, depth) VALUES ($1, $1, 0)").bind(folder).execute(tx).await?;
    sql!(
        "INSERT INTO question_folder_closure (ancestor_id, descendant_id, depth)
         SELECT c.ancestor_id, $1, c.depth + 1 FROM question_folder_closure c WHERE c.descendant_id = $2"
    )
    .bind(folder)
    .bind(parent)
    .execute(tx)
    .await?;
    Ok(())
}

async fn depth(conn: &mut Conn, folder: QuestionFolderId) -> Result<i64, DbError> {
    let (depth,): (i64,) = sql!("SELECT CAST(COALESCE(MAX(depth), 0) AS BIGINT) FROM question_folder_closure WHERE descendant_id = $1")
        .bind(folder)
        .fetch_one(conn)
        .await?;
    Ok(depth)
}

/// What is changed of a folder.
#[derive(Clone, Debug, Default)]
pub struct FolderChange {
    /// Its name.
    pub name: Option<String>,
    /// The folder it lies in, of the same bank.
    pub parent: Option<QuestionFolderId>,
}

/// Renames or moves a folder, within its bank.
///
/// # Errors
/// [`BankError`].
pub async fn change(
    questions: &Questions,
    caller: &Caller,
    folder: QuestionFolderId,
    change: &FolderChange,
) -> Result<QuestionFolder, BankError> {
    let called = change.name.as_deref().map(checked).transpose()?;
    let mut tx = questions.content.env.db.write().await?;
    hold_bank(&mut tx, folder).await?;
    authorise::<EditFolder>(&mut tx, caller, folder).await?;
    let (parent,): (Option<QuestionFolderId>,) =
        sql!("SELECT parent_id FROM question_folder WHERE id = $1").bind(folder).fetch_one(&mut tx).await?;
    let Some(parent) = parent else { return Err(BankError::RootStays) };
    // What moves is taken out of the folder above: who may write here alone may not take it away.
    authorise::<EditFolder>(&mut tx, caller, parent).await?;
    if let Some(called) = called {
        let taken: Option<(QuestionFolderId,)> = sql!("SELECT id FROM question_folder WHERE parent_id = $1 AND name_key = $2 AND id <> $3")
            .bind(parent)
            .bind(fold(&called))
            .bind(folder)
            .fetch_optional(&mut tx)
            .await?;
        if taken.is_some() {
            let mut faults = Faults::default();
            faults.add("name", "taken");
            faults.check()?;
        }
        sql!("UPDATE question_folder SET name = $2, name_key = $3 WHERE id = $1")
            .bind(folder)
            .bind(&called)
            .bind(fold(&called))
            .execute(&mut tx)
            .await?;
    }
    let mut moved = Vec::new();
    if let Some(to) = change.parent.filter(|to| *to != parent) {
        put_below(&mut tx, caller, folder, to).await?;
        moved = questions_below(&mut tx, folder).await?;
    }
    let shown = one(&mut tx, caller, folder).await?;
    indexing::commit(tx, questions, &moved).await?;
    Ok(shown)
}

async fn put_below(tx: &mut WriteTx, caller: &Caller, folder: QuestionFolderId, to: QuestionFolderId) -> Result<(), BankError> {
    authorise::<EditFolder>(tx, caller, to).await?;
    // It goes below itself, or beside one of its name.
    let bad: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM question_folder f
         WHERE f.id = $1 AND (EXISTS (SELECT 1 FROM question_folder_closure c WHERE c.ancestor_id = $1 AND c.descendant_id = $2)
           OR EXISTS (SELECT 1 FROM question_folder s WHERE s.parent_id = $2 AND s.name_key = f.name_key))"
    )
    .bind(folder)
    .bind(to)
    .fetch_optional(tx)
    .await?;
    let same: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM question_folder f JOIN question_folder t ON t.id = $2
         WHERE f.id = $1 AND (f.owner_id = t.owner_id OR f.organisation_id = t.organisation_id)"
    )
    .bind(folder)
    .bind(to)
    .fetch_optional(tx)
    .await?;
    let (height,): (i64,) = sql!("SELECT CAST(COALESCE(MAX(depth), 0) AS BIGINT) FROM question_folder_closure WHERE ancestor_id = $1")
        .bind(folder)
        .fetch_one(tx)
        .await?;
    if bad.is_some() || same.is_none() || depth(tx, to).await? + height + 1 > DEEPEST {
        return Err(BankError::BadPlace);
    }
    sql!(
        "DELETE FROM question_folder_closure
         WHERE descendant_id IN (SELECT d.descendant_id FROM question_folder_closure d WHERE d.ancestor_id = $1)
           AND ancestor_id IN (SELECT a.ancestor_id FROM question_folder_closure a WHERE a.descendant_id = $1 AND a.depth > 0)"
    )
    .bind(folder)
    .execute(tx)
    .await?;
    sql!(
        "INSERT INTO question_folder_closure (ancestor_id, descendant_id, depth)
         SELECT a.ancestor_id, d.descendant_id, a.depth + d.depth + 1
         FROM question_folder_closure a JOIN question_folder_closure d ON d.ancestor_id = $1 WHERE a.descendant_id = $2"
    )
    .bind(folder)
    .bind(to)
    .execute(tx)
    .await?;
    sql!("UPDATE question_folder SET parent_id = $2 WHERE id = $1").bind(folder).bind(to).execute(tx).await?;
    Ok(())
}

/// Questions in a folder and below it, those in the bin too.
pub(super) async fn questions_below(conn: &mut Conn, folder: QuestionFolderId) -> Result<Vec<QuestionId>, DbError> {
    let rows: Vec<(QuestionId,)> = sql!(
        "SELECT q.id FROM question q JOIN question_folder_closure c ON c.descendant_id = q.folder_id WHERE c.ancestor_id = $1 ORDER BY q.id"
    )
    .bind(folder)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Deletes a folder with nothing in it. Questions of it that are in the bin go to the folder above.
///
/// # Errors
/// [`BankError::FolderNotEmpty`] and the others.
pub async fn delete(questions: &Questions, caller: &Caller, folder: QuestionFolderId) -> Result<(), BankError> {
    let mut tx = questions.content.env.db.write().await?;
    hold_bank(&mut tx, folder).await?;
    authorise::<EditFolder>(&mut tx, caller, folder).await?;
    let (parent, called, organisation): (Option<QuestionFolderId>, String, Option<OrganisationId>) =
        sql!("SELECT parent_id, name, organisation_id FROM question_folder WHERE id = $1").bind(folder).fetch_one(&mut tx).await?;
    let Some(parent) = parent else { return Err(BankError::RootStays) };
    authorise::<EditFolder>(&mut tx, caller, parent).await?;
    let inside: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) WHERE EXISTS (SELECT 1 FROM question_folder f WHERE f.parent_id = $1)
            OR EXISTS (SELECT 1 FROM question q WHERE q.folder_id = $1 AND q.deleted_at IS NULL)"
    )
    .bind(folder)
    .fetch_optional(&mut tx)
    .await?;
    if inside.is_some() {
        return Err(BankError::FolderNotEmpty);
    }
    sql!("UPDATE question SET folder_id = $2 WHERE folder_id = $1").bind(folder).bind(parent).execute(&mut tx).await?;
    sql!("DELETE FROM question_folder WHERE id = $1").bind(folder).execute(&mut tx).await?;
    let event = Event {
        action: "question_folder.deleted",
        subject_kind: "question_folder",
        subject_id: Some(folder.as_uuid()),
        organisation,
        detail: serde_json::json!({ "name": called }),
    };
    audit::record(&mut tx, &questions.content.env, caller, event).await?;
    tx.commit().await?;
    Ok(())
}

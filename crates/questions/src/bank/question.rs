//! One question: what an editor shows of it.

use std::collections::{BTreeMap, BTreeSet};

use content::lessons::PersonRef;
use db::{Conn, DbError, WriteTx, sql};
use identity::access::{Caller, Grant, authorise};
use kernel::{PersonId, QuestionFileId, QuestionFolderId, QuestionId, Timestamp};
use papers::model::Question;
use papers::rich::Rich;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::meta::MetaColumns;
use super::rows::QuestionFolderRef;
use super::{BankError, QuestionMeta};
use crate::access::{FolderRight, ReadQuestion, folder_right};
use crate::{Questions, files};

/// A picture or sound of a question, under the id its texts name it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediaUse {
    /// As in the texts: `img1`.
    pub id: String,
    /// The stored file.
    pub file_id: QuestionFileId,
    /// Media type; told, not asked.
    #[serde(default)]
    pub mime: String,
    /// Its size; told, not asked.
    #[serde(default)]
    pub bytes: i64,
    /// Where it is read; told, not asked.
    #[serde(default)]
    pub url: String,
}

/// A question as a client saves it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct QuestionInput {
    /// The revision it was made from; not for new ones.
    #[serde(default)]
    pub revision: i64,
    /// The question.
    pub question: Question,
    /// What stands above it and its siblings.
    #[serde(default)]
    pub passage: Option<Rich>,
    /// The files its texts name.
    #[serde(default)]
    pub media: Vec<MediaUse>,
    /// Where it stands in the curriculum.
    #[serde(default)]
    pub meta: QuestionMeta,
}

/// Another question of the same passage.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sibling {
    /// Which.
    pub id: QuestionId,
    /// Its first words.
    pub text: String,
}

/// One version in a question's history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VersionEntry {
    /// From 1.
    pub version: i64,
    /// When it was last changed.
    pub saved_at: Timestamp,
    /// By whom.
    pub author: PersonRef,
    /// When a test first used it; it does not change any more then.
    pub used_at: Option<Timestamp>,
}

/// A question with everything an editor shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionDetail {
    /// Which.
    pub id: QuestionId,
    /// The version shown.
    pub version: i64,
    /// Counts saves; a save names the one it changes.
    pub revision: i64,
    /// Where it is.
    pub folder: QuestionFolderRef,
    /// The question.
    pub question: Question,
    /// What stands above it and its siblings.
    pub passage: Option<Rich>,
    /// The files its texts name.
    pub media: Vec<MediaUse>,
    /// Where it stands in the curriculum.
    pub meta: QuestionMeta,
    /// The other questions of its passage, in order.
    pub siblings: Vec<Sibling>,
    /// Its versions, the newest first.
    pub history: Vec<VersionEntry>,
    /// How often it was given.
    pub use_count: i64,
    /// Reports nobody has resolved.
    pub open_reports: i64,
    /// Whether the caller may change it.
    pub can_edit: bool,
    /// Whether it is in the bin.
    pub deleted: bool,
    /// When it was last saved.
    pub updated_at: Timestamp,
    /// Who made it.
    pub author: PersonRef,
}

#[derive(sqlx::FromRow)]
struct Source {
    version: i64,
    revision: i64,
    folder_id: QuestionFolderId,
    folder_name: String,
    passage_group_id: Option<Uuid>,
    #[sqlx(flatten)]
    meta: MetaColumns,
    use_count: i64,
    open_reports: i64,
    deleted_at: Option<i64>,
    updated_at: Timestamp,
    author_id: PersonId,
    author_name: String,
}

/// A question the caller may read, at its newest version or an earlier one.
///
/// # Errors
/// [`BankError`].
pub async fn get(questions: &Questions, caller: &Caller, question: QuestionId, version: Option<i64>) -> Result<QuestionDetail, BankError> {
    let mut tx = questions.content.env.db.read().await?;
    let grant = authorise::<ReadQuestion>(&mut tx, caller, question).await?;
    load(&mut tx, &grant, version).await
}

pub(super) async fn load(conn: &mut Conn, grant: &Grant<ReadQuestion>, version: Option<i64>) -> Result<QuestionDetail, BankError> {
    let id = *grant.scope();
    let row: Source = sql!(
        "SELECT q.version, q.revision, q.folder_id, f.name AS folder_name, q.passage_group_id, q.subject, q.grade, q.strand, q.requirement,
                q.language, q.source, q.use_count,
                (SELECT COUNT(*) FROM question_report r WHERE r.question_id = q.id AND r.resolved_at IS NULL) AS open_reports,
                q.deleted_at, q.updated_at, q.created_by AS author_id, p.display_name AS author_name
         FROM question q JOIN question_folder f ON f.id = q.folder_id JOIN person p ON p.id = q.created_by WHERE q.id = $1"
    )
    .bind(id)
    .fetch_one(conn)
    .await?;
    let version = version.unwrap_or(row.version);
    let found: Option<(String, Option<String>)> =
        sql!("SELECT body, passage FROM question_version WHERE question_id = $1 AND version = $2")
            .bind(id)
            .bind(version)
            .fetch_optional(conn)
            .await?;
    let Some((body, passage)) = found else { return Err(BankError::NoVersion) };
    let can_edit = folder_right(conn, grant.caller(), row.folder_id).await? == FolderRight::Edit;
    Ok(QuestionDetail {
        id,
        version,
        revision: row.revision,
        folder: QuestionFolderRef { id: row.folder_id, name: row.folder_name },
        question: serde_json::from_str(&body).map_err(DbError::from)?,
        passage: passage.as_deref().map(serde_json::from_str).transpose().map_err(DbError::from)?,
        media: media_of(conn, id, version).await?,
        meta: row.meta.into(),
        siblings: siblings(conn, grant, row.passage_group_id).await?,
        history: history(conn, id).await?,
        use_count: row.use_count,
        open_reports: row.open_reports,
        can_edit,
        deleted: row.deleted_at.is_some(),
        updated_at: row.updated_at,
        author: PersonRef { id: row.author_id, display_name: row.author_name },
    })
}

/// The files of a version by the ids its texts name.
pub(super) async fn media_of(conn: &mut Conn, question: QuestionId, version: i64) -> Result<Vec<MediaUse>, DbError> {
    let rows: Vec<(String, QuestionFileId, String, i64)> = sql!(
        "SELECT v.media_id, f.id, f.mime, f.size FROM question_version_file v JOIN question_file f ON f.id = v.file_id
         WHERE v.question_id = $1 AND v.version = $2 ORDER BY v.media_id"
    )
    .bind(question)
    .bind(version)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, file_id, mime, bytes)| MediaUse { id, file_id, mime, bytes, url: files::url(file_id) }).collect())
}

/// The others below the same passage, as far as the reader may read them: each may lie in a folder of its own.
async fn siblings(conn: &mut Conn, grant: &Grant<ReadQuestion>, group: Option<Uuid>) -> Result<Vec<Sibling>, DbError> {
    let Some(group) = group else { return Ok(Vec::new()) };
    let rows: Vec<(QuestionId, String)> = sql!(
        "SELECT q.id, SUBSTR(q.plain_text, 1, 200) FROM question q
         WHERE q.passage_group_id = $1 AND q.id <> $2 AND q.deleted_at IS NULL
           AND EXISTS (SELECT 1 FROM question_folder_access a WHERE a.folder_id = q.folder_id AND a.person_id = $3)
         ORDER BY q.position, q.id"
    )
    .bind(group)
    .bind(*grant.scope())
    .bind(grant.caller().person_id())
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, text)| Sibling { id, text }).collect())
}

async fn history(conn: &mut Conn, question: QuestionId) -> Result<Vec<VersionEntry>, DbError> {
    let rows: Vec<(i64, Timestamp, PersonId, String, Option<Timestamp>)> = sql!(
        "SELECT v.version, v.saved_at, v.saved_by, p.display_name, v.used_at FROM question_version v JOIN person p ON p.id = v.saved_by
         WHERE v.question_id = $1 ORDER BY v.version DESC"
    )
    .bind(question)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(version, saved_at, id, display_name, used_at)| VersionEntry {
            version,
            saved_at,
            author: PersonRef { id, display_name },
            used_at,
        })
        .collect())
}

/// Names which version of each question a test was made of, which from then on does not change; an
/// edit makes a new one. Counts the use; end with [`super::commit`], which tells the index.
///
/// # Errors
/// [`DbError`].
pub async fn mark_used(tx: &mut WriteTx, questions: &Questions, used: &BTreeSet<QuestionId>) -> Result<BTreeMap<QuestionId, i64>, DbError> {
    let now = questions.content.env.now();
    let mut versions = BTreeMap::new();
    for id in used {
        let found: Option<(i64,)> =
            sql!("UPDATE question SET use_count = use_count + 1 WHERE id = $1 AND deleted_at IS NULL RETURNING version")
                .bind(*id)
                .fetch_optional(tx)
                .await?;
        let Some((version,)) = found else { continue };
        sql!("UPDATE question_version SET used_at = $3 WHERE question_id = $1 AND version = $2 AND used_at IS NULL")
            .bind(*id)
            .bind(version)
            .bind(now)
            .execute(tx)
            .await?;
        versions.insert(*id, version);
    }
    Ok(versions)
}

/// A version of a question as tests are made of it.
#[derive(Clone, Debug)]
pub struct UsedVersion {
    /// Which.
    pub id: QuestionId,
    /// The version.
    pub version: i64,
    /// The question.
    pub question: Question,
    /// What stands above it and its siblings.
    pub passage: Option<Rich>,
    /// Questions of the same passage name the same group.
    pub passage_group: Option<Uuid>,
    /// The files its texts name.
    pub media: Vec<MediaUse>,
}

/// A version that a test has used, key and all: for whoever has shown that she may see the test whole.
///
/// # Errors
/// [`DbError`], also where there is no such version.
pub async fn used_version(conn: &mut Conn, question: QuestionId, version: i64) -> Result<UsedVersion, DbError> {
    let (body, passage, passage_group): (String, Option<String>, Option<Uuid>) = sql!(
        "SELECT v.body, v.passage, q.passage_group_id FROM question_version v JOIN question q ON q.id = v.question_id
         WHERE v.question_id = $1 AND v.version = $2 AND v.used_at IS NOT NULL"
    )
    .bind(question)
    .bind(version)
    .fetch_one(conn)
    .await?;
    Ok(UsedVersion {
        id: question,
        version,
        question: serde_json::from_str(&body)?,
        passage: passage.as_deref().map(serde_json::from_str).transpose()?,
        passage_group,
        media: media_of(conn, question, version).await?,
    })
}

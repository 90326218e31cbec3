//! How a question is written down, and how it stands there.

use std::collections::BTreeSet;

use db::{DbError, WriteTx, sql};
use identity::access::{Caller, Denied, authorise};
use identity::fault::Faults;
use kernel::{QuestionFileId, QuestionFolderId, QuestionId, Timestamp};
use papers::model::Question;
use papers::rich::Rich;
use uuid::Uuid;

use super::meta::MetaColumns;
use super::rows::word;
use super::similar::bind_bands;
use super::stored::{Stored, tag_key};
use super::{BankError, MediaUse, QuestionMeta};
use crate::files::ReadFile;

/// Which question, and where it stands.
pub(super) struct Place {
    pub id: QuestionId,
    pub folder: QuestionFolderId,
    pub group: Option<Uuid>,
    /// Among the questions of its passage or paper.
    pub position: i64,
}

/// What it says.
pub(super) struct Said {
    pub stored: Stored,
    /// Checked.
    pub meta: QuestionMeta,
    pub media: Vec<MediaUse>,
}

/// Writes a question, new or changed, as one of its versions: the next one, or one that nothing has used.
/// Files the caller may not read are refused, but for those that the question has already.
pub(super) async fn write(
    tx: &mut WriteTx,
    caller: &Caller,
    now: Timestamp,
    place: &Place,
    version: i64,
    said: &Said,
) -> Result<(), BankError> {
    let Some(person) = caller.person_id() else { return Err(Denied::Forbidden.into()) };
    let Said { stored, meta, .. } = said;
    sql!(
        "INSERT INTO question (id, folder_id, passage_group_id, position, version, revision, kind, level, key_state, subject, grade, strand,
                               requirement, language, source, fingerprint, created_by, created_at, updated_at, plain_text)
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18)
         ON CONFLICT (id) DO UPDATE SET folder_id = excluded.folder_id, passage_group_id = excluded.passage_group_id,
           version = excluded.version, revision = question.revision + 1, kind = excluded.kind, level = excluded.level,
           key_state = excluded.key_state, subject = excluded.subject, grade = excluded.grade, strand = excluded.strand,
           requirement = excluded.requirement, language = excluded.language, source = excluded.source,
           fingerprint = excluded.fingerprint, updated_at = excluded.updated_at, plain_text = excluded.plain_text"
    )
    .bind(place.id)
    .bind(place.folder)
    .bind(place.group)
    .bind(place.position)
    .bind(version)
    .bind(word(stored.question.kind)?)
    .bind(stored.question.level.map(word).transpose()?)
    .bind(word(stored.question.key)?)
    .bind(meta.subject.clone())
    .bind(meta.grade.map(i64::from))
    .bind(meta.strand.clone())
    .bind(meta.requirement.clone())
    .bind(meta.language.clone().unwrap_or_else(|| "vi".to_owned()))
    .bind(meta.source.clone())
    .bind(&stored.fingerprint)
    .bind(person)
    .bind(now)
    .bind(&stored.plain_text)
    .execute(tx)
    .await?;
    // Of every version, before this one's are written over.
    let present = files_of(tx, place.id).await?;
    sql!(
        "INSERT INTO question_version (question_id, version, saved_by, saved_at, body, passage) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (question_id, version) DO UPDATE SET saved_by = excluded.saved_by, saved_at = excluded.saved_at,
           body = excluded.body, passage = excluded.passage"
    )
    .bind(place.id)
    .bind(version)
    .bind(person)
    .bind(now)
    .bind(&stored.body)
    .bind(stored.passage_json.clone())
    .execute(tx)
    .await?;
    write_files(tx, caller, place.id, version, said, &present).await?;
    write_tags(tx, place.id, &stored.question.tags).await?;
    sql!("DELETE FROM question_band WHERE question_id = $1").bind(place.id).execute(tx).await?;
    bind_bands(
        sql!(
            "INSERT INTO question_band (question_id, band, hash) VALUES
             ($1, 0, $2), ($1, 1, $3), ($1, 2, $4), ($1, 3, $5), ($1, 4, $6), ($1, 5, $7), ($1, 6, $8), ($1, 7, $9)"
        )
        .bind(place.id),
        &stored.bands,
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn files_of(tx: &mut WriteTx, id: QuestionId) -> Result<BTreeSet<QuestionFileId>, DbError> {
    let files: Vec<(QuestionFileId,)> =
        sql!("SELECT DISTINCT file_id FROM question_version_file WHERE question_id = $1").bind(id).fetch_all(tx).await?;
    Ok(files.into_iter().map(|(id,)| id).collect())
}

async fn write_files(
    tx: &mut WriteTx,
    caller: &Caller,
    question: QuestionId,
    version: i64,
    said: &Said,
    present: &BTreeSet<QuestionFileId>,
) -> Result<(), BankError> {
    sql!("DELETE FROM question_version_file WHERE question_id = $1 AND version = $2").bind(question).bind(version).execute(tx).await?;
    let mut faults = Faults::default();
    for id in &said.stored.media {
        let Some(file) = said.media.iter().find(|medium| medium.id == *id) else {
            faults.add("media", "missing");
            continue;
        };
        // A question lends its readers the right to read its files, so nobody may put in one that she
        // may not read herself; files that the question has already may stay.
        if !present.contains(&file.file_id) && authorise::<ReadFile>(tx, caller, file.file_id).await.is_err() {
            faults.add("media", "unknown-file");
            continue;
        }
        sql!("INSERT INTO question_version_file (question_id, version, media_id, file_id) VALUES ($1, $2, $3, $4)")
            .bind(question)
            .bind(version)
            .bind(id)
            .bind(file.file_id)
            .execute(tx)
            .await?;
    }
    faults.check()?;
    Ok(())
}

async fn write_tags(tx: &mut WriteTx, id: QuestionId, tags: &[String]) -> Result<(), DbError> {
    sql!("DELETE FROM question_tag WHERE question_id = $1").bind(id).execute(tx).await?;
    for tag in tags {
        sql!("INSERT INTO question_tag (question_id, tag_key, tag) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(tag_key(tag))
            .bind(tag)
            .execute(tx)
            .await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    version: i64,
    revision: i64,
    folder_id: QuestionFolderId,
    passage_group_id: Option<Uuid>,
    position: i64,
    use_count: i64,
    deleted_at: Option<Timestamp>,
    used_at: Option<Timestamp>,
    #[sqlx(flatten)]
    meta: MetaColumns,
    body: String,
    passage: Option<String>,
}

/// A question as it stands, held until the commit: nobody else changes it meanwhile.
pub(super) struct Held {
    pub place: Place,
    /// The newest.
    pub version: i64,
    /// When a test first used the newest version.
    pub used_at: Option<Timestamp>,
    pub revision: i64,
    pub use_count: i64,
    pub deleted: bool,
    pub question: Question,
    pub passage: Option<Rich>,
    pub passage_json: Option<String>,
    pub media: Vec<MediaUse>,
    pub meta: QuestionMeta,
}

impl Held {
    /// The version that an edit writes.
    pub(super) fn next_version(&self) -> i64 {
        if self.used_at.is_some() { self.version + 1 } else { self.version }
    }
}

/// Makes changes of one question wait for each other until the commit, also on PostgreSQL, and reads how
/// it stands then. Whoever holds several takes them in the order of their ids, or two wait for each other.
pub(super) async fn hold(tx: &mut WriteTx, id: QuestionId) -> Result<Held, DbError> {
    sql!("UPDATE question SET revision = revision WHERE id = $1").bind(id).execute(tx).await?;
    let row: Row = sql!(
        "SELECT q.version, q.revision, q.folder_id, q.passage_group_id, q.position, q.use_count, q.deleted_at, v.used_at, q.subject, q.grade,
                q.strand, q.requirement, q.language, q.source, v.body, v.passage
         FROM question q JOIN question_version v ON v.question_id = q.id AND v.version = q.version WHERE q.id = $1"
    )
    .bind(id)
    .fetch_one(tx)
    .await?;
    Ok(Held {
        place: Place { id, folder: row.folder_id, group: row.passage_group_id, position: row.position },
        used_at: row.used_at,
        revision: row.revision,
        use_count: row.use_count,
        deleted: row.deleted_at.is_some(),
        question: serde_json::from_str(&row.body)?,
        passage: row.passage.as_deref().map(serde_json::from_str).transpose()?,
        passage_json: row.passage,
        media: super::question::media_of(tx, id, row.version).await?,
        meta: row.meta.into(),
        version: row.version,
    })
}

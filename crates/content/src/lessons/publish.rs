use db::{DbError, WriteTx, changes, sql};
use exchange::vietnamese::text_sort_key;
use identity::access::{Caller, authorise};
use identity::audit;
use identity::fault::{Fault, optional_line};
use kernel::{AssetId, LessonId, OrganisationId, PersonId, Timestamp};
use serde_json::json;

use super::drafts::{about, draft_source};
use super::rows::{hold, lesson_row};
use super::{Lesson, LessonError, LessonMeta, LessonRow, referenced};
use crate::Content;
use crate::access::{EditLesson, PublishLesson};
use crate::doc::{self, Doc};

/// A version about to be written.
pub(crate) struct PublishedVersion<'a> {
    pub lesson: LessonId,
    pub version: i64,
    pub meta: &'a LessonMeta,
    pub doc: &'a str,
    pub plain_text: &'a str,
    pub by: PersonId,
    pub at: Timestamp,
    pub note: Option<&'a str>,
}

/// Writes a version; it is never changed afterwards.
pub(crate) async fn insert_version(tx: &mut WriteTx, new: &PublishedVersion<'_>) -> Result<(), DbError> {
    sql!(
        "INSERT INTO lesson_version (lesson_id, version, title, title_key, summary, subject, grade, language, licence, meta, doc,
                                     plain_text, published_by, published_at, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    )
    .bind(new.lesson)
    .bind(new.version)
    .bind(&new.meta.title)
    .bind(text_sort_key(&new.meta.title))
    .bind(new.meta.summary.as_deref())
    .bind(new.meta.subject.as_deref())
    .bind(new.meta.grade.map(i64::from))
    .bind(&new.meta.language)
    .bind(&new.meta.licence)
    .bind(serde_json::to_string(new.meta)?)
    .bind(new.doc)
    .bind(new.plain_text)
    .bind(new.by)
    .bind(new.at)
    .bind(new.note)
    .execute(tx)
    .await?;
    Ok(())
}

/// Publishes the draft as the next version.
///
/// # Errors
/// [`LessonError::Invalid`] when something is missing, [`LessonError::NewerDraft`] when the draft is
/// not the one the caller has seen.
pub async fn publish(
    content: &Content,
    caller: &Caller,
    lesson: LessonId,
    revision: i64,
    note: Option<&str>,
) -> Result<Lesson, LessonError> {
    let note = optional_line(note.map(|text| text.replace(['\n', '\r', '\t'], " ")).as_deref(), 1_000)
        .map_err(|code| LessonError::Invalid(vec![Fault { field: "note", code }]))?;
    let mut tx = content.env.db.write().await?;
    let grant = authorise::<PublishLesson>(&mut tx, caller, lesson).await?;
    hold(&mut tx, lesson).await?;
    let source = draft_source(&mut tx, lesson).await?;
    if source.revision != revision {
        return Err(LessonError::NewerDraft { revision: source.revision });
    }
    let (text, created_by): (String, PersonId) =
        sql!("SELECT draft_doc, created_by FROM lesson WHERE id = $1").bind(lesson).fetch_one(&mut tx).await?;
    let meta: LessonMeta = serde_json::from_str(&source.meta).map_err(DbError::from)?;
    let doc = doc::read(&serde_json::from_str(&text).map_err(DbError::from)?)?.doc;
    check_complete(&mut tx, lesson, &meta).await?;
    let at = content.env.now();
    let (last,): (i64,) = sql!("SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM lesson_version WHERE lesson_id = $1")
        .bind(lesson)
        .fetch_one(&mut tx)
        .await?;
    let new = PublishedVersion {
        lesson,
        version: last + 1,
        meta: &meta,
        doc: &text,
        plain_text: &doc.plain_text(),
        by: grant.caller().person_id().unwrap_or(created_by),
        at,
        note: note.as_deref(),
    };
    insert_version(&mut tx, &new).await?;
    refer(&mut tx, &new, &doc).await?;
    show(&mut tx, lesson, new.version, revision, at).await?;
    let event = about("lesson.published", lesson, source.organisation_id).with(json!({ "title": meta.title }));
    audit::record(&mut tx, &content.env, caller, event).await?;
    let shown = super::versions::load(&mut tx, caller, lesson, new.version).await?;
    changes::record(&mut tx, changes::EntityKind::Lesson, &[lesson.as_uuid()], at).await?;
    tx.commit().await?;
    content.search.wake();
    Ok(shown)
}

async fn refer(tx: &mut WriteTx, new: &PublishedVersion<'_>, doc: &Doc) -> Result<(), DbError> {
    for asset in referenced(new.meta, doc) {
        sql!("INSERT INTO lesson_asset (lesson_id, version, asset_id) SELECT $1, $2, id FROM asset WHERE id = $3")
            .bind(new.lesson)
            .bind(new.version)
            .bind(asset)
            .execute(tx)
            .await?;
    }
    Ok(())
}

async fn show(tx: &mut WriteTx, lesson: LessonId, version: i64, revision: i64, at: Timestamp) -> Result<(), DbError> {
    sql!("UPDATE lesson SET published_version = $2, published_revision = $3, published_at = $4, withdrawn_at = NULL WHERE id = $1")
        .bind(lesson)
        .bind(version)
        .bind(revision)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// A reader must not meet a lesson without a name or with a file that cannot be shown.
async fn check_complete(tx: &mut WriteTx, lesson: LessonId, meta: &LessonMeta) -> Result<(), LessonError> {
    let mut faults = Vec::new();
    if meta.title.trim().is_empty() {
        faults.push(Fault { field: "meta.title", code: "missing" });
    }
    if meta.licence.is_empty() {
        faults.push(Fault { field: "meta.licence", code: "missing" });
    }
    let failed: Vec<(AssetId,)> = sql!(
        "SELECT a.id FROM lesson_asset la JOIN asset a ON a.id = la.asset_id
         WHERE la.lesson_id = $1 AND la.version = 0 AND a.state = 'failed' ORDER BY a.id LIMIT 1"
    )
    .bind(lesson)
    .fetch_all(tx)
    .await?;
    if !failed.is_empty() {
        faults.push(Fault { field: "doc", code: "asset-failed" });
    }
    if faults.is_empty() { Ok(()) } else { Err(LessonError::Invalid(faults)) }
}

/// Takes a lesson out of the library. Its versions stay for its editors.
///
/// # Errors
/// [`LessonError::NoVersion`] when it was never published.
pub async fn withdraw(content: &Content, caller: &Caller, lesson: LessonId) -> Result<LessonRow, LessonError> {
    let mut tx = content.env.db.write().await?;
    authorise::<PublishLesson>(&mut tx, caller, lesson).await?;
    let at = content.env.now();
    let changed = sql!("UPDATE lesson SET withdrawn_at = COALESCE(withdrawn_at, $2) WHERE id = $1 AND published_version IS NOT NULL")
        .bind(lesson)
        .bind(at)
        .execute(&mut tx)
        .await?;
    if changed == 0 {
        return Err(LessonError::NoVersion);
    }
    let source = draft_source(&mut tx, lesson).await?;
    let row = lesson_row(&mut tx, &source).await?;
    let event = about("lesson.withdrawn", lesson, source.organisation_id).with(json!({ "title": row.title }));
    audit::record(&mut tx, &content.env, caller, event).await?;
    changes::record(&mut tx, changes::EntityKind::Lesson, &[lesson.as_uuid()], at).await?;
    tx.commit().await?;
    content.search.wake();
    Ok(row)
}

/// Deletes a lesson that nobody but its editors ever saw.
///
/// # Errors
/// [`LessonError::Published`] otherwise.
pub async fn delete(content: &Content, caller: &Caller, lesson: LessonId) -> Result<(), LessonError> {
    let mut tx = content.env.db.write().await?;
    authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    let gone: Option<(OrganisationId, String)> =
        sql!("DELETE FROM lesson WHERE id = $1 AND published_version IS NULL RETURNING organisation_id, draft_title")
            .bind(lesson)
            .fetch_optional(&mut tx)
            .await?;
    let Some((organisation, title)) = gone else { return Err(LessonError::Published) };
    let event = about("lesson.deleted", lesson, organisation).with(json!({ "title": title }));
    audit::record(&mut tx, &content.env, caller, event).await?;
    tx.commit().await?;
    Ok(())
}

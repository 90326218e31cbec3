use db::{Conn, DbError, sql};
use identity::access::{Caller, authorise};
use identity::audit;
use kernel::{LessonId, PersonId, Timestamp};
use serde_json::json;

use super::drafts::{about, draft_source, load_draft, write_draft};
use super::{Lesson, LessonDraft, LessonError, LessonMeta, LessonVersion, PersonRef};
use crate::Content;
use crate::access::{EditLesson, ReadLesson, SeeWatchers};
use crate::doc;

/// The published lesson.
///
/// # Errors
/// [`LessonError::NoVersion`] for an editor of a lesson never published.
pub async fn get_lesson(content: &Content, caller: &Caller, lesson: LessonId) -> Result<Lesson, LessonError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadLesson>(&mut tx, caller, lesson).await?;
    let version = draft_source(&mut tx, lesson).await?.published_version.ok_or(LessonError::NoVersion)?;
    load(&mut tx, caller, lesson, version).await
}

/// One version: the published one for readers, any for editors.
///
/// # Errors
/// [`LessonError::NoVersion`].
pub async fn get_version(content: &Content, caller: &Caller, lesson: LessonId, version: i64) -> Result<Lesson, LessonError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadLesson>(&mut tx, caller, lesson).await?;
    if draft_source(&mut tx, lesson).await?.published_version != Some(version) {
        authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    }
    load(&mut tx, caller, lesson, version).await
}

/// Reads a version for somebody who was allowed to.
pub(super) async fn load(conn: &mut Conn, caller: &Caller, lesson: LessonId, version: i64) -> Result<Lesson, LessonError> {
    let source = draft_source(conn, lesson).await?;
    let (meta, doc, published_at) = version_parts(conn, lesson, version).await?;
    let can_edit = authorise::<EditLesson>(conn, caller, lesson).await.is_ok();
    Ok(Lesson {
        id: lesson,
        organisation: source.organisation()?,
        state: source.state(),
        version,
        published_at,
        meta,
        doc: serde_json::from_str(&doc).map_err(DbError::from)?,
        assets: crate::assets::of_lesson(conn, lesson, version).await?,
        can_edit,
        can_see_watchers: can_edit || authorise::<SeeWatchers>(conn, caller, lesson).await.is_ok(),
    })
}

/// Meta, text and time of a version.
pub(super) async fn version_parts(conn: &mut Conn, lesson: LessonId, version: i64) -> Result<(LessonMeta, String, Timestamp), LessonError> {
    let row: Option<(String, String, Timestamp)> =
        sql!("SELECT meta, doc, published_at FROM lesson_version WHERE lesson_id = $1 AND version = $2")
            .bind(lesson)
            .bind(version)
            .fetch_optional(conn)
            .await?;
    let (meta, doc, at) = row.ok_or(LessonError::NoVersion)?;
    Ok((serde_json::from_str(&meta).map_err(DbError::from)?, doc, at))
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    published_at: Timestamp,
    published_by: PersonId,
    display_name: String,
    note: Option<String>,
    title: String,
}

/// The history, newest first.
///
/// # Errors
/// [`LessonError`].
pub async fn list_versions(content: &Content, caller: &Caller, lesson: LessonId) -> Result<Vec<LessonVersion>, LessonError> {
    let mut tx = content.env.db.read().await?;
    authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    let rows: Vec<VersionRow> = sql!(
        "SELECT v.version, v.published_at, v.published_by, p.display_name, v.note, v.title
         FROM lesson_version v JOIN person p ON p.id = v.published_by WHERE v.lesson_id = $1 ORDER BY v.version DESC LIMIT 1000"
    )
    .bind(lesson)
    .fetch_all(&mut tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LessonVersion {
            version: row.version,
            published_at: row.published_at,
            published_by: PersonRef { id: row.published_by, display_name: row.display_name },
            note: row.note,
            title: row.title,
        })
        .collect())
}

/// Puts an earlier version into the draft, as one more save.
///
/// # Errors
/// [`LessonError::NoVersion`].
pub async fn restore(content: &Content, caller: &Caller, lesson: LessonId, version: i64) -> Result<LessonDraft, LessonError> {
    let mut tx = content.env.db.write().await?;
    let grant = authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    let (meta, text, _) = version_parts(&mut tx, lesson, version).await?;
    let doc = doc::read(&serde_json::from_str(&text).map_err(DbError::from)?)?.doc;
    let source = draft_source(&mut tx, lesson).await?;
    write_draft(&mut tx, content, lesson, source.revision, &meta, &doc).await?;
    let event = about("lesson.restored", lesson, source.organisation_id).with(json!({ "title": meta.title, "version": version }));
    audit::record(&mut tx, &content.env, caller, event).await?;
    let draft = load_draft(&mut tx, &grant).await?;
    tx.commit().await?;
    Ok(draft)
}

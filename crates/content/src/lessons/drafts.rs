use std::collections::BTreeSet;

use db::{Conn, DbError, Env, WriteTx, sql};
use identity::access::{AuthorLessons, Caller, Grant, authorise};
use identity::audit::{self, Event};
use kernel::{AssetId, LessonId, OrganisationId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::rows::RowSource;
use super::{LessonDraft, LessonError, LessonMeta, referenced};
use crate::Content;
use crate::access::{EditLesson, PublishLesson, ReadAsset};
use crate::doc::{self, Doc};

/// A draft as a client saves it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DraftInput {
    /// The revision it was made from.
    pub revision: i64,
    /// About the lesson.
    pub meta: LessonMeta,
    /// Its text as ProseMirror JSON.
    #[schema(value_type = Object)]
    pub doc: Value,
}

/// What saving did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedDraft {
    /// The new revision.
    pub revision: i64,
    /// When.
    pub saved_at: Timestamp,
    /// What could not be kept.
    pub dropped: Vec<String>,
}

/// A lesson's first state.
struct NewLesson<'a> {
    organisation: OrganisationId,
    created_by: PersonId,
    meta: &'a LessonMeta,
    doc: &'a str,
}

/// Writes the row and makes its maker an editor.
async fn insert_lesson(tx: &mut WriteTx, env: &Env, new: &NewLesson<'_>) -> Result<LessonId, DbError> {
    let id: LessonId = env.ids.make();
    sql!(
        "INSERT INTO lesson (id, organisation_id, created_by, revision, draft_title, draft_meta, draft_doc, saved_at, created_at)
         VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $7)"
    )
    .bind(id)
    .bind(new.organisation)
    .bind(new.created_by)
    .bind(&new.meta.title)
    .bind(serde_json::to_string(new.meta)?)
    .bind(new.doc)
    .bind(env.now())
    .execute(tx)
    .await?;
    sql!("INSERT INTO lesson_editor (lesson_id, person_id) VALUES ($1, $2)").bind(id).bind(new.created_by).execute(tx).await?;
    Ok(id)
}

/// Begins a lesson. The operator has no person to be its author, so only people can.
///
/// # Errors
/// [`LessonError`].
pub async fn create(content: &Content, caller: &Caller, organisation: OrganisationId, title: &str) -> Result<LessonDraft, LessonError> {
    let meta = LessonMeta::new(title, None).check(&content.curriculum).map_err(LessonError::Invalid)?;
    let empty = Doc::default().to_json().to_string();
    let mut tx = content.env.db.write().await?;
    let grant: Grant<AuthorLessons> = authorise(&mut tx, caller, organisation).await?;
    let Some(person) = caller.person_id() else { return Err(identity::access::Denied::Forbidden.into()) };
    let name: Option<(String,)> = sql!("SELECT display_name FROM person WHERE id = $1").bind(person).fetch_optional(&mut tx).await?;
    let meta = LessonMeta { authors: name.map(|(name,)| name).into_iter().collect(), ..meta };
    let new = NewLesson { organisation: *grant.scope(), created_by: person, meta: &meta, doc: &empty };
    let id = insert_lesson(&mut tx, &content.env, &new).await?;
    let event = about("lesson.created", id, organisation).with(json!({ "title": meta.title }));
    audit::record(&mut tx, &content.env, caller, event).await?;
    let grant = authorise::<EditLesson>(&mut tx, caller, id).await?;
    let draft = load_draft(&mut tx, &grant).await?;
    tx.commit().await?;
    Ok(draft)
}

/// An audit event about a lesson.
pub(super) fn about(action: &'static str, lesson: LessonId, organisation: OrganisationId) -> Event {
    Event { action, subject_kind: "lesson", subject_id: Some(lesson.as_uuid()), organisation: Some(organisation), detail: json!({}) }
}

/// The draft with everything an editor shows.
///
/// # Errors
/// [`LessonError`].
pub async fn get_draft(content: &Content, caller: &Caller, lesson: LessonId) -> Result<LessonDraft, LessonError> {
    let mut tx = content.env.db.read().await?;
    let grant = authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    load_draft(&mut tx, &grant).await
}

/// The row of a lesson with the draft's meta.
pub(super) async fn draft_source(conn: &mut Conn, lesson: LessonId) -> Result<RowSource, DbError> {
    sql!("SELECT * FROM lesson_drafted WHERE id = $1").bind(lesson).fetch_one(conn).await
}

pub(super) async fn load_draft(conn: &mut Conn, grant: &Grant<EditLesson>) -> Result<LessonDraft, LessonError> {
    let lesson = *grant.scope();
    let source = draft_source(conn, lesson).await?;
    let (text,): (String,) = sql!("SELECT draft_doc FROM lesson WHERE id = $1").bind(lesson).fetch_one(conn).await?;
    let can_publish = authorise::<PublishLesson>(conn, grant.caller(), lesson).await.is_ok();
    Ok(LessonDraft {
        id: lesson,
        organisation: source.organisation()?,
        state: source.state(),
        revision: source.revision,
        meta: serde_json::from_str(&source.meta).map_err(DbError::from)?,
        doc: serde_json::from_str(&text).map_err(DbError::from)?,
        assets: crate::assets::of_lesson(conn, lesson, 0).await?,
        saved_at: source.saved_at,
        version: source.published_version,
        can_publish,
    })
}

/// Saves the draft over the revision it was made from. What the text cannot say, and files the
/// caller may not read, are left out and named.
///
/// # Errors
/// [`LessonError::NewerDraft`] when somebody saved in between; nothing is lost then.
pub async fn save(content: &Content, caller: &Caller, lesson: LessonId, input: &DraftInput) -> Result<SavedDraft, LessonError> {
    let meta = input.meta.check(&content.curriculum).map_err(LessonError::Invalid)?;
    let read = doc::read(&input.doc)?;
    let mut tx = content.env.db.write().await?;
    let grant = authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    let (meta, sanitised) = keep_readable(&mut tx, &grant, meta, read).await?;
    let saved = write_draft(&mut tx, content, lesson, input.revision, &meta, &sanitised.doc).await?;
    tx.commit().await?;
    Ok(SavedDraft { dropped: sanitised.dropped, ..saved })
}

/// A lesson lends its readers the right to read its files, so nobody may put in a file that she
/// may not read herself; files that are in the draft already may stay.
async fn keep_readable(
    tx: &mut WriteTx,
    grant: &Grant<EditLesson>,
    mut meta: LessonMeta,
    mut read: doc::Sanitised,
) -> Result<(LessonMeta, doc::Sanitised), LessonError> {
    let lesson = *grant.scope();
    let present: Vec<(AssetId,)> =
        sql!("SELECT asset_id FROM lesson_asset WHERE lesson_id = $1 AND version = 0").bind(lesson).fetch_all(tx).await?;
    let mut allowed: BTreeSet<AssetId> = present.into_iter().map(|(id,)| id).collect();
    for asset in referenced(&meta, &read.doc) {
        if !allowed.contains(&asset) && authorise::<ReadAsset>(tx, grant.caller(), asset).await.is_ok() {
            allowed.insert(asset);
        }
    }
    let before = read.doc.assets();
    if before.iter().any(|asset| !allowed.contains(asset)) {
        read.dropped.push("asset".to_owned());
        read.doc = read.doc.without_assets(|asset| allowed.contains(&asset));
    }
    if meta.cover_asset_id.is_some_and(|cover| !allowed.contains(&cover)) {
        meta.cover_asset_id = None;
        read.dropped.push("cover".to_owned());
    }
    Ok((meta, read))
}

pub(super) async fn write_draft(
    tx: &mut WriteTx,
    content: &Content,
    lesson: LessonId,
    revision: i64,
    meta: &LessonMeta,
    doc: &Doc,
) -> Result<SavedDraft, LessonError> {
    let now = content.env.now();
    let saved: Option<(i64,)> = sql!(
        "UPDATE lesson SET revision = revision + 1, draft_title = $3, draft_meta = $4, draft_doc = $5, saved_at = $6
         WHERE id = $1 AND revision = $2 RETURNING revision"
    )
    .bind(lesson)
    .bind(revision)
    .bind(&meta.title)
    .bind(serde_json::to_string(meta).map_err(DbError::from)?)
    .bind(doc.to_json().to_string())
    .bind(now)
    .fetch_optional(tx)
    .await?;
    let Some((revision,)) = saved else {
        let (revision,): (i64,) = sql!("SELECT revision FROM lesson WHERE id = $1").bind(lesson).fetch_one(tx).await?;
        return Err(LessonError::NewerDraft { revision });
    };
    sql!("DELETE FROM lesson_asset WHERE lesson_id = $1 AND version = 0").bind(lesson).execute(tx).await?;
    for asset in referenced(meta, doc) {
        sql!("INSERT INTO lesson_asset (lesson_id, version, asset_id) VALUES ($1, 0, $2)").bind(lesson).bind(asset).execute(tx).await?;
    }
    Ok(SavedDraft { revision, saved_at: now, dropped: Vec::new() })
}

//! Lessons as the index takes them: three statements for a group of them.

use std::collections::HashMap;

use db::changes::EntityKind;
use db::{Conn, DbError, sql};
use futures::future::BoxFuture;
use kernel::{LessonId, OrganisationId, Timestamp};
use search::{Change, Document};
use uuid::Uuid;

use super::IndexSource;
use crate::lessons::LessonMeta;
use crate::sets::{GROUP, bind_group};

/// Most bytes of each text given to the index.
const MOST_TEXT: usize = 1 << 20;

#[derive(sqlx::FromRow)]
struct Source {
    id: LessonId,
    organisation_id: OrganisationId,
    external_id: Option<String>,
    version: i64,
    meta: String,
    plain_text: String,
    published_at: Timestamp,
}

/// Published lessons.
pub(super) struct Lessons;

impl IndexSource for Lessons {
    fn kind(&self) -> EntityKind {
        EntityKind::Lesson
    }

    fn changes<'a>(&'a self, conn: &'a mut Conn, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Change>, DbError>> {
        Box::pin(async move {
            let lessons: Vec<LessonId> = ids.iter().map(|id| LessonId(*id)).collect();
            changes_of(conn, &lessons).await
        })
    }
}

/// What search shows of lessons now. One that nobody may find is taken out; so is one that cannot be
/// read, and the rest goes in: a single bad row must not keep everybody's search in the past.
async fn changes_of(conn: &mut Conn, lessons: &[LessonId]) -> Result<Vec<Change>, DbError> {
    let mut changes = Vec::with_capacity(lessons.len());
    for group in lessons.chunks(GROUP) {
        let sources: Vec<Source> = bind_group(
            sql!(
                "SELECT l.id, l.organisation_id, l.external_id, v.version, v.meta, v.plain_text, v.published_at
                 FROM lesson l JOIN lesson_version v ON v.lesson_id = l.id AND v.version = l.published_version
                 WHERE l.withdrawn_at IS NULL
                   AND l.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        let attached = texts_of_files(conn, group).await?;
        let captions = captions_of(conn, group).await?;
        let mut sources: HashMap<LessonId, Source> = sources.into_iter().map(|source| (source.id, source)).collect();
        for lesson in group {
            let found = sources.remove(lesson).map(|source| document(source, attached.get(lesson), captions.get(lesson)));
            changes.push(match found {
                Some(Ok(document)) => Change::Upsert(Box::new(document)),
                Some(Err(error)) => {
                    tracing::error!(%lesson, %error, "a published lesson cannot be read and is left out of the search");
                    Change::Delete(lesson.to_string())
                }
                None => Change::Delete(lesson.to_string()),
            });
        }
    }
    Ok(changes)
}

/// The words of documents among the files of each lesson.
async fn texts_of_files(conn: &mut Conn, group: &[LessonId]) -> Result<HashMap<LessonId, String>, DbError> {
    let rows: Vec<(LessonId, String)> = bind_group(
        sql!(
            "SELECT l.id, m.extracted_text FROM lesson l
             JOIN lesson_asset la ON la.lesson_id = l.id AND la.version = l.published_version
             JOIN asset a ON a.id = la.asset_id JOIN media m ON m.blob_id = a.blob_id
             WHERE m.extracted_text IS NOT NULL
               AND l.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
             ORDER BY l.id, a.id"
        ),
        group,
    )
    .fetch_all(conn)
    .await?;
    Ok(joined(rows))
}

async fn captions_of(conn: &mut Conn, group: &[LessonId]) -> Result<HashMap<LessonId, String>, DbError> {
    let rows: Vec<(LessonId, String)> = bind_group(
        sql!(
            "SELECT l.id, c.plain_text FROM lesson l
             JOIN lesson_asset la ON la.lesson_id = l.id AND la.version = l.published_version
             JOIN asset_caption c ON c.asset_id = la.asset_id
             WHERE l.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
             ORDER BY l.id, la.asset_id, c.language"
        ),
        group,
    )
    .fetch_all(conn)
    .await?;
    Ok(joined(rows))
}

fn joined(rows: Vec<(LessonId, String)>) -> HashMap<LessonId, String> {
    let mut all: HashMap<LessonId, String> = HashMap::new();
    for (lesson, text) in rows {
        push(all.entry(lesson).or_default(), &text);
    }
    all
}

fn document(source: Source, attached: Option<&String>, captions: Option<&String>) -> Result<Document, serde_json::Error> {
    let meta: LessonMeta = serde_json::from_str(&source.meta)?;
    let mut text = meta.summary.clone().unwrap_or_default();
    push(&mut text, &source.plain_text);
    Ok(Document {
        id: source.id.to_string(),
        kind: "lesson".to_owned(),
        external_id: source.external_id,
        title: meta.title,
        text,
        captions: captions.cloned().unwrap_or_default(),
        attached: attached.cloned().unwrap_or_default(),
        tags: meta.tags,
        facets: Vec::new(),
        formulas: Vec::new(),
        subject: meta.subject,
        grade: meta.grade,
        language: Some(meta.language),
        owner: Some(source.organisation_id.to_string()),
        readable_by: vec![source.organisation_id.to_string()],
        published_at: source.published_at.0,
        version: source.version,
    })
}

fn push(all: &mut String, more: &str) {
    if more.is_empty() || all.len() >= MOST_TEXT {
        return;
    }
    if !all.is_empty() {
        all.push('\n');
    }
    all.push_str(&more[..more.floor_char_boundary(MOST_TEXT)]);
}

/// Published lessons that cannot be read, and so cannot be found, with their titles; the first ten.
///
/// # Errors
/// [`DbError`].
pub async fn unreadable(conn: &mut Conn) -> Result<Vec<(LessonId, String)>, DbError> {
    const ROWS: i64 = 1_000;
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < 10 {
        let rows: Vec<(LessonId, String, String)> = sql!(
            "SELECT l.id, v.title, v.meta FROM lesson l JOIN lesson_version v ON v.lesson_id = l.id AND v.version = l.published_version
             WHERE l.withdrawn_at IS NULL AND (CAST($1 AS UUID) IS NULL OR l.id > $1) ORDER BY l.id LIMIT $2"
        )
        .bind(after)
        .bind(ROWS)
        .fetch_all(conn)
        .await?;
        let Some((last, ..)) = rows.last() else { break };
        after = Some(*last);
        found.extend(
            rows.into_iter().filter(|(.., meta)| serde_json::from_str::<LessonMeta>(meta).is_err()).map(|(id, title, _)| (id, title)),
        );
    }
    found.truncate(10);
    Ok(found)
}

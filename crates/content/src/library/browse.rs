use db::sql;
use identity::access::{Caller, Denied};
use kernel::{Cursor, LessonId, Page, PageLimit};

use crate::Content;
use crate::lessons::{LessonError, LessonRow, MaterialKind, RowSource, lesson_row};

/// What to browse.
#[derive(Clone, Debug, Default)]
pub struct Browse {
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// BCP 47.
    pub language: Option<String>,
    /// Only lessons with something of this kind; text means those without any file.
    pub kind: Option<MaterialKind>,
    /// In which order.
    pub sort: Sort,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Last published first.
    #[default]
    Newest,
    /// By title, as Vietnamese people sort.
    Title,
}

fn asset_kind(kind: MaterialKind) -> &'static str {
    match kind {
        MaterialKind::Video => "video",
        MaterialKind::Audio => "audio",
        MaterialKind::Pdf => "pdf",
        MaterialKind::Picture => "picture",
        MaterialKind::Office => "office",
        MaterialKind::Text => "text",
    }
}

/// Published lessons the caller may read.
///
/// # Errors
/// [`LessonError::Denied`] when nobody is signed in.
pub async fn browse(
    content: &Content,
    caller: &Caller,
    what: &Browse,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<LessonRow>, LessonError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let mut tx = content.env.db.read().await?;
    let kind = what.kind.map(asset_kind);
    let page = match what.sort {
        Sort::Newest => {
            let key: Option<(i64, LessonId)> = after.and_then(Cursor::key);
            let rows: Vec<RowSource> = sql!(
                "SELECT l.id, l.organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, o.code AS organisation_code,
                        l.revision, l.published_version, l.published_revision, l.published_at, l.withdrawn_at, v.published_at AS saved_at,
                        v.meta, v.version AS asset_version
                 FROM lesson l JOIN lesson_version v ON v.lesson_id = l.id AND v.version = l.published_version
                 JOIN organisation o ON o.id = l.organisation_id
                 WHERE l.published_at IS NOT NULL AND l.withdrawn_at IS NULL
                   AND l.organisation_id IN (SELECT r.organisation_id FROM readable_owner r WHERE r.person_id = $1)
                   AND (CAST($2 AS TEXT) IS NULL OR v.subject = $2) AND (CAST($3 AS BIGINT) IS NULL OR v.grade = $3)
                   AND (CAST($4 AS TEXT) IS NULL OR v.language = $4)
                   AND (CAST($5 AS TEXT) IS NULL
                        OR EXISTS (SELECT 1 FROM lesson_asset la JOIN asset a ON a.id = la.asset_id
                                   WHERE la.lesson_id = l.id AND la.version = v.version AND a.kind = $5)
                        OR ($5 = 'text' AND NOT EXISTS (SELECT 1 FROM lesson_asset la WHERE la.lesson_id = l.id AND la.version = v.version)))
                   AND (CAST($6 AS BIGINT) IS NULL OR (l.published_at, l.id) < ($6, $7))
                 ORDER BY l.published_at DESC, l.id DESC LIMIT $8"
            )
            .bind(person)
            .bind(what.subject.as_deref())
            .bind(what.grade.map(i64::from))
            .bind(what.language.as_deref())
            .bind(kind)
            .bind(key.map(|(at, _)| at))
            .bind(key.map(|(_, id)| id))
            .bind(limit.with_surplus())
            .fetch_all(&mut tx)
            .await?;
            Page::from_surplus(rows, limit, |row| (row.published_at, row.id))
        }
        Sort::Title => {
            let key: Option<(String, LessonId)> = after.and_then(Cursor::key);
            let rows: Vec<TitledRow> = sql!(
                "SELECT l.id, l.organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, o.code AS organisation_code,
                        l.revision, l.published_version, l.published_revision, l.published_at, l.withdrawn_at, v.published_at AS saved_at,
                        v.meta, v.version AS asset_version, v.title_key
                 FROM lesson l JOIN lesson_version v ON v.lesson_id = l.id AND v.version = l.published_version
                 JOIN organisation o ON o.id = l.organisation_id
                 WHERE l.published_at IS NOT NULL AND l.withdrawn_at IS NULL
                   AND l.organisation_id IN (SELECT r.organisation_id FROM readable_owner r WHERE r.person_id = $1)
                   AND (CAST($2 AS TEXT) IS NULL OR v.subject = $2) AND (CAST($3 AS BIGINT) IS NULL OR v.grade = $3)
                   AND (CAST($4 AS TEXT) IS NULL OR v.language = $4)
                   AND (CAST($5 AS TEXT) IS NULL
                        OR EXISTS (SELECT 1 FROM lesson_asset la JOIN asset a ON a.id = la.asset_id
                                   WHERE la.lesson_id = l.id AND la.version = v.version AND a.kind = $5)
                        OR ($5 = 'text' AND NOT EXISTS (SELECT 1 FROM lesson_asset la WHERE la.lesson_id = l.id AND la.version = v.version)))
                   AND (CAST($6 AS TEXT) IS NULL OR (v.title_key, l.id) > ($6, $7))
                 ORDER BY v.title_key, l.id LIMIT $8"
            )
            .bind(person)
            .bind(what.subject.as_deref())
            .bind(what.grade.map(i64::from))
            .bind(what.language.as_deref())
            .bind(kind)
            .bind(key.as_ref().map(|(title, _)| title.as_str()))
            .bind(key.as_ref().map(|(_, id)| *id))
            .bind(limit.with_surplus())
            .fetch_all(&mut tx)
            .await?;
            Page::from_surplus(rows, limit, |row| (row.title_key.clone(), row.row.id)).map(|titled| titled.row)
        }
    };
    let mut items = Vec::with_capacity(page.items.len());
    for source in &page.items {
        items.push(lesson_row(&mut tx, source).await?);
    }
    Ok(Page { items, next: page.next })
}

#[derive(sqlx::FromRow)]
struct TitledRow {
    #[sqlx(flatten)]
    row: RowSource,
    title_key: String,
}

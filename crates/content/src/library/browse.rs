use std::collections::HashMap;

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied};
use kernel::{Cursor, LessonId, Page, PageLimit, PersonId};

use crate::Content;
use crate::lessons::{LessonError, LessonRow, MaterialKind, RowSource, lesson_rows};
use crate::sets::{GROUP, bind_group};

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
    let page = match what.sort {
        Sort::Newest => {
            let found = newest(&mut tx, person, what, after.and_then(Cursor::key), limit).await?;
            Page::from_surplus(found, limit, |(at, id)| (*at, *id)).map(|(_, id)| id)
        }
        Sort::Title => {
            let found = by_title(&mut tx, person, what, after.and_then(Cursor::key), limit).await?;
            Page::from_surplus(found, limit, |(title, id)| (title.clone(), *id)).map(|(_, id)| id)
        }
    };
    Ok(Page { items: shown(&mut tx, &page.items).await?, next: page.next })
}

// Each order has its own way through the indexes and so its own statement; what is shown of the
// lessons of a page is read in one place.

async fn newest(
    conn: &mut Conn,
    person: PersonId,
    what: &Browse,
    key: Option<(i64, LessonId)>,
    limit: PageLimit,
) -> Result<Vec<(i64, LessonId)>, DbError> {
    sql!(
        "SELECT l.published_at, l.id FROM lesson l JOIN lesson_version v ON v.lesson_id = l.id AND v.version = l.published_version
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
    .bind(what.kind.map(asset_kind))
    .bind(key.map(|(at, _)| at))
    .bind(key.map(|(_, id)| id))
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await
}

/// The plus sign keeps SQLite from the key of the versions and so from their rows, which hold whole
/// texts: another index has all that is asked.
async fn by_title(
    conn: &mut Conn,
    person: PersonId,
    what: &Browse,
    key: Option<(String, LessonId)>,
    limit: PageLimit,
) -> Result<Vec<(String, LessonId)>, DbError> {
    sql!(
        "SELECT v.title_key, l.id FROM lesson l JOIN lesson_version v ON v.lesson_id = l.id AND +v.version = l.published_version
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
    .bind(what.kind.map(asset_kind))
    .bind(key.as_ref().map(|(title, _)| title.as_str()))
    .bind(key.as_ref().map(|(_, id)| *id))
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await
}

/// The lessons of a page, in its order.
async fn shown(conn: &mut Conn, ids: &[LessonId]) -> Result<Vec<LessonRow>, DbError> {
    let mut found: HashMap<LessonId, RowSource> = HashMap::new();
    for group in ids.chunks(GROUP) {
        let rows: Vec<RowSource> = bind_group(
            sql!(
                "SELECT * FROM lesson_shown
                 WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    let sources: Vec<&RowSource> = ids.iter().filter_map(|id| found.get(id)).collect();
    lesson_rows(conn, &sources).await
}

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied};
use kernel::{Cursor, LessonId, Page, PageLimit, PersonId};

use super::rows::{RowSource, lesson_row};
use super::{LessonError, LessonRow};
use crate::Content;

/// Which of the lessons I may edit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LessonFilter {
    /// All of them.
    #[default]
    All,
    /// Never published.
    Draft,
    /// Published and not withdrawn.
    Published,
}

impl LessonFilter {
    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Draft => "draft",
            Self::Published => "published",
        }
    }
}

/// Lessons the caller may edit, last saved first.
///
/// # Errors
/// [`LessonError`].
pub async fn list_editable(
    content: &Content,
    caller: &Caller,
    filter: LessonFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<LessonRow>, LessonError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let mut tx = content.env.db.read().await?;
    let sources = page_of(&mut tx, person, filter, after, limit).await?;
    let page = Page::from_surplus(sources, limit, |row| (row.saved_at, row.id));
    let mut items = Vec::with_capacity(page.items.len());
    for source in &page.items {
        items.push(lesson_row(&mut tx, source).await?);
    }
    Ok(Page { items, next: page.next })
}

async fn page_of(
    conn: &mut Conn,
    person: PersonId,
    filter: LessonFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Vec<RowSource>, DbError> {
    let key: Option<(i64, LessonId)> = after.and_then(Cursor::key);
    // The rule of EditLesson as a filter: those who oversee, and editors who still author there. Two
    // questions with an index each, where one OR would read every lesson of a province.
    sql!(
        "SELECT l.id, l.organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, o.code AS organisation_code,
                l.revision, l.published_version, l.published_revision, l.published_at, l.withdrawn_at, l.saved_at,
                l.draft_meta AS meta, CAST(0 AS BIGINT) AS asset_version
         FROM lesson l JOIN organisation o ON o.id = l.organisation_id
         WHERE l.id IN (SELECT w.id FROM role_over r JOIN lesson w ON w.organisation_id = r.organisation_id
                        WHERE r.person_id = $1 AND r.role IN ('administrator', 'school_head')
                        UNION
                        SELECT w.id FROM lesson_editor e JOIN lesson w ON w.id = e.lesson_id
                        JOIN role_over r ON r.organisation_id = w.organisation_id AND r.person_id = e.person_id
                        WHERE e.person_id = $1 AND r.role IN ('reviewer', 'teacher'))
           AND ($2 = 'all' OR ($2 = 'draft' AND l.published_version IS NULL)
                OR ($2 = 'published' AND l.published_version IS NOT NULL AND l.withdrawn_at IS NULL))
           AND (CAST($3 AS BIGINT) IS NULL OR (l.saved_at, l.id) < ($3, $4))
         ORDER BY l.saved_at DESC, l.id DESC LIMIT $5"
    )
    .bind(person)
    .bind(filter.word())
    .bind(key.map(|(at, _)| at))
    .bind(key.map(|(_, id)| id))
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await
}

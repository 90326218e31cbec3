use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied};
use kernel::{Cursor, LessonId, Page, PageLimit, PersonId};

use super::rows::{RowSource, lesson_rows};
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
    let items = lesson_rows(&mut tx, &page.items.iter().collect::<Vec<_>>()).await?;
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
    // questions with an index each, where one OR would read every lesson of a province; and only the
    // lessons of the page are read whole.
    sql!(
        "SELECT d.* FROM lesson_drafted d
         WHERE d.id IN (SELECT page.id FROM
           (SELECT w.id AS id, w.saved_at AS saved_at FROM role_over r JOIN lesson w ON w.organisation_id = r.organisation_id
            WHERE r.person_id = $1 AND r.role IN ('administrator', 'school_head')
              AND ($2 = 'all' OR ($2 = 'draft' AND w.published_version IS NULL)
                   OR ($2 = 'published' AND w.published_version IS NOT NULL AND w.withdrawn_at IS NULL))
              AND (CAST($3 AS BIGINT) IS NULL OR (w.saved_at, w.id) < ($3, $4))
            UNION
            SELECT w.id AS id, w.saved_at AS saved_at FROM lesson_editor e JOIN lesson w ON w.id = e.lesson_id
            JOIN role_over r ON r.organisation_id = w.organisation_id AND r.person_id = e.person_id
            WHERE e.person_id = $1 AND r.role IN ('reviewer', 'teacher')
              AND ($2 = 'all' OR ($2 = 'draft' AND w.published_version IS NULL)
                   OR ($2 = 'published' AND w.published_version IS NOT NULL AND w.withdrawn_at IS NULL))
              AND (CAST($3 AS BIGINT) IS NULL OR (w.saved_at, w.id) < ($3, $4))
            ORDER BY saved_at DESC, id DESC LIMIT $5) page)
         ORDER BY d.saved_at DESC, d.id DESC"
    )
    .bind(person)
    .bind(filter.word())
    .bind(key.map(|(at, _)| at))
    .bind(key.map(|(_, id)| id))
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await
}

use db::{DbError, sql};
use identity::access::{Caller, Denied};
use kernel::{ClassId, Cursor, Page, PageLimit, TestId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Mode, TestError, TestState};
use crate::Classroom;

/// A test in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TestRow {
    /// Which.
    pub id: TestId,
    /// What it is called.
    pub title: String,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// How far it has come.
    pub state: TestState,
    /// A test, or practice.
    pub mode: Mode,
    /// When it can be begun.
    pub opens_at: Option<Timestamp>,
    /// When it ends.
    pub closes_at: Option<Timestamp>,
    /// When it was last saved.
    pub updated_at: Timestamp,
    /// Whether the caller makes or teaches it; else it was given to her.
    pub manages: bool,
    /// Names of the classes, teams apart.
    pub classes: Vec<String>,
    /// Attempts handed in: all of a test one manages, else one's own.
    pub submitted: i64,
    /// Attempts under way: all of a test one manages, else one's own.
    pub open: i64,
    /// Answers that a person has still to mark, in a test one manages.
    pub to_mark: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: TestId,
    title: String,
    subject: Option<String>,
    grade: Option<i64>,
    state: String,
    mode: String,
    opens_at: Option<Timestamp>,
    closes_at: Option<Timestamp>,
    updated_at: Timestamp,
    manages: i64,
    submitted: i64,
    open: i64,
    to_mark: i64,
}

/// The tests somebody makes, teaches or is to sit, the newest first: all, or those given to a class. A window
/// that is her own is told in place of the test's.
///
/// # Errors
/// [`TestError`].
pub async fn list(
    classroom: &Classroom,
    caller: &Caller,
    class: Option<ClassId>,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<TestRow>, TestError> {
    let mut tx = classroom.env().db.read().await?;
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let (before, last): (i64, TestId) = after.and_then(Cursor::key).unwrap_or((i64::MAX, TestId(uuid::Uuid::max())));
    let rows: Vec<Row> = sql!(
        "SELECT t.id, t.title, t.subject, t.grade, t.state, t.mode, COALESCE(x.opens_at, t.opens_at) AS opens_at,
                COALESCE(x.closes_at, t.closes_at) AS closes_at, t.updated_at, s.manages,
                (SELECT COUNT(*) FROM attempt a WHERE a.test_id = t.id AND a.kind = 'real' AND a.state = 'submitted'
                   AND (s.manages = 1 OR a.person_id = $1)) AS submitted,
                (SELECT COUNT(*) FROM attempt a WHERE a.test_id = t.id AND a.kind = 'real' AND a.state = 'open'
                   AND (s.manages = 1 OR a.person_id = $1)) AS open,
                (SELECT CAST(COALESCE(SUM(a.by_hand_left), 0) AS BIGINT) FROM attempt a WHERE a.test_id = t.id AND a.kind = 'real'
                   AND s.manages = 1 AND a.by_hand_left > 0) AS to_mark
         FROM test t JOIN (
           SELECT test_id, CAST(MAX(CASE WHEN how = 'pupil' THEN 0 ELSE 1 END) AS BIGINT) AS manages
           FROM test_sight WHERE person_id = $1 GROUP BY test_id) s ON s.test_id = t.id
         LEFT JOIN test_exception x ON x.test_id = t.id AND x.person_id = $1 AND s.manages = 0
         WHERE (CAST($5 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM test_target g WHERE g.test_id = t.id AND g.class_id = $6))
           AND (t.updated_at < $2 OR (t.updated_at = $2 AND t.id < $3)) ORDER BY t.updated_at DESC, t.id DESC LIMIT $4"
    )
    .bind(person)
    .bind(before)
    .bind(last)
    .bind(limit.with_surplus())
    .bind(i64::from(class.is_some()))
    .bind(class.unwrap_or(ClassId(uuid::Uuid::nil())))
    .fetch_all(&mut tx)
    .await?;
    let page = Page::from_surplus(rows, limit, |row| (row.updated_at, row.id));
    let next = page.next;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let classes: Vec<(String,)> = sql!(
            "SELECT c.name FROM class c WHERE c.id IN (SELECT g.class_id FROM test_target g WHERE g.test_id = $1)
               AND c.id IN (SELECT y.class_id FROM class_sight y WHERE y.person_id = $2) ORDER BY c.name_key"
        )
        .bind(row.id)
        .bind(person)
        .fetch_all(&mut tx)
        .await?;
        items.push(TestRow {
            id: row.id,
            title: row.title,
            subject: row.subject,
            grade: row.grade.and_then(|grade| u8::try_from(grade).ok()),
            state: TestState::try_from(row.state).map_err(DbError::from)?,
            mode: Mode::try_from(row.mode).map_err(DbError::from)?,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            updated_at: row.updated_at,
            manages: row.manages == 1,
            classes: classes.into_iter().map(|(name,)| name).collect(),
            submitted: row.submitted,
            open: row.open,
            to_mark: row.to_mark,
        });
    }
    Ok(Page { items, next })
}

//! Who watched a lesson. Its editors see everybody; a class teacher sees the pupils of her classes and
//! nobody else, also of a lesson of the Sở.

use db::{Conn, DbError, sql};
use identity::access::{Caller, authorise};
use kernel::{AssetId, ClassGroupId, Cursor, LessonId, Page, PageLimit, PersonId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::WatchError;
use super::views::{FINISHED, fraction, watched};
use crate::Content;
use crate::access::{EditLesson, SeeWatchers};

/// So many rows are put in order here; of a lesson that more have watched only a page is read.
const FEW: i64 = 2_000;

/// Somebody who watched.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Watcher {
    /// Who.
    pub person: WatcherPerson,
    /// Which video.
    pub asset_id: AssetId,
    /// How much of it was seen.
    pub watched_us: i64,
    /// Of how much.
    pub duration_us: i64,
    /// 0 to 1.
    pub fraction: f64,
    /// When last.
    pub last_at: Timestamp,
}

/// Somebody who watched, with her class.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WatcherPerson {
    /// Who.
    pub id: PersonId,
    /// Her name.
    pub display_name: String,
    /// Her class now.
    pub class_name: Option<String>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WatcherOrder {
    /// As lists of pupils are sorted.
    #[default]
    Name,
    /// Who saw least first.
    Least,
    /// Who saw most first.
    Most,
}

/// Of whom, and of which video.
#[derive(Clone, Copy, Debug, Default)]
pub struct WatcherFilter {
    /// Only pupils of this class.
    pub class: Option<ClassGroupId>,
    /// Only of this video.
    pub asset: Option<AssetId>,
}

/// How a lesson was watched, by those whom the caller may see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WatchSummary {
    /// How many people.
    pub people: i64,
    /// How much they saw on the whole, 0 to 1.
    pub average: f64,
    /// How many saw nearly all of a video.
    pub nearly_all: i64,
    /// Whether only the caller's own classes are counted.
    pub own_classes_only: bool,
    /// Classes to choose from; empty where so many people watched that they are not gathered.
    pub classes: Vec<WatcherClass>,
}

/// A class whose pupils watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WatcherClass {
    /// Which.
    pub id: ClassGroupId,
    /// Its name.
    pub name: String,
    /// Its school.
    pub organisation: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    person_id: PersonId,
    display_name: String,
    name_key: String,
    class_name: Option<String>,
    asset_id: AssetId,
    seen_count: i64,
    duration_us: i64,
    updated_at: Timestamp,
}

impl Row {
    fn permille(&self) -> i64 {
        permille(self.seen_count, self.duration_us)
    }

    fn shown(self) -> Watcher {
        Watcher {
            person: WatcherPerson { id: self.person_id, display_name: self.display_name, class_name: self.class_name },
            asset_id: self.asset_id,
            watched_us: watched(self.seen_count, self.duration_us),
            duration_us: self.duration_us,
            fraction: fraction(self.seen_count, self.duration_us),
            last_at: self.updated_at,
        }
    }
}

/// The same sum as in the statement of [`by_permille`].
fn permille(seen: i64, duration_us: i64) -> i64 {
    if duration_us <= 0 { 0 } else { seen.saturating_mul(1_000_000_000).min(duration_us.saturating_mul(1_000)) / duration_us }
}

/// What a page is continued after: the name or the share, then the person and the video.
type NameKey = (String, PersonId, AssetId);
type ShareKey = (i64, PersonId, AssetId);

/// Whom the caller may see of those who watched.
enum Scope {
    Everybody,
    /// The pupils of the classes of this teacher.
    ClassesOf(PersonId),
}

async fn scope(conn: &mut Conn, caller: &Caller, lesson: LessonId) -> Result<Scope, WatchError> {
    authorise::<SeeWatchers>(conn, caller, lesson).await?;
    if authorise::<EditLesson>(conn, caller, lesson).await.is_ok() {
        return Ok(Scope::Everybody);
    }
    Ok(caller.person_id().map_or(Scope::Everybody, Scope::ClassesOf))
}

/// Who watched a lesson, page by page.
///
/// # Errors
/// [`WatchError`].
pub async fn watchers(
    content: &Content,
    caller: &Caller,
    lesson: LessonId,
    filter: WatcherFilter,
    order: WatcherOrder,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<Watcher>, WatchError> {
    let mut tx = content.env.db.read().await?;
    let scope = scope(&mut tx, caller, lesson).await?;
    if let Some(rows) = few(&mut tx, &scope, lesson, filter).await? {
        return Ok(page_of(rows, order, after, limit));
    }
    let page = match order {
        WatcherOrder::Name => {
            let rows = by_name(&mut tx, lesson, filter.asset, after.and_then(Cursor::key), limit).await?;
            Page::from_surplus(rows, limit, |row| (row.name_key.clone(), row.person_id, row.asset_id))
        }
        WatcherOrder::Least | WatcherOrder::Most => {
            let rows = by_permille(&mut tx, lesson, filter.asset, order, after.and_then(Cursor::key), limit).await?;
            Page::from_surplus(rows, limit, |row| (signed(order, row.permille()), row.person_id, row.asset_id))
        }
    };
    Ok(page.map(Row::shown))
}

/// Most first is least first of what is missing.
fn signed(order: WatcherOrder, permille: i64) -> i64 {
    if order == WatcherOrder::Most { -permille } else { permille }
}

fn page_of(mut rows: Vec<Row>, order: WatcherOrder, after: Option<&Cursor>, limit: PageLimit) -> Page<Watcher> {
    let page = match order {
        WatcherOrder::Name => {
            let key = |row: &Row| (row.name_key.clone(), row.person_id, row.asset_id);
            rows.sort_by_cached_key(key);
            if let Some(last) = after.and_then(Cursor::key::<NameKey>) {
                rows.retain(|row| key(row) > last);
            }
            rows.truncate(limit.rows() + 1);
            Page::from_surplus(rows, limit, key)
        }
        WatcherOrder::Least | WatcherOrder::Most => {
            let key = |row: &Row| (signed(order, row.permille()), row.person_id, row.asset_id);
            rows.sort_by_cached_key(key);
            if let Some(last) = after.and_then(Cursor::key::<ShareKey>) {
                rows.retain(|row| key(row) > last);
            }
            rows.truncate(limit.rows() + 1);
            Page::from_surplus(rows, limit, key)
        }
    };
    page.map(Row::shown)
}

/// Everybody in question where these are few; `None` for all the watchers of a lesson of a province.
async fn few(conn: &mut Conn, scope: &Scope, lesson: LessonId, filter: WatcherFilter) -> Result<Option<Vec<Row>>, DbError> {
    let teacher = match scope {
        Scope::Everybody if filter.class.is_none() => {
            if many(conn, lesson).await? {
                return Ok(None);
            }
            let rows = sql!(
                "SELECT w.person_id, p.display_name, p.name_key,
                        (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
                         WHERE e.person_id = p.id AND e.until_at IS NULL ORDER BY e.from_at DESC LIMIT 1) AS class_name,
                        w.asset_id, w.seen_count, CAST(COALESCE(m.duration_us, 0) AS BIGINT) AS duration_us, w.updated_at
                 FROM watch w JOIN person p ON p.id = w.person_id JOIN asset a ON a.id = w.asset_id
                 LEFT JOIN media m ON m.blob_id = a.blob_id
                 WHERE w.lesson_id = $1 AND (CAST($2 AS UUID) IS NULL OR w.asset_id = $2)"
            )
            .bind(lesson)
            .bind(filter.asset)
            .fetch_all(conn)
            .await?;
            return Ok(Some(rows));
        }
        Scope::Everybody => None,
        Scope::ClassesOf(teacher) => Some(*teacher),
    };
    // A class holds few, whoever else watched: from its pupils to what they watched. SQLite takes a
    // CROSS JOIN in the order it is written.
    let rows = sql!(
        "SELECT w.person_id, p.display_name, p.name_key,
                (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
                 WHERE e.person_id = p.id AND e.until_at IS NULL ORDER BY e.from_at DESC LIMIT 1) AS class_name,
                w.asset_id, w.seen_count, CAST(COALESCE(m.duration_us, 0) AS BIGINT) AS duration_us, w.updated_at
         FROM (SELECT DISTINCT e.person_id FROM enrolment e
               WHERE e.role = 'pupil' AND e.until_at IS NULL AND e.class_group_id IN
                 (SELECT t.class_group_id FROM enrolment t
                  WHERE CAST($3 AS UUID) IS NULL AND t.person_id = $4 AND t.role = 'teacher' AND t.until_at IS NULL
                  UNION ALL
                  SELECT g.id FROM class_group g
                  WHERE g.id = $3 AND (CAST($4 AS UUID) IS NULL OR EXISTS
                    (SELECT 1 FROM enrolment t WHERE t.person_id = $4 AND t.role = 'teacher' AND t.until_at IS NULL
                                                 AND t.class_group_id = g.id)))) pupil
         CROSS JOIN watch w CROSS JOIN person p CROSS JOIN asset a LEFT JOIN media m ON m.blob_id = a.blob_id
         WHERE w.person_id = pupil.person_id AND w.lesson_id = $1 AND p.id = w.person_id AND a.id = w.asset_id
           AND (CAST($2 AS UUID) IS NULL OR w.asset_id = $2) LIMIT 50000"
    )
    .bind(lesson)
    .bind(filter.asset)
    .bind(filter.class)
    .bind(teacher)
    .fetch_all(conn)
    .await?;
    Ok(Some(rows))
}

/// Whether a lesson was watched by more than are gathered.
async fn many(conn: &mut Conn, lesson: LessonId) -> Result<bool, DbError> {
    let (count,): (i64,) = sql!("SELECT COUNT(*) FROM (SELECT 1 AS one FROM watch w WHERE w.lesson_id = $1 LIMIT $2) counted")
        .bind(lesson)
        .bind(FEW + 1)
        .fetch_one(conn)
        .await?;
    Ok(count > FEW)
}

/// Along the list of all people, who are mostly among so many watchers.
async fn by_name(
    conn: &mut Conn,
    lesson: LessonId,
    asset: Option<AssetId>,
    key: Option<NameKey>,
    limit: PageLimit,
) -> Result<Vec<Row>, DbError> {
    let (name, person, last) = key.map_or((None, None, None), |(name, person, asset)| (Some(name), Some(person), Some(asset)));
    sql!(
        "SELECT w.person_id, p.display_name, p.name_key,
                (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
                 WHERE e.person_id = p.id AND e.until_at IS NULL ORDER BY e.from_at DESC LIMIT 1) AS class_name,
                w.asset_id, w.seen_count, CAST(COALESCE(m.duration_us, 0) AS BIGINT) AS duration_us, w.updated_at
         FROM person p CROSS JOIN watch w CROSS JOIN asset a LEFT JOIN media m ON m.blob_id = a.blob_id
         WHERE w.person_id = p.id AND w.lesson_id = $1 AND a.id = w.asset_id AND p.erased_at IS NULL
           AND (CAST($2 AS UUID) IS NULL OR w.asset_id = $2)
           AND (CAST($3 AS TEXT) IS NULL OR p.name_key >= $3)
           AND (CAST($3 AS TEXT) IS NULL OR (p.name_key, p.id, w.asset_id) > ($3, $4, $5))
         ORDER BY p.name_key, p.id, w.asset_id LIMIT $6"
    )
    .bind(lesson)
    .bind(asset)
    .bind(name)
    .bind(person)
    .bind(last)
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await
}

/// By how much was seen: the order is made of what one index holds, and only a page is looked up.
async fn by_permille(
    conn: &mut Conn,
    lesson: LessonId,
    asset: Option<AssetId>,
    order: WatcherOrder,
    key: Option<ShareKey>,
    limit: PageLimit,
) -> Result<Vec<Row>, DbError> {
    let (share, person, last) = key.map_or((None, None, None), |(share, person, asset)| (Some(share), Some(person), Some(asset)));
    sql!(
        "SELECT w.person_id, p.display_name, p.name_key,
                (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
                 WHERE e.person_id = p.id AND e.until_at IS NULL ORDER BY e.from_at DESC LIMIT 1) AS class_name,
                w.asset_id, w.seen_count, page.duration_us, w.updated_at
         FROM (SELECT o.person_id, o.asset_id, o.duration_us, o.share FROM
                (SELECT s.person_id, s.asset_id, f.duration_us,
                        CASE WHEN f.duration_us <= 0 THEN 0
                             WHEN s.seen_count * 1000000 >= f.duration_us THEN $3 * 1000
                             ELSE $3 * ((s.seen_count * 1000000000) / f.duration_us) END AS share
                 FROM (SELECT la.asset_id, CAST(COALESCE(MAX(m.duration_us), 0) AS BIGINT) AS duration_us
                       FROM lesson_asset la JOIN asset a ON a.id = la.asset_id LEFT JOIN media m ON m.blob_id = a.blob_id
                       WHERE la.lesson_id = $1 GROUP BY la.asset_id) f
                 CROSS JOIN watch s
                 WHERE s.lesson_id = $1 AND s.asset_id = f.asset_id AND (CAST($2 AS UUID) IS NULL OR s.asset_id = $2)) o
               WHERE CAST($4 AS BIGINT) IS NULL OR (o.share, o.person_id, o.asset_id) > ($4, $5, $6)
               ORDER BY o.share, o.person_id, o.asset_id LIMIT $7) page
         CROSS JOIN watch w CROSS JOIN person p
         WHERE w.person_id = page.person_id AND w.lesson_id = $1 AND w.asset_id = page.asset_id AND p.id = page.person_id
         ORDER BY page.share, page.person_id, page.asset_id"
    )
    .bind(lesson)
    .bind(asset)
    .bind(if order == WatcherOrder::Most { -1_i64 } else { 1 })
    .bind(share)
    .bind(person)
    .bind(last)
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await
}

/// How a lesson was watched on the whole.
///
/// # Errors
/// [`WatchError`].
pub async fn watch_summary(
    content: &Content,
    caller: &Caller,
    lesson: LessonId,
    filter: WatcherFilter,
) -> Result<WatchSummary, WatchError> {
    let mut tx = content.env.db.read().await?;
    let scope = scope(&mut tx, caller, lesson).await?;
    let own_classes_only = matches!(scope, Scope::ClassesOf(_));
    let Some(rows) = few(&mut tx, &scope, lesson, filter).await? else {
        return Ok(whole(&mut tx, lesson, filter.asset).await?);
    };
    let people = |keep: &dyn Fn(&Row) -> bool| {
        rows.iter().filter(|row| keep(row)).map(|row| row.person_id).collect::<std::collections::BTreeSet<_>>().len() as i64
    };
    let sum: f64 = rows.iter().map(|row| fraction(row.seen_count, row.duration_us)).sum();
    Ok(WatchSummary {
        people: people(&|_| true),
        average: if rows.is_empty() { 0.0 } else { sum / rows.len() as f64 },
        nearly_all: people(&|row| fraction(row.seen_count, row.duration_us) >= FINISHED),
        own_classes_only,
        classes: match scope {
            Scope::ClassesOf(teacher) => classes_of(&mut tx, teacher).await?,
            Scope::Everybody => classes_among(&mut tx, lesson).await?,
        },
    })
}

#[derive(sqlx::FromRow)]
struct Counted {
    people: i64,
    shares: i64,
    nearly_all: i64,
}

/// The same of so many that they are only counted, video by video.
async fn whole(conn: &mut Conn, lesson: LessonId, asset: Option<AssetId>) -> Result<WatchSummary, DbError> {
    let videos: Vec<Counted> = sql!(
        "SELECT COUNT(*) AS people,
                CAST(SUM(CASE WHEN f.duration_us <= 0 THEN 0 WHEN w.seen_count * 1000000 >= f.duration_us THEN 1000
                              ELSE (w.seen_count * 1000000000) / f.duration_us END) AS BIGINT) AS shares,
                CAST(SUM(CASE WHEN f.duration_us > 0 AND w.seen_count * 10000000 >= f.duration_us * 9 THEN 1 ELSE 0 END) AS BIGINT) AS nearly_all
         FROM (SELECT la.asset_id, CAST(COALESCE(MAX(m.duration_us), 0) AS BIGINT) AS duration_us
               FROM lesson_asset la JOIN asset a ON a.id = la.asset_id LEFT JOIN media m ON m.blob_id = a.blob_id
               WHERE la.lesson_id = $1 GROUP BY la.asset_id) f
         CROSS JOIN watch w
         WHERE w.lesson_id = $1 AND w.asset_id = f.asset_id AND (CAST($2 AS UUID) IS NULL OR w.asset_id = $2) GROUP BY f.asset_id"
    )
    .bind(lesson)
    .bind(asset)
    .fetch_all(conn)
    .await?;
    let sum = |of: &dyn Fn(&Counted) -> i64| videos.iter().map(of).sum::<i64>();
    let (rows, shares) = (sum(&|video| video.people), sum(&|video| video.shares));
    let (people, nearly_all) = match videos.as_slice() {
        [] => (0, 0),
        [only] => (only.people, only.nearly_all),
        // Somebody who watched two of them is one person: to tell that takes longer.
        _ => {
            sql!(
                "SELECT COUNT(DISTINCT w.person_id),
                        COUNT(DISTINCT CASE WHEN f.duration_us > 0 AND w.seen_count * 10000000 >= f.duration_us * 9 THEN w.person_id END)
                 FROM (SELECT la.asset_id, CAST(COALESCE(MAX(m.duration_us), 0) AS BIGINT) AS duration_us
                       FROM lesson_asset la JOIN asset a ON a.id = la.asset_id LEFT JOIN media m ON m.blob_id = a.blob_id
                       WHERE la.lesson_id = $1 GROUP BY la.asset_id) f
                 JOIN watch w ON w.lesson_id = $1 AND w.asset_id = f.asset_id"
            )
            .bind(lesson)
            .fetch_one::<(i64, i64)>(conn)
            .await?
        }
    };
    let average = if rows == 0 { 0.0 } else { shares as f64 / rows as f64 / 1_000.0 };
    Ok(WatchSummary { people, average, nearly_all, own_classes_only: false, classes: Vec::new() })
}

type ClassRow = (ClassGroupId, String, String);

fn classes(rows: Vec<ClassRow>) -> Vec<WatcherClass> {
    let mut classes: Vec<WatcherClass> = rows.into_iter().map(|(id, name, organisation)| WatcherClass { id, name, organisation }).collect();
    classes.sort_by_cached_key(|class| (class.organisation.clone(), exchange::vietnamese::text_sort_key(&class.name)));
    classes
}

async fn classes_of(conn: &mut Conn, teacher: PersonId) -> Result<Vec<WatcherClass>, DbError> {
    let rows = sql!(
        "SELECT DISTINCT g.id, g.name, o.name FROM enrolment t JOIN class_group g ON g.id = t.class_group_id
         JOIN organisation o ON o.id = g.organisation_id
         WHERE t.person_id = $1 AND t.role = 'teacher' AND t.until_at IS NULL LIMIT 200"
    )
    .bind(teacher)
    .fetch_all(conn)
    .await?;
    Ok(classes(rows))
}

async fn classes_among(conn: &mut Conn, lesson: LessonId) -> Result<Vec<WatcherClass>, DbError> {
    let rows = sql!(
        "SELECT DISTINCT g.id, g.name, o.name FROM watch w JOIN enrolment e ON e.person_id = w.person_id
         JOIN class_group g ON g.id = e.class_group_id JOIN organisation o ON o.id = g.organisation_id
         WHERE w.lesson_id = $1 AND e.role = 'pupil' AND e.until_at IS NULL LIMIT 500"
    )
    .bind(lesson)
    .fetch_all(conn)
    .await?;
    Ok(classes(rows))
}

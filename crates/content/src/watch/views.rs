use db::sql;
use identity::access::{Caller, Denied, authorise};
use kernel::{AssetId, LessonId, PersonId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::WatchError;
use crate::Content;
use crate::access::{EditLesson, ReadLesson};
use crate::lessons::{LessonRow, RowSource, lesson_row};

/// A video counts as watched through when so much of it was seen: titles at the end are skipped.
const FINISHED: f64 = 0.9;

/// Where somebody stopped.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WatchPosition {
    /// In which video.
    pub asset_id: AssetId,
    /// Where.
    pub position_us: i64,
    /// How much of it was seen.
    pub watched_us: i64,
    /// Of how much.
    pub duration_us: i64,
    /// Whether nearly all was seen.
    pub finished: bool,
    /// When.
    pub updated_at: Timestamp,
}

/// Something to go on watching.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecentWatch {
    /// The lesson.
    pub lesson: LessonRow,
    /// The video in it.
    pub asset_id: AssetId,
    /// Where.
    pub position_us: i64,
    /// Of how much.
    pub duration_us: i64,
    /// When.
    pub updated_at: Timestamp,
}

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

fn watched(seen: i64, duration: i64) -> i64 {
    seen.saturating_mul(1_000_000).clamp(0, duration)
}

fn fraction(seen: i64, duration: i64) -> f64 {
    if duration <= 0 { 0.0 } else { watched(seen, duration) as f64 / duration as f64 }
}

/// Where the caller stopped in the videos of a lesson.
///
/// # Errors
/// [`WatchError`].
pub async fn mine(content: &Content, caller: &Caller, lesson: LessonId) -> Result<Vec<WatchPosition>, WatchError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadLesson>(&mut tx, caller, lesson).await?;
    let Some(person) = caller.person_id() else { return Ok(Vec::new()) };
    let rows: Vec<(AssetId, i64, i64, i64, Timestamp)> = sql!(
        "SELECT w.asset_id, w.position_us, w.seen_count, CAST(COALESCE(m.duration_us, 0) AS BIGINT), w.updated_at
         FROM watch w JOIN asset a ON a.id = w.asset_id LEFT JOIN media m ON m.blob_id = a.blob_id
         WHERE w.person_id = $1 AND w.lesson_id = $2 ORDER BY w.asset_id LIMIT 500"
    )
    .bind(person)
    .bind(lesson)
    .fetch_all(&mut tx)
    .await?;
    let position = |(asset_id, position_us, seen, duration_us, updated_at): (AssetId, i64, i64, i64, Timestamp)| WatchPosition {
        asset_id,
        position_us,
        watched_us: watched(seen, duration_us),
        duration_us,
        finished: fraction(seen, duration_us) >= FINISHED,
        updated_at,
    };
    Ok(rows.into_iter().map(position).collect())
}

#[derive(sqlx::FromRow)]
struct RecentRow {
    #[sqlx(flatten)]
    row: RowSource,
    asset_id: AssetId,
    position_us: i64,
    duration_us: i64,
    watched_at: Timestamp,
}

/// What the caller watched last and may still read.
///
/// # Errors
/// [`WatchError`].
pub async fn recent(content: &Content, caller: &Caller) -> Result<Vec<RecentWatch>, WatchError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let mut tx = content.env.db.read().await?;
    let rows: Vec<RecentRow> = sql!(
        "SELECT l.id, l.organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, o.code AS organisation_code,
                l.revision, l.published_version, l.published_revision, l.published_at, l.withdrawn_at, v.published_at AS saved_at,
                v.meta, v.version AS asset_version,
                w.asset_id, w.position_us, CAST(COALESCE(m.duration_us, 0) AS BIGINT) AS duration_us, w.updated_at AS watched_at
         FROM watch w JOIN lesson l ON l.id = w.lesson_id
         JOIN lesson_version v ON v.lesson_id = l.id AND v.version = l.published_version
         JOIN organisation o ON o.id = l.organisation_id
         JOIN lesson_asset la ON la.lesson_id = l.id AND la.version = v.version AND la.asset_id = w.asset_id
         JOIN asset a ON a.id = w.asset_id LEFT JOIN media m ON m.blob_id = a.blob_id
         WHERE w.person_id = $1 AND l.withdrawn_at IS NULL
           AND l.organisation_id IN (SELECT r.organisation_id FROM readable_owner r WHERE r.person_id = $1)
         ORDER BY w.updated_at DESC, w.asset_id LIMIT 12"
    )
    .bind(person)
    .fetch_all(&mut tx)
    .await?;
    let mut items = Vec::with_capacity(rows.len());
    for found in &rows {
        let lesson = lesson_row(&mut tx, &found.row).await?;
        items.push(RecentWatch {
            lesson,
            asset_id: found.asset_id,
            position_us: found.position_us,
            duration_us: found.duration_us,
            updated_at: found.watched_at,
        });
    }
    Ok(items)
}

#[derive(sqlx::FromRow)]
struct WatcherRow {
    person_id: PersonId,
    display_name: String,
    class_name: Option<String>,
    asset_id: AssetId,
    seen_count: i64,
    duration_us: i64,
    updated_at: Timestamp,
}

/// Who watched a lesson, for those who may edit it; by name, as lists of pupils are sorted.
///
/// # Errors
/// [`WatchError`].
pub async fn watchers(content: &Content, caller: &Caller, lesson: LessonId) -> Result<Vec<Watcher>, WatchError> {
    let mut tx = content.env.db.read().await?;
    authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    let rows: Vec<WatcherRow> = sql!(
        "SELECT w.person_id, p.display_name,
                (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
                 WHERE e.person_id = p.id AND e.until_at IS NULL ORDER BY e.from_at DESC LIMIT 1) AS class_name,
                w.asset_id, w.seen_count, CAST(COALESCE(m.duration_us, 0) AS BIGINT) AS duration_us, w.updated_at
         FROM watch w JOIN person p ON p.id = w.person_id JOIN asset a ON a.id = w.asset_id
         LEFT JOIN media m ON m.blob_id = a.blob_id
         WHERE w.lesson_id = $1 ORDER BY p.name_key, p.id, w.asset_id LIMIT 5000"
    )
    .bind(lesson)
    .fetch_all(&mut tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Watcher {
            person: WatcherPerson { id: row.person_id, display_name: row.display_name, class_name: row.class_name },
            asset_id: row.asset_id,
            watched_us: watched(row.seen_count, row.duration_us),
            duration_us: row.duration_us,
            fraction: fraction(row.seen_count, row.duration_us),
            last_at: row.updated_at,
        })
        .collect())
}

use db::sql;
use identity::access::{Caller, Denied, authorise};
use kernel::{AssetId, LessonId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::WatchError;
use crate::Content;
use crate::access::ReadLesson;
use crate::lessons::{LessonRow, RowSource, lesson_rows};

/// A video counts as watched through when so much of it was seen: titles at the end are skipped.
pub(super) const FINISHED: f64 = 0.9;

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

pub(super) fn watched(seen: i64, duration: i64) -> i64 {
    seen.saturating_mul(1_000_000).clamp(0, duration)
}

pub(super) fn fraction(seen: i64, duration: i64) -> f64 {
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
        "SELECT s.*, w.asset_id, w.position_us, CAST(COALESCE(m.duration_us, 0) AS BIGINT) AS duration_us, w.updated_at AS watched_at
         FROM watch w JOIN lesson_shown s ON s.id = w.lesson_id
         JOIN lesson_asset la ON la.lesson_id = s.id AND la.version = s.asset_version AND la.asset_id = w.asset_id
         JOIN asset a ON a.id = w.asset_id LEFT JOIN media m ON m.blob_id = a.blob_id
         WHERE w.person_id = $1 AND s.withdrawn_at IS NULL
           AND s.organisation_id IN (SELECT r.organisation_id FROM readable_owner r WHERE r.person_id = $1)
         ORDER BY w.updated_at DESC, w.asset_id LIMIT 12"
    )
    .bind(person)
    .fetch_all(&mut tx)
    .await?;
    let lessons = lesson_rows(&mut tx, &rows.iter().map(|found| &found.row).collect::<Vec<_>>()).await?;
    let recent = |(lesson, found): (LessonRow, RecentRow)| RecentWatch {
        lesson,
        asset_id: found.asset_id,
        position_us: found.position_us,
        duration_us: found.duration_us,
        updated_at: found.watched_at,
    };
    Ok(lessons.into_iter().zip(rows).map(recent).collect())
}

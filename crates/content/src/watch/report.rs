use db::{Conn, DbError, WriteTx, sql};
use identity::access::{Caller, Denied, authorise};
use identity::fault::Fault;
use kernel::{AssetId, LessonId, PersonId, Timestamp, WatchSessionId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::WatchError;
use super::evidence::{Credit, SamePlayer, Seen, clip, take_within};
use crate::Content;
use crate::access::ReadLesson;

/// Most ranges of one report.
const MOST_RANGES: usize = 1_000;
/// Longest video that is counted, in microseconds: a day.
const LONGEST_US: i64 = 86_400_000_000;

/// What a player says it played since its last report.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct WatchReport {
    /// One for each opened player.
    #[schema(value_type = uuid::Uuid)]
    pub session: WatchSessionId,
    /// Grows with each report; others are ignored.
    pub sequence: i64,
    /// Where the player is.
    pub position_us: i64,
    /// Its speed.
    pub rate: f64,
    /// Ranges played, in microseconds of the video.
    #[schema(value_type = Vec<Vec<i64>>)]
    pub played: Vec<(i64, i64)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    seconds_seen: Vec<u8>,
    credit_us: i64,
    last_session: Option<Uuid>,
    updated_at: Timestamp,
}

/// Takes a report. What cannot have been played in the time that passed is not counted; reports
/// that came before or of a player that is somebody else's are ignored.
///
/// # Errors
/// [`WatchError`].
pub async fn report(content: &Content, caller: &Caller, lesson: LessonId, asset: AssetId, report: &WatchReport) -> Result<(), WatchError> {
    if report.played.len() > MOST_RANGES {
        return Err(WatchError::Invalid(vec![Fault { field: "played", code: "too-many" }]));
    }
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    authorise::<ReadLesson>(&mut tx, caller, lesson).await?;
    let duration = duration_of(&mut tx, lesson, asset).await?.min(LONGEST_US);
    let fresh = sql!(
        "INSERT INTO watch_session (id, person_id, lesson_id, asset_id, last_sequence, last_report_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET last_sequence = excluded.last_sequence, last_report_at = excluded.last_report_at
         WHERE watch_session.person_id = excluded.person_id AND watch_session.lesson_id = excluded.lesson_id
           AND watch_session.asset_id = excluded.asset_id AND watch_session.last_sequence < excluded.last_sequence"
    )
    .bind(report.session)
    .bind(person)
    .bind(lesson)
    .bind(asset)
    .bind(report.sequence)
    .bind(now)
    .execute(&mut tx)
    .await?;
    if fresh == 0 {
        return Ok(());
    }
    let before = hold(&mut tx, person, lesson, asset, report.session, now).await?;
    let same = if before.last_session == Some(report.session.as_uuid()) { SamePlayer::Yes } else { SamePlayer::No };
    let credit = Credit { us: before.credit_us }.after(now.since(before.updated_at), report.rate, same);
    let (believed, left) = take_within(&clip(&report.played, duration), credit);
    let mut seen = Seen::from_bytes(before.seconds_seen);
    seen.mark(&believed);
    sql!(
        "UPDATE watch SET position_us = $4, seconds_seen = $5, seen_count = $6, credit_us = $7, last_session = $8, updated_at = $9
         WHERE person_id = $1 AND lesson_id = $2 AND asset_id = $3"
    )
    .bind(person)
    .bind(lesson)
    .bind(asset)
    .bind(report.position_us.clamp(0, duration))
    .bind(seen.as_bytes())
    .bind(seen.count())
    .bind(left.us)
    .bind(report.session)
    .bind(now)
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Length of a video of the lesson as it is published; what is not in it cannot be watched there.
async fn duration_of(conn: &mut Conn, lesson: LessonId, asset: AssetId) -> Result<i64, WatchError> {
    let found: Option<(Option<i64>,)> = sql!(
        "SELECT m.duration_us FROM lesson l JOIN lesson_asset la ON la.lesson_id = l.id AND la.version = l.published_version
         JOIN asset a ON a.id = la.asset_id LEFT JOIN media m ON m.blob_id = a.blob_id WHERE l.id = $1 AND a.id = $2"
    )
    .bind(lesson)
    .bind(asset)
    .fetch_optional(conn)
    .await?;
    found.map(|(duration,)| duration.unwrap_or(0)).ok_or_else(|| Denied::NotFound.into())
}

/// What is known so far, and the row's lock: on PostgreSQL two players of one person wait for each
/// other here, and neither writes over what the other saw.
async fn hold(
    tx: &mut WriteTx,
    person: PersonId,
    lesson: LessonId,
    asset: AssetId,
    session: WatchSessionId,
    now: Timestamp,
) -> Result<Row, DbError> {
    sql!(
        "INSERT INTO watch (person_id, lesson_id, asset_id, position_us, seconds_seen, seen_count, credit_us, last_session, updated_at)
         VALUES ($1, $2, $3, 0, $4, 0, $5, $6, $7)
         ON CONFLICT (person_id, lesson_id, asset_id) DO UPDATE SET updated_at = watch.updated_at
         RETURNING seconds_seen, credit_us, last_session, updated_at"
    )
    .bind(person)
    .bind(lesson)
    .bind(asset)
    .bind(Vec::<u8>::new())
    .bind(Credit::first().us)
    .bind(session)
    .bind(now)
    .fetch_one(tx)
    .await
}

//! The rows of one run over a blob: what was made, as it is made. A run that was cut off leaves its
//! objects to the garbage and the next begins under a new id; every write names its run, so that a
//! worker that lost its lease can change nothing any more.

use db::{DbError, WriteTx, sql};
use kernel::{BlobId, Timestamp};
use media::{Event, TrackKind};
use uuid::Uuid;

use super::garbage;
use super::outcome::media_ready;
use crate::Content;
use crate::assets::AssetKind;

/// Objects of a run that was replaced stay so long for players in the middle of it.
const REPLACED_KEPT: std::time::Duration = std::time::Duration::from_secs(3600);

/// One run over one blob.
#[derive(Clone, Debug)]
pub struct Run {
    /// Of this blob.
    pub blob: BlobId,
    /// Which.
    pub id: Uuid,
    /// Where its objects go.
    pub prefix: String,
}

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Another run has begun, or the blob is gone.
    #[error("the run was replaced")]
    Replaced,
}

/// Begins a run: what an earlier one made is taken away in the same transaction.
///
/// # Errors
/// [`RunError::Replaced`] when the blob is gone.
pub async fn begin(content: &Content, blob: BlobId) -> Result<Run, RunError> {
    let now = content.env.now();
    let id: Uuid = content.env.ids.make();
    let prefix = format!("media/{blob}/{}", id.simple());
    let mut tx = content.env.db.write().await?;
    let old: Option<(Option<String>,)> =
        sql!("SELECT object_prefix FROM media WHERE blob_id = $1").bind(blob).fetch_optional(&mut tx).await?;
    let Some((old,)) = old else { return Err(RunError::Replaced) };
    if let Some(old) = old {
        garbage::throw_prefix(&mut tx, &content.env, &old, now.plus(REPLACED_KEPT)).await?;
    }
    sql!("DELETE FROM media_segment WHERE blob_id = $1").bind(blob).execute(&mut tx).await?;
    sql!("DELETE FROM media_track WHERE blob_id = $1").bind(blob).execute(&mut tx).await?;
    sql!("DELETE FROM media_storyboard WHERE blob_id = $1").bind(blob).execute(&mut tx).await?;
    sql!("DELETE FROM media_picture WHERE blob_id = $1").bind(blob).execute(&mut tx).await?;
    sql!("DELETE FROM media_warning WHERE blob_id = $1").bind(blob).execute(&mut tx).await?;
    sql!(
        "UPDATE media SET state = 'processing', run_id = $2, object_prefix = $3, progress_permille = 0, poster_file = NULL,
                failure_code = NULL, failure_detail = NULL, updated_at = $4 WHERE blob_id = $1"
    )
    .bind(blob)
    .bind(id)
    .bind(&prefix)
    .bind(now)
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(Run { blob, id, prefix })
}

/// The file an event announces, which must be in the store before the event is recorded.
pub fn file_of(event: &Event) -> Option<&str> {
    match event {
        Event::Init { file, .. }
        | Event::Segment { file, .. }
        | Event::Poster { file, .. }
        | Event::Storyboard { file, .. }
        | Event::Picture { file, .. } => Some(file),
        _ => None,
    }
}

/// Records what the child announced.
///
/// # Errors
/// [`RunError`].
pub async fn record(content: &Content, run: &Run, event: &Event) -> Result<(), RunError> {
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    hold(&mut tx, run, now).await?;
    apply(&mut tx, run, event, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The run's row, locked until the end of the transaction; fails when it is no longer the run's.
pub(super) async fn hold(tx: &mut WriteTx, run: &Run, now: Timestamp) -> Result<(), RunError> {
    let mine = sql!("UPDATE media SET updated_at = $3 WHERE blob_id = $1 AND run_id = $2")
        .bind(run.blob)
        .bind(run.id)
        .bind(now)
        .execute(tx)
        .await?;
    if mine == 1 { Ok(()) } else { Err(RunError::Replaced) }
}

fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

async fn apply(tx: &mut WriteTx, run: &Run, event: &Event, now: Timestamp) -> Result<(), DbError> {
    match event {
        Event::Probed(probe) => {
            let (width, height) =
                probe.video.as_ref().map_or((None, None), |video| (Some(video.display_width), Some(video.display_height)));
            sql!("UPDATE media SET duration_us = $2, width = $3, height = $4 WHERE blob_id = $1")
                .bind(run.blob)
                .bind(Some(int(probe.duration_us)).filter(|us| *us > 0))
                .bind(width)
                .bind(height)
                .execute(tx)
                .await?;
            // The first bytes of such a file do not tell whether there is a picture in it.
            match probe.video {
                Some(_) => name_kind(tx, run.blob, AssetKind::Video, now).await?,
                None => {
                    sql!(
                        "UPDATE blob SET mime = CASE mime WHEN 'video/mp4' THEN 'audio/mp4' WHEN 'video/webm' THEN 'audio/webm' ELSE mime END
                         WHERE id = $1"
                    )
                    .bind(run.blob)
                    .execute(tx)
                    .await?;
                    name_kind(tx, run.blob, AssetKind::Audio, now).await?;
                }
            }
        }
        Event::Track { track, kind, width, height, bandwidth, average_bandwidth, codecs, frame_rate } => {
            sql!(
                "INSERT INTO media_track (blob_id, track, kind, width, height, bandwidth, average_bandwidth, codecs, frame_rate, done)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                 ON CONFLICT (blob_id, track) DO UPDATE SET bandwidth = excluded.bandwidth,
                   average_bandwidth = excluded.average_bandwidth, codecs = excluded.codecs, frame_rate = excluded.frame_rate"
            )
            .bind(run.blob)
            .bind(track)
            .bind(if *kind == TrackKind::Audio { "audio" } else { "video" })
            .bind(*width)
            .bind(*height)
            .bind(int(*bandwidth))
            .bind(int(*average_bandwidth))
            .bind(codecs)
            .bind(*frame_rate)
            .bind(false)
            .execute(tx)
            .await?;
        }
        Event::Init { track, file } => {
            sql!("UPDATE media_track SET init_file = $3 WHERE blob_id = $1 AND track = $2")
                .bind(run.blob)
                .bind(track)
                .bind(file)
                .execute(tx)
                .await?;
        }
        Event::Segment { track, file, sequence, duration_us, bytes } => {
            sql!("INSERT INTO media_segment (blob_id, track, sequence, file, duration_us, bytes) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(run.blob)
                .bind(track)
                .bind(int(*sequence))
                .bind(file)
                .bind(int(*duration_us))
                .bind(int(*bytes))
                .execute(tx)
                .await?;
        }
        Event::TrackDone { track } => {
            sql!("UPDATE media_track SET done = $3 WHERE blob_id = $1 AND track = $2")
                .bind(run.blob)
                .bind(track)
                .bind(true)
                .execute(tx)
                .await?;
        }
        Event::Poster { file, .. } => {
            sql!("UPDATE media SET poster_file = $2 WHERE blob_id = $1").bind(run.blob).bind(file).execute(tx).await?;
        }
        Event::Storyboard { file, columns, rows, tile_width, tile_height, interval_us, count } => {
            sql!(
                "INSERT INTO media_storyboard (blob_id, number, file, tile_columns, tile_rows, tile_width, tile_height, interval_us, tile_count)
                 SELECT $1, COUNT(*), $2, $3, $4, $5, $6, $7, $8 FROM media_storyboard WHERE blob_id = $1"
            )
            .bind(run.blob)
            .bind(file)
            .bind(*columns)
            .bind(*rows)
            .bind(*tile_width)
            .bind(*tile_height)
            .bind(int(*interval_us))
            .bind(*count)
            .execute(tx)
            .await?;
        }
        Event::Progress { done_us, total_us } => {
            // 1000 is for what is really done.
            let permille = done_us.saturating_mul(1000).checked_div(*total_us).unwrap_or(0).min(999);
            sql!("UPDATE media SET progress_permille = $2 WHERE blob_id = $1").bind(run.blob).bind(int(permille)).execute(tx).await?;
        }
        Event::CutShort { playable_us, declared_us } => {
            sql!(
                "INSERT INTO media_warning (blob_id, code, playable_us, declared_us) VALUES ($1, 'cut_short', $2, $3)
                 ON CONFLICT (blob_id) DO UPDATE SET playable_us = excluded.playable_us, declared_us = excluded.declared_us"
            )
            .bind(run.blob)
            .bind(int(*playable_us))
            .bind(Some(int(*declared_us)).filter(|us| *us > 0))
            .execute(tx)
            .await?;
        }
        Event::Done { duration_us } => {
            if *duration_us > 0 {
                sql!("UPDATE media SET duration_us = $2 WHERE blob_id = $1").bind(run.blob).bind(int(*duration_us)).execute(tx).await?;
            }
            media_ready(tx, run.blob, now).await?;
        }
        // Pictures are recorded with their side, failures with what they mean for the job.
        Event::Picture { .. } | Event::Failed { .. } => {}
    }
    Ok(())
}

async fn name_kind(tx: &mut WriteTx, blob: BlobId, kind: AssetKind, now: Timestamp) -> Result<(), DbError> {
    sql!("UPDATE asset SET kind = $2, mime = (SELECT b.mime FROM blob b WHERE b.id = asset.blob_id), updated_at = $3 WHERE blob_id = $1")
        .bind(blob)
        .bind(kind.as_str())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Records one size of a picture.
///
/// # Errors
/// [`RunError`].
pub async fn record_picture(content: &Content, run: &Run, side: u32, file: &str, (width, height): (u32, u32)) -> Result<(), RunError> {
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    hold(&mut tx, run, now).await?;
    sql!("INSERT INTO media_picture (blob_id, side, file, width, height) VALUES ($1, $2, $3, $4, $5)")
        .bind(run.blob)
        .bind(side)
        .bind(file)
        .bind(width)
        .bind(height)
        .execute(&mut tx)
        .await?;
    sql!("UPDATE media SET width = $2, height = $3 WHERE blob_id = $1").bind(run.blob).bind(width).bind(height).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a run that failed for good: every file of these bytes has failed.
///
/// # Errors
/// [`RunError`].
pub async fn fail(content: &Content, run: &Run, code: &str) -> Result<(), RunError> {
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    hold(&mut tx, run, now).await?;
    super::fail_media(&mut tx, run.blob, code, now).await?;
    tx.commit().await?;
    Ok(())
}

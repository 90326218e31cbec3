use db::{Conn, DbError, sql};
use identity::access::{Caller, Grant, authorise};
use kernel::{AssetId, BlobId};
use media::{Completion, SegmentInfo, TrackInfo, TrackKind, playlist};
use uuid::Uuid;

use super::AssetError;
use crate::Content;
use crate::access::ReadAsset;

/// Where the segments of a file are: enough to serve them without asking the database each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Of the run whose segments the playlists name.
    pub object_prefix: String,
}

/// Whether a name is one that playlists give: `v720/seg-00001.m4s`, `a128/init.mp4`.
pub fn is_stream_file(track: &str, file: &str) -> bool {
    let digits = |text: &str| (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let track_fits = track.strip_prefix(['v', 'a']).is_some_and(digits);
    let segment = |file: &str| file.strip_prefix("seg-").and_then(|rest| rest.strip_suffix(".m4s")).is_some_and(digits);
    track_fits && (file == "init.mp4" || segment(file))
}

/// Where a file's segments are, for those who may read it.
///
/// # Errors
/// [`AssetError::Absent`] for what has none.
pub async fn get_stream(content: &Content, caller: &Caller, asset: AssetId) -> Result<Stream, AssetError> {
    let mut tx = content.env.db.read().await?;
    let grant = authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let run = run_of(&mut tx, &grant).await?;
    Ok(Stream { object_prefix: run.object_prefix })
}

struct Run {
    blob: BlobId,
    object_prefix: String,
    run_id: Uuid,
}

async fn run_of(conn: &mut Conn, grant: &Grant<ReadAsset>) -> Result<Run, AssetError> {
    let row: Option<(BlobId, Option<String>, Option<Uuid>)> =
        sql!("SELECT m.blob_id, m.object_prefix, m.run_id FROM asset a JOIN media m ON m.blob_id = a.blob_id WHERE a.id = $1")
            .bind(*grant.scope())
            .fetch_optional(conn)
            .await?;
    match row {
        Some((blob, Some(object_prefix), Some(run_id))) => Ok(Run { blob, object_prefix, run_id }),
        _ => Err(AssetError::Absent),
    }
}

#[derive(sqlx::FromRow)]
struct TrackRow {
    track: String,
    kind: String,
    width: i64,
    height: i64,
    bandwidth: i64,
    average_bandwidth: i64,
    codecs: String,
    frame_rate: f64,
    done: bool,
}

impl TrackRow {
    fn info(&self) -> TrackInfo {
        TrackInfo {
            track: self.track.clone(),
            kind: if self.kind == "audio" { TrackKind::Audio } else { TrackKind::Video },
            width: u32::try_from(self.width).unwrap_or(0),
            height: u32::try_from(self.height).unwrap_or(0),
            bandwidth: u64::try_from(self.bandwidth).unwrap_or(0),
            average_bandwidth: u64::try_from(self.average_bandwidth).unwrap_or(0),
            codecs: self.codecs.clone(),
            frame_rate: self.frame_rate,
        }
    }
}

/// The master playlist: tracks that have begun, so that no player asks for what is not there.
///
/// # Errors
/// [`AssetError::Absent`] before there is anything to play.
pub async fn master_playlist(content: &Content, caller: &Caller, asset: AssetId) -> Result<String, AssetError> {
    let mut tx = content.env.db.read().await?;
    let grant = authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let run = run_of(&mut tx, &grant).await?;
    let rows: Vec<TrackRow> = sql!(
        "SELECT t.track, t.kind, t.width, t.height, t.bandwidth, t.average_bandwidth, t.codecs, t.frame_rate, t.done FROM media_track t
         WHERE t.blob_id = $1 AND EXISTS (SELECT 1 FROM media_segment s WHERE s.blob_id = t.blob_id AND s.track = t.track)"
    )
    .bind(run.blob)
    .fetch_all(&mut tx)
    .await?;
    if rows.is_empty() {
        return Err(AssetError::Absent);
    }
    let tracks: Vec<TrackInfo> = rows.iter().map(TrackRow::info).collect();
    Ok(of_run(&playlist::master(&tracks), run.run_id))
}

/// The playlist of one track, growing until the track is whole.
///
/// # Errors
/// [`AssetError::Absent`].
pub async fn media_playlist(content: &Content, caller: &Caller, asset: AssetId, track: &str) -> Result<(String, Completion), AssetError> {
    let mut tx = content.env.db.read().await?;
    let grant = authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let run = run_of(&mut tx, &grant).await?;
    let found: Option<TrackRow> = sql!(
        "SELECT track, kind, width, height, bandwidth, average_bandwidth, codecs, frame_rate, done FROM media_track WHERE blob_id = $1 AND track = $2"
    )
    .bind(run.blob)
    .bind(track)
    .fetch_optional(&mut tx)
    .await?;
    let row = found.ok_or(AssetError::Absent)?;
    let segments = segments(&mut tx, run.blob, track).await?;
    if segments.is_empty() {
        return Err(AssetError::Absent);
    }
    let completion = if row.done { Completion::Done } else { Completion::Growing };
    Ok((of_run(&playlist::media(&row.info(), &segments, completion), run.run_id), completion))
}

async fn segments(conn: &mut Conn, blob: BlobId, track: &str) -> Result<Vec<SegmentInfo>, DbError> {
    let rows: Vec<(i64, i64, i64)> =
        sql!("SELECT sequence, duration_us, bytes FROM media_segment WHERE blob_id = $1 AND track = $2 ORDER BY sequence LIMIT 100000")
            .bind(blob)
            .bind(track)
            .fetch_all(conn)
            .await?;
    let positive = |value: i64| u64::try_from(value).unwrap_or(0);
    Ok(rows
        .into_iter()
        .map(|(sequence, duration, bytes)| SegmentInfo {
            sequence: positive(sequence),
            duration_us: positive(duration),
            bytes: positive(bytes),
        })
        .collect())
}

/// Segments are cached for good, and a new run makes others under the same names: so every address
/// carries the run.
fn of_run(playlist: &str, run: Uuid) -> String {
    let run = run.simple().to_string();
    let mut out = String::with_capacity(playlist.len() * 2);
    for line in playlist.lines() {
        if line.starts_with('#') {
            out.push_str(&line.replace(".mp4\"", &format!(".mp4?r={run}\"")).replace(".m3u8\"", &format!(".m3u8?r={run}\"")));
        } else if !line.is_empty() {
            out.push_str(line);
            out.push_str("?r=");
            out.push_str(&run);
        }
        out.push('\n');
    }
    out
}

use db::{Conn, DbError, sql};
use identity::access::{Caller, authorise};
use kernel::{AssetId, BlobId, LessonId, OrganisationId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AssetError, AssetKind, AssetState};
use crate::Content;
use crate::access::ReadAsset;
use crate::lessons::PersonRef;

/// A file as shown to those who may read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Asset {
    /// Which.
    pub id: AssetId,
    /// Whose space it takes.
    pub organisation_id: OrganisationId,
    /// Who uploaded it.
    pub owner: PersonRef,
    /// As it was called.
    pub filename: String,
    /// In bytes.
    pub size: i64,
    /// Media type, once known.
    pub mime: Option<String>,
    /// What it is.
    pub kind: AssetKind,
    /// How far it is.
    pub state: AssetState,
    /// Why it cannot be used.
    pub failure: Option<AssetFailure>,
    /// 0 to 1.
    pub progress: f64,
    /// Whether a player can start.
    pub playable: bool,
    /// In microseconds.
    pub duration_us: Option<i64>,
    /// In pixels.
    pub width: Option<i64>,
    /// In pixels.
    pub height: Option<i64>,
    /// Qualities made so far.
    pub tracks: Vec<AssetTrack>,
    /// Whether there is a still to show before playing.
    pub poster: bool,
    /// Languages there are captions in.
    pub captions: Vec<CaptionTrack>,
    /// Named places.
    pub chapters: Vec<Chapter>,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// Where its parts are.
    pub urls: AssetUrls,
}

/// Why a file cannot be used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssetFailure {
    /// The message's key is `asset_failure.<code>`.
    pub code: String,
    /// More, where it helps.
    pub detail: Option<String>,
}

/// One quality of a video, or its sound.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssetTrack {
    /// Such as `v720`.
    pub id: String,
    /// `video` or `audio`.
    pub kind: String,
    /// In pixels, of a video.
    pub height: Option<i64>,
    /// Whether it is whole.
    pub done: bool,
}

/// Captions in one language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaptionTrack {
    /// BCP 47.
    pub language: String,
    /// As shown in the menu.
    pub label: String,
    /// WebVTT.
    pub url: String,
}

/// A named place in a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chapter {
    /// In microseconds.
    pub start_us: i64,
    /// Its name.
    pub title: String,
}

/// Where the parts of a file are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssetUrls {
    /// The file as uploaded.
    pub file: String,
    /// The master playlist.
    pub hls: Option<String>,
    /// The still.
    pub poster: Option<String>,
    /// Thumbnails for the seek bar.
    pub storyboard: Option<String>,
    /// A picture in a size for the page; add `?width=`.
    pub preview: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AssetId,
    organisation_id: OrganisationId,
    owner_id: PersonId,
    owner_name: String,
    filename: String,
    size: i64,
    mime: Option<String>,
    kind: String,
    state: String,
    failure_code: Option<String>,
    failure_detail: Option<String>,
    blob_id: Option<BlobId>,
    chapters: String,
    created_at: Timestamp,
    progress_permille: Option<i64>,
    duration_us: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
    poster_file: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Track {
    track: String,
    kind: String,
    height: i64,
    done: bool,
    segments: i64,
}

/// One file.
///
/// # Errors
/// [`AssetError`].
pub async fn get(content: &Content, caller: &Caller, asset: AssetId) -> Result<Asset, AssetError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    Ok(load(&mut tx, asset).await?)
}

/// The files of one version of a lesson; version 0 is the draft.
pub(crate) async fn of_lesson(conn: &mut Conn, lesson: LessonId, version: i64) -> Result<Vec<Asset>, DbError> {
    let ids: Vec<(AssetId,)> = sql!("SELECT asset_id FROM lesson_asset WHERE lesson_id = $1 AND version = $2 ORDER BY asset_id LIMIT 500")
        .bind(lesson)
        .bind(version)
        .fetch_all(conn)
        .await?;
    let mut assets = Vec::with_capacity(ids.len());
    for (id,) in ids {
        assets.push(load(conn, id).await?);
    }
    Ok(assets)
}

pub(super) async fn load(conn: &mut Conn, asset: AssetId) -> Result<Asset, DbError> {
    let row: Row = sql!(
        "SELECT a.id, a.organisation_id, a.owner_id, p.display_name AS owner_name, a.filename, a.size, a.mime, a.kind, a.state,
                a.failure_code, a.failure_detail, a.blob_id, a.chapters, a.created_at,
                m.progress_permille, m.duration_us, m.width, m.height, m.poster_file
         FROM asset a JOIN person p ON p.id = a.owner_id LEFT JOIN media m ON m.blob_id = a.blob_id WHERE a.id = $1"
    )
    .bind(asset)
    .fetch_one(conn)
    .await?;
    let tracks: Vec<Track> = sql!(
        "SELECT t.track, t.kind, t.height, t.done,
                (SELECT COUNT(*) FROM media_segment s WHERE s.blob_id = t.blob_id AND s.track = t.track AND s.sequence <= 2) AS segments
         FROM media_track t WHERE t.blob_id = $1 ORDER BY t.kind, t.height"
    )
    .bind(row.blob_id)
    .fetch_all(conn)
    .await?;
    let captions: Vec<(String, String)> =
        sql!("SELECT language, label FROM asset_caption WHERE asset_id = $1 ORDER BY language").bind(asset).fetch_all(conn).await?;
    let (storyboards,): (i64,) = sql!("SELECT COUNT(*) FROM media_storyboard WHERE blob_id = $1").bind(row.blob_id).fetch_one(conn).await?;
    view(row, &tracks, captions, storyboards)
}

fn view(row: Row, tracks: &[Track], captions: Vec<(String, String)>, storyboards: i64) -> Result<Asset, DbError> {
    let (id, kind, state) = (row.id, AssetKind::try_from(row.kind)?, AssetState::try_from(row.state)?);
    let at = |rest: &str| format!("/api/assets/{id}/{rest}");
    // Sound and at least one picture, so that what starts can go on.
    let begun = |wanted: &str| tracks.iter().any(|track| track.kind == wanted && track.segments > 0);
    let has = |wanted: &str| tracks.iter().any(|track| track.kind == wanted);
    let playable = (has("video") || has("audio")) && (begun("video") || !has("video")) && (begun("audio") || !has("audio"));
    let progress = match state {
        AssetState::Ready => 1.0,
        AssetState::Checking => 0.0,
        AssetState::Processing | AssetState::Failed => (row.progress_permille.unwrap_or(0) as f64 / 1000.0).clamp(0.0, 1.0),
    };
    let caption = |(language, label): (String, String)| CaptionTrack { url: at(&format!("captions/{language}.vtt")), language, label };
    Ok(Asset {
        urls: AssetUrls {
            file: at("file"),
            hls: playable.then(|| at("hls/master.m3u8")),
            poster: row.poster_file.as_ref().map(|_| at("poster")),
            storyboard: (storyboards > 0).then(|| at("storyboard.vtt")),
            preview: (kind == AssetKind::Picture && state == AssetState::Ready).then(|| at("preview")),
        },
        captions: captions.into_iter().map(caption).collect(),
        id,
        organisation_id: row.organisation_id,
        owner: PersonRef { id: row.owner_id, display_name: row.owner_name },
        filename: row.filename,
        size: row.size,
        mime: row.mime,
        kind,
        state,
        failure: row.failure_code.map(|code| AssetFailure { code, detail: row.failure_detail }),
        progress,
        playable,
        duration_us: row.duration_us,
        width: row.width,
        height: row.height,
        tracks: tracks
            .iter()
            .map(|track| AssetTrack {
                id: track.track.clone(),
                kind: track.kind.clone(),
                height: (track.kind == "video").then_some(track.height),
                done: track.done,
            })
            .collect(),
        poster: row.poster_file.is_some(),
        chapters: serde_json::from_str(&row.chapters)?,
        created_at: row.created_at,
    })
}

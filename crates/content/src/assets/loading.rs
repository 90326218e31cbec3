//! Files with everything that is shown of them: three statements, however many files.

use std::collections::HashMap;

use db::{Conn, DbError, sql};
use identity::access::{Caller, authorise};
use kernel::{AssetId, LessonId, OrganisationId, PersonId, Timestamp};

use super::view::{Asset, AssetFailure, AssetTrack, AssetUrls, AssetWarning, CaptionTrack};
use super::{AssetError, AssetKind, AssetState};
use crate::Content;
use crate::access::ReadAsset;
use crate::lessons::PersonRef;
use crate::sets::{GROUP, bind_group};

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
    chapters: String,
    created_at: Timestamp,
    progress_permille: Option<i64>,
    duration_us: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
    poster_file: Option<String>,
    warning_code: Option<String>,
    warning_playable_us: Option<i64>,
    warning_declared_us: Option<i64>,
    storyboard: bool,
}

#[derive(sqlx::FromRow)]
struct Track {
    asset_id: AssetId,
    track: String,
    kind: String,
    height: i64,
    done: bool,
    begun: bool,
}

#[derive(sqlx::FromRow)]
struct Caption {
    asset_id: AssetId,
    language: String,
    label: String,
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
    load_all(conn, &ids.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await
}

/// One file, for somebody who was allowed to see it.
pub(super) async fn load(conn: &mut Conn, asset: AssetId) -> Result<Asset, DbError> {
    load_all(conn, &[asset]).await?.pop().ok_or_else(|| DbError::Stored(format!("no asset {asset}")))
}

/// Files in the order of their ids as given; one that is gone is left out.
pub(super) async fn load_all(conn: &mut Conn, ids: &[AssetId]) -> Result<Vec<Asset>, DbError> {
    let mut assets = Vec::with_capacity(ids.len());
    for group in ids.chunks(GROUP) {
        let rows: Vec<Row> = bind_group(
            sql!(
                "SELECT a.id, a.organisation_id, a.owner_id, p.display_name AS owner_name, a.filename, a.size, a.mime, a.kind, a.state,
                        a.failure_code, a.failure_detail, a.chapters, a.created_at,
                        m.progress_permille, m.duration_us, m.width, m.height, m.poster_file,
                        w.code AS warning_code, w.playable_us AS warning_playable_us, w.declared_us AS warning_declared_us,
                        EXISTS (SELECT 1 FROM media_storyboard s WHERE s.blob_id = a.blob_id) AS storyboard
                 FROM asset a JOIN person p ON p.id = a.owner_id LEFT JOIN media m ON m.blob_id = a.blob_id
                 LEFT JOIN media_warning w ON w.blob_id = a.blob_id
                 WHERE a.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        let mut tracks = gathered(tracks_of(conn, group).await?, |track| track.asset_id);
        let mut captions = gathered(captions_of(conn, group).await?, |caption| caption.asset_id);
        let mut rows: HashMap<AssetId, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
        for id in group {
            if let Some(row) = rows.remove(id) {
                assets.push(view(row, &tracks.remove(id).unwrap_or_default(), captions.remove(id).unwrap_or_default())?);
            }
        }
    }
    Ok(assets)
}

fn gathered<T>(rows: Vec<T>, id: impl Fn(&T) -> AssetId) -> HashMap<AssetId, Vec<T>> {
    let mut all: HashMap<AssetId, Vec<T>> = HashMap::new();
    for row in rows {
        all.entry(id(&row)).or_default().push(row);
    }
    all
}

async fn tracks_of(conn: &mut Conn, group: &[AssetId]) -> Result<Vec<Track>, DbError> {
    bind_group(
        sql!(
            "SELECT a.id AS asset_id, t.track, t.kind, t.height, t.done,
                    EXISTS (SELECT 1 FROM media_segment s WHERE s.blob_id = t.blob_id AND s.track = t.track) AS begun
             FROM asset a JOIN media_track t ON t.blob_id = a.blob_id
             WHERE a.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
             ORDER BY t.kind, t.height"
        ),
        group,
    )
    .fetch_all(conn)
    .await
}

async fn captions_of(conn: &mut Conn, group: &[AssetId]) -> Result<Vec<Caption>, DbError> {
    bind_group(
        sql!(
            "SELECT asset_id, language, label FROM asset_caption
             WHERE asset_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
             ORDER BY language"
        ),
        group,
    )
    .fetch_all(conn)
    .await
}

fn view(row: Row, tracks: &[Track], captions: Vec<Caption>) -> Result<Asset, DbError> {
    let (id, kind, state) = (row.id, AssetKind::try_from(row.kind)?, AssetState::try_from(row.state)?);
    let at = |rest: &str| format!("/api/assets/{id}/{rest}");
    // Sound and at least one picture, so that what starts can go on.
    let begun = |wanted: &str| tracks.iter().any(|track| track.kind == wanted && track.begun);
    let has = |wanted: &str| tracks.iter().any(|track| track.kind == wanted);
    let playable = (has("video") || has("audio")) && (begun("video") || !has("video")) && (begun("audio") || !has("audio"));
    let progress = match state {
        AssetState::Ready => 1.0,
        AssetState::Checking => 0.0,
        AssetState::Processing | AssetState::Failed => (row.progress_permille.unwrap_or(0) as f64 / 1000.0).clamp(0.0, 1.0),
    };
    let caption = |Caption { language, label, .. }| CaptionTrack { url: at(&format!("captions/{language}.vtt")), language, label };
    Ok(Asset {
        urls: AssetUrls {
            file: at("file"),
            hls: playable.then(|| at("hls/master.m3u8")),
            poster: row.poster_file.as_ref().map(|_| at("poster")),
            storyboard: row.storyboard.then(|| at("storyboard.vtt")),
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
        warning: row.warning_code.map(|code| AssetWarning {
            code,
            playable_us: row.warning_playable_us,
            declared_us: row.warning_declared_us,
        }),
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

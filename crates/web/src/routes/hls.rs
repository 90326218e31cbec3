//! Video and sound as HLS: playlists from the database, segments from the store.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::Response;
use content::assets::{self, Stream, is_stream_file};
use http::HeaderMap;
use http::request::Parts;
use kernel::AssetId;
use media::Completion;

use crate::app::App;
use crate::http::extract::InPath;
use crate::http::problem::{ApiError, Problem};
use crate::http::send::{FOR_GOOD, Sending, send, send_text};
use crate::http::signed_in::By;
use crate::http::stream_cache::StreamKey;
use crate::routes::described::{Routes, routes};

const PLAYLIST: &str = "application/vnd.apple.mpegurl";
/// A playlist that still grows.
const NEVER_KEPT: &str = "no-store";

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(get_master_playlist)).routes(routes!(get_stream_file))
}

/// The qualities there are.
#[utoipa::path(get, path = "/api/assets/{id}/hls/master.m3u8", operation_id = "get_master_playlist", tag = "assets", params(("id" = AssetId, Path)),
    responses((status = 200, content_type = "application/vnd.apple.mpegurl"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_master_playlist(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<AssetId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let text = assets::master_playlist(&app.content, &caller, id).await?;
    Ok(send_text(text, PLAYLIST, NEVER_KEPT, None, &headers))
}

/// A track's playlist (`index.m3u8`), its beginning (`init.mp4`) or a segment.
#[utoipa::path(get, path = "/api/assets/{id}/hls/{track}/{file}", operation_id = "get_stream_file", tag = "assets",
    params(("id" = AssetId, Path), ("track" = String, Path), ("file" = String, Path)),
    responses((status = 200, content_type = "video/mp4"), (status = 206), (status = 304), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_stream_file(
    State(app): State<App>,
    InPath((id, track, file)): InPath<(AssetId, String, String)>,
    request: Request,
) -> Result<Response, ApiError> {
    let (mut parts, _) = request.into_parts();
    if file == "index.m3u8" {
        let By(caller) = By::from_request_parts(&mut parts, &app).await?;
        let (text, completion) = assets::media_playlist(&app.content, &caller, id, &track).await?;
        let cache = match completion {
            Completion::Growing => NEVER_KEPT,
            Completion::Done => "private, max-age=60",
        };
        return Ok(send_text(text, PLAYLIST, cache, None, &parts.headers));
    }
    let stream = allowed_stream(&app, &mut parts, id).await?;
    if !is_stream_file(&track, &file) {
        return Err(ApiError::not_found());
    }
    let key = format!("{}/{track}/{file}", stream.object_prefix);
    let mime = if track.starts_with('a') { "audio/mp4" } else { "video/mp4" };
    let what = Sending { object_key: &key, mime, etag: &key.replace('/', "."), cache: FOR_GOOD, disposition: None };
    send(&app.objects, &what, &parts.headers).await
}

/// The answer of a moment ago, or the policy's.
async fn allowed_stream(app: &App, parts: &mut Parts, asset: AssetId) -> Result<Stream, ApiError> {
    let key = StreamKey::of(&parts.headers, asset);
    if let Some(stream) = key.as_ref().and_then(|key| app.streams.lookup(key)) {
        return Ok(stream);
    }
    let By(caller) = By::from_request_parts(parts, app).await?;
    let stream = assets::get_stream(&app.content, &caller, asset).await?;
    if let Some(key) = key {
        app.streams.keep(key, stream.clone());
    }
    Ok(stream)
}

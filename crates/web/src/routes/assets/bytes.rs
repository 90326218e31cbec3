use axum::extract::State;
use axum::response::Response;
use content::assets::{self, AssetKind, FileTarget, PreviewSide};
use http::HeaderMap;
use kernel::AssetId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{language_of, signed_in};
use crate::app::App;
use crate::http::extract::{InPath, InQuery};
use crate::http::problem::{ApiError, Problem};
use crate::http::send::{FOR_GOOD, REVALIDATED, Sending, send, send_text};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(get_captions))
        .routes(routes!(get_file))
        .routes(routes!(get_poster))
        .routes(routes!(get_preview))
        .routes(routes!(get_storyboard))
        .routes(routes!(get_storyboard_sheet))
}

/// How the file is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FileQuery {
    /// `1`: to be kept, not shown.
    download: Option<String>,
}

/// Letters of RFC 5987 that need no escape.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// A name in both forms: ASCII for old programs, UTF-8 for the rest (RFC 6266).
fn disposition(kind: &str, filename: &str) -> String {
    let ascii: String = filename
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ' ') { letter } else { '_' })
        .collect();
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(filename, ATTRIBUTE))
}

/// Only what no browser runs is shown in place: pictures, PDF, sound, video, plain text.
fn shown_in_place(target: &FileTarget) -> bool {
    match target.kind {
        AssetKind::Picture | AssetKind::Pdf | AssetKind::Video | AssetKind::Audio => true,
        AssetKind::Text => target.mime.starts_with("text/plain"),
        AssetKind::Office | AssetKind::Other => false,
    }
}

/// The file as uploaded.
#[utoipa::path(get, path = "/api/assets/{id}/file", operation_id = "get_asset_file", tag = "assets", params(("id" = AssetId, Path), FileQuery),
    responses((status = 200, content_type = "application/octet-stream"), (status = 206), (status = 304), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 416, body = Problem)))]
async fn get_file(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<AssetId>,
    InQuery(query): InQuery<FileQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    signed_in(&caller)?;
    let target = assets::file_target(&app.content, &caller, id).await?;
    let download = query.download.is_some_and(|value| value != "0") || !shown_in_place(&target);
    let name = target.filename.as_deref().unwrap_or("file");
    let what = Sending {
        object_key: &target.object_key,
        mime: &target.mime,
        etag: &target.etag,
        cache: REVALIDATED,
        disposition: Some(disposition(if download { "attachment" } else { "inline" }, name)),
    };
    send(&app.objects, &what, &headers).await
}

async fn send_made(app: &App, target: &FileTarget, cache: &'static str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let what = Sending { object_key: &target.object_key, mime: &target.mime, etag: &target.etag, cache, disposition: None };
    send(&app.objects, &what, headers).await
}

/// A still to show before playing.
#[utoipa::path(get, path = "/api/assets/{id}/poster", operation_id = "get_asset_poster", tag = "assets", params(("id" = AssetId, Path)),
    responses((status = 200, content_type = "image/jpeg"), (status = 304), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_poster(State(app): State<App>, By(caller): By, InPath(id): InPath<AssetId>, headers: HeaderMap) -> Result<Response, ApiError> {
    signed_in(&caller)?;
    send_made(&app, &assets::poster_target(&app.content, &caller, id).await?, REVALIDATED, &headers).await
}

/// In what size.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PreviewQuery {
    /// 320, 640 or 1280; others are answered with the next larger.
    width: Option<u32>,
}

/// A picture in a size for the page.
#[utoipa::path(get, path = "/api/assets/{id}/preview", operation_id = "get_asset_preview", tag = "assets", params(("id" = AssetId, Path), PreviewQuery),
    responses((status = 200, content_type = "image/jpeg"), (status = 304), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_preview(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<AssetId>,
    InQuery(query): InQuery<PreviewQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    signed_in(&caller)?;
    let side = PreviewSide::at_least(query.width.unwrap_or(640));
    send_made(&app, &assets::preview_target(&app.content, &caller, id, side).await?, REVALIDATED, &headers).await
}

/// Which thumbnail is at which time, as WebVTT.
#[utoipa::path(get, path = "/api/assets/{id}/storyboard.vtt", operation_id = "get_storyboard", tag = "assets", params(("id" = AssetId, Path)),
    responses((status = 200, content_type = "text/vtt"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_storyboard(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<AssetId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    signed_in(&caller)?;
    let text = assets::storyboard_vtt(&app.content, &caller, id).await?;
    Ok(send_text(text, "text/vtt; charset=utf-8", REVALIDATED, None, &headers))
}

/// One sheet of thumbnails.
#[utoipa::path(get, path = "/api/assets/{id}/storyboard/{sheet}", operation_id = "get_storyboard_sheet", tag = "assets",
    params(("id" = AssetId, Path), ("sheet" = String, Path, description = "Such as `0.jpg`")),
    responses((status = 200, content_type = "image/jpeg"), (status = 304), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_storyboard_sheet(
    State(app): State<App>,
    By(caller): By,
    InPath((id, sheet)): InPath<(AssetId, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    signed_in(&caller)?;
    let number = sheet.strip_suffix(".jpg").and_then(|number| number.parse().ok()).ok_or_else(ApiError::not_found)?;
    send_made(&app, &assets::storyboard_sheet(&app.content, &caller, id, number).await?, FOR_GOOD, &headers).await
}

/// Captions of one language, as WebVTT.
#[utoipa::path(get, path = "/api/assets/{id}/captions/{language}", operation_id = "get_captions", tag = "assets",
    params(("id" = AssetId, Path), ("language" = String, Path, description = "Such as `vi.vtt`")),
    responses((status = 200, content_type = "text/vtt"), (status = 304), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn get_captions(
    State(app): State<App>,
    By(caller): By,
    InPath((id, language)): InPath<(AssetId, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    signed_in(&caller)?;
    let (text, changed) = assets::caption_file(&app.content, &caller, id, language_of(&language)).await?;
    Ok(send_text(text, "text/vtt; charset=utf-8", REVALIDATED, Some(&changed.0.to_string()), &headers))
}

//! Files: what they are, and their bytes.

mod bytes;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use content::assets::{self, Asset, AssetError, AssetFilter, AssetKind, AssetSort, Chapter};
use http::StatusCode;
use identity::access::Caller;
use kernel::{AssetId, OrganisationId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{PageQuery, Paged};
use crate::http::problem::{ApiError, FieldProblem, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

/// Largest caption file taken, a little over what the reader allows, so that it says what is wrong.
const LARGEST_CAPTIONS: usize = 5 << 20;

pub(super) fn routes() -> Routes {
    let captions = Routes::new().routes(routes!(put_captions, delete_captions)).layer(DefaultBodyLimit::max(LARGEST_CAPTIONS));
    Routes::new()
        .routes(routes!(list_assets))
        .routes(routes!(get_asset, delete_asset))
        .routes(routes!(retry_asset))
        .routes(routes!(put_chapters))
        .merge(captions)
        .merge(bytes::routes())
}

impl From<AssetError> for ApiError {
    fn from(error: AssetError) -> Self {
        match error {
            AssetError::Denied(denied) => denied.into(),
            AssetError::Db(error) => error.into(),
            AssetError::Invalid(faults) => faults.into(),
            AssetError::BadCaptions { code, line } => Self::invalid(vec![FieldProblem {
                pointer: "/captions".to_owned(),
                code: code.to_owned(),
                value: line.map(|line| line.to_string()),
            }])
            .with_code("bad-captions"),
            AssetError::InUse { lessons } => Self::new(StatusCode::CONFLICT, "in-use").with_detail(lessons.join(", ")),
            AssetError::Absent => Self::not_found(),
            AssetError::NotFailed => Self::new(StatusCode::CONFLICT, "conflict"),
        }
    }
}

/// Which files.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AssetQuery {
    /// One's own; so it is anyway without `organisation`.
    #[expect(dead_code, reason = "part of the contract; says what is the default")]
    mine: Option<bool>,
    /// All files of an organisation and of those below it, for those who answer for its space; one's
    /// own there for the others.
    organisation: Option<OrganisationId>,
    /// Of a kind.
    kind: Option<AssetKind>,
    /// `newest` unless asked.
    #[serde(default)]
    #[param(inline)]
    sort: AssetSort,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page.
    limit: Option<u32>,
}

/// Lists files.
#[utoipa::path(get, path = "/api/assets", operation_id = "list_assets", tag = "assets", params(AssetQuery),
    responses((status = 200, body = Paged<Asset>), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn list_assets(State(app): State<App>, By(caller): By, InQuery(query): InQuery<AssetQuery>) -> Result<Json<Paged<Asset>>, ApiError> {
    let page = PageQuery { after: query.after, limit: query.limit };
    let filter = AssetFilter { organisation: query.organisation, kind: query.kind, sort: query.sort };
    let found = assets::list(&app.content, &caller, filter, page.cursor().as_ref(), page.limit()).await?;
    Ok(Json(found.into()))
}

/// One file.
#[utoipa::path(get, path = "/api/assets/{id}", operation_id = "get_asset", tag = "assets", params(("id" = AssetId, Path)),
    responses((status = 200, body = Asset), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_asset(State(app): State<App>, By(caller): By, InPath(id): InPath<AssetId>) -> Result<Json<Asset>, ApiError> {
    Ok(Json(assets::get(&app.content, &caller, id).await?))
}

/// Deletes a file that no lesson uses.
#[utoipa::path(delete, path = "/api/assets/{id}", operation_id = "delete_asset", tag = "assets", params(("id" = AssetId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete_asset(State(app): State<App>, By(caller): By, InPath(id): InPath<AssetId>) -> Result<StatusCode, ApiError> {
    assets::delete(&app.content, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Processes a failed file again.
#[utoipa::path(post, path = "/api/assets/{id}/retry", operation_id = "retry_asset", tag = "assets", params(("id" = AssetId, Path)),
    responses((status = 200, body = Asset), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn retry_asset(State(app): State<App>, By(caller): By, InPath(id): InPath<AssetId>) -> Result<Json<Asset>, ApiError> {
    Ok(Json(assets::retry(&app.content, &caller, id).await?))
}

/// What captions are called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CaptionQuery {
    /// As shown in the player's menu.
    label: Option<String>,
}

/// The name in the path of captions, with or without `.vtt`.
fn language_of(name: &str) -> &str {
    name.strip_suffix(".vtt").unwrap_or(name)
}

/// Puts captions in one language: WebVTT or SubRip.
#[utoipa::path(put, path = "/api/assets/{id}/captions/{language}", operation_id = "put_captions", tag = "assets",
    params(("id" = AssetId, Path), ("language" = String, Path), CaptionQuery),
    request_body(content = String, content_type = "text/vtt"),
    responses((status = 200, body = Asset), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn put_captions(
    State(app): State<App>,
    By(caller): By,
    InPath((id, language)): InPath<(AssetId, String)>,
    InQuery(query): InQuery<CaptionQuery>,
    body: Bytes,
) -> Result<Json<Asset>, ApiError> {
    Ok(Json(assets::put_captions(&app.content, &caller, id, language_of(&language), query.label.as_deref(), &body).await?))
}

/// Takes the captions of one language away.
#[utoipa::path(delete, path = "/api/assets/{id}/captions/{language}", operation_id = "delete_captions", tag = "assets",
    params(("id" = AssetId, Path), ("language" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn delete_captions(
    State(app): State<App>,
    By(caller): By,
    InPath((id, language)): InPath<(AssetId, String)>,
) -> Result<StatusCode, ApiError> {
    assets::remove_captions(&app.content, &caller, id, language_of(&language)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The chapters of a video.
#[derive(Debug, Deserialize, ToSchema)]
struct ChaptersInput {
    /// In any order.
    chapters: Vec<Chapter>,
}

/// Replaces the chapters.
#[utoipa::path(put, path = "/api/assets/{id}/chapters", operation_id = "put_chapters", tag = "assets", params(("id" = AssetId, Path)),
    request_body = ChaptersInput,
    responses((status = 200, body = Asset), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn put_chapters(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<AssetId>,
    Json(input): Json<ChaptersInput>,
) -> Result<Json<Asset>, ApiError> {
    Ok(Json(assets::put_chapters(&app.content, &caller, id, &input.chapters).await?))
}

/// Nobody signed in gets no further; what is there and what not is not told either.
fn signed_in(caller: &Caller) -> Result<(), ApiError> {
    match caller {
        Caller::Anonymous { .. } => Err(identity::access::Denied::SignInNeeded.into()),
        Caller::Person(_) | Caller::Operator => Ok(()),
    }
}

//! Photos of what was worked out on paper.

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use classroom::attempts::{self, Asking, FileOf, PhotoError};
use content::processing::{FinishError, KeepError};
use futures::StreamExt as _;
use http::{HeaderValue, StatusCode, header};
use kernel::AttemptId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::marks::shown;
use super::Device;
use crate::app::App;
use crate::http::extract::{InPath, InQuery};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(put_photo, get_own_photo))
        // Counted as it comes.
        .layer(DefaultBodyLimit::disable())
        .routes(routes!(get_attempt_photo))
}

impl From<PhotoError> for ApiError {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::Attempt(error) => error.into(),
            PhotoError::Keep(KeepError::TooLarge) | PhotoError::TooMany => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            PhotoError::Keep(KeepError::Empty) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "empty"),
            PhotoError::Keep(KeepError::Broken) => Self::new(StatusCode::BAD_REQUEST, "bad-request"),
            PhotoError::Keep(KeepError::Store(FinishError::Db(error))) => error.into(),
            PhotoError::Keep(KeepError::Store(FinishError::Blob(error))) => error.into(),
            PhotoError::Keep(KeepError::Store(error)) => Self::internal(error),
            PhotoError::NotNamed => Self::new(StatusCode::CONFLICT, "photo-not-named"),
            PhotoError::OtherBytes => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "photo-other-bytes"),
            PhotoError::NotPhoto => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not-photo"),
            PhotoError::Busy => Self::new(StatusCode::TOO_MANY_REQUESTS, "photos-on-their-way").with_retry_after(5),
            PhotoError::TooSlow => Self::new(StatusCode::REQUEST_TIMEOUT, "too-slow"),
            PhotoError::DiskFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full"),
        }
    }
}

/// Takes a photo that a saved answer names: JPEG, PNG or WebP, 6 MB at most. Its name is the SHA-256 of its bytes,
/// in lower-case hexadecimal. Answered when it is on disk; sent again it changes nothing.
#[utoipa::path(put, path = "/api/sitting/photos/{name}", operation_id = "put_sitting_photo", tag = "sitting", params(("name" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 408, body = Problem), (status = 409, body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 507, body = Problem)))]
async fn put_photo(
    State(app): State<App>,
    Device(token): Device,
    InPath(name): InPath<String>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let body = body.into_data_stream().map(|part| part.map_err(std::io::Error::other));
    attempts::keep_photo(&app.classroom, &token, &name, Box::pin(body)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A photo of the device's attempt, as it was sent from any of its devices.
#[utoipa::path(get, path = "/api/sitting/photos/{name}", operation_id = "get_sitting_photo", tag = "sitting", params(("name" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_own_photo(State(app): State<App>, Device(token): Device, InPath(name): InPath<String>) -> Result<Response, ApiError> {
    let mut response = shown(attempts::own_photo(&app.classroom, &token, &name).await?);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// In which size.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PhotoQuery {
    /// How many pixels the longer side needs; the nearest size there is comes.
    #[serde(default = "largest")]
    pub pixels: u32,
}

fn largest() -> u32 {
    u32::MAX
}

/// A photo of an attempt, drawn anew: for its teachers, and for its pupil once answers are shown.
#[utoipa::path(get, path = "/api/attempts/{id}/photos/{name}", operation_id = "get_attempt_photo", tag = "tests",
    params(("id" = AttemptId, Path), ("name" = String, Path), PhotoQuery),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_attempt_photo(
    State(app): State<App>,
    By(caller): By,
    InPath((id, name)): InPath<(AttemptId, String)>,
    InQuery(query): InQuery<PhotoQuery>,
) -> Result<Response, ApiError> {
    Ok(shown(attempts::attempt_file(&app.classroom, Asking::Caller(&caller), id, FileOf::Photo(&name, query.pixels)).await?))
}

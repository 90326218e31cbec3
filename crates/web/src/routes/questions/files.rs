//! Pictures and sounds of questions.

use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{QuestionFileId, QuestionFolderId};
use questions::files::{self, FileSource, LARGEST_FILE, QuestionFile};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::problem::{ApiError, Problem};
use crate::http::send::{FOR_GOOD, Sending, send};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(upload_question_file)).layer(DefaultBodyLimit::max(LARGEST_FILE)).routes(routes!(get_question_file))
}

/// For which folder.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UploadQuery {
    /// One the caller writes in.
    folder_id: QuestionFolderId,
}

/// Takes a picture or sound, told by its bytes.
#[utoipa::path(post, path = "/api/question-files", operation_id = "upload_question_file", tag = "questions", params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = QuestionFile), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn upload_question_file(
    State(app): State<App>,
    Author(caller): Author,
    InQuery(query): InQuery<UploadQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<QuestionFile>), ApiError> {
    Ok((StatusCode::CREATED, Json(files::upload(&app.questions, &caller, query.folder_id, whole(body)?).await?)))
}

/// The bytes of a picture or sound that came whole and was not too large.
pub(in crate::routes) fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, ApiError> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        _ => ApiError::new(StatusCode::BAD_REQUEST, "bad-request"),
    })
}

/// A picture or sound of a question the caller may read.
#[utoipa::path(get, path = "/api/question-files/{id}", operation_id = "get_question_file", tag = "questions", params(("id" = QuestionFileId, Path)),
    responses((status = 200, description = "its bytes"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_question_file(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionFileId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let source = files::get_source(&app.questions, &caller, id).await?;
    shown(&app, &source, &headers).await
}

/// Sends a picture or sound. A drawing may hold more than lines, so whatever opens it gives it no
/// powers.
pub(in crate::routes) async fn shown(app: &App, source: &FileSource, headers: &HeaderMap) -> Result<Response, ApiError> {
    let sending = Sending { object_key: &source.object_key, mime: &source.mime, etag: &source.sha256, cache: FOR_GOOD, disposition: None };
    let mut response = send(&app.objects, &sending, headers).await?;
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
    );
    Ok(response)
}

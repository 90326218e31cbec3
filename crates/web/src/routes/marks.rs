//! What a teacher does with a test that was sat: marks by hand, the key put right, the workbook of marks; and the
//! files of its papers.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use classroom::attempts::{self, Asking, AttemptDetail, FileOf, HandMarkInput, KeyChange, KeyEffect, OpenedFile, PaperKey};
use http::{HeaderValue, header};
use kernel::{AttemptId, ClassId, Locale, TestId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(get_test_key, correct_test_key))
        .routes(routes!(get_test_key_effect))
        .routes(routes!(get_test_marks))
        .routes(routes!(get_test_file))
        .routes(routes!(mark_by_hand))
        .routes(routes!(get_attempt_file))
        .routes(routes!(get_explanation_file))
}

/// The key of a test that was given, how its questions were answered, and what was put right.
#[utoipa::path(get, path = "/api/tests/{id}/key", operation_id = "get_test_key", tag = "tests", params(("id" = TestId, Path)),
    responses((status = 200, body = PaperKey), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_test_key(State(app): State<App>, Author(caller): Author, InPath(id): InPath<TestId>) -> Result<Json<PaperKey>, ApiError> {
    Ok(Json(attempts::key(&app.classroom, &caller, id).await?))
}

/// Puts the key right, or rules about a question. All attempts are marked again.
#[utoipa::path(post, path = "/api/tests/{id}/key", operation_id = "correct_test_key", tag = "tests", params(("id" = TestId, Path)), request_body = KeyChange,
    responses((status = 200, body = PaperKey), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn correct_test_key(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    Json(change): Json<KeyChange>,
) -> Result<Json<PaperKey>, ApiError> {
    Ok(Json(attempts::correct_key(&app.classroom, &caller, id, change).await?))
}

/// How many marks a change of the key would change. Nothing is changed.
#[utoipa::path(post, path = "/api/tests/{id}/key/effect", operation_id = "get_test_key_effect", tag = "tests", params(("id" = TestId, Path)), request_body = KeyChange,
    responses((status = 200, body = KeyEffect), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn get_test_key_effect(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    Json(change): Json<KeyChange>,
) -> Result<Json<KeyEffect>, ApiError> {
    Ok(Json(attempts::key_effect(&app.classroom, &caller, id, &change).await?))
}

/// Whose marks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MarksQuery {
    /// Only those of this class.
    class_id: Option<ClassId>,
    /// In which language; Vietnamese unless told.
    #[serde(default = "vietnamese")]
    #[param(required = false)]
    locale: Locale,
}

fn vietnamese() -> Locale {
    Locale::Vi
}

/// The marks of a test as a workbook: marks, answers, and how the questions did.
#[utoipa::path(get, path = "/api/tests/{id}/marks.xlsx", operation_id = "get_test_marks", tag = "tests", params(("id" = TestId, Path), MarksQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_test_marks(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    InQuery(query): InQuery<MarksQuery>,
) -> Result<Response, ApiError> {
    let book = attempts::book(&app.classroom, &caller, id, query.class_id, query.locale).await?;
    let name = utf8_percent_encode(&format!("{}.xlsx", book.title), NON_ALPHANUMERIC).to_string();
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"diem.xlsx\"; filename*=UTF-8''{name}")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, book.bytes).into_response())
}

/// Marks an answer by hand.
#[utoipa::path(put, path = "/api/attempts/{id}/marks/{item}", operation_id = "mark_by_hand", tag = "tests",
    params(("id" = AttemptId, Path), ("item" = u16, Path)), request_body = HandMarkInput,
    responses((status = 200, body = AttemptDetail), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn mark_by_hand(
    State(app): State<App>,
    Author(caller): Author,
    InPath((id, item)): InPath<(AttemptId, u16)>,
    Json(input): Json<HandMarkInput>,
) -> Result<Json<AttemptDetail>, ApiError> {
    Ok(Json(attempts::mark_by_hand(&app.classroom, &caller, id, item, input).await?))
}

/// A file that is shown within a page of ours, and runs nothing whoever opens it.
pub(super) fn shown((mime, bytes): OpenedFile) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&mime).unwrap_or(HeaderValue::from_static("application/octet-stream")));
    // What may be seen now may be taken back: a release that is moved.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=300"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"));
    response
}

/// A picture or sound of the paper of a test.
#[utoipa::path(get, path = "/api/tests/{id}/files/{number}", operation_id = "get_test_file", tag = "tests", params(("id" = TestId, Path), ("number" = u64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn get_test_file(
    State(app): State<App>,
    Author(caller): Author,
    InPath((id, number)): InPath<(TestId, u64)>,
) -> Result<Response, ApiError> {
    Ok(shown(attempts::test_file(&app.classroom, &caller, id, number).await?))
}

/// A picture or sound of the paper of an attempt: for its teachers, and for its pupil once answers are shown.
#[utoipa::path(get, path = "/api/attempts/{id}/files/{number}", operation_id = "get_attempt_file", tag = "tests", params(("id" = AttemptId, Path), ("number" = u64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_attempt_file(
    State(app): State<App>,
    By(caller): By,
    InPath((id, number)): InPath<(AttemptId, u64)>,
) -> Result<Response, ApiError> {
    Ok(shown(attempts::attempt_file(&app.classroom, Asking::Caller(&caller), id, FileOf::Paper(number)).await?))
}

/// A picture or sound of what explains a question: for the teachers, and for the pupil once explanations are shown.
#[utoipa::path(get, path = "/api/attempts/{id}/items/{item}/files/{name}", operation_id = "get_explanation_file", tag = "tests",
    params(("id" = AttemptId, Path), ("item" = u16, Path), ("name" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_explanation_file(
    State(app): State<App>,
    By(caller): By,
    InPath((id, item, name)): InPath<(AttemptId, u16, String)>,
) -> Result<Response, ApiError> {
    Ok(shown(attempts::attempt_file(&app.classroom, Asking::Caller(&caller), id, FileOf::Explanation(item, &name)).await?))
}

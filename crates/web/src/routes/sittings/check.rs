//! Practice with an answer at once.

use axum::extract::State;
use axum::response::Response;
use classroom::attempts::{self, CheckInput, Checked};

use super::super::marks::shown;
use super::Device;
use crate::app::App;
use crate::http::extract::{InPath, Json};
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(check_answer)).routes(routes!(get_checked_file))
}

/// Tells whether what has been saved of an item is right: in practice only, never in a test.
#[utoipa::path(post, path = "/api/sitting/check", operation_id = "check_answer", tag = "sitting", request_body = CheckInput,
    responses((status = 200, body = Checked), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn check_answer(State(app): State<App>, Device(token): Device, Json(input): Json<CheckInput>) -> Result<Json<Checked>, ApiError> {
    Ok(Json(attempts::check(&app.classroom, &token, input).await?))
}

/// A picture or sound of what explains a question in practice, once its answer is checked and that is told.
#[utoipa::path(get, path = "/api/sitting/items/{item}/files/{name}", operation_id = "get_checked_file", tag = "sitting",
    params(("item" = u16, Path), ("name" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_checked_file(
    State(app): State<App>,
    Device(token): Device,
    InPath((item, name)): InPath<(u16, String)>,
) -> Result<Response, ApiError> {
    Ok(shown(attempts::checked_explanation_file(&app.classroom, &token, item, &name).await?))
}

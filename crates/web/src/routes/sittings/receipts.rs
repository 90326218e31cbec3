//! What a receipt of an attempt without an account opens besides its result.

use axum::extract::State;
use axum::response::Response;
use classroom::attempts::{self, Asking, FileOf};

use super::super::marks::shown;
use super::ReceiptInput;
use super::photos::PhotoQuery;
use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(get_receipt_file)).routes(routes!(get_receipt_photo)).routes(routes!(get_receipt_explanation_file))
}

impl ReceiptInput {
    async fn file(&self, app: &App, file: FileOf<'_>) -> Result<Response, ApiError> {
        Ok(shown(attempts::attempt_file(&app.classroom, Asking::Receipt(&self.code), self.attempt_id, file).await?))
    }
}

/// A picture or sound of the paper of an attempt without an account, once answers are shown.
#[utoipa::path(post, path = "/api/test-receipts/files/{number}", operation_id = "get_receipt_file", tag = "sitting", params(("number" = u64, Path)),
    request_body = ReceiptInput,
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
async fn get_receipt_file(
    State(app): State<App>,
    InPath(number): InPath<u64>,
    Json(input): Json<ReceiptInput>,
) -> Result<Response, ApiError> {
    input.file(&app, FileOf::Paper(number)).await
}

/// A photo of an attempt without an account, once answers are shown.
#[utoipa::path(post, path = "/api/test-receipts/photos/{name}", operation_id = "get_receipt_photo", tag = "sitting",
    params(("name" = String, Path), PhotoQuery), request_body = ReceiptInput,
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = 404, body = Problem)))]
async fn get_receipt_photo(
    State(app): State<App>,
    InPath(name): InPath<String>,
    InQuery(query): InQuery<PhotoQuery>,
    Json(input): Json<ReceiptInput>,
) -> Result<Response, ApiError> {
    input.file(&app, FileOf::Photo(&name, query.pixels)).await
}

/// A picture or sound of what explains a question of an attempt without an account, once explanations are shown.
#[utoipa::path(post, path = "/api/test-receipts/items/{item}/files/{name}", operation_id = "get_receipt_explanation_file", tag = "sitting",
    params(("item" = u16, Path), ("name" = String, Path)), request_body = ReceiptInput,
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
async fn get_receipt_explanation_file(
    State(app): State<App>,
    InPath((item, name)): InPath<(u16, String)>,
    Json(input): Json<ReceiptInput>,
) -> Result<Response, ApiError> {
    input.file(&app, FileOf::Explanation(item, &name)).await
}

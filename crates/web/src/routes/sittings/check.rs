//! Practice with an answer at once.

use axum::extract::State;
use classroom::attempts::{self, CheckInput, Checked};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Device;
use crate::app::App;
use crate::http::extract::Json;
use crate::http::problem::{ApiError, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(check_answer))
}

/// Tells whether what has been saved of an item is right: in practice only, never in a test.
#[utoipa::path(post, path = "/api/sitting/check", operation_id = "check_answer", tag = "sitting", request_body = CheckInput,
    responses((status = 200, body = Checked), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
async fn check_answer(State(app): State<App>, Device(token): Device, Json(input): Json<CheckInput>) -> Result<Json<Checked>, ApiError> {
    Ok(Json(attempts::check(&app.classroom, &token, input).await?))
}

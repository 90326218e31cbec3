use axum::extract::State;
use http::StatusCode;

use crate::app::App;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(live)).routes(routes!(ready))
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 204, description = "alive")))]
async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The process can serve: its database answers.
#[utoipa::path(get, path = "/health/ready", tag = "health",
    responses((status = 204, description = "ready"), (status = 500, body = Problem)))]
async fn ready(State(app): State<App>) -> Result<StatusCode, ApiError> {
    let mut tx = app.env.db.read().await?;
    db::changes::latest(&mut tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

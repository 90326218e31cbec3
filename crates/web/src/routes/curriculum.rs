//! The curriculum.

use axum::extract::State;
use axum::response::Response;
use content::curriculum::Curriculum;
use http::HeaderMap;
use sha2::{Digest as _, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::http::problem::ApiError;
use crate::http::send::send_text;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_curriculum))
}

/// Subjects, strands and requirements.
#[utoipa::path(get, path = "/api/curriculum", operation_id = "get_curriculum", tag = "curriculum",
    responses((status = 200, body = Curriculum), (status = 304)))]
async fn get_curriculum(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let text = serde_json::to_string(&*app.content.curriculum).map_err(ApiError::internal)?;
    let etag = hex::encode(&Sha256::digest(text.as_bytes())[..16]);
    Ok(send_text(text, "application/json", "private, max-age=3600", Some(&etag), &headers))
}

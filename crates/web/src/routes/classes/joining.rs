//! How pupils come into a class by themselves.

use axum::extract::State;
use classroom::classes::joining::{self, Invitation, Joined};
use classroom::classes::{JoinPolicy, JoinSettings};
use kernel::ClassId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::{InPath, Json};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(set_join_policy)).routes(routes!(renew_join_code)).routes(routes!(get_invitation, join_class))
}

/// Who may come in.
#[derive(Debug, Deserialize, ToSchema)]
struct JoinChange {
    /// Who comes in by the code.
    policy: JoinPolicy,
}

/// Says who comes in by the code; with `closed` the code is gone.
#[utoipa::path(put, path = "/api/classes/{id}/join", operation_id = "set_class_join_policy", tag = "classes", params(("id" = ClassId, Path)), request_body = JoinChange,
    responses((status = 200, body = JoinSettings), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn set_join_policy(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<ClassId>,
    Json(input): Json<JoinChange>,
) -> Result<Json<JoinSettings>, ApiError> {
    Ok(Json(joining::set_policy(&app.classroom, &caller, id, input.policy).await?))
}

/// Gives a class a new code; the old one opens nothing any more.
#[utoipa::path(post, path = "/api/classes/{id}/join/renew", operation_id = "renew_class_join_code", tag = "classes", params(("id" = ClassId, Path)),
    responses((status = 200, body = JoinSettings), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn renew_join_code(State(app): State<App>, By(caller): By, InPath(id): InPath<ClassId>) -> Result<Json<JoinSettings>, ApiError> {
    Ok(Json(joining::renew_code(&app.classroom, &caller, id).await?))
}

/// What a code opens. Wrong codes are counted; too many and one waits.
#[utoipa::path(get, path = "/api/class-invitations/{code}", operation_id = "get_class_invitation", tag = "classes", params(("code" = String, Path)),
    responses((status = 200, body = Invitation), (status = 401, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem)))]
async fn get_invitation(State(app): State<App>, By(caller): By, InPath(code): InPath<String>) -> Result<Json<Invitation>, ApiError> {
    Ok(Json(joining::invitation(&app.classroom, &caller, &code).await?))
}

/// Joins the class that a code opens.
#[utoipa::path(post, path = "/api/class-invitations/{code}", operation_id = "join_class", tag = "classes", params(("code" = String, Path)),
    responses((status = 200, body = Joined), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem)))]
async fn join_class(State(app): State<App>, By(caller): By, InPath(code): InPath<String>) -> Result<Json<Joined>, ApiError> {
    Ok(Json(joining::join(&app.classroom, &caller, &code).await?))
}

use axum::extract::State;
use content::lessons::{self, LessonEditors, PersonRef};
use http::StatusCode;
use kernel::{LessonId, PersonId};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_editors)).routes(routes!(list_editor_candidates)).routes(routes!(add_editor, remove_editor))
}

/// Who writes a lesson.
#[utoipa::path(get, path = "/api/lessons/{id}/editors", operation_id = "list_editors", tag = "lessons", params(("id" = LessonId, Path)),
    responses((status = 200, body = LessonEditors), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_editors(State(app): State<App>, By(caller): By, InPath(id): InPath<LessonId>) -> Result<Json<LessonEditors>, ApiError> {
    Ok(Json(lessons::list_editors(&app.content, &caller, id).await?))
}

/// Whom to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CandidateQuery {
    /// Part of a name; everybody when absent.
    q: Option<String>,
}

/// People who can be added to those who write a lesson; the first twenty by name.
#[utoipa::path(get, path = "/api/lessons/{id}/editors/candidates", operation_id = "list_editor_candidates", tag = "lessons",
    params(("id" = LessonId, Path), CandidateQuery),
    responses((status = 200, body = Items<PersonRef>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn list_editor_candidates(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<LessonId>,
    InQuery(query): InQuery<CandidateQuery>,
) -> Result<Json<Items<PersonRef>>, ApiError> {
    let items = lessons::list_candidates(&app.content, &caller, id, query.q.as_deref().unwrap_or("")).await?;
    Ok(Json(Items { items }))
}

/// Lets somebody else write a lesson.
#[utoipa::path(put, path = "/api/lessons/{id}/editors/{person_id}", operation_id = "add_editor", tag = "lessons",
    params(("id" = LessonId, Path), ("person_id" = PersonId, Path)),
    responses((status = 200, body = LessonEditors), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn add_editor(
    State(app): State<App>,
    By(caller): By,
    InPath((id, person)): InPath<(LessonId, PersonId)>,
) -> Result<Json<LessonEditors>, ApiError> {
    Ok(Json(lessons::add_editor(&app.content, &caller, id, person).await?))
}

/// Takes somebody off those who write a lesson; oneself too.
#[utoipa::path(delete, path = "/api/lessons/{id}/editors/{person_id}", operation_id = "remove_editor", tag = "lessons",
    params(("id" = LessonId, Path), ("person_id" = PersonId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove_editor(
    State(app): State<App>,
    By(caller): By,
    InPath((id, person)): InPath<(LessonId, PersonId)>,
) -> Result<StatusCode, ApiError> {
    lessons::remove_editor(&app.content, &caller, id, person).await?;
    Ok(StatusCode::NO_CONTENT)
}

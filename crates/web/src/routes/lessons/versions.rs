use axum::extract::State;
use content::lessons::{self, Comparison, Lesson, LessonDraft, LessonVersion};
use kernel::LessonId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list_versions))
        .routes(routes!(get_version))
        .routes(routes!(restore_version))
        .routes(routes!(compare_versions))
}

/// A lesson's history, newest first.
#[utoipa::path(get, path = "/api/lessons/{id}/versions", operation_id = "list_versions", tag = "lessons", params(("id" = LessonId, Path)),
    responses((status = 200, body = Items<LessonVersion>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_versions(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<LessonId>,
) -> Result<Json<Items<LessonVersion>>, ApiError> {
    Ok(Json(Items { items: lessons::list_versions(&app.content, &caller, id).await? }))
}

/// One version.
#[utoipa::path(get, path = "/api/lessons/{id}/versions/{version}", operation_id = "get_version", tag = "lessons",
    params(("id" = LessonId, Path), ("version" = i64, Path)),
    responses((status = 200, body = Lesson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn get_version(
    State(app): State<App>,
    By(caller): By,
    InPath((id, version)): InPath<(LessonId, i64)>,
) -> Result<Json<Lesson>, ApiError> {
    Ok(Json(lessons::get_version(&app.content, &caller, id, version).await?))
}

/// Puts a version into the draft.
#[utoipa::path(post, path = "/api/lessons/{id}/versions/{version}/restore", operation_id = "restore_version", tag = "lessons",
    params(("id" = LessonId, Path), ("version" = i64, Path)),
    responses((status = 200, body = LessonDraft), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn restore_version(
    State(app): State<App>,
    By(caller): By,
    InPath((id, version)): InPath<(LessonId, i64)>,
) -> Result<Json<LessonDraft>, ApiError> {
    Ok(Json(lessons::restore(&app.content, &caller, id, version).await?))
}

/// Which versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CompareQuery {
    /// The earlier.
    from: i64,
    /// The later.
    to: i64,
}

/// What differs between two versions.
#[utoipa::path(get, path = "/api/lessons/{id}/compare", operation_id = "compare_versions", tag = "lessons", params(("id" = LessonId, Path), CompareQuery),
    responses((status = 200, body = Comparison), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn compare_versions(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<LessonId>,
    InQuery(query): InQuery<CompareQuery>,
) -> Result<Json<Comparison>, ApiError> {
    Ok(Json(lessons::compare(&app.content, &caller, id, query.from, query.to).await?))
}

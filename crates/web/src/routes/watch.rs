//! Who watched what.

use axum::extract::State;
use content::watch::{self, RecentWatch, WatchError, WatchPosition, WatchReport, Watcher};
use http::StatusCode;
use kernel::{AssetId, LessonId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(report_watch))
        .routes(routes!(get_watch))
        .routes(routes!(recent_watch))
        .routes(routes!(list_watchers))
}

impl From<WatchError> for ApiError {
    fn from(error: WatchError) -> Self {
        match error {
            WatchError::Denied(denied) => denied.into(),
            WatchError::Db(error) => error.into(),
            WatchError::Invalid(faults) => faults.into(),
        }
    }
}

/// What a player has played since its last report.
#[utoipa::path(put, path = "/api/lessons/{id}/watch/{asset_id}", operation_id = "report_watch", tag = "watch",
    params(("id" = LessonId, Path), ("asset_id" = AssetId, Path)), request_body = WatchReport,
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn report_watch(
    State(app): State<App>,
    By(caller): By,
    InPath((lesson, asset)): InPath<(LessonId, AssetId)>,
    Json(report): Json<WatchReport>,
) -> Result<StatusCode, ApiError> {
    watch::report(&app.content, &caller, lesson, asset, &report).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where the caller stopped.
#[utoipa::path(get, path = "/api/lessons/{id}/watch", operation_id = "get_watch", tag = "watch", params(("id" = LessonId, Path)),
    responses((status = 200, body = Items<WatchPosition>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_watch(State(app): State<App>, By(caller): By, InPath(id): InPath<LessonId>) -> Result<Json<Items<WatchPosition>>, ApiError> {
    Ok(Json(Items { items: watch::mine(&app.content, &caller, id).await? }))
}

/// What the caller watched last.
#[utoipa::path(get, path = "/api/watch/recent", operation_id = "recent_watch", tag = "watch",
    responses((status = 200, body = Items<RecentWatch>), (status = 401, body = Problem)))]
async fn recent_watch(State(app): State<App>, By(caller): By) -> Result<Json<Items<RecentWatch>>, ApiError> {
    Ok(Json(Items { items: watch::recent(&app.content, &caller).await? }))
}

/// Who watched a lesson.
#[utoipa::path(get, path = "/api/lessons/{id}/watchers", operation_id = "list_watchers", tag = "watch", params(("id" = LessonId, Path)),
    responses((status = 200, body = Items<Watcher>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_watchers(State(app): State<App>, By(caller): By, InPath(id): InPath<LessonId>) -> Result<Json<Items<Watcher>>, ApiError> {
    Ok(Json(Items { items: watch::watchers(&app.content, &caller, id).await? }))
}

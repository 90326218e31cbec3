//! Who watched what.

use axum::extract::State;
use content::watch::{self, RecentWatch, WatchError, WatchPosition, WatchReport, WatchSummary, Watcher, WatcherFilter, WatcherOrder};
use http::StatusCode;
use kernel::{AssetId, ClassGroupId, LessonId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{Items, PageQuery, Paged};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(report_watch))
        .routes(routes!(get_watch))
        .routes(routes!(recent_watch))
        .routes(routes!(list_watchers))
        .routes(routes!(get_watch_summary))
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

/// In which order watchers come.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum WatcherSort {
    /// As lists of pupils are sorted.
    Name,
    /// Who saw least first.
    Least,
    /// Who saw most first.
    Most,
}

/// Which watchers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WatcherQuery {
    /// Only pupils of this class.
    class: Option<ClassGroupId>,
    /// Only of this video.
    asset: Option<AssetId>,
    /// By name unless asked.
    sort: Option<WatcherSort>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page.
    limit: Option<u32>,
}

/// Who watched a lesson: everybody for its editors, the pupils of her classes for a class teacher.
#[utoipa::path(get, path = "/api/lessons/{id}/watchers", operation_id = "list_watchers", tag = "watch", params(("id" = LessonId, Path), WatcherQuery),
    responses((status = 200, body = Paged<Watcher>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn list_watchers(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<LessonId>,
    InQuery(query): InQuery<WatcherQuery>,
) -> Result<Json<Paged<Watcher>>, ApiError> {
    let page = PageQuery { after: query.after, limit: query.limit };
    let filter = WatcherFilter { class: query.class, asset: query.asset };
    let order = match query.sort {
        None | Some(WatcherSort::Name) => WatcherOrder::Name,
        Some(WatcherSort::Least) => WatcherOrder::Least,
        Some(WatcherSort::Most) => WatcherOrder::Most,
    };
    Ok(Json(watch::watchers(&app.content, &caller, id, filter, order, page.cursor().as_ref(), page.limit()).await?.into()))
}

/// Of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SummaryQuery {
    /// Only pupils of this class.
    class: Option<ClassGroupId>,
    /// Only of this video.
    asset: Option<AssetId>,
}

/// How a lesson was watched on the whole, and the classes to choose from.
#[utoipa::path(get, path = "/api/lessons/{id}/watchers/summary", operation_id = "get_watch_summary", tag = "watch", params(("id" = LessonId, Path), SummaryQuery),
    responses((status = 200, body = WatchSummary), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_watch_summary(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<LessonId>,
    InQuery(query): InQuery<SummaryQuery>,
) -> Result<Json<WatchSummary>, ApiError> {
    let filter = WatcherFilter { class: query.class, asset: query.asset };
    Ok(Json(watch::watch_summary(&app.content, &caller, id, filter).await?))
}

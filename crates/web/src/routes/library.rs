//! The library and its search.

use axum::extract::State;
use content::lessons::{LessonRow, MaterialKind};
use content::library::{self, Browse, Find, FindError, LibraryFacets, SearchResults, Sort};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::extract::{InQuery, Json};
use crate::http::list::{PageQuery, Paged};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(browse_library)).routes(routes!(get_facets)).routes(routes!(search))
}

impl From<FindError> for ApiError {
    fn from(error: FindError) -> Self {
        match error {
            FindError::Denied(denied) => denied.into(),
            FindError::Db(error) => error.into(),
            FindError::Index(error) => Self::internal(error),
        }
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SortQuery {
    /// Last published first.
    Newest,
    /// By title.
    Title,
}

/// What to browse.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BrowseQuery {
    /// Subject code.
    subject: Option<String>,
    /// 1 to 12.
    grade: Option<u8>,
    /// BCP 47.
    language: Option<String>,
    /// What it is made of.
    kind: Option<MaterialKind>,
    /// Newest unless asked.
    sort: Option<SortQuery>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page.
    limit: Option<u32>,
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Published lessons the caller may read.
#[utoipa::path(get, path = "/api/library", operation_id = "browse_library", tag = "library", params(BrowseQuery),
    responses((status = 200, body = Paged<LessonRow>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn browse_library(
    State(app): State<App>,
    By(caller): By,
    InQuery(query): InQuery<BrowseQuery>,
) -> Result<Json<Paged<LessonRow>>, ApiError> {
    let page = PageQuery { after: query.after, limit: query.limit };
    let sort = match query.sort {
        None | Some(SortQuery::Newest) => Sort::Newest,
        Some(SortQuery::Title) => Sort::Title,
    };
    let what = Browse { subject: given(query.subject), grade: query.grade, language: given(query.language), kind: query.kind, sort };
    Ok(Json(library::browse(&app.content, &caller, &what, page.cursor().as_ref(), page.limit()).await?.into()))
}

/// How much there is of what.
#[utoipa::path(get, path = "/api/library/facets", operation_id = "get_facets", tag = "library",
    responses((status = 200, body = LibraryFacets), (status = 401, body = Problem)))]
async fn get_facets(State(app): State<App>, By(caller): By) -> Result<Json<LibraryFacets>, ApiError> {
    Ok(Json(library::facets(&app.content, &caller).await?))
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// As typed.
    q: Option<String>,
    /// Most hits: 20 unless asked, 100 at most.
    limit: Option<u32>,
    /// Hits to skip.
    offset: Option<u32>,
    /// Subject code.
    subject: Option<String>,
    /// 1 to 12.
    grade: Option<u8>,
    /// Only this kind of thing: `lesson`.
    kind: Option<String>,
}

/// Looks in everything the caller may read.
#[utoipa::path(get, path = "/api/search", operation_id = "search", tag = "library", params(SearchQuery),
    responses((status = 200, body = SearchResults), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn search(State(app): State<App>, By(caller): By, InQuery(query): InQuery<SearchQuery>) -> Result<Json<SearchResults>, ApiError> {
    let what = Find {
        text: query.q.unwrap_or_default(),
        limit: query.limit.unwrap_or(20).min(100) as usize,
        offset: query.offset.unwrap_or(0).min(10_000) as usize,
        subject: given(query.subject),
        grade: query.grade,
        kind: given(query.kind),
    };
    Ok(Json(library::find(&app.content, &caller, &what).await?))
}

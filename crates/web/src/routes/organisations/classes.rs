//! Classes, their slips and their lists.

use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use identity::organisations::{self, ClassGroup};
use identity::people::import::export_xlsx;
use identity::people::slips::{self, Slip};
use kernel::{ClassGroupId, OrganisationId, PersonId, SchoolYearId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::at::At;
use crate::http::extract::{InQuery, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_classes, create_class)).routes(routes!(make_slips)).routes(routes!(export_people))
}

/// Of which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct YearQuery {
    /// Only of this year.
    pub year: Option<SchoolYearId>,
}

/// A class as asked for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewClassGroup {
    /// In which year.
    pub year_id: SchoolYearId,
    /// Such as `10A1`.
    pub name: String,
    /// 1 to 12; read from the name when absent.
    #[serde(default)]
    pub grade: Option<i64>,
}

/// The classes of an organisation.
#[utoipa::path(get, path = "/api/organisations/{id}/class-groups", operation_id = "list_class_groups", tag = "organisations",
    params(("id" = OrganisationId, Path), YearQuery),
    responses((status = 200, body = Items<ClassGroup>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_classes(at: At, InQuery(query): InQuery<YearQuery>) -> Result<Json<Items<ClassGroup>>, ApiError> {
    Ok(Json(Items { items: organisations::list_class_groups(&at.app.env, &at.caller, at.id, query.year).await? }))
}

/// Adds a class.
#[utoipa::path(post, path = "/api/organisations/{id}/class-groups", operation_id = "create_class_group", tag = "organisations",
    params(("id" = OrganisationId, Path)), request_body = NewClassGroup,
    responses((status = 201, body = ClassGroup), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn create_class(at: At, Json(body): Json<NewClassGroup>) -> Result<(StatusCode, Json<ClassGroup>), ApiError> {
    let class = organisations::create_class_group(&at.app.env, &at.caller, at.id, body.year_id, &body.name, body.grade).await?;
    Ok((StatusCode::CREATED, Json(class)))
}

/// Whose slips are wanted: a class's, named people's, or every pupil's.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SlipsWanted {
    /// A class.
    #[serde(default)]
    pub class_group_id: Option<ClassGroupId>,
    /// Named people, at most 3000.
    #[serde(default)]
    pub person_ids: Option<Vec<PersonId>>,
}

/// Sets new one-time passwords and gives them for printing.
#[utoipa::path(post, path = "/api/organisations/{id}/slips", operation_id = "make_slips", tag = "organisations",
    params(("id" = OrganisationId, Path)), request_body = SlipsWanted,
    responses((status = 200, body = Items<Slip>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn make_slips(at: At, Json(body): Json<SlipsWanted>) -> Result<Response, ApiError> {
    let items = slips::make(&at.app.env, &at.caller, at.id, body.class_group_id, body.person_ids.as_deref()).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Items { items })).into_response())
}

/// Of which class.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClassQuery {
    /// Only of this class.
    pub class: Option<ClassGroupId>,
}

/// The people of an organisation as a workbook.
#[utoipa::path(get, path = "/api/organisations/{id}/people.xlsx", operation_id = "export_people", tag = "organisations",
    params(("id" = OrganisationId, Path), ClassQuery),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn export_people(at: At, InQuery(query): InQuery<ClassQuery>) -> Result<Response, ApiError> {
    let workbook = export_xlsx(&at.app.env, &at.caller, at.id, query.class).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"people.xlsx\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, workbook).into_response())
}

//! School years and moving up.

use http::StatusCode;
use identity::organisations::{self, ClassMove, MovedUp, NewYearInput, SchoolYear};
use kernel::{OrganisationId, SchoolYearId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::at::At;
use crate::http::extract::Json;
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_years, create_year)).routes(routes!(move_up))
}

/// The school years at an organisation, newest first.
#[utoipa::path(get, path = "/api/organisations/{id}/years", operation_id = "list_school_years", tag = "organisations",
    params(("id" = OrganisationId, Path)),
    responses((status = 200, body = Items<SchoolYear>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_years(at: At) -> Result<Json<Items<SchoolYear>>, ApiError> {
    Ok(Json(Items { items: organisations::list_years(&at.app.env, &at.caller, at.id).await? }))
}

/// Adds a school year.
#[utoipa::path(post, path = "/api/organisations/{id}/years", operation_id = "create_school_year", tag = "organisations",
    params(("id" = OrganisationId, Path)), request_body = NewYearInput,
    responses((status = 201, body = SchoolYear), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn create_year(at: At, Json(body): Json<NewYearInput>) -> Result<(StatusCode, Json<SchoolYear>), ApiError> {
    Ok((StatusCode::CREATED, Json(organisations::create_year(&at.app.env, &at.caller, at.id, &body).await?)))
}

/// Which classes go where at the end of a year.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MoveUp {
    /// The year that ends.
    pub from_year_id: SchoolYearId,
    /// The year that begins.
    pub to_year_id: SchoolYearId,
    /// The classes; those not named stay where they are.
    pub classes: Vec<ClassMove>,
}

/// Moves pupils into the next school year.
#[utoipa::path(post, path = "/api/organisations/{id}/move-up", operation_id = "move_up", tag = "organisations",
    params(("id" = OrganisationId, Path)), request_body = MoveUp,
    responses((status = 200, body = MovedUp), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn move_up(at: At, Json(body): Json<MoveUp>) -> Result<Json<MovedUp>, ApiError> {
    Ok(Json(organisations::move_up(&at.app.env, &at.caller, at.id, body.from_year_id, body.to_year_id, &body.classes).await?))
}

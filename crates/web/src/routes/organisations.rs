//! The tree of organisations, with what is printed and exported of it.

mod at;
mod classes;
mod years;

use axum::extract::State;
use http::StatusCode;
use identity::organisations::{self, NewOrganisationInput, Organisation, OrganisationChange, OrganisationError};
use kernel::{OrganisationId, OrganisationKind};
use serde::Deserialize;
use utoipa::ToSchema;

use self::at::At;
use crate::app::App;
use crate::http::extract::Json;
use crate::http::list::{Items, present};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list_organisations, create_organisation))
        .routes(routes!(change_organisation, delete_organisation))
        .merge(years::routes())
        .merge(classes::routes())
}

impl From<OrganisationError> for ApiError {
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::Denied(denied) => denied.into(),
            OrganisationError::Db(error) => error.into(),
            OrganisationError::Invalid(faults) => faults.into(),
            OrganisationError::NotEmpty => Self::new(StatusCode::CONFLICT, "not-empty"),
            OrganisationError::Cycle => Self::invalid_field("/parent_id", "below-itself"),
            OrganisationError::LastAdministrator => Self::new(StatusCode::CONFLICT, "last-administrator"),
        }
    }
}

/// What of an organisation is to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = OrganisationChange)]
pub struct Change {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its code; null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub code: Option<Option<String>>,
    /// Its kind.
    #[serde(default)]
    pub kind: Option<OrganisationKind>,
    /// Below which it lies; null: at the top.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<OrganisationId>)]
    pub parent_id: Option<Option<OrganisationId>>,
    /// Bytes its files may take; null: as many as there are.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    pub quota_bytes: Option<Option<i64>>,
}

/// The organisations I may see, parents before their children.
#[utoipa::path(get, path = "/api/organisations", operation_id = "list_organisations", tag = "organisations",
    responses((status = 200, body = Items<Organisation>), (status = 401, body = Problem)))]
async fn list_organisations(State(app): State<App>, By(caller): By) -> Result<Json<Items<Organisation>>, ApiError> {
    Ok(Json(Items { items: organisations::list(&app.env, &caller).await? }))
}

/// Adds an organisation.
#[utoipa::path(post, path = "/api/organisations", operation_id = "create_organisation", tag = "organisations", request_body = NewOrganisationInput,
    responses((status = 201, body = Organisation), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn create_organisation(
    State(app): State<App>,
    By(caller): By,
    Json(body): Json<NewOrganisationInput>,
) -> Result<(StatusCode, Json<Organisation>), ApiError> {
    Ok((StatusCode::CREATED, Json(organisations::create(&app.env, &caller, &body).await?)))
}

/// Changes or moves an organisation.
#[utoipa::path(patch, path = "/api/organisations/{id}", operation_id = "change_organisation", tag = "organisations",
    params(("id" = OrganisationId, Path)), request_body = Change,
    responses((status = 200, body = Organisation), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn change_organisation(at: At, Json(body): Json<Change>) -> Result<Json<Organisation>, ApiError> {
    let change =
        OrganisationChange { name: body.name, code: body.code, kind: body.kind, parent_id: body.parent_id, quota_bytes: body.quota_bytes };
    Ok(Json(organisations::change(&at.app.env, &at.caller, at.id, &change).await?))
}

/// Removes an organisation that nothing ever belonged to.
#[utoipa::path(delete, path = "/api/organisations/{id}", operation_id = "delete_organisation", tag = "organisations",
    params(("id" = OrganisationId, Path)),
    responses((status = 204, description = "removed"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete_organisation(at: At) -> Result<StatusCode, ApiError> {
    organisations::delete(&at.app.env, &at.caller, at.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

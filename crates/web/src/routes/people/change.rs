//! Changing, moving and erasing a person.

use axum::extract::State;
use http::StatusCode;
use identity::people::{self, Gender, Person, PersonChange, PersonState};
use kernel::{ClassGroupId, OrganisationId, PersonId, Role, RoleAssignmentId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::{InPath, Json};
use crate::http::list::present;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(change_person, erase_person))
        .routes(routes!(give_role))
        .routes(routes!(take_role))
        .routes(routes!(transfer_person))
}

/// What of a person is to change; what is absent stays, null clears.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PersonChange)]
pub struct Change {
    /// Full name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// E-mail.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    /// Mã học sinh, mã giáo viên: her number at her school, unique there.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub code: Option<Option<String>>,
    /// Mã định danh of the ministry's register.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub ministry_id: Option<Option<String>>,
    /// `YYYY-MM-DD`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub birth_date: Option<Option<String>>,
    /// Gender.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Gender>)]
    pub gender: Option<Option<Gender>>,
    /// Số CCCD.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub national_id: Option<Option<String>>,
    /// Telephone.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    /// Parents or guardians.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub guardians: Option<Option<String>>,
    /// `active` or `locked`.
    #[serde(default)]
    pub state: Option<PersonState>,
}

/// Changes a person.
#[utoipa::path(patch, path = "/api/people/{id}", operation_id = "change_person", tag = "people", params(("id" = PersonId, Path)), request_body = Change,
    responses((status = 200, body = Person), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn change_person(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<PersonId>,
    Json(body): Json<Change>,
) -> Result<Json<Person>, ApiError> {
    let change = PersonChange {
        display_name: body.display_name,
        email: body.email,
        code: body.code,
        ministry_id: body.ministry_id,
        birth_date: body.birth_date,
        gender: body.gender,
        national_id: body.national_id,
        phone: body.phone,
        guardians: body.guardians,
        state: body.state,
    };
    Ok(Json(people::change(&app.env, &caller, id, &change).await?))
}

/// Erases a person's data.
#[utoipa::path(delete, path = "/api/people/{id}", operation_id = "erase_person", tag = "people", params(("id" = PersonId, Path)),
    responses((status = 204, description = "erased"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn erase_person(State(app): State<App>, By(caller): By, InPath(id): InPath<PersonId>) -> Result<StatusCode, ApiError> {
    people::erase(&app.env, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A role at an organisation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRole {
    /// The role.
    pub role: Role,
    /// Where.
    pub organisation_id: OrganisationId,
}

/// Gives a person a role.
#[utoipa::path(post, path = "/api/people/{id}/roles", operation_id = "give_role", tag = "people", params(("id" = PersonId, Path)), request_body = NewRole,
    responses((status = 200, body = Person), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn give_role(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<PersonId>,
    Json(body): Json<NewRole>,
) -> Result<Json<Person>, ApiError> {
    Ok(Json(people::give_role(&app.env, &caller, id, body.organisation_id, body.role).await?))
}

/// Takes a role away.
#[utoipa::path(delete, path = "/api/people/{id}/roles/{role_id}", operation_id = "take_role", tag = "people",
    params(("id" = PersonId, Path), ("role_id" = RoleAssignmentId, Path)),
    responses((status = 204, description = "taken away"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn take_role(
    State(app): State<App>,
    By(caller): By,
    InPath((id, role)): InPath<(PersonId, RoleAssignmentId)>,
) -> Result<StatusCode, ApiError> {
    people::take_role(&app.env, &caller, id, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// From where to where.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Transfer {
    /// The school she leaves.
    pub from_organisation_id: OrganisationId,
    /// The school she joins.
    pub to_organisation_id: OrganisationId,
    /// Her class there.
    #[serde(default)]
    pub class_group_id: Option<ClassGroupId>,
    /// Her number there; the old school's is not taken along.
    #[serde(default)]
    pub code: Option<String>,
}

/// Moves a person to another school; her history stays.
#[utoipa::path(post, path = "/api/people/{id}/transfer", operation_id = "transfer_person", tag = "people", params(("id" = PersonId, Path)), request_body = Transfer,
    responses((status = 200, body = Person), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn transfer_person(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<PersonId>,
    Json(body): Json<Transfer>,
) -> Result<Json<Person>, ApiError> {
    let transfer =
        people::Transfer { from: body.from_organisation_id, to: body.to_organisation_id, class: body.class_group_id, code: body.code };
    Ok(Json(people::transfer(&app.env, &caller, id, &transfer).await?))
}

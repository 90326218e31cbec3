//! Who teaches a class, and the schools it belongs to.

use axum::extract::State;
use classroom::classes::teachers::{self, NewTeacher};
use classroom::classes::{ClassTeacher, schools};
use content::lessons::OrganisationRef;
use http::StatusCode;
use kernel::{ClassId, OrganisationId, PersonId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(add_teacher))
        .routes(routes!(remove_teacher))
        .routes(routes!(hand_over))
        .routes(routes!(add_school))
        .routes(routes!(remove_school))
}

/// A teacher to add: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
struct TeacherInput {
    /// A colleague found by search.
    #[serde(default)]
    person_id: Option<PersonId>,
    /// What a teacher of any school signs in with.
    #[serde(default)]
    username: Option<String>,
}

/// Adds a teacher.
#[utoipa::path(post, path = "/api/classes/{id}/teachers", operation_id = "add_class_teacher", tag = "classes", params(("id" = ClassId, Path)), request_body = TeacherInput,
    responses((status = 200, body = Items<ClassTeacher>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn add_teacher(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<ClassId>,
    Json(input): Json<TeacherInput>,
) -> Result<Json<Items<ClassTeacher>>, ApiError> {
    let new = match (input.person_id, input.username) {
        (Some(person), None) => NewTeacher::Person(person),
        (None, Some(username)) => NewTeacher::Username(username),
        _ => return Err(ApiError::invalid_field("/username", "missing")),
    };
    Ok(Json(Items { items: teachers::add(&app.classroom, &caller, id, &new).await? }))
}

/// Removes a teacher; oneself too.
#[utoipa::path(delete, path = "/api/classes/{id}/teachers/{person_id}", operation_id = "remove_class_teacher", tag = "classes",
    params(("id" = ClassId, Path), ("person_id" = PersonId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove_teacher(
    State(app): State<App>,
    By(caller): By,
    InPath((id, person)): InPath<(ClassId, PersonId)>,
) -> Result<StatusCode, ApiError> {
    teachers::remove(&app.classroom, &caller, id, person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes one of the teachers the owner.
#[utoipa::path(post, path = "/api/classes/{id}/teachers/{person_id}/hand-over", operation_id = "hand_class_over", tag = "classes",
    params(("id" = ClassId, Path), ("person_id" = PersonId, Path)),
    responses((status = 200, body = Items<ClassTeacher>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn hand_over(
    State(app): State<App>,
    By(caller): By,
    InPath((id, person)): InPath<(ClassId, PersonId)>,
) -> Result<Json<Items<ClassTeacher>>, ApiError> {
    Ok(Json(Items { items: teachers::hand_over(&app.classroom, &caller, id, person).await? }))
}

/// A school.
#[derive(Debug, Deserialize, ToSchema)]
struct SchoolInput {
    /// One that the caller teaches at.
    organisation_id: OrganisationId,
}

/// Adds a school that the caller teaches at.
#[utoipa::path(post, path = "/api/classes/{id}/schools", operation_id = "add_class_school", tag = "classes", params(("id" = ClassId, Path)), request_body = SchoolInput,
    responses((status = 200, body = Items<OrganisationRef>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn add_school(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<ClassId>,
    Json(input): Json<SchoolInput>,
) -> Result<Json<Items<OrganisationRef>>, ApiError> {
    Ok(Json(Items { items: schools::add(&app.classroom, &caller, id, input.organisation_id).await? }))
}

/// Takes out a school that nobody is in the class for.
#[utoipa::path(delete, path = "/api/classes/{id}/schools/{organisation_id}", operation_id = "remove_class_school", tag = "classes",
    params(("id" = ClassId, Path), ("organisation_id" = OrganisationId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn remove_school(
    State(app): State<App>,
    By(caller): By,
    InPath((id, school)): InPath<(ClassId, OrganisationId)>,
) -> Result<StatusCode, ApiError> {
    schools::remove(&app.classroom, &caller, id, school).await?;
    Ok(StatusCode::NO_CONTENT)
}

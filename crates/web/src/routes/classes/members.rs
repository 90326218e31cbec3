//! Who learns in a class.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use classroom::classes::members::{self, Added, ClassMember, MemberState};
use classroom::classes::{RosterResult, add_from_roster};
use http::StatusCode;
use kernel::{ClassGroupId, ClassId, ClassMemberId, PersonId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

/// Largest list of a class, in bytes.
const LARGEST_LIST: usize = 5 << 20;

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(add_roster))
        .layer(DefaultBodyLimit::max(LARGEST_LIST))
        .routes(routes!(list_members, add_members))
        .routes(routes!(add_group))
        .routes(routes!(set_member_state))
}

/// The people of a class, as far as the caller sees them, by given name.
#[utoipa::path(get, path = "/api/classes/{id}/members", operation_id = "list_class_members", tag = "classes", params(("id" = ClassId, Path)),
    responses((status = 200, body = Items<ClassMember>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_members(State(app): State<App>, By(caller): By, InPath(id): InPath<ClassId>) -> Result<Json<Items<ClassMember>>, ApiError> {
    Ok(Json(Items { items: members::list(&app.classroom, &caller, id).await? }))
}

/// Pupils to put into a class.
#[derive(Debug, Deserialize, ToSchema)]
struct NewMembers {
    /// Pupils of the class's schools.
    person_ids: Vec<PersonId>,
}

/// Puts pupils of the class's schools into it.
#[utoipa::path(post, path = "/api/classes/{id}/members", operation_id = "add_class_members", tag = "classes", params(("id" = ClassId, Path)), request_body = NewMembers,
    responses((status = 200, body = Added), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn add_members(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<ClassId>,
    Json(input): Json<NewMembers>,
) -> Result<Json<Added>, ApiError> {
    Ok(Json(members::add(&app.classroom, &caller, id, &input.person_ids).await?))
}

/// An administrative class.
#[derive(Debug, Deserialize, ToSchema)]
struct GroupInput {
    /// Such as that of 10A1 in this year.
    class_group_id: ClassGroupId,
}

/// Puts everybody of an administrative class into a class.
#[utoipa::path(post, path = "/api/classes/{id}/members/class-group", operation_id = "add_class_group_members", tag = "classes", params(("id" = ClassId, Path)), request_body = GroupInput,
    responses((status = 200, body = Added), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn add_group(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<ClassId>,
    Json(input): Json<GroupInput>,
) -> Result<Json<Added>, ApiError> {
    Ok(Json(members::add_class_group(&app.classroom, &caller, id, input.class_group_id).await?))
}

/// Puts the pupils that a list names (XLSX, CSV or pasted lines) into a class.
#[utoipa::path(post, path = "/api/classes/{id}/members/roster", operation_id = "add_class_roster", tag = "classes", params(("id" = ClassId, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = RosterResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn add_roster(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<ClassId>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Json<RosterResult>, ApiError> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        _ => ApiError::new(StatusCode::BAD_REQUEST, "bad-request"),
    })?;
    Ok(Json(add_from_roster(&app.classroom, &caller, id, body.to_vec()).await?))
}

/// Where somebody is to stand.
#[derive(Debug, Deserialize, ToSchema)]
struct MemberChange {
    /// In the class, waiting, or out of it.
    state: MemberState,
}

/// Lets somebody in, refuses or removes her, or takes that back.
#[utoipa::path(put, path = "/api/classes/{id}/members/{member_id}", operation_id = "set_class_member_state", tag = "classes",
    params(("id" = ClassId, Path), ("member_id" = ClassMemberId, Path)), request_body = MemberChange,
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn set_member_state(
    State(app): State<App>,
    By(caller): By,
    InPath((id, member)): InPath<(ClassId, ClassMemberId)>,
    Json(input): Json<MemberChange>,
) -> Result<StatusCode, ApiError> {
    members::set_state(&app.classroom, &caller, id, member, input.state).await?;
    Ok(StatusCode::NO_CONTENT)
}

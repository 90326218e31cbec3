//! Teams within a class.

use axum::extract::State;
use classroom::classes::teams::{self, ClassTeam, TeamInput};
use http::StatusCode;
use kernel::{ClassId, ClassMemberId, ClassTeamId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_teams, create_team)).routes(routes!(change_team, delete_team))
}

/// The teams of a class by name.
#[utoipa::path(get, path = "/api/classes/{id}/teams", operation_id = "list_class_teams", tag = "classes", params(("id" = ClassId, Path)),
    responses((status = 200, body = Items<ClassTeam>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_teams(State(app): State<App>, By(caller): By, InPath(id): InPath<ClassId>) -> Result<Json<Items<ClassTeam>>, ApiError> {
    Ok(Json(Items { items: teams::list(&app.classroom, &caller, id).await? }))
}

/// What a team is called and who is in it.
#[derive(Debug, Deserialize, ToSchema)]
struct ClassTeamInput {
    /// Its name.
    name: String,
    /// Its members; those who are not in the class are left out.
    #[serde(default)]
    members: Vec<ClassMemberId>,
}

impl From<ClassTeamInput> for TeamInput {
    fn from(input: ClassTeamInput) -> Self {
        Self { name: input.name, members: input.members }
    }
}

/// Makes a team.
#[utoipa::path(post, path = "/api/classes/{id}/teams", operation_id = "create_class_team", tag = "classes", params(("id" = ClassId, Path)), request_body = ClassTeamInput,
    responses((status = 201, body = ClassTeam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_team(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<ClassId>,
    Json(input): Json<ClassTeamInput>,
) -> Result<(StatusCode, Json<ClassTeam>), ApiError> {
    Ok((StatusCode::CREATED, Json(teams::create(&app.classroom, &caller, id, &input.into()).await?)))
}

/// Changes a team's name and members.
#[utoipa::path(put, path = "/api/classes/{id}/teams/{team_id}", operation_id = "change_class_team", tag = "classes",
    params(("id" = ClassId, Path), ("team_id" = ClassTeamId, Path)), request_body = ClassTeamInput,
    responses((status = 200, body = ClassTeam), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change_team(
    State(app): State<App>,
    By(caller): By,
    InPath((id, team)): InPath<(ClassId, ClassTeamId)>,
    Json(input): Json<ClassTeamInput>,
) -> Result<Json<ClassTeam>, ApiError> {
    Ok(Json(teams::change(&app.classroom, &caller, id, team, &input.into()).await?))
}

/// Deletes a team; its members stay in the class.
#[utoipa::path(delete, path = "/api/classes/{id}/teams/{team_id}", operation_id = "delete_class_team", tag = "classes",
    params(("id" = ClassId, Path), ("team_id" = ClassTeamId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn delete_team(
    State(app): State<App>,
    By(caller): By,
    InPath((id, team)): InPath<(ClassId, ClassTeamId)>,
) -> Result<StatusCode, ApiError> {
    teams::delete(&app.classroom, &caller, id, team).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Rehearsals of tests, and their synthetic pupils.

use axum::extract::State;
use classroom::attempts::{BeginInput, Sitting};
use classroom::rehearsals::{self, Others, RehearsalError, RehearsalView};
use http::StatusCode;
use kernel::{RehearsalId, TestId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sittings::Device;
use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_rehearsals, rehearse_test)).routes(routes!(stop_rehearsal)).routes(routes!(begin_rehearsed))
}

impl From<RehearsalError> for ApiError {
    fn from(error: RehearsalError) -> Self {
        match error {
            RehearsalError::Denied(denied) => denied.into(),
            RehearsalError::Db(error) => error.into(),
            RehearsalError::Attempt(error) => error.into(),
            RehearsalError::Students { most } => Self::invalid_field("/students", "out-of-range").with_detail(most.to_string()),
            RehearsalError::NotGiven => Self::new(StatusCode::CONFLICT, "test-not-given"),
            RehearsalError::UnderWay => Self::new(StatusCode::CONFLICT, "rehearsal-under-way"),
            RehearsalError::TestsAreSat => Self::new(StatusCode::CONFLICT, "tests-are-sat"),
        }
    }
}

/// How many synthetic pupils.
#[derive(Debug, Deserialize, ToSchema)]
struct RehearsalInput {
    /// From 1 to 1,000.
    students: u32,
}

/// The last rehearsals of a test, the newest first.
#[utoipa::path(get, path = "/api/tests/{id}/rehearsals", operation_id = "list_rehearsals", tag = "tests", params(("id" = TestId, Path)),
    responses((status = 200, body = Items<RehearsalView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_rehearsals(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
) -> Result<Json<Items<RehearsalView>>, ApiError> {
    Ok(Json(Items { items: rehearsals::list(&app.classroom, &caller, id).await? }))
}

/// Plays a test on this server with synthetic pupils, over real HTTP. Begins within seconds.
#[utoipa::path(post, path = "/api/tests/{id}/rehearsals", operation_id = "rehearse_test", tag = "tests", params(("id" = TestId, Path)), request_body = RehearsalInput,
    responses((status = 202, body = RehearsalView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn rehearse_test(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    Json(input): Json<RehearsalInput>,
) -> Result<(StatusCode, Json<RehearsalView>), ApiError> {
    Ok((StatusCode::ACCEPTED, Json(rehearsals::ask(&app.classroom, &caller, id, input.students, Others::First).await?)))
}

/// Stops a rehearsal; what it left is taken away.
#[utoipa::path(post, path = "/api/rehearsals/{id}/stop", operation_id = "stop_rehearsal", tag = "tests", params(("id" = RehearsalId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn stop_rehearsal(State(app): State<App>, Author(caller): Author, InPath(id): InPath<RehearsalId>) -> Result<StatusCode, ApiError> {
    rehearsals::stop(&app.classroom, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins the attempt of a synthetic pupil, with the secret of the rehearsal that is under way.
#[utoipa::path(post, path = "/api/sitting/rehearsed/{number}", operation_id = "begin_rehearsed", tag = "sitting", params(("number" = u32, Path)), request_body = BeginInput,
    responses((status = 200, body = Sitting), (status = 401, body = Problem), (status = 503, body = Problem)))]
async fn begin_rehearsed(
    State(app): State<App>,
    Device(token): Device,
    InPath(number): InPath<u32>,
    Json(input): Json<BeginInput>,
) -> Result<Json<Sitting>, ApiError> {
    Ok(Json(rehearsals::begin(&app.classroom, &token, number, input).await?))
}

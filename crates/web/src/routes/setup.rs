//! The first start.

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use identity::setup::{self, FirstAdministrator, SetupError};
use kernel::Secret;
use serde::Deserialize;
use tower_sessions::Session;
use utoipa::ToSchema;

use super::session::{Secure, SessionInfo, begin, caller_after_sign_in, info};
use crate::app::App;
use crate::http::client_address::ClientAddress;
use crate::http::extract::Json;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(set_up))
}

impl From<SetupError> for ApiError {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::AlreadySetUp => Self::new(StatusCode::CONFLICT, "already-set-up"),
            SetupError::WrongToken => Self::new(StatusCode::FORBIDDEN, "wrong-token"),
            SetupError::Invalid(faults) => faults.into(),
            SetupError::Db(error) => error.into(),
            error @ (SetupError::Hashing(_) | SetupError::Randomness(_)) => Self::internal(error),
        }
    }
}

/// The school and its administrator.
#[derive(Deserialize, ToSchema)]
pub struct Setup {
    /// As printed in the server's log.
    pub token: String,
    /// The school's name.
    pub school_name: String,
    /// The administrator's name.
    pub display_name: String,
    /// The username she chooses.
    pub username: String,
    /// The password she chooses.
    pub password: String,
}

/// Sets the server up, once, and signs the administrator in.
#[utoipa::path(post, path = "/api/setup", operation_id = "set_up", tag = "session", request_body = Setup,
    responses((status = 200, body = SessionInfo), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn set_up(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    secure: Secure,
    session: Session,
    headers: HeaderMap,
    Json(body): Json<Setup>,
) -> Result<Json<SessionInfo>, ApiError> {
    let first = FirstAdministrator {
        token: Secret::from_client(body.token),
        school_name: body.school_name,
        display_name: body.display_name,
        username: body.username,
        password: body.password,
    };
    let person = setup::complete(&app.env, &first).await?;
    begin(&session, person, &headers, &address).await?;
    Ok(Json(info(&app, &caller_after_sign_in(person, address), secure).await?))
}

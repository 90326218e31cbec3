//! My own settings, password and data.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use identity::me::{self, Me, MeError, MyChange, Theme};
use kernel::Locale;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::extract::Json;
use crate::http::list::present;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(change_me)).routes(routes!(change_password)).routes(routes!(export_me))
}

impl From<MeError> for ApiError {
    fn from(error: MeError) -> Self {
        match error {
            MeError::Denied(denied) => denied.into(),
            MeError::Db(error) => error.into(),
            MeError::Invalid(faults) => faults.into(),
            MeError::SignIn(error) => error.into(),
            MeError::Hashing(error) => Self::internal(error),
        }
    }
}

/// What of my settings is to change.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MeChange {
    /// Language.
    #[serde(default)]
    pub locale: Option<Locale>,
    /// Look.
    #[serde(default)]
    pub theme: Option<Theme>,
    /// E-mail; null removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
}

/// A new password, with the present one.
#[derive(Deserialize, ToSchema)]
pub struct PasswordChange {
    /// The present one.
    pub current_password: String,
    /// The new one, at least 8 characters.
    pub new_password: String,
}

/// Changes my settings.
#[utoipa::path(patch, path = "/api/me", operation_id = "change_me", tag = "me", request_body = MeChange,
    responses((status = 200, body = Me), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn change_me(State(app): State<App>, By(caller): By, Json(body): Json<MeChange>) -> Result<Json<Me>, ApiError> {
    let change = MyChange { locale: body.locale, theme: body.theme, email: body.email };
    Ok(Json(me::change(&app.env, &caller, &change).await?))
}

/// Changes my password; my other devices are signed out.
#[utoipa::path(post, path = "/api/me/password", operation_id = "change_password", tag = "me", request_body = PasswordChange,
    responses((status = 204, description = "changed"), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn change_password(State(app): State<App>, By(caller): By, Json(body): Json<PasswordChange>) -> Result<StatusCode, ApiError> {
    me::change_password(&app.env, &caller, &body.current_password, &body.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everything kept of me, as a file.
#[utoipa::path(get, path = "/api/me/export", operation_id = "export_me", tag = "me",
    responses((status = 200, content_type = "application/json", body = serde_json::Value), (status = 401, body = Problem)))]
async fn export_me(State(app): State<App>, By(caller): By) -> Result<Response, ApiError> {
    Ok(super::people::download(&identity::people::export_own(&app.env, &caller).await?))
}

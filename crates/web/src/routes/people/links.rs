//! One-time links to set a password.

use axum::extract::State;
use http::{HeaderMap, StatusCode, header};
use identity::people::password_links;
use kernel::{PersonId, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::{App, Origin};
use crate::http::client_address::ClientAddress;
use crate::http::extract::{InPath, Json};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(create_link)).routes(routes!(look_at_link, use_link))
}

/// A link just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordLink {
    /// To be given to the person; works once.
    pub url: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// Whom a link is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenPasswordLink {
    /// Her name.
    pub display_name: String,
    /// What she signs in with.
    pub username: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// The password she chooses.
#[derive(Deserialize, ToSchema)]
pub struct ChosenPassword {
    /// At least 8 characters.
    pub new_password: String,
}

/// The address people reach us at: as configured, else as this request did.
fn base_url(app: &App, headers: &HeaderMap, origin: Option<&Origin>) -> String {
    if let Some(url) = &app.settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let scheme = if origin == Some(&Origin::Secure) { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if host.is_empty() { String::new() } else { format!("{scheme}://{host}") }
}

/// Makes a one-time link for a person, valid for 72 hours.
#[utoipa::path(post, path = "/api/people/{id}/password-link", operation_id = "create_password_link", tag = "people", params(("id" = PersonId, Path)),
    responses((status = 200, body = PasswordLink), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn create_link(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<PersonId>,
    origin: Option<axum::Extension<Origin>>,
    headers: HeaderMap,
) -> Result<Json<PasswordLink>, ApiError> {
    let (token, expires_at) = password_links::create(&app.env, &caller, id).await?;
    let base = base_url(&app, &headers, origin.as_deref());
    Ok(Json(PasswordLink { url: format!("{base}/password/{}", token.reveal()), expires_at }))
}

/// Looks at a link without using it.
#[utoipa::path(get, path = "/api/password-links/{token}", operation_id = "get_password_link", tag = "session", params(("token" = String, Path)),
    responses((status = 200, body = OpenPasswordLink), (status = 404, body = Problem)))]
async fn look_at_link(State(app): State<App>, InPath(token): InPath<String>) -> Result<Json<OpenPasswordLink>, ApiError> {
    let link = password_links::look(&app.env, &Secret::from_client(token)).await?;
    Ok(Json(OpenPasswordLink { display_name: link.display_name, username: link.username, expires_at: link.expires_at }))
}

/// Uses a link.
#[utoipa::path(post, path = "/api/password-links/{token}", operation_id = "use_password_link", tag = "session", params(("token" = String, Path)), request_body = ChosenPassword,
    responses((status = 204, description = "the password is set"), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn use_link(
    State(app): State<App>,
    InPath(token): InPath<String>,
    ClientAddress(address): ClientAddress,
    Json(body): Json<ChosenPassword>,
) -> Result<StatusCode, ApiError> {
    password_links::use_link(&app.env, &address, &Secret::from_client(token), &body.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! The route table: one file an area. An operation that is not in [`access_table`] fails a test.

pub mod access_table;
mod health;

use axum::Router;
use axum::middleware::from_fn_with_state;
use time::Duration;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::{App, Origin, Sessions};
use crate::http::problem::ApiError;
use crate::http::request_id;
use crate::http::session_store::DbSessions;

#[derive(OpenApi)]
#[openapi(info(title = "Lớp Mở", description = "Self-hosted learning platform and shared library", license(name = "AGPL-3.0-or-later")))]
struct Description;

fn table() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi()).merge(health::routes())
}

/// The OpenAPI description of every operation.
pub fn openapi() -> utoipa::openapi::OpenApi {
    table().into_openapi()
}

/// The whole HTTP application for connections of one kind of origin.
pub fn router(app: App, origin: Origin) -> Router {
    let sessions = SessionManagerLayer::new(DbSessions::new(app.env.clone()))
        .with_name(Sessions::COOKIE)
        .with_secure(origin == Origin::Secure)
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_expiry(Expiry::OnInactivity(Duration::days(Sessions::IDLE_DAYS)));
    let (routes, _) = table().split_for_parts();
    routes
        .fallback(|| async { ApiError::not_found() })
        .layer(sessions)
        .layer(from_fn_with_state(app.clone(), request_id::layer))
        .with_state(app)
}

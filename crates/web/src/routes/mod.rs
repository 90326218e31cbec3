//! The route table: one file an area. An operation that is not in [`access_table`] fails a test.

pub mod access_table;
mod assets;
mod audit;
mod classes;
mod curriculum;
mod described;
mod health;
mod hls;
mod jobs;
mod lessons;
mod library;
mod marks;
mod me;
mod organisations;
mod people;
mod question_imports;
mod questions;
mod rehearsals;
mod session;
mod setup;
mod sittings;
mod tests;
mod uploads;
mod watch;

use std::sync::LazyLock;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::{Extension, Router};
use time::Duration;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};
use utoipa::OpenApi;

use crate::app::{App, Origin, Sessions};
use crate::http::problem::ApiError;
use crate::http::session_store::DbSessions;
use crate::http::{compression, headers, refusals, request_id, same_origin};
use crate::routes::described::Routes;

/// Most bytes of a body that is read into memory; operations that take files set their own limit.
const LARGEST_JSON: usize = 1 << 20;

/// How long nothing may come of a body that is under way. Longer than uploads wait, which keep what they have.
const SILENCE: std::time::Duration = std::time::Duration::from_secs(75);

#[derive(OpenApi)]
#[openapi(info(title = "Lớp Mở", description = "Self-hosted learning platform and shared library", license(name = "AGPL-3.0-or-later")),
    // What only parameters name is not found by itself.
    components(schemas(classes::ClassShelf, ::classroom::classes::Whose, jobs::StateWanted, lessons::StateQuery, library::SortQuery, watch::WatcherSort, kernel::UploadId)))]
struct Description;

/// What is asked by people who are signed in, or not yet.
fn with_sessions() -> Routes {
    Routes::new()
        .merge(health::routes())
        .merge(session::routes())
        .merge(setup::routes())
        .merge(me::routes())
        .merge(organisations::routes())
        .merge(people::routes())
        .merge(audit::routes())
        .merge(jobs::routes())
        .merge(uploads::routes())
        .merge(assets::routes())
        .merge(hls::routes())
        .merge(curriculum::routes())
        .merge(lessons::routes())
        .merge(library::routes())
        .merge(questions::routes())
        .merge(question_imports::routes())
        .merge(classes::routes())
        .merge(tests::routes())
        .merge(rehearsals::routes())
        .merge(marks::routes())
        .merge(sittings::routes())
        .merge(watch::routes())
}

/// The OpenAPI description of every operation.
pub fn openapi() -> utoipa::openapi::OpenApi {
    with_sessions().merge(sittings::saving()).described(Description::openapi())
}

/// The whole HTTP application for connections of one kind of origin.
pub fn router(app: App, origin: Origin) -> Router {
    let sessions = SessionManagerLayer::new(DbSessions::new(app.env.clone()))
        .with_name(Sessions::COOKIE)
        .with_secure(origin == Origin::Secure)
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_expiry(Expiry::OnInactivity(Duration::days(Sessions::IDLE_DAYS)));
    let routes = with_sessions().into_router();
    // As one: a router puts every layer it is given by itself into a box, and takes it out with each request.
    let layers = ServiceBuilder::new()
        .layer(Extension(origin))
        .layer(compression::layer())
        .layer(from_fn(headers::layer))
        .map_response(refusals::to_problem)
        .layer(CatchPanicLayer::custom(refusals::panicked))
        .layer(from_fn_with_state(app.clone(), same_origin::layer))
        .layer(sessions)
        .layer(RequestBodyTimeoutLayer::new(SILENCE))
        .layer(DefaultBodyLimit::max(LARGEST_JSON));
    routes
        .route("/api/openapi.json", axum::routing::get(description))
        .fallback(|| async { ApiError::not_found() })
        .layer(layers)
        .merge(saving())
        .layer(from_fn_with_state(app.clone(), request_id::layer))
        .with_state(app)
}

async fn description() -> impl IntoResponse {
    static MADE: LazyLock<String> = LazyLock::new(|| openapi().to_json().unwrap_or_default());
    ([(http::header::CONTENT_TYPE, "application/json")], MADE.as_str())
}

/// What thousands ask at once while they sit a test: a device's secret says who asks, so there is neither a
/// session nor a cookie that another page could use, and answers are too short to be compressed.
fn saving() -> Router<App> {
    let routes = sittings::saving().into_router();
    let layers = ServiceBuilder::new()
        .map_response(headers::add_to_data)
        .map_response(refusals::to_problem)
        .layer(CatchPanicLayer::custom(refusals::panicked))
        .layer(RequestBodyTimeoutLayer::new(SILENCE))
        .layer(DefaultBodyLimit::max(LARGEST_JSON));
    routes.layer(layers)
}

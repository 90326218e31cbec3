//! Sign-in, sign-out, devices.

use axum::extract::{Request, State};
use http::{HeaderMap, StatusCode, header};
use identity::access::Caller;
use identity::me::{self, Me};
use identity::sessions::{self, Device, DeviceError};
use identity::setup;
use identity::sign_in::{self, SignInError};
use kernel::{DeviceId, PersonId};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use utoipa::ToSchema;

use crate::app::{App, Demo, Origin};
use crate::http::client_address::ClientAddress;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::session_store::keys;
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(get_session, sign_in, sign_out)).routes(routes!(list_devices, end_devices)).routes(routes!(end_device))
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::WrongCredentials => Self::new(StatusCode::UNAUTHORIZED, "wrong-credentials"),
            SignInError::TooManyAttempts(seconds) => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts").with_retry_after(seconds)
            }
            SignInError::Db(error) => error.into(),
            SignInError::Hashing(error) => Self::internal(error),
        }
    }
}

impl From<DeviceError> for ApiError {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::Denied(denied) => denied.into(),
            DeviceError::Db(error) => error.into(),
        }
    }
}

/// Who is signed in, on what server.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionInfo {
    /// The one who is signed in.
    pub person: Option<Me>,
    /// Nobody exists yet: the first visitor sets the server up.
    pub setup_needed: bool,
    /// The page is a secure context: HTTPS, or this very machine.
    pub secure: bool,
    /// The server.
    pub server: ServerInfo,
}

/// The server.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerInfo {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The demo school was loaded.
    pub demo: bool,
}

/// What somebody signs in with.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// Username or e-mail.
    pub login: String,
    /// Password.
    pub password: String,
}

/// How the request reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Secure(pub bool);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Secure {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        let tls = parts.extensions.get::<Origin>() == Some(&Origin::Secure);
        let host = parts.uri.authority().map(http::uri::Authority::as_str);
        let host = host.or_else(|| parts.headers.get(header::HOST).and_then(|host| host.to_str().ok())).unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        Ok(Self(tls || name == "localhost" || name.ends_with(".localhost") || name == "[::1]" || name.starts_with("127.")))
    }
}

pub(super) async fn info(app: &App, caller: &Caller, secure: Secure) -> Result<SessionInfo, ApiError> {
    let mut tx = app.env.db.read().await?;
    Ok(SessionInfo {
        person: me::lookup(&mut tx, caller).await?,
        setup_needed: setup::is_needed(&mut tx).await?,
        secure: secure.0,
        server: ServerInfo {
            name: "Lớp Mở".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            demo: app.settings.demo == Demo::Loaded,
        },
    })
}

/// Begins a session for somebody who has shown who she is. The earlier session's id is gone: one
/// that was slipped to the browser beforehand opens nothing.
pub(super) async fn begin(session: &Session, person: PersonId, headers: &HeaderMap, address: &str) -> Result<(), ApiError> {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let agent: String = agent.chars().take(300).collect();
    session.clear().await;
    session.cycle_id().await.map_err(ApiError::internal)?;
    session.insert(keys::PERSON, person.to_string()).await.map_err(ApiError::internal)?;
    session.insert(keys::USER_AGENT, agent).await.map_err(ApiError::internal)?;
    session.insert(keys::ADDRESS, address).await.map_err(ApiError::internal)?;
    session.save().await.map_err(ApiError::internal)
}

pub(super) fn caller_after_sign_in(person: PersonId, address: String) -> Caller {
    Caller::Person(identity::access::SignedIn { person_id: person, device_id: DeviceId(uuid::Uuid::nil()), address })
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", operation_id = "get_session", tag = "session",
    responses((status = 200, body = SessionInfo)))]
async fn get_session(State(app): State<App>, secure: Secure, By(caller): By) -> Result<Json<SessionInfo>, ApiError> {
    Ok(Json(info(&app, &caller, secure).await?))
}

/// Signs in by username or e-mail.
#[utoipa::path(post, path = "/api/session", operation_id = "sign_in", tag = "session", request_body = SignIn,
    responses((status = 200, body = SessionInfo), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn sign_in(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    secure: Secure,
    session: Session,
    headers: HeaderMap,
    Json(body): Json<SignIn>,
) -> Result<Json<SessionInfo>, ApiError> {
    let anonymous = Caller::Anonymous { address: address.clone() };
    let person = sign_in::sign_in(&app.env, &anonymous, &body.login, &body.password).await?;
    begin(&session, person, &headers, &address).await?;
    Ok(Json(info(&app, &caller_after_sign_in(person, address), secure).await?))
}

/// On a shared computer the films and pictures of the one who leaves stay in the browser's cache, kept
/// there for good because they never change: the next one begins with an empty one. Not `"storage"`:
/// what she wrote and could not send yet lies there, and only she may throw it away.
const SIGNED_OUT: SignedOut = (StatusCode::NO_CONTENT, [("clear-site-data", "\"cache\"")]);
type SignedOut = (StatusCode, [(&'static str, &'static str); 1]);

/// Signs this device out.
#[utoipa::path(delete, path = "/api/session", operation_id = "sign_out", tag = "session", responses((status = 204, description = "signed out")))]
async fn sign_out(session: Session, _request: Request) -> Result<SignedOut, ApiError> {
    session.flush().await.map_err(ApiError::internal)?;
    Ok(SIGNED_OUT)
}

/// The devices I am signed in on.
#[utoipa::path(get, path = "/api/session/devices", operation_id = "list_devices", tag = "session",
    responses((status = 200, body = Items<Device>), (status = 401, body = Problem)))]
async fn list_devices(State(app): State<App>, By(caller): By) -> Result<Json<Items<Device>>, ApiError> {
    Ok(Json(Items { items: sessions::list(&app.env, &caller).await? }))
}

/// Signs me out everywhere.
#[utoipa::path(delete, path = "/api/session/devices", operation_id = "end_devices", tag = "session",
    responses((status = 204, description = "signed out everywhere"), (status = 401, body = Problem)))]
async fn end_devices(State(app): State<App>, By(caller): By, session: Session) -> Result<SignedOut, ApiError> {
    sessions::end_all(&app.env, &caller).await?;
    session.flush().await.map_err(ApiError::internal)?;
    Ok(SIGNED_OUT)
}

/// Signs one of my devices out.
#[utoipa::path(delete, path = "/api/session/devices/{id}", operation_id = "end_device", tag = "session", params(("id" = DeviceId, Path)),
    responses((status = 204, description = "signed out"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn end_device(State(app): State<App>, By(caller): By, InPath(id): InPath<DeviceId>) -> Result<StatusCode, ApiError> {
    sessions::end(&app.env, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

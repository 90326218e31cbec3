//! Who asks: read from the session in every handler that wants a [`Caller`].

use std::time::Duration;

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use identity::access::{Caller, SignedIn};
use tower_sessions::{Expiry, Session};

use super::client_address::ClientAddress;
use super::problem::ApiError;
use super::session_store::{Standing, keys};
use crate::App;
use crate::app::Sessions;

/// The caller of this request.
#[derive(Debug)]
pub struct By(pub Caller);

impl FromRequestParts<App> for By {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if parts.extensions.get::<LocalOperator>().is_some() {
            return Ok(Self(Caller::Operator));
        }
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
        let anonymous = Caller::Anonymous { address: address.clone() };
        let session = Session::from_request_parts(parts, app).await.map_err(|(_, cause)| ApiError::internal(cause))?;
        // A locked or erased person is out at once, whatever her cookie says: she has no standing.
        let standing = session.get::<Standing>(keys::STANDING).await.map_err(ApiError::internal)?;
        let Some(Standing { person, device, last_seen_at, must_change }) = standing else { return Ok(Self(anonymous)) };
        if must_change && !may_wait(parts.uri.path()) {
            return Err(ApiError::new(StatusCode::FORBIDDEN, "password-change-needed"));
        }
        if app.env.now().since(last_seen_at) >= TOUCH_EVERY {
            // Marks the session as changed: it is saved, and the cookie sent, with new expiry.
            session.set_expiry(Some(Expiry::OnInactivity(time::Duration::days(Sessions::IDLE_DAYS))));
        }
        Ok(Self(Caller::Person(SignedIn { person_id: person, device_id: device, address })))
    }
}

/// How often a session in use is written anew.
const TOUCH_EVERY: Duration = Duration::from_secs(3600);

/// What somebody with a one-time password may do before choosing her own.
fn may_wait(path: &str) -> bool {
    path == "/api/me/password" || path == "/api/session" || path.starts_with("/api/session/")
}

/// Put on requests that came through the local socket, never on any from the network.
#[derive(Clone, Copy, Debug)]
pub struct LocalOperator;

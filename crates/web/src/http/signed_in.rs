//! Who asks: read from the session in every handler that wants a [`Caller`].

use axum::extract::FromRequestParts;
use db::sql;
use http::request::Parts;
use identity::access::{Caller, SignedIn};
use kernel::{DeviceId, PersonId};
use tower_sessions::Session;
use uuid::Uuid;

use super::client_address::ClientAddress;
use super::problem::ApiError;
use super::session_store::{id_hash, keys};
use crate::App;

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
        let Some(person) = session.get::<String>(keys::PERSON).await.map_err(ApiError::internal)? else {
            return Ok(Self(anonymous));
        };
        let (Ok(person), Some(id)) = (Uuid::parse_str(&person), session.id()) else { return Ok(Self(anonymous)) };
        let mut tx = app.env.db.read().await?;
        // A locked or erased person is out at once, whatever her cookie says.
        let device: Option<(DeviceId,)> = sql!(
            "SELECT s.public_id FROM session s JOIN person p ON p.id = s.person_id
             WHERE s.id_hash = $1 AND s.person_id = $2 AND p.state = 'active'"
        )
        .bind(id_hash(id))
        .bind(person)
        .fetch_optional(&mut tx)
        .await?;
        Ok(Self(match device {
            Some((device_id,)) => Caller::Person(SignedIn { person_id: PersonId(person), device_id, address }),
            None => anonymous,
        }))
    }
}

/// Put on requests that came through the local socket, never on any from the network.
#[derive(Clone, Copy, Debug)]
pub struct LocalOperator;

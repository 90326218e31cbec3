//! What every operation at one organisation begins with.

use axum::extract::FromRequestParts;
use http::request::Parts;
use identity::access::Caller;
use kernel::OrganisationId;

use crate::app::App;
use crate::http::extract::InPath;
use crate::http::problem::ApiError;
use crate::http::signed_in::By;

/// The server, who asks, and the organisation of the path.
pub(super) struct At {
    pub(super) app: App,
    pub(super) caller: Caller,
    pub(super) id: OrganisationId,
}

impl FromRequestParts<App> for At {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let By(caller) = By::from_request_parts(parts, app).await?;
        let InPath(id) = InPath::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), caller, id })
    }
}

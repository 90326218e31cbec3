use axum::extract::FromRequestParts;
use http::request::Parts;
use identity::access::{Caller, authorise};
use questions::UseBank;

use super::problem::ApiError;
use super::signed_in::By;
use crate::App;

/// The caller of an operation of the question bank, who authors somewhere. To everybody else there is
/// no bank, whatever else is wrong with the request.
#[derive(Debug)]
pub struct Author(pub Caller);

impl FromRequestParts<App> for Author {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let By(caller) = By::from_request_parts(parts, app).await?;
        let mut tx = app.env.db.read().await?;
        authorise::<UseBank>(&mut tx, &caller, ()).await?;
        Ok(Self(caller))
    }
}

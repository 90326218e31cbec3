//! Who did what.

use axum::extract::State;
use http::StatusCode;
use identity::audit::{self, AuditEntry, AuditError, AuditFilter};
use kernel::{OrganisationId, PersonId};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::extract::{InQuery, Json};
use crate::http::list::{PageQuery, Paged};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_audit))
}

impl From<AuditError> for ApiError {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Denied(denied) => denied.into(),
            AuditError::Db(error) => error.into(),
        }
    }
}

/// Which lines are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Of an organisation and those below it.
    pub organisation: Option<OrganisationId>,
    /// By or about a person.
    pub person: Option<PersonId>,
    /// Of one action.
    pub action: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows of a page: 50 unless asked, 200 at most.
    pub limit: Option<u32>,
}

/// The log of what I may audit, newest first.
#[utoipa::path(get, path = "/api/audit", operation_id = "list_audit", tag = "server", params(AuditQuery),
    responses((status = 200, body = Paged<AuditEntry>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_audit(
    State(app): State<App>,
    By(caller): By,
    InQuery(query): InQuery<AuditQuery>,
) -> Result<Json<Paged<AuditEntry>>, ApiError> {
    if query.action.as_ref().is_some_and(|action| action.len() > 100) {
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
    }
    let page = PageQuery { after: query.after, limit: query.limit };
    let filter =
        AuditFilter { organisation: query.organisation, person: query.person, action: query.action.filter(|action| !action.is_empty()) };
    Ok(Json(audit::list(&app.env, &caller, &filter, page.cursor().as_ref(), page.limit()).await?.into()))
}

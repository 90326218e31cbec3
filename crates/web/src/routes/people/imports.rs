//! Lists of people from files.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use exchange::roster::{MAX_BYTES, RosterError};
use http::StatusCode;
use identity::people::import::{self, Applied, ImportError, ImportPreview};
use kernel::{OrganisationId, PeopleImportId, Role};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::problem::{ApiError, FieldProblem, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(create_import))
        .layer(DefaultBodyLimit::max(MAX_BYTES))
        .routes(routes!(get_import, delete_import))
        .routes(routes!(apply_import))
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Denied(denied) => denied.into(),
            ImportError::Db(error) => error.into(),
            ImportError::Invalid(faults) => faults.into(),
            ImportError::Unreadable(RosterError::TooLarge(_)) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            ImportError::Unreadable(error) => {
                let value = match &error {
                    RosterError::TooManyRows { line, .. } => Some(line.to_string()),
                    _ => None,
                };
                Self::invalid(vec![FieldProblem { pointer: "/file".to_owned(), code: format!("roster-{}", error.code()), value }])
            }
            ImportError::Faulty => Self::new(StatusCode::CONFLICT, "import-faulty"),
            ImportError::Applied => Self::new(StatusCode::CONFLICT, "import-applied"),
            ImportError::Inside(cause) => Self::internal(cause),
        }
    }
}

/// Where the people of the file belong.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Their role, where the file names none; pupils unless asked.
    pub role: Option<Role>,
    /// The file's name, for the log.
    pub filename: Option<String>,
}

/// Reads a list (XLSX or CSV) and shows what it would do.
#[utoipa::path(post, path = "/api/people/imports", operation_id = "create_people_import", tag = "people", params(ImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = ImportPreview), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn create_import(
    State(app): State<App>,
    By(caller): By,
    InQuery(query): InQuery<ImportQuery>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<(StatusCode, Json<ImportPreview>), ApiError> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        _ => ApiError::new(StatusCode::BAD_REQUEST, "bad-request"),
    })?;
    let role = query.role.unwrap_or(Role::Pupil);
    let filename = query.filename.unwrap_or_default();
    let preview = import::create(&app.env, &caller, query.organisation, role, &filename, body.to_vec()).await?;
    Ok((StatusCode::CREATED, Json(preview)))
}

/// Shows again what a list would do.
#[utoipa::path(get, path = "/api/people/imports/{id}", operation_id = "get_people_import", tag = "people", params(("id" = PeopleImportId, Path)),
    responses((status = 200, body = ImportPreview), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_import(State(app): State<App>, By(caller): By, InPath(id): InPath<PeopleImportId>) -> Result<Json<ImportPreview>, ApiError> {
    Ok(Json(import::get(&app.env, &caller, id).await?))
}

/// Throws a list away.
#[utoipa::path(delete, path = "/api/people/imports/{id}", operation_id = "delete_people_import", tag = "people", params(("id" = PeopleImportId, Path)),
    responses((status = 204, description = "thrown away"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn delete_import(State(app): State<App>, By(caller): By, InPath(id): InPath<PeopleImportId>) -> Result<StatusCode, ApiError> {
    import::delete(&app.env, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a list, as a whole or not at all.
#[utoipa::path(post, path = "/api/people/imports/{id}/apply", operation_id = "apply_people_import", tag = "people", params(("id" = PeopleImportId, Path)),
    responses((status = 200, body = Applied), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn apply_import(State(app): State<App>, By(caller): By, InPath(id): InPath<PeopleImportId>) -> Result<Json<Applied>, ApiError> {
    Ok(Json(import::apply(&app.env, &caller, id).await?))
}

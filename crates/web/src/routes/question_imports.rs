//! The import desk: files of questions on their maker's desk, until she saves them.

mod light;
mod paper;

use axum::body::Body;
use axum::extract::State;
use content::processing::FinishError;
use futures::StreamExt as _;
use http::{HeaderMap, StatusCode, header};
use kernel::{OrganisationId, QuestionImportId};
use questions::imports::{self, ImportError, QuestionImport, SaveInput, Saved};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{PageQuery, Paged};
use crate::http::problem::{ApiError, FieldProblem, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list_question_imports, create_question_import))
        .routes(routes!(get_question_import, delete_question_import))
        .routes(routes!(retry_question_import))
        .routes(routes!(save_question_import))
        .merge(paper::routes())
        .merge(light::routes())
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Denied(denied) => denied.into(),
            ImportError::Db(error) => error.into(),
            ImportError::Bank(error) => error.into(),
            ImportError::File(error) => error.into(),
            ImportError::Store(FinishError::Db(error)) => error.into(),
            ImportError::Store(FinishError::Blob(error)) => error.into(),
            ImportError::Store(error) => Self::internal(error),
            ImportError::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            ImportError::Quota => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "quota"),
            ImportError::Empty => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "empty"),
            ImportError::DiskFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full"),
            ImportError::Broken => Self::new(StatusCode::BAD_REQUEST, "bad-request"),
            ImportError::NotReady => Self::new(StatusCode::CONFLICT, "import-not-ready"),
            ImportError::NotFailed => Self::new(StatusCode::CONFLICT, "conflict"),
            ImportError::NewerDraft { revision } => Self::new(StatusCode::CONFLICT, "newer-draft").with_detail(revision.to_string()),
            ImportError::NothingToSave => Self::new(StatusCode::CONFLICT, "nothing-to-save"),
            ImportError::Invalid(faults) => faults.into(),
            ImportError::Faulty(faults) => Self::invalid(
                faults
                    .into_iter()
                    .map(|fault| FieldProblem {
                        pointer: format!("/questions/{}/{}", fault.index, fault.field.trim_start_matches("question.")),
                        code: fault.code.to_owned(),
                        value: None,
                    })
                    .collect(),
            ),
        }
    }
}

/// Whose paper, and what it is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// An organisation the caller writes for.
    organisation: OrganisationId,
    /// The file's name; what it is is told from its bytes.
    filename: String,
}

/// Takes in a file of questions and begins to read it: Word, Excel, PDF, GIFT, Aiken, Moodle XML, QTI,
/// Common Cartridge, `ex_test`, our own JSON; 100 MB at most.
#[utoipa::path(post, path = "/api/question-imports", operation_id = "create_question_import", tag = "questions", params(ImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = QuestionImport), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem), (status = 507, body = Problem)))]
async fn create_question_import(
    State(app): State<App>,
    Author(caller): Author,
    InQuery(query): InQuery<ImportQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<QuestionImport>), ApiError> {
    // Told before a byte of it is taken, where the client says how much is coming.
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if let Some(length) = announced {
        imports::foresee(&app.questions, &caller, query.organisation, length).await?;
    }
    let body = body.into_data_stream().map(|part| part.map_err(std::io::Error::other));
    let made = imports::create(&app.questions, &caller, query.organisation, &query.filename, Box::pin(body)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// The caller's imports, the newest first. Those that failed or were saved to the last question stay for
/// 30 days, the others until they are thrown away.
#[utoipa::path(get, path = "/api/question-imports", operation_id = "list_question_imports", tag = "questions", params(PageQuery),
    responses((status = 200, body = Paged<QuestionImport>), (status = 401, body = Problem)))]
async fn list_question_imports(
    State(app): State<App>,
    Author(caller): Author,
    InQuery(page): InQuery<PageQuery>,
) -> Result<Json<Paged<QuestionImport>>, ApiError> {
    Ok(Json(imports::list(&app.questions, &caller, page.cursor().as_ref(), page.limit()).await?.into()))
}

/// How an import stands.
#[utoipa::path(get, path = "/api/question-imports/{id}", operation_id = "get_question_import", tag = "questions", params(("id" = QuestionImportId, Path)),
    responses((status = 200, body = QuestionImport), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_question_import(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
) -> Result<Json<QuestionImport>, ApiError> {
    Ok(Json(imports::get(&app.questions, &caller, id).await?))
}

/// Throws an import away; what was saved of it stays in the bank.
#[utoipa::path(delete, path = "/api/question-imports/{id}", operation_id = "delete_question_import", tag = "questions", params(("id" = QuestionImportId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn delete_question_import(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
) -> Result<StatusCode, ApiError> {
    imports::delete(&app.questions, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads a file again that could not be read.
#[utoipa::path(post, path = "/api/question-imports/{id}/retry", operation_id = "retry_question_import", tag = "questions", params(("id" = QuestionImportId, Path)),
    responses((status = 200, body = QuestionImport), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn retry_question_import(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
) -> Result<Json<QuestionImport>, ApiError> {
    Ok(Json(imports::retry(&app.questions, &caller, id).await?))
}

/// Puts questions of the paper into a folder of the bank, all that are named or none. They leave the
/// paper, the others stay on the desk.
#[utoipa::path(post, path = "/api/question-imports/{id}/save", operation_id = "save_question_import", tag = "questions", params(("id" = QuestionImportId, Path)),
    request_body = SaveInput,
    responses((status = 200, body = Saved), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn save_question_import(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
    Json(input): Json<SaveInput>,
) -> Result<Json<Saved>, ApiError> {
    Ok(Json(imports::save(&app.questions, &caller, id, input).await?))
}

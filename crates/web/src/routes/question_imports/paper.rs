//! The paper on the desk: its questions, how it looked, its pictures, what is like it.

use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use kernel::QuestionImportId;
use papers::document::Document;
use questions::files::LARGEST_FILE;
use questions::imports::{self, LARGEST_PAPER, Likeness, PaperInput, PaperMedia, PaperSaved, QuestionPaper};

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::send::{REVALIDATED, send_text};
use crate::routes::described::{Routes, routes};
use crate::routes::questions::{shown, whole};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(get_question_paper, put_question_paper))
        .layer(DefaultBodyLimit::max(LARGEST_PAPER))
        .merge(Routes::new().routes(routes!(add_question_import_media)).layer(DefaultBodyLimit::max(LARGEST_FILE)))
        .routes(routes!(get_question_document))
        .routes(routes!(get_question_import_media))
        .routes(routes!(list_question_import_duplicates))
}

/// The questions of a paper that has been read.
#[utoipa::path(get, path = "/api/question-imports/{id}/paper", operation_id = "get_question_paper", tag = "questions", params(("id" = QuestionImportId, Path)),
    responses((status = 200, body = QuestionPaper), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_question_paper(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
) -> Result<Json<QuestionPaper>, ApiError> {
    Ok(Json(imports::get_paper(&app.questions, &caller, id).await?))
}

/// Keeps the paper as its maker has it now; nothing goes into the bank. 32 MB at most.
#[utoipa::path(put, path = "/api/question-imports/{id}/paper", operation_id = "put_question_paper", tag = "questions", params(("id" = QuestionImportId, Path)),
    request_body = PaperInput,
    responses((status = 200, body = PaperSaved), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn put_question_paper(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
    Json(input): Json<PaperInput>,
) -> Result<Json<PaperSaved>, ApiError> {
    Ok(Json(imports::put_paper(&app.questions, &caller, id, input).await?))
}

/// The paper as it looked; without blocks where the file has no look.
#[utoipa::path(get, path = "/api/question-imports/{id}/document", operation_id = "get_question_document", tag = "questions", params(("id" = QuestionImportId, Path)),
    responses((status = 200, body = Document), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_question_document(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let json = imports::get_document(&app.questions, &caller, id).await?;
    Ok(send_text(json, "application/json", REVALIDATED, None, &headers))
}

/// A picture or sound of the paper.
#[utoipa::path(get, path = "/api/question-imports/{id}/media/{media_id}", operation_id = "get_question_import_media", tag = "questions",
    params(("id" = QuestionImportId, Path), ("media_id" = String, Path)),
    responses((status = 200, description = "its bytes"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_question_import_media(
    State(app): State<App>,
    Author(caller): Author,
    InPath((id, media)): InPath<(QuestionImportId, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let source = imports::get_media(&app.questions, &caller, id, &media).await?.ok_or_else(ApiError::not_found)?;
    shown(&app, &source, &headers).await
}

/// Takes a picture or sound that the paper lacks, told by its bytes; 20 MB at most. It goes when the paper
/// is thrown away, unless a question took it into the bank.
#[utoipa::path(post, path = "/api/question-imports/{id}/media", operation_id = "add_question_import_media", tag = "questions",
    params(("id" = QuestionImportId, Path)), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = PaperMedia), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn add_question_import_media(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<PaperMedia>), ApiError> {
    Ok((StatusCode::CREATED, Json(imports::add_media(&app.questions, &caller, id, whole(body)?).await?)))
}

/// What is like the paper's questions: in the bank, as far as the caller may read it, and in the paper.
#[utoipa::path(get, path = "/api/question-imports/{id}/duplicates", operation_id = "list_question_import_duplicates", tag = "questions", params(("id" = QuestionImportId, Path)),
    responses((status = 200, body = Items<Likeness>), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn list_question_import_duplicates(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionImportId>,
) -> Result<Json<Items<Likeness>>, ApiError> {
    Ok(Json(Items { items: imports::duplicates(&app.questions, &caller, id).await? }))
}

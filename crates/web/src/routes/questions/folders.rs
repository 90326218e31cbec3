//! Folders of questions.

use axum::extract::State;
use http::StatusCode;
use kernel::QuestionFolderId;
use questions::bank::folders::{self, FolderChange, QuestionFolder};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_folders, create_folder)).routes(routes!(change_folder, delete_folder))
}

/// Every folder the caller may read, in the order to show them.
#[utoipa::path(get, path = "/api/question-folders", operation_id = "list_question_folders", tag = "questions",
    responses((status = 200, body = Items<QuestionFolder>), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list_folders(State(app): State<App>, Author(caller): Author) -> Result<Json<Items<QuestionFolder>>, ApiError> {
    Ok(Json(Items { items: folders::list(&app.questions, &caller).await? }))
}

/// A folder to make.
#[derive(Debug, Deserialize, ToSchema)]
struct FolderInput {
    /// The folder it lies in.
    parent_id: QuestionFolderId,
    /// Its name.
    name: String,
}

/// Makes a folder; one of the same name is given back as it is.
#[utoipa::path(post, path = "/api/question-folders", operation_id = "create_question_folder", tag = "questions", request_body = FolderInput,
    responses((status = 201, body = QuestionFolder), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_folder(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<FolderInput>,
) -> Result<(StatusCode, Json<QuestionFolder>), ApiError> {
    Ok((StatusCode::CREATED, Json(folders::create(&app.questions, &caller, input.parent_id, &input.name).await?)))
}

/// A change of a folder. Fields left out stay as they are.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct FolderChangeInput {
    /// Its name.
    name: Option<String>,
    /// The folder it lies in, of the same bank.
    parent_id: Option<QuestionFolderId>,
}

/// Renames or moves a folder within its bank.
#[utoipa::path(patch, path = "/api/question-folders/{id}", operation_id = "change_question_folder", tag = "questions", params(("id" = QuestionFolderId, Path)), request_body = FolderChangeInput,
    responses((status = 200, body = QuestionFolder), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn change_folder(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionFolderId>,
    Json(input): Json<FolderChangeInput>,
) -> Result<Json<QuestionFolder>, ApiError> {
    let change = FolderChange { name: input.name, parent: input.parent_id };
    Ok(Json(folders::change(&app.questions, &caller, id, &change).await?))
}

/// Deletes a folder with nothing in it.
#[utoipa::path(delete, path = "/api/question-folders/{id}", operation_id = "delete_question_folder", tag = "questions", params(("id" = QuestionFolderId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete_folder(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionFolderId>,
) -> Result<StatusCode, ApiError> {
    folders::delete(&app.questions, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

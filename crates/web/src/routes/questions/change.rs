//! Questions made, saved, thrown away, brought back, merged.

use axum::extract::State;
use http::StatusCode;
use kernel::{QuestionFolderId, QuestionId};
use papers::model::{Level, Question};
use papers::rich::Rich;
use questions::bank::{self, BulkChange, Cleared, MediaUse, Merge, QuestionDetail, QuestionInput, QuestionMeta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, Json};
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

/// Those that take a whole question.
pub(super) fn written() -> Routes {
    Routes::new().routes(routes!(create_question)).routes(routes!(save_question, delete_question))
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(restore_question))
        .routes(routes!(change_questions))
        .routes(routes!(delete_questions))
        .routes(routes!(merge_question))
        .routes(routes!(merge_questions))
        .routes(routes!(restore_questions))
}

/// A question to begin.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewQuestionInput {
    /// Where it goes.
    folder_id: QuestionFolderId,
    /// The question.
    question: Question,
    /// What stands above it.
    #[serde(default)]
    passage: Option<Rich>,
    /// The files its texts name.
    #[serde(default)]
    media: Vec<MediaUse>,
    /// Where it stands in the curriculum.
    #[serde(default)]
    meta: QuestionMeta,
}

/// Writes a new question.
#[utoipa::path(post, path = "/api/questions", operation_id = "create_question", tag = "questions", request_body = NewQuestionInput,
    responses((status = 201, body = QuestionDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn create_question(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<NewQuestionInput>,
) -> Result<(StatusCode, Json<QuestionDetail>), ApiError> {
    let NewQuestionInput { folder_id, question, passage, media, meta } = input;
    let input = QuestionInput { revision: 0, question, passage, media, meta };
    Ok((StatusCode::CREATED, Json(bank::create(&app.questions, &caller, folder_id, input).await?)))
}

/// Saves a question over the revision it was made from.
#[utoipa::path(put, path = "/api/questions/{id}", operation_id = "save_question", tag = "questions", params(("id" = QuestionId, Path)), request_body = QuestionInput,
    responses((status = 200, body = QuestionDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn save_question(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionId>,
    Json(input): Json<QuestionInput>,
) -> Result<Json<QuestionDetail>, ApiError> {
    Ok(Json(bank::save(&app.questions, &caller, id, input).await?))
}

/// Puts a question into the bin, where it stays for 30 days.
#[utoipa::path(delete, path = "/api/questions/{id}", operation_id = "delete_question", tag = "questions", params(("id" = QuestionId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn delete_question(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionId>,
) -> Result<StatusCode, ApiError> {
    bank::delete(&app.questions, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a question out of the bin.
#[utoipa::path(post, path = "/api/questions/{id}/restore", operation_id = "restore_question", tag = "questions", params(("id" = QuestionId, Path)),
    responses((status = 200, body = QuestionDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn restore_question(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionId>,
) -> Result<Json<QuestionDetail>, ApiError> {
    Ok(Json(bank::restore(&app.questions, &caller, id).await?))
}

/// What is changed of many questions. Fields left out stay as they are.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct BulkSet {
    /// Their level.
    level: Option<Level>,
    /// Subject code.
    subject: Option<String>,
    /// 1 to 12.
    grade: Option<u8>,
    /// Requirement code.
    requirement: Option<String>,
    /// What they lose, unless it is set as well.
    clear: Vec<Cleared>,
    /// Where they go.
    folder_id: Option<QuestionFolderId>,
    /// Tags they get.
    add_tags: Vec<String>,
    /// Tags they lose.
    remove_tags: Vec<String>,
}

/// A change of many questions.
#[derive(Debug, Deserialize, ToSchema)]
struct BulkInput {
    /// 500 at most.
    ids: Vec<QuestionId>,
    /// What is changed.
    set: BulkSet,
}

/// Questions to throw away.
#[derive(Debug, Deserialize, ToSchema)]
struct BulkDeleteInput {
    /// 500 at most.
    ids: Vec<QuestionId>,
}

/// How many were changed.
#[derive(Debug, Serialize, ToSchema)]
struct Changed {
    /// Questions.
    changed: usize,
}

/// Changes what is said about many questions; all or nothing.
#[utoipa::path(post, path = "/api/questions/bulk", operation_id = "change_questions", tag = "questions", request_body = BulkInput,
    responses((status = 200, body = Changed), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change_questions(State(app): State<App>, Author(caller): Author, Json(input): Json<BulkInput>) -> Result<Json<Changed>, ApiError> {
    let BulkSet { level, subject, grade, requirement, clear, folder_id, add_tags, remove_tags } = input.set;
    let change = BulkChange { level, subject, grade, requirement, clear, folder: folder_id, add_tags, remove_tags };
    Ok(Json(Changed { changed: bank::bulk(&app.questions, &caller, &input.ids, &change).await? }))
}

/// Puts questions into the bin; all or none.
#[utoipa::path(post, path = "/api/questions/bulk-delete", operation_id = "delete_questions", tag = "questions", request_body = BulkDeleteInput,
    responses((status = 200, body = Changed), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn delete_questions(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<BulkDeleteInput>,
) -> Result<Json<Changed>, ApiError> {
    Ok(Json(Changed { changed: bank::bulk_delete(&app.questions, &caller, &input.ids).await? }))
}

/// Questions to take out of the bin.
#[derive(Debug, Deserialize, ToSchema)]
struct BulkRestoreInput {
    /// 500 at most.
    ids: Vec<QuestionId>,
}

/// Takes questions out of the bin; all or none.
#[utoipa::path(post, path = "/api/questions/bulk-restore", operation_id = "restore_questions", tag = "questions", request_body = BulkRestoreInput,
    responses((status = 200, body = Changed), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn restore_questions(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<BulkRestoreInput>,
) -> Result<Json<Changed>, ApiError> {
    Ok(Json(Changed { changed: bank::restore_all(&app.questions, &caller, &input.ids).await? }))
}

/// Questions that say the same.
#[derive(Debug, Deserialize, ToSchema)]
struct MergeGroup {
    /// The one that stays.
    into: QuestionId,
    /// Those that go into the bin.
    ids: Vec<QuestionId>,
}

/// Groups of questions that say the same.
#[derive(Debug, Deserialize, ToSchema)]
struct MergeGroupsInput {
    /// 500 questions at most.
    groups: Vec<MergeGroup>,
}

/// Makes one question of each group, all of them or none; the others go into the bin.
#[utoipa::path(post, path = "/api/questions/merge", operation_id = "merge_questions", tag = "questions", request_body = MergeGroupsInput,
    responses((status = 200, body = Changed), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn merge_questions(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<MergeGroupsInput>,
) -> Result<Json<Changed>, ApiError> {
    let groups: Vec<Merge> = input.groups.into_iter().map(|MergeGroup { into, ids }| Merge { into, ids }).collect();
    Ok(Json(Changed { changed: bank::merge_all(&app.questions, &caller, &groups).await? }))
}

/// Into which question.
#[derive(Debug, Deserialize, ToSchema)]
struct MergeInput {
    /// The one that stays.
    into: QuestionId,
}

/// Makes one of two questions; this one goes into the bin.
#[utoipa::path(post, path = "/api/questions/{id}/merge", operation_id = "merge_question", tag = "questions", params(("id" = QuestionId, Path)), request_body = MergeInput,
    responses((status = 200, body = QuestionDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn merge_question(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionId>,
    Json(input): Json<MergeInput>,
) -> Result<Json<QuestionDetail>, ApiError> {
    Ok(Json(bank::merge(&app.questions, &caller, id, input.into).await?))
}

//! Lessons: drafts and versions.

mod editors;
mod versions;

use axum::extract::{DefaultBodyLimit, State};
use content::lessons::{self, DraftInput, Lesson, LessonDraft, LessonError, LessonFilter, LessonRow, SavedDraft};
use http::StatusCode;
use kernel::{LessonId, OrganisationId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{PageQuery, Paged};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

/// Largest draft taken, in bytes of JSON.
const LARGEST_DRAFT: usize = 4 << 20;

pub(super) fn routes() -> Routes {
    let drafts = Routes::new().routes(routes!(get_draft, save_draft)).layer(DefaultBodyLimit::max(LARGEST_DRAFT));
    Routes::new()
        .routes(routes!(create_lesson, list_lessons))
        .routes(routes!(get_lesson, delete_lesson))
        .routes(routes!(publish_lesson))
        .routes(routes!(withdraw_lesson))
        .merge(drafts)
        .merge(versions::routes())
        .merge(editors::routes())
}

impl From<LessonError> for ApiError {
    fn from(error: LessonError) -> Self {
        match error {
            LessonError::Denied(denied) => denied.into(),
            LessonError::Db(error) => error.into(),
            LessonError::Invalid(faults) => faults.into(),
            LessonError::Doc(content::doc::DocError::TooLarge) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            LessonError::Doc(content::doc::DocError::NotADoc) => Self::invalid_field("/doc", "wrong-shape"),
            LessonError::NewerDraft { revision } => Self::new(StatusCode::CONFLICT, "newer-draft").with_detail(revision.to_string()),
            LessonError::Published => Self::new(StatusCode::CONFLICT, "conflict"),
            LessonError::NoVersion => Self::not_found(),
            LessonError::CreatorStays => Self::new(StatusCode::CONFLICT, "creator-stays"),
        }
    }
}

/// A lesson to begin.
#[derive(Debug, Deserialize, ToSchema)]
struct NewLessonInput {
    /// Whose it is to be.
    organisation_id: OrganisationId,
    /// What is known about it.
    meta: NewLessonMeta,
}

/// What is known about a lesson at its beginning.
#[derive(Debug, Deserialize, ToSchema)]
struct NewLessonMeta {
    /// Its title, may be empty.
    title: String,
}

/// Begins a lesson.
#[utoipa::path(post, path = "/api/lessons", operation_id = "create_lesson", tag = "lessons", request_body = NewLessonInput,
    responses((status = 201, body = LessonDraft), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn create_lesson(
    State(app): State<App>,
    By(caller): By,
    Json(input): Json<NewLessonInput>,
) -> Result<(StatusCode, Json<LessonDraft>), ApiError> {
    let draft = lessons::create(&app.content, &caller, input.organisation_id, &input.meta.title).await?;
    Ok((StatusCode::CREATED, Json(draft)))
}

/// Which lessons.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StateQuery {
    /// Never published.
    Draft,
    /// Published.
    Published,
    /// All.
    #[default]
    All,
}

/// Which lessons.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LessonQuery {
    /// All unless asked.
    state: Option<StateQuery>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page.
    limit: Option<u32>,
}

/// Lessons the caller may edit, last saved first.
#[utoipa::path(get, path = "/api/lessons", operation_id = "list_lessons", tag = "lessons", params(LessonQuery),
    responses((status = 200, body = Paged<LessonRow>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_lessons(
    State(app): State<App>,
    By(caller): By,
    InQuery(query): InQuery<LessonQuery>,
) -> Result<Json<Paged<LessonRow>>, ApiError> {
    let page = PageQuery { after: query.after, limit: query.limit };
    let filter = match query.state.unwrap_or_default() {
        StateQuery::Draft => LessonFilter::Draft,
        StateQuery::Published => LessonFilter::Published,
        StateQuery::All => LessonFilter::All,
    };
    Ok(Json(lessons::list_editable(&app.content, &caller, filter, page.cursor().as_ref(), page.limit()).await?.into()))
}

/// The published lesson.
#[utoipa::path(get, path = "/api/lessons/{id}", operation_id = "get_lesson", tag = "lessons", params(("id" = LessonId, Path)),
    responses((status = 200, body = Lesson), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_lesson(State(app): State<App>, By(caller): By, InPath(id): InPath<LessonId>) -> Result<Json<Lesson>, ApiError> {
    Ok(Json(lessons::get_lesson(&app.content, &caller, id).await?))
}

/// Deletes a lesson that was never published.
#[utoipa::path(delete, path = "/api/lessons/{id}", operation_id = "delete_lesson", tag = "lessons", params(("id" = LessonId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn delete_lesson(State(app): State<App>, By(caller): By, InPath(id): InPath<LessonId>) -> Result<StatusCode, ApiError> {
    lessons::delete(&app.content, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The draft.
#[utoipa::path(get, path = "/api/lessons/{id}/draft", operation_id = "get_draft", tag = "lessons", params(("id" = LessonId, Path)),
    responses((status = 200, body = LessonDraft), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn get_draft(State(app): State<App>, By(caller): By, InPath(id): InPath<LessonId>) -> Result<Json<LessonDraft>, ApiError> {
    Ok(Json(lessons::get_draft(&app.content, &caller, id).await?))
}

/// Saves the draft over the revision it was made from.
#[utoipa::path(put, path = "/api/lessons/{id}/draft", operation_id = "save_draft", tag = "lessons", params(("id" = LessonId, Path)), request_body = DraftInput,
    responses((status = 200, body = SavedDraft), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`newer-draft`; `detail` is the revision the server has"), (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn save_draft(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<LessonId>,
    Json(input): Json<DraftInput>,
) -> Result<Json<SavedDraft>, ApiError> {
    Ok(Json(lessons::save(&app.content, &caller, id, &input).await?))
}

/// What to publish.
#[derive(Debug, Deserialize, ToSchema)]
struct PublishInput {
    /// The revision the caller has seen.
    revision: i64,
    /// About the change.
    note: Option<String>,
}

/// Publishes the draft as the next version.
#[utoipa::path(post, path = "/api/lessons/{id}/publish", operation_id = "publish_lesson", tag = "lessons", params(("id" = LessonId, Path)), request_body = PublishInput,
    responses((status = 200, body = Lesson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn publish_lesson(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<LessonId>,
    Json(input): Json<PublishInput>,
) -> Result<Json<Lesson>, ApiError> {
    Ok(Json(lessons::publish(&app.content, &caller, id, input.revision, input.note.as_deref()).await?))
}

/// Takes a lesson out of the library.
#[utoipa::path(post, path = "/api/lessons/{id}/withdraw", operation_id = "withdraw_lesson", tag = "lessons", params(("id" = LessonId, Path)),
    responses((status = 200, body = LessonRow), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn withdraw_lesson(State(app): State<App>, By(caller): By, InPath(id): InPath<LessonId>) -> Result<Json<LessonRow>, ApiError> {
    Ok(Json(lessons::withdraw(&app.content, &caller, id).await?))
}

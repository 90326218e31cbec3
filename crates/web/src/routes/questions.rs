//! The question bank.

mod change;
mod export;
mod files;
mod folders;
mod reports;
mod shares;

use axum::extract::{DefaultBodyLimit, State};
use content::processing::FinishError;
use http::StatusCode;
use kernel::{Cursor, QuestionFolderId, QuestionId};
use papers::model::{Key, Level, QuestionType};
use questions::bank::{self, BankError, QuestionDetail, QuestionFilter, QuestionRow, Reported, Used};
use questions::files::FileError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(in crate::routes) use files::{shown, whole};

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{Items, PageQuery};
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

/// Largest question taken, in bytes of JSON.
const LARGEST_QUESTION: usize = 4 << 20;

pub(super) fn routes() -> Routes {
    let written = Routes::new()
        .routes(routes!(list_questions))
        .routes(routes!(get_question))
        .merge(change::written())
        .layer(DefaultBodyLimit::max(LARGEST_QUESTION));
    Routes::new()
        .merge(written)
        .routes(routes!(list_duplicates))
        .routes(routes!(list_folder_duplicates))
        .merge(change::routes())
        .merge(export::routes())
        .merge(files::routes())
        .merge(folders::routes())
        .merge(reports::routes())
        .merge(shares::routes())
}

impl From<BankError> for ApiError {
    fn from(error: BankError) -> Self {
        match error {
            BankError::Denied(denied) => denied.into(),
            BankError::Db(error) => error.into(),
            BankError::Invalid(faults) => faults.into(),
            BankError::Store(error) => stored(error),
            BankError::NewerDraft { revision } => Self::new(StatusCode::CONFLICT, "newer-draft").with_detail(revision.to_string()),
            BankError::NoVersion => Self::not_found(),
            BankError::FolderNotEmpty => Self::new(StatusCode::CONFLICT, "folder-not-empty"),
            BankError::RootStays => Self::new(StatusCode::CONFLICT, "root-stays"),
            BankError::BadPlace => Self::new(StatusCode::CONFLICT, "bad-place"),
            BankError::CannotMerge => Self::new(StatusCode::CONFLICT, "cannot-merge"),
            error @ (BankError::Search(_) | BankError::Write(_)) => Self::internal(error),
        }
    }
}

/// What storing bytes may say.
fn stored(error: FinishError) -> ApiError {
    match error {
        FinishError::Db(error) => error.into(),
        FinishError::Blob(error) => error.into(),
        error => ApiError::internal(error),
    }
}

impl From<FileError> for ApiError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Denied(denied) => denied.into(),
            FileError::Db(error) => error.into(),
            FileError::Store(error) => stored(error),
            FileError::Quota => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "quota"),
            FileError::NotMedia => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not-media"),
        }
    }
}

/// Which questions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct QuestionQuery {
    /// Words, with or without diacritics; `$…$` is a formula.
    q: Option<String>,
    /// In this folder or below it.
    folder_id: Option<QuestionFolderId>,
    /// Of this kind.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    kind: Option<QuestionType>,
    /// Of this level.
    level: Option<Level>,
    /// Subject code.
    subject: Option<String>,
    /// 1 to 12.
    grade: Option<u8>,
    /// Requirement code.
    requirement: Option<String>,
    /// With this tag.
    tag: Option<String>,
    /// By what is known of the key.
    key: Option<Key>,
    /// True: only those with open reports.
    reported: Option<bool>,
    /// Given in a test, or never.
    used: Option<bool>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page: 50 unless asked, 200 at most.
    limit: Option<u32>,
}

/// A page of questions.
#[derive(Debug, Serialize, ToSchema)]
struct FoundQuestions {
    /// In all, where words were looked for.
    total: Option<usize>,
    /// The rows.
    items: Vec<QuestionRow>,
    /// What to send as `after` for the next page; null at the end.
    next: Option<String>,
}

/// Questions the caller may read: with words the best first, without the newest first.
#[utoipa::path(get, path = "/api/questions", operation_id = "list_questions", tag = "questions", params(QuestionQuery),
    responses((status = 200, body = FoundQuestions), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn list_questions(
    State(app): State<App>,
    Author(caller): Author,
    InQuery(query): InQuery<QuestionQuery>,
) -> Result<Json<FoundQuestions>, ApiError> {
    let page = PageQuery { after: query.after, limit: query.limit };
    let filter = QuestionFilter {
        text: query.q.unwrap_or_default(),
        folder: query.folder_id,
        kind: query.kind,
        level: query.level,
        subject: query.subject,
        grade: query.grade,
        requirement: query.requirement,
        tag: query.tag,
        key: query.key,
        reported: query.reported.filter(|only| *only).map(|_| Reported),
        used: query.used.map(|used| if used { Used::Yes } else { Used::No }),
    };
    let found = bank::find(&app.questions, &caller, &filter, page.cursor().as_ref(), page.limit()).await?;
    let next = found.next.as_ref().map(Cursor::as_str).map(str::to_owned);
    Ok(Json(FoundQuestions { total: found.total, items: found.items, next }))
}

/// Which version.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct VersionQuery {
    /// The newest unless asked.
    version: Option<i64>,
}

/// A question with everything an editor shows.
#[utoipa::path(get, path = "/api/questions/{id}", operation_id = "get_question", tag = "questions", params(("id" = QuestionId, Path), VersionQuery),
    responses((status = 200, body = QuestionDetail), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_question(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionId>,
    InQuery(query): InQuery<VersionQuery>,
) -> Result<Json<QuestionDetail>, ApiError> {
    Ok(Json(bank::get(&app.questions, &caller, id, query.version).await?))
}

/// Questions that say nearly what this one does.
#[utoipa::path(get, path = "/api/questions/{id}/duplicates", operation_id = "list_question_duplicates", tag = "questions", params(("id" = QuestionId, Path)),
    responses((status = 200, body = Items<bank::similar::NearDuplicate>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_duplicates(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionId>,
) -> Result<Json<Items<bank::similar::NearDuplicate>>, ApiError> {
    Ok(Json(Items { items: bank::similar::of_question(&app.questions, &caller, id).await? }))
}

/// Which folder.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FolderQuery {
    /// With all below it.
    folder_id: QuestionFolderId,
}

/// Groups of near-duplicates.
#[derive(Debug, Serialize, ToSchema)]
struct DuplicateGroups {
    /// The first hundred.
    groups: Vec<bank::similar::DuplicateGroup>,
}

/// Groups of near-duplicates in a folder and below it.
#[utoipa::path(get, path = "/api/question-duplicates", operation_id = "list_folder_duplicates", tag = "questions", params(FolderQuery),
    responses((status = 200, body = DuplicateGroups), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn list_folder_duplicates(
    State(app): State<App>,
    Author(caller): Author,
    InQuery(query): InQuery<FolderQuery>,
) -> Result<Json<DuplicateGroups>, ApiError> {
    Ok(Json(DuplicateGroups { groups: bank::similar::in_folder(&app.questions, &caller, query.folder_id).await? }))
}

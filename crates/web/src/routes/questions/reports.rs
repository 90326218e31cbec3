//! Word of something wrong in questions.

use axum::extract::State;
use http::StatusCode;
use kernel::{QuestionId, QuestionReportId};
use questions::bank::reports::{self, QuestionReport, ReportReason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_reports, add_report)).routes(routes!(resolve_report))
}

/// What was reported of a question, open ones first.
#[utoipa::path(get, path = "/api/questions/{id}/reports", operation_id = "list_question_reports", tag = "questions", params(("id" = QuestionId, Path)),
    responses((status = 200, body = Items<QuestionReport>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_reports(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionId>,
) -> Result<Json<Items<QuestionReport>>, ApiError> {
    Ok(Json(Items { items: reports::list(&app.questions, &caller, id).await? }))
}

/// What is wrong.
#[derive(Debug, Deserialize, ToSchema)]
struct ReportInput {
    /// With what.
    reason: ReportReason,
    /// In the reporter's words.
    #[serde(default)]
    note: String,
}

/// Reports something wrong in a question.
#[utoipa::path(post, path = "/api/questions/{id}/reports", operation_id = "report_question", tag = "questions", params(("id" = QuestionId, Path)), request_body = ReportInput,
    responses((status = 201, body = Items<QuestionReport>), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn add_report(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionId>,
    Json(input): Json<ReportInput>,
) -> Result<(StatusCode, Json<Items<QuestionReport>>), ApiError> {
    let items = reports::add(&app.questions, &caller, id, input.reason, &input.note).await?;
    Ok((StatusCode::CREATED, Json(Items { items })))
}

/// Says that a report was seen to.
#[utoipa::path(post, path = "/api/question-reports/{id}/resolve", operation_id = "resolve_question_report", tag = "questions", params(("id" = QuestionReportId, Path)),
    responses((status = 200, body = Items<QuestionReport>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn resolve_report(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionReportId>,
) -> Result<Json<Items<QuestionReport>>, ApiError> {
    Ok(Json(Items { items: reports::resolve(&app.questions, &caller, id).await? }))
}

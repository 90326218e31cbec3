//! Light text in and out, and the spreadsheet to fill in. Nothing is kept.

use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use http::header;
use questions::imports::LARGEST_PAPER;
use questions::imports::light::{self, LightParsed, LightQuestions, LightText};

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::Json;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Most bytes of light text: thousands of questions.
const LARGEST_TEXT: usize = 8 << 20;

pub(super) fn routes() -> Routes {
    let parsed = Routes::new().routes(routes!(parse_light_questions)).layer(DefaultBodyLimit::max(LARGEST_TEXT));
    Routes::new()
        .routes(routes!(print_light_questions))
        .layer(DefaultBodyLimit::max(LARGEST_PAPER))
        .merge(parsed)
        .routes(routes!(get_question_template))
}

/// Questions as light text.
#[utoipa::path(post, path = "/api/questions/light/print", operation_id = "print_light_questions", tag = "questions", request_body = LightQuestions,
    responses((status = 200, body = LightText), (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn print_light_questions(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<LightQuestions>,
) -> Result<Json<LightText>, ApiError> {
    Ok(Json(light::print(&app.questions, &caller, input).await?))
}

/// Light text as questions.
#[utoipa::path(post, path = "/api/questions/light/parse", operation_id = "parse_light_questions", tag = "questions", request_body = LightText,
    responses((status = 200, body = LightParsed), (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
async fn parse_light_questions(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<LightText>,
) -> Result<Json<LightParsed>, ApiError> {
    Ok(Json(light::parse(&app.questions, &caller, input).await?))
}

/// A spreadsheet to fill in with questions.
#[utoipa::path(get, path = "/api/question-template.xlsx", operation_id = "get_question_template", tag = "questions",
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn get_question_template(State(app): State<App>, Author(caller): Author) -> Result<Response, ApiError> {
    let bytes = light::template(&app.questions, &caller).await?;
    let headers = [
        (header::CONTENT_TYPE, XLSX),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mau-cau-hoi.xlsx\""),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    Ok((headers, bytes).into_response())
}

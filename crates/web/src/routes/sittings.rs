//! Sitting a test. Before the bell and afterwards a session says who asks; in between the secret of the
//! device does, so that saving asks neither for a session nor for an account.

mod check;
mod photos;
mod receipts;

use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use classroom::attempts::{self, BeginInput, LinkLobby, Lobby, Message, Receipt, ResultView, SaveInput, SaveOutcome, Sitting, Token};
use classroom::tests;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use kernel::{AttemptId, TestEntrantId, TestId, TestPaperId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::client_address::ClientAddress;
use crate::http::extract::{InPath, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(get_test_lobby))
        .routes(routes!(begin_test))
        .routes(routes!(get_test_link))
        .routes(routes!(begin_test_link))
        .routes(routes!(get_sealed_paper))
        .routes(routes!(get_sealed_file))
        .routes(routes!(get_attempt_result))
        .routes(routes!(get_result_by_receipt))
        .merge(receipts::routes())
        .merge(of_devices())
}

/// What a device sends with its secret, all the time and all at once.
pub(super) fn saving() -> Routes {
    Routes::new().routes(routes!(save_answers)).routes(routes!(hand_in))
}

/// What a device asks for with its secret.
fn of_devices() -> Routes {
    Routes::new()
        .routes(routes!(get_open_paper))
        .routes(routes!(get_open_file))
        .routes(routes!(list_sitting_messages))
        .merge(check::routes())
        .merge(photos::routes())
}

/// The secret of a device, as `Authorization: Bearer …`.
pub(super) struct Device(pub(super) Token);

impl FromRequestParts<App> for Device {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let secret = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let secret = secret.filter(|secret| secret.len() < 100).ok_or(attempts::AttemptError::NoDevice)?;
        Ok(Self(Token::from_client(secret)))
    }
}

fn user_agent(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// What a pupil sees of a test before it begins. A teacher of it sees the same, to try it.
#[utoipa::path(get, path = "/api/tests/{id}/lobby", operation_id = "get_test_lobby", tag = "sitting", params(("id" = TestId, Path)),
    responses((status = 200, body = Lobby), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_test_lobby(State(app): State<App>, By(caller): By, InPath(id): InPath<TestId>) -> Result<Json<Lobby>, ApiError> {
    Ok(Json(attempts::lobby(&app.classroom, &caller, id).await?))
}

/// Begins an attempt, or goes on with the one under way at this device.
#[utoipa::path(post, path = "/api/tests/{id}/begin", operation_id = "begin_test", tag = "sitting", params(("id" = TestId, Path)), request_body = BeginInput,
    responses((status = 200, body = Sitting), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
async fn begin_test(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<TestId>,
    headers: HeaderMap,
    Json(input): Json<BeginInput>,
) -> Result<Json<Sitting>, ApiError> {
    let input = BeginInput { user_agent: user_agent(&headers), ..input };
    Ok(Json(attempts::begin(&app.classroom, &caller, id, input).await?))
}

/// A test by its link, for people without an account.
#[utoipa::path(get, path = "/api/test-links/{link}", operation_id = "get_test_link", tag = "sitting", params(("link" = String, Path)),
    responses((status = 200, body = LinkLobby), (status = 404, body = Problem)))]
async fn get_test_link(State(app): State<App>, InPath(link): InPath<String>) -> Result<Json<LinkLobby>, ApiError> {
    Ok(Json(attempts::by_link(&app.classroom, &link).await?))
}

/// Begins under a name of the roster.
#[derive(Debug, Deserialize, ToSchema)]
struct LinkBeginInput {
    /// The name that was picked.
    entrant_id: TestEntrantId,
    /// As for everybody.
    #[serde(flatten)]
    begin: BeginInput,
}

/// Begins by the link, under a name of its roster.
#[utoipa::path(post, path = "/api/test-links/{link}/begin", operation_id = "begin_test_link", tag = "sitting", params(("link" = String, Path)), request_body = LinkBeginInput,
    responses((status = 200, body = Sitting), (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
async fn begin_test_link(
    State(app): State<App>,
    InPath(link): InPath<String>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Json(input): Json<LinkBeginInput>,
) -> Result<Json<Sitting>, ApiError> {
    let begin = BeginInput { user_agent: user_agent(&headers), ..input.begin };
    Ok(Json(attempts::begin_by_link(&app.classroom, &link, input.entrant_id, begin, &address).await?))
}

/// Bytes that never change and are worth nothing by themselves: any cache may keep them.
fn sealed(bytes: Bytes) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=604800, immutable"));
    response
}

/// A sealed paper: AES-256-GCM over gzip over JSON, under the nonce 0. It opens with the key that the
/// beginning of an attempt brings.
#[utoipa::path(get, path = "/api/test-papers/{id}/{sha256}", operation_id = "get_sealed_paper", tag = "sitting",
    params(("id" = TestPaperId, Path), ("sha256" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
async fn get_sealed_paper(State(app): State<App>, InPath((id, sha256)): InPath<(TestPaperId, String)>) -> Result<Response, ApiError> {
    Ok(sealed(tests::sealed_paper(&app.classroom, id, &sha256).await?))
}

/// A picture or sound of a paper, sealed like it; the nonce is its number.
#[utoipa::path(get, path = "/api/test-papers/{id}/{sha256}/files/{number}", operation_id = "get_sealed_file", tag = "sitting",
    params(("id" = TestPaperId, Path), ("sha256" = String, Path), ("number" = u64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = Problem)))]
async fn get_sealed_file(
    State(app): State<App>,
    InPath((id, sha256, number)): InPath<(TestPaperId, String, u64)>,
) -> Result<Response, ApiError> {
    Ok(sealed(tests::sealed_file(&app.classroom, id, &sha256, number).await?))
}

/// Takes answers and events of a device. Answered when all that is not refused is on disk.
#[utoipa::path(post, path = "/api/sitting/answers", operation_id = "save_answers", tag = "sitting", request_body = SaveInput,
    responses((status = 200, body = SaveOutcome), (status = 401, body = Problem), (status = 413, body = Problem), (status = 503, body = Problem)))]
async fn save_answers(State(app): State<App>, Device(token): Device, Json(input): Json<SaveInput>) -> Result<Json<SaveOutcome>, ApiError> {
    Ok(Json(attempts::save(&app.classroom, &token, input).await?))
}

/// Hands in. Doing it again gives the same receipt.
#[utoipa::path(post, path = "/api/sitting/hand-in", operation_id = "hand_in", tag = "sitting",
    responses((status = 200, body = Receipt), (status = 401, body = Problem), (status = 503, body = Problem)))]
async fn hand_in(State(app): State<App>, Device(token): Device) -> Result<Json<Receipt>, ApiError> {
    Ok(Json(attempts::hand_in(&app.classroom, &token).await?))
}

/// The paper of a device's attempt, open: for browsers that cannot open a sealed one.
#[utoipa::path(get, path = "/api/sitting/paper", operation_id = "get_open_paper", tag = "sitting",
    responses((status = 200, body = tests::ShownPaper), (status = 401, body = Problem)))]
async fn get_open_paper(State(app): State<App>, Device(token): Device) -> Result<Response, ApiError> {
    let paper = tests::open_paper(&app.classroom, &token).await?;
    Ok(([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], paper).into_response())
}

/// A picture or sound of it, open.
#[utoipa::path(get, path = "/api/sitting/files/{number}", operation_id = "get_open_file", tag = "sitting", params(("number" = u64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_open_file(State(app): State<App>, Device(token): Device, InPath(number): InPath<u64>) -> Result<Response, ApiError> {
    let (mime, bytes) = tests::open_file(&app.classroom, &token, number).await?;
    let mut response = ([(header::CACHE_CONTROL, "no-store")], bytes).into_response();
    let mime = HeaderValue::from_str(&mime).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, mime);
    // A drawing is no page: nothing in it runs, whoever opens it.
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// What the teacher said to those who sit.
#[utoipa::path(get, path = "/api/sitting/messages", operation_id = "list_sitting_messages", tag = "sitting",
    responses((status = 200, body = Items<Message>), (status = 401, body = Problem)))]
async fn list_sitting_messages(State(app): State<App>, Device(token): Device) -> Result<Json<Items<Message>>, ApiError> {
    Ok(Json(Items { items: attempts::messages(&app.classroom, &token).await? }))
}

/// What a pupil may see of an attempt of her own.
#[utoipa::path(get, path = "/api/attempts/{id}/result", operation_id = "get_attempt_result", tag = "sitting", params(("id" = AttemptId, Path)),
    responses((status = 200, body = ResultView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_attempt_result(State(app): State<App>, By(caller): By, InPath(id): InPath<AttemptId>) -> Result<Json<ResultView>, ApiError> {
    Ok(Json(attempts::result(&app.classroom, &caller, id).await?))
}

/// A receipt of an attempt without an account.
#[derive(Debug, Deserialize, ToSchema)]
struct ReceiptInput {
    /// The attempt it names.
    attempt_id: AttemptId,
    /// Its code.
    code: String,
}

/// What somebody without an account may see of her attempt, by its receipt.
#[utoipa::path(post, path = "/api/test-receipts", operation_id = "get_result_by_receipt", tag = "sitting", request_body = ReceiptInput,
    responses((status = 200, body = ResultView), (status = 404, body = Problem)))]
async fn get_result_by_receipt(State(app): State<App>, Json(input): Json<ReceiptInput>) -> Result<Json<ResultView>, ApiError> {
    Ok(Json(attempts::result_by_receipt(&app.classroom, input.attempt_id, &input.code).await?))
}

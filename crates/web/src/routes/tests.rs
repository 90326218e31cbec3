//! Tests, as their teachers make, give and watch them.

mod board_changes;

use axum::extract::State;
use classroom::attempts::{self, Action, AttemptDetail, AttemptError, Board, Message};
use classroom::tests::{
    self, Exception, Given, LinkInput, MakeUpInput, NewTest, TargetInput, TestDetail, TestError, TestInput, TestRow, Whom,
};
use http::StatusCode;
use kernel::{AttemptId, ClassId, PersonId, TestEntrantId, TestId};
use scoring::templates::{self, Template};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{Items, PageQuery, Paged};
use crate::http::problem::{ApiError, FieldProblem, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list_tests, create_test))
        .routes(routes!(list_test_templates))
        .routes(routes!(get_test, save_test, delete_test))
        .routes(routes!(give_test))
        .routes(routes!(take_test_back))
        .routes(routes!(set_test_exception))
        .routes(routes!(make_test_up))
        .routes(routes!(try_test))
        .merge(board_changes::routes())
        .routes(routes!(get_test_board))
        .routes(routes!(send_test_message))
        .routes(routes!(get_attempt))
        .routes(routes!(act_on_attempt))
}

impl From<TestError> for ApiError {
    fn from(error: TestError) -> Self {
        match error {
            TestError::Denied(denied) => denied.into(),
            TestError::Db(error) => error.into(),
            TestError::Bank(error) => error.into(),
            TestError::Blob(error) => error.into(),
            TestError::Invalid(faults) => faults.into(),
            TestError::NewerDraft { revision } => Self::new(StatusCode::CONFLICT, "newer-draft").with_detail(revision.to_string()),
            TestError::Begun => Self::new(StatusCode::CONFLICT, "test-begun"),
            TestError::Empty => Self::new(StatusCode::CONFLICT, "test-empty"),
            TestError::WrongState => Self::new(StatusCode::CONFLICT, "conflict"),
            TestError::Unfit(unfit) => Self::invalid(
                unfit
                    .into_iter()
                    .map(|unfit| FieldProblem {
                        pointer: format!("/questions/{}", unfit.question),
                        code: unfit.code.to_owned(),
                        value: None,
                    })
                    .collect(),
            )
            .with_code("test-unfit"),
            TestError::Seal => Self::internal("a paper could not be sealed"),
        }
    }
}

impl From<AttemptError> for ApiError {
    fn from(error: AttemptError) -> Self {
        match error {
            AttemptError::Denied(denied) => denied.into(),
            AttemptError::Db(error) | AttemptError::Group(db::GroupError::Db(error)) => error.into(),
            AttemptError::Group(db::GroupError::Busy) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy").with_retry_after(2),
            AttemptError::Group(error @ db::GroupError::Broken) => Self::internal(error),
            AttemptError::Test(error) => error.into(),
            AttemptError::NotOpenYet => Self::new(StatusCode::CONFLICT, "test-not-open-yet"),
            AttemptError::Over => Self::new(StatusCode::CONFLICT, "test-over"),
            AttemptError::NoAttemptLeft => Self::new(StatusCode::CONFLICT, "test-no-attempt-left"),
            AttemptError::WrongPassword => Self::new(StatusCode::CONFLICT, "test-wrong-password"),
            AttemptError::WrongNetwork => Self::new(StatusCode::CONFLICT, "test-wrong-network"),
            AttemptError::OtherDevice => Self::new(StatusCode::CONFLICT, "test-other-device"),
            AttemptError::HandedIn => Self::new(StatusCode::CONFLICT, "test-handed-in"),
            AttemptError::NoDevice => Self::new(StatusCode::UNAUTHORIZED, "no-device"),
            AttemptError::TooMuch => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            AttemptError::Guarded => Self::new(StatusCode::CONFLICT, "test-guarded"),
        }
    }
}

/// Which tests.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TestQuery {
    /// Only those given to this class.
    class_id: Option<ClassId>,
}

/// The tests somebody makes, teaches or is to sit, the newest first.
#[utoipa::path(get, path = "/api/tests", operation_id = "list_tests", tag = "tests", params(TestQuery, PageQuery),
    responses((status = 200, body = Paged<TestRow>), (status = 401, body = Problem)))]
async fn list_tests(
    State(app): State<App>,
    By(caller): By,
    InQuery(query): InQuery<TestQuery>,
    InQuery(page): InQuery<PageQuery>,
) -> Result<Json<Paged<TestRow>>, ApiError> {
    Ok(Json(tests::list(&app.classroom, &caller, query.class_id, page.cursor().as_ref(), page.limit()).await?.into()))
}

/// Begins a test.
#[utoipa::path(post, path = "/api/tests", operation_id = "create_test", tag = "tests", request_body = NewTest,
    responses((status = 201, body = TestDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn create_test(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<NewTest>,
) -> Result<(StatusCode, Json<TestDetail>), ApiError> {
    Ok((StatusCode::CREATED, Json(tests::create(&app.classroom, &caller, input).await?)))
}

/// Papers ready to be filled: the national forms since 2025, periodic papers, and simple ones.
#[utoipa::path(get, path = "/api/test-templates", operation_id = "list_test_templates", tag = "tests",
    responses((status = 200, body = Items<Template>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_test_templates(Author(_): Author) -> Json<Items<Template>> {
    Json(Items { items: templates::all().to_vec() })
}

/// A test with everything its makers see.
#[utoipa::path(get, path = "/api/tests/{id}", operation_id = "get_test", tag = "tests", params(("id" = TestId, Path)),
    responses((status = 200, body = TestDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn get_test(State(app): State<App>, Author(caller): Author, InPath(id): InPath<TestId>) -> Result<Json<TestDetail>, ApiError> {
    Ok(Json(tests::get(&app.classroom, &caller, id).await?))
}

/// Saves a test over the revision it was made from.
#[utoipa::path(put, path = "/api/tests/{id}", operation_id = "save_test", tag = "tests", params(("id" = TestId, Path)), request_body = TestInput,
    responses((status = 200, body = TestDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn save_test(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    Json(input): Json<TestInput>,
) -> Result<Json<TestDetail>, ApiError> {
    Ok(Json(tests::save(&app.classroom, &caller, id, input).await?))
}

/// Throws a test away; its maker only. Attempts keep their marks.
#[utoipa::path(delete, path = "/api/tests/{id}", operation_id = "delete_test", tag = "tests", params(("id" = TestId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn delete_test(State(app): State<App>, Author(caller): Author, InPath(id): InPath<TestId>) -> Result<StatusCode, ApiError> {
    tests::delete(&app.classroom, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// To whom a test is given.
#[derive(Debug, Deserialize, ToSchema)]
struct GiveInput {
    /// The revision it is given at.
    revision: i64,
    /// Classes, or some of them.
    targets: Vec<TargetInput>,
    /// What becomes of the link for people without an account.
    #[serde(default)]
    link: LinkInput,
}

/// Gives a test, or says anew to whom.
#[utoipa::path(post, path = "/api/tests/{id}/give", operation_id = "give_test", tag = "tests", params(("id" = TestId, Path)), request_body = GiveInput,
    responses((status = 200, body = TestDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn give_test(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    Json(input): Json<GiveInput>,
) -> Result<Json<TestDetail>, ApiError> {
    Ok(Json(tests::give(&app.classroom, &caller, id, input.revision, &input.targets, input.link).await?))
}

/// Takes a test back that nobody has begun.
#[utoipa::path(post, path = "/api/tests/{id}/take-back", operation_id = "take_test_back", tag = "tests", params(("id" = TestId, Path)),
    responses((status = 200, body = TestDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn take_test_back(State(app): State<App>, Author(caller): Author, InPath(id): InPath<TestId>) -> Result<Json<TestDetail>, ApiError> {
    Ok(Json(tests::take_back(&app.classroom, &caller, id).await?))
}

/// What is otherwise for one pupil.
#[derive(Debug, Deserialize, ToSchema)]
struct ExceptionInput {
    /// Somebody with an account.
    #[serde(default)]
    person_id: Option<PersonId>,
    /// Somebody on the roster of the link.
    #[serde(default)]
    entrant_id: Option<TestEntrantId>,
    /// What is otherwise; nothing takes it away.
    #[serde(default)]
    exception: Exception,
}

/// Says what is otherwise for one pupil, also while she sits it.
#[utoipa::path(put, path = "/api/tests/{id}/exceptions", operation_id = "set_test_exception", tag = "tests", params(("id" = TestId, Path)), request_body = ExceptionInput,
    responses((status = 200, body = Given), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn set_test_exception(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    Json(input): Json<ExceptionInput>,
) -> Result<Json<Given>, ApiError> {
    let whom = match (input.person_id, input.entrant_id) {
        (Some(person), None) => Whom::Person(person),
        (None, Some(entrant)) => Whom::Entrant(entrant),
        _ => return Err(ApiError::invalid_field("/person_id", "missing")),
    };
    Ok(Json(tests::set_exception(&app.classroom, &caller, id, whom, input.exception).await?))
}

/// Makes the paper of a test that is not given yet, so that its maker can try it: afterwards it can be begun.
#[utoipa::path(post, path = "/api/tests/{id}/try", operation_id = "try_test", tag = "tests", params(("id" = TestId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn try_test(State(app): State<App>, Author(caller): Author, InPath(id): InPath<TestId>) -> Result<StatusCode, ApiError> {
    tests::try_out(&app.classroom, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives those who missed a test another window.
#[utoipa::path(post, path = "/api/tests/{id}/make-up", operation_id = "make_test_up", tag = "tests", params(("id" = TestId, Path)), request_body = MakeUpInput,
    responses((status = 200, body = Given), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn make_test_up(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    Json(input): Json<MakeUpInput>,
) -> Result<Json<Given>, ApiError> {
    Ok(Json(tests::make_up(&app.classroom, &caller, id, input).await?))
}

/// Who is in, how far, and what happened.
#[utoipa::path(get, path = "/api/tests/{id}/board", operation_id = "get_test_board", tag = "tests", params(("id" = TestId, Path)),
    responses((status = 200, body = Board), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn get_test_board(State(app): State<App>, Author(caller): Author, InPath(id): InPath<TestId>) -> Result<Json<Board>, ApiError> {
    Ok(Json(attempts::board(&app.classroom, &caller, id).await?))
}

/// A message to those who sit a test.
#[derive(Debug, Deserialize, ToSchema)]
struct TestMessageInput {
    /// To this attempt only.
    #[serde(default)]
    attempt_id: Option<AttemptId>,
    /// What is said.
    text: String,
}

/// Says something to everybody who sits a test, or to one.
#[utoipa::path(post, path = "/api/tests/{id}/messages", operation_id = "send_test_message", tag = "tests", params(("id" = TestId, Path)), request_body = TestMessageInput,
    responses((status = 201, body = Message), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn send_test_message(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    Json(input): Json<TestMessageInput>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    Ok((StatusCode::CREATED, Json(attempts::send(&app.classroom, &caller, id, input.attempt_id, &input.text).await?)))
}

/// One attempt whole, for a teacher of its test.
#[utoipa::path(get, path = "/api/attempts/{id}", operation_id = "get_attempt", tag = "tests", params(("id" = AttemptId, Path)),
    responses((status = 200, body = AttemptDetail), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_attempt(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<AttemptId>,
) -> Result<Json<AttemptDetail>, ApiError> {
    Ok(Json(attempts::detail(&app.classroom, &caller, id).await?))
}

/// Does something to an attempt: more time, stop, go on, hand in, open again, another device.
#[utoipa::path(post, path = "/api/attempts/{id}/actions", operation_id = "act_on_attempt", tag = "tests", params(("id" = AttemptId, Path)), request_body = Action,
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn act_on_attempt(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<AttemptId>,
    Json(action): Json<Action>,
) -> Result<StatusCode, ApiError> {
    attempts::act(&app.classroom, &caller, id, action).await?;
    Ok(StatusCode::NO_CONTENT)
}

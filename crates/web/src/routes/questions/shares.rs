//! To whom folders are lent.

use axum::extract::State;
use http::StatusCode;
use kernel::{OrganisationId, PersonId, QuestionFolderId, QuestionShareId};
use questions::bank::shares::{self, QuestionShare, ShareCandidate, ShareRight, ShareWith};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::Items;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_shares, add_share)).routes(routes!(remove_share)).routes(routes!(list_candidates))
}

/// To whom a folder is lent.
#[utoipa::path(get, path = "/api/question-folders/{id}/shares", operation_id = "list_question_shares", tag = "questions", params(("id" = QuestionFolderId, Path)),
    responses((status = 200, body = Items<QuestionShare>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_shares(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionFolderId>,
) -> Result<Json<Items<QuestionShare>>, ApiError> {
    Ok(Json(Items { items: shares::list(&app.questions, &caller, id).await? }))
}

/// Whom to lend a folder to: a person or an organisation.
#[derive(Debug, Deserialize, ToSchema)]
struct ShareInput {
    /// Somebody who authors.
    #[serde(default)]
    person_id: Option<PersonId>,
    /// Everybody who authors there.
    #[serde(default)]
    organisation_id: Option<OrganisationId>,
    /// What they may do.
    can: ShareRight,
}

/// Lends a folder, or changes what those it is lent to may do.
#[utoipa::path(post, path = "/api/question-folders/{id}/shares", operation_id = "add_question_share", tag = "questions", params(("id" = QuestionFolderId, Path)), request_body = ShareInput,
    responses((status = 200, body = Items<QuestionShare>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn add_share(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionFolderId>,
    Json(input): Json<ShareInput>,
) -> Result<Json<Items<QuestionShare>>, ApiError> {
    let with = match (input.person_id, input.organisation_id) {
        (Some(person), None) => ShareWith::Person(person),
        (None, Some(organisation)) => ShareWith::Organisation(organisation),
        _ => return Err(ApiError::invalid_field("/person_id", "missing")),
    };
    Ok(Json(Items { items: shares::add(&app.questions, &caller, id, with, input.can).await? }))
}

/// Takes back what was lent.
#[utoipa::path(delete, path = "/api/question-folders/{id}/shares/{share_id}", operation_id = "remove_question_share", tag = "questions",
    params(("id" = QuestionFolderId, Path), ("share_id" = QuestionShareId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn remove_share(
    State(app): State<App>,
    Author(caller): Author,
    InPath((id, share)): InPath<(QuestionFolderId, QuestionShareId)>,
) -> Result<StatusCode, ApiError> {
    shares::remove(&app.questions, &caller, id, share).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose names.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CandidateQuery {
    /// A part of a name, with or without diacritics.
    q: Option<String>,
}

/// People and organisations a folder may be lent to.
#[utoipa::path(get, path = "/api/question-folders/{id}/share-candidates", operation_id = "list_share_candidates", tag = "questions", params(("id" = QuestionFolderId, Path), CandidateQuery),
    responses((status = 200, body = Items<ShareCandidate>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list_candidates(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<QuestionFolderId>,
    InQuery(query): InQuery<CandidateQuery>,
) -> Result<Json<Items<ShareCandidate>>, ApiError> {
    let text = query.q.unwrap_or_default();
    Ok(Json(Items { items: shares::candidates(&app.questions, &caller, id, &text).await? }))
}

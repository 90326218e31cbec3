//! Classes that are taught together.

mod joining;
mod members;
mod staff;
mod teams;

use axum::extract::State;
use classroom::classes::{self, ClassDetail, ClassError, ClassFilter, ClassInput, ClassRow, Whose};
use exchange::roster::RosterError;
use http::StatusCode;
use kernel::{ClassId, OrganisationId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{PageQuery, Paged};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list_classes, create_class))
        .routes(routes!(get_class, change_class))
        .routes(routes!(archive_class))
        .routes(routes!(restore_class))
        .merge(joining::routes())
        .merge(members::routes())
        .merge(staff::routes())
        .merge(teams::routes())
}

impl From<ClassError> for ApiError {
    fn from(error: ClassError) -> Self {
        match error {
            ClassError::Denied(denied) => denied.into(),
            ClassError::Db(error) => error.into(),
            ClassError::Invalid(faults) => faults.into(),
            ClassError::Unreadable(RosterError::TooLarge(_)) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            ClassError::Unreadable(error) => Self::invalid_field("/file", format!("roster-{}", error.code())),
            ClassError::TooManyTries(seconds) => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-codes").with_retry_after(seconds).with_detail(seconds.to_string())
            }
            ClassError::PupilsOnly => Self::new(StatusCode::FORBIDDEN, "class-pupils-only"),
            ClassError::TeachesIt => Self::new(StatusCode::CONFLICT, "class-teaches-it"),
            ClassError::Full => Self::new(StatusCode::CONFLICT, "class-full"),
            ClassError::SchoolNeeded => Self::new(StatusCode::CONFLICT, "class-school-needed"),
            ClassError::OwnerStays => Self::new(StatusCode::CONFLICT, "class-owner-stays"),
            ClassError::Inside(cause) => Self::internal(cause),
        }
    }
}

/// Which of a list of classes: those in use, or those put away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClassShelf {
    /// In use.
    #[default]
    Current,
    /// Put away.
    Archived,
}

/// Which classes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ClassQuery {
    /// Whose; the caller's own unless asked.
    whose: Option<Whose>,
    /// In use or put away; in use unless asked.
    shelf: Option<ClassShelf>,
    /// A part of the name, with or without diacritics.
    q: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page: 50 unless asked, 200 at most.
    limit: Option<u32>,
}

/// The classes the caller teaches or learns in, or those of schools she looks after, by name.
#[utoipa::path(get, path = "/api/classes", operation_id = "list_classes", tag = "classes", params(ClassQuery),
    responses((status = 200, body = Paged<ClassRow>), (status = 401, body = Problem)))]
async fn list_classes(
    State(app): State<App>,
    By(caller): By,
    InQuery(query): InQuery<ClassQuery>,
) -> Result<Json<Paged<ClassRow>>, ApiError> {
    let page = PageQuery { after: query.after, limit: query.limit };
    let filter = ClassFilter {
        whose: query.whose.unwrap_or_default(),
        archived: query.shelf == Some(ClassShelf::Archived),
        text: query.q.unwrap_or_default(),
    };
    Ok(Json(classes::list(&app.classroom, &caller, &filter, page.cursor().as_ref(), page.limit()).await?.into()))
}

/// A class to make.
#[derive(Debug, Deserialize, ToSchema)]
struct NewClass {
    /// The school it belongs to first.
    organisation_id: OrganisationId,
    /// Its name.
    name: String,
    /// A code of the curriculum.
    #[serde(default)]
    subject: Option<String>,
    /// 1 to 12.
    #[serde(default)]
    grade: Option<i64>,
}

/// Makes a class, with the caller as its owner and a code for pupils.
#[utoipa::path(post, path = "/api/classes", operation_id = "create_class", tag = "classes", request_body = NewClass,
    responses((status = 201, body = ClassDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn create_class(
    State(app): State<App>,
    By(caller): By,
    Json(input): Json<NewClass>,
) -> Result<(StatusCode, Json<ClassDetail>), ApiError> {
    let class = ClassInput { name: input.name, subject: input.subject, grade: input.grade };
    Ok((StatusCode::CREATED, Json(classes::create(&app.classroom, &caller, input.organisation_id, &class).await?)))
}

/// A class.
#[utoipa::path(get, path = "/api/classes/{id}", operation_id = "get_class", tag = "classes", params(("id" = ClassId, Path)),
    responses((status = 200, body = ClassDetail), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_class(State(app): State<App>, By(caller): By, InPath(id): InPath<ClassId>) -> Result<Json<ClassDetail>, ApiError> {
    Ok(Json(classes::get(&app.classroom, &caller, id).await?))
}

/// What a class is called and about.
#[derive(Debug, Deserialize, ToSchema)]
struct ClassChange {
    /// Its name.
    name: String,
    /// A code of the curriculum; null: none.
    #[serde(default)]
    subject: Option<String>,
    /// 1 to 12; null: none.
    #[serde(default)]
    grade: Option<i64>,
}

/// Changes what a class is called and about.
#[utoipa::path(put, path = "/api/classes/{id}", operation_id = "change_class", tag = "classes", params(("id" = ClassId, Path)), request_body = ClassChange,
    responses((status = 200, body = ClassDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change_class(
    State(app): State<App>,
    By(caller): By,
    InPath(id): InPath<ClassId>,
    Json(input): Json<ClassChange>,
) -> Result<Json<ClassDetail>, ApiError> {
    let class = ClassInput { name: input.name, subject: input.subject, grade: input.grade };
    Ok(Json(classes::change(&app.classroom, &caller, id, &class).await?))
}

/// Puts a class away.
#[utoipa::path(post, path = "/api/classes/{id}/archive", operation_id = "archive_class", tag = "classes", params(("id" = ClassId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn archive_class(State(app): State<App>, By(caller): By, InPath(id): InPath<ClassId>) -> Result<StatusCode, ApiError> {
    classes::archive(&app.classroom, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a class out again.
#[utoipa::path(post, path = "/api/classes/{id}/restore", operation_id = "restore_class", tag = "classes", params(("id" = ClassId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn restore_class(State(app): State<App>, By(caller): By, InPath(id): InPath<ClassId>) -> Result<StatusCode, ApiError> {
    classes::restore(&app.classroom, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

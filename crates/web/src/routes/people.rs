//! People: lists, one person, her roles and her data.

mod change;
mod imports;
mod links;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use identity::people::{self, Gender, PeopleError, PeopleFilter, Person, PersonInput, PersonRow};
use kernel::{ClassGroupId, OrganisationId, PersonId, Role};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{PageQuery, Paged};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list_people, create_person))
        .routes(routes!(get_person))
        .routes(routes!(export_person))
        .merge(change::routes())
        .merge(links::routes())
        .merge(imports::routes())
}

impl From<PeopleError> for ApiError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Denied(denied) => denied.into(),
            PeopleError::Db(error) => error.into(),
            PeopleError::Invalid(faults) => faults.into(),
            PeopleError::LastAdministrator => Self::new(StatusCode::CONFLICT, "last-administrator"),
            PeopleError::OwnAccount => Self::new(StatusCode::CONFLICT, "own-account"),
            error @ (PeopleError::Hashing(_) | PeopleError::Randomness(_) | PeopleError::Export(_)) => Self::internal(error),
        }
    }
}

/// JSON about one person as a file to keep.
pub(super) fn download(data: &serde_json::Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"lopmo-person.json\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, format!("{data:#}")).into_response()
}

/// Which people are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Of an organisation and those below it.
    pub organisation: Option<OrganisationId>,
    /// With a role.
    pub role: Option<Role>,
    /// Of a class.
    pub class: Option<ClassGroupId>,
    /// With this in the name, username or code.
    pub q: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows of a page: 50 unless asked, 200 at most.
    pub limit: Option<u32>,
}

/// The people I may see, by given name.
#[utoipa::path(get, path = "/api/people", operation_id = "list_people", tag = "people", params(PeopleQuery),
    responses((status = 200, body = Paged<PersonRow>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn list_people(
    State(app): State<App>,
    By(caller): By,
    InQuery(query): InQuery<PeopleQuery>,
) -> Result<Json<Paged<PersonRow>>, ApiError> {
    if query.q.as_ref().is_some_and(|text| text.chars().count() > 200) {
        return Err(ApiError::invalid_field("q", "too-long"));
    }
    let page = PageQuery { after: query.after, limit: query.limit };
    let filter = PeopleFilter { organisation: query.organisation, role: query.role, class: query.class, text: query.q };
    Ok(Json(people::list(&app.env, &caller, &filter, page.cursor().as_ref(), page.limit()).await?.into()))
}

/// A person as asked for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPerson {
    /// Where.
    pub organisation_id: OrganisationId,
    /// As what.
    pub role: Role,
    /// Full name.
    pub display_name: String,
    /// Made from the name when null.
    #[serde(default)]
    pub username: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Mã học sinh, mã giáo viên: unique at the school.
    #[serde(default)]
    pub code: Option<String>,
    /// Mã định danh of the ministry's register.
    #[serde(default)]
    pub ministry_id: Option<String>,
    /// Số CCCD.
    #[serde(default)]
    pub national_id: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(default)]
    pub birth_date: Option<String>,
    /// Gender.
    #[serde(default)]
    pub gender: Option<Gender>,
    /// Her class.
    #[serde(default)]
    pub class_group_id: Option<ClassGroupId>,
}

/// A person just added.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonCreated {
    /// The person.
    pub person: Person,
    /// Works once: she must choose her own. Shown only now.
    pub one_time_password: String,
}

/// Adds a person with a one-time password.
#[utoipa::path(post, path = "/api/people", operation_id = "create_person", tag = "people", request_body = NewPerson,
    responses((status = 201, body = PersonCreated), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn create_person(
    State(app): State<App>,
    By(caller): By,
    Json(body): Json<NewPerson>,
) -> Result<(StatusCode, Json<PersonCreated>), ApiError> {
    let input = PersonInput {
        display_name: body.display_name,
        username: body.username,
        email: body.email,
        code: body.code,
        ministry_id: body.ministry_id,
        national_id: body.national_id,
        birth_date: body.birth_date,
        gender: body.gender,
        class_group_id: body.class_group_id,
        ..PersonInput::default()
    };
    let (person, secret) = people::create(&app.env, &caller, body.organisation_id, body.role, &input).await?;
    Ok((StatusCode::CREATED, Json(PersonCreated { person, one_time_password: secret.reveal().to_owned() })))
}

/// One person.
#[utoipa::path(get, path = "/api/people/{id}", operation_id = "get_person", tag = "people", params(("id" = PersonId, Path)),
    responses((status = 200, body = Person), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_person(State(app): State<App>, By(caller): By, InPath(id): InPath<PersonId>) -> Result<Json<Person>, ApiError> {
    Ok(Json(people::get(&app.env, &caller, id).await?))
}

/// Everything kept of a person, as a file.
#[utoipa::path(get, path = "/api/people/{id}/export", operation_id = "export_person", tag = "people", params(("id" = PersonId, Path)),
    responses((status = 200, content_type = "application/json", body = serde_json::Value), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn export_person(State(app): State<App>, By(caller): By, InPath(id): InPath<PersonId>) -> Result<Response, ApiError> {
    Ok(download(&people::export(&app.env, &caller, id).await?))
}

//! The curriculum.

use std::sync::OnceLock;

use axum::extract::State;
use axum::response::Response;
use content::curriculum::Curriculum;
use http::HeaderMap;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::http::extract::InQuery;
use crate::http::problem::{ApiError, Problem};
use crate::http::send::send_text;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(get_curriculum))
}

/// How much of it.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Detail {
    /// Subjects with their strands and requirements.
    #[default]
    Whole,
    /// Subjects alone.
    Names,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CurriculumQuery {
    /// `names` leaves out strands and requirements.
    #[serde(default)]
    #[param(inline)]
    detail: Detail,
}

/// An answer and the name of its bytes.
struct Text {
    json: String,
    etag: String,
}

impl Text {
    fn of(curriculum: &Curriculum) -> Result<Self, serde_json::Error> {
        let json = serde_json::to_string(curriculum)?;
        let etag = hex::encode(&Sha256::digest(json.as_bytes())[..16]);
        Ok(Self { json, etag })
    }
}

/// The curriculum is built into the program: the answers are made once.
static WHOLE: OnceLock<Text> = OnceLock::new();
static NAMES: OnceLock<Text> = OnceLock::new();

/// Subjects, strands and requirements.
#[utoipa::path(get, path = "/api/curriculum", operation_id = "get_curriculum", tag = "curriculum", params(CurriculumQuery),
    responses((status = 200, body = Curriculum), (status = 304), (status = 422, body = Problem)))]
async fn get_curriculum(
    State(app): State<App>,
    InQuery(query): InQuery<CurriculumQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let curriculum = &app.content.curriculum;
    let text = match query.detail {
        Detail::Whole => made_once(&WHOLE, || Text::of(curriculum))?,
        Detail::Names => made_once(&NAMES, || Text::of(&curriculum.names()))?,
    };
    Ok(send_text(text.json.clone(), "application/json", "private, max-age=3600", Some(&text.etag), &headers))
}

fn made_once(place: &'static OnceLock<Text>, make: impl FnOnce() -> Result<Text, serde_json::Error>) -> Result<&'static Text, ApiError> {
    if place.get().is_none() {
        let _ = place.set(make().map_err(ApiError::internal)?);
    }
    place.get().ok_or_else(ApiError::not_found)
}

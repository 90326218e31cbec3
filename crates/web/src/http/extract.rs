//! Extractors whose refusals are problems, never plain text.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::ApiError;

/// A JSON body, in or out.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// Most objects and lists in a body. One of nothing but `{}` would take a hundred times its size of memory; the
/// largest paper that may lie on a desk has a tenth of this.
const MOST_PARTS: usize = 500_000;
/// Bodies from this size on are read where they hold up nobody else.
const LARGE: usize = 64 << 10;

/// Whether a JSON text has more objects and lists than anybody has use for. Brackets in texts do not count.
fn has_too_many_parts(body: &[u8]) -> bool {
    let (mut parts, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => parts += 1,
            _ => {}
        }
    }
    parts > MOST_PARTS
}

impl<T: DeserializeOwned + Send + 'static, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| refused(rejection.into()))?;
        if has_too_many_parts(&bytes) {
            return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        let read = if bytes.len() >= LARGE {
            tokio::task::spawn_blocking(move || axum::Json::<T>::from_bytes(&bytes)).await.map_err(ApiError::internal)?
        } else {
            axum::Json::<T>::from_bytes(&bytes)
        };
        read.map(|axum::Json(body)| Self(body)).map_err(refused)
    }
}

/// Whether a body says that it is JSON: `application/json`, or something that is written as JSON (RFC 6839).
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json")
}

fn refused(rejection: JsonRejection) -> ApiError {
    match rejection {
        JsonRejection::JsonDataError(error) => ApiError::invalid_field("", "wrong-shape").with_detail(error.body_text()),
        JsonRejection::JsonSyntaxError(error) => ApiError::new(StatusCode::BAD_REQUEST, "bad-request").with_detail(error.body_text()),
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        other => ApiError::new(StatusCode::BAD_REQUEST, "bad-request").with_detail(other.body_text()),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Parameters in the path. One that does not parse names nothing: 404.
#[derive(Debug)]
pub struct InPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for InPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let found: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, state).await;
        found.map(|Path(value)| Self(value)).map_err(|_| ApiError::not_found())
    }
}

/// Parameters after the question mark.
#[derive(Debug)]
pub struct InQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for InQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let found: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        found
            .map(|Query(value)| Self(value))
            .map_err(|error| ApiError::invalid_field("query", "wrong-shape").with_detail(error.body_text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_are_no_parts() {
        let many = "{[".repeat(MOST_PARTS);
        assert!(has_too_many_parts(many.as_bytes()));
        assert!(!has_too_many_parts(format!("[\"{many}\\\"{many}\\\\\"]").as_bytes()));
    }
}

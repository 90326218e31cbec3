//! Refusals that no handler wrote (wrong method, a panic, a body too large) become problems too.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::problem::ApiError;

/// Rewrites an error reply that is not a problem yet.
pub fn to_problem(reply: impl IntoResponse) -> Response {
    let response = reply.into_response();
    let status = response.status();
    let is_problem =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"));
    if is_problem || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = match status {
        StatusCode::NOT_FOUND => ApiError::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => ApiError::new(status, "method-not-allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(status, "too-large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiError::new(status, "unsupported-media-type"),
        StatusCode::UNPROCESSABLE_ENTITY => ApiError::new(status, "invalid"),
        StatusCode::RANGE_NOT_SATISFIABLE => ApiError::new(status, "range-not-satisfiable"),
        status if status.is_client_error() => ApiError::new(status, "bad-request"),
        _ => ApiError::internal("a reply without a problem"),
    };
    let mut rewritten = problem.into_response();
    for (name, value) in response.headers() {
        if !matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH | header::CONTENT_ENCODING)
            && !rewritten.headers().contains_key(name)
        {
            rewritten.headers_mut().append(name.clone(), value.clone());
        }
    }
    rewritten
}

/// What a client learns of a panic: no more than of any other failure inside.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    ApiError::internal(format!("panic: {message}")).into_response()
}

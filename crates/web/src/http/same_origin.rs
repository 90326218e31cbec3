//! Requests that change something must come from our own pages. The cookie is SameSite=Lax; this
//! is the second lock, for browsers and cases where that does not hold.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};

use super::problem::ApiError;
use crate::App;

/// Refuses unsafe methods sent by pages of other origins. Programs that are no browser send neither header.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    if safe || is_same_origin(request.headers(), request.uri(), app.settings.public_url.as_deref()) {
        return next.run(request).await;
    }
    ApiError::new(StatusCode::FORBIDDEN, "cross-site").into_response()
}

fn is_same_origin(headers: &HeaderMap, uri: &Uri, public_url: Option<&str>) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("\u{0}"));
    if text(header::HeaderName::from_static("sec-fetch-site")) == Some("cross-site") {
        return false;
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    if authority.is_empty() {
        return false;
    }
    // HTTP/2 has the host in the address, HTTP/1 in a header.
    let host = uri.authority().map(http::uri::Authority::as_str).or(text(header::HOST)).unwrap_or_default();
    let public = public_url.and_then(|url| url.split_once("://")).map(|(_, rest)| rest.trim_end_matches('/'));
    let same = |other: &str| strip_default_port(authority).eq_ignore_ascii_case(strip_default_port(other));
    same(host) || public.is_some_and(same)
}

fn strip_default_port(authority: &str) -> &str {
    authority.strip_suffix(":443").or_else(|| authority.strip_suffix(":80")).unwrap_or(authority)
}

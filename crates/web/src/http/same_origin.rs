//! Requests that change something must come from our own pages. The cookie is SameSite=Lax; this
//! is the second lock, for browsers and cases where that does not hold.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};

use super::client_address::is_trusted;
use super::problem::ApiError;
use crate::App;

/// Refuses unsafe methods sent by pages of other origins. Programs that are no browser send neither header.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    // A trusted proxy may ask us under another name than it was asked under itself.
    let believed = peer.is_some_and(|peer| is_trusted(peer, &app.settings.trusted_proxies));
    let forwarded = request.headers().get("x-forwarded-host").filter(|_| believed).and_then(|host| host.to_str().ok());
    let others =
        [app.settings.public_url.as_deref().and_then(|url| url.split_once("://")).map(|(_, rest)| rest.trim_end_matches('/')), forwarded];
    if safe || is_same_origin(request.headers(), request.uri(), &others) {
        return next.run(request).await;
    }
    ApiError::new(StatusCode::FORBIDDEN, "cross-site").into_response()
}

/// `others`: hosts this server is also known by.
fn is_same_origin(headers: &HeaderMap, uri: &Uri, others: &[Option<&str>]) -> bool {
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
    let same = |other: &str| strip_default_port(authority).eq_ignore_ascii_case(strip_default_port(other));
    same(host) || others.iter().flatten().any(|other| same(other))
}

fn strip_default_port(authority: &str) -> &str {
    authority.strip_suffix(":443").or_else(|| authority.strip_suffix(":80")).unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_ours_by_the_hosts_we_are_known_by() {
        let table = [
            ("https://lopmo.vn", "lopmo.vn", [None, None], true),
            ("https://lopmo.vn", "10.0.0.5:8080", [None, None], false),
            ("https://lopmo.vn", "10.0.0.5:8080", [Some("lopmo.vn"), None], true),
            ("https://lopmo.vn", "10.0.0.5:8080", [None, Some("lopmo.vn:443")], true),
            ("https://evil.example", "lopmo.vn", [None, Some("lopmo.vn")], false),
            ("null", "lopmo.vn", [None, None], false),
        ];
        for (origin, host, others, ours) in table {
            let text = |text: &str| http::HeaderValue::from_str(text).unwrap();
            let headers = HeaderMap::from_iter([(header::ORIGIN, text(origin)), (header::HOST, text(host))]);
            assert_eq!(is_same_origin(&headers, &Uri::from_static("/api/lessons"), &others), ours, "{origin} {host} {others:?}");
        }
    }
}

//! The embedded frontend: the files vite built, compressed beforehand, and for every address that is not
//! a file one of its two pages: the one on which tests are sat, or that of all the rest.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

// A release carries the files inside; a development build reads them from the folder each time, so
// that a new `vite build` shows without compiling Rust.
#[derive(RustEmbed)]
#[folder = "$LOPMO_SITE"]
struct Files;

const PAGE: &str = "index.html";
/// On which tests are sat: small, and there again without network.
const SITTING: &str = "sit.html";
/// Their names change with their content.
const IMMUTABLE: &str = "_app/immutable/";
/// What a page of ours may load: nothing of other hosts. `blob:` is for the player and previews of
/// what is about to be uploaded; inline styles are how Svelte and KaTeX place things.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; \
    style-src 'self' 'unsafe-inline'; font-src 'self' data:; object-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// Answers a request that is not for the API.
pub fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let path = path.trim_start_matches('/');
    let named = if path.is_empty() { PAGE } else { path };
    if let Some(found) = best(named, headers) {
        return respond(named, found, headers);
    }
    // A missing file of an older build must not be answered with a page in its place.
    if path.starts_with("_app/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let sitting = (path.starts_with("sit/") || path.starts_with("t/")).then(|| best(SITTING, headers)).flatten();
    match sitting.or_else(|| best(PAGE, headers)) {
        Some(found) => respond(PAGE, found, headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

struct Found {
    file: EmbeddedFile,
    encoding: Option<&'static str>,
}

fn best(path: &str, headers: &HeaderMap) -> Option<Found> {
    // Compressed copies are not pages of their own.
    if path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(headers, encoding)
            && let Some(file) = Files::get(&format!("{path}{ending}"))
        {
            return Some(Found { file, encoding: Some(encoding) });
        }
    }
    Files::get(path).map(|file| Found { file, encoding: None })
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(',')).any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(encoding) && !words.any(|word| matches!(word, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn respond(path: &str, found: Found, request: &HeaderMap) -> Response {
    let etag = etag(&found.file);
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(CONTENT_TYPE, content_type(path));
    set(CACHE_CONTROL, if path.starts_with(IMMUTABLE) { "public, max-age=31536000, immutable" } else { "no-cache" });
    set(VARY, "accept-encoding");
    set(ETAG, &etag);
    set(HeaderName::from_static("x-content-type-options"), "nosniff");
    set(HeaderName::from_static("referrer-policy"), "same-origin");
    if path.ends_with(".html") {
        set(HeaderName::from_static("content-security-policy"), POLICY);
        set(HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(self), geolocation=()");
    }
    if request.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| known.split(',').any(|one| one.trim() == etag))
    {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if let Some(encoding) = found.encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let body = match found.file.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    (headers, body).into_response()
}

fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let mut text = String::from("\"");
    for byte in &hash[..12] {
        text.push_str(&format!("{byte:02x}"));
    }
    text.push('"');
    text
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "wasm" => "application/wasm",
        "mp3" => "audio/mpeg",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Response {
        answer(&Method::GET, path, &HeaderMap::new())
    }

    #[test]
    fn every_address_that_is_not_a_file_shows_the_page() {
        for path in ["/", "/lessons/abc", "/a/b/c"] {
            let response = get(path);
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
            assert_eq!(response.headers()[CACHE_CONTROL], "no-cache", "{path}");
            assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
        }
    }

    #[tokio::test]
    async fn tests_are_sat_on_a_page_of_their_own() {
        let page = async |path| String::from_utf8(axum::body::to_bytes(get(path).into_body(), 1 << 20).await.unwrap().to_vec()).unwrap();
        // A build without the frontend has one page only.
        if Files::get(SITTING).is_some() {
            assert_ne!(page("/sit/abc").await, page("/tests").await);
            assert_eq!(page("/sit/abc").await, page("/t/K7").await);
        }
        assert_eq!(page("/sit").await, page("/tests").await);
        assert_eq!(get("/sit/abc").headers()[CACHE_CONTROL], "no-cache");
    }

    #[test]
    fn a_missing_script_is_not_answered_with_a_page() {
        assert_eq!(get("/_app/immutable/chunks/gone.js").status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn a_page_that_is_known_already_is_not_sent_again() {
        let etag = get("/").headers()[ETAG].clone();
        let again = answer(&Method::GET, "/", &HeaderMap::from_iter([(IF_NONE_MATCH, etag)]));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn nothing_can_be_sent_to_a_page() {
        assert_eq!(answer(&Method::POST, "/", &HeaderMap::new()).status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn a_path_cannot_leave_the_site() {
        let response = get("/../../../../../../etc/passwd");
        assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    }
}

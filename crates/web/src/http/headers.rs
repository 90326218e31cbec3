//! Headers that tell browsers how little to trust what we send.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use crate::Origin;

/// Nothing from other hosts; pictures and media also from memory, where the player and the editor
/// keep them; styles inline, since editors set them on elements; workers from memory, for the player.
const CONTENT: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; \
    worker-src 'self' blob:; font-src 'self' data:; object-src 'self'; base-uri 'self'; form-action 'self'";

/// Adds those of an answer that is data for our own page and never shown by itself. They are few, since each is
/// sent thousands of times a second.
pub fn add_to_data(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Adds them to every reply that has not set its own.
pub async fn layer(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // A PDF is shown in a frame of our own page.
    let framed = path.starts_with("/api/assets/") && path.ends_with("/file");
    // What the API says is about one person: no cache, the browser's own included, keeps what has not said that it may be.
    let private = path.starts_with("/api/");
    let origin = request.extensions().get::<Origin>().copied().unwrap_or(Origin::Plain);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if private && headers.contains_key(header::CACHE_CONTROL) {
        // What a browser keeps, it keeps for this session: another who signs in on the same computer
        // is asked for her own right to it, also where the order to forget (plain HTTP) is not heard.
        headers.append(header::VARY, HeaderValue::from_static("cookie"));
    }
    let mut set = |name: HeaderName, value: &str| {
        if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    if private {
        set(header::CACHE_CONTROL, "no-store");
    }
    let ancestors = if framed { "'self'" } else { "'none'" };
    set(header::CONTENT_SECURITY_POLICY, &format!("{CONTENT}; frame-ancestors {ancestors}"));
    set(header::X_FRAME_OPTIONS, if framed { "SAMEORIGIN" } else { "DENY" });
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(self), geolocation=()");
    if origin == Origin::Secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

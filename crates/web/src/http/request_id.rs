//! Every request has an id, in the log, in the `x-request-id` header and in every problem.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use tracing::Instrument as _;
use uuid::Uuid;

tokio::task_local! {
    static REQUEST_ID: Uuid;
}

/// The id of the request being answered.
pub fn current() -> Option<String> {
    REQUEST_ID.try_with(Uuid::to_string).ok()
}

/// Gives the request its id and its span in the log.
pub async fn layer(axum::extract::State(app): axum::extract::State<crate::App>, request: Request, next: Next) -> Response {
    let id: Uuid = app.env.ids.make();
    let span = tracing::info_span!("request", %id, method = %request.method(), path = shown(request.uri().path()));
    let mut response = REQUEST_ID.scope(id, next.run(request)).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// A path as the log may have it: the token of a password link opens an account.
fn shown(path: &str) -> &str {
    const LINKS: &str = "/api/password-links/";
    if path.starts_with(LINKS) { LINKS } else { path }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn the_token_of_a_password_link_is_not_logged() {
        assert_eq!(shown("/api/password-links/secret"), "/api/password-links/");
        assert_eq!(shown("/api/lessons/1"), "/api/lessons/1");
    }
}

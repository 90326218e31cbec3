//! One request, to the API or to the site, over HTTPS or not.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse as _, Redirect, Response};
use tower::ServiceExt as _;
use web::{App, Origin};

use super::gathering::Use;
use super::site;
use crate::tls::TrustPage;

/// What answers on a listener.
#[derive(Clone, Debug)]
pub struct Dispatch {
    secure: Router,
    plain: Router,
    proxies: Arc<Vec<String>>,
    trust: Option<TrustPage>,
}

impl Dispatch {
    /// Wires the API for both kinds of origin.
    pub fn new(app: &App, trust: Option<TrustPage>) -> Self {
        Self {
            secure: web::router(app.clone(), Origin::Secure),
            plain: web::router(app.clone(), Origin::Plain),
            proxies: Arc::new(app.settings.trusted_proxies.clone()),
            trust,
        }
    }

    /// The application for a listener whose connections are of this kind.
    pub fn on(self, connection: Origin) -> Router {
        Router::new().fallback(move |request: Request| {
            let dispatch = self.clone();
            async move { dispatch.answer(request, connection).await }
        })
    }

    /// Sends everybody to HTTPS, but for the page that helps to trust our own authority.
    pub fn redirecting(self, to: String) -> Router {
        Router::new().fallback(move |request: Request| {
            let (dispatch, to) = (self.clone(), to.clone());
            async move {
                match dispatch.trust_page(&request) {
                    Some(page) => page,
                    None => Redirect::permanent(&format!("{to}{}", request.uri().path_and_query().map_or("/", |part| part.as_str())))
                        .into_response(),
                }
            }
        })
    }

    async fn answer(self, request: Request<Body>, connection: Origin) -> Response {
        if let Some(page) = self.trust_page(&request) {
            return page;
        }
        let path = request.uri().path();
        let from_proxy = self.is_from_proxy(&request);
        // A proxy's connection serves whoever comes next.
        if let (false, Some(used)) = (from_proxy, request.extensions().get::<Use>()) {
            used.asked(path);
        }
        if !(path == "/api" || path.starts_with("/api/") || path.starts_with("/health/")) {
            return site::answer(request.method(), path, request.headers());
        }
        let router = match origin(&request, from_proxy, connection) {
            Origin::Secure => self.secure,
            Origin::Plain => self.plain,
        };
        let answered: Result<Response, Infallible> = router.oneshot(request).await;
        answered.unwrap_or_else(|never| match never {})
    }

    fn trust_page(&self, request: &Request) -> Option<Response> {
        self.trust.as_ref().and_then(|page| page.answer(request.uri().path(), request.headers()))
    }

    fn is_from_proxy(&self, request: &Request) -> bool {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
        peer.is_some_and(|peer| web::is_trusted(peer, &self.proxies))
    }
}

/// A trusted proxy in front tells how it was reached; nobody else is believed.
fn origin(request: &Request, from_proxy: bool, connection: Origin) -> Origin {
    let forwarded = request.headers().get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    match (from_proxy, forwarded) {
        (true, Some("https")) => Origin::Secure,
        (true, Some(_)) => Origin::Plain,
        _ => connection,
    }
}

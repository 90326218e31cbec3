//! The listeners: the main one, and a plain one beside HTTPS.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::RustlsAcceptor;
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use tokio_util::sync::CancellationToken;
use web::Origin;

use super::ServeError;
use super::dispatch::Dispatch;
use super::gathering::Gatherer;
use crate::config::{Config, PlainAnswers};
use crate::tls::Tls;

/// How long requests under way may go on after the process was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How long a connection may take over the head of a request, or rest between two: those who open
/// connections and say nothing must not use them up.
const QUIET: Duration = Duration::from_secs(60);

/// Most connections that wait to be taken; the system may allow fewer.
const WAITING_CONNECTIONS: i32 = 4096;

/// Sockets that are ours already.
pub struct Bound {
    main: TcpListener,
    plain: Option<TcpListener>,
}

/// Takes the ports.
pub fn bind(config: &Config) -> Result<Bound, ServeError> {
    let plain = match config.https.plain_listen.as_str() {
        "" => None,
        text => {
            let address = text.parse().map_err(|_| ServeError::Listen {
                what: format!("https.plain_listen `{text}`"),
                cause: std::io::Error::other("is not an address and port"),
            })?;
            Some(take(address)?)
        }
    };
    Ok(Bound { main: take(config.listen)?, plain })
}

fn take(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listen = || {
        let listener = TcpListener::bind(address)?;
        // At a test's bell thousands connect in the same second; whoever finds no place asks again only
        // after a second. Listening again changes the length of the queue of a socket that listens.
        rustix::net::listen(&listener, WAITING_CONNECTIONS)?;
        // Accepted connections inherit it. Without it the body of an answer waits 40 ms behind its
        // head until the client acknowledges that.
        rustix::net::sockopt::set_tcp_nodelay(&listener, true)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    listen().map_err(|cause| ServeError::Listen { what: format!("listening on {address}"), cause })
}

/// Serves on all of them until `stop`.
pub async fn serve(bound: Bound, dispatch: Dispatch, tls: Tls, config: &Config, stop: &CancellationToken) -> Result<(), ServeError> {
    let (main_handle, plain_handle) = (handle(stop), handle(stop));
    let gatherer = Gatherer::start().map_err(|cause| ServeError::Listen { what: "looking at connections".to_owned(), cause })?;
    let plain = async {
        let Some(listener) = bound.plain else { return Ok(()) };
        let router = match config.https.plain {
            PlainAnswers::Redirect => dispatch.clone().redirecting(config.address()),
            PlainAnswers::Serve => dispatch.clone().on(Origin::Plain),
        };
        serve_plain(listener, router, plain_handle, &gatherer).await
    };
    let main = async {
        let service = |origin| dispatch.clone().on(origin).into_make_service_with_connect_info::<SocketAddr>();
        match tls {
            Tls::Off => serve_plain(bound.main, dispatch.clone().on(Origin::Plain), main_handle, &gatherer).await,
            Tls::Certificate(rustls) => {
                let secure = gatherer.below(RustlsAcceptor::new(rustls));
                server(bound.main)?.acceptor(secure).handle(main_handle).serve(service(Origin::Secure)).await
            }
            Tls::Acme(acceptor) => {
                server(bound.main)?.acceptor(gatherer.below(acceptor)).handle(main_handle).serve(service(Origin::Secure)).await
            }
        }
    };
    let ended: std::io::Result<((), ())> = tokio::try_join!(main, plain);
    ended.map(drop).map_err(|cause| ServeError::Listen { what: "serving".to_owned(), cause })
}

fn server(listener: TcpListener) -> std::io::Result<Server<SocketAddr>> {
    let mut server = axum_server::from_tcp(listener)?;
    // Without a timer hyper waits for ever.
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(QUIET);
    server.http_builder().http2().timer(TokioTimer::new()).keep_alive_interval(QUIET).keep_alive_timeout(QUIET / 3);
    Ok(server)
}

async fn serve_plain(listener: TcpListener, router: Router, handle: Handle<SocketAddr>, gatherer: &Arc<Gatherer>) -> std::io::Result<()> {
    server(listener)?
        .acceptor(gatherer.below(DefaultAcceptor))
        .handle(handle)
        .serve(router.into_make_service_with_connect_info::<SocketAddr>())
        .await
}

fn handle(stop: &CancellationToken) -> Handle<SocketAddr> {
    let (handle, stop) = (Handle::new(), stop.clone());
    let stopping = handle.clone();
    tokio::spawn(async move {
        stop.cancelled().await;
        stopping.graceful_shutdown(Some(GRACE));
    });
    handle
}

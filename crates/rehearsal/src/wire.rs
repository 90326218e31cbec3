//! One pupil's connection.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::TcpSocket;

/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Passwords are slow by design, and a crowd waits for its turn.
const SIGN_IN_PATIENCE: Duration = Duration::from_secs(120);
/// Connections from one address of this machine to the server; its ports are not many more.
const OF_ONE_ADDRESS: usize = 20_000;

/// Why there is no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The connection could not be made, or broke.
    #[error("connection: {0}")]
    Connection(String),
    /// No answer came in time.
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Late,
    /// The server refused.
    #[error("{0}")]
    Refused(StatusCode),
    /// It said something else than expected.
    #[error("answer: {0}")]
    Answer(String),
}

/// A connection that is made when it is needed, and again after it broke.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    from: Option<IpAddr>,
    host: HeaderValue,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Line {
    /// The `number`th connection to a server. Many to a server of this machine come from many addresses.
    pub fn new(address: SocketAddr, number: usize) -> Self {
        let network = u8::try_from(number / OF_ONE_ADDRESS).unwrap_or(u8::MAX);
        let from = (address.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST)).then_some(IpAddr::V4(Ipv4Addr::new(127, 0, network, 1)));
        let host = HeaderValue::from_str(&address.to_string()).unwrap_or(HeaderValue::from_static("localhost"));
        Self { address, from, host, sender: None }
    }

    /// Asks and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`Lost`].
    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        header: Option<&(HeaderName, HeaderValue)>,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), Lost> {
        let asked = tokio::time::timeout(PATIENCE, self.ask_patiently(method, path, header, body)).await;
        let answered = asked.unwrap_or(Err(Lost::Late));
        if answered.is_err() {
            self.sender = None;
        }
        answered
    }

    /// The same, for an answer that is JSON.
    ///
    /// # Errors
    /// [`Lost`], also when the server refuses.
    pub async fn json<T: DeserializeOwned>(
        &mut self,
        method: Method,
        path: &str,
        header: Option<&(HeaderName, HeaderValue)>,
        body: Bytes,
    ) -> Result<T, Lost> {
        let (status, answer) = self.ask(method, path, header, body).await?;
        if !status.is_success() {
            return Err(Lost::Refused(status));
        }
        serde_json::from_slice(&answer).map_err(|error| Lost::Answer(error.to_string()))
    }

    /// Asks for an answer that has no end, and reads it as long as it comes.
    ///
    /// # Errors
    /// [`Lost`].
    pub async fn listen(&mut self, path: &str, header: Option<&(HeaderName, HeaderValue)>) -> Result<(), Lost> {
        let mut response = self.send(Method::GET, path, header, Bytes::new()).await?;
        if !response.status().is_success() {
            return Err(Lost::Refused(response.status()));
        }
        while let Some(frame) = response.frame().await {
            frame.map_err(connection)?;
        }
        Ok(())
    }

    /// Signs in. Tells the cookie.
    ///
    /// # Errors
    /// [`Lost`].
    pub async fn sign_in(&mut self, path: &str, body: Bytes) -> Result<HeaderValue, Lost> {
        let response =
            tokio::time::timeout(SIGN_IN_PATIENCE, self.send(Method::POST, path, None, body)).await.map_err(|_| Lost::Late)??;
        let cookie =
            response.headers().get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok()?.split(';').next()).map(str::to_owned);
        let status = response.status();
        response.into_body().collect().await.map_err(connection)?;
        cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()).ok_or(Lost::Refused(status))
    }

    async fn ask_patiently(
        &mut self,
        method: Method,
        path: &str,
        extra: Option<&(HeaderName, HeaderValue)>,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), Lost> {
        let response = self.send(method, path, extra, body).await?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(connection)?;
        Ok((status, body.to_bytes()))
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        extra: Option<&(HeaderName, HeaderValue)>,
        body: Bytes,
    ) -> Result<Response<Incoming>, Lost> {
        let host = self.host.clone();
        let sender = self.sender().await?;
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, host);
        if let Some((name, value)) = extra {
            request = request.header(name, value);
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let request = request.body(Full::new(body)).map_err(connection)?;
        sender.send_request(request).await.map_err(connection)
    }

    async fn sender(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, Lost> {
        let alive = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !alive {
            self.sender = Some(self.connect().await?);
        }
        self.sender.as_mut().ok_or_else(|| Lost::Connection("closed".to_owned()))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Lost> {
        let socket = if self.address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.map_err(connection)?;
        if let Some(from) = self.from {
            socket.bind(SocketAddr::new(from, 0)).map_err(connection)?;
        }
        let stream = socket.connect(self.address).await.map_err(connection)?;
        stream.set_nodelay(true).map_err(connection)?;
        let (sender, driver) = handshake(TokioIo::new(stream)).await.map_err(connection)?;
        // It ends when the sender does.
        tokio::spawn(driver);
        Ok(sender)
    }
}

fn connection(error: impl std::fmt::Display) -> Lost {
    Lost::Connection(error.to_string())
}

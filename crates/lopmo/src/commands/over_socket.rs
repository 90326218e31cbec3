//! The server's end of the local socket: `POST /order`, with the order in the query and an import's
//! lines in the body; news comes back as it happens.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;

use super::{News, Order, execute};
use crate::context::Context;

#[derive(Deserialize)]
struct Sent {
    order: String,
}

/// What answers on the local socket.
pub fn router(context: Arc<Context>) -> Router {
    Router::new().route("/order", post(take_order)).with_state(context)
}

async fn take_order(State(context): State<Arc<Context>>, Query(sent): Query<Sent>, request: Request) -> Response {
    let order: Order = match serde_json::from_str(&sent.order) {
        Ok(order) => order,
        Err(error) => return (http::StatusCode::BAD_REQUEST, format!("an order this server does not know: {error}")).into_response(),
    };
    let input = match keep(&context, request.into_body()).await {
        Ok(input) => input,
        Err(error) => return (http::StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    let (sender, receiver) = mpsc::channel(64);
    tokio::spawn(execute::execute(context, order, input.map(tempfile::NamedTempFile::into_temp_path), sender));
    let lines = stream::unfold(receiver, |mut receiver| async move { receiver.recv().await.map(|news| (news, receiver)) });
    Body::from_stream(lines.map(|news| Ok::<Bytes, Infallible>(line(&news)))).into_response()
}

fn line(news: &News) -> Bytes {
    let mut text = serde_json::to_vec(news).unwrap_or_default();
    text.push(b'\n');
    text.into()
}

/// Keeps what was sent in a file: an import reads it from its own thread, at its own pace.
async fn keep(context: &Context, body: Body) -> std::io::Result<Option<tempfile::NamedTempFile>> {
    let mut chunks = body.into_data_stream();
    let Some(first) = chunks.next().await else { return Ok(None) };
    let file = tempfile::NamedTempFile::new_in(context.folder.temporary())?;
    let mut out = tokio::fs::File::from_std(file.reopen()?);
    out.write_all(&first.map_err(std::io::Error::other)?).await?;
    while let Some(chunk) = chunks.next().await {
        out.write_all(&chunk.map_err(std::io::Error::other)?).await?;
    }
    out.flush().await?;
    Ok(Some(file))
}

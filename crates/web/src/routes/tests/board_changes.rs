//! The live board as a stream of events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use classroom::attempts::{self, BoardChange, BoardNews};
use futures::stream;
use kernel::{TestId, Timestamp};
use serde::Deserialize;
use tokio::time::Instant;
use utoipa::IntoParams;

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::{InPath, InQuery};
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

/// Longest stream: whoever goes on watching asks again, and is looked at again.
const LONGEST: u32 = 300;
/// A word into the silence, so that nothing between us takes the line for dead.
const SIGN: Duration = Duration::from_secs(15);

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(watch_test_board))
}

/// Since when, and how long.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WatchQuery {
    /// `now` of the board that was read before: what has changed since comes first.
    since: i64,
    /// How many seconds the stream may last; 300 at most.
    seconds: u32,
}

/// What changes on the board of a test, as server-sent events whose data is JSON. The stream ends by itself; a
/// watcher that was too slow finds it ended, and reads the board anew.
#[utoipa::path(get, path = "/api/tests/{id}/board/changes", operation_id = "watch_test_board", tag = "tests",
    params(("id" = TestId, Path), WatchQuery),
    responses((status = 200, body = BoardChange, content_type = "text/event-stream"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn watch_test_board(
    State(app): State<App>,
    Author(caller): Author,
    InPath(id): InPath<TestId>,
    InQuery(query): InQuery<WatchQuery>,
) -> Result<Response, ApiError> {
    let news = attempts::watch_board(&app.classroom, &caller, id, Timestamp(query.since)).await?;
    let until = Instant::now() + Duration::from_secs(query.seconds.min(LONGEST).into());
    let events = stream::unfold((news, until), |(mut news, until)| async move {
        let text = next(&mut news, until).await?;
        Some((Ok::<_, Infallible>(Event::default().data(&*text)), (news, until)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN)).into_response())
}

/// What is there already comes even when the time is over.
async fn next(news: &mut BoardNews, until: Instant) -> Option<std::sync::Arc<str>> {
    tokio::select! {
        biased;
        text = news.next() => text,
        () = tokio::time::sleep_until(until) => None,
    }
}

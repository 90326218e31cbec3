//! The command's end: finds where to run, shows the news.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use axum::body::Body;
use db::Env;
use futures::TryStreamExt as _;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tokio_util::io::ReaderStream;

use super::{News, Order, execute};
use crate::config::Config;
use crate::context::{Context, ContextError};
use crate::data_folder::{DataFolder, DataFolderError};
use crate::database::{self, Copying, DatabaseError};
use crate::serve::local_socket;
use crate::words::{complain, say};

/// Why a command did not run.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The data folder.
    #[error(transparent)]
    DataFolder(#[from] DataFolderError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A part could not start.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The file to be imported.
    #[error("{file}: {cause}")]
    Input {
        /// Which.
        file: String,
        /// Why it cannot be read.
        cause: io::Error,
    },
    /// Only a running server can do it.
    #[error("no server runs on this data folder; start it first")]
    NoServer,
    /// The running server did not answer as it should.
    #[error("the running server: {0}")]
    Server(String),
}

/// Runs the order in the running server, or here when there is none.
///
/// # Errors
/// [`CommandError`] when it could not start; what fails later is told as news.
pub async fn run(config: &Config, order: Order, input: Option<&Path>) -> Result<ExitCode, CommandError> {
    let folder = DataFolder::open(&config.data_folder)?;
    let size = match input {
        None => 0,
        Some(file) => std::fs::metadata(file).map_err(|cause| unreadable(file, cause))?.len(),
    };
    let mut screen = Screen::new(size);
    match local_socket::reach(&folder.socket(), |path| std::os::unix::net::UnixStream::connect(path)) {
        Ok(stream) => send(stream, &order, input, &mut screen).await?,
        Err(_) if matches!(order, Order::Rehearse { .. }) => return Err(CommandError::NoServer),
        Err(_) => here(config, &folder, order, input, &mut screen).await?,
    }
    Ok(screen.end())
}

fn unreadable(file: &Path, cause: io::Error) -> CommandError {
    CommandError::Input { file: file.display().to_string(), cause }
}

async fn here(config: &Config, folder: &DataFolder, order: Order, input: Option<&Path>, screen: &mut Screen) -> Result<(), CommandError> {
    let _lock = folder.lock()?;
    let url = config.database_url();
    let db = database::connect(&url).await?;
    let env = Env::system(db);
    database::bring_up(&env.db, &url, folder, env.now(), Copying::Needed).await?;
    let context = Context::open(env, config, folder, folder.index())?;
    let input = match input {
        None => None,
        // A copy, as over the socket: the order owns what it reads.
        Some(file) => {
            let copy = tempfile::NamedTempFile::new_in(folder.temporary()).map_err(|cause| unreadable(file, cause))?;
            std::fs::copy(file, copy.path()).map_err(|cause| unreadable(file, cause))?;
            Some(copy.into_temp_path())
        }
    };
    let (sender, mut receiver) = mpsc::channel(64);
    let running = tokio::spawn(execute::execute(Arc::clone(&context), order, input, sender));
    while let Some(news) = receiver.recv().await {
        screen.show(news);
    }
    // A panic is told by its hook, and the missing end by the screen.
    let _ = running.await;
    context.env.db.close().await;
    Ok(())
}

async fn send(
    stream: std::os::unix::net::UnixStream,
    order: &Order,
    input: Option<&Path>,
    screen: &mut Screen,
) -> Result<(), CommandError> {
    let broken = |error: &dyn std::fmt::Display| CommandError::Server(error.to_string());
    stream.set_nonblocking(true).map_err(|error| broken(&error))?;
    let stream = UnixStream::from_std(stream).map_err(|error| broken(&error))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
    tokio::spawn(connection);
    let body = match input {
        None => Body::empty(),
        Some(file) => Body::from_stream(ReaderStream::new(tokio::fs::File::open(file).await.map_err(|cause| unreadable(file, cause))?)),
    };
    let text = serde_json::to_string(order).map_err(|error| broken(&error))?;
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("order", &text).finish();
    let request = Request::post(format!("/order?{query}")).header("host", "local").body(body).map_err(|error| broken(&error))?;
    let response = sender.send_request(request).await.map_err(|error| broken(&error))?;
    let status = response.status();
    if status != StatusCode::OK {
        let text = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        return Err(CommandError::Server(format!("{status} {}", String::from_utf8_lossy(&text))));
    }
    let mut chunks = response.into_body().into_data_stream();
    let mut waiting = Vec::new();
    while let Some(chunk) = chunks.try_next().await.map_err(|error| broken(&error))? {
        waiting.extend_from_slice(&chunk);
        let whole = waiting.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        for line in waiting.drain(..whole).collect::<Vec<u8>>().lines() {
            let line = line.map_err(|error| broken(&error))?;
            screen.show(serde_json::from_str(&line).map_err(|error| broken(&error))?);
        }
    }
    Ok(())
}

/// What the operator sees.
struct Screen {
    bar: Option<ProgressBar>,
    ended: Option<ExitCode>,
}

impl Screen {
    fn new(size: u64) -> Self {
        let bar = (size > 0 && io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template("{bar:40} {percent}% · {msg} · {elapsed} / {eta}");
            ProgressBar::new(size).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, ended: None }
    }

    fn show(&mut self, news: News) {
        match news {
            News::Progress { done, items } => {
                if let Some(bar) = &self.bar {
                    bar.set_position(done);
                    bar.set_message(items.to_string());
                }
            }
            News::Say { text } => match &self.bar {
                Some(bar) => bar.suspend(|| say(text)),
                None => say(text),
            },
            News::Failed { text } => {
                complain(text);
                self.ended = Some(ExitCode::FAILURE);
            }
            News::Done => self.ended = Some(ExitCode::SUCCESS),
        }
    }

    fn end(self) -> ExitCode {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        self.ended.unwrap_or_else(|| {
            complain("the command ended early");
            ExitCode::FAILURE
        })
    }
}

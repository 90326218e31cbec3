//! `lopmo serve`: claims the data folder, brings the database up, listens, and ends in good order.

mod banner;
mod dispatch;
mod gathering;
mod invigilator;
mod listeners;
pub mod local_socket;
mod rehearsals;
mod site;

use std::sync::Arc;
use std::time::Duration;

use blobs::HotObjects;
use content::demo::DemoError;
use db::{Db, Env};
use kernel::Clock;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::app::Demo;

use crate::cli::ServeArguments;
use crate::config::Config;
use crate::context::{Context, ContextError};
use crate::data_folder::{DataFolder, DataFolderError};
use crate::database::{self, Copying, DatabaseError};
use crate::shutdown::Shutdown;
use crate::tls::{self, TlsError};
use dispatch::Dispatch;

/// Why the server does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The data folder.
    #[error(transparent)]
    DataFolder(#[from] DataFolderError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// HTTPS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A part could not start.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The first start.
    #[error(transparent)]
    Setup(#[from] identity::setup::SetupError),
    /// The demo school.
    #[error("demo: {0}")]
    Demo(#[from] content::demo::DemoError),
    /// The demo school's questions.
    #[error("demo school: {0}")]
    DemoQuestions(#[from] questions::demo::DemoError),
    /// The demo school's classes.
    #[error("demo school: {0}")]
    DemoClasses(#[from] classroom::demo::DemoError),
    /// A listener.
    #[error("{what}: {cause}")]
    Listen {
        /// Where it would listen.
        what: String,
        /// Why it cannot.
        cause: std::io::Error,
    },
}

/// Serves until the process is asked to stop.
///
/// # Errors
/// [`ServeError`].
pub async fn run(config: Config, arguments: ServeArguments) -> Result<(), ServeError> {
    let mut shutdown = Shutdown::listen().map_err(|cause| ServeError::Listen { what: "signals".to_owned(), cause })?;
    // A connection is a file.
    rehearsal::raise_file_limit();
    let folder = DataFolder::open(&config.data_folder)?;
    let _lock = folder.lock()?;
    // Bound before the slow part: a port in use is told at once.
    let bound = listeners::bind(&config)?;
    let url = config.database_url();
    let db = database::connect(&url).await?;
    let clock: Clock = kernel::SystemClock.into();
    let copying = if arguments.without_copy { Copying::LeftToTheOperator } else { Copying::Needed };
    if let Some(copy) = database::bring_up(&db, &url, &folder, clock.now(), copying).await? {
        tracing::info!(copy = %copy.display(), "the schema changed; a copy of the database was made first");
    }
    let context = Context::open(Env::system(db), &config, &folder, folder.index())?;
    let stop = CancellationToken::new();
    let mut background = vec![context.follow_changes(&stop)];
    if !arguments.no_worker {
        background.push(context.work(&config, &stop)?);
    }
    let demo = demo_school(&context, arguments).await?;
    let app = context.app(&config, demo);
    background.push(give_memory_back(app.objects.clone(), stop.clone()));
    background.push(fold_log(context.env.db.clone(), stop.clone()));
    let server = context.env.ids.make();
    invigilator::take_over(&app.classroom, server).await.map_err(DatabaseError::Db)?;
    background.push(invigilator::go_round(app.classroom.clone(), server, stop.clone()));
    let secured = tls::prepare(&config, &folder)?;
    let local = local_socket::listen(Arc::clone(&context), &folder, &stop)?;
    banner::print(&context, &config, demo).await?;
    let dispatch = Dispatch::new(&app, secured.trust.clone());
    background.push(rehearsals::play(app.classroom.clone(), dispatch.clone(), stop.clone()));
    let serving = listeners::serve(bound, dispatch, secured.tls, &config, &stop);
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = shutdown.asked() => {
            tracing::info!("stopping: requests under way are finished first");
            stop.cancel();
            serving.await
        }
    };
    stop.cancel();
    for task in background.into_iter().chain([local]) {
        // A task that panicked is in the log already.
        let _ = task.await;
    }
    context.env.db.close().await;
    ended
}

/// Loads the demo school if asked and nobody is here yet; tells whether this is a demo server.
async fn demo_school(context: &Context, arguments: ServeArguments) -> Result<Demo, ServeError> {
    if arguments.demo {
        match content::demo::load(&context.content).await {
            // A school with people of its own is served as it is.
            Ok(_) => {
                let questions = questions::Questions::new(context.content.clone());
                questions::demo::load(&questions).await?;
                classroom::demo::load(&classroom::Classroom::new(questions)).await?;
            }
            Err(DemoError::NotEmpty) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let loaded = content::demo::is_loaded(&context.content).await.map_err(DatabaseError::Db)?;
    Ok(if loaded { Demo::Loaded } else { Demo::Absent })
}

/// Keeps SQLite's log short without holding up who writes.
fn fold_log(db: Db, stop: CancellationToken) -> JoinHandle<()> {
    let mut rounds = tokio::time::interval(Duration::from_secs(1));
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    tokio::spawn(async move {
        while stop.run_until_cancelled(rounds.tick()).await.is_some() {
            if let Err(error) = db.checkpoint().await {
                tracing::warn!(%error, "the log of the database could not be folded in and is tried again");
            }
        }
    })
}

/// What is kept for speed is let go in quiet times: a school's old PC has other work too.
fn give_memory_back(objects: HotObjects, stop: CancellationToken) -> JoinHandle<()> {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    tokio::spawn(async move {
        while stop.run_until_cancelled(minutes.tick()).await.is_some() {
            objects.forget_when_idle();
        }
    })
}

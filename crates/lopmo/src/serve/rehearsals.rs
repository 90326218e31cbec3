//! Plays rehearsals that were asked for: a child process is the pupils, so that what they use of the machine
//! is told apart from what the server uses, and asks through a door of its own on this machine.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use classroom::Classroom;
use classroom::rehearsals::{self, BEAT_EVERY, Casting, RehearsalError};
use rehearsal::Report;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::Origin;

use super::dispatch::Dispatch;
use crate::commands::rehearse::{Played, Script};

/// Looks for rehearsals until the server stops.
pub(super) fn play(classroom: Classroom, dispatch: Dispatch, stop: CancellationToken) -> JoinHandle<()> {
    let mut rounds = tokio::time::interval(BEAT_EVERY);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    tokio::spawn(async move {
        while stop.run_until_cancelled(rounds.tick()).await.is_some() {
            if let Err(error) = round(&classroom, &dispatch, &stop).await {
                tracing::warn!(%error, "a rehearsal could not be looked after");
            }
        }
    })
}

async fn round(classroom: &Classroom, dispatch: &Dispatch, stop: &CancellationToken) -> Result<(), RehearsalError> {
    rehearsals::clean_up(classroom).await?;
    let Some(casting) = rehearsals::take(classroom).await? else { return Ok(()) };
    let report = match staged(classroom, dispatch, &casting, stop).await {
        Ok(report) => report,
        Err(error) => {
            tracing::error!(%error, "a rehearsal broke");
            None
        }
    };
    rehearsals::end(classroom, casting.id, report.as_ref()).await
}

/// Plays it; nothing when it was stopped.
async fn staged(
    classroom: &Classroom,
    dispatch: &Dispatch,
    casting: &Casting,
    stop: &CancellationToken,
) -> std::io::Result<Option<Report>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = dispatch.clone().on(Origin::Plain).into_make_service_with_connect_info::<SocketAddr>();
    let door = tokio::spawn(async move { axum::serve(listener, router).await });
    let ended = child(classroom, casting, address, stop).await;
    door.abort();
    ended
}

async fn child(classroom: &Classroom, casting: &Casting, address: SocketAddr, stop: &CancellationToken) -> std::io::Result<Option<Report>> {
    let program = std::env::current_exe()?;
    let mut child =
        Command::new(Path::new(&program)).arg("rehearsal-child").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let script = Script { address, students: casting.students, token: casting.token.reveal().to_owned() };
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&serde_json::to_vec(&script)?).await?;
    }
    let Some(stdout) = child.stdout.take() else { return Ok(None) };
    let mut lines = BufReader::new(stdout).lines();
    let mut rounds = tokio::time::interval(BEAT_EVERY);
    loop {
        tokio::select! {
            line = lines.next_line() => match line? {
                None => return Ok(None),
                Some(line) => match serde_json::from_str(&line)? {
                    Played::Part { part } => rehearsals::tell(classroom, casting.id, &part).await.map_err(std::io::Error::other)?,
                    Played::Report { report } => return Ok(Some(*report)),
                },
            },
            _ = rounds.tick() => {
                if rehearsals::cancelled(classroom, casting.id).await.map_err(std::io::Error::other)? {
                    return Ok(None);
                }
            }
            () = stop.cancelled() => return Ok(None),
        }
    }
}

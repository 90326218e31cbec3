//! What the server does by itself while tests are sat: says that it is alive, so that the time of an outage
//! can be given back, ends what is over, and marks again what a corrected key has left.

use classroom::Classroom;
use classroom::attempts::{self, AttemptError, BEAT_EVERY};
use db::DbError;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Gives back the time in which no server ran, before anybody is served.
///
/// # Errors
/// [`DbError`].
pub(super) async fn take_over(classroom: &Classroom, server: Uuid) -> Result<(), DbError> {
    let given_back = attempts::recover(classroom, server).await?;
    if !given_back.is_zero() {
        tracing::warn!(seconds = given_back.as_secs(), "no server ran while tests were sat; the time is given back");
    }
    Ok(())
}

/// Goes round until the server stops.
pub(super) fn go_round(classroom: Classroom, server: Uuid, stop: CancellationToken) -> JoinHandle<()> {
    let mut rounds = tokio::time::interval(BEAT_EVERY);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    tokio::spawn(async move {
        while stop.run_until_cancelled(rounds.tick()).await.is_some() {
            if let Err(error) = round(&classroom, server).await {
                tracing::warn!(%error, "a round over the tests that are sat failed and is tried again");
            }
        }
    })
}

async fn round(classroom: &Classroom, server: Uuid) -> Result<(), AttemptError> {
    attempts::beat(classroom, server).await?;
    attempts::close_due(classroom).await?;
    attempts::remark_due(classroom).await?;
    Ok(())
}

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

/// Goes round until the server stops. Marking many takes long: that the server is alive is said beside it.
pub(super) fn go_round(classroom: Classroom, server: Uuid, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let classroom = &classroom;
        let beats = again(&stop, || async move { Ok(attempts::beat(classroom, server).await?) });
        let rounds = again(&stop, || round(classroom));
        futures::join!(beats, rounds);
    })
}

async fn again<F: Future<Output = Result<(), AttemptError>>>(stop: &CancellationToken, what: impl Fn() -> F) {
    let mut times = tokio::time::interval(BEAT_EVERY);
    times.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(times.tick()).await.is_some() {
        if let Err(error) = what().await {
            tracing::warn!(%error, "a round over the tests that are sat failed and is tried again");
        }
    }
}

async fn round(classroom: &Classroom) -> Result<(), AttemptError> {
    attempts::close_due(classroom).await?;
    attempts::remark_due(classroom).await?;
    Ok(())
}

use std::time::Duration;

use content::processing::kinds;
use db::jobs::{self, NewJob};
use db::{DbError, Env};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often housekeeping is put into the queue; of several processes one does it.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Enqueues housekeeping until `stop`.
pub(crate) async fn schedule(env: Env, stop: CancellationToken) {
    let mut tick = interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = enqueue(&env).await {
            tracing::warn!(%error, "housekeeping could not be queued");
        }
    }
}

async fn enqueue(env: &Env) -> Result<(), DbError> {
    let now = env.now();
    let mut tx = env.db.write().await?;
    for kind in [kinds::EXPIRE_UPLOADS, kinds::COLLECT_GARBAGE, kinds::PURGE_SESSIONS] {
        let job = NewJob { kind, payload: "{}".to_owned(), subject_id: None, dedup_key: Some(kind.to_owned()), max_attempts: 3, run_at: now };
        jobs::enqueue(&mut tx, &env.ids, now, job).await?;
    }
    tx.commit().await
}

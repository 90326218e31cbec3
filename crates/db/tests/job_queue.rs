//! The job queue behaves the same on both engines.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::time::Duration;

use db::jobs::{self, DeadReason, JobState, NewJob};
use db::testing::{TestDb, engines};
use kernel::{JobId, PageLimit};
use uuid::Uuid;

const LEASE: Duration = Duration::from_secs(60);

async fn enqueue(test: &TestDb, key: Option<&str>) {
    let now = test.env.now();
    let mut tx = test.env.db.write().await.unwrap();
    let job =
        NewJob { kind: "probe", payload: "{}".into(), subject_id: None, dedup_key: key.map(str::to_owned), max_attempts: 2, run_at: now };
    jobs::enqueue(&mut tx, &test.env.ids, now, job).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim(test: &TestDb, worker: Uuid) -> Option<jobs::ClaimedJob> {
    let mut tx = test.env.db.write().await.unwrap();
    let job = jobs::claim(&mut tx, worker, test.env.now(), LEASE).await.unwrap();
    tx.commit().await.unwrap();
    job
}

fn worker() -> Uuid {
    kernel::Ids::system().make::<JobId>().as_uuid()
}

#[tokio::test]
async fn a_job_is_claimed_by_one_worker_only() {
    for test in engines().await {
        enqueue(&test, None).await;
        assert!(claim(&test, worker()).await.is_some());
        assert!(claim(&test, worker()).await.is_none());
    }
}

#[tokio::test]
async fn a_job_whose_worker_died_is_claimed_again_after_its_lease() {
    for test in engines().await {
        enqueue(&test, None).await;
        let first = worker();
        let job = claim(&test, first).await.unwrap();
        test.clock.advance(LEASE + Duration::from_secs(1));
        let second = worker();
        assert_eq!(claim(&test, second).await.unwrap().attempts, 2);
        let mut tx = test.env.db.write().await.unwrap();
        assert!(!jobs::complete(&mut tx, job.id, first, test.env.now()).await.unwrap(), "the dead worker must not finish it");
        assert!(jobs::complete(&mut tx, job.id, second, test.env.now()).await.unwrap());
    }
}

#[tokio::test]
async fn a_job_with_the_key_of_a_waiting_one_is_not_added_twice() {
    for test in engines().await {
        enqueue(&test, Some("asset-1")).await;
        enqueue(&test, Some("asset-1")).await;
        assert!(claim(&test, worker()).await.is_some());
        assert!(claim(&test, worker()).await.is_none());
    }
}

#[tokio::test]
async fn a_job_that_keeps_failing_is_dead_and_can_be_retried_by_hand() {
    for test in engines().await {
        enqueue(&test, None).await;
        for expected in [JobState::Queued, JobState::Dead] {
            let me = worker();
            let job = claim(&test, me).await.unwrap();
            let mut tx = test.env.db.write().await.unwrap();
            let state = jobs::fail(&mut tx, &job, me, test.env.now(), "no ffmpeg", DeadReason::Transient).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(state, expected);
            test.clock.advance(Duration::from_secs(3600));
        }
        let mut tx = test.env.db.write().await.unwrap();
        let dead = jobs::list(&mut tx, Some(JobState::Dead), None, PageLimit::asked(None)).await.unwrap();
        assert_eq!(dead.items[0].last_error.as_deref(), Some("no ffmpeg"));
        assert!(jobs::retry(&mut tx, dead.items[0].id, test.env.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert!(claim(&test, worker()).await.is_some());
    }
}

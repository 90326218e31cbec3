//! Many in one commit, on both engines.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use db::{Batch, Db, DbError, GroupCommit, GroupError, GroupSettings, WriteTx, sql, testing};
use futures::future::BoxFuture;

/// Writes settings; a name "bad" cannot be written, and "panic" panics.
#[derive(Default)]
struct Settings {
    batches: Arc<AtomicUsize>,
}

impl Batch for Settings {
    type Item = &'static str;
    type Reply = usize;

    fn write<'a>(&'a self, tx: &'a mut WriteTx, items: &'a [&'static str]) -> BoxFuture<'a, Result<Vec<usize>, DbError>> {
        Box::pin(async move {
            self.batches.fetch_add(1, Ordering::SeqCst);
            for name in items {
                assert!(*name != "panic", "as asked");
                let name = if *name == "bad" { None } else { Some(*name) };
                sql!("INSERT INTO setting (name, value) VALUES ($1, 'x') ON CONFLICT (name) DO UPDATE SET value = 'again'")
                    .bind(name)
                    .execute(tx)
                    .await?;
            }
            Ok(items.iter().map(|name| name.len()).collect())
        })
    }
}

async fn stored(db: &Db) -> Vec<String> {
    let rows: Vec<(String,)> = sql!("SELECT name FROM setting ORDER BY name").fetch_all(&mut db.read().await.unwrap()).await.unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

fn group(db: &Db) -> (GroupCommit<Settings>, Arc<AtomicUsize>) {
    let batches = Arc::new(AtomicUsize::new(0));
    let settings = GroupSettings { writers: 1, ..GroupSettings::default() };
    (GroupCommit::new(db.clone(), Settings { batches: Arc::clone(&batches) }, settings), batches)
}

#[tokio::test]
async fn many_at_once_share_a_commit_and_each_is_answered() {
    for test in testing::engines().await {
        let (group, batches) = group(&test.env.db);
        let answers = futures::future::join_all(["a", "bb", "ccc"].map(|name| group.submit(0, name))).await;
        assert_eq!(answers.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(batches.load(Ordering::SeqCst), 1);
        assert_eq!(stored(&test.env.db).await, ["a", "bb", "ccc"]);
    }
}

#[tokio::test]
async fn one_that_cannot_be_written_or_breaks_the_writer_spoils_nobody_elses() {
    for test in testing::engines().await {
        let (group, _) = group(&test.env.db);
        for spoiler in ["bad", "panic"] {
            let answers = futures::future::join_all(["a", spoiler, "ccc"].map(|name| group.submit(0, name))).await;
            let written: Vec<bool> = answers.iter().map(Result::is_ok).collect();
            assert_eq!(written, [true, false, true], "{answers:?}");
            assert_eq!(stored(&test.env.db).await, ["a", "ccc"]);
        }
    }
}

#[tokio::test]
async fn more_than_can_wait_are_sent_away_at_once() {
    let test = testing::sqlite().await;
    let held = test.env.db.write().await.unwrap();
    let settings = GroupSettings { waiting: 1, largest: 1, ..GroupSettings::default() };
    let group = GroupCommit::new(test.env.db.clone(), Settings::default(), settings);
    let mut waiting = Vec::new();
    // One is being written, one is the next batch, one waits; who comes then has no place.
    let busy = loop {
        let mut asked = Box::pin(group.submit(0, "a"));
        match futures::poll!(&mut asked) {
            std::task::Poll::Ready(answer) => break answer,
            std::task::Poll::Pending => waiting.push(asked),
        }
        tokio::task::yield_now().await;
    };
    assert!(matches!(busy, Err(GroupError::Busy)));
    assert!(waiting.len() <= 3);
    drop(held);
    for answer in futures::future::join_all(waiting).await {
        answer.unwrap();
    }
}

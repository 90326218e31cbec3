//! The change log numbers changes without gaps, in the order in which they are committed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use db::changes::{self, EntityKind};
use db::testing::engines;
use kernel::LessonId;
use uuid::Uuid;

#[tokio::test]
async fn changes_are_numbered_without_gaps_whatever_their_number() {
    for test in engines().await {
        let mut expected: Vec<Uuid> = Vec::new();
        for count in [1usize, 7, 8, 9, 16, 19, 0] {
            let ids: Vec<Uuid> = (0..count).map(|_| test.env.ids.make::<LessonId>().as_uuid()).collect();
            let mut tx = test.env.db.write().await.unwrap();
            changes::record(&mut tx, EntityKind::Lesson, &ids, test.env.now()).await.unwrap();
            tx.commit().await.unwrap();
            expected.extend(ids);
        }
        let mut tx = test.env.db.read().await.unwrap();
        let log = changes::list_after(&mut tx, 0, 1000).await.unwrap();
        assert_eq!(log.iter().map(|change| change.entity_id).collect::<Vec<_>>(), expected);
        assert_eq!(log.iter().map(|change| change.seq).collect::<Vec<_>>(), (1..=expected.len() as i64).collect::<Vec<_>>());
        assert_eq!(changes::latest(&mut tx).await.unwrap(), expected.len() as i64);
    }
}

#[tokio::test]
async fn a_change_that_is_not_committed_leaves_no_gap() {
    for test in engines().await {
        let id = [test.env.ids.make::<LessonId>().as_uuid()];
        let mut tx = test.env.db.write().await.unwrap();
        changes::record(&mut tx, EntityKind::Lesson, &id, test.env.now()).await.unwrap();
        drop(tx);
        let mut tx = test.env.db.write().await.unwrap();
        changes::record(&mut tx, EntityKind::Lesson, &id, test.env.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = test.env.db.read().await.unwrap();
        assert_eq!(changes::list_after(&mut tx, 0, 10).await.unwrap()[0].seq, 1);
    }
}

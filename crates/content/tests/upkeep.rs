//! What nobody needs goes, and what cannot go yet keeps nothing else.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::time::Duration;

use bytes::Bytes;
use content::indexing::SearchIndex;
use content::library::{self, Find};
use content::processing::garbage::{self, GarbageError};
use support::World;

async fn throw(world: &World, key: &str) {
    let env = &world.content.env;
    let mut tx = env.db.write().await.unwrap();
    garbage::throw_key(&mut tx, env, key, env.now()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_object_that_cannot_be_deleted_keeps_no_other() {
    let world = World::new(db::testing::sqlite().await).await;
    let content = &world.content;
    // A folder where an object should be: no store of files can delete it as one.
    std::fs::create_dir_all(world.folder.path().join("objects/blobs/stuck/inner")).unwrap();
    throw(&world, "blobs/stuck").await;
    content.blobs.put("blobs/needless", Bytes::from_static(b"x")).await.unwrap();
    throw(&world, "blobs/needless").await;
    let told = garbage::collect(content).await.unwrap_err();
    assert!(matches!(&told, GarbageError::Left(what) if what.contains("blobs/stuck")), "{told}");
    assert_eq!(content.blobs.size("blobs/needless").await.unwrap(), None);
    // It waits behind the others, and is not forgotten.
    garbage::collect(content).await.unwrap();
    world.test.clock.advance(Duration::from_secs(16 * 60));
    assert!(garbage::collect(content).await.is_err());
    std::fs::remove_dir_all(world.folder.path().join("objects/blobs/stuck")).unwrap();
    world.test.clock.advance(Duration::from_secs(16 * 60));
    garbage::collect(content).await.unwrap();
    let mut tx = content.env.db.read().await.unwrap();
    let (left,): (i64,) = db::sql!("SELECT COUNT(*) FROM object_garbage").fetch_one(&mut tx).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_part_that_was_on_its_way_when_its_upload_ended_is_deleted_too() {
    let world = World::new(db::testing::sqlite().await).await;
    let (content, teacher) = (&world.content, world.teacher().await);
    let asset = world.finished(&teacher, world.school, "a.bin", b"\x00\x01 bytes").await.id;
    let mut tx = content.env.db.read().await.unwrap();
    let (upload,): (kernel::UploadId,) =
        db::sql!("SELECT upload_id FROM asset WHERE id = $1").bind(asset).fetch_one(&mut tx).await.unwrap();
    drop(tx);
    garbage::collect(content).await.unwrap();
    let late = format!("uploads/{upload}/0-late");
    content.blobs.put(&late, Bytes::from_static(b"late")).await.unwrap();
    world.test.clock.advance(Duration::from_secs(16 * 60));
    garbage::collect(content).await.unwrap();
    assert_eq!(content.blobs.size(&late).await.unwrap(), None);
}

#[tokio::test]
async fn the_change_log_keeps_what_every_index_needs_and_no_more() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let lesson = world.published(&teacher, world.school, "Quang hợp", "một", &[]).await;
        let slow = SearchIndex::open(&world.folder.path().join("slow")).unwrap();
        slow.catch_up(&content.env).await.unwrap();
        world.published(&teacher, world.school, "Hô hấp", "hai", &[]).await;
        for text in ["hai", "ba", "lá xanh"] {
            let draft = content::lessons::get_draft(content, &teacher, lesson).await.unwrap();
            let input = content::lessons::DraftInput { revision: draft.revision, meta: draft.meta, doc: support::doc(text, &[]) };
            let saved = content::lessons::save(content, &teacher, lesson, &input).await.unwrap();
            content::lessons::publish(content, &teacher, lesson, saved.revision, None).await.unwrap();
        }
        garbage::collect(content).await.unwrap();
        let mut tx = content.env.db.read().await.unwrap();
        let (rows,): (i64,) = db::sql!("SELECT COUNT(*) FROM change_log").fetch_one(&mut tx).await.unwrap();
        assert_eq!(rows, 2, "one a lesson");
        drop(tx);
        let new = SearchIndex::open(&world.folder.path().join("new")).unwrap();
        for index in [slow, new] {
            index.catch_up(&content.env).await.unwrap();
            let content = content::Content { search: index, ..content.clone() };
            for (words, count) in [("lá xanh", 1), ("hô hấp", 1), ("một", 0)] {
                let what = Find { text: words.to_owned(), limit: 5, ..Find::default() };
                assert_eq!(library::find(&content, &teacher, &what).await.unwrap().total, count, "{words}");
            }
        }
    }
}

#[tokio::test]
async fn whatever_refers_to_blobs_keeps_their_bytes() {
    let world = World::new(db::testing::sqlite().await).await;
    let mut tx = world.content.env.db.read().await.unwrap();
    let (view,): (String,) = db::sql!("SELECT sql FROM sqlite_master WHERE name = 'blob_name'").fetch_one(&mut tx).await.unwrap();
    // What goes with its blob names none.
    let referring: Vec<(String,)> = db::sql!(
        "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k
         WHERE m.type = 'table' AND k.\"table\" = 'blob' AND k.on_delete <> 'CASCADE'"
    )
    .fetch_all(&mut tx)
    .await
    .unwrap();
    assert!(referring.len() >= 4, "{referring:?}");
    for (table,) in referring {
        assert!(view.contains(&format!("FROM {table}")), "{table} is not in blob_name");
    }
}

//! Two at once. SQLite lets one writer in after the other; on PostgreSQL the rows must do it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::io::Cursor;

use bytes::Bytes;
use content::lessons::{self, DraftInput};
use content::library_import::import;
use content::uploads::{self, NewUpload, UploadError};
use futures::{FutureExt as _, stream};
use identity::access::Caller;
use kernel::Role;
use support::{World, at_once, doc};

#[tokio::test]
async fn a_lesson_published_twice_at_once_gets_two_versions() {
    for world in World::each_engine().await {
        let (content, teacher) = (world.content.clone(), world.teacher().await);
        let draft = lessons::create(&content, &teacher, world.school, "Định luật Ôm").await.unwrap();
        let mut holder = content.env.db.write().await.unwrap();
        // Publishing ends by taking its number in the change log.
        db::sql!("UPDATE change_counter SET value = value").execute(&mut holder).await.unwrap();
        let publish = || {
            let (content, teacher) = (content.clone(), teacher.clone());
            async move { lessons::publish(&content, &teacher, draft.id, 1, None).await.map(|lesson| lesson.version) }
        };
        let (one, other) = at_once(&content.env.db, holder, publish(), publish()).await;
        let mut versions = [one.unwrap(), other.unwrap()];
        versions.sort_unstable();
        assert_eq!(versions, [1, 2]);
    }
}

#[tokio::test]
async fn an_import_and_an_editor_publish_the_same_lesson_and_both_are_kept() {
    for world in World::each_engine().await {
        let content = world.content.clone();
        let head = world.person(world.school, Role::Administrator, "Quản trị").await;
        let line = |text: &str| Cursor::new(format!("{{\"external_id\":\"a\",\"title\":\"Lực\",\"text\":\"{text}\"}}\n"));
        import(&content, &Caller::Operator, "HOASEN", line("một"), |_| {}).await.unwrap();
        let mut tx = content.env.db.read().await.unwrap();
        let (lesson,): (kernel::LessonId,) = db::sql!("SELECT id FROM lesson").fetch_one(&mut tx).await.unwrap();
        drop(tx);
        let draft = lessons::get_draft(&content, &head, lesson).await.unwrap();
        let input = DraftInput { revision: draft.revision, meta: draft.meta, doc: doc("hai", &[]) };
        let saved = lessons::save(&content, &head, lesson, &input).await.unwrap();

        let mut holder = content.env.db.write().await.unwrap();
        db::sql!("UPDATE change_counter SET value = value").execute(&mut holder).await.unwrap();
        let (first, second) = (content.clone(), content.clone());
        let publishing = async move { lessons::publish(&first, &head, lesson, saved.revision, None).await.map(|_| ()) };
        let importing = async move { import(&second, &Caller::Operator, "HOASEN", line("ba"), |_| {}).await.map(|report| report.updated) };
        let (published, imported) = at_once(&content.env.db, holder, publishing, importing).await;
        assert_eq!(imported.unwrap(), 1);
        // Whoever came second built on the first: the editor is told, or her version comes before the import's.
        let versions = if published.is_ok() { 3 } else { 2 };
        let mut tx = content.env.db.read().await.unwrap();
        let (found,): (i64,) = db::sql!("SELECT MAX(version) FROM lesson_version").fetch_one(&mut tx).await.unwrap();
        assert_eq!(found, versions, "{published:?}");
    }
}

#[tokio::test]
async fn two_imports_of_the_same_new_items_in_opposite_order_both_go_through() {
    for world in World::each_engine().await {
        let content = world.content.clone();
        world.person(world.school, Role::Administrator, "Quản trị").await;
        let line = |number: i32| format!("{{\"external_id\":\"{number:02}\",\"title\":\"Bài {number}\"}}\n");
        let forth: String = (0..20).map(line).collect();
        let back: String = (0..20).rev().map(line).collect();
        let holder = {
            let mut tx = content.env.db.write().await.unwrap();
            db::sql!("UPDATE change_counter SET value = value").execute(&mut tx).await.unwrap();
            tx
        };
        let run = |text: String| {
            let content = content.clone();
            async move { import(&content, &Caller::Operator, "HOASEN", Cursor::new(text), |_| {}).await.unwrap() }
        };
        let (one, other) = at_once(&content.env.db, holder, run(forth), run(back)).await;
        assert_eq!((one.added + other.added, one.bad + other.bad), (20, 0));
        assert_eq!(one.updated + other.updated + one.unchanged + other.unchanged, 20);
    }
}

#[tokio::test]
async fn two_uploads_that_end_at_once_do_not_share_the_last_of_the_room() {
    for world in World::each_engine().await {
        let content = world.content.clone();
        let mut begun = Vec::new();
        for school in [world.school, world.other_school] {
            let teacher = world.person(school, Role::Teacher, "Trần Thị Bình").await;
            let new = NewUpload { organisation: school, filename: "a.pdf".to_owned(), length: 600 };
            begun.push((uploads::create(&content, &teacher, &new).await.unwrap().id, teacher));
        }
        // The room is the whole department's, and enough for one.
        let mut tx = content.env.db.write().await.unwrap();
        db::sql!("UPDATE organisation SET quota_bytes = 1000 WHERE id = $1").bind(world.department).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let mut holder = content.env.db.write().await.unwrap();
        // Each adds to its own school's sum.
        db::sql!("UPDATE organisation SET name = name WHERE parent_id IS NOT NULL").execute(&mut holder).await.unwrap();
        let mut ends = begun.into_iter().map(|(upload, teacher)| {
            let content = content.clone();
            async move {
                let body = Box::pin(stream::iter([Ok(Bytes::from(vec![7; 600]))]));
                uploads::receive(&content, &teacher, upload, 0, body, None).await
            }
            .boxed()
        });
        let (one, other) = at_once(&content.env.db, holder, ends.next().unwrap(), ends.next().unwrap()).await;
        assert_eq!([&one, &other].iter().filter(|end| end.is_ok()).count(), 1, "{one:?} {other:?}");
        assert!([one, other].into_iter().any(|end| matches!(end, Err(UploadError::Quota))));
    }
}

//! Changes of folders that meet.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../content/tests/support/mod.rs"]
mod support;

use db::sql;
use identity::access::Caller;
use kernel::QuestionFolderId;
use questions::Questions;
use questions::bank::BankError;
use questions::bank::folders::{self, FolderChange};
use support::World;

/// Moves a folder below another.
async fn put(questions: Questions, caller: Caller, folder: QuestionFolderId, below: QuestionFolderId) -> Result<(), BankError> {
    folders::change(&questions, &caller, folder, &FolderChange { name: None, parent: Some(below) }).await.map(|_| ())
}

#[tokio::test]
async fn two_folders_moved_below_each_other_at_once_never_make_a_ring() {
    for world in World::each_engine().await {
        let questions = Questions::new(world.content.clone());
        let teacher = world.teacher().await;
        let all = folders::list(&questions, &teacher).await.unwrap();
        let own = all.iter().find(|folder| folder.owner.is_some()).unwrap().id;
        let one = folders::create(&questions, &teacher, own, "Một").await.unwrap().id;
        let two = folders::create(&questions, &teacher, own, "Hai").await.unwrap().id;
        let mut holder = world.content.env.db.write().await.unwrap();
        sql!("UPDATE change_counter SET value = value").execute(&mut holder).await.unwrap();
        let (first, second) = support::at_once(
            &world.content.env.db,
            holder,
            put(questions.clone(), teacher.clone(), one, two),
            put(questions.clone(), teacher.clone(), two, one),
        )
        .await;
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let all = folders::list(&questions, &teacher).await.unwrap();
        let parent = |id| all.iter().find(|folder| folder.id == id).unwrap().parent_id;
        assert!(parent(one) == Some(own) || parent(two) == Some(own), "each is still reached from the root");
    }
}

#[tokio::test]
async fn a_folder_made_while_the_one_above_moves_is_where_that_one_is() {
    for world in World::each_engine().await {
        let questions = Questions::new(world.content.clone());
        let teacher = world.teacher().await;
        let all = folders::list(&questions, &teacher).await.unwrap();
        let own = all.iter().find(|folder| folder.owner.is_some()).unwrap().id;
        let lent = folders::create(&questions, &teacher, own, "Cho mượn").await.unwrap().id;
        let inner = folders::create(&questions, &teacher, lent, "Trong").await.unwrap().id;
        let mut holder = world.content.env.db.write().await.unwrap();
        sql!("UPDATE change_counter SET value = value").execute(&mut holder).await.unwrap();
        let made = {
            let (questions, teacher) = (questions.clone(), teacher.clone());
            async move { folders::create(&questions, &teacher, inner, "Mới").await.map(|folder| folder.id) }
        };
        let moved = put(questions.clone(), teacher.clone(), inner, own);
        let (moved, made) = support::at_once(&world.content.env.db, holder, moved, made).await;
        moved.unwrap();
        let mut tx = world.content.env.db.read().await.unwrap();
        let (above,): (i64,) = sql!("SELECT COUNT(*) FROM question_folder_closure WHERE descendant_id = $1")
            .bind(made.unwrap())
            .fetch_one(&mut tx)
            .await
            .unwrap();
        assert_eq!(above, 3, "itself, the folder it was made in and the root, not the lent one any more");
    }
}

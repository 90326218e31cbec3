//! What a fresh server starts with.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use content::curriculum::Curriculum;
use content::demo::{self, DemoError};
use content::library;
use content::{Content, ContentConfig};
use identity::access::{Caller, SignedIn};
use kernel::{DeviceId, PageLimit, PersonId};

#[test]
fn the_curriculum_built_in_can_be_read() {
    let curriculum = Curriculum::embedded().unwrap();
    assert!(curriculum.lookup_subject("toan").is_some_and(|subject| subject.grades.contains(&12)));
}

#[tokio::test]
async fn the_demo_school_loads_with_its_lessons_and_a_second_time_changes_nothing() {
    for test in db::testing::engines().await {
        let folder = tempfile::tempdir().unwrap();
        let content = Content::open(test.env.clone(), &ContentConfig::below(folder.path())).unwrap();
        let accounts = demo::load(&content).await.unwrap();
        assert!(accounts.accounts.len() >= 3);
        let mut tx = test.env.db.read().await.unwrap();
        let (pupil, school): (PersonId, kernel::OrganisationId) =
            db::sql!("SELECT person_id, organisation_id FROM role_assignment WHERE role = 'pupil' ORDER BY id LIMIT 1")
                .fetch_one(&mut tx)
                .await
                .unwrap();
        let (lessons,): (i64,) =
            db::sql!("SELECT COUNT(*) FROM lesson WHERE published_version IS NOT NULL").fetch_one(&mut tx).await.unwrap();
        drop(tx);
        assert!(lessons >= 3 && !school.to_string().is_empty());
        let caller = Caller::Person(SignedIn { person_id: pupil, device_id: test.env.ids.make::<DeviceId>(), address: String::new() });
        let shown = library::browse(&content, &caller, &library::Browse::default(), None, PageLimit::asked(None)).await.unwrap();
        assert!(!shown.items.is_empty());
        demo::load(&content).await.unwrap();
        let mut tx = test.env.db.read().await.unwrap();
        let (again,): (i64,) = db::sql!("SELECT COUNT(*) FROM lesson").fetch_one(&mut tx).await.unwrap();
        assert_eq!(again, lessons);
    }
}

#[tokio::test]
async fn a_server_with_people_never_gets_the_demo_school() {
    let world = support::World::new(db::testing::sqlite().await).await;
    world.teacher().await;
    assert!(matches!(demo::load(&world.content).await, Err(DemoError::NotEmpty)));
}

//! Lessons written together.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use content::lessons::{self, DraftInput, LessonError, LessonFilter};
use identity::access::{Caller, Denied};
use kernel::{PageLimit, Role};
use support::{World, doc};

fn id(caller: &Caller) -> kernel::PersonId {
    caller.person_id().unwrap()
}

#[tokio::test]
async fn a_colleague_who_is_added_writes_and_loses_that_when_she_is_taken_off() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let colleague = world.person(world.school, Role::Teacher, "Hoàng Thị Cẩm").await;
        let draft = lessons::create(content, &teacher, world.school, "Bài chung").await.unwrap();
        let mine = async || {
            let page = lessons::list_editable(content, &colleague, LessonFilter::All, None, PageLimit::asked(None)).await.unwrap();
            page.items.len()
        };
        assert!(matches!(lessons::get_draft(content, &colleague, draft.id).await, Err(LessonError::Denied(Denied::NotFound))));
        assert_eq!(mine().await, 0);

        let offered = lessons::list_candidates(content, &teacher, draft.id, "cam").await.unwrap();
        assert_eq!(offered.iter().map(|person| person.display_name.as_str()).collect::<Vec<_>>(), ["Hoàng Thị Cẩm"]);
        let editors = lessons::add_editor(content, &teacher, draft.id, id(&colleague)).await.unwrap();
        assert_eq!(editors.items.iter().map(|editor| editor.creator).collect::<Vec<_>>(), [true, false]);
        // Twice changes nothing.
        assert_eq!(lessons::add_editor(content, &teacher, draft.id, id(&colleague)).await.unwrap().items.len(), 2);
        assert!(lessons::list_candidates(content, &teacher, draft.id, "cam").await.unwrap().is_empty());
        let input = DraftInput { revision: draft.revision, meta: draft.meta, doc: doc("viết cùng", &[]) };
        let saved = lessons::save(content, &colleague, draft.id, &input).await.unwrap();
        lessons::publish(content, &colleague, draft.id, saved.revision, None).await.unwrap();
        assert_eq!(mine().await, 1);

        // A co-author can leave, and neither add others nor take off who made it.
        let third = world.person(world.school, Role::Teacher, "Đỗ Văn Em").await;
        for refused in [
            lessons::add_editor(content, &colleague, draft.id, id(&third)).await.err(),
            lessons::remove_editor(content, &colleague, draft.id, id(&teacher)).await.err(),
            lessons::list_candidates(content, &colleague, draft.id, "").await.err(),
        ] {
            assert!(matches!(refused, Some(LessonError::Denied(Denied::Forbidden))), "{refused:?}");
        }
        assert!(!lessons::list_editors(content, &colleague, draft.id).await.unwrap().can_manage);
        assert!(matches!(lessons::remove_editor(content, &teacher, draft.id, id(&teacher)).await, Err(LessonError::CreatorStays)));
        lessons::remove_editor(content, &colleague, draft.id, id(&colleague)).await.unwrap();
        assert!(matches!(lessons::get_draft(content, &colleague, draft.id).await, Err(LessonError::Denied(Denied::Forbidden))));
        assert_eq!(mine().await, 0);
        let mut tx = content.env.db.read().await.unwrap();
        let told: Vec<(String, String)> = db::sql!("SELECT action, detail FROM audit_entry WHERE action LIKE 'lesson.editor%' ORDER BY id")
            .fetch_all(&mut tx)
            .await
            .unwrap();
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|(_, detail)| detail.contains("Bài chung") && detail.contains("Hoàng Thị Cẩm")), "{told:?}");
    }
}

#[tokio::test]
async fn only_who_authors_lessons_there_can_be_added_whoever_asks() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let draft = lessons::create(content, &teacher, world.school, "Bài chung").await.unwrap();
        let pupil = world.person(world.school, Role::Pupil, "Lê Gia Dung").await;
        let parent = world.person(world.school, Role::Parent, "Lê Văn Cha").await;
        let stranger = world.person(world.other_school, Role::Teacher, "Võ Minh").await;
        let above = world.person(world.department, Role::Teacher, "Phan Thị Ở Sở").await;
        for person in [&pupil, &parent, &stranger, &above] {
            let refused = lessons::add_editor(content, &teacher, draft.id, id(person)).await.unwrap_err();
            assert!(matches!(&refused, LessonError::Invalid(faults) if faults[0].code == "unknown"), "{refused:?}");
        }
        assert!(lessons::list_candidates(content, &teacher, draft.id, "").await.unwrap().is_empty());
        // As each role, about a lesson that is not hers.
        for (role, allowed) in [
            (Role::Pupil, false),
            (Role::Parent, false),
            (Role::Teacher, false),
            (Role::Reviewer, false),
            (Role::SchoolHead, true),
            (Role::Administrator, true),
        ] {
            let caller = world.person(world.school, role, "Người Khác").await;
            let listed = lessons::list_editors(content, &caller, draft.id).await;
            assert_eq!(listed.is_ok(), allowed, "{role:?}");
            assert_eq!(lessons::list_candidates(content, &caller, draft.id, "").await.is_ok(), allowed, "{role:?}");
            assert_eq!(lessons::add_editor(content, &caller, draft.id, id(&teacher)).await.is_ok(), allowed, "{role:?}");
        }
        let administrator = world.person(world.department, Role::Administrator, "Quản trị Sở").await;
        lessons::add_editor(content, &administrator, draft.id, id(&above)).await.unwrap();
        lessons::remove_editor(content, &administrator, draft.id, id(&above)).await.unwrap();
        assert!(matches!(
            lessons::remove_editor(content, &administrator, draft.id, id(&above)).await,
            Err(LessonError::Denied(Denied::NotFound))
        ));
    }
}

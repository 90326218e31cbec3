//! Lessons: drafts, versions, who may do what.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use content::lessons::{self, ChangeKind, DraftInput, LessonError, LessonFilter, LessonState};
use content::library::{self, Browse, Find, Sort};
use identity::access::Denied;
use kernel::{PageLimit, Role};
use support::{World, doc};

#[tokio::test]
async fn a_published_version_never_changes() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let lesson = world.published(&teacher, world.school, "Định luật Ôm", "Bản thứ nhất", &[]).await;
        let first = lessons::get_version(content, &teacher, lesson, 1).await.unwrap();
        let draft = lessons::get_draft(content, &teacher, lesson).await.unwrap();
        let mut meta = draft.meta.clone();
        meta.title = "Định luật Ohm".to_owned();
        let saved = lessons::save(content, &teacher, lesson, &DraftInput { revision: draft.revision, meta, doc: doc("Bản thứ hai", &[]) })
            .await
            .unwrap();
        assert_eq!(lessons::get_lesson(content, &teacher, lesson).await.unwrap().state, LessonState::Changed);
        lessons::publish(content, &teacher, lesson, saved.revision, Some("Sửa tên")).await.unwrap();

        let again = lessons::get_version(content, &teacher, lesson, 1).await.unwrap();
        assert_eq!((again.doc, again.meta, again.published_at), (first.doc, first.meta.clone(), first.published_at));
        let shown = lessons::get_lesson(content, &teacher, lesson).await.unwrap();
        assert_eq!((shown.version, shown.state, shown.meta.title.as_str()), (2, LessonState::Published, "Định luật Ohm"));
        let history = lessons::list_versions(content, &teacher, lesson).await.unwrap();
        assert_eq!(
            history.iter().map(|version| (version.version, version.note.as_deref())).collect::<Vec<_>>(),
            [(2, Some("Sửa tên")), (1, None)]
        );

        let compared = lessons::compare(content, &teacher, lesson, 1, 2).await.unwrap();
        assert_eq!(compared.blocks.iter().map(|block| block.change).collect::<Vec<_>>(), [ChangeKind::Changed]);
        assert_eq!(compared.meta[0].field, "title");

        let restored = lessons::restore(content, &teacher, lesson, 1).await.unwrap();
        assert_eq!((restored.meta.title, restored.state), (first.meta.title, LessonState::Changed));
        assert_eq!(lessons::get_lesson(content, &teacher, lesson).await.unwrap().version, 2);
    }
}

#[tokio::test]
async fn a_file_put_right_under_its_old_name_shows_when_versions_are_compared() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let wrong = world.upload(&teacher, world.school, "phieu.pdf", b"%PDF-1.4 sai").await;
        let right = world.upload(&teacher, world.school, "phieu.pdf", b"%PDF-1.4 dung").await;
        let lesson = world.published(&teacher, world.school, "Phiếu bài tập", "Làm ở nhà", &[wrong]).await;
        let draft = lessons::get_draft(content, &teacher, lesson).await.unwrap();
        let input = DraftInput { revision: draft.revision, meta: draft.meta, doc: doc("Làm ở nhà", &[right]) };
        let saved = lessons::save(content, &teacher, lesson, &input).await.unwrap();
        lessons::publish(content, &teacher, lesson, saved.revision, None).await.unwrap();

        let compared = lessons::compare(content, &teacher, lesson, 1, 2).await.unwrap();
        let changed: Vec<_> = compared.blocks.iter().filter(|block| block.change == ChangeKind::Changed).collect();
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].after.as_deref(), Some("▸ phieu.pdf"));
    }
}

#[tokio::test]
async fn a_stale_draft_is_refused_and_nothing_is_lost() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let draft = lessons::create(content, &teacher, world.school, "Bài").await.unwrap();
        let save = |revision, text: &str| DraftInput { revision, meta: draft.meta.clone(), doc: doc(text, &[]) };
        lessons::save(content, &teacher, draft.id, &save(1, "một")).await.unwrap();
        let refused = lessons::save(content, &teacher, draft.id, &save(1, "hai")).await.unwrap_err();
        assert!(matches!(refused, LessonError::NewerDraft { revision: 2 }), "{refused:?}");
        assert!(lessons::get_draft(content, &teacher, draft.id).await.unwrap().doc.to_string().contains("một"));
        assert!(matches!(lessons::publish(content, &teacher, draft.id, 1, None).await, Err(LessonError::NewerDraft { .. })));
    }
}

#[tokio::test]
async fn a_pupil_reads_what_is_published_and_nothing_else() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let pupil = world.person(world.school, Role::Pupil, "Lê Gia Dung").await;
        let stranger = world.person(world.other_school, Role::Teacher, "Võ Minh").await;
        let hidden = lessons::create(content, &teacher, world.school, "Bản nháp").await.unwrap().id;
        let lesson = world.published(&teacher, world.school, "Đã đăng", "chữ", &[]).await;

        assert!(lessons::get_lesson(content, &pupil, lesson).await.is_ok());
        for (caller, id) in [(&pupil, hidden), (&stranger, lesson), (&stranger, hidden)] {
            assert!(matches!(lessons::get_lesson(content, caller, id).await, Err(LessonError::Denied(Denied::NotFound))));
        }
        assert!(matches!(lessons::get_draft(content, &pupil, lesson).await, Err(LessonError::Denied(Denied::Forbidden))));
        assert!(matches!(lessons::get_draft(content, &stranger, lesson).await, Err(LessonError::Denied(Denied::NotFound))));
        lessons::withdraw(content, &teacher, lesson).await.unwrap();
        assert!(matches!(lessons::get_lesson(content, &pupil, lesson).await, Err(LessonError::Denied(Denied::NotFound))));
        assert!(lessons::get_lesson(content, &teacher, lesson).await.is_ok());
        assert!(matches!(lessons::delete(content, &teacher, lesson).await, Err(LessonError::Published)));
        lessons::delete(content, &teacher, hidden).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_can_lend_a_file_that_she_may_not_read() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let stranger = world.person(world.other_school, Role::Teacher, "Võ Minh").await;
        let secret = world.upload(&teacher, world.school, "de-thi.pdf", b"%PDF-1.4 secret").await;
        let draft = lessons::create(content, &stranger, world.other_school, "Trộm").await.unwrap();
        let input = DraftInput { revision: 1, meta: draft.meta.clone(), doc: doc("x", &[secret]) };
        let saved = lessons::save(content, &stranger, draft.id, &input).await.unwrap();
        assert_eq!(saved.dropped, ["asset"]);
        assert!(content::assets::get(content, &stranger, secret).await.is_err());
        assert!(!lessons::get_draft(content, &stranger, draft.id).await.unwrap().doc.to_string().contains(&secret.to_string()));
    }
}

#[tokio::test]
async fn my_lessons_come_page_by_page_last_saved_first() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        for number in 0..5 {
            lessons::create(content, &teacher, world.school, &format!("Bài {number}")).await.unwrap();
            if number % 2 == 0 {
                world.test.clock.advance(std::time::Duration::from_secs(1));
            }
        }
        let (mut titles, mut after) = (Vec::new(), None);
        loop {
            let page =
                lessons::list_editable(content, &teacher, LessonFilter::All, after.as_ref(), PageLimit::asked(Some(2))).await.unwrap();
            titles.extend(page.items.into_iter().map(|row| row.title));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(titles, ["Bài 4", "Bài 3", "Bài 2", "Bài 1", "Bài 0"]);
        let head = world.person(world.school, Role::SchoolHead, "Hiệu trưởng").await;
        assert_eq!(lessons::list_editable(content, &head, LessonFilter::Draft, None, PageLimit::asked(None)).await.unwrap().items.len(), 5);
        let colleague = world.person(world.school, Role::Teacher, "Đồng nghiệp").await;
        assert_eq!(
            lessons::list_editable(content, &colleague, LessonFilter::All, None, PageLimit::asked(None)).await.unwrap().items.len(),
            0
        );
    }
}

#[tokio::test]
async fn the_library_sorts_titles_as_vietnamese_people_do_and_shows_only_what_one_may_read() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let pupil = world.person(world.school, Role::Pupil, "Lê Gia Dung").await;
        let stranger = world.person(world.other_school, Role::Teacher, "Võ Minh").await;
        for title in ["Đạo hàm", "Dao động", "Ánh sáng", "Em yêu biển"] {
            world.published(&teacher, world.school, title, "nội dung", &[]).await;
        }
        world.published(&stranger, world.other_school, "Của trường khác", "bí mật", &[]).await;
        let what = Browse { sort: Sort::Title, ..Browse::default() };
        let mut titles = Vec::new();
        let mut after = None;
        loop {
            let page = library::browse(content, &pupil, &what, after.as_ref(), PageLimit::asked(Some(3))).await.unwrap();
            titles.extend(page.items.into_iter().map(|row| row.title));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(titles, ["Ánh sáng", "Dao động", "Đạo hàm", "Em yêu biển"]);
        assert_eq!(library::facets(content, &pupil).await.unwrap().total, 4);
    }
}

#[tokio::test]
async fn search_finds_titles_text_and_captions_and_only_what_one_may_read() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let stranger = world.person(world.other_school, Role::Pupil, "Võ Minh").await;
        let file = world.finished(&teacher, world.school, "ghi-chu.bin", b"\x00\x01\x02 nothing known").await;
        let lesson = world.published(&teacher, world.school, "Quang hợp", "Lá cây dùng ánh sáng", &[file.id]).await;
        let look = async |caller, text: &str| {
            content.search.catch_up(&content.env).await.unwrap();
            library::find(content, caller, &Find { text: text.to_owned(), limit: 10, ..Find::default() }).await.unwrap()
        };
        for text in ["quang hợp", "quang hop", "ánh sáng", "anh sang"] {
            let found = look(&teacher, text).await;
            assert_eq!(found.items.iter().map(|hit| hit.id).collect::<Vec<_>>(), [lesson], "{text}");
            assert_eq!(look(&stranger, text).await.total, 0, "{text}");
        }
        let captions = b"1\n00:00:01,000 --> 00:00:02,000\nDiep luc to\n";
        content::assets::put_captions(content, &teacher, file.id, "vi", None, captions).await.unwrap();
        assert_eq!(look(&teacher, "diệp lục tố").await.total, 1);
        lessons::withdraw(content, &teacher, lesson).await.unwrap();
        assert_eq!(look(&teacher, "quang hợp").await.total, 0);
    }
}

#[tokio::test]
async fn a_lesson_that_cannot_be_read_does_not_keep_the_search_in_the_past() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let bad = world.published(&teacher, world.school, "Bài hỏng", "quang hợp", &[]).await;
        let good = world.published(&teacher, world.school, "Bài tốt", "quang hợp", &[]).await;
        let look = async || {
            content.search.catch_up(&content.env).await.unwrap();
            library::find(content, &teacher, &Find { text: "quang hợp".to_owned(), limit: 10, ..Find::default() }).await.unwrap()
        };
        assert_eq!(look().await.items.len(), 2);
        let mut tx = content.env.db.write().await.unwrap();
        db::sql!("UPDATE lesson_version SET meta = 'no json' WHERE lesson_id = $1").bind(bad).execute(&mut tx).await.unwrap();
        let ids = [bad.as_uuid(), good.as_uuid()];
        // Found as it was before the index has looked again: left out all the same.
        tx.commit().await.unwrap();
        assert_eq!(look().await.items.len(), 1);
        let mut tx = content.env.db.write().await.unwrap();
        db::changes::record(&mut tx, db::changes::EntityKind::Lesson, &ids, content.env.now()).await.unwrap();
        tx.commit().await.unwrap();
        let found = look().await;
        assert_eq!(found.items.iter().map(|hit| hit.id).collect::<Vec<_>>(), [good]);
        assert_eq!(found.total, 1);
        let mut tx = content.env.db.read().await.unwrap();
        assert_eq!(content::indexing::unreadable(&mut tx).await.unwrap(), [(bad, "Bài hỏng".to_owned())]);
    }
}

#[tokio::test]
async fn formulas_and_tables_are_found_and_shown_as_people_write_them() {
    let world = World::new(db::testing::sqlite().await).await;
    let (content, teacher) = (&world.content, world.teacher().await);
    let cell =
        |inner: serde_json::Value| serde_json::json!({ "type": "tableCell", "content": [{ "type": "paragraph", "content": [inner] }] });
    let text = |words: &str| serde_json::json!({ "type": "text", "text": words });
    let doc = |latex: &str| {
        let math = serde_json::json!({ "type": "mathInline", "attrs": { "latex": latex } });
        let row = serde_json::json!({ "type": "tableRow", "content": [cell(text("Axit sunfuric")), cell(math)] });
        serde_json::json!({ "type": "doc", "content": [{ "type": "table", "content": [row] }] })
    };
    let draft = lessons::create(content, &teacher, world.school, "Axit").await.unwrap();
    let mut revision = draft.revision;
    for latex in ["\\ce{H2SO4}", "\\ce{H2SO4 + H2O}", "\\ce{H2SO4  + H2O}"] {
        let input = DraftInput { revision, meta: draft.meta.clone(), doc: doc(latex) };
        revision = lessons::save(content, &teacher, draft.id, &input).await.unwrap().revision;
        lessons::publish(content, &teacher, draft.id, revision, None).await.unwrap();
    }
    content.search.catch_up(&content.env).await.unwrap();
    for words in ["H2SO4", "axit sunfuric", "H₂SO₄"] {
        let found = library::find(content, &teacher, &Find { text: words.to_owned(), limit: 5, ..Find::default() }).await.unwrap();
        assert_eq!(found.items[0].snippet, "Axit sunfuric · H₂SO₄ + H₂O", "{words}");
    }
    let compared = lessons::compare(content, &teacher, draft.id, 1, 2).await.unwrap();
    assert_eq!(compared.blocks[0].before.as_deref(), Some("Axit sunfuric · H₂SO₄"));
    assert_eq!(compared.blocks[0].after.as_deref(), Some("Axit sunfuric · H₂SO₄ + H₂O"));
    // They read alike: what was typed tells what is different.
    let compared = lessons::compare(content, &teacher, draft.id, 2, 3).await.unwrap();
    assert_eq!(compared.blocks[0].change, ChangeKind::Changed);
    assert_eq!(compared.blocks[0].after.as_deref(), Some("Axit sunfuric · $\\ce{H2SO4  + H2O}$"));
}

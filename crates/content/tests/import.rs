//! Many items at once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::io::Cursor;

use content::library::{self, Find};
use content::library_import::{ImportError, import};
use identity::access::Caller;
use kernel::Role;
use support::World;

const LINES: &str = r#"{"external_id":"a","title":"Lực ma sát","text":"Ma sát trượt.\n\nMa sát nghỉ.","subject":"vat-li","grade":10,"language":"vi","licence":"CC-BY-4.0","tags":["cơ học"]}
not json
{"external_id":"b","title":"Nước","text":"H2O","grade":13}
{"external_id":"c","title":"Cây lúa","text":"Đồng bằng"}
"#;

#[tokio::test]
async fn good_lines_go_in_and_bad_ones_are_named_by_number() {
    for world in World::each_engine().await {
        let content = &world.content;
        assert!(matches!(
            import(content, &Caller::Operator, "KHONG", Cursor::new(LINES), |_| {}).await,
            Err(ImportError::NoOrganisation(_))
        ));
        assert!(matches!(
            import(content, &Caller::Operator, "HOASEN", Cursor::new(LINES), |_| {}).await,
            Err(ImportError::NoAdministrator)
        ));
        let head = world.person(world.school, Role::Administrator, "Quản trị").await;
        let report = import(content, &Caller::Operator, "HOASEN", Cursor::new(LINES), |_| {}).await.unwrap();
        assert_eq!((report.added, report.updated, report.bad), (2, 0, 2));
        assert_eq!(report.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 3]);
        content.search.catch_up(&content.env).await.unwrap();
        let found = library::find(content, &head, &Find { text: "ma sat".to_owned(), limit: 5, ..Find::default() }).await.unwrap();
        assert_eq!(found.items[0].external_id.as_deref(), Some("a"));

        let again = import(content, &Caller::Operator, "HOASEN", Cursor::new(LINES), |_| {}).await.unwrap();
        assert_eq!((again.added, again.updated, again.unchanged), (0, 0, 2));
        let changed = LINES.replace("Cây lúa", "Cây lúa nước");
        let third = import(content, &Caller::Operator, "HOASEN", Cursor::new(changed), |_| {}).await.unwrap();
        assert_eq!((third.added, third.updated, third.unchanged), (0, 1, 1));
        content.search.catch_up(&content.env).await.unwrap();
        let found = library::find(content, &head, &Find { text: "lúa nước".to_owned(), limit: 5, ..Find::default() }).await.unwrap();
        assert_eq!(found.items.len(), 1);
        let pupil_elsewhere = world.person(world.other_school, Role::Pupil, "Võ Minh").await;
        assert_eq!(
            library::find(content, &pupil_elsewhere, &Find { text: "lúa".to_owned(), limit: 5, ..Find::default() }).await.unwrap().total,
            0
        );
    }
}

#[tokio::test]
async fn what_the_editor_would_refuse_is_named_and_the_rest_goes_in() {
    let world = World::new(db::testing::sqlite().await).await;
    let content = &world.content;
    world.person(world.school, Role::Administrator, "Quản trị").await;
    let long = "một đoạn\\n".repeat(60_000);
    let lines = format!(
        "{}\n{}\n{}\n",
        r#"{"external_id":"a","title":"Thuật giả kim","subject":"gia-kim"}"#,
        format_args!(r#"{{"external_id":"c","title":"Dài quá","text":"{long}"}}"#),
        r#"{"external_id":"d","title":"Toán","subject":"toan"}"#,
    );
    let report = import(content, &Caller::Operator, "HOASEN", Cursor::new(lines), |_| {}).await.unwrap();
    let told: Vec<_> =
        report.problems.iter().map(|problem| (problem.line, problem.code.as_str(), problem.field.as_deref().unwrap_or(""))).collect();
    assert_eq!(told, [(1, "unknown-subject", "subject"), (2, "bad-field", "text")]);
    assert_eq!((report.added, report.bad), (1, 2));
}

#[tokio::test]
async fn a_line_that_comes_again_in_the_same_file_updates_the_first() {
    for world in World::each_engine().await {
        let content = &world.content;
        let head = world.person(world.school, Role::Administrator, "Quản trị").await;
        let lines: String =
            ["một", "hai", "hai"].iter().map(|text| format!("{{\"external_id\":\"a\",\"title\":\"Bài\",\"text\":\"{text}\"}}\n")).collect();
        let report = import(content, &Caller::Operator, "HOASEN", Cursor::new(lines), |_| {}).await.unwrap();
        assert_eq!((report.added, report.updated, report.unchanged), (1, 1, 1));
        content.search.catch_up(&content.env).await.unwrap();
        let hit = library::find(content, &head, &Find { text: "hai".to_owned(), limit: 5, ..Find::default() }).await.unwrap();
        assert_eq!(hit.total, 1);
    }
}

#[tokio::test]
async fn many_items_go_in_whatever_their_number() {
    for world in World::each_engine().await {
        let content = &world.content;
        world.person(world.school, Role::Administrator, "Quản trị").await;
        for count in [1, 7, 8, 9, 1_013] {
            let lines: String = (0..count)
                .map(|number| format!("{{\"external_id\":\"{count}-{number}\",\"title\":\"Bài {number}\",\"grade\":6}}\n"))
                .collect();
            let report = import(content, &Caller::Operator, "HOASEN", Cursor::new(lines.clone()), |_| {}).await.unwrap();
            assert_eq!((report.added, report.bad), (count, 0));
            let again = import(content, &Caller::Operator, "HOASEN", Cursor::new(lines), |_| {}).await.unwrap();
            assert_eq!((again.unchanged, again.added + again.updated), (count, 0));
        }
    }
}

#[tokio::test]
async fn an_empty_file_and_a_reader_that_breaks_are_told() {
    struct Breaks;
    impl std::io::Read for Breaks {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("the thread that reads dies (this test means it to)")
        }
    }
    let world = World::new(db::testing::sqlite().await).await;
    let content = &world.content;
    world.person(world.school, Role::Administrator, "Quản trị").await;
    for text in ["", "\n \n"] {
        assert!(matches!(import(content, &Caller::Operator, "HOASEN", Cursor::new(text), |_| {}).await, Err(ImportError::Empty)));
    }
    let broken = import(content, &Caller::Operator, "HOASEN", std::io::BufReader::new(Breaks), |_| {}).await;
    assert!(matches!(broken, Err(ImportError::Interrupted)), "{broken:?}");
}

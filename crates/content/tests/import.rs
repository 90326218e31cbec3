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

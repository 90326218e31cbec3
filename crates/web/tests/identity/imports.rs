//! Lists of people: shown, refused, taken, taken again, given back.

use axum::body::Body;
use http::{Request, header};
use kernel::OrganisationId;
use serde_json::{Value, json};

use crate::support::{Reply, TestApp, world::World};

const GOOD: &str = "STT;Mã học sinh;Họ và tên;Ngày sinh;Giới tính;Lớp\n\
    1;HS001;Lê Gia Dung;07/04/2011;Nam;10A1\n2;HS002;Ngô Hải Điệp;22/10/2010;Nữ;10A1\n3;HS003;Lê Gia Dung;19/04/2010;Nam;10A2\n";
const FAULTY: &str = "STT;Mã học sinh;Họ và tên;Ngày sinh;Giới tính;Lớp\n\
    1;HS001;Lê Gia Dung;07/04/2011;Nam;10A1\n2;HS002;;31/02/2010;Nữ;10A1\n";

async fn send(app: &TestApp, cookie: &str, school: OrganisationId, content: impl Into<Body>) -> Reply {
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/people/imports?organisation={school}&role=pupil&filename=lop10.csv"))
        .header(header::COOKIE, cookie)
        .body(content.into())
        .unwrap();
    app.send(request).await
}

async fn apply(app: &TestApp, cookie: &str, preview: &Value) -> Reply {
    app.post(&format!("/api/people/imports/{}/apply", preview["id"].as_str().unwrap()), cookie, Value::Null).await
}

async fn pupils(app: &TestApp, cookie: &str, school: OrganisationId) -> Vec<Value> {
    let list = app.get(&format!("/api/people?organisation={school}&role=pupil&limit=200"), cookie).await.expect(200).json();
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_list_is_shown_taken_once_and_taken_again_without_doubling_anybody() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        let preview = send(&app, &admin, world.school_a, GOOD).await.expect(201).json();
        assert_eq!((&preview["state"], &preview["total"], &preview["faulty"]), (&json!("ready"), &json!(3), &json!(0)));
        let usernames: Vec<&str> = preview["rows"].as_array().unwrap().iter().map(|row| row["username"].as_str().unwrap()).collect();
        assert_eq!(usernames, ["dung.lg", "diep.nh", "dung.lg2"]);
        assert_eq!(pupils(&app, &admin, world.school_a).await.len(), 1, "a preview adds nobody");
        assert_eq!(apply(&app, &admin, &preview).await.expect(200).json(), json!({ "created": 3, "updated": 0 }));
        assert_eq!(apply(&app, &admin, &preview).await.expect(409).code(), "import-applied");
        let there = pupils(&app, &admin, world.school_a).await;
        assert_eq!(there.len(), 4);
        let dung = there.iter().find(|pupil| pupil["code"] == "HS001").unwrap();
        assert_eq!((&dung["class_group"]["name"], &dung["birth_date"]), (&json!("10A1"), &json!("2011-04-07")));

        let moved = GOOD.replace("Nam;10A2", "Nam;10A1");
        let again = send(&app, &admin, world.school_a, moved).await.expect(201).json();
        assert!(again["rows"].as_array().unwrap().iter().all(|row| row["action"] == "update"));
        assert_eq!(apply(&app, &admin, &again).await.expect(200).json(), json!({ "created": 0, "updated": 3 }));
        let there = pupils(&app, &admin, world.school_a).await;
        assert_eq!(there.len(), 4);
        assert_eq!(there.iter().filter(|pupil| pupil["class_group"]["name"] == "10A1").count(), 3);
        let one = app.get(&format!("/api/people/{}", dung["id"].as_str().unwrap()), &admin).await.json();
        assert_eq!(one["history"].as_array().unwrap().len(), 1, "what did not change leaves no trace");
    }
}

#[tokio::test]
async fn one_faulty_row_stops_the_whole_list_and_comes_first() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    let preview = send(&app, &admin, world.school_a, FAULTY).await.expect(201).json();
    assert_eq!((&preview["state"], &preview["faulty"]), (&json!("faulty"), &json!(1)));
    assert_eq!(preview["rows"][0]["line"], 3);
    let codes: Vec<&str> = preview["rows"][0]["problems"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"missing-name") && codes.contains(&"bad-date"), "{codes:?}");
    assert_eq!(apply(&app, &admin, &preview).await.expect(409).code(), "import-faulty");
    assert_eq!(pupils(&app, &admin, world.school_a).await.len(), 1);
    let path = format!("/api/people/imports/{}", preview["id"].as_str().unwrap());
    app.get(&path, &admin).await.expect(200);
    app.get(&path, &app.sign_in("administrator.b").await).await.expect(404);
    app.call("DELETE", &path, &admin, Value::Null).await.expect(204);
    app.get(&path, &admin).await.expect(404);
}

#[tokio::test]
async fn an_identifier_in_use_is_told_without_who_or_where() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let (a, b) = (app.sign_in("administrator.a").await, app.sign_in("administrator.b").await);
        let list = "Họ và tên;Lớp;Số CCCD;Mã định danh Bộ GD&ĐT\nLê Gia Dung;10A1;096887515802;26933963998\n";
        let preview = send(&app, &a, world.school_a, list).await.expect(201).json();
        let theirs = send(&app, &b, world.school_b, list).await.expect(201).json();
        assert_eq!(theirs["state"], "ready");
        apply(&app, &a, &preview).await.expect(200);
        assert_eq!(apply(&app, &b, &theirs).await.expect(409).code(), "import-faulty", "the world has changed since the preview");
        let now = app.get(&format!("/api/people/imports/{}", theirs["id"].as_str().unwrap()), &b).await.expect(200).json();
        let told: Vec<(&Value, &Value)> =
            now["rows"][0]["problems"].as_array().unwrap().iter().map(|one| (&one["field"], &one["code"])).collect();
        assert_eq!(told, [(&json!("ministry-id"), &json!("identifier-in-use")), (&json!("national-id"), &json!("identifier-in-use"))]);
        assert_eq!(pupils(&app, &b, world.school_b).await.len(), 1);
        let again = send(&app, &a, world.school_a, list).await.expect(201).json();
        assert_eq!(again["rows"][0]["action"], "update", "the school that has her finds her by it");

        let body = json!({ "organisation_id": world.school_b, "role": "pupil", "display_name": "Ai đó", "national_id": "096887515802", "ministry_id": "26933963998" });
        let refused = app.post("/api/people", &b, body).await.expect(422);
        for field in ["national_id", "ministry_id"] {
            assert_eq!(refused.field(field).as_deref(), Some("identifier-in-use"));
        }
        let path = format!("/api/people/{}", world.in_b(kernel::Role::Pupil));
        let refused = app.call("PATCH", &path, &b, json!({ "national_id": "096887515802" })).await.expect(422);
        assert_eq!(refused.field("national_id").as_deref(), Some("identifier-in-use"));
        for text in ["Lê Gia Dung", "Sông Hương", &world.school_a.to_string()] {
            assert!(!refused.text().contains(text));
        }
    }
}

#[tokio::test]
async fn what_was_taken_can_be_looked_at_afterwards() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        let preview = send(&app, &admin, world.school_a, GOOD).await.expect(201).json();
        apply(&app, &admin, &preview).await.expect(200);
        let path = format!("/api/people/imports/{}", preview["id"].as_str().unwrap());
        let taken = app.get(&path, &admin).await.expect(200).json();
        assert_eq!((&taken["state"], &taken["total"]), (&json!("applied"), &json!(3)));
        for (before, after) in preview["rows"].as_array().unwrap().iter().zip(taken["rows"].as_array().unwrap()) {
            assert_eq!(before, after, "the file is gone, its people are as it said");
        }
        let one = pupils(&app, &admin, world.school_a).await.iter().find(|pupil| pupil["code"] == "HS002").unwrap()["id"].clone();
        app.call("DELETE", &format!("/api/people/{}", one.as_str().unwrap()), &admin, Value::Null).await.expect(204);
        assert!(!app.get(&path, &admin).await.expect(200).text().contains("Điệp"), "an erased person is not named by a list either");
    }
}

#[tokio::test]
async fn what_is_exported_is_taken_back_without_a_change() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    let preview = send(&app, &admin, world.school_a, GOOD).await.expect(201).json();
    apply(&app, &admin, &preview).await.expect(200);
    let workbook = app.get(&format!("/api/organisations/{}/people.xlsx", world.school_a), &admin).await.expect(200);
    let back = send(&app, &admin, world.school_a, workbook.body).await.expect(201).json();
    assert_eq!((&back["state"], &back["total"]), (&json!("ready"), &json!(9)), "{back:#}");
    assert_eq!(apply(&app, &admin, &back).await.expect(200).json(), json!({ "created": 0, "updated": 9 }));
}

#[tokio::test]
async fn files_that_are_no_lists_are_refused_with_their_reason() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    assert_eq!(send(&app, &admin, world.school_a, "").await.expect(422).field("file").as_deref(), Some("roster-empty"));
    let png = b"\x89PNG\r\n\x1a\n0000000000".to_vec();
    assert_eq!(send(&app, &admin, world.school_a, png).await.expect(422).field("file").as_deref(), Some("roster-unknown-kind"));
    let damaged = b"PK\x03\x04 nothing of a workbook".to_vec();
    send(&app, &admin, world.school_a, damaged).await.expect(422);
    send(&app, &admin, world.school_a, vec![b'a'; (20 << 20) + 1]).await.expect(413);
    send(&app, &app.sign_in("teacher.a").await, world.school_a, GOOD).await.expect(403);
    send(&app, &admin, world.school_b, GOOD).await.expect(404);
}

/// Layouts that schools export, read where the samples lie beside the project.
#[tokio::test]
async fn lists_as_schools_export_them_are_understood() {
    let samples = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/samples/rosters"));
    if !samples.is_dir() {
        eprintln!("no samples at hand: left out");
        return;
    }
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    for file in std::fs::read_dir(samples).unwrap() {
        let path = file.unwrap().path();
        let preview = send(&app, &admin, world.school_a, std::fs::read(&path).unwrap()).await.expect(201).json();
        let is_faulty = path.file_stem().unwrap().to_string_lossy().ends_with("loi");

        assert_eq!(preview["state"] == "faulty", is_faulty, "{path:?}: {:#}", preview["rows"][0]);
    }
}

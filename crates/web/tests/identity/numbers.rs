//! A school's own numbers: each school gives them as it likes, and no other school learns of them.

use axum::body::Body;
use http::{Request, header};
use kernel::{OrganisationId, OrganisationKind, Role};
use serde_json::{Value, json};

use crate::support::{TestApp, world::World};

async fn import(app: &TestApp, cookie: &str, school: OrganisationId, list: &str) -> Value {
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/people/imports?organisation={school}&role=pupil&filename=lop10.csv"))
        .header(header::COOKIE, cookie)
        .body(Body::from(list.to_owned()))
        .unwrap();
    app.send(request).await.expect(201).json()
}

async fn take(app: &TestApp, cookie: &str, school: OrganisationId, list: &str) -> Value {
    let preview = import(app, cookie, school, list).await;
    assert_eq!(preview["state"], "ready", "{preview:#}");
    app.post(&format!("/api/people/imports/{}/apply", preview["id"].as_str().unwrap()), cookie, Value::Null).await.expect(200).json()
}

async fn with_number(app: &TestApp, cookie: &str, number: &str) -> Vec<Value> {
    let list = app.get("/api/people?limit=200", cookie).await.expect(200).json();
    list["items"].as_array().unwrap().iter().filter(|one| one["code"] == number).cloned().collect()
}

fn id(person: &Value) -> String {
    person["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn two_schools_use_the_same_numbers_and_neither_sees_the_others() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let (a, b) = (app.sign_in("administrator.a").await, app.sign_in("administrator.b").await);
        let list_a = "Mã học sinh;Họ và tên;Ngày sinh;Lớp\nHS001;Lê Gia Dung;07/04/2011;10A1\nHS002;Ngô Hải Điệp;22/10/2010;10A1\n";
        let list_b = "Mã học sinh;Họ và tên;Ngày sinh;Lớp\nHS001;Trần Bảo Phong;03/06/2011;10B\nHS002;Võ Minh Nhi;02/08/2011;10B\n";
        assert_eq!(take(&app, &a, world.school_a, list_a).await, json!({ "created": 2, "updated": 0 }));
        assert_eq!(take(&app, &b, world.school_b, list_b).await, json!({ "created": 2, "updated": 0 }));
        for (cookie, name, others) in [(&a, "Lê Gia Dung", "Trần Bảo Phong"), (&b, "Trần Bảo Phong", "Lê Gia Dung")] {
            let found = app.get("/api/people?q=hs001", cookie).await.expect(200).json();
            let names: Vec<&Value> = found["items"].as_array().unwrap().iter().map(|one| &one["display_name"]).collect();
            assert_eq!(names, [name], "a number finds one's own pupil and not {others}");
        }

        // Again, with a name corrected: the number within the school says who is meant.
        let corrected = list_b.replace("Võ Minh Nhi", "Võ Minh Nhiên");
        assert_eq!(take(&app, &b, world.school_b, &corrected).await, json!({ "created": 0, "updated": 2 }));
        assert_eq!(with_number(&app, &b, "HS002").await[0]["display_name"], "Võ Minh Nhiên");
        assert_eq!(with_number(&app, &a, "HS002").await[0]["display_name"], "Ngô Hải Điệp");

        let body = json!({ "organisation_id": world.school_a, "role": "pupil", "display_name": "Ai đó", "code": "HS001" });
        assert_eq!(app.post("/api/people", &a, body).await.expect(422).field("code").as_deref(), Some("taken"));
        let path = format!("/api/people/{}", world.in_b(Role::Pupil));
        app.call("PATCH", &path, &b, json!({ "code": "HS001" })).await.expect(422);
        let changed = app.call("PATCH", &path, &b, json!({ "code": "HS009" })).await.expect(200).json();
        assert_eq!(changed["code"], "HS009");
        assert_eq!(app.call("PATCH", &path, &b, json!({ "code": null })).await.expect(200).json()["code"], Value::Null);
    }
}

#[tokio::test]
async fn a_pupil_who_changes_school_gets_its_number_and_leaves_hers_behind() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let (a, b, province) = (app.sign_in("administrator.a").await, app.sign_in("administrator.b").await, app.sign_in("admin.so").await);
        take(&app, &a, world.school_a, "Mã học sinh;Họ và tên;Lớp\nHS001;Lê Gia Dung;10A1\n").await;
        take(&app, &b, world.school_b, "Mã học sinh;Họ và tên;Lớp\nHS001;Trần Bảo Phong;10B\n").await;
        let dung = id(&with_number(&app, &a, "HS001").await[0]);
        let path = format!("/api/people/{dung}/transfer");
        let to_b = |code: Value| json!({ "from_organisation_id": world.school_a, "to_organisation_id": world.school_b, "code": code });
        let refused = app.post(&path, &province, to_b(json!("HS001"))).await.expect(422);
        assert_eq!(refused.field("code").as_deref(), Some("taken"));
        app.post(&path, &province, to_b(json!("HS 001!"))).await.expect(422);
        let moved = app.post(&path, &province, to_b(json!("HS100"))).await.expect(200).json();
        assert_eq!(moved["code"], "HS100");
        let numbers: Vec<&Value> = moved["history"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert_eq!(numbers, ["HS100", "HS001"], "the history names the number of each school");
        assert!(with_number(&app, &a, "HS001").await.is_empty());
        let seen_by_b = app.get(&format!("/api/people/{dung}"), &b).await.expect(200).text();
        assert!(!seen_by_b.contains("HS001"), "the new school is not told the number of one it may not see");

        // The old school's list of last month does not bring her back as somebody new.
        let old = import(&app, &a, world.school_a, "Mã học sinh;Họ và tên;Lớp\nHS001;Lê Gia Dung;10A1\n").await;
        assert_eq!(old["rows"][0]["problems"][0]["code"], "has-gone");
        // But it may give the number to another.
        take(&app, &a, world.school_a, "Mã học sinh;Họ và tên;Lớp\nHS001;Vũ Thu Long;10A1\n").await;

        // Back again: her own number is another's now, and stays so.
        let back = json!({ "from_organisation_id": world.school_b, "to_organisation_id": world.school_a });
        let back = app.post(&path, &province, back).await.expect(200).json();
        assert_eq!(back["code"], Value::Null);
        assert_eq!(with_number(&app, &a, "HS001").await[0]["display_name"], "Vũ Thu Long");
        assert_eq!(app.get("/api/people?q=HS100", &b).await.expect(200).json()["items"], json!([]));
    }
}

#[tokio::test]
async fn who_returns_to_a_school_has_her_number_again() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let (a, province) = (app.sign_in("administrator.a").await, app.sign_in("admin.so").await);
        take(&app, &a, world.school_a, "Mã học sinh;Họ và tên;Lớp\nHS001;Lê Gia Dung;10A1\n").await;
        let path = format!("/api/people/{}/transfer", id(&with_number(&app, &a, "HS001").await[0]));
        let way = |from: OrganisationId, to: OrganisationId| json!({ "from_organisation_id": from, "to_organisation_id": to });
        app.post(&path, &province, way(world.school_a, world.school_b)).await.expect(200);
        let back = app.post(&path, &province, way(world.school_b, world.school_a)).await.expect(200).json();
        assert_eq!(back["code"], "HS001");
    }
}

#[tokio::test]
async fn a_campus_has_the_numbers_of_its_school() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        let campus = app.organisation(Some(world.school_a), OrganisationKind::Campus, "Điểm trường Bến").await;
        take(&app, &admin, world.school_a, "Mã học sinh;Họ và tên;Lớp\nHS001;Lê Gia Dung;10A1\n").await;
        let there = import(&app, &admin, campus, "Mã học sinh;Họ và tên;Lớp\nHS001;Vũ Thu Long;10A1\n").await;
        assert_eq!(there["rows"][0]["problems"][0]["code"], "code-taken");
        take(&app, &admin, campus, "Mã học sinh;Họ và tên;Lớp\nHS002;Vũ Thu Long;10A1\n").await;
        let body = json!({ "organisation_id": world.school_a, "role": "pupil", "display_name": "Ai đó", "code": "HS002" });
        assert_eq!(app.post("/api/people", &admin, body).await.expect(422).field("code").as_deref(), Some("taken"));
    }
}

#[tokio::test]
async fn a_number_signs_nobody_in() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    app.call("PATCH", &format!("/api/people/{}", world.in_a(Role::Pupil)), &admin, json!({ "code": "HS001" })).await.expect(200);
    app.sign_in_with("HS001", crate::support::PASSWORD).await.expect(401);
}

//! Adding, changing, moving, exporting and erasing people.

use std::time::Duration;

use kernel::Role;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, world::World};

#[tokio::test]
async fn a_new_person_must_choose_her_own_password_before_anything_else() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        let body =
            json!({ "organisation_id": world.school_a, "role": "teacher", "display_name": "  Đặng  Thị Ánh ", "email": "anh@truong.vn" });
        let made = app.post("/api/people", &admin, body).await.expect(201).json();
        assert_eq!(made["person"]["display_name"], "Đặng Thị Ánh");
        assert_eq!(made["person"]["username"], "anh.dt");
        let password = made["one_time_password"].as_str().unwrap();
        let reply = app.sign_in_with("anh.dt", password).await.expect(200);
        assert_eq!(reply.json()["person"]["must_change_password"], true);
        let cookie = reply.cookie().unwrap();
        assert_eq!(app.get("/api/organisations", &cookie).await.expect(403).code(), "password-change-needed");
        app.get("/api/session/devices", &cookie).await.expect(200);
        let change = json!({ "current_password": password, "new_password": "cây đa giếng nước" });
        app.post("/api/me/password", &cookie, change).await.expect(204);
        app.get("/api/organisations", &cookie).await.expect(200);
    }
}

#[tokio::test]
async fn values_that_are_taken_are_faults_of_their_fields() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    let body = |code: &str, username: &str| json!({ "organisation_id": world.school_a, "role": "pupil", "display_name": "Lê Gia Dung", "code": code, "username": username, "email": "x@y.vn" });
    app.post("/api/people", &admin, body("HS1", "dung1")).await.expect(201);
    let reply = app.post("/api/people", &admin, body("HS1", "dung1")).await.expect(422);
    for field in ["code", "username", "email"] {
        assert_eq!(reply.field(field).as_deref(), Some("taken"), "{field}");
    }
}

#[tokio::test]
async fn people_are_listed_by_given_name_and_found_without_diacritics() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        for (place, name) in ["Trần Văn Đức", "Lê Thị Dung", "Phạm Ái", "Nguyễn Ân", "Hồ Thị An"].iter().enumerate() {
            app.person(world.school_b, Role::Pupil, name, &format!("list{place}")).await;
        }
        let admin = app.sign_in("admin.so").await;
        let path = format!("/api/people?organisation={}&role=pupil", world.school_b);
        let mut names = Vec::new();
        let mut after = String::new();
        loop {
            let page = app.get(&format!("{path}&limit=2{after}"), &admin).await.expect(200).json();
            names.extend(page["items"].as_array().unwrap().iter().map(|item| item["display_name"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(names, ["Phạm Ái", "Hồ Thị An", "Nguyễn Ân", "Nguyễn Văn pupil B", "Lê Thị Dung", "Trần Văn Đức"]);
        let found = app.get("/api/people?q=duc", &admin).await.json();
        assert_eq!(found["items"][0]["display_name"], "Trần Văn Đức");
        assert_eq!(app.get("/api/people?q=%25", &admin).await.json()["items"].as_array().unwrap().len(), 0, "a sign is not a wildcard");
    }
}

#[tokio::test]
async fn the_longest_name_there_may_be_is_kept_and_found() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        // Four bytes a letter, none like another: what an index of PostgreSQL takes least of.
        let name: String = (0..200).filter_map(|number| char::from_u32(0x2_0000 + number * 7)).collect();
        let body = json!({ "organisation_id": world.school_a, "role": "pupil", "display_name": name, "username": "x".repeat(50) });
        app.post("/api/people", &admin, body).await.expect(201);
        let found = app.get(&format!("/api/people?q={}", "x".repeat(40)), &admin).await.expect(200).json();
        assert_eq!(found["items"][0]["display_name"], name);
    }
}

#[tokio::test]
async fn a_transfer_keeps_the_history_and_ends_the_old_school() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let pupil = world.in_a(Role::Pupil);
        let province = app.sign_in("admin.so").await;
        let body = json!({ "from_organisation_id": world.school_a, "to_organisation_id": world.school_b });
        let school_admin = app.sign_in("administrator.a").await;
        app.post(&format!("/api/people/{pupil}/transfer"), &school_admin, body.clone()).await.expect(404);
        let moved = app.post(&format!("/api/people/{pupil}/transfer"), &province, body).await.expect(200).json();
        assert_eq!(moved["roles"].as_array().unwrap().len(), 1);
        assert_eq!(moved["roles"][0]["organisation"]["id"], json!(world.school_b));
        assert_eq!(moved["state"], "active");
        assert_eq!(moved["history"].as_array().unwrap().len(), 2);
        assert_eq!(moved["history"].as_array().unwrap().iter().filter(|one| one["until_at"].is_null()).count(), 1);
        app.get(&format!("/api/people/{pupil}"), &school_admin).await.expect(404);
        let log = app.get(&format!("/api/audit?person={pupil}&limit=200"), &province).await.expect(200).json();
        let lines: Vec<(&Value, &Value)> =
            log["items"].as_array().unwrap().iter().map(|one| (&one["action"], &one["organisation"]["id"])).collect();
        assert_eq!(
            lines[..2],
            [(&json!("person.received"), &json!(world.school_b)), (&json!("person.transferred"), &json!(world.school_a))]
        );
        let new_school = app.get(&format!("/api/people/{pupil}"), &app.sign_in("administrator.b").await).await.expect(200).json();
        assert_eq!(new_school["history"].as_array().unwrap().len(), 1, "the new school is not told of places it may not see");
    }
}

#[tokio::test]
async fn a_locked_person_is_out_at_once() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let (admin, teacher) = (app.sign_in("administrator.a").await, app.sign_in("teacher.a").await);
    let path = format!("/api/people/{}", world.in_a(Role::Teacher));
    app.call("PATCH", &path, &admin, json!({ "state": "locked" })).await.expect(200);
    app.get("/api/organisations", &teacher).await.expect(401);
    app.sign_in_with("teacher.a", PASSWORD).await.expect(401);
    app.call("PATCH", &path, &admin, json!({ "state": "active" })).await.expect(200);
    app.sign_in("teacher.a").await;
    let own = format!("/api/people/{}", world.in_a(Role::Administrator));
    assert_eq!(app.call("PATCH", &own, &admin, json!({ "state": "locked" })).await.expect(409).code(), "own-account");
}

#[tokio::test]
async fn a_password_link_works_once_and_for_three_days() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        let path = format!("/api/people/{}/password-link", world.in_a(Role::Teacher));
        let link = |reply: Value| reply["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let old = link(app.post(&path, &admin, Value::Null).await.expect(200).json());
        let token = link(app.post(&path, &admin, Value::Null).await.expect(200).json());
        app.get(&format!("/api/password-links/{old}"), "").await.expect(404);
        let here = format!("/api/password-links/{token}");
        assert_eq!(app.get(&here, "").await.expect(200).json()["username"], "teacher.a");
        app.post(&here, "", json!({ "new_password": "teacher.a1" })).await.expect(422);
        app.post(&here, "", json!({ "new_password": "cây đa giếng nước" })).await.expect(204);
        app.post(&here, "", json!({ "new_password": "cây đa giếng nước" })).await.expect(404);
        app.sign_in_with("teacher.a", "cây đa giếng nước").await.expect(200);
        let late = link(app.post(&path, &admin, Value::Null).await.expect(200).json());
        app.test.clock.advance(Duration::from_secs(73 * 3600));
        app.get(&format!("/api/password-links/{late}"), "").await.expect(404);
    }
}

#[tokio::test]
async fn an_erased_person_leaves_no_name_and_no_way_in() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = world.in_a(Role::Teacher);
        let cookie = app.sign_in("teacher.a").await;
        let lesson = json!({ "organisation_id": world.school_a, "meta": { "title": "Định luật Ôm" } });
        let lesson = app.post("/api/lessons", &cookie, lesson).await.expect(201).json();
        let admin = app.sign_in("administrator.a").await;
        let export = app.get(&format!("/api/people/{teacher}/export"), &admin).await.expect(200);
        assert!(export.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        let export = export.json();
        assert_eq!(export["profile"]["username"], "teacher.a");
        assert_eq!(export["lessons"][0]["title"], "Định luật Ôm");
        assert_eq!(export["devices"].as_array().unwrap().len(), 1);
        app.call("DELETE", &format!("/api/people/{teacher}"), &admin, Value::Null).await.expect(204);
        app.get(&format!("/api/people/{teacher}"), &admin).await.expect(404);
        app.get("/api/organisations", &cookie).await.expect(401);
        app.sign_in_with("teacher.a", PASSWORD).await.expect(401);
        let draft = app.get(&format!("/api/lessons/{}/draft", lesson["id"].as_str().unwrap()), &admin).await.expect(200).text();
        assert!(!draft.contains("Nguyễn Văn teacher A"), "{draft}");
        let audit = app.get("/api/audit", &admin).await.expect(200).text();
        assert!(!audit.contains("Nguyễn Văn teacher A"));
        assert!(audit.contains("person.erased"));
    }
}

#[tokio::test]
async fn my_own_data_is_mine_to_take() {
    let app = TestApp::sqlite().await;
    World::make(&app).await;
    let mine = app.get("/api/me/export", &app.sign_in("pupil.a").await).await.expect(200).json();
    assert_eq!(mine["profile"]["display_name"], "Nguyễn Văn pupil A");
    assert_eq!(mine["enrolments"].as_array().unwrap().len(), 1);
    assert!(mine["audit"].as_array().unwrap().iter().any(|line| line["action"] == "person.signed-in"));
}

#[tokio::test]
async fn slips_give_a_class_new_passwords_that_must_be_changed() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    let pupil = app.sign_in("pupil.a").await;
    let slips = app.post(&format!("/api/organisations/{}/slips", world.school_a), &admin, json!({})).await.expect(200).json();
    assert_eq!(slips["items"].as_array().unwrap().len(), 1);
    let password = slips["items"][0]["one_time_password"].as_str().unwrap();
    app.get("/api/organisations", &pupil).await.expect(401);
    let reply = app.sign_in_with("pupil.a", password).await.expect(200);
    assert_eq!(reply.json()["person"]["must_change_password"], true);
    let other = json!({ "person_ids": [world.in_b(Role::Pupil)] });
    app.post(&format!("/api/organisations/{}/slips", world.school_a), &admin, other).await.expect(404);
}

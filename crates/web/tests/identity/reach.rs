//! Nobody reaches further than her roles: the ways a small administrator might grow.

use kernel::Role;
use serde_json::{Value, json};

use crate::support::{TestApp, world::World};

#[tokio::test]
async fn a_school_administrator_cannot_take_over_one_of_the_province() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        // She also teaches at the school, so that its administrator sees her.
        let boss = world.province_administrator;
        let province = app.sign_in("admin.so").await;
        app.post(&format!("/api/people/{boss}/roles"), &province, json!({ "role": "teacher", "organisation_id": world.school_a }))
            .await
            .expect(200);
        app.get(&format!("/api/people/{boss}"), &admin).await.expect(200);
        app.post(&format!("/api/people/{boss}/password-link"), &admin, Value::Null).await.expect(403);
        app.call("PATCH", &format!("/api/people/{boss}"), &admin, json!({ "email": "mine@evil.vn" })).await.expect(403);
        app.call("DELETE", &format!("/api/people/{boss}"), &admin, Value::Null).await.expect(403);
        app.get(&format!("/api/people/{boss}/export"), &admin).await.expect(403);
        let slips = json!({ "person_ids": [boss] });
        app.post(&format!("/api/organisations/{}/slips", world.school_a), &admin, slips).await.expect(403);
    }
}

#[tokio::test]
async fn nobody_grants_a_role_where_she_does_not_administer() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    let me = world.in_a(Role::Administrator);
    let role = |role: &str, organisation: kernel::OrganisationId| json!({ "role": role, "organisation_id": organisation });
    app.post(&format!("/api/people/{me}/roles"), &admin, role("administrator", world.department)).await.expect(403);
    app.post(&format!("/api/people/{me}/roles"), &admin, role("teacher", world.school_b)).await.expect(404);
    app.post(&format!("/api/people/{}/roles", world.in_b(Role::Teacher)), &admin, role("teacher", world.school_a)).await.expect(404);
    let body = json!({ "organisation_id": world.department, "role": "administrator", "display_name": "Kẻ Gian" });
    app.post("/api/people", &admin, body).await.expect(403);
    for username in ["school-head.a", "teacher.a", "reviewer.a", "pupil.a", "parent.a"] {
        let cookie = app.sign_in(username).await;
        let body = json!({ "organisation_id": world.school_a, "role": "pupil", "display_name": "Kẻ Gian" });
        app.post("/api/people", &cookie, body).await.expect(403);
        app.post(&format!("/api/people/{}/password-link", world.in_a(Role::Pupil)), &cookie, Value::Null).await;
        assert!(
            !app.get(&format!("/api/people/{}/export", world.in_a(Role::Pupil)), &cookie).await.status.is_success() || username == "nobody"
        );
    }
}

#[tokio::test]
async fn the_last_administrator_of_the_server_stays() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("admin.so").await;
        let me = app.get(&format!("/api/people/{}", world.province_administrator), &admin).await.json();
        let path = format!("/api/people/{}/roles/{}", world.province_administrator, me["roles"][0]["id"].as_str().unwrap());
        assert_eq!(app.call("DELETE", &path, &admin, Value::Null).await.expect(409).code(), "last-administrator");
        let second = app.person(world.department, Role::Administrator, "Người Thứ Hai", "admin.hai").await;
        let other = app.sign_in("admin.hai").await;
        app.call("DELETE", &path, &other, Value::Null).await.expect(204);
        app.get("/api/organisations", &admin).await.expect(401);
        app.call("DELETE", &format!("/api/people/{second}"), &other, Value::Null).await.expect(409);
    }
}

#[tokio::test]
async fn pupils_do_not_see_each_other_and_the_audit_is_for_those_in_charge() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let pupil = app.sign_in("pupil.a").await;
    app.get(&format!("/api/people/{}", world.in_a(Role::Teacher)), &pupil).await.expect(404);
    assert_eq!(app.get("/api/people", &pupil).await.expect(200).json()["items"], json!([]));
    assert_eq!(app.get("/api/audit", &pupil).await.expect(200).json()["items"], json!([]));
    app.get(&format!("/api/audit?organisation={}", world.school_a), &pupil).await.expect(403);
    app.get(&format!("/api/audit?organisation={}", world.school_b), &pupil).await.expect(404);
    let head = app.get("/api/audit", &app.sign_in("school-head.a").await).await.expect(200).json();
    let lines = head["items"].as_array().unwrap();
    assert!(!lines.is_empty() && lines.iter().all(|line| line["organisation"]["id"] == json!(world.school_a)));
    app.get("/api/jobs", &app.sign_in("administrator.a").await).await.expect(403);
    app.get("/api/jobs", &app.sign_in("admin.so").await).await.expect(200);
}

//! Nobody reaches further than her roles: the ways a small administrator might grow.

use std::time::Duration;

use db::{Engine, sql};
use identity::audit;
use kernel::{OrganisationId, OrganisationKind, Role};
use serde_json::{Value, json};

use crate::support::{Reply, TestApp, world::World};

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
async fn the_log_is_kept_for_its_time_and_no_longer() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let days = |count: u64| Duration::from_secs(count * 86_400);
        app.test.clock.advance(days(100));
        app.person(world.school_a, Role::Teacher, "Người Mới", "moi").await;
        let province = app.sign_in("admin.so").await;
        let lines = async || app.get("/api/audit?limit=200", &province).await.expect(200).json()["items"].as_array().unwrap().len();
        let all = lines().await;
        assert_eq!(audit::trim(&app.test.env, None).await.unwrap(), 0);
        assert_eq!(audit::trim(&app.test.env, Some(days(101))).await.unwrap(), 0);
        assert_eq!(lines().await, all);
        assert_eq!(audit::trim(&app.test.env, Some(days(99))).await.unwrap(), u64::try_from(all).unwrap() - 2);
        assert_eq!(lines().await, 2, "the new person and the signing in are of today");
    }
}

/// How an administrator is got rid of.
#[derive(Clone, Copy, Debug)]
enum Removal {
    TakeRole,
    Lock,
    Erase,
    Transfer,
}

/// The removal as a request by the other.
async fn remove(app: &TestApp, how: Removal, person: &Value, school: OrganisationId, cookie: &str) -> Reply {
    let path = format!("/api/people/{}", person["id"].as_str().unwrap());
    let role = &person["roles"][0];
    match how {
        Removal::TakeRole => app.call("DELETE", &format!("{path}/roles/{}", role["id"].as_str().unwrap()), cookie, Value::Null).await,
        Removal::Lock => app.call("PATCH", &path, cookie, json!({ "state": "locked" })).await,
        Removal::Erase => app.call("DELETE", &path, cookie, Value::Null).await,
        Removal::Transfer => {
            let way = json!({ "from_organisation_id": role["organisation"]["id"], "to_organisation_id": school });
            app.post(&format!("{path}/transfer"), cookie, way).await
        }
    }
}

/// Lets two requests run until both wait, so that they are at once whatever the timing: PostgreSQL is kept
/// from writing the log, which each does last. SQLite has one writer, and nothing to keep apart.
async fn at_once<T>(app: &TestApp, both: impl Future<Output = T>) -> T {
    let db = &app.test.env.db;
    if db.engine() == Engine::Sqlite {
        return both.await;
    }
    let mut kept = db.write().await.unwrap();
    sql!("LOCK TABLE audit_entry IN SHARE MODE").execute(&mut kept).await.unwrap();
    let release = async {
        loop {
            let (waiting,): (i64,) =
                sql!("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                    .fetch_one(&mut db.read().await.unwrap())
                    .await
                    .unwrap();
            if waiting == 2 {
                return kept.commit().await.unwrap();
            }
        }
    };
    tokio::join!(both, release).0
}

#[tokio::test]
async fn of_two_administrators_who_remove_each_other_at_once_one_stays() {
    for how in [Removal::TakeRole, Removal::Lock, Removal::Erase, Removal::Transfer] {
        for app in TestApp::each_engine().await {
            let root = app.organisation(None, OrganisationKind::Department, "Sở Giáo dục Tam Giang").await;
            let school = app.organisation(Some(root), OrganisationKind::School, "THPT Sông Hương").await;
            let one = app.person(root, Role::Administrator, "Người Thứ Nhất", "mot").await;
            let other = app.person(root, Role::Administrator, "Người Thứ Hai", "hai").await;
            let (by_one, by_other) = (app.sign_in("mot").await, app.sign_in("hai").await);
            let one = app.get(&format!("/api/people/{one}"), &by_one).await.expect(200).json();
            let other = app.get(&format!("/api/people/{other}"), &by_one).await.expect(200).json();
            let both = async { tokio::join!(remove(&app, how, &other, school, &by_one), remove(&app, how, &one, school, &by_other)) };
            let replies = at_once(&app, both).await;
            let done = [&replies.0, &replies.1].iter().filter(|reply| reply.status.is_success()).count();
            assert_eq!(done, 1, "{how:?}: {} {}", replies.0.text(), replies.1.text());
            let left = if replies.0.status.is_success() { by_one } else { by_other };
            app.get("/api/jobs", &left).await.expect(200);
        }
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

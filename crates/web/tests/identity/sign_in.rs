//! Signing in, being signed in, and being shut out.

use std::time::Duration;

use kernel::{OrganisationKind, Role};
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

async fn school(app: &TestApp) {
    let school = app.organisation(None, OrganisationKind::School, "THPT Sông Hương").await;
    app.person(school, Role::Teacher, "Lê Gia Dung", "dung.lg").await;
}

#[tokio::test]
async fn a_teacher_signs_in_by_username_or_email_and_out_again() {
    for app in TestApp::each_engine().await {
        school(&app).await;
        let reply = app.sign_in_with(" Dung.LG ", PASSWORD).await.expect(200);
        let me = &reply.json()["person"];
        assert_eq!(me["display_name"], "Lê Gia Dung");
        assert_eq!(me["roles"][0]["role"], "teacher");
        assert_eq!(me["must_change_password"], false);
        assert!(me["capabilities"].as_array().unwrap().contains(&json!("author_lessons")));
        let cookie = reply.cookie().unwrap();

        app.call("PATCH", "/api/me", &cookie, json!({ "email": "Dung@truong.vn", "theme": "dark" })).await.expect(200);
        app.sign_in_with("dung@TRUONG.vn", PASSWORD).await.expect(200);
        assert_eq!(app.get("/api/session/devices", &cookie).await.json()["items"].as_array().unwrap().len(), 2);

        app.call("DELETE", "/api/session", &cookie, Value::Null).await.expect(204);
        assert!(app.get("/api/session", &cookie).await.json()["person"].is_null());
        assert_eq!(app.get("/api/session/devices", &cookie).await.expect(401).code(), "sign-in-needed");
    }
}

#[tokio::test]
async fn what_the_api_says_about_a_person_is_kept_by_no_cache() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    let reply = app.sign_in_with("dung.lg", PASSWORD).await.expect(200);
    assert_eq!(reply.headers["cache-control"], "no-store");
    let cookie = reply.cookie().unwrap();
    for path in ["/api/session", "/api/people", "/api/lessons"] {
        assert_eq!(app.get(path, &cookie).await.expect(200).headers["cache-control"], "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    let wrong = app.sign_in_with("dung.lg", "something else").await.expect(401);
    let unknown = app.sign_in_with("nobody.here", "something else").await.expect(401);
    assert_eq!((wrong.code(), unknown.code()), ("wrong-credentials".into(), "wrong-credentials".into()));
    let plain = |reply: &crate::support::Reply| {
        let mut json = reply.json();
        json["request_id"] = Value::Null;
        json
    };
    assert_eq!(plain(&wrong), plain(&unknown));
}

#[tokio::test]
async fn after_five_failures_even_the_right_password_must_wait() {
    for app in TestApp::each_engine().await {
        school(&app).await;
        for _ in 0..5 {
            app.sign_in_with("dung.lg", "wrong wrong").await.expect(401);
        }
        let paused = app.sign_in_with("dung.lg", PASSWORD).await.expect(429);
        assert_eq!(paused.code(), "too-many-attempts");
        let wait: u64 = paused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=31).contains(&wait), "{wait}");
        app.test.clock.advance(Duration::from_secs(31));
        app.sign_in_with("dung.lg", PASSWORD).await.expect(200);
        app.sign_in_with("dung.lg", "wrong again").await.expect(401);
        app.sign_in_with("dung.lg", PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_without_use_and_not_before() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    let cookie = app.sign_in("dung.lg").await;
    for _ in 0..3 {
        app.test.clock.advance(Duration::from_secs(20 * 86_400));
        assert!(!app.get("/api/session", &cookie).await.json()["person"].is_null());
    }
    app.test.clock.advance(Duration::from_secs(31 * 86_400));
    assert!(app.get("/api/session", &cookie).await.json()["person"].is_null());
    assert_eq!(identity::sessions::purge_expired(&app.test.env).await.unwrap(), 1);
}

#[tokio::test]
async fn forged_and_malformed_cookies_are_nobody() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    for cookie in ["lopmo_session=", "lopmo_session=AAAAAAAAAAAAAAAAAAAAAA", "lopmo_session=💥", "lopmo_session=../../x; a=b"] {
        let reply = app.get("/api/session", cookie).await.expect(200);
        assert!(reply.json()["person"].is_null(), "{cookie}");
    }
}

#[tokio::test]
async fn signing_in_never_takes_over_a_session_id_from_before() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    let first = app.sign_in("dung.lg").await;
    let reply = app.post("/api/session", &first, json!({ "login": "dung.lg", "password": PASSWORD })).await.expect(200);
    assert_ne!(reply.cookie().unwrap(), first);
    app.get("/api/session/devices", &first).await.expect(401);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_device() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    let (phone, desktop) = (app.sign_in("dung.lg").await, app.sign_in("dung.lg").await);
    app.call("DELETE", "/api/session/devices", &phone, Value::Null).await.expect(204);
    app.get("/api/session/devices", &phone).await.expect(401);
    app.get("/api/session/devices", &desktop).await.expect(401);
}

#[tokio::test]
async fn signing_out_tells_the_browser_to_forget_what_it_kept() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    for path in ["/api/session", "/api/session/devices"] {
        let cookie = app.sign_in("dung.lg").await;
        let reply = app.call("DELETE", path, &cookie, Value::Null).await.expect(204);
        assert_eq!(reply.headers["clear-site-data"], "\"cache\"", "{path}");
        app.get("/api/session/devices", &cookie).await.expect(401);
    }
}

#[tokio::test]
async fn what_a_browser_may_keep_it_keeps_for_one_session_only() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    let cookie = app.sign_in("dung.lg").await;
    let kept = app.get("/api/curriculum", &cookie).await.expect(200);
    assert!(kept.headers.get_all("vary").iter().any(|names| names == "cookie"));
    let never = app.get("/api/me", &cookie).await;
    assert_eq!(never.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_changed_password_signs_other_devices_out_and_obeys_the_rules() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    let (here, there) = (app.sign_in("dung.lg").await, app.sign_in("dung.lg").await);
    let change = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let refused = app.post("/api/me/password", &here, change(PASSWORD, "matkhau1")).await.expect(422);
    assert_eq!(refused.field("new_password").as_deref(), Some("too-common"));
    app.post("/api/me/password", &here, change("not mine", "cây đa giếng nước")).await.expect(401);
    app.post("/api/me/password", &here, change(PASSWORD, "cây đa giếng nước")).await.expect(204);
    app.get("/api/session/devices", &here).await.expect(200);
    app.get("/api/session/devices", &there).await.expect(401);
    app.sign_in_with("dung.lg", PASSWORD).await.expect(401);
    app.sign_in_with("dung.lg", "cây đa giếng nước").await.expect(200);
}

#[tokio::test]
async fn the_first_visitor_with_the_token_becomes_the_administrator_once() {
    for app in TestApp::each_engine().await {
        assert_eq!(app.get("/api/session", "").await.json()["setup_needed"], true);
        let token = identity::setup::ensure_token(&app.test.env).await.unwrap().unwrap();
        let form = |token: &str, password: &str| json!({ "token": token, "school_name": "THPT Sông Hương", "display_name": "Trần Thị Hoa", "username": "hoa.tt", "password": password });
        assert_eq!(app.post("/api/setup", "", form("guess", "cây đa giếng nước")).await.expect(403).code(), "wrong-token");
        let weak = app.post("/api/setup", "", form(token.reveal(), "12345678")).await.expect(422);
        assert_eq!(weak.field("password").as_deref(), Some("too-common"));
        let reply = app.post("/api/setup", "", form(token.reveal(), "cây đa giếng nước")).await.expect(200);
        let me = reply.json();
        assert_eq!(me["person"]["roles"][0]["organisation"]["name"], "THPT Sông Hương");
        assert!(me["person"]["capabilities"].as_array().unwrap().contains(&json!("manage_server")));
        assert_eq!(me["setup_needed"], false);
        let again = app.post("/api/setup", "", form(token.reveal(), "cây đa giếng nước")).await.expect(409);
        assert_eq!(again.code(), "already-set-up");
        assert!(identity::setup::ensure_token(&app.test.env).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    let cookie = app.sign_in("dung.lg").await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        let request = http::Request::builder()
            .method("DELETE")
            .uri("/api/session/devices")
            .header("host", "lopmo.test")
            .header("cookie", &cookie)
            .header(name, value)
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(app.send(request).await.expect(403).code(), "cross-site");
    }
    app.get("/api/session/devices", &cookie).await.expect(200);
}

#[tokio::test]
async fn a_method_that_is_not_there_is_a_problem_with_headers_that_protect() {
    let app = TestApp::sqlite().await;
    let reply = app.call("PUT", "/api/session", "", Value::Null).await.expect(405);
    assert_eq!(reply.code(), "method-not-allowed");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");
    assert!(reply.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    assert!(reply.headers.contains_key("x-request-id"));
    assert_eq!(app.get("/nowhere", "").await.expect(404).code(), "not-found");
}

#[tokio::test]
async fn guesses_sent_all_at_once_are_counted_like_guesses_one_by_one() {
    for app in TestApp::each_engine().await {
        school(&app).await;
        let guesses = (0..20).map(|number| app.sign_in_with("dung.lg", Box::leak(format!("guess number {number}").into_boxed_str())));
        let replies = futures::future::join_all(guesses).await;
        let looked_at = replies.iter().filter(|reply| reply.status == 401).count();
        assert_eq!(looked_at, 5, "of twenty guesses at once five are looked at");
        assert_eq!(replies.iter().filter(|reply| reply.status == 429).count(), 15);
    }
}

#[tokio::test]
async fn whether_somebody_has_an_email_cannot_be_asked_without_end() {
    for app in TestApp::each_engine().await {
        let school = app.organisation(None, OrganisationKind::School, "THPT Sông Hương").await;
        app.person(school, Role::Teacher, "Lê Gia Dung", "dung.lg").await;
        app.person(school, Role::Pupil, "Võ Minh Nhi", "nhi.vm").await;
        let teacher = app.sign_in("dung.lg").await;
        app.call("PATCH", "/api/me", &teacher, json!({ "email": "dung@truong.vn" })).await.expect(200);
        let pupil = app.sign_in("nhi.vm").await;
        let asks = async |email: &str| app.call("PATCH", "/api/me", &pupil, json!({ "email": email })).await;
        assert_eq!(asks("DUNG@truong.vn").await.expect(422).field("email").as_deref(), Some("not-accepted"));
        for number in 1..5 {
            asks(&format!("nhi{number}@truong.vn")).await.expect(200);
        }
        let paused = asks("ai.do@truong.vn").await.expect(429);
        assert!(paused.headers.contains_key("retry-after"));
        app.call("PATCH", "/api/me", &pupil, json!({ "theme": "dark", "email": "nhi4@truong.vn" })).await.expect(200);
        app.call("PATCH", "/api/me", &pupil, json!({ "email": null })).await.expect(200);
        app.test.clock.advance(Duration::from_secs(31));
        asks("dung@truong.vn").await.expect(422);
        asks("nhi@truong.vn").await.expect(429);
        app.sign_in("nhi.vm").await;
    }
}

#[tokio::test]
async fn a_school_behind_one_address_is_not_shut_out_by_its_own_success() {
    let app = TestApp::sqlite().await;
    school(&app).await;
    for _ in 0..30 {
        app.sign_in("dung.lg").await;
    }
    for number in 0..200 {
        app.sign_in_with(&format!("nobody{number}"), "guess").await.expect(401);
    }
    assert_eq!(app.sign_in_with("dung.lg", PASSWORD).await.expect(429).code(), "too-many-attempts");
    app.test.clock.advance(Duration::from_secs(16 * 60));
    app.sign_in("dung.lg").await;
}

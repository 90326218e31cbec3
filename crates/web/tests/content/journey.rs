use http::header;
use kernel::{OrganisationKind, Role};
use serde_json::json;

use super::tus::{school, upload};
use crate::support::{TestApp, world::World};

#[tokio::test]
async fn a_lesson_goes_from_a_teacher_to_a_pupil_and_to_nobody_else() {
    for app in TestApp::each_engine().await {
        let (school, teacher) = school(&app).await;
        app.person(school, Role::Pupil, "Lê Gia Dung", "dung.lg").await;
        let pupil = app.sign_in("dung.lg").await;
        let other = app.organisation(None, OrganisationKind::School, "Trường khác").await;
        app.person(other, Role::Administrator, "Người lạ", "nguoi.la").await;
        let stranger = app.sign_in("nguoi.la").await;

        app.post("/api/lessons", &pupil, json!({ "organisation_id": school, "meta": { "title": "x" } })).await.expect(403);
        app.post("/api/lessons", &stranger, json!({ "organisation_id": school, "meta": { "title": "x" } })).await.expect(404);
        let draft = app
            .post("/api/lessons", &teacher, json!({ "organisation_id": school, "meta": { "title": "Ánh sáng" } }))
            .await
            .expect(201)
            .json();
        let (id, mut meta) = (draft["id"].as_str().unwrap().to_owned(), draft["meta"].clone());
        let file = upload(&app, &teacher, school, "ghi-am.bin", b"\x00\x01 bytes").await;
        meta["subject"] = "vat-li".into();
        meta["grade"] = 11.into();
        let doc = json!({ "type": "doc", "content": [
            { "type": "paragraph", "content": [{ "type": "text", "text": "Khúc xạ ánh sáng" }] },
            { "type": "file", "attrs": { "asset": file, "title": "Ghi âm" } }, { "type": "script" }] });
        let saved = app
            .call("PUT", &format!("/api/lessons/{id}/draft"), &teacher, json!({ "revision": 1, "meta": meta, "doc": doc }))
            .await
            .expect(200)
            .json();
        assert_eq!((saved["revision"].as_i64(), &saved["dropped"]), (Some(2), &json!(["script"])));
        let stale = app
            .call("PUT", &format!("/api/lessons/{id}/draft"), &teacher, json!({ "revision": 1, "meta": meta, "doc": doc }))
            .await
            .expect(409);
        assert_eq!((stale.code(), stale.json()["detail"].as_str()), ("newer-draft".to_owned(), Some("2")));
        app.get(&format!("/api/assets/{file}/file"), &pupil).await.expect(404);
        app.post(&format!("/api/lessons/{id}/publish"), &teacher, json!({ "revision": 2 })).await.expect(200);

        let read = app.get(&format!("/api/lessons/{id}"), &pupil).await.expect(200).json();
        assert_eq!((read["version"].as_i64(), read["can_edit"].as_bool()), (Some(1), Some(false)));
        app.get(&format!("/api/assets/{file}/file"), &pupil).await.expect(200);
        app.get(&format!("/api/lessons/{id}/draft"), &pupil).await.expect(403);
        app.get(&format!("/api/lessons/{id}/versions"), &pupil).await.expect(403);
        for path in [
            "",
            "/draft",
            "/versions",
            "/versions/1",
            "/watchers",
            "/watchers/summary",
            "/editors",
            "/editors/candidates",
            "/watch",
            "/compare?from=1&to=1",
        ] {
            app.get(&format!("/api/lessons/{id}{path}"), &stranger).await.expect(404);
            app.get(&format!("/api/lessons/{id}{path}"), "").await.expect(401);
        }
        let listed = app.get("/api/library?subject=vat-li&grade=11&sort=title", &pupil).await.expect(200).json();
        assert_eq!(listed["items"][0]["id"].as_str(), Some(id.as_str()));
        assert_eq!(app.get("/api/library", &stranger).await.expect(200).json()["items"], json!([]));
        app.app.content.search.catch_up(&app.app.env).await.unwrap();
        let found = app.get("/api/search?q=khuc%20xa&limit=5", &pupil).await.expect(200).json();
        assert_eq!((found["total"].as_i64(), found["items"][0]["id"].as_str()), (Some(1), Some(id.as_str())));
        assert_eq!(app.get("/api/search?q=khuc%20xa", &stranger).await.expect(200).json()["total"], 0);
        assert_eq!(app.call("DELETE", &format!("/api/assets/{file}"), &teacher, json!(null)).await.expect(409).code(), "in-use");
    }
}

#[tokio::test]
async fn fields_that_are_wrong_are_named() {
    let app = TestApp::sqlite().await;
    let (school, teacher) = school(&app).await;
    let draft = app.post("/api/lessons", &teacher, json!({ "organisation_id": school, "meta": { "title": "" } })).await.expect(201).json();
    let id = draft["id"].as_str().unwrap();
    let save = async |meta, doc| {
        app.call("PUT", &format!("/api/lessons/{id}/draft"), &teacher, json!({ "revision": 1, "meta": meta, "doc": doc })).await
    };
    let doc = json!({ "type": "doc", "content": [] });
    for meta in [
        json!({ "title": "x".repeat(501) }),
        json!({ "title": "x", "subject": "khong-co" }),
        json!({ "title": "x", "grade": 13 }),
        json!({ "title": "x", "grade": -1 }),
        json!({ "title": "x", "language": "??" }),
        json!({ "title": "x", "licence": "MIT-ish" }),
        json!({ "title": "x", "tags": vec!["a"; 51] }),
        json!({ "title": 7 }),
        json!(null),
    ] {
        save(meta, doc.clone()).await.expect(422);
    }
    save(json!({ "title": "x" }), json!("text")).await.expect(422);
    save(
        json!({ "title": "x" }),
        json!({ "type": "doc", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "a".repeat(1_500_000) }] }] }),
    )
    .await
    .expect(413);
    let publish = app.post(&format!("/api/lessons/{id}/publish"), &teacher, json!({ "revision": 1 })).await.expect(422);
    assert_eq!(publish.field("meta.title").as_deref(), Some("missing"));
    let curriculum = app.get("/api/curriculum", "").await.expect(200);
    assert!(curriculum.json()["subjects"].as_array().is_some_and(|list| list.len() > 5));
    assert!(curriculum.headers.contains_key(header::ETAG));
}

#[tokio::test]
async fn a_colleague_is_added_to_a_lesson_and_each_role_is_answered_as_it_should_be() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let author = app.sign_in("teacher.a").await;
    let draft = json!({ "organisation_id": world.school_a, "meta": { "title": "Bài chung" } });
    let id = app.post("/api/lessons", &author, draft).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let reviewer = world.in_a(Role::Reviewer);
    let path = format!("/api/lessons/{id}/editors/{reviewer}");

    for (name, status) in
        [("pupil.a", 404), ("parent.a", 404), ("reviewer.a", 404), ("teacher.b", 404), ("administrator.b", 404), ("school-head.a", 200)]
    {
        let cookie = app.sign_in(name).await;
        app.get(&format!("/api/lessons/{id}/editors"), &cookie).await.expect(status);
        app.get(&format!("/api/lessons/{id}/editors/candidates"), &cookie).await.expect(status);
        app.call("PUT", &path, &cookie, json!(null)).await.expect(status);
    }
    let offered = app.get(&format!("/api/lessons/{id}/editors/candidates?q=administrator"), &author).await.expect(200).json();
    assert_eq!(offered["items"].as_array().unwrap().len(), 1, "of the school, not of the other: {offered}");
    let listed = app.get(&format!("/api/lessons/{id}/editors"), &author).await.expect(200).json();
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["can_manage"]), (2, &json!(true)));
    let cookie = app.sign_in("reviewer.a").await;
    app.get(&format!("/api/lessons/{id}/draft"), &cookie).await.expect(200);
    app.call("DELETE", &format!("/api/lessons/{id}/editors/{}", world.in_a(Role::Teacher)), &cookie, json!(null)).await.expect(403);
    let stays =
        app.call("DELETE", &format!("/api/lessons/{id}/editors/{}", world.in_a(Role::Teacher)), &author, json!(null)).await.expect(409);
    assert_eq!(stays.code(), "creator-stays");
    let refused =
        app.call("PUT", &format!("/api/lessons/{id}/editors/{}", world.in_a(Role::Pupil)), &author, json!(null)).await.expect(422);
    assert!(refused.text().contains("person_id"), "{}", refused.text());
    app.call("DELETE", &path, &author, json!(null)).await.expect(204);
    app.get(&format!("/api/lessons/{id}/draft"), &cookie).await.expect(404);
}

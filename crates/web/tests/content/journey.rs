use http::header;
use kernel::{OrganisationKind, Role};
use serde_json::json;

use super::tus::{school, upload};
use crate::support::TestApp;

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
        for path in ["", "/draft", "/versions", "/versions/1", "/watchers", "/watch", "/compare?from=1&to=1"] {
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

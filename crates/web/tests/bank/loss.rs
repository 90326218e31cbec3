//! Nothing that was acknowledged gets lost.

use std::collections::BTreeSet;

use kernel::{OrganisationId, QuestionId, QuestionImportId};
use questions::bank;
use questions::imports::reading::{self, Source};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::world::World;
use crate::{at, choice, folder, put_in, root};

/// Gives a paper to the desk as a file of ours and has it read.
pub async fn paper(app: &TestApp, cookie: &str, school: OrganisationId, paper: &Value) -> String {
    let mut file = paper.clone();
    file["schema"] = json!("lopmo.questions/1");
    let bytes = serde_json::to_vec(&file).unwrap();
    let request = http::Request::builder()
        .method("POST")
        .uri(format!("/api/question-imports?organisation={school}&filename=a.json"))
        .header("cookie", cookie)
        .body(axum::body::Body::from(bytes.clone()))
        .unwrap();
    let id = app.send(request).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let import: QuestionImportId = serde_json::from_value(json!(id)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("source"), folder.path().join("out"));
    std::fs::write(&source, bytes).unwrap();
    std::fs::create_dir(&out).unwrap();
    reading::write_request(&out, "a.json").unwrap();
    reading::read_paper_in_child(&source, &out).unwrap();
    reading::store(&app.app.questions, import, &out, Source::AsGiven).await.unwrap();
    id
}

/// Puts all of a paper into a folder: the ids of its questions.
pub async fn saved_paper(app: &TestApp, cookie: &str, school: OrganisationId, parsed: &Value, into: &Value) -> Vec<Value> {
    let id = paper(app, cookie, school, parsed).await;
    let save = json!({ "folder_id": into, "revision": 1 });
    let saved = app.post(&format!("/api/question-imports/{id}/save"), cookie, save).await.expect(200).json();
    saved["ids"].as_array().unwrap().clone()
}

async fn use_in_a_test(app: &TestApp, question: &Value) {
    let id: QuestionId = serde_json::from_value(question["id"].clone()).unwrap();
    let mut tx = app.test.env.db.write().await.unwrap();
    bank::mark_used(&mut tx, &app.app.questions, &BTreeSet::from([id])).await.unwrap();
    bank::commit(tx, &app.app.questions, &[id]).await.unwrap();
}

#[tokio::test]
async fn a_version_that_a_test_used_survives_edits_bulk_merge_the_bin_and_its_purge() {
    for app in TestApp::each_engine().await {
        World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        let question = put_in(&app, &teacher, &own, choice("Câu đã thi")).await;
        let other = put_in(&app, &teacher, &own, choice("Câu gần giống")).await;
        use_in_a_test(&app, &question).await;
        let used = app.get(&at(&question, ""), &teacher).await.expect(200).json();
        let save = json!({ "revision": used["revision"], "question": choice("Câu đã sửa"), "meta": {} });
        assert_eq!(app.call("PUT", &at(&question, ""), &teacher, save).await.expect(200).json()["version"], 2);
        let bulk = json!({ "ids": [question["id"]], "set": { "level": "vdc", "add_tags": ["x"] } });
        app.post("/api/questions/bulk", &teacher, bulk).await.expect(200);
        app.post(&at(&question, "/merge"), &teacher, json!({ "into": other["id"] })).await.expect(200);
        app.test.clock.advance(db::testing::hours(40 * 24));
        questions::upkeep::tidy(&app.app.questions).await.unwrap();
        let teacher = app.sign_in("teacher.a").await;
        let kept = app.get(&at(&question, "?version=1"), &teacher).await.expect(200).json();
        assert_eq!(kept["question"]["stem"]["text"], "Câu đã thi");
        assert_eq!(kept["question"]["options"], used["question"]["options"]);
    }
}

#[tokio::test]
async fn a_merge_taken_back_leaves_both_with_the_uses_that_were_theirs() {
    for app in TestApp::each_engine().await {
        World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        let (one, two) = (put_in(&app, &teacher, &own, choice("Một")).await, put_in(&app, &teacher, &own, choice("Hai")).await);
        use_in_a_test(&app, &one).await;
        use_in_a_test(&app, &two).await;
        let merged = app.post(&at(&one, "/merge"), &teacher, json!({ "into": two["id"] })).await.expect(200).json();
        assert_eq!(merged["use_count"], 2);
        assert_eq!(app.post(&at(&one, "/restore"), &teacher, Value::Null).await.expect(200).json()["use_count"], 1);
        assert_eq!(app.get(&at(&two, ""), &teacher).await.expect(200).json()["use_count"], 1);
        // Bringing back what is not in the bin changes nothing.
        app.post(&at(&one, "/restore"), &teacher, Value::Null).await.expect(200);
        assert_eq!(app.get(&at(&two, ""), &teacher).await.expect(200).json()["use_count"], 1);
    }
}

#[tokio::test]
async fn a_folder_deleted_or_moved_keeps_its_bin_and_what_is_lent_below() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        let above = folder(&app, &teacher, &own, "Trên").await;
        let below = folder(&app, &teacher, &above, "Dưới").await;
        crate::lend(&app, &teacher, &below, world.in_a(kernel::Role::Reviewer), "read").await;
        let question = put_in(&app, &teacher, &below, choice("Cho mượn")).await;
        let gone = put_in(&app, &teacher, &above, choice("Trong thùng rác")).await;
        app.call("DELETE", &at(&gone, ""), &teacher, Value::Null).await.expect(204);
        let path = |id: &Value| format!("/api/question-folders/{}", id.as_str().unwrap());
        assert_eq!(app.call("DELETE", &path(&above), &teacher, Value::Null).await.expect(409).code(), "folder-not-empty");
        app.call("PATCH", &path(&below), &teacher, json!({ "parent_id": own })).await.expect(200);
        app.call("DELETE", &path(&above), &teacher, Value::Null).await.expect(204);
        assert_eq!(app.post(&at(&gone, "/restore"), &teacher, Value::Null).await.expect(200).json()["folder"]["id"], own);
        let reader = app.sign_in("reviewer.a").await;
        app.get(&at(&question, ""), &reader).await.expect(200);
        app.get(&at(&gone, ""), &reader).await.expect(404);
    }
}

#[tokio::test]
async fn questions_still_on_the_desk_stay_there_after_others_of_the_paper_were_saved() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        let id = paper(&app, &teacher, world.school_a, &json!({ "questions": [choice("Xong"), choice("Còn dở")] })).await;
        let at = |rest: &str| format!("/api/question-imports/{id}{rest}");
        let save = json!({ "folder_id": own, "revision": 1, "indices": [0] });
        let revision = app.post(&at("/save"), &teacher, save).await.expect(200).json()["revision"].clone();
        app.test.clock.advance(db::testing::hours(60 * 24));
        questions::upkeep::tidy(&app.app.questions).await.unwrap();
        let teacher = app.sign_in("teacher.a").await;
        let left = app.get(&at("/paper"), &teacher).await.expect(200).json();
        assert_eq!(left["questions"][0]["stem"]["text"], "Còn dở");
        app.post(&at("/save"), &teacher, json!({ "folder_id": own, "revision": revision })).await.expect(200);
        app.test.clock.advance(db::testing::hours(31 * 24));
        questions::upkeep::tidy(&app.app.questions).await.unwrap();
        let teacher = app.sign_in("teacher.a").await;
        app.get(&at(""), &teacher).await.expect(404);
    }
}

#[tokio::test]
async fn two_windows_on_one_desk_never_write_over_each_other() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        let id = paper(&app, &teacher, world.school_a, &json!({ "questions": [choice("Một"), choice("Hai")] })).await;
        let at = |rest: &str| format!("/api/question-imports/{id}{rest}");
        let shown = app.get(&at("/paper"), &teacher).await.expect(200).json();
        let put =
            |stem: &str| json!({ "revision": shown["revision"], "questions": [choice(stem), choice("Hai")], "passages": [], "report": [] });
        let save = json!({ "folder_id": own, "revision": shown["revision"] });
        let (path, into) = (at("/paper"), at("/save"));
        let (one, two, three) = tokio::join!(
            app.call("PUT", &path, &teacher, put("Cửa sổ một")),
            app.call("PUT", &path, &teacher, put("Cửa sổ hai")),
            app.post(&into, &teacher, save),
        );
        let won = [&one, &two, &three].iter().filter(|reply| reply.status == 200).count();
        assert_eq!(won, 1, "{} {} {}", one.text(), two.text(), three.text());
        for reply in [&one, &two, &three] {
            assert!(reply.status == 200 || reply.code() == "newer-draft", "{}", reply.text());
        }
        let total = app.get("/api/questions", &teacher).await.expect(200).json()["items"].as_array().unwrap().len();
        assert_eq!(total, if three.status == 200 { 2 } else { 0 });
    }
}

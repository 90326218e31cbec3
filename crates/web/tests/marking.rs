//! The teacher's side of a test over HTTP: pictures of papers, the workbook, the stream of the board; and who gets
//! none of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use kernel::Role;
use serde_json::{Value, json};

use support::TestApp;
use support::world::{self, World};

fn text(words: &str) -> Value {
    json!({ "html": "", "text": words })
}

/// A question with a picture in its stem, and another in its explanation.
async fn pictured(app: &TestApp, teacher: &str) -> Value {
    let own = world::own_folder(app, teacher).await;
    let upload = http::Request::builder()
        .method("POST")
        .uri(format!("/api/question-files?folder_id={}", own.as_str().unwrap()))
        .header("cookie", teacher)
        .body(axum::body::Body::from(&include_bytes!("support/dot.png")[..]))
        .unwrap();
    let file = app.send(upload).await.expect(201).json()["file_id"].clone();
    let option = |label: &str, correct: bool| json!({ "label": label, "content": text(label), "correct": correct });
    let picture = |words: &str, id: &str| json!({ "html": format!("{words} <img data-media=\"{id}\">"), "text": "" });
    let body = json!({ "folder_id": own, "media": [{ "id": "img1", "file_id": file }, { "id": "img2", "file_id": file }], "question": {
        "type": "single_choice", "stem": picture("Nhìn hình", "img1"), "explanation": picture("Vì hình. Chọn A", "img2"), "tags": [],
        "options": [option("một", true), option("hai", false), option("ba", false), option("bốn", false)] } });
    app.post("/api/questions", teacher, body).await.expect(201).json()["id"].clone()
}

#[tokio::test]
async fn pictures_of_a_paper_are_for_its_teachers_and_for_its_pupil_once_released() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let (teacher, pupil) = (app.sign_in("teacher.a").await, app.sign_in("pupil.a").await);
        let question = pictured(&app, &teacher).await;
        let [class, ..] = world::class(&app, &teacher, world.school_a, "hình", world.in_a(Role::Pupil), world.in_a(Role::Reviewer)).await;
        let settings = json!({ "show_answers": { "when": "never" }, "show_explanations": { "when": "never" } });
        let to = json!({ "targets": [{ "class_id": class }] });
        let (_, test) = world::given(&app, &teacher, world.school_a, [&json!("Đề có hình"), &question, &settings], to).await;
        let begun = app.post(&format!("{test}/begin"), &pupil, json!({ "sent_at": 0 })).await.expect(200).json();
        let attempt = format!("/api/attempts/{}", begun["attempt_id"].as_str().unwrap());
        let (shown, explained, of_test) =
            (format!("{attempt}/files/1"), format!("{attempt}/items/0/files/img2"), format!("{test}/files/1"));

        for path in [&shown, &explained, &of_test] {
            let file = app.get(path, &teacher).await.expect(200);
            assert_eq!(file.body, include_bytes!("support/dot.png"));
            let header = |name: &str| file.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
            assert_eq!(header("content-type"), "image/png");
            assert!(header("content-security-policy").contains("sandbox"));
        }
        let detail = app.get(&attempt, &teacher).await.expect(200).json();
        assert_eq!(detail["review"]["items"][0]["explanation_media"]["img2"], json!(explained));
        // Whoever teaches another school, whoever administers this one, and the pupil herself while nothing is shown.
        for nobody in ["teacher.b", "administrator.a", "school-head.a", "pupil.b"] {
            let cookie = app.sign_in(nobody).await;
            for path in [&shown, &explained, &of_test, &attempt, &format!("{test}/key"), &format!("{test}/marks.xlsx")] {
                assert_eq!(app.get(path, &cookie).await.status, 404, "{path} as {nobody}");
            }
        }
        app.post(&format!("{attempt}/actions"), &teacher, json!("hand_in")).await.expect(204);
        for path in [&shown, &explained] {
            assert_eq!(app.get(path, &pupil).await.status, 404, "not before it is released");
        }
        let now = app.get(&test, &teacher).await.expect(200).json();
        let mut settings = now["settings"].clone();
        settings["show_answers"] = json!({ "when": "at_once" });
        let save = json!({ "revision": now["revision"], "title": "Đề có hình", "plan": now["plan"], "settings": settings });
        app.call("PUT", &test, &teacher, save).await.expect(200);
        app.get(&shown, &pupil).await.expect(200);
        assert_eq!(app.get(&explained, &pupil).await.status, 404, "answers are shown, explanations are not");
        app.get(&format!("{attempt}/files/2"), &teacher).await.expect(404);
        app.get(&format!("{attempt}/items/0/files/img9"), &teacher).await.expect(404);
    }
}

#[tokio::test]
async fn the_board_streams_what_changes_and_the_workbook_has_the_tests_name() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let (teacher, pupil) = (app.sign_in("teacher.a").await, app.sign_in("pupil.a").await);
        let people = [world.in_a(Role::Pupil), world.in_a(Role::Reviewer)];
        let (test, attempt, _) = world::test(&app, [&teacher, &pupil], world.school_a, people, "bảng").await;
        let test = format!("/api/tests/{}", test["id"].as_str().unwrap());
        let stream = app.get(&format!("{test}/board/changes?since=0&seconds=0"), &teacher).await.expect(200);
        assert_eq!(stream.headers["content-type"], "text/event-stream");
        let told = stream.text();
        let change: Value = serde_json::from_str(told.trim().strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(change["attempts"][0]["attempt"]["id"], attempt);
        assert_eq!(app.get(&format!("{test}/board/changes?since=0&seconds=0"), &pupil).await.status, 404);
        let book = app.get(&format!("{test}/marks.xlsx"), &teacher).await.expect(200);
        let name = book.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"diem.xlsx\"; filename*=UTF-8''") && book.body.starts_with(b"PK"), "{name}");
        let english = app.get(&format!("{test}/marks.xlsx?locale=en"), &teacher).await.expect(200);
        assert!(english.headers["content-disposition"].to_str().unwrap().contains("''Marks"));
        assert_eq!(app.get(&format!("{test}/marks.xlsx?locale=xx"), &teacher).await.status, 422);
    }
}

#[tokio::test]
async fn a_receipt_opens_the_pictures_of_its_own_attempt_once_answers_are_shown() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let question = pictured(&app, &teacher).await;
        for (when, status) in [("at_once", 200), ("never", 404)] {
            let settings = json!({ "show_answers": { "when": when }, "show_explanations": { "when": when } });
            let to = json!({ "targets": [], "link": { "for": [{ "name": "Lê Văn Đạt" }] } });
            let (given, _) = world::given(&app, &teacher, world.school_a, [&json!("Đề có hình"), &question, &settings], to).await;
            let link = format!("/api/test-links/{}", given["given"]["link"].as_str().unwrap());
            let lobby = app.get(&link, "").await.expect(200).json();
            assert_eq!((&lobby["files"], &lobby["formulas"]), (&json!(1), &json!(false)), "what to fetch before the bell");
            let begin = json!({ "entrant_id": lobby["entrants"][0]["id"], "sent_at": 0 });
            let begun = app.post(&format!("{link}/begin"), "", begin).await.expect(200).json();
            let open = async |code: &str| {
                let receipt = json!({ "attempt_id": begun["attempt_id"], "code": code });
                app.post("/api/test-receipts/files/1", "", receipt).await.status
            };
            let receipt = app.by_device(&begun, "POST", "/api/sitting/hand-in", "").await.expect(200).json();
            assert_eq!(open(receipt["code"].as_str().unwrap()).await, status, "{when}");
            assert_eq!(open("AAAA-BBBB").await, 404);
            // What explains it opens with the same receipt; the stem's picture is no part of that.
            let with = |code: &str| json!({ "attempt_id": begun["attempt_id"], "code": code });
            for (code, name, status) in [
                (receipt["code"].as_str().unwrap(), "img2", status),
                (receipt["code"].as_str().unwrap(), "img1", 404),
                ("AAAA-BBBB", "img2", 404),
            ] {
                let path = format!("/api/test-receipts/items/0/files/{name}");
                assert_eq!(app.post(&path, "", with(code)).await.status, status, "{when} {name}");
            }
            let result = app.post("/api/test-receipts", "", with(receipt["code"].as_str().unwrap())).await.expect(200).json();
            let told = &result["review"]["items"][0]["explanation_media"]["img2"];
            assert_eq!(*told == json!("/api/test-receipts/items/0/files/img2"), status == 200);
        }
    }
}

#[tokio::test]
async fn a_photo_of_work_comes_with_the_devices_secret_and_is_seen_by_those_who_may() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let (teacher, pupil) = (app.sign_in("teacher.a").await, app.sign_in("pupil.a").await);
        let question = json!({ "folder_id": world::own_folder(&app, &teacher).await, "question": { "type": "essay", "stem": text("Trình bày lời giải."), "tags": [] } });
        let question = app.post("/api/questions", &teacher, question).await.expect(201).json()["id"].clone();
        let [class, ..] = world::class(&app, &teacher, world.school_a, "ảnh", world.in_a(Role::Pupil), world.in_a(Role::Reviewer)).await;
        let settings = json!({ "show_answers": { "when": "at_once" } });
        let to = json!({ "targets": [{ "class_id": class }] });
        let (_, test) = world::given(&app, &teacher, world.school_a, [&json!("Tự luận"), &question, &settings], to).await;
        let begun = app.post(&format!("{test}/begin"), &pupil, json!({ "sent_at": 0 })).await.expect(200).json();
        let photo = include_bytes!("support/dot.png");
        let name = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(photo));
        let send = async |method: &str, path: &str, bytes: &[u8]| app.by_device(&begun, method, path, bytes.to_vec()).await;
        let own = format!("/api/sitting/photos/{name}");
        assert_eq!(send("PUT", &own, photo).await.expect(409).code(), "photo-not-named");
        let answer = json!({ "sent_at": 0, "answers": [{ "sequence": 1, "item": 0, "at": 0, "response": { "w": { "p": [name] } } }] });
        let saved = send("POST", "/api/sitting/answers", answer.to_string().as_bytes()).await.expect(200).json();
        assert_eq!(saved["refused"], json!([]));
        assert_eq!(send("PUT", &own, b"other").await.expect(422).code(), "photo-other-bytes");
        send("PUT", &own, photo).await.expect(204);
        send("PUT", &own, photo).await.expect(204);
        let mine = send("GET", &own, b"").await.expect(200);
        assert_eq!(mine.body, photo);
        assert!(mine.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert_eq!(mine.headers["cache-control"], "no-store");
        for cookie in ["", pupil.as_str(), teacher.as_str()] {
            assert_eq!(app.get(&own, cookie).await.expect(401).code(), "no-device", "a session is no device's secret");
        }
        send("POST", "/api/sitting/hand-in", b"").await.expect(200);
        let attempt = format!("/api/attempts/{}", begun["attempt_id"].as_str().unwrap());
        let seen = app.get(&attempt, &teacher).await.expect(200).json();
        assert_eq!((&seen["review"]["photos"][0]["name"], &seen["review"]["photos"][0]["state"]), (&json!(name), &json!("checking")));
        let drawn = format!("{attempt}/photos/{name}?pixels=320");
        // What was sent itself is shown to nobody but who sent it: only once it is drawn anew, which the worker does,
        // here is something to be seen.
        for (ready, right) in [(false, ["teacher.a"; 0].as_slice()), (true, ["teacher.a", "pupil.a"].as_slice())] {
            if ready {
                app.app.content.blobs.put("media/drawn/320.jpg", bytes::Bytes::from_static(b"drawn anew")).await.unwrap();
                let mut tx = app.test.env.db.write().await.unwrap();
                db::sql!("UPDATE media SET state = 'ready', object_prefix = 'media/drawn'").execute(&mut tx).await.unwrap();
                db::sql!(
                    "INSERT INTO media_picture (blob_id, side, file, width, height) SELECT blob_id, 320, '320.jpg', 320, 240 FROM media"
                )
                .execute(&mut tx)
                .await
                .unwrap();
                tx.commit().await.unwrap();
            }
            for who in ["teacher.a", "pupil.a", "teacher.b", "administrator.a", "school-head.a", "pupil.b"] {
                let cookie = app.sign_in(who).await;
                let reply = app.get(&drawn, &cookie).await;
                assert_eq!(reply.status == 200, right.contains(&who), "{who} {}", reply.status);
                assert!(reply.status == 404 || reply.body == b"drawn anew" && reply.headers["content-type"] == "image/jpeg");
            }
        }
        assert_eq!(app.get(&drawn, "").await.status, 401);
    }
}

#[tokio::test]
async fn in_practice_the_picture_of_an_explanation_comes_once_its_answer_is_checked() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let (teacher, pupil) = (app.sign_in("teacher.a").await, app.sign_in("pupil.a").await);
        let question = pictured(&app, &teacher).await;
        let [class, ..] = world::class(&app, &teacher, world.school_a, "luyện", world.in_a(Role::Pupil), world.in_a(Role::Reviewer)).await;
        for (mode, right) in [("practice", 200), ("test", 403)] {
            let now = json!({ "when": "at_once" });
            let settings = json!({ "mode": mode, "show_answers": now, "show_explanations": now });
            let to = json!({ "targets": [{ "class_id": class }] });
            let (_, test) = world::given(&app, &teacher, world.school_a, [&json!("Luyện"), &question, &settings], to).await;
            let begun = app.post(&format!("{test}/begin"), &pupil, json!({ "sent_at": 0 })).await.expect(200).json();
            let send = async |method: &str, path: &str, body: Value| app.by_device(&begun, method, path, body.to_string()).await;
            let picture = "/api/sitting/items/0/files/img2";
            assert_ne!(send("GET", picture, json!({})).await.status, 200, "nothing is answered yet");
            let answer = json!({ "sent_at": 0, "answers": [{ "sequence": 1, "item": 0, "at": 0, "response": { "c": 0 } }] });
            send("POST", "/api/sitting/answers", answer).await.expect(200);
            let told = send("POST", "/api/sitting/check", json!({ "item": 0 })).await;
            assert_eq!(told.status, right, "{mode}");
            assert_eq!(send("GET", picture, json!({})).await.status, right, "{mode}");
            if right == 200 {
                assert_eq!(told.json()["explanation_media"]["img2"], json!(picture));
                assert_eq!(send("GET", "/api/sitting/items/0/files/img1", json!({})).await.status, 404, "that is the stem's");
            }
        }
    }
}

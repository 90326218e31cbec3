//! The import desk over HTTP, as each role.

use axum::body::Body;
use http::{Request, header};
use kernel::{OrganisationId, OrganisationKind, QuestionImportId, Role};
use questions::imports::reading::{self, Source};
use serde_json::{Value, json};

use super::tus::{header_of, school};
use crate::support::world::own_folder;
use crate::support::{Reply, TestApp};

/// Two questions, one with a picture; the second one's key is not said.
fn paper() -> Vec<u8> {
    let picture = include_bytes!("../support/dot.png");
    let media = papers::model::Media {
        id: "img1".to_owned(),
        file: "img1.png".to_owned(),
        mime: "image/png".to_owned(),
        content: bytes::Bytes::from_static(picture),
    };
    let text = "Câu 1. Nhìn ![img1] và chọn.\n*A. một\nB. hai\nCâu 2. Chọn gì?\nA. ba\nB. bốn\n";
    let mut paper = papers::light::parse(text, vec![media.clone()]);
    paper.media = vec![media];
    papers::write(&paper, papers::Format::Docx).unwrap().bytes
}

async fn give(app: &TestApp, cookie: &str, school: OrganisationId, bytes: Vec<u8>) -> Reply {
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/question-imports?organisation={school}&filename=%C4%90%E1%BB%81.docx"))
        .header(header::HOST, "lopmo.test")
        .header(header::COOKIE, cookie);
    app.send(request.body(Body::from(bytes)).unwrap()).await
}

/// What a worker does.
async fn read(app: &TestApp, id: &str, bytes: &[u8]) {
    let import: QuestionImportId = serde_json::from_value(json!(id)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("source"), folder.path().join("out"));
    std::fs::write(&source, bytes).unwrap();
    std::fs::create_dir(&out).unwrap();
    reading::write_request(&out, "Đề.docx").unwrap();
    reading::read_paper_in_child(&source, &out).unwrap();
    reading::store(&app.app.questions, import, &out, Source::AsGiven).await.unwrap();
}

fn draft(paper: &Value) -> Value {
    json!({ "revision": paper["revision"], "questions": paper["questions"], "passages": paper["passages"], "report": [] })
}

#[tokio::test]
async fn a_teacher_brings_a_paper_puts_it_right_and_saves_it() {
    for app in TestApp::each_engine().await {
        let (school, cookie) = school(&app).await;
        let import = give(&app, &cookie, school, paper()).await.expect(201).json();
        assert_eq!((import["state"].as_str(), import["filename"].as_str()), (Some("waiting"), Some("Đề.docx")));
        let id = import["id"].as_str().unwrap();
        let at = |rest: &str| format!("/api/question-imports/{id}{rest}");
        assert_eq!(app.get(&at("/paper"), &cookie).await.expect(409).code(), "import-not-ready");
        assert_eq!(app.get(&at("/duplicates"), &cookie).await.expect(409).code(), "import-not-ready");
        read(&app, id, &paper()).await;
        let ready = app.get(&at(""), &cookie).await.expect(200).json();
        assert_eq!((&ready["state"], &ready["format"]), (&json!("ready"), &json!("docx")));
        assert_eq!((&ready["counts"]["questions"], &ready["counts"]["missing_keys"]), (&json!(2), &json!(1)));
        assert_eq!(app.get("/api/question-imports", &cookie).await.expect(200).json()["items"][0]["id"], import["id"]);

        let mut shown = app.get(&at("/paper"), &cookie).await.expect(200).json();
        let picture = app.get(shown["media"][0]["url"].as_str().unwrap(), &cookie).await.expect(200);
        assert_eq!(
            (header_of(&picture, "content-type").as_str(), header_of(&picture, "x-content-type-options").as_str()),
            ("image/png", "nosniff")
        );
        assert!(header_of(&picture, "content-security-policy").starts_with("sandbox"));
        app.get(&at("/media/img9"), &cookie).await.expect(404);
        let document = app.get(&at("/document"), &cookie).await.expect(200).json();
        assert!(document["blocks"].as_array().is_some_and(|blocks| !blocks.is_empty()), "{document}");

        for (option, correct) in [(0, false), (1, true)] {
            shown["questions"][1]["options"][option]["correct"] = json!(correct);
        }
        let kept = app.call("PUT", &at("/paper"), &cookie, draft(&shown)).await.expect(200).json();
        let late = app.call("PUT", &at("/paper"), &cookie, draft(&shown)).await.expect(409);
        assert_eq!((late.code().as_str(), late.json()["detail"].as_str()), ("newer-draft", Some(kept["revision"].to_string().as_str())));
        let mut foreign = draft(&app.get(&at("/paper"), &cookie).await.expect(200).json());
        foreign["questions"][1]["stem"] = json!({ "html": "<img data-media=\"img9\">", "text": "" });
        let refused = app.call("PUT", &at("/paper"), &cookie, foreign).await.expect(422).json();
        assert_eq!(refused["fields"][0], json!({ "pointer": "/questions/1/stem", "code": "unknown-media" }));

        let own = own_folder(&app, &cookie).await;
        let save = json!({ "folder_id": own, "revision": kept["revision"], "indices": [1], "subject": null, "grade": 10, "tags": ["đề"] });
        let saved = app.post(&at("/save"), &cookie, save.clone()).await.expect(200).json();
        assert_eq!(saved["saved"], 1);
        let question = format!("/api/questions/{}", saved["ids"][0].as_str().unwrap());
        assert_eq!(app.get(&question, &cookie).await.expect(200).json()["question"]["key"], "known");
        assert_eq!(app.post(&at("/save"), &cookie, save).await.expect(409).code(), "newer-draft");
        let none = json!({ "folder_id": own, "revision": saved["revision"], "indices": [] });
        assert_eq!(app.post(&at("/save"), &cookie, none).await.expect(409).code(), "nothing-to-save");
        assert_eq!(app.get(&at(""), &cookie).await.expect(200).json()["state"], "saved");
        assert_eq!(app.post(&at("/retry"), &cookie, json!({})).await.expect(409).code(), "conflict");
        app.call("DELETE", &at(""), &cookie, Value::Null).await.expect(204);
        app.get(&at(""), &cookie).await.expect(404);
        app.get(&question, &cookie).await.expect(200);
    }
}

#[tokio::test]
async fn nobody_but_its_maker_reaches_a_paper_whatever_her_role() {
    for app in TestApp::each_engine().await {
        let (school, cookie) = school(&app).await;
        let import = give(&app, &cookie, school, paper()).await.expect(201).json();
        let id = import["id"].as_str().unwrap();
        read(&app, id, &paper()).await;
        let shown = app.get(&format!("/api/question-imports/{id}/paper"), &cookie).await.expect(200).json();
        let save = json!({ "folder_id": import["id"], "revision": 1 });
        let operations = [
            ("GET", "", Value::Null),
            ("GET", "/paper", Value::Null),
            ("PUT", "/paper", draft(&shown)),
            ("GET", "/document", Value::Null),
            ("GET", "/media/img1", Value::Null),
            ("POST", "/media", Value::Null),
            ("GET", "/duplicates", Value::Null),
            ("POST", "/save", save),
            ("POST", "/retry", Value::Null),
            ("DELETE", "", Value::Null),
        ];
        for (number, role) in Role::ALL.iter().enumerate() {
            let username = format!("ai.do{number}");
            app.person(school, *role, "Ai Đó", &username).await;
            let other = app.sign_in(&username).await;
            for (method, rest, body) in &operations {
                let reply = app.call(method, &format!("/api/question-imports/{id}{rest}"), &other, body.clone()).await;
                assert_eq!(reply.status.as_u16(), 404, "{role:?} {method} {rest}: {}", reply.text());
            }
            let authors = !matches!(role, Role::Pupil | Role::Parent);
            let given = give(&app, &other, school, b"x".to_vec()).await.status.as_u16();
            assert_eq!(given, if authors { 201 } else { 404 }, "{role:?}");
            let text = json!({ "text": "Câu 1. Hỏi?\n*A. một\nB. hai\n" });
            let parsed = app.post("/api/questions/light/parse", &other, text).await;
            let template = app.get("/api/question-template.xlsx", &other).await;
            if authors {
                let parsed = parsed.expect(200).json();
                let printed = json!({ "questions": parsed["questions"], "passages": [] });
                let printed = app.post("/api/questions/light/print", &other, printed).await.expect(200).json();
                assert!(printed["text"].as_str().unwrap().contains("*A. một"));
                assert!(template.expect(200).body.starts_with(b"PK"));
            } else {
                parsed.expect(404);
                template.expect(404);
            }
        }
        for (method, rest, body) in &operations {
            app.call(method, &format!("/api/question-imports/{id}{rest}"), "", body.clone()).await.expect(401);
        }
    }
}

#[tokio::test]
async fn files_that_do_not_fit_are_refused_before_they_come() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    assert_eq!(give(&app, &cookie, school, Vec::new()).await.expect(422).code(), "empty");
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/question-imports?organisation={school}&filename=a.docx"))
        .header(header::HOST, "lopmo.test")
        .header(header::COOKIE, &cookie)
        .header(header::CONTENT_LENGTH, (100 << 20) + 1);
    let reply = app.send(request.body(Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>())).unwrap()).await;
    assert_eq!(reply.expect(413).code(), "too-large");
    let other = app.organisation(None, OrganisationKind::School, "Trường khác").await;
    give(&app, &cookie, other, b"x".to_vec()).await.expect(404);
}

#[tokio::test]
async fn an_administrator_who_tries_a_dead_job_again_puts_its_paper_back_in_the_queue() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    let import = give(&app, &cookie, school, paper()).await.expect(201).json();
    let id: QuestionImportId = serde_json::from_value(import["id"].clone()).unwrap();
    let mut tx = app.test.env.db.write().await.unwrap();
    reading::fail(&mut tx, id, &questions::imports::ImportFailure::internal(), app.test.env.now()).await.unwrap();
    db::sql!("UPDATE job SET state = 'dead'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("/api/question-imports/{id}");
    assert_eq!(app.get(&path, &cookie).await.expect(200).json()["failure"]["code"], "internal");

    app.person(school, Role::Administrator, "Lê Quản Trị", "quan.tri").await;
    let admin = app.sign_in("quan.tri").await;
    let jobs = app.get("/api/jobs?state=dead", &admin).await.expect(200).json();
    app.post(&format!("/api/jobs/{}/retry", jobs["items"][0]["id"].as_str().unwrap()), &admin, json!({})).await.expect(204);
    let again = app.get(&path, &cookie).await.expect(200).json();
    assert_eq!((&again["state"], &again["failure"]), (&json!("waiting"), &Value::Null));
}

async fn add(app: &TestApp, cookie: &str, id: &str, bytes: impl Into<Body>) -> Reply {
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/question-imports/{id}/media"))
        .header(header::HOST, "lopmo.test")
        .header(header::COOKIE, cookie);
    app.send(request.body(bytes.into()).unwrap()).await
}

#[tokio::test]
async fn a_picture_that_the_paper_lacked_is_added_on_the_desk_and_goes_into_the_bank_with_its_question() {
    for app in TestApp::each_engine().await {
        let (school, cookie) = school(&app).await;
        let import = give(&app, &cookie, school, paper()).await.expect(201).json();
        let id = import["id"].as_str().unwrap();
        let at = |rest: &str| format!("/api/question-imports/{id}{rest}");
        let picture = &include_bytes!("../support/dot.png")[..];
        assert_eq!(add(&app, &cookie, id, picture).await.expect(409).code(), "import-not-ready");
        read(&app, id, &paper()).await;
        let added = add(&app, &cookie, id, picture).await.expect(201).json();
        assert_eq!((&added["id"], &added["mime"]), (&json!("img2"), &json!("image/png")), "img1 came with the file");
        assert_eq!(add(&app, &cookie, id, &b"ID3\x03\0\0\0\0\0\0"[..]).await.expect(201).json()["id"], "aud1");
        let mut shown = app.get(&at("/paper"), &cookie).await.expect(200).json();
        let ids: Vec<&Value> = shown["media"].as_array().unwrap().iter().map(|media| &media["id"]).collect();
        assert_eq!(ids, [&json!("aud1"), &json!("img1"), &json!("img2")], "whoever comes back finds it");
        assert_eq!(app.get(added["url"].as_str().unwrap(), &cookie).await.expect(200).body, picture);

        shown["questions"][1]["stem"] =
            json!({ "html": "<p>Chọn gì?</p><p><img data-media=\"img2\"></p>", "text": "Chọn gì?\n[image:img2]" });
        let kept = app.call("PUT", &at("/paper"), &cookie, draft(&shown)).await.expect(200).json();
        let again = add(&app, &cookie, id, picture).await.expect(201).json();
        assert_eq!(again["id"], "img3", "an id is never used twice");
        let own = own_folder(&app, &cookie).await;
        let save = json!({ "folder_id": own, "revision": kept["revision"], "indices": [1], "tags": [] });
        let saved = app.post(&at("/save"), &cookie, save).await.expect(200).json();
        app.call("DELETE", &at(""), &cookie, Value::Null).await.expect(204);
        let question = app.get(&format!("/api/questions/{}", saved["ids"][0].as_str().unwrap()), &cookie).await.expect(200).json();
        assert_eq!(question["media"][0]["id"], "img2");
        assert_eq!(app.get(question["media"][0]["url"].as_str().unwrap(), &cookie).await.expect(200).body, picture);
    }
}

#[tokio::test]
async fn what_is_no_picture_is_not_added_whatever_it_pretends_to_be() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    let import = give(&app, &cookie, school, paper()).await.expect(201).json();
    let id = import["id"].as_str().unwrap();
    read(&app, id, &paper()).await;
    let photo_of_a_telephone = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    for wrong in [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='https://a.vn/x.png'/></svg>".to_vec(),
        b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>".to_vec(),
        b"<html><body>GIF89a</body></html>".to_vec(),
        b"MZ\x90\0".to_vec(),
        paper(),
        photo_of_a_telephone,
        Vec::new(),
    ] {
        let reply = add(&app, &cookie, id, wrong.clone()).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (422, "not-media"), "{}", String::from_utf8_lossy(&wrong));
    }
    let hundred_megabytes = futures::stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(bytes::Bytes::from_static(&[0x89; 1 << 20]))));
    assert_eq!(add(&app, &cookie, id, Body::from_stream(hundred_megabytes)).await.expect(413).code(), "too-large");
    let shown = app.get(&format!("/api/question-imports/{id}/paper"), &cookie).await.expect(200).json();
    assert_eq!(shown["media"].as_array().unwrap().len(), 1, "nothing of it stayed");
}

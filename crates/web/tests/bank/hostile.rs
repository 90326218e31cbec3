//! Hostile input over the API.

use axum::body::Body;
use base64::Engine as _;
use http::Request;
use serde_json::{Value, json};

use crate::support::world::World;
use crate::support::{Reply, TestApp};
use crate::{at, choice, folder, put_in, root, text};

async fn raw(app: &TestApp, method: &str, path: &str, cookie: &str, body: Vec<u8>) -> Reply {
    let request = Request::builder().method(method).uri(path).header("cookie", cookie).header("content-type", "application/json");
    app.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn markup_in_any_field_comes_back_as_letters_or_not_at_all() {
    for app in TestApp::each_engine().await {
        World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        let evil = "<script>alert(1)</script><img src=x onerror=alert(2)><a href=\"javascript:alert(3)\">x</a><svg onload=alert(4)></svg>chữ\u{0}\u{202e}";
        let html = json!({ "html": evil, "text": evil });
        let question = json!({ "type": "single_choice", "stem": html, "explanation": html, "hints": [html], "rubric": html,
            "feedback": { "correct": html, evil: html }, "title": "t", "category": evil, "external_id": evil, "points": "1",
            "options": [{ "label": evil, "content": html, "correct": true, "feedback": html }, { "label": "B", "content": html, "correct": false }] });
        let made = app.post("/api/questions", &teacher, json!({ "folder_id": own, "question": question, "passage": html })).await;
        let made = made.expect(201).json();
        let shown = app.get(&at(&made, ""), &teacher).await.expect(200).json();
        for rich in
            [&shown["question"]["stem"], &shown["question"]["options"][0]["content"], &shown["question"]["hints"][0], &shown["passage"]]
        {
            let html = rich["html"].as_str().unwrap();
            for bad in ["<script", "onerror", "javascript:", "onload", "<svg", "<img src"] {
                assert!(!html.contains(bad), "{html}");
            }
            assert!(html.contains("chữ"));
        }
        let row = &app.get("/api/questions", &teacher).await.expect(200).json()["items"][0];
        assert!(!row["text"].as_str().unwrap().contains('\u{0}'));
        for format in ["docx", "xlsx", "gift", "moodle-xml", "qti3", "json"] {
            let body = json!({ "ids": [made["id"]], "folder_id": null, "format": format, "key": "marked" });
            app.post("/api/questions/export", &teacher, body).await.expect(200);
        }
    }
}

#[tokio::test]
async fn signs_that_a_database_cannot_hold_are_a_problem_of_the_sender_and_never_ours() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        let mut wrong = Vec::new();
        let bodies = [
            json!({ "folder_id": own, "question": { "type": "essay", "stem": text("a\u{0}b") } }),
            json!({ "folder_id": own, "question": { "type": "essay", "stem": text("x"), "tags": ["a\u{0}b"] } }),
            json!({ "folder_id": own, "question": { "type": "essay", "stem": text("x"), "title": "a\u{0}b" } }),
            json!({ "folder_id": own, "question": { "type": "short_answer", "stem": text("x"), "answers": [{ "text": "a\u{0}b" }] } }),
            json!({ "folder_id": own, "question": { "type": "essay", "stem": { "html": "<span data-math=\"a\u{0}b\"></span>", "text": "" } } }),
            json!({ "folder_id": own, "question": { "type": "essay", "stem": { "html": "<pre>a\u{0}b&#0;</pre>&#xFFFE;", "text": "" } } }),
            json!({ "folder_id": own, "question": { "type": "essay", "stem": text("x") }, "passage": text("a\u{0}b") }),
            json!({ "folder_id": own, "question": { "type": "essay", "stem": text("x") }, "meta": { "source": "a\u{0}b" } }),
            json!({ "folder_id": own, "question": { "type": "essay", "stem": text("x") }, "meta": { "requirement": "a\u{0}b" } }),
            json!({ "folder_id": own, "question": { "type": "essay", "stem": text("x"), "options": [{ "label": "a\u{0}b", "content": text("a\u{0}b") }] } }),
        ];
        for body in bodies {
            let reply = app.post("/api/questions", &teacher, body.clone()).await;
            if !matches!(reply.status.as_u16(), 201 | 422) {
                wrong.push(format!("{body}: {} {}", reply.status, reply.text()));
            }
        }
        // A half of a pair of surrogates is no letter.
        let half = format!("{{\"folder_id\":{own},\"question\":{{\"type\":\"essay\",\"stem\":{{\"html\":\"\",\"text\":\"\\ud800\"}}}}}}");
        raw(&app, "POST", "/api/questions", &teacher, half.into_bytes()).await.expect(400);
        let made = put_in(&app, &teacher, &own, choice("Câu")).await;
        let id = crate::loss::paper(&app, &teacher, world.school_a, &json!({ "questions": [choice("Trên bàn")] })).await;
        for (method, path, body) in [
            ("GET", "/api/questions?tag=%00".to_owned(), Value::Null),
            ("GET", "/api/questions?subject=%00".to_owned(), Value::Null),
            ("GET", "/api/questions?requirement=a%00b".to_owned(), Value::Null),
            ("GET", "/api/questions?q=a%00b".to_owned(), Value::Null),
            ("GET", format!("/api/question-folders/{}/share-candidates?q=%00", own.as_str().unwrap()), Value::Null),
            ("GET", format!("/api/question-imports/{id}/media/%00"), Value::Null),
            ("POST", at(&made, "/reports"), json!({ "reason": "other", "note": "a\u{0}b" })),
            ("POST", "/api/question-folders".to_owned(), json!({ "parent_id": own, "name": "a\u{0}b" })),
            (
                "POST",
                "/api/questions/bulk".to_owned(),
                json!({ "ids": [made["id"]], "set": { "add_tags": ["a\u{0}b"], "requirement": "\u{0}", "remove_tags": ["\u{0}"] } }),
            ),
            (
                "PUT",
                format!("/api/question-imports/{id}/paper"),
                json!({ "revision": 1, "questions": [{ "type": "essay", "stem": text("a\u{0}b"), "tags": ["\u{0}"] }], "report": [{ "severity": "warning", "code": "\u{0}", "message": "\u{0}" }] }),
            ),
            ("GET", "/api/question-imports?after=%00".to_owned(), Value::Null),
        ] {
            let reply = app.call(method, &path, &teacher, body).await;
            if reply.status.is_server_error() {
                wrong.push(format!("{method} {path}: {} {}", reply.status, reply.text()));
            }
        }
        let request = Request::builder()
            .method("POST")
            .uri(format!("/api/question-imports?organisation={}&filename=a%00b%0d%0aX-Evil:1.gift", world.school_a))
            .header("cookie", &teacher)
            .body(Body::from("x"))
            .unwrap();
        let reply = app.send(request).await;
        if reply.status.is_server_error() {
            wrong.push(format!("filename: {}", reply.text()));
        }
        assert!(wrong.is_empty(), "{:?}\n{}", app.test.env.db.engine(), wrong.join("\n"));
    }
}

#[tokio::test]
async fn forged_places_in_lists_are_the_first_page_or_an_empty_one() {
    for app in TestApp::each_engine().await {
        World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        put_in(&app, &teacher, &own, choice("Câu")).await;
        for key in [
            json!(u64::MAX),
            json!(usize::MAX - 3),
            json!(1_000_000),
            json!(-1),
            json!([i64::MAX, "x"]),
            json!([i64::MIN, own]),
            json!([1e300, own]),
            json!({}),
        ] {
            let forged = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key.to_string());
            for path in [
                format!("/api/questions?q=c%C3%A2u&after={forged}"),
                format!("/api/questions?after={forged}"),
                format!("/api/question-imports?after={forged}"),
            ] {
                app.get(&path, &teacher).await.expect(200);
            }
        }
    }
}

#[tokio::test]
async fn bodies_made_of_very_many_small_things_are_refused_before_they_fill_the_memory() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let teacher = app.sign_in("teacher.a").await;
    let own = root(&app, &teacher, None).await;
    let id = crate::loss::paper(&app, &teacher, world.school_a, &json!({ "questions": [choice("Trên bàn")] })).await;
    let many = |element: &str, count: usize| vec![element; count].join(",");
    let questions = many("{\"type\":\"essay\"}", 1_000_000);
    let options = many("{}", 1_000_000);
    let paper = format!("/api/question-imports/{id}/paper");
    for (method, path, body) in [
        ("PUT", paper.as_str(), format!("{{\"revision\":1,\"questions\":[{questions}]}}")),
        ("PUT", paper.as_str(), format!("{{\"revision\":1,\"questions\":[{{\"type\":\"essay\",\"options\":[{options}]}}]}}")),
        (
            "PUT",
            paper.as_str(),
            format!("{{\"revision\":1,\"questions\":[],\"passages\":[{}]}}", many("{\"id\":\"\",\"content\":{}}", 1_000_000)),
        ),
        ("POST", "/api/questions/light/print", format!("{{\"questions\":[{questions}]}}")),
        ("POST", "/api/questions", format!("{{\"folder_id\":{own},\"question\":{{\"type\":\"essay\",\"hints\":[{options}]}}}}")),
        (
            "POST",
            "/api/questions",
            format!("{{\"folder_id\":{own},\"question\":{{\"type\":\"essay\"}},\"x\":{}{}}}", "[".repeat(500_000), "]".repeat(500_000)),
        ),
    ] {
        let reply = raw(&app, method, path, &teacher, body.into_bytes()).await;
        assert!(matches!(reply.status.as_u16(), 400 | 413 | 422), "{method} {path}: {}", reply.status);
    }
    // A paper as large as papers are is taken.
    let honest = json!({ "revision": 1, "questions": (0..2000).map(|number| choice(&format!("Câu {number}"))).collect::<Vec<_>>() });
    raw(&app, "PUT", &paper, &teacher, honest.to_string().into_bytes()).await.expect(200);
}

#[tokio::test]
async fn deep_and_wide_markup_neither_fells_the_server_nor_holds_it_up() {
    let app = TestApp::sqlite().await;
    World::make(&app).await;
    let teacher = app.sign_in("teacher.a").await;
    let own = root(&app, &teacher, None).await;
    for (what, html) in [
        ("deep", "<div>".repeat(150_000)),
        ("deep marks", "<b>".repeat(200_000)),
        ("deep tables", "<table><tr><td>".repeat(40_000)),
        ("misnested", "<b><p></b>".repeat(60_000)),
        ("misnested links", "<a><div>".repeat(60_000)),
        ("deep lists", "<ul><li>".repeat(60_000)),
        ("attributes", format!("<p {}>x</p>", (0..100_000).map(|number| format!("a{number}=1 ")).collect::<String>())),
        ("spans", "<table><tr><td colspan=65535 rowspan=65535>x</td></tr></table>".repeat(5_000)),
        ("formulas", "<span data-math=\"{{{{{{{{{{{{{{{{\"></span>".repeat(20_000)),
        ("gaps", "<span data-blank=\"4294967295\"></span>".repeat(20_000)),
        ("entities", "&notin;&amp;&#x1F600;".repeat(40_000)),
    ] {
        let body = json!({ "folder_id": own, "question": { "type": "essay", "stem": { "html": html, "text": "" } } });
        let reply = app.post("/api/questions", &teacher, body).await;
        assert!(matches!(reply.status.as_u16(), 201 | 413 | 422), "{what}: {} {}", reply.status, reply.text());
    }
}

#[tokio::test]
async fn a_drawing_with_a_program_in_it_is_not_taken_and_what_is_served_has_no_powers() {
    let app = TestApp::sqlite().await;
    World::make(&app).await;
    let teacher = app.sign_in("teacher.a").await;
    let own = root(&app, &teacher, None).await;
    let path = format!("/api/question-files?folder_id={}", own.as_str().unwrap());
    let upload = async |bytes: Vec<u8>| raw(&app, "POST", &path, &teacher, bytes).await;
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let page = "<!DOCTYPE html><html><body onload=alert(1)>";
    for bytes in [drawing, page, "GIF89a", "%PDF-1.4", "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", ""] {
        let reply = upload(bytes.as_bytes().to_vec()).await;
        if reply.status == 201 {
            let url = reply.json()["url"].as_str().unwrap().to_owned();
            let shown = app.get(&url, &teacher).await.expect(200);
            let header = |name: &str| shown.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
            assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"), "{bytes}");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert!(header("cache-control").starts_with("private"));
            assert!(header("vary").contains("cookie"));
            assert!(!shown.text().contains("<script"), "{bytes} was taken");
        } else {
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (422, "not-media"), "{bytes}");
        }
    }
}

#[tokio::test]
async fn what_looks_like_a_spreadsheet_formula_is_written_as_letters() {
    let app = TestApp::sqlite().await;
    World::make(&app).await;
    let teacher = app.sign_in("teacher.a").await;
    let own = root(&app, &teacher, None).await;
    let place = folder(&app, &teacher, &own, "=cmd|'/c calc'!A0").await;
    let bad = ["=HYPERLINK(\"http://evil\",\"x\")", "+1+1", "-2+3", "@SUM(A1)", "=cmd|'/c calc'!A0", "\t=1+1"];
    let mut question = choice("=1+2");
    question["tags"] = json!(bad);
    question["title"] = json!(bad[0]);
    for (at, words) in bad.iter().enumerate().take(2) {
        question["options"][at]["content"] = text(words);
    }
    question["explanation"] = text(bad[2]);
    let made = put_in(&app, &teacher, &place, question).await;
    let body = json!({ "ids": [made["id"]], "folder_id": null, "format": "xlsx", "key": "marked" });
    let file = app.post("/api/questions/export", &teacher, body).await.expect(200).json();
    let bytes = base64::engine::general_purpose::STANDARD.decode(file["content"].as_str().unwrap()).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for number in 0..archive.len() {
        let mut entry = archive.by_index(number).unwrap();
        let mut xml = String::new();
        if std::io::Read::read_to_string(&mut entry, &mut xml).is_ok() {
            assert!(!xml.contains("<f>") && !xml.contains("<f ") && !xml.contains("ddeLink"), "{:?}: {xml}", entry.name());
            assert!(!xml.contains("<hyperlink"), "{:?}", entry.name());
        }
    }
    for name in ["filename", "mime"] {
        assert!(file[name].as_str().unwrap().chars().all(|letter| letter.is_ascii_graphic() || letter == ' '), "{file}");
    }
}

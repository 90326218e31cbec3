//! Nobody sees or takes what is another's.

use kernel::Role;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::world::World;
use crate::{at, choice, folder, lend, put_in, root};

/// A colleague of `teacher.a` at the same school.
async fn colleague(app: &TestApp, world: &World) -> (kernel::PersonId, String) {
    let id = app.person(world.school_a, Role::Teacher, "Phạm Thị Đồng Nghiệp", "dong.nghiep").await;
    (id, app.sign_in("dong.nghiep").await)
}

#[tokio::test]
async fn questions_of_one_passage_do_not_show_those_that_the_reader_may_not_read() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let (_, other) = colleague(&app, &world).await;
        let own = root(&app, &teacher, None).await;
        let school = root(&app, &teacher, Some(world.school_a)).await;
        // Two questions below one passage come from a paper.
        let paper = "Đoạn chung p1:\nĐoạn văn chung.\nCâu 1. Câu cho mọi người?\n*A. một\nB. hai\nCâu 2. Câu bí mật zzmark?\n*A. ba\nB. bốn\nHết đoạn chung\n";
        let parsed = app.post("/api/questions/light/parse", &teacher, json!({ "text": paper })).await.expect(200).json();
        let ids = crate::loss::saved_paper(&app, &teacher, world.school_a, &parsed, &own).await;
        let moved = json!({ "ids": [ids[0]], "set": { "folder_id": school } });
        app.post("/api/questions/bulk", &teacher, moved).await.expect(200);
        let shown = app.get(&format!("/api/questions/{}", ids[0].as_str().unwrap()), &other).await.expect(200);
        assert!(!shown.text().contains("zzmark"), "{}", shown.text());
        let own = app.get(&format!("/api/questions/{}", ids[0].as_str().unwrap()), &teacher).await.expect(200).json();
        assert_eq!(own["siblings"][0]["id"], ids[1], "her own she sees");
    }
}

#[tokio::test]
async fn who_may_change_a_lent_bank_cannot_carry_questions_away_from_it() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let (id, other) = colleague(&app, &world).await;
        let (own, others) = (root(&app, &teacher, None).await, root(&app, &other, None).await);
        let lent = folder(&app, &teacher, &own, "Cho mượn").await;
        lend(&app, &teacher, &lent, id, "edit").await;
        let question = put_in(&app, &teacher, &lent, choice("Câu của cô")).await;
        let take = json!({ "ids": [question["id"]], "set": { "folder_id": others } });
        assert_eq!(app.post("/api/questions/bulk", &other, take).await.expect(403).code(), "forbidden");
        app.get(&at(&question, ""), &teacher).await.expect(200);
        // What belongs to the school, its teachers change but do not carry home; whoever answers for it may.
        let school = root(&app, &teacher, Some(world.school_a)).await;
        let common = put_in(&app, &teacher, &school, choice("Câu của trường")).await;
        let home = json!({ "ids": [common["id"]], "set": { "folder_id": others } });
        app.post("/api/questions/bulk", &other, home).await.expect(403);
        app.get(&at(&common, ""), &teacher).await.expect(200);
        // Her own she may give away, and within a bank everybody who writes there puts in order.
        let below = folder(&app, &other, &school, "Ôn tập").await;
        app.post("/api/questions/bulk", &other, json!({ "ids": [common["id"]], "set": { "folder_id": below } })).await.expect(200);
        app.post("/api/questions/bulk", &teacher, json!({ "ids": [question["id"]], "set": { "folder_id": school } })).await.expect(200);
        app.get(&at(&question, ""), &other).await.expect(200);
    }
}

#[tokio::test]
async fn what_was_thrown_away_is_seen_only_by_those_who_may_bring_it_back() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let (id, other) = colleague(&app, &world).await;
        let own = root(&app, &teacher, None).await;
        let lent = folder(&app, &teacher, &own, "Cho mượn").await;
        lend(&app, &teacher, &lent, id, "read").await;
        let question = put_in(&app, &teacher, &lent, choice("Câu bỏ đi")).await;
        app.get(&at(&question, ""), &other).await.expect(200);
        app.call("DELETE", &at(&question, ""), &teacher, Value::Null).await.expect(204);
        for (method, rest, body) in [
            ("GET", "", Value::Null),
            ("GET", "?version=1", Value::Null),
            ("GET", "/reports", Value::Null),
            ("GET", "/duplicates", Value::Null),
            ("POST", "/reports", json!({ "reason": "key", "note": "" })),
            ("POST", "/restore", Value::Null),
        ] {
            app.call(method, &at(&question, rest), &other, body).await.expect(404);
        }
        let export = json!({ "ids": [question["id"]], "folder_id": null, "format": "json", "key": "marked" });
        app.post("/api/questions/export", &other, export).await.expect(404);
        assert_eq!(app.get(&at(&question, ""), &teacher).await.expect(200).json()["deleted"], true);
        app.post(&at(&question, "/restore"), &teacher, Value::Null).await.expect(200);
        app.get(&at(&question, ""), &other).await.expect(200);
    }
}

#[tokio::test]
async fn a_share_taken_back_ends_at_the_next_request_for_every_operation() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let teacher = app.sign_in("teacher.a").await;
        let (id, other) = colleague(&app, &world).await;
        let own = root(&app, &teacher, None).await;
        let lent = folder(&app, &teacher, &own, "Cho mượn").await;
        let share = lend(&app, &teacher, &lent, id, "edit").await;
        let path = format!("/api/question-files?folder_id={}", lent.as_str().unwrap());
        let request = http::Request::builder()
            .method("POST")
            .uri(&path)
            .header("cookie", &teacher)
            .body(axum::body::Body::from(&include_bytes!("../support/dot.png")[..]))
            .unwrap();
        let file = app.send(request).await.expect(201).json();
        let mut pictured = choice("Nhìn hình zzmark");
        pictured["stem"] = json!({ "html": "Nhìn hình zzmark <img data-media=\"img1\">", "text": "" });
        let body = json!({ "folder_id": lent, "question": pictured, "media": [{ "id": "img1", "file_id": file["file_id"] }] });
        let question = app.post("/api/questions", &teacher, body).await.expect(201).json();
        let seen = app.get(&at(&question, ""), &other).await.expect(200).json();
        let url = seen["media"][0]["url"].as_str().unwrap().to_owned();
        app.get(&url, &other).await.expect(200);

        let shares = format!("/api/question-folders/{}/shares/{}", lent.as_str().unwrap(), share.as_str().unwrap());
        app.call("DELETE", &shares, &teacher, Value::Null).await.expect(204);
        let save = json!({ "revision": seen["revision"], "question": seen["question"], "passage": null, "media": seen["media"], "meta": seen["meta"] });
        let mine = root(&app, &other, None).await;
        let copy = put_in(&app, &other, &mine, choice("Nhìn hình zzmark")).await;
        let folder_path = format!("/api/question-folders/{}", lent.as_str().unwrap());
        for (method, path, body) in [
            ("GET", at(&question, ""), Value::Null),
            ("PUT", at(&question, ""), save),
            ("DELETE", at(&question, ""), Value::Null),
            ("GET", url.clone(), Value::Null),
            ("PATCH", folder_path.clone(), json!({ "name": "Khác" })),
            ("DELETE", folder_path.clone(), Value::Null),
            ("GET", format!("/api/question-duplicates?folder_id={}", lent.as_str().unwrap()), Value::Null),
            ("POST", at(&copy, "/merge"), json!({ "into": question["id"] })),
            ("POST", at(&question, "/merge"), json!({ "into": copy["id"] })),
            ("POST", "/api/questions/merge".to_owned(), json!({ "groups": [{ "into": copy["id"], "ids": [question["id"]] }] })),
            ("POST", "/api/questions/bulk-restore".to_owned(), json!({ "ids": [copy["id"], question["id"]] })),
            ("POST", "/api/questions/bulk-delete".to_owned(), json!({ "ids": [copy["id"], question["id"]] })),
            ("POST", "/api/questions/bulk".to_owned(), json!({ "ids": [copy["id"]], "set": { "folder_id": lent } })),
            ("POST", "/api/questions".to_owned(), json!({ "folder_id": lent, "question": choice("Mới") })),
            (
                "POST",
                "/api/questions/export".to_owned(),
                json!({ "ids": [copy["id"], question["id"]], "folder_id": null, "format": "json", "key": "marked" }),
            ),
            ("POST", "/api/questions/export".to_owned(), json!({ "ids": null, "folder_id": lent, "format": "json", "key": "marked" })),
        ] {
            let reply = app.call(method, &path, &other, body).await;
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (404, "not-found"), "{method} {path}");
        }
        for path in
            ["/api/questions?q=zzmark".to_owned(), format!("/api/questions?folder_id={}", lent.as_str().unwrap()), at(&copy, "/duplicates")]
        {
            let found = app.get(&path, &other).await.expect(200);
            assert!(!found.text().contains(question["id"].as_str().unwrap()), "{path}: {}", found.text());
        }
        // Her copy cannot name the picture any more.
        let revision = app.get(&at(&copy, ""), &other).await.expect(200).json()["revision"].clone();
        let mut borrowed = choice("Nhìn hình");
        borrowed["stem"] = json!({ "html": "<img data-media=\"img1\"> gì?", "text": "" });
        let borrowed = json!({ "revision": revision, "question": borrowed, "media": [{ "id": "img1", "file_id": file["file_id"] }] });
        let refused = app.call("PUT", &at(&copy, ""), &other, borrowed.clone()).await.expect(422);
        assert_eq!(refused.field("media").as_deref(), Some("unknown-file"));
        // Exactly what a file that never was is answered.
        let mut never = borrowed;
        never["media"][0]["file_id"] = copy["id"].clone();
        assert_eq!(app.call("PUT", &at(&copy, ""), &other, never).await.expect(422).json()["fields"], refused.json()["fields"]);
    }
}

#[tokio::test]
async fn who_left_the_school_or_is_locked_has_no_bank_and_ids_tell_nothing() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        let teacher = app.sign_in("teacher.a").await;
        let own = root(&app, &teacher, None).await;
        let school = root(&app, &teacher, Some(world.school_a)).await;
        let question = put_in(&app, &teacher, &own, choice("Của riêng cô")).await;
        let common = put_in(&app, &teacher, &school, choice("Của trường")).await;
        let paths = [
            "/api/question-folders".to_owned(),
            at(&question, ""),
            at(&common, ""),
            "/api/questions".to_owned(),
            "/api/question-imports".to_owned(),
        ];
        let person = format!("/api/people/{}", world.in_a(Role::Teacher));
        app.post(&format!("{person}/lock"), &admin, json!({})).await;
        let locked: Vec<u16> = {
            let mut all = Vec::new();
            for path in &paths {
                all.push(app.get(path, &teacher).await.status.as_u16());
            }
            all
        };
        // Whatever locking is called here, her role taken away ends it all.
        let mut tx = app.test.env.db.write().await.unwrap();
        db::sql!("UPDATE role_assignment SET until_at = 1 WHERE person_id = $1")
            .bind(world.in_a(Role::Teacher))
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (path, locked) in paths.iter().zip(locked) {
            let left = app.get(path, &teacher).await.status.as_u16();
            assert!(matches!(left, 401 | 404), "{path}: {left}");
            assert!(matches!(locked, 200 | 401 | 404), "{path}: {locked}");
        }
        // To another teacher, what is not hers answers as what never was, byte for byte but for the request's own.
        let other = app.sign_in("teacher.b").await;
        let never =
            question["id"].as_str().unwrap().chars().rev().map(|letter| if letter == '0' { '1' } else { letter }).collect::<String>();
        let never = json!({ "id": never.chars().rev().collect::<String>() });
        for rest in ["", "?version=1", "/reports", "/duplicates"] {
            let (one, two) =
                (app.get(&at(&question, rest), &other).await.expect(404), app.get(&at(&never, rest), &other).await.expect(404));
            assert_eq!(one.body.len(), two.body.len(), "{rest}");
        }
    }
}

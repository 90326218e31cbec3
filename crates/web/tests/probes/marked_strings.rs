//! Two schools full of marked strings: whatever anybody of one asks, no mark of the other comes back.

use kernel::Role;
use serde_json::json;

use super::operations::{self, Values};
use crate::support::TestApp;
use crate::support::world::{self, World};

const MARK: &str = "zzmarkb";

/// Fills school B: every text that can be typed carries the mark.
async fn fill(app: &TestApp, world: &World) -> Values {
    let admin = app.sign_in("administrator.b").await;
    let school = world.school_b;
    app.call(
        "PATCH",
        &format!("/api/organisations/{school}"),
        &admin,
        json!({ "name": format!("Trường {MARK}"), "code": format!("{MARK}-1") }),
    )
    .await
    .expect(200);
    let year = json!({ "name": format!("{MARK} 2030"), "starts_on": "2030-08-01", "ends_on": "2031-07-31" });
    let year = app.post(&format!("/api/organisations/{school}/years"), &admin, year).await.expect(201).json();
    let class = json!({ "year_id": year["id"], "name": format!("{MARK} 10A") });
    let class = app.post(&format!("/api/organisations/{school}/class-groups"), &admin, class).await.expect(201).json();
    let person = json!({ "organisation_id": school, "role": "pupil", "display_name": format!("Trò {MARK}"), "email": format!("{MARK}@b.vn"),
        "code": format!("{MARK}.7"), "class_group_id": class["id"], "username": format!("{MARK}.u") });
    let person = app.post("/api/people", &admin, person).await.expect(201).json()["person"].clone();
    let details = json!({ "phone": "0912345678", "guardians": format!("Mẹ {MARK}"), "national_id": "012345678901" });
    app.call("PATCH", &format!("/api/people/{}", person["id"].as_str().unwrap()), &admin, details).await.expect(200);
    let roster = format!("Họ và tên;Lớp\nTrò {MARK} hai;{MARK} 10A\n");
    let request = http::Request::builder()
        .method("POST")
        .uri(format!("/api/people/imports?organisation={school}&filename={MARK}.csv"))
        .header("cookie", &admin)
        .body(axum::body::Body::from(roster))
        .unwrap();
    let import = app.send(request).await.expect(201).json();

    let teacher = app.sign_in("teacher.b").await;
    let lesson = json!({ "organisation_id": school, "meta": { "title": format!("Bài {MARK}") } });
    let draft = app.post("/api/lessons", &teacher, lesson).await.expect(201).json();
    let id = draft["id"].as_str().unwrap().to_owned();
    let mut meta = draft["meta"].clone();
    meta["title"] = json!(format!("Bài {MARK}"));
    meta["summary"] = json!(format!("Tóm tắt {MARK}"));
    meta["licence"] = json!("CC-BY-4.0");
    meta["tags"] = json!([MARK]);
    let doc = json!({ "type": "doc", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": format!("Nội dung {MARK} điện trở") }] }] });
    let saved = json!({ "revision": draft["revision"], "meta": meta, "doc": doc });
    let saved = app.call("PUT", &format!("/api/lessons/{id}/draft"), &teacher, saved).await.expect(200).json();
    let publish = json!({ "revision": saved["revision"], "note": format!("Ghi chú {MARK}") });
    app.post(&format!("/api/lessons/{id}/publish"), &teacher, publish).await.expect(200);
    let (folder, question) = world::question(app, &teacher, school, MARK).await;
    let report = json!({ "reason": "key", "note": format!("Sai {MARK}") });
    let path = format!("/api/questions/{}/reports", question.as_str().unwrap());
    app.post(&path, &teacher, report).await.expect(201);
    let request = http::Request::builder()
        .method("POST")
        .uri(format!("/api/question-imports?organisation={school}&filename={MARK}.gift"))
        .header("cookie", &teacher)
        .body(axum::body::Body::from(format!("{MARK}? {{=a ~b}}")))
        .unwrap();
    let paper = app.send(request).await.expect(201).json();
    // A class that the other school has no part in; its code, which opens its name to whoever has it, is not given.
    let (pupil, colleague) = (world.in_b(Role::Pupil), world.in_b(Role::Reviewer));
    let [taught, member, team, _] = world::class(app, &teacher, school, MARK, pupil, colleague).await;
    let sitter = app.sign_in("pupil.b").await;
    let (test, attempt, _) = world::test(app, [&teacher, &sitter], school, [pupil, colleague], MARK).await;
    Values::from([
        ("/api/tests/{id}", test["id"].clone()),
        ("/api/attempts/{id}", attempt),
        ("/api/classes/{id}", taught),
        ("member_id", member),
        ("team_id", team),
        ("whose", json!("overseen")),
        ("/api/questions/{id}", question),
        ("/api/question-folders/{id}", folder.clone()),
        ("/api/question-imports/{id}", paper["id"].clone()),
        ("folder_id", folder),
        ("tag", json!(MARK)),
        ("/api/organisations/{id}", json!(school)),
        ("/api/people/{id}", person["id"].clone()),
        ("/api/people/imports/{id}", import["id"].clone()),
        ("/api/lessons/{id}", json!(id)),
        ("version", json!(1)),
        ("organisation", json!(school)),
        ("person", person["id"].clone()),
        ("class", class["id"].clone()),
        ("year", year["id"].clone()),
        ("q", json!(MARK)),
        ("from", json!(1)),
        ("to", json!(1)),
    ])
}

#[tokio::test]
async fn nothing_of_one_school_comes_back_to_another() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let values = fill(&app, &world).await;
        app.app.content.search.catch_up(&app.test.env).await.unwrap();

        let found = app.get(&format!("/api/search?q={MARK}"), &app.sign_in("pupil.b").await).await.expect(200).text();
        assert!(found.contains(MARK), "the marks can be found by those who may: {found}");
        let teacher = app.sign_in("teacher.b").await;
        let found = app.get(&format!("/api/questions?q={MARK}"), &teacher).await.expect(200).text();
        assert!(found.contains(MARK), "questions too: {found}");
        let found = app.get(&format!("/api/search?q={MARK}"), &teacher).await.expect(200).text();
        assert!(!found.contains("single_choice") && !found.contains("Câu hỏi"), "the library has no questions: {found}");
        let found = app.get("/api/classes", &teacher).await.expect(200).text();
        assert!(found.contains(MARK), "and classes: {found}");
        let found = app.get("/api/tests", &app.sign_in("pupil.b").await).await.expect(200).text();
        assert!(found.contains(MARK), "and tests: {found}");
        let mut told = Vec::new();
        let everybody: Vec<String> = Role::ALL.iter().map(|role| format!("{}.a", role.as_str().replace('_', "-"))).collect();
        for username in std::iter::once(String::new()).chain(everybody) {
            let cookie = if username.is_empty() { String::new() } else { app.sign_in(&username).await };
            for operation in operations::all().iter().filter(|one| one.method == "GET") {
                let bare = operation.address(&values);
                let (path, _) = bare.split_once('?').unwrap_or((&bare, ""));
                let mut addresses = vec![bare.clone(), path.to_owned()];
                // Each filter alone, and all together, with values of the other school.
                let filters: Vec<String> = operation
                    .query_names()
                    .iter()
                    .filter_map(|name| {
                        values.get(name.as_str()).map(|value| format!("{name}={}", value.as_str().map_or(value.to_string(), str::to_owned)))
                    })
                    .collect();
                addresses.extend(filters.iter().map(|filter| format!("{path}?{filter}")));
                addresses.push(format!("{path}?{}", filters.join("&")));
                for address in addresses {
                    let reply = app.get(&address, &cookie).await;
                    let body = reply.text().to_lowercase();
                    // A search tells what was asked for; nothing else may.
                    if body.contains(MARK) {
                        told.push(format!("{address} as {username:?}: {}", body.chars().take(400).collect::<String>()));
                    }
                }
            }
        }
        assert!(told.is_empty(), "{} replies told:\n{}", told.len(), told.join("\n"));
    }
}

//! Every operation with missing, wrong and huge fields: always a problem, never a failure inside.

use serde_json::{Map, Value, json};

use super::operations::{self, Operation, Values};
use crate::support::{Reply, TestApp, world::World};

/// What goes wrong with a reply to nonsense.
fn complaint(operation: &Operation, what: &str, reply: &Reply) -> Option<String> {
    let status = reply.status.as_u16();
    let kind = reply.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let bodiless = operation.method == "HEAD";
    let good = status < 400 || status < 500 && (bodiless || kind == "application/problem+json");
    (!good).then(|| format!("{} {} with {what}: {status} {kind} {}", operation.method, operation.path, reply.text()))
}

/// Bodies made of the right one by spoiling it.
fn spoiled(right: &Value) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> =
        [("nothing", ""), ("no JSON", "{\"a\":"), ("a list", "[]"), ("an empty object", "{}"), ("a number", "7"), ("null", "null")]
            .into_iter()
            .map(|(what, text)| (what.to_owned(), text.into()))
            .collect();
    all.push(("deep nesting".into(), "[".repeat(100_000).into()));
    all.push(("no UTF-8".into(), vec![0xff, 0xfe, 0x00]));
    let empty = Map::new();
    for name in right.as_object().unwrap_or(&empty).keys() {
        let wrong = [
            json!(null),
            json!(-1),
            json!(i64::MAX),
            json!(1.5e300),
            json!("x".repeat(300_000)),
            json!("a\u{0}b"),
            json!("\u{202e}́̂"),
            json!(""),
            json!([]),
            json!({}),
            json!(true),
            json!("' OR 1=1 --"),
            json!("99999999-9999-9999-9999-999999999999"),
        ];
        for value in wrong {
            let mut body = right.clone();
            let what = format!("{name} = {}", value.to_string().chars().take(40).collect::<String>());
            body[name] = value;
            all.push((what, body.to_string().into()));
        }
    }
    all
}

/// A fresh session, after the pause that wrong passwords among the nonsense have earned.
async fn sign_in(app: &TestApp) -> String {
    app.test.clock.advance(std::time::Duration::from_secs(16 * 60));
    app.sign_in("admin.so").await
}

async fn probe(app: &TestApp) -> Vec<String> {
    let world = World::make(app).await;
    let mut values = Values::from([
        ("/api/organisations/{id}", json!(world.school_a)),
        ("/api/people/{id}", json!(world.in_a(kernel::Role::Pupil))),
        ("organisation", json!(world.school_a)),
        ("organisation_id", json!(world.school_a)),
    ]);
    let teacher = app.sign_in("teacher.a").await;
    let lesson = json!({ "organisation_id": world.school_a, "meta": { "title": "Bài thử" } });
    let lesson = app.post("/api/lessons", &teacher, lesson).await.expect(201).json();
    values.insert("/api/lessons/{id}", lesson["id"].clone());
    let mut wrong = Vec::new();
    for operation in operations::all() {
        let mut cookie = sign_in(app).await;
        let address = operation.address(&values);
        let mut bodies = vec![("no body".to_owned(), None)];
        if operation.body_schema().is_some() {
            bodies.extend(spoiled(&operation.body(&values)).into_iter().map(|(what, bytes)| (what, Some(("application/json", bytes)))));
            bodies.push(("another kind".into(), Some(("text/plain", b"{}".to_vec()))));
            bodies.push(("two megabytes".into(), Some(("application/json", vec![b' '; 2 << 20]))));
        } else if operation.method != "GET" {
            bodies.push(("bytes".into(), Some(("application/octet-stream", vec![0xff; 1000]))));
        }
        for (what, body) in bodies {
            let Some(reply) = operation.send(app, &address, &cookie, body).await else { continue };
            if reply.status.is_success() && operation.path.starts_with("/api/session") {
                cookie = sign_in(app).await;
            }
            wrong.extend(complaint(&operation, &what, &reply));
        }
        let (path, _) = address.split_once('?').unwrap_or((&address, ""));
        let mut addresses: Vec<String> = operation
            .query_names()
            .iter()
            .flat_map(|name| {
                ["", "-1", "999999999999999999999", "%00", "%ff", "%F0%9F%92%A5", "a%00b", "x%27--", "bm90IGpzb24"]
                    .map(|value| format!("{path}?{name}={value}"))
            })
            .collect();
        addresses.extend(operation.query_names().iter().map(|name| format!("{path}?{name}={}", "x".repeat(20_000))));
        for id in ["not-an-id", "%00", "%ff", "..%2f..%2fetc%2fpasswd", "💥"] {
            let nonsense =
                operation.path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/");
            addresses.push(nonsense);
        }
        for address in addresses {
            let body = operation.body(&values);
            let body = (!body.is_null()).then(|| ("application/json", body.to_string().into_bytes()));
            let Some(reply) = operation.send(app, &address, &cookie, body).await else { continue };
            if reply.status.is_success() && operation.path.starts_with("/api/session") {
                cookie = sign_in(app).await;
            }
            wrong.extend(complaint(&operation, &address.chars().take(120).collect::<String>(), &reply));
        }
    }
    wrong
}

#[tokio::test]
async fn nonsense_is_always_answered_by_a_problem() {
    for app in TestApp::each_engine().await {
        let wrong = probe(&app).await;
        assert!(wrong.is_empty(), "{:?}: {} of them:\n{}", app.test.env.db.engine(), wrong.len(), wrong.join("\n"));
    }
}

//! Every operation as everybody, against the table.

use kernel::Role;
use serde_json::json;
use web::routes::access_table::{Access, TABLE};

use super::operations::{self, Operation, Values};
use crate::support::TestApp;
use crate::support::world::{self, World};

const EVERYBODY: [&str; 7] = ["pupil.a", "parent.a", "teacher.a", "reviewer.a", "school-head.a", "administrator.a", "admin.so"];

fn allowed(access: Access, username: &str) -> bool {
    match access {
        Access::Public | Access::SignedIn | Access::Device => true,
        Access::Authors | Access::Staff => !matches!(username, "pupil.a" | "parent.a"),
        Access::Administrators => matches!(username, "administrator.a" | "admin.so"),
        Access::Heads => matches!(username, "administrator.a" | "admin.so" | "school-head.a"),
        Access::ServerAdministrators => username == "admin.so",
    }
}

fn entry(operation: &Operation) -> Option<Access> {
    TABLE.iter().find(|(method, path, _)| *method == operation.method && *path == operation.path).map(|(.., access)| *access)
}

#[test]
fn every_operation_is_in_the_table_and_nothing_else() {
    let operations = operations::all();
    let missing: Vec<String> =
        operations.iter().filter(|one| entry(one).is_none()).map(|one| format!("{} {}", one.method, one.path)).collect();
    assert!(missing.is_empty(), "not in routes/access_table.rs: {missing:?}");
    let stale: Vec<_> =
        TABLE.iter().filter(|(method, path, _)| !operations.iter().any(|one| one.method == *method && one.path == *path)).collect();
    assert!(stale.is_empty(), "in the table but not in the description: {stale:?}");
}

/// Ids of things in school A; a fresh pupil for each call, so that one who was erased hides nothing.
async fn values(app: &TestApp, world: &World, number: usize) -> Values {
    let target = app.person(world.school_a, Role::Pupil, "Trò Thử", &format!("probe{number}")).await;
    Values::from([
        ("/api/organisations/{id}", json!(world.school_a)),
        ("/api/people/{id}", json!(target)),
        ("organisation", json!(world.school_a)),
        ("organisation_id", json!(world.school_a)),
        ("parent_id", json!(world.school_a)),
        ("from_organisation_id", json!(world.school_a)),
        ("to_organisation_id", json!(world.school_b)),
        ("person_ids", json!([target])),
        ("language", json!("vi")),
        ("version", json!(1)),
        ("from", json!(1)),
        ("to", json!(1)),
        ("doc", json!({ "type": "doc", "content": [] })),
    ])
}

#[tokio::test]
async fn every_operation_answers_everybody_as_the_table_says() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let mut wrong = Vec::new();
    let author = app.sign_in("teacher.a").await;
    let group = world::class_group(&app, world.school_a).await;
    let mut number = 0;
    let mut cookies = std::collections::BTreeMap::new();
    for operation in operations::all() {
        let Some(access) = entry(&operation) else { continue };
        let of_tests = operation.path.contains("/tests") || operation.path.contains("/attempts");
        // Anew each time: some operations end sessions.
        let (giver, sitter) =
            if of_tests { (app.sign_in("teacher.a").await, app.sign_in("pupil.a").await) } else { (String::new(), String::new()) };
        let mut somebody_reached_it = false;
        // Those who may not come first: what those who may do to the world does not help them.
        let mut callers: Vec<&str> = EVERYBODY.to_vec();
        callers.sort_by_key(|username| allowed(access, username));
        for username in std::iter::once("").chain(callers) {
            number += 1;
            let mut values = values(&app, &world, number).await;
            if operation.path.contains("question") {
                let (folder, question) = world::question(&app, &author, world.school_a, &format!("{number}")).await;
                let (_, other) = world::question(&app, &author, world.school_a, &format!("{number} khác")).await;
                values.extend([
                    ("into", other),
                    ("/api/questions/{id}", question.clone()),
                    ("/api/question-folders/{id}", folder.clone()),
                    ("folder_id", folder.clone()),
                    ("parent_id", folder),
                    ("ids", json!([question])),
                ]);
            }
            if operation.path.contains("/class") {
                let pupil = app.person(world.school_a, Role::Pupil, "Trò Lớp", &format!("lop{number}")).await;
                let reviewer = world.in_a(Role::Reviewer);
                let [class, member, team, code] = world::class(&app, &author, world.school_a, &format!("{number}"), pupil, reviewer).await;
                values.extend([
                    ("/api/classes/{id}", class),
                    ("member_id", member),
                    ("team_id", team),
                    ("code", code),
                    ("class_group_id", group.clone()),
                    ("person_id", json!(reviewer)),
                ]);
            }
            if of_tests {
                let (test, attempt, class) = world::test(
                    &app,
                    [&giver, &sitter],
                    world.school_a,
                    [world.in_a(Role::Pupil), world.in_a(Role::Reviewer)],
                    &format!("{number}"),
                )
                .await;
                values.extend([
                    ("/api/tests/{id}", test["id"].clone()),
                    ("/api/attempts/{id}", attempt),
                    ("revision", test["revision"].clone()),
                    ("class_id", class),
                    ("plan", test["plan"].clone()),
                    ("settings", test["settings"].clone()),
                    ("person_id", json!(world.in_a(Role::Pupil))),
                    ("entrant_id", json!(null)),
                    ("item", json!(0)),
                    ("number", json!(1)),
                    // A stream that ends at once, from the beginning of time.
                    ("since", json!(0)),
                    ("seconds", json!(0)),
                    ("person_ids", json!([world.in_a(Role::Pupil)])),
                ]);
            }
            let cookie = match username {
                "" => String::new(),
                name => match cookies.remove(name) {
                    Some(cookie) => cookie,
                    None => app.sign_in(name).await,
                },
            };
            let body = operation.body(&values);
            let body = if operation.path.contains("/captions/") {
                Some(("text/vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nA\n".to_vec()))
            } else {
                (!body.is_null()).then(|| ("application/json", body.to_string().into_bytes()))
            };
            let reply = operation.send(&app, &operation.address(&values), &cookie, body).await.unwrap();
            let status = reply.status.as_u16();
            let right = match (username, access) {
                ("", Access::Public) => status < 500,
                // An account is no device: nobody has the secret of one here.
                (_, Access::Device) => status == 401 && reply.code() == "no-device",
                ("", _) => status == 401,
                (name, access) if allowed(access, name) => {
                    somebody_reached_it |= !matches!(status, 401 | 403 | 404);
                    // What a signed-in person reaches is the matter of the grant. A wrong present password
                    // is no missing session.
                    let known = status != 401 || reply.code() == "wrong-credentials";
                    status < 500 && known && (status != 403 || access == Access::SignedIn || name == "administrator.a")
                        || access == Access::Public && status < 500
                }
                // The protocol's own header is asked for before anything else.
                _ if operation.path == "/api/uploads" => matches!(status, 403 | 404 | 412),
                _ => matches!(status, 403 | 404),
            };
            if !right {
                wrong.push(format!("{} {} as {username:?}: {status} {}", operation.method, operation.path, reply.text()));
            }
            let ends_sessions = operation.path.starts_with("/api/session") || operation.path.contains("/password");
            if !username.is_empty() && !ends_sessions {
                cookies.insert(username.to_owned(), cookie);
            }
        }
        let has_scope = [
            "/api/classes",
            "/api/class-invitations",
            "/api/organisations",
            "/api/people",
            "/api/question-folders",
            "/api/questions",
            "/api/tests",
            "/api/attempts",
        ]
        .iter()
        .any(|start| operation.path.starts_with(start));
        let names_another = ["/imports/{id}", "/roles/{role_id}", "/shares/{share_id}", "/files/{n", "/photos/{name}"]
            .iter()
            .any(|part| operation.path.contains(part));
        if has_scope && !names_another && !somebody_reached_it {
            wrong.push(format!("{} {}: nobody reached it, so that the refusals prove nothing", operation.method, operation.path));
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}

//! The question bank attacked over HTTP: other people's questions, what gets lost, hostile input.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod hostile;
mod loss;
mod others;

use kernel::OrganisationId;
use serde_json::{Value, json};

use support::TestApp;
use support::world::own_folder;

/// A root folder: of an organisation, or the caller's own.
async fn root(app: &TestApp, cookie: &str, organisation: Option<OrganisationId>) -> Value {
    if organisation.is_none() {
        return own_folder(app, cookie).await;
    }
    let folders = app.get("/api/question-folders", cookie).await.expect(200).json();
    let wanted = |folder: &&Value| folder["parent_id"].is_null() && folder["organisation"]["id"] == json!(organisation);
    folders["items"].as_array().unwrap().iter().find(wanted).unwrap()["id"].clone()
}

async fn folder(app: &TestApp, cookie: &str, parent: &Value, name: &str) -> Value {
    app.post("/api/question-folders", cookie, json!({ "parent_id": parent, "name": name })).await.expect(201).json()["id"].clone()
}

fn text(words: &str) -> Value {
    json!({ "html": "", "text": words })
}

/// A question of two options, the first right.
fn choice(stem: &str) -> Value {
    json!({ "type": "single_choice", "stem": text(stem), "options": [
        { "label": "A", "content": text(&format!("{stem} đúng")), "correct": true },
        { "label": "B", "content": text(&format!("{stem} sai")), "correct": false }] })
}

async fn put_in(app: &TestApp, cookie: &str, folder: &Value, question: Value) -> Value {
    app.post("/api/questions", cookie, json!({ "folder_id": folder, "question": question })).await.expect(201).json()
}

fn at(question: &Value, rest: &str) -> String {
    format!("/api/questions/{}{rest}", question["id"].as_str().unwrap())
}

async fn lend(app: &TestApp, cookie: &str, folder: &Value, person: kernel::PersonId, can: &str) -> Value {
    let path = format!("/api/question-folders/{}/shares", folder.as_str().unwrap());
    let shares = app.post(&path, cookie, json!({ "person_id": person, "can": can })).await.expect(200).json();
    shares["items"].as_array().unwrap().iter().find(|share| share["person"]["id"] == json!(person)).unwrap()["id"].clone()
}

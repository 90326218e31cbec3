//! A province with two schools, and somebody of every role in each.

use kernel::{OrganisationId, OrganisationKind, PersonId, Role};
use serde_json::{Value, json};

use super::TestApp;

/// Two schools under one Sở.
pub struct World {
    pub department: OrganisationId,
    pub school_a: OrganisationId,
    pub school_b: OrganisationId,
    /// Everybody of school A: her role, id and username.
    pub people_a: Vec<(Role, PersonId, String)>,
    /// Everybody of school B.
    pub people_b: Vec<(Role, PersonId, String)>,
    /// The administrator of the Sở, `admin.so`.
    pub province_administrator: PersonId,
}

impl World {
    /// Makes it.
    pub async fn make(app: &TestApp) -> Self {
        let department = app.organisation(None, OrganisationKind::Department, "Sở Giáo dục Tam Giang").await;
        let school_a = app.organisation(Some(department), OrganisationKind::School, "THPT Sông Hương").await;
        let school_b = app.organisation(Some(department), OrganisationKind::School, "THPT Núi Ngự").await;
        let province_administrator = app.person(department, Role::Administrator, "Trần Quản Trị", "admin.so").await;
        let mut people = Vec::new();
        for (school, letter) in [(school_a, 'a'), (school_b, 'b')] {
            let mut here = Vec::new();
            for role in Role::ALL {
                let username = format!("{}.{letter}", role.as_str().replace('_', "-"));
                let name = format!("Nguyễn Văn {} {}", role.as_str().replace('_', " "), letter.to_uppercase());
                here.push((*role, app.person(school, *role, &name, &username).await, username));
            }
            people.push(here);
        }
        let people_b = people.pop().unwrap_or_default();
        let people_a = people.pop().unwrap_or_default();
        Self { department, school_a, school_b, people_a, people_b, province_administrator }
    }

    /// Somebody of school A.
    pub fn in_a(&self, role: Role) -> PersonId {
        self.people_a.iter().find(|(held, ..)| *held == role).map(|(_, id, _)| *id).unwrap()
    }

    /// Somebody of school B.
    pub fn in_b(&self, role: Role) -> PersonId {
        self.people_b.iter().find(|(held, ..)| *held == role).map(|(_, id, _)| *id).unwrap()
    }
}

/// The root of somebody's own question folders: its id.
pub async fn own_folder(app: &TestApp, cookie: &str) -> Value {
    let folders = app.get("/api/question-folders", cookie).await.expect(200).json();
    let own = |folder: &&Value| folder["scope"] == "mine" && folder["parent_id"].is_null();
    folders["items"].as_array().unwrap().iter().find(own).unwrap()["id"].clone()
}

/// A test of one question, as one of a school's teachers makes and gives it: the test, and its path.
pub async fn given(
    app: &TestApp,
    teacher: &str,
    school: OrganisationId,
    [title, question, settings]: [&Value; 3],
    to: Value,
) -> (Value, String) {
    let plan = json!({ "parts": [{ "title": "Phần I", "items": [{ "question_id": question }] }] });
    let new = json!({ "organisation_id": school, "title": title, "settings": settings, "plan": plan });
    let made = app.post("/api/tests", teacher, new).await.expect(201).json();
    let path = format!("/api/tests/{}", made["id"].as_str().unwrap());
    let mut give = to;
    give["revision"] = made["revision"].clone();
    (app.post(&format!("{path}/give"), teacher, give).await.expect(200).json(), path)
}

/// A question in a folder of a school's bank, as one of its teachers writes it: the ids of both.
pub async fn question(app: &TestApp, teacher: &str, school: OrganisationId, called: &str) -> (Value, Value) {
    let folders = app.get("/api/question-folders", teacher).await.expect(200).json();
    let root = folders["items"].as_array().unwrap().iter().find(|folder| folder["organisation"]["id"] == json!(school)).unwrap().clone();
    let folder = json!({ "parent_id": root["id"], "name": format!("Thư mục {called}") });
    let folder = app.post("/api/question-folders", teacher, folder).await.expect(201).json()["id"].clone();
    let option = |label: &str, correct: bool| json!({ "label": label, "content": { "html": "", "text": format!("{called} {label}") }, "correct": correct });
    let question = json!({ "folder_id": folder, "meta": { "source": format!("Đề {called}") }, "question": {
        "type": "single_choice", "stem": { "html": "", "text": format!("Câu hỏi {called}?") }, "tags": [called], "key": "known",
        "options": [option("A", true), option("B", false)],
        "explanation": { "html": "", "text": format!("Vì {called}") } } });
    let id = app.post("/api/questions", teacher, question).await.expect(201).json()["id"].clone();
    (folder, id)
}

/// A class of a school with one member, one more teacher and a team, as one of its teachers makes it: the
/// ids of the class, the member and the team, and the code.
pub async fn class(app: &TestApp, teacher: &str, school: OrganisationId, called: &str, pupil: PersonId, colleague: PersonId) -> [Value; 4] {
    let class = json!({ "organisation_id": school, "name": format!("Lớp {called}") });
    let class = app.post("/api/classes", teacher, class).await.expect(201).json();
    let path = format!("/api/classes/{}", class["id"].as_str().unwrap());
    let member =
        app.post(&format!("{path}/members"), teacher, json!({ "person_ids": [pupil] })).await.expect(200).json()["added"][0].clone();
    app.post(&format!("{path}/teachers"), teacher, json!({ "person_id": colleague })).await.expect(200);
    let team = json!({ "name": format!("Nhóm {called}"), "members": [member] });
    let team = app.post(&format!("{path}/teams"), teacher, team).await.expect(201).json()["id"].clone();
    [class["id"].clone(), member, team, class["join"]["code"].clone()]
}

/// An administrative class of school A in a year to come: its id.
pub async fn class_group(app: &TestApp, school: OrganisationId) -> Value {
    let admin = app.sign_in("administrator.a").await;
    let path = format!("/api/organisations/{school}");
    let year = json!({ "name": "2030–2031", "starts_on": "2030-09-05", "ends_on": "2031-05-31" });
    let year = app.post(&format!("{path}/years"), &admin, year).await.expect(201).json()["id"].clone();
    let group = json!({ "year_id": year, "name": "10A1" });
    app.post(&format!("{path}/class-groups"), &admin, group).await.expect(201).json()["id"].clone()
}

/// A test of one question that a pupil of a school has sat, as one of its teachers gives it: the test, the
/// attempt's id and the class's. The cookies are the teacher's and the pupil's.
pub async fn test(
    app: &TestApp,
    [teacher, pupil]: [&str; 2],
    school: OrganisationId,
    [member, colleague]: [PersonId; 2],
    called: &str,
) -> (Value, Value, Value) {
    let (_, question) = question(app, teacher, school, &format!("{called} thi")).await;
    let [class, ..] = class(app, teacher, school, &format!("{called} thi"), member, colleague).await;
    let title = json!(format!("Đề {called}"));
    let (given, path) = given(app, teacher, school, [&title, &question, &json!({})], json!({ "targets": [{ "class_id": class }] })).await;
    let begun = app.post(&format!("{path}/begin"), pupil, json!({ "sent_at": 0 })).await.expect(200).json();
    let actions = format!("/api/attempts/{}/actions", begun["attempt_id"].as_str().unwrap());
    app.post(&actions, teacher, json!("hand_in")).await.expect(204);
    (given, begun["attempt_id"].clone(), class)
}

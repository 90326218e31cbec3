//! The tree, its years and its classes.

use kernel::{OrganisationKind, Role};
use serde_json::{Value, json};

use crate::support::{TestApp, world::World};

fn names(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn everybody_sees_her_own_line_of_the_tree_and_nobody_her_neighbours() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let campus = app.organisation(Some(world.school_a), OrganisationKind::Campus, "Điểm trường Bến").await;
        let pupil = app.get("/api/organisations", &app.sign_in("pupil.a").await).await.expect(200).json();
        assert_eq!(names(&pupil), ["Sở Giáo dục Tam Giang", "THPT Sông Hương", "Điểm trường Bến"]);
        assert_eq!(pupil["items"][1]["people_count"], 0, "a pupil is not told how many people there are");
        let admin = app.get("/api/organisations", &app.sign_in("admin.so").await).await.expect(200).json();
        assert_eq!(names(&admin).len(), 4);
        assert_eq!(admin["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(world.school_a)).unwrap()["people_count"], 6);
        assert_eq!(admin["items"][3]["id"], json!(campus));
        assert_eq!(admin["items"][0]["can_manage"], true);
    }
}

#[tokio::test]
async fn a_school_moves_with_all_below_it_and_never_below_itself() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("admin.so").await;
        let commune = json!({ "parent_id": world.department, "kind": "commune", "name": "Xã Quảng Điền", "code": "QD-01" });
        let commune = app.post("/api/organisations", &admin, commune).await.expect(201).json();
        let campus = app.organisation(Some(world.school_a), OrganisationKind::Campus, "Điểm trường Bến").await;
        let path = format!("/api/organisations/{}", world.school_a);
        app.call("PATCH", &path, &admin, json!({ "parent_id": commune["id"] })).await.expect(200);
        app.person(serde_json::from_value(commune["id"].clone()).unwrap(), Role::Administrator, "Phan Xã", "admin.xa").await;
        let seen = app.get("/api/organisations", &app.sign_in("admin.xa").await).await.json();
        let manages: Vec<&Value> = seen["items"].as_array().unwrap().iter().filter(|item| item["can_manage"] == true).collect();
        assert_eq!(manages.len(), 3, "the commune, the school and its campus");
        assert!(manages.iter().any(|item| item["id"] == json!(campus)));
        let cycle = app.call("PATCH", &path, &admin, json!({ "parent_id": campus })).await.expect(422);
        assert_eq!(cycle.field("parent_id").as_deref(), Some("below-itself"));
        let taken = json!({ "parent_id": world.department, "kind": "school", "name": "Khác", "code": "QD-01" });
        assert_eq!(app.post("/api/organisations", &admin, taken).await.expect(422).field("code").as_deref(), Some("taken"));
    }
}

#[tokio::test]
async fn a_school_cannot_free_itself_nor_raise_its_own_quota() {
    let app = TestApp::sqlite().await;
    let world = World::make(&app).await;
    let admin = app.sign_in("administrator.a").await;
    let path = format!("/api/organisations/{}", world.school_a);
    app.call("PATCH", &path, &admin, json!({ "parent_id": null })).await.expect(403);
    app.call("PATCH", &path, &admin, json!({ "quota_bytes": 1_000_000 })).await.expect(403);
    app.call("PATCH", &path, &admin, json!({ "parent_id": world.school_b })).await.expect(403);
    app.call("PATCH", &path, &admin, json!({ "name": "THPT Sông Hương mới" })).await.expect(200);
    let province = app.sign_in("admin.so").await;
    let changed = app.call("PATCH", &path, &province, json!({ "quota_bytes": 1_000_000 })).await.expect(200).json();
    assert_eq!(changed["quota_bytes"], 1_000_000);
}

#[tokio::test]
async fn only_an_organisation_nobody_ever_belonged_to_is_removed() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("admin.so").await;
        assert_eq!(
            app.call("DELETE", &format!("/api/organisations/{}", world.school_a), &admin, Value::Null).await.expect(409).code(),
            "not-empty"
        );
        let empty = app.organisation(Some(world.department), OrganisationKind::School, "Trường trống").await;
        app.call("DELETE", &format!("/api/organisations/{empty}"), &admin, Value::Null).await.expect(204);
        app.get(&format!("/api/organisations/{empty}/years"), &admin).await.expect(404);
    }
}

#[tokio::test]
async fn a_year_ends_and_classes_move_up_with_their_history() {
    for app in TestApp::each_engine().await {
        let world = World::make(&app).await;
        let admin = app.sign_in("administrator.a").await;
        let school = world.school_a;
        let years = app.get(&format!("/api/organisations/{school}/years"), &admin).await.expect(200).json();
        let this_year = years["items"][0].clone();
        assert_eq!((&this_year["name"], &this_year["current"]), (&json!("2026–2027"), &json!(true)));
        let next = json!({ "name": "2027–2028", "starts_on": "2027-08-01", "ends_on": "2028-07-31" });
        let next = app.post(&format!("/api/organisations/{school}/years"), &admin, next).await.expect(201).json();
        let class = |name: &str| json!({ "year_id": this_year["id"], "name": name });
        let ten = app.post(&format!("/api/organisations/{school}/class-groups"), &admin, class("10A1")).await.expect(201).json();
        let twelve = app.post(&format!("/api/organisations/{school}/class-groups"), &admin, class("12A1")).await.expect(201).json();
        assert_eq!(ten["grade"], 10);
        let mut ids = Vec::new();
        for (name, group) in [("Lê Gia Dung", &ten), ("Ngô Hải Điệp", &ten), ("Giàng Ngọc Tâm", &twelve)] {
            let body = json!({ "organisation_id": school, "role": "pupil", "display_name": name, "class_group_id": group["id"] });
            ids.push(app.post("/api/people", &admin, body).await.expect(201).json()["person"]["id"].as_str().unwrap().to_owned());
        }
        let moves = json!({ "from_year_id": this_year["id"], "to_year_id": next["id"], "classes": [
            { "from_class_id": ten["id"], "to_name": "11A1" }, { "from_class_id": twelve["id"], "to_name": null }] });
        let done = app.post(&format!("/api/organisations/{school}/move-up"), &admin, moves.clone()).await.expect(200).json();
        assert_eq!(done, json!({ "moved": 2, "left": 1 }));
        let again = app.post(&format!("/api/organisations/{school}/move-up"), &admin, moves).await.expect(200).json();
        assert_eq!(again, json!({ "moved": 0, "left": 0 }), "a second press moves nobody twice");
        let pupil = app.get(&format!("/api/people/{}", ids[0]), &admin).await.expect(200).json();
        assert_eq!(pupil["class_group"]["name"], "11A1");
        let history: Vec<&str> = pupil["history"].as_array().unwrap().iter().map(|one| one["class_name"].as_str().unwrap()).collect();
        assert_eq!(history, ["11A1", "10A1"]);
        let old =
            app.get(&format!("/api/organisations/{school}/class-groups?year={}", this_year["id"].as_str().unwrap()), &admin).await.json();
        let counts: Vec<[&Value; 2]> = old["items"].as_array().unwrap().iter().map(|one| [&one["pupils"], &one["moved_on"]]).collect();
        assert_eq!(counts, [[&json!(0), &json!(2)], [&json!(0), &json!(1)]], "a class of a past year still has its pupils");
        let listed = app.get(&format!("/api/people?class={}", ten["id"].as_str().unwrap()), &admin).await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        let graduate = app.get(&format!("/api/people/{}", ids[2]), &admin).await.expect(200).json();
        assert_eq!(graduate["state"], "left");
    }
}

use std::collections::BTreeMap;

use identity::people::Gender;
use kernel::{OrganisationKind, Role};
use serde::Deserialize;
use serde_json::Value;

use crate::curriculum::BothLanguages;
use crate::lessons::LessonMeta;

/// `school.json`.
#[derive(Debug, Deserialize)]
pub(super) struct School {
    pub password: String,
    pub organisations: Vec<Node>,
    #[serde(default)]
    pub school_years: Vec<Year>,
    #[serde(default)]
    pub class_groups: Vec<Class>,
    pub people: Vec<Somebody>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Node {
    pub code: String,
    pub parent: Option<String>,
    pub kind: OrganisationKind,
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Year {
    pub organisation: String,
    pub name: String,
    pub starts_on: String,
    pub ends_on: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Class {
    pub organisation: String,
    pub year: String,
    pub name: String,
    pub grade: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Somebody {
    pub username: String,
    pub display_name: String,
    pub email: Option<String>,
    pub code: Option<String>,
    pub birth_date: Option<String>,
    pub gender: Option<Gender>,
    pub phone: Option<String>,
    pub guardians: Option<String>,
    pub roles: Vec<Held>,
    pub class_group: Option<InClass>,
    pub demo_account: Option<BothLanguages>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Held {
    pub role: Role,
    pub organisation: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct InClass {
    pub organisation: String,
    pub year: String,
    pub name: String,
}

/// `lessons/*.json`.
#[derive(Debug, Deserialize)]
pub(super) struct DemoLesson {
    pub external_id: String,
    pub organisation_code: String,
    pub author_username: String,
    pub meta: Value,
    pub doc: Value,
    #[serde(default)]
    pub assets: Vec<DemoFile>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoFile {
    pub name: String,
    pub file: String,
    pub filename: String,
    #[serde(default)]
    pub captions: Vec<DemoCaption>,
    pub chapters: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoCaption {
    pub language: String,
    pub label: String,
    pub file: String,
}

impl DemoLesson {
    /// Meta and text with the ids that the files were given.
    pub(super) fn placed(&self, ids: &BTreeMap<String, String>) -> Result<(LessonMeta, Value), serde_json::Error> {
        Ok((serde_json::from_value(replaced(&self.meta, ids))?, replaced(&self.doc, ids)))
    }
}

/// `asset:NAME` becomes the id of the file of that name.
fn replaced(value: &Value, ids: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => {
            text.strip_prefix("asset:").and_then(|name| ids.get(name)).map_or_else(|| value.clone(), |id| Value::String(id.clone()))
        }
        Value::Array(list) => list.iter().map(|item| replaced(item, ids)).collect(),
        Value::Object(map) => map.iter().map(|(key, item)| (key.clone(), replaced(item, ids))).collect(),
        other => other.clone(),
    }
}

/// The accounts a visitor may try.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// Of all of them.
    pub password: String,
    /// Who.
    pub accounts: Vec<DemoAccount>,
}

/// An account a visitor may try.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// To sign in with.
    pub username: String,
    /// Her name.
    pub display_name: String,
    /// Who she is.
    pub description: BothLanguages,
}

impl School {
    pub(super) fn accounts(&self) -> Accounts {
        let account = |person: &Somebody| {
            let description = person.demo_account.clone()?;
            Some(DemoAccount { username: person.username.clone(), display_name: person.display_name.clone(), description })
        };
        Accounts { password: self.password.clone(), accounts: self.people.iter().filter_map(account).collect() }
    }
}

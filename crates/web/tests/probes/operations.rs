//! The operations of the OpenAPI description, and plausible requests to them.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Map, Value, json};

use crate::support::{Reply, TestApp};

/// An operation as described.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: String,
    pub path: String,
    description: Value,
}

/// Values for names of parameters and properties, and for `{id}` by the path before it.
pub type Values = BTreeMap<&'static str, Value>;

fn spec() -> Value {
    serde_json::to_value(web::openapi()).unwrap()
}

/// All of them.
pub fn all() -> Vec<Operation> {
    let spec = spec();
    let mut found = Vec::new();
    for (path, methods) in spec["paths"].as_object().unwrap() {
        for (method, description) in methods.as_object().unwrap() {
            if matches!(method.as_str(), "get" | "post" | "put" | "patch" | "delete" | "head" | "options") {
                found.push(Operation { method: method.to_uppercase(), path: path.clone(), description: description.clone() });
            }
        }
    }
    found
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Operation {
    /// Path and query with values filled in.
    pub fn address(&self, values: &Values) -> String {
        let mut path = String::new();
        for part in self.path.split('/').skip(1) {
            path.push('/');
            match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                None => path.push_str(part),
                Some(name) => {
                    let by_path = values.iter().find(|(key, _)| **key == format!("{path}{{{name}}}"));
                    let value = by_path.map(|(_, value)| value).or_else(|| values.get(name));
                    path.push_str(&value.map_or_else(|| "01900000-0000-7000-8000-000000000000".to_owned(), text));
                }
            }
        }
        let parameters = self.description["parameters"].as_array().cloned().unwrap_or_default();
        let mut separator = '?';
        for parameter in parameters.iter().filter(|one| one["in"] == "query" && one["required"] == true) {
            let name = parameter["name"].as_str().unwrap();
            let value = values.get(name).map_or_else(|| "x".to_owned(), text);
            path.push_str(&format!("{separator}{name}={value}"));
            separator = '&';
        }
        path
    }

    /// The names of its query parameters.
    pub fn query_names(&self) -> Vec<String> {
        let parameters = self.description["parameters"].as_array().cloned().unwrap_or_default();
        parameters.iter().filter(|one| one["in"] == "query").map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The schema of its JSON body, if it takes one.
    pub fn body_schema(&self) -> Option<Value> {
        Some(self.description["requestBody"]["content"]["application/json"]["schema"].clone()).filter(|schema| !schema.is_null())
    }

    /// A body with every required property, and others there are values for.
    pub fn body(&self, values: &Values) -> Value {
        self.body_schema().map_or(Value::Null, |schema| sample(&spec(), &schema, "", values, 0))
    }

    pub async fn send(&self, app: &TestApp, address: &str, cookie: &str, body: Option<(&str, Vec<u8>)>) -> Option<Reply> {
        let mut request =
            Request::builder().method(Method::from_bytes(self.method.as_bytes()).unwrap()).uri(address).header(header::HOST, "lopmo.test");
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, cookie);
        }
        let body = match body {
            Some((kind, bytes)) => {
                request = request.header(header::CONTENT_TYPE, kind);
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        Some(app.send(request.body(body).ok()?).await)
    }
}

/// A value of a schema: what `values` has under the property's name, else the simplest there is.
fn sample(spec: &Value, schema: &Value, name: &str, values: &Values, depth: usize) -> Value {
    if let Some(value) = values.get(name) {
        return value.clone();
    }
    if depth > 8 {
        return Value::Null;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = spec.pointer(reference.trim_start_matches('#')).unwrap();
        return sample(spec, target, name, values, depth + 1);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
        return first.clone();
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema[choice].as_array() {
            let option = options.iter().find(|one| one["type"] != "null").unwrap();
            return sample(spec, option, name, values, depth + 1);
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].as_array().and_then(|kinds| kinds.first()?.as_str())).unwrap_or("object");
    match kind {
        "string" if schema["format"] == "uuid" => json!("01900000-0000-7000-8000-000000000000"),
        "string" => json!("Văn bản thử"),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        "array" => json!([]),
        _ => {
            let mut made = Map::new();
            for required in schema["required"].as_array().cloned().unwrap_or_default() {
                let property = required.as_str().unwrap();
                made.insert(property.to_owned(), sample(spec, &schema["properties"][property], property, values, depth + 1));
            }
            // What is optional is filled in where there is a value to fill in.
            for property in schema["properties"].as_object().into_iter().flat_map(|all| all.keys()) {
                if let Some(value) = values.get(property.as_str()) {
                    made.insert(property.clone(), value.clone());
                }
            }
            Value::Object(made)
        }
    }
}

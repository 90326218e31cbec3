//! The description of the API in the tree is the one of the code: the frontend makes its client from it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[test]
fn the_description_in_the_tree_is_up_to_date() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/openapi.json");
    let made = format!("{}\n", web::openapi().to_pretty_json().unwrap());
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(file, &made).unwrap();
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert!(kept == made, "frontend/openapi.json differs: run UPDATE_OPENAPI=1 cargo test -p web --test openapi");
}

#[test]
fn every_parameter_said_to_be_in_the_path_is_there() {
    let description = serde_json::to_value(web::openapi()).unwrap();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                assert!(parameter["in"] != "path" || path.contains(&format!("{{{name}}}")), "{method} {path}: {name}");
            }
        }
    }
}

#[test]
fn everything_the_description_refers_to_is_in_it() {
    let description = serde_json::to_value(web::openapi()).unwrap();
    let text = description.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(description["components"]["schemas"].get(name).is_some(), "{name} is not described");
    }
}

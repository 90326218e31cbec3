//! The description of the API in the tree is the one of the code: the frontend makes its client from it.

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

//! The commands, as an operator types them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use support::{Ground, text};

#[test]
fn commands_answer_the_same_with_and_without_a_running_server() {
    let ground = Ground::new();
    let made = ground.run(&["admin", "create-administrator", "tuyet", "--name", "Đặng Thị Ánh Tuyết"]);
    assert!(made.status.success(), "{}", text(&made));
    let alone = ground.run(&["admin", "list-organisations"]);
    let server = ground.serve();
    let with_server = ground.run(&["admin", "list-organisations"]);
    assert!(alone.status.success() && with_server.status.success(), "{}{}", text(&alone), text(&with_server));
    assert_eq!(text(&alone), text(&with_server));
    let link = ground.run(&["admin", "reset-password", "tuyet"]);
    assert!(text(&link).contains("/password/"), "{}", text(&link));
    let nobody = ground.run(&["admin", "reset-password", "nobody"]);
    assert!(!nobody.status.success());
    assert!(server.stop());
}

#[test]
fn the_first_start_prints_a_link_and_later_ones_do_not() {
    let ground = Ground::new();
    let server = ground.serve();
    assert!(server.lines.iter().any(|line| line.contains("/setup?token=")), "{:?}", server.lines);
    assert!(server.stop());
    assert!(ground.run(&["admin", "create-administrator", "tuyet", "--name", "Đặng Thị Ánh Tuyết"]).status.success());
    let server = ground.serve();
    assert!(!server.lines.iter().any(|line| line.contains("/setup?token=")), "{:?}", server.lines);
}

#[test]
fn doctor_is_content_with_the_defaults_and_names_what_is_wrong() {
    let ground = Ground::new();
    let output = ground.run(&["doctor"]);
    assert!(output.status.success(), "{}", text(&output));
    let output = ground.with("LOPMO_DATABASE__URL", "postgres://nobody@127.0.0.1:1/nothing").run(&["doctor"]);
    assert!(!output.status.success());
    assert!(text(&output).contains("BAD") && text(&output).contains("127.0.0.1"), "{}", text(&output));
}

#[test]
fn a_misspelt_setting_stops_every_command_and_is_named() {
    let ground = Ground::new().with("LOPMO_STORAGE__BUKET", "x");
    for command in [&["serve"][..], &["migrate"], &["doctor"], &["admin", "list-organisations"]] {
        let output = ground.run(command);
        assert!(!output.status.success());
        assert!(text(&output).contains("LOPMO_STORAGE__BUKET"), "{}", text(&output));
    }
}

#[test]
fn the_openapi_description_is_printed_as_json() {
    let output = Ground::new().run(&["openapi"]);
    let description: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(description["paths"]["/api/session"].is_object());
}

#[test]
fn an_empty_file_to_import_is_judged_the_same_with_and_without_a_running_server() {
    let ground = Ground::new();
    assert!(ground.run(&["admin", "create-administrator", "tuyet", "--name", "Đặng Thị Ánh Tuyết"]).status.success());
    let empty = tempfile::NamedTempFile::new().unwrap();
    let import = ["library", "import", empty.path().to_str().unwrap(), "--org", "KHONG"];
    let alone = ground.run(&import);
    let server = ground.serve();
    let with_server = ground.run(&import);
    assert!(!alone.status.success() && !with_server.status.success());
    assert!(text(&alone).contains("KHONG"), "{}", text(&alone));
    assert_eq!(text(&alone), text(&with_server));
    assert!(server.stop());
}

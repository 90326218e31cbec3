//! `lopmo questions convert`, as a teacher's script calls it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const GIFT: &str = "::Tên::Chọn $x^2$ {=a ~b}\n\nĐúng không? {T}\n\nTính {#3.14:0.01}\n\nGhép {=a -> x =b -> y}\n\nViết {}";
/// A picture of one dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// A folder of files, and the program in it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn convert(&self, arguments: &[&str]) -> Output {
        // Nothing of the server is there: no data folder, no configuration, no home.
        Command::new(env!("CARGO_BIN_EXE_lopmo"))
            .args(["questions", "convert"])
            .args(arguments)
            .env_clear()
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.0.path().join(name)).unwrap()).unwrap()
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {}", said(output)))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A JSON of ours with a picture in its stem.
fn with_picture() -> String {
    let stem = r#"{"html":"<p>Xem <img data-media=\"img1\"> và <span data-math=\"x^2\"></span></p>"}"#;
    let options = r#"[{"label":"A","content":{"text":"một"},"correct":true},{"label":"B","content":{"text":"hai"},"correct":false}]"#;
    format!(
        r#"{{"schema":"lopmo.questions/1","questions":[{{"address":{{"number":1}},"type":"single_choice","stem":{stem},"options":{options}}}],"media":[{{"id":"img1","file":"img1.png","mime":"image/png","bytes":67}}]}}"#
    )
}

#[test]
fn a_file_becomes_json_with_every_field_of_the_interchange() {
    let desk = Desk::new();
    desk.put("đề thi.gift", GIFT);
    let output = desk.convert(&["đề thi.gift"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(said(&output), "");
    let paper = printed(&output);
    assert_eq!(paper["schema"], "lopmo.questions/1");
    let kinds: Vec<&str> = paper["questions"].as_array().unwrap().iter().map(|question| question["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["single_choice", "true_false", "numeric", "matching", "essay"]);
    for question in paper["questions"].as_array().unwrap() {
        for field in
            ["address", "type", "stem", "options", "statements", "answers", "key", "level", "explanation", "passage", "points", "tags"]
        {
            assert!(question.get(field).is_some(), "{field} is not in {question}");
        }
    }
    assert_eq!(paper["questions"][0]["stem"]["text"], "Chọn $x^2$");
    assert_eq!(paper["questions"][0]["options"][0]["credit"], "1");
    assert_eq!(paper["questions"][1]["statements"][0]["content"]["text"], "");
    assert_eq!(paper["questions"][4]["key"], "none");
    for field in ["passages", "media", "report"] {
        assert!(paper[field].is_array(), "{field}");
    }
}

#[test]
fn wrong_usage_is_64_and_names_what_is_wrong() {
    let desk = Desk::new();
    desk.put("a.gift", GIFT);
    for arguments in [&[][..], &["a.gift", "--to", "pdf"], &["a.gift", "--from", "doc"], &["a.gift", "--wrong"], &["a.gift", "b.gift"]] {
        let output = desk.convert(arguments);
        assert_eq!(code(&output), 64, "{arguments:?}");
        assert!(!said(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(code(&desk.convert(&["--help"])), 0);
}

#[test]
fn pictures_go_beside_the_json_and_come_from_there() {
    let desk = Desk::new();
    desk.put("a.json", with_picture());
    desk.put("a.json.media/img1.png", PNG);
    for (format, name) in [("docx", "b.docx"), ("moodle-xml", "b.xml"), ("qti3", "b.zip")] {
        let output = desk.convert(&["a.json", "--to", format, "-o", name]);
        assert_eq!(code(&output), 0, "{format}: {}", said(&output));
        let json = format!("{name}.json");
        let output = desk.convert(&[name, "-o", &json]);
        assert_eq!(code(&output), 0, "{format}: {}", said(&output));
        let paper = desk.json(&json);
        assert_eq!(paper["media"][0]["bytes"], PNG.len());
        assert!(paper["questions"][0]["stem"]["text"].as_str().unwrap().contains("[image:img1]"), "{paper}");
        assert!(paper["questions"][0]["stem"]["html"].as_str().unwrap().contains("data-math=\"x^"), "{paper}");
        let file = desk.0.path().join(format!("{json}.media")).join(paper["media"][0]["file"].as_str().unwrap());
        assert_eq!(std::fs::read(file).unwrap(), PNG);
    }
    let output = desk.convert(&["b.docx"]);
    let paper = printed(&output);
    let entry = paper["report"].as_array().unwrap().iter().find(|entry| entry["code"] == "media-left-out");
    assert!(entry.is_some(), "{paper}");
}

#[test]
fn pictures_that_are_not_beside_the_json_are_told() {
    let desk = Desk::new();
    desk.put("a.json", with_picture());
    // A link out of the folder is not followed.
    let secret = desk.put("secret.png", PNG);
    std::fs::create_dir(desk.0.path().join("a.json.media")).unwrap();
    std::os::unix::fs::symlink(secret, desk.0.path().join("a.json.media/img1.png")).unwrap();
    let output = desk.convert(&["a.json"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(printed(&output)["report"][0]["code"], "missing-media");
    assert_eq!(printed(&output)["report"][0]["address"]["number"], 1);
}

#[test]
fn what_a_format_cannot_hold_ends_with_2_and_is_said() {
    let desk = Desk::new();
    desk.put("a.json", r#"{"schema":"lopmo.questions/1","questions":[{"type":"ordering","address":{"number":7},"stem":{"text":"Xếp"},"items":[{"text":"a"},{"text":"b"}]},{"type":"essay","stem":{"text":"Viết"}}]}"#);
    let output = desk.convert(&["a.json", "--to", "gift", "-o", "b.gift"]);
    assert_eq!(code(&output), 2, "{}", said(&output));
    assert!(said(&output).contains("error [unsupported-type] (câu 7)"), "{}", said(&output));
    assert!(std::fs::read_to_string(desk.0.path().join("b.gift")).unwrap().contains("Viết"), "the rest is written");
    desk.put("c.gift", "Tốt {=a ~b}\n\nHỏng {=a ~");
    let output = desk.convert(&["c.gift", "-o", "c.json"]);
    assert!([0, 2].contains(&code(&output)), "{}", said(&output));
    assert!(!desk.json("c.json")["report"].as_array().unwrap().is_empty(), "a question that fell apart is told");
}

#[test]
fn files_that_hold_nothing_get_one_sentence_and_1() {
    let desk = Desk::new();
    let lock = [&[4][..], b"Minh", &[0; 157]].concat();
    let xml = |inside: &str| {
        format!(
            "<?xml version=\"1.0\"?><!DOCTYPE quiz [{inside}]><quiz><question type=\"essay\"><questiontext><text>&a;</text></questiontext></question></quiz>"
        )
    };
    let bomb = format!("<!ENTITY a \"{}\">", "x".repeat(100)) + "<!ENTITY b \"&a;&a;&a;&a;\">";
    for (name, content) in [
        ("rỗng.docx", Vec::new()),
        ("~$de.docx", lock),
        ("hình.docx", PNG.to_vec()),
        ("thư.txt", "chỉ là một lá thư".as_bytes().to_vec()),
        ("trống.gift", "// không có câu nào\n".as_bytes().to_vec()),
        ("hỏng.json", b"{\"schema\": \"lopmo.questions/1\", ".to_vec()),
        ("hỏng.docx", b"PK\x03\x04 broken".to_vec()),
        ("xxe.xml", xml("<!ENTITY a SYSTEM \"file:///etc/passwd\">").into_bytes()),
        ("bom.xml", xml(&bomb).into_bytes()),
        ("hỏng.xml", "<quiz><question type=\"essay\">".as_bytes().to_vec()),
        ("a.rtf", b"{\\rtf1 x}".to_vec()),
    ] {
        desk.put(name, content);
        let output = desk.convert(&[name, "-o", "out.json"]);
        assert_eq!(code(&output), 1, "{name}: {}", said(&output));
        let said = said(&output);
        assert_eq!(said.trim().lines().count(), 1, "{name}: {said}");
        assert!(said.contains(name), "{name}: {said}");
        assert!(!said.contains("panicked") && !said.contains("root:"), "{name}: {said}");
        assert!(!desk.0.path().join("out.json").exists(), "{name}");
    }
    for missing in ["không-có.docx", "."] {
        assert_eq!(code(&desk.convert(&[missing])), 1);
    }
    let large = std::fs::File::create(desk.0.path().join("lớn.docx")).unwrap();
    large.set_len((100 << 20) + 1).unwrap();
    let output = desk.convert(&["lớn.docx"]);
    assert_eq!((code(&output), said(&output).contains("100 MB")), (1, true), "{}", said(&output));
}

#[test]
fn a_wrong_name_does_not_matter_and_a_wrong_format_is_said() {
    let desk = Desk::new();
    desk.put("a.gift", GIFT);
    assert_eq!(code(&desk.convert(&["a.gift", "--to", "docx", "-o", "b.docx"])), 0);
    std::fs::copy(desk.0.path().join("b.docx"), desk.0.path().join("b.pdf")).unwrap();
    assert_eq!(printed(&desk.convert(&["b.pdf"]))["questions"].as_array().unwrap().len(), 5);
    let output = desk.convert(&["b.pdf", "--from", "xlsx"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
}

#[test]
fn old_encodings_of_text_are_read() {
    let desk = Desk::new();
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("Hà Nội? {=có ~không}".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    desk.put("a.gift", wide);
    assert_eq!(printed(&desk.convert(&["a.gift"]))["questions"][0]["stem"]["text"], "Hà Nội?");
    desk.put("b.gift", b"caf\xe9? {=oui ~non}");
    assert_eq!(printed(&desk.convert(&["b.gift"]))["questions"][0]["stem"]["text"], "café?");
}

#[test]
fn the_report_of_a_writer_goes_to_standard_error_and_the_file_to_standard_output() {
    let desk = Desk::new();
    desk.put("a.gift", GIFT);
    let output = desk.convert(&["a.gift", "--to", "docx"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(output.stdout.starts_with(b"PK"));
    assert!(said(&output).contains("warning [docx-type]"), "{}", said(&output));
}

/// Samples that are no part of the project.
fn samples(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new("/work/shared/samples").join(kind);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

#[test]
fn gift_samples_come_through_the_command_as_their_reader_reads_them() {
    let desk = Desk::new();
    for path in samples("questions/gift").iter().filter(|path| path.extension().is_some_and(|extension| extension == "gift")) {
        let bytes = std::fs::read(path).unwrap();
        let output = desk.convert(&[path.to_str().unwrap()]);
        match papers::gift::read(&bytes) {
            Ok(paper) => {
                let written = papers::ours::write(&paper).unwrap();
                assert_eq!(String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&written.bytes), "{}", path.display());
            }
            Err(_) => assert_eq!(code(&output), 1, "{}", path.display()),
        }
    }
}

#[test]
fn dangerous_samples_are_refused_in_one_sentence() {
    let desk = Desk::new();
    for path in samples("security/zips") {
        let output = desk.convert(&[path.to_str().unwrap()]);
        let is_read = path.ends_with("docx_external_image_ssrf.docx");
        assert_eq!(code(&output), i32::from(!is_read), "{}: {}", path.display(), said(&output));
        assert!(said(&output).lines().count() <= 1, "{}", said(&output));
    }
}

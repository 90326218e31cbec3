//! JSON lines of the library import.

use std::io::BufReader;

use exchange::library_lines::{LibraryLines, LineProblemCode, MAX_LINE, canonical_language, parse_line};
use proptest::prelude::*;

#[test]
fn a_bad_line_is_reported_and_the_rest_goes_in() {
    let huge = format!("{{\"external_id\":\"h\",\"title\":\"{}\"}}", "x".repeat(MAX_LINE));
    let text = format!(
        "\u{feff}{{\"external_id\":\"a\",\"title\":\"Phân số\",\"text\":\"Một nửa\",\"subject\":\"toan\",\"grade\":6,\"language\":\"vi\",\"licence\":\"cc-by-sa-4.0\",\"tags\":[\"số\",\"số\"]}}\r\n\n{{bad\n{huge}\n{{\"external_id\":7,\"title\":\"B\"}}"
    );
    let found: Vec<_> = LibraryLines::new(BufReader::with_capacity(1000, text.as_bytes())).collect();
    assert_eq!(found.len(), 4);
    let first = found[0].as_ref().unwrap();
    assert_eq!(first.line, 1);
    assert_eq!(first.item.licence.as_deref(), Some("CC-BY-SA-4.0"));
    assert_eq!(first.item.tags, ["số"]);
    let bad = found[1].as_ref().unwrap_err();
    assert_eq!((bad.line, bad.code), (3, LineProblemCode::NotJson));
    let long = found[2].as_ref().unwrap_err();
    assert_eq!((long.line, long.code), (4, LineProblemCode::TooLong));
    let last = found[3].as_ref().unwrap();
    assert_eq!((last.line, last.item.external_id.as_str()), (5, "7"));
    assert_eq!(last.item.language, "vi");
}

#[test]
fn each_field_is_checked() {
    let table = [
        (r#"[]"#, "not-json"),
        (r#"{"title":"x"}"#, "missing-field"),
        (r#"{"external_id":"a","title":"  "}"#, "missing-field"),
        (r#"{"external_id":"a","title":5}"#, "bad-field"),
        (r#"{"external_id":"a","title":"x","text":[]}"#, "bad-field"),
        (r#"{"external_id":"a","title":"x","grade":13}"#, "bad-grade"),
        (r#"{"external_id":"a","title":"x","grade":"6"}"#, "bad-grade"),
        (r#"{"external_id":"a","title":"x","grade":1.5}"#, "bad-grade"),
        (r#"{"external_id":"a","title":"x","licence":"MIT"}"#, "bad-licence"),
        (r#"{"external_id":"a","title":"x","language":"tiếng việt"}"#, "bad-language"),
        (r#"{"external_id":"a","title":"x","subject":"a b"}"#, "bad-field"),
        (r#"{"external_id":"a","title":"x","tags":"y"}"#, "bad-field"),
    ];
    for (line, code) in table {
        assert_eq!(parse_line(9, line).unwrap_err().code.as_str(), code, "{line}");
    }
    assert_eq!(parse_line(9, "{").unwrap_err().line, 9);
}

#[test]
fn language_tags_come_in_their_usual_case() {
    let table = [
        ("VI", Some("vi")),
        ("en-us", Some("en-US")),
        ("zh-hant-tw", Some("zh-Hant-TW")),
        ("de-1996", Some("de-1996")),
        ("en-u-CA-gregory", Some("en-u-ca-gregory")),
        ("", None),
        ("v", None),
        ("vi-", None),
        ("vi_VN", None),
        ("en-u", None),
    ];
    for (tag, expected) in table {
        assert_eq!(canonical_language(tag).as_deref(), expected, "{tag}");
    }
}

proptest! {
    #[test]
    fn every_line_gives_one_answer(lines in proptest::collection::vec("(\\{\"external_id\":\"a\",\"title\":\"t\"\\}|x|\\[\\]|\"|\\PC{0,10})", 0..20)) {
        let text = lines.join("\n");
        let filled = lines.iter().filter(|line| !line.trim().is_empty()).count();
        prop_assert_eq!(LibraryLines::new(text.as_bytes()).count(), filled);
    }
}

//! Texts of lessons: whatever is sent, only what the tree can say is kept.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use content::doc::{is_safe_link, read};
use proptest::prelude::*;
use serde_json::{Value, json};

fn paragraph(content: Value) -> Value {
    json!({ "type": "doc", "content": [{ "type": "paragraph", "content": content }] })
}

#[test]
fn scripts_styles_and_handlers_are_dropped_and_named() {
    let hostile = json!({ "type": "doc", "onload": "x()", "content": [
        { "type": "script", "content": [{ "type": "text", "text": "alert(1)" }] },
        { "type": "html", "attrs": { "html": "<img src=x onerror=alert(1)>" } },
        { "type": "paragraph", "attrs": { "style": "position:fixed", "onclick": "x()" }, "content": [
            { "type": "text", "text": "chữ", "marks": [{ "type": "bold" }, { "type": "textStyle", "attrs": { "color": "red" } },
                { "type": "link", "attrs": { "href": "javascript:alert(1)" } }] },
        ] },
        { "type": "iframe", "attrs": { "src": "https://evil.example" } },
        { "type": "image", "attrs": { "src": "x", "onerror": "alert(1)" } },
        { "type": "codeBlock", "attrs": { "language": "\"><script>" }, "content": [{ "type": "text", "text": "<b>" }] },
        { "type": "mathInline", "attrs": { "latex": "\\h\\hrefref{javascript:alert(1)}{x}" } },
    ] });
    let read = read(&hostile).unwrap();
    let kept = read.doc.to_json().to_string();
    for bad in ["\"script\"", "<img", "onclick", "style", "iframe", "evil", "\"href\"", "textStyle", "\\\\href"] {
        assert!(!kept.contains(bad), "{bad} in {kept}");
    }
    assert!(kept.contains("chữ"));
    for named in ["script", "html", "iframe", "mark:textStyle", "link:javascript", "paragraph.onclick", "paragraph.style", "image.asset"] {
        assert!(read.dropped.iter().any(|name| name == named), "{named} in {:?}", read.dropped);
    }
}

#[test]
fn links_lead_to_the_web_to_mail_or_to_this_server() {
    for good in [
        "https://vi.wikipedia.org/wiki/A",
        "http://a.vn",
        "mailto:co@truong.vn",
        "/lessons/1",
        "#muc",
        "?q=1",
        "trang-2",
        "HTTPS://A.VN/?a=b:c",
    ] {
        assert!(is_safe_link(good), "{good}");
    }
    for bad in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "\u{1}javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil",
        "https:evil",
        "https:///evil",
        "file:///etc/passwd",
        "blob:x",
        "",
        "mailto:nobody",
        "a\u{200b}:b",
    ] {
        assert!(!is_safe_link(bad), "{bad}");
    }
}

#[test]
fn what_was_kept_reads_back_the_same() {
    let text = json!({ "type": "doc", "content": [
        { "type": "heading", "attrs": { "level": 3 }, "content": [{ "type": "text", "text": "Phản ứng" }] },
        { "type": "paragraph", "content": [{ "type": "text", "text": "Nước: " }, { "type": "mathInline", "attrs": { "latex": "\\ce{H2O}" } }, { "type": "hardBreak" }] },
        { "type": "orderedList", "attrs": { "start": 3 }, "content": [{ "type": "listItem", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "ba" }] }] }] },
        { "type": "table", "content": [{ "type": "tableRow", "content": [{ "type": "tableHeader", "attrs": { "colspan": 2, "rowspan": 1 }, "content": [{ "type": "paragraph" }] }] }] },
        { "type": "callout", "attrs": { "kind": "warning" }, "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "Cẩn thận", "marks": [{ "type": "link", "attrs": { "href": "https://a.vn" } }] }] }] },
        { "type": "mathBlock", "attrs": { "latex": "E = mc^2" } },
    ] });
    let once = read(&text).unwrap();
    assert_eq!(once.dropped, Vec::<String>::new());
    assert_eq!(once.doc.to_json(), text);
    assert_eq!(once.doc.lines(), ["Phản ứng", "Nước: H₂O\n", "ba", "Cẩn thận", "E = mc²"]);
}

#[test]
fn a_text_beyond_the_limits_is_refused_and_depth_is_cut() {
    assert!(read(&paragraph(json!([{ "type": "text", "text": "a".repeat(1_100_000) }]))).is_err());
    assert!(read(&json!({ "type": "doc", "content": vec![json!({ "type": "horizontalRule" }); 60_000] })).is_err());
    assert!(read(&json!([])).is_err());
    let mut deep = json!({ "type": "paragraph", "content": [{ "type": "text", "text": "đáy" }] });
    for _ in 0..60 {
        deep = json!({ "type": "blockquote", "content": [deep] });
    }
    let read = read(&json!({ "type": "doc", "content": [deep] })).unwrap();
    assert_eq!(read.dropped, ["too-deep"]);
}

#[test]
fn text_typed_apart_is_stored_composed() {
    let read = read(&paragraph(json!([{ "type": "text", "text": "Toa\u{301}n\u{0} \u{7}ho\u{323}c" }]))).unwrap();
    assert_eq!(read.doc.plain_text(), "Toán học");
}

fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("paragraph"),
        Just("text"),
        Just("doc"),
        Just("image"),
        Just("table"),
        Just("tableRow"),
        Just("tableCell"),
        Just("listItem"),
        Just("bulletList"),
        Just("link"),
        Just("mathInline"),
        Just("script"),
        Just("javascript:x"),
        Just("codeBlock"),
        Just("heading"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        word.clone().prop_map(Value::from)
    ];
    leaf.prop_recursive(6, 80, 6, move |inner| {
        let node = (word.clone(), prop::collection::vec(inner.clone(), 0..5), inner.clone(), inner.clone())
            .prop_map(|(kind, content, text, attrs)| json!({ "type": kind, "content": content, "text": text, "marks": [attrs.clone()], "attrs": { "href": text, "latex": attrs, "asset": text, "level": attrs } }));
        prop_oneof![prop::collection::vec(inner, 0..5).prop_map(Value::from), node]
    })
}

proptest! {
    #[test]
    fn whatever_is_sent_what_is_kept_needs_no_more_cleaning(content in prop::collection::vec(any_json(), 0..6)) {
        let once = read(&json!({ "type": "doc", "content": content })).unwrap();
        let kept = once.doc.to_json();
        let twice = read(&kept).unwrap();
        prop_assert_eq!(&twice.dropped, &Vec::<String>::new());
        prop_assert_eq!(twice.doc.to_json(), kept);
    }
}

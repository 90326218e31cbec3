//! Text of documents, and documents that attack.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

use std::io::{Cursor, Write};
use std::path::PathBuf;

use exchange::kind::{FileKind, sniff};
use exchange::text::extract;
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn samples() -> PathBuf {
    std::env::var_os("LOPMO_SAMPLES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"), PathBuf::from)
}

fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn word(body: &str) -> Vec<u8> {
    archive(&[(
        "word/document.xml",
        &format!(r#"<?xml version="1.0"?><w:document xmlns:w="w" xmlns:mc="mc"><w:body>{body}</w:body></w:document>"#),
    )])
}

#[test]
fn word_gives_what_a_reader_sees() {
    let body = r#"
        <w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Phân </w:t></w:r><w:r><w:t xml:space="preserve">số &amp; tỉ</w:t></w:r></w:p>
        <w:p><w:del><w:r><w:delText>xoá</w:delText></w:r></w:del><w:ins><w:r><w:t>thêm</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>cũ</w:t></w:r></w:moveFrom></w:p>
        <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>hiện</w:t></w:r></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>B</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
        <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Hộp</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>Hộp</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>
        <w:p><w:r><w:instrText>HYPERLINK "http://x"</w:instrText></w:r></w:p>"#;
    let body = format!(r#"<w:document xmlns:w="w" xmlns:mc="mc"><w:body>{body}</w:body></w:document>"#);
    let bytes = archive(&[
        ("word/document.xml", &body),
        ("word/header1.xml", r#"<w:hdr xmlns:w="w"><w:p><w:r><w:t>Đầu trang</w:t></w:r></w:p></w:hdr>"#),
        ("word/footnotes.xml", r#"<w:f xmlns:w="w"><w:p><w:r><w:t>Chú thích</w:t></w:r></w:p></w:f>"#),
        ("word/comments.xml", r#"<w:c xmlns:w="w"><w:p><w:r><w:t>Nhận xét</w:t></w:r></w:p></w:c>"#),
    ]);
    assert_eq!(sniff(&bytes), FileKind::Docx);
    let text = extract(&bytes).unwrap();
    assert_eq!(text.sections, ["Phân số & tỉ\nthêm\nhiện\nA\tB\nHộp", "Chú thích\nĐầu trang"]);
}

#[test]
fn slides_come_in_the_order_of_the_show_with_their_notes() {
    let slide = |text: &str| {
        format!(r#"<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{text}</a:t></a:r></a:p><a:p><a:fld><a:t>7</a:t></a:fld></a:p></p:sld>"#)
    };
    let bytes = archive(&[
        (
            "ppt/presentation.xml",
            r#"<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="257" r:id="rId1"/></p:sldIdLst></p:presentation>"#,
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            r#"<Relationships><Relationship Id="rId1" Type="t/slide" Target="slides/slide1.xml"/><Relationship Id="rId2" Type="t/slide" Target="/ppt/slides/slide2.xml"/></Relationships>"#,
        ),
        ("ppt/slides/slide1.xml", &slide("Một")),
        ("ppt/slides/slide2.xml", &slide("Hai")),
        (
            "ppt/slides/_rels/slide2.xml.rels",
            r#"<Relationships><Relationship Id="x" Type="t/notesSlide" Target="../notesSlides/n.xml"/></Relationships>"#,
        ),
        ("ppt/notesSlides/n.xml", &slide("Ghi chú")),
    ]);
    assert_eq!(extract(&bytes).unwrap().sections, ["Hai\nGhi chú", "Một"]);
}

fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids: Vec<Object> = Vec::new();
    for text in pages {
        let content = Content {
            operations: vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 12.into()]),
                Operation::new("Td", vec![100.into(), 600.into()]),
                Operation::new("Tj", vec![Object::string_literal(*text)]),
                Operation::new("ET", vec![]),
            ],
        };
        let content = document.add_object(Stream::new(dictionary! {}, content.encode().unwrap()));
        let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => tree, "Contents" => content });
        kids.push(page.into());
    }
    let count = i64::try_from(kids.len()).unwrap();
    document.objects.insert(
        tree,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

#[test]
fn pages_of_a_pdf_come_in_order() {
    let bytes = pdf(&["Trang mot", "Trang hai"]);
    assert_eq!(sniff(&bytes), FileKind::Pdf);
    assert_eq!(extract(&bytes).unwrap().sections, ["Trang mot", "Trang hai"]);
    for cut in [bytes.len() / 2, bytes.len() - 20] {
        let _ = extract(&bytes[..cut]);
    }
}

#[test]
fn attacks_end_in_an_error() {
    let doctype = archive(&[("word/document.xml", r#"<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document>&a;</w:document>"#)]);
    assert_eq!(extract(&doctype).unwrap_err().code(), "hostile");
    let deep = word(&"<w:p>".repeat(100_000));
    assert_eq!(extract(&deep).unwrap_err().code(), "hostile");
    let bomb = word(&" ".repeat(70 << 20));
    assert_eq!(extract(&bomb).unwrap_err().code(), "too-large");
    let cut = word("<w:p><w:r><w:t>x");
    let error = extract(&cut).unwrap_err();
    assert_eq!(error.code(), "damaged");
    assert!(error.to_string().contains("word/document.xml"), "{error}");
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.extend([0; 504]);
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(sniff(&locked), FileKind::EncryptedOffice);
    assert_eq!(extract(&locked).unwrap_err().code(), "encrypted");
    assert_eq!(extract(b"").unwrap_err().code(), "unsupported");
}

#[test]
fn sample_attacks_end_in_an_error_or_in_harmless_text() {
    let Ok(files) = std::fs::read_dir(samples().join("security/zips")) else {
        return;
    };
    for file in files.flatten() {
        let bytes = std::fs::read(file.path()).unwrap();
        let name = file.file_name().into_string().unwrap();
        let outcome = extract(&bytes);
        match name.as_str() {
            "docx_billion_laughs.docx" | "docx_xxe.docx" => {
                assert_eq!(outcome.unwrap_err().code(), "hostile", "{name}");
            }
            "docx_external_image_ssrf.docx" => assert!(outcome.is_ok(), "{name}"),
            _ => assert!(outcome.is_err(), "{name}"),
        }
    }
}

#[test]
fn real_papers_are_read() {
    let Ok(files) = std::fs::read_dir(samples().join("questions/word")) else {
        return;
    };
    for file in files.flatten().filter(|file| file.path().extension().is_some_and(|end| end == "docx")) {
        let text = extract(&std::fs::read(file.path()).unwrap()).unwrap().joined();
        assert!(text.contains("Câu 1"), "{:?}", file.path());
    }
}

#[test]
fn kinds_are_told_from_bytes() {
    let table: [(&[u8], FileKind); 14] = [
        (b"", FileKind::Empty),
        (b"\x89PNG\r\n\x1a\n....", FileKind::Png),
        (b"\xff\xd8\xff\xe0", FileKind::Jpeg),
        (b"\0\0\0\x20ftypisom", FileKind::Mp4),
        (b"\x1a\x45\xdf\xa3....", FileKind::Matroska),
        (b"ID3\x04", FileKind::Mp3),
        (b"%PDF-1.4\n", FileKind::Pdf),
        (b"WEBVTT\n\n", FileKind::Vtt),
        (b"1\r\n00:00:01,000 --> 00:00:02,000\r\nA", FileKind::Srt),
        (b"<!DOCTYPE html><html>", FileKind::Html),
        (b"<?xml version=\"1.0\"?><svg xmlns=\"\"/>", FileKind::Svg),
        ("Xin chào".as_bytes(), FileKind::Text),
        (b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", FileKind::Zip),
        (b"\0\x01\x02\x03", FileKind::Unknown),
    ];
    for (bytes, kind) in table {
        assert_eq!(sniff(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = (sniff(&bytes), extract(&bytes));
    }

    #[test]
    fn no_markup_makes_the_word_reader_panic(body in "(<w:p>|</w:p>|<w:t>|</w:t>|<w:del/>|<w:r>|</w:r>|&amp;|&#x0;|&x;|<|>|<!--|ă){0,30}") {
        let _ = extract(&word(&body));
    }

    #[test]
    fn a_scratched_pdf_does_not_panic(at in 0_usize..900, byte in any::<u8>()) {
        let mut bytes = pdf(&["Trang mot"]);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = extract(&bytes);
    }
}

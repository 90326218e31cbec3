//! What is fuzzed: each reader, and the writers with what it read. `crates/papers/tests/corpus.rs` replays the
//! corpus through the same functions.

use std::io::{Cursor, Write as _};

use papers::document::{Document, DocumentBlock, Look, Paragraph, Part};
use papers::{Format, Paper, docx, encodings, format, layout, light, math, metafile, pdf, rich, sheet};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A reader with hostile bytes.
pub type Target = fn(&[u8]);

/// All of them, by name; `fuzz/corpus/NAME` has the beginnings of each.
pub const TARGETS: [(&str, Target); 22] = [
    ("docx", |bytes| read(bytes, Format::Docx)),
    ("docx_body", docx_body),
    ("docx_numbering", docx_numbering),
    ("docx_styles", docx_styles),
    ("xlsx", |bytes| read(bytes, Format::Xlsx)),
    ("xlsx_sheet", xlsx_sheet),
    ("pdf", |bytes| drop(pdf::document(bytes))),
    ("gift", |bytes| read(bytes, Format::Gift)),
    ("aiken", |bytes| read(bytes, Format::Aiken)),
    ("moodle_xml", |bytes| read(bytes, Format::MoodleXml)),
    ("qti", |bytes| read(bytes, Format::Qti)),
    ("qti_package", qti_package),
    ("cc", |bytes| read(bytes, Format::Cc)),
    ("ex_test", |bytes| read(bytes, Format::ExTest)),
    ("json", |bytes| read(bytes, Format::Json)),
    ("recognise", recognise),
    ("mathtype", mathtype),
    ("metafile", |bytes| drop(metafile::to_svg(bytes))),
    ("latex", latex),
    ("mathml", mathml),
    ("html", html),
    ("light", light_text),
];

/// Reads, and writes what was read in the format its length names: a writer must take whatever a reader gives.
fn read(bytes: &[u8], from: Format) {
    if let Ok(paper) = papers::read(bytes, from) {
        write(&paper, bytes.len());
    }
}

fn write(paper: &Paper, choice: usize) {
    let _ = light::print(paper);
    for question in &paper.questions {
        let _ = question.plain_text();
    }
    if let Some(format) = Format::WRITTEN.get(choice % Format::WRITTEN.len()) {
        let _ = papers::write(paper, *format);
    }
}

/// A stored zip, so that what is fuzzed stands in it as it is.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        let _ = zip.start_file(*name, stored).map(|()| zip.write_all(content));
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

const TYPES: &[u8] = br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const ROOT: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const WORD: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="n" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
const LISTED: &str = r#"<w:p><w:pPr><w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Chọn đúng</w:t></w:r></w:p><w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>một</w:t></w:r></w:p>"#;

fn wrapped(root: &str, inside: &[u8]) -> Vec<u8> {
    [format!("<{root} {NAMES}>").as_bytes(), inside, format!("</{root}>").as_bytes()].concat()
}

fn word(body: &[u8], numbering: &[u8], styles: &[u8]) {
    let document = wrapped("w:document", &wrapped("w:body", body));
    let file = zipped(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("word/_rels/document.xml.rels", WORD),
        ("word/numbering.xml", &wrapped("w:numbering", numbering)),
        ("word/styles.xml", &wrapped("w:styles", styles)),
        ("word/document.xml", &document),
    ]);
    read(&file, Format::Docx);
}

fn docx_body(bytes: &[u8]) {
    word(bytes, b"", b"");
}

fn docx_numbering(bytes: &[u8]) {
    word(LISTED.as_bytes(), bytes, b"");
}

fn docx_styles(bytes: &[u8]) {
    word(LISTED.as_bytes(), b"", bytes);
}

fn xlsx_sheet(bytes: &[u8]) {
    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = |target: &str, kind: &str| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{KIND}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let book = format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{KIND}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#);
    let sheet = [format!(r#"<worksheet xmlns="{MAIN}"><sheetData>"#).as_bytes(), bytes, b"</sheetData></worksheet>"].concat();
    let file = zipped(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", relations("xl/workbook.xml", "officeDocument").as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml", "worksheet").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]);
    let _ = sheet::read_keys(&file);
    read(&file, Format::Xlsx);
}

/// An item of hostile bytes in a package; a test beside it, and a passage.
fn qti_package(bytes: &[u8]) {
    let manifest = br#"<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources><resource identifier="a" type="imsqti_item_xmlv2p1" href="a.xml"><file href="a.xml"/></resource><resource identifier="t" type="imsqti_test_xmlv2p1" href="t.xml"/></resources></manifest>"#;
    let test = br#"<assessmentTest><testPart><assessmentSection><assessmentItemRef identifier="a" href="a.xml"/></assessmentSection></testPart></assessmentTest>"#;
    read(&zipped(&[("imsmanifest.xml", manifest), ("t.xml", test), ("a.xml", bytes)]), Format::Qti);
}

fn recognise(bytes: &[u8]) {
    if Format::recognise(bytes, None).is_none() {
        let _ = format::unknown(bytes, Some("a.docx"));
    }
    for font in [".VnTime", "VNI-Times"] {
        if let Some(encoding) = encodings::Legacy::of_font(font) {
            let _ = encoding.decode(&String::from_utf8_lossy(bytes));
        }
    }
}

fn mathtype(bytes: &[u8]) {
    for latex in [math::mtef::from_mtef(bytes), math::mtef::from_ole(bytes), math::mtef::from_wmf(bytes)].into_iter().flatten() {
        let _ = math::latex::parse(&latex);
    }
    let _ = docx::read_document(bytes);
}

fn latex(bytes: &[u8]) {
    typed(&String::from_utf8_lossy(bytes));
    if let Ok(node) = math::latex::parse(&String::from_utf8_lossy(bytes)) {
        let _ = math::latex::to_omml(&node);
        let spelt = math::latex::to_latex(&node);
        // One that is nested as deep as can be read may be nested a little deeper as it is written.
        let again = math::latex::parse(&spelt);
        assert!(matches!(again, Ok(_) | Err(math::latex::LatexError::TooLarge)), "{spelt:?} is written and not read");
    }
}

/// A question whose formulas stand in it without dollars.
fn typed(text: &str) {
    let line = |number, text: String| {
        let parts = vec![Part::Text(text, Look::default())];
        DocumentBlock::Paragraph(Paragraph { number, label: None, parts })
    };
    let document =
        Document { blocks: vec![line(1, format!("Câu 1. {text}")), line(2, "A. \\pi".to_owned()), line(3, format!("B. {text}"))] };
    layout::interpret(&document, &mut Paper::default());
}

fn mathml(bytes: &[u8]) {
    if let Ok(root) = papers::xml::Element::parse(bytes, "math") {
        let _ = math::from_mathml(&root);
    }
}

fn html(bytes: &[u8]) {
    let once = rich::from_html(&String::from_utf8_lossy(bytes), &mut rich::HtmlContext::ours());
    let html = once.to_html();
    let again = rich::from_html(&html, &mut rich::HtmlContext::ours());
    assert_eq!(again.to_html(), html, "our own HTML is not read as it is written");
    let _ = once.to_text();
}

fn light_text(bytes: &[u8]) {
    write(&light::parse(&String::from_utf8_lossy(bytes), Vec::new()), bytes.len());
}

//! The text layer of PDF files.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use papers::document::{DocumentBlock, Part};
use papers::pdf;
use proptest::prelude::*;

/// A page of Helvetica with the given drawing.
fn page(operations: Vec<Operation>) -> Vec<u8> {
    page_in("Helvetica", operations)
}

/// A page of a font.
fn page_in(font: &str, operations: Vec<Operation>) -> Vec<u8> {
    let mut file = Document::with_version("1.5");
    let pages = file.new_object_id();
    let font = file.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => font, "Encoding" => "WinAnsiEncoding" });
    let image = Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1, "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8 },
        vec![0],
    );
    let image = file.add_object(image);
    let resources = file.add_object(dictionary! { "Font" => dictionary! { "F1" => font }, "XObject" => dictionary! { "I1" => image } });
    let content = file.add_object(Stream::new(dictionary! {}, Content { operations }.encode().unwrap()));
    let page = file.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()] });
    file.objects.insert(pages, Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }));
    let catalog = file.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    file.trailer.set("Root", catalog);
    let mut out = Vec::new();
    file.save_to(&mut out).unwrap();
    out
}

fn at(x: i64, y: i64, size: i64, text: &str) -> Vec<Operation> {
    vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), size.into()]),
        Operation::new("Td", vec![x.into(), y.into()]),
        Operation::new("Tj", vec![Object::string_literal(text)]),
        Operation::new("ET", vec![]),
    ]
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let shown = |part: &Part| match part {
        Part::Text(text, look) if look.colour.is_some() => format!("<{text}>"),
        Part::Text(text, look) if look.marks.script != papers::rich::Script::Normal => format!("^{text}"),
        Part::Text(text, _) => text.clone(),
        Part::Tab => "\t".to_owned(),
        _ => String::new(),
    };
    let blocks = pdf::document(bytes).unwrap().document.blocks;
    blocks
        .iter()
        .map(|block| match block {
            DocumentBlock::Paragraph(paragraph) => paragraph.parts.iter().map(shown).collect(),
            DocumentBlock::Table(_) => String::new(),
        })
        .collect()
}

fn bar(x: f32, y: f32, width: f32, height: f32, colour: [f32; 3]) -> Vec<Operation> {
    vec![
        Operation::new("rg", colour.iter().map(|part| (*part).into()).collect()),
        Operation::new("re", [x, y, width, height].iter().map(|part| (*part).into()).collect()),
        Operation::new("f", vec![]),
        Operation::new("rg", vec![0.into(), 0.into(), 0.into()]),
    ]
}

#[test]
fn bars_below_letters_underline_them_and_bars_behind_highlight_them() {
    let operations = [
        at(50, 700, 12, "A."),
        bar(50.0, 698.0, 12.0, 0.6, [0.0; 3]),
        at(80, 700, 12, "mot"),
        bar(50.0, 677.0, 12.0, 14.0, [1.0, 1.0, 0.0]),
        at(50, 680, 12, "B."),
        at(80, 680, 12, "hai"),
        // A border across the page, and the bar of a fraction.
        bar(40.0, 658.0, 500.0, 0.6, [0.0; 3]),
        at(50, 660, 12, "C."),
        at(52, 640, 12, "12"),
        bar(52.0, 637.0, 12.0, 0.6, [0.0; 3]),
        at(52, 627, 12, "34"),
    ]
    .concat();
    let document = pdf::document(&page(operations)).unwrap().document;
    let mut looks = Vec::new();
    for block in &document.blocks {
        let DocumentBlock::Paragraph(paragraph) = block else { continue };
        for part in &paragraph.parts {
            if let Part::Text(text, look) = part
                && (look.marks.underline || look.highlighted)
            {
                looks.push((text.trim().to_owned(), look.marks.underline, look.highlighted));
            }
        }
    }
    assert_eq!(looks, [("A.".to_owned(), true, false), ("B.".to_owned(), false, true)]);
}

#[test]
fn letters_become_lines_with_tabs_indices_and_colours() {
    let mut drawing = at(50, 700, 12, "Cau 1. Hoi x");
    drawing.extend(at(123, 704, 7, "2"));
    drawing.extend(at(50, 680, 12, "A. mot"));
    drawing.push(Operation::new("rg", vec![1.into(), 0.into(), 0.into()]));
    drawing.extend(at(200, 680, 12, "B. hai"));
    let bytes = page(drawing);
    assert_eq!(lines(&bytes), ["Cau 1. Hoi x^2", "A. mot\t<B. hai>"]);
    let codes: Vec<String> = pdf::document(&bytes).unwrap().report.into_iter().map(|entry| entry.code).collect();
    assert_eq!(codes, ["pdf-limits"]);
}

#[test]
fn a_full_line_goes_on_in_the_next() {
    let long = "Cho ham so lien tuc tren doan tu khong den mot va nhan gia tri duong";
    let mut drawing = at(50, 700, 12, long);
    drawing.extend(at(50, 685, 12, "voi moi x."));
    drawing.extend(at(50, 670, 12, &format!("A. {}", &long[3..])));
    drawing.extend(at(50, 655, 12, "B. hai"));
    assert_eq!(lines(&page(drawing)), [format!("{long} voi moi x."), format!("A. {}", &long[3..]), "B. hai".to_owned()]);
}

#[test]
fn letters_of_old_fonts_become_unicode() {
    let bytes = |x: i64, text: &str| {
        let mut drawn = at(x, 700, 12, "");
        let letters: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        drawn[3] = Operation::new("Tj", vec![Object::String(letters, lopdf::StringFormat::Literal)]);
        drawn
    };
    let one = |font: &str, text: &str| lines(&page_in(font, bytes(50, text)));
    assert_eq!(
        one("ABCDEF+VNI-Times,Bold", "Ca\u{e2}u 1. Thu\u{fb} \u{f1}o\u{e2} cu\u{fb}a Vie\u{e4}t Nam?"),
        ["Câu 1. Thủ đô của Việt Nam?"]
    );
    assert_eq!(one("ABCDEF+.VnTime", "C\u{a9}u 2. Thñ \u{ae}« cña Lµo?"), ["Câu 2. Thủ đô của Lào?"]);
    assert_eq!(one(".VnTimeH", "hÕt"), ["HẾT"]);
    assert_eq!(one("Helvetica", "Ca\u{e2}u"), ["Caâu"]);
    // A mark drawn by itself, right behind its letter.
    let apart = [bytes(50, "Ca"), bytes(62, "\u{e2}u 1.")].concat();
    assert_eq!(lines(&page_in("VNI-Times", apart)), ["Câu 1."]);
}

#[test]
fn scans_are_told_from_text() {
    let scan = page(vec![Operation::new("Do", vec!["I1".into()])]);
    assert_eq!(pdf::document(&scan).unwrap_err().code, "pdf-scanned");
    assert_eq!(pdf::document(&page(vec![])).unwrap_err().code, "pdf-empty");
    assert_eq!(pdf::document(b"%PDF-1.5\nabc").unwrap_err().code, "file-broken");
    assert_eq!(pdf::document(b"").unwrap_err().code, "file-broken");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn broken_files_never_panic(place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = page(at(50, 700, 12, "Cau 1. Hoi?"));
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = pdf::document(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ = pdf::document(&bytes);
    }
}

//! WMF and EMF as SVG: pictures written here record by record, a real preview where the samples are,
//! and broken ones that must do no harm.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use papers::metafile::{self, MetafileError};
use papers::xml::Element;
use proptest::prelude::*;

fn record(function: u16, words: &[i16]) -> Vec<u8> {
    let mut out = u32::try_from(words.len() + 3).unwrap().to_le_bytes().to_vec();
    out.extend(function.to_le_bytes());
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    out
}

/// A placeable WMF, 1440 units to the inch, of these records.
fn wmf(width: i16, height: i16, records: &[Vec<u8>]) -> Vec<u8> {
    let mut out = 0x9ac6_cdd7_u32.to_le_bytes().to_vec();
    for word in [0, 0, 0, width, height, 1440, 0, 0, 0] {
        out.extend(i16::to_le_bytes(word));
    }
    for word in [1_u16, 9, 0x300, 0, 0, 4, 100, 0, 0] {
        out.extend(word.to_le_bytes());
    }
    out.extend(records.concat());
    out.extend(record(0, &[]));
    out
}

fn font(name: &str, height: i16, charset: i16) -> Vec<u8> {
    let mut words = vec![height, 0, 0, 0, 400, 0, charset << 8, 0, 0];
    let mut bytes = name.as_bytes().to_vec();
    bytes.resize(32, 0);
    words.extend(bytes.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])));
    record(0x02fb, &words)
}

fn letters(x: i16, y: i16, text: &[u8], advances: &[i16]) -> Vec<u8> {
    let mut words = vec![y, x, i16::try_from(text.len()).unwrap(), 0];
    let mut bytes = text.to_vec();
    bytes.resize(text.len().div_ceil(2) * 2, 0);
    words.extend(bytes.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])));
    words.extend(advances);
    record(0x0a32, &words)
}

fn svg(bytes: &[u8]) -> String {
    let svg = String::from_utf8(metafile::to_svg(bytes).unwrap()).unwrap();
    Element::parse(svg.as_bytes(), "svg").unwrap();
    svg
}

fn preview() -> Vec<u8> {
    wmf(
        2880,
        1440,
        &[
            record(0x020b, &[0, 0]),
            record(0x020c, &[1440, 2880]),
            record(0x012e, &[24]),
            font("Symbol", -240, 2),
            record(0x012d, &[0]),
            letters(100, 700, b"a\xce", &[150, 200]),
            record(0x02fa, &[0, 20, 0, 0x00ff, 0]),
            record(0x012d, &[1]),
            record(0x0214, &[800, 100]),
            record(0x0213, &[800, 1000]),
            record(0x0418, &[1200, 1200, 100, 100]),
        ],
    )
}

#[test]
fn letters_of_the_symbol_font_lines_and_shapes_are_drawn() {
    let svg = svg(&preview());
    assert!(svg.contains("width=\"192\" height=\"96\" viewBox=\"0 0 2880 1440\""), "{svg}");
    assert!(svg.contains("x=\"100 250\" y=\"700\"") && svg.contains(">α∈</text>"), "{svg}");
    assert!(svg.contains("d=\"M100 800L1000 800\" fill=\"none\" stroke=\"#ff0000\" stroke-width=\"20\""), "{svg}");
}

#[test]
fn windows_moved_and_scaled_are_followed() {
    let moved = wmf(1000, 1000, &[record(0x020b, &[-50, -50]), record(0x020c, &[100, 100]), record(0x041b, &[0, 0, -50, -50])]);
    assert!(svg(&moved).contains("M0 0L500 0L500 500L0 500Z"), "{}", svg(&moved));
}

#[test]
fn a_bitmap_inside_becomes_a_png_inside() {
    // Two by two pixels of 24 bits: blue, green; red, white.
    let mut words = vec![0x0020, 0x00cc, 0, 2, 2, 0, 0, 0, 1000, 1000, 0];
    words.truncate(11);
    let mut bytes: Vec<u8> = Vec::new();
    for value in [40_u32, 2, 2, 0x0018_0001, 0, 16, 0, 0, 0, 0] {
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([255, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0]);
    words.extend(bytes.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])));
    let svg = svg(&wmf(1000, 1000, &[record(0x0f43, &words)]));
    let data = svg.split("base64,").nth(1).unwrap().split('"').next().unwrap();
    use base64::Engine as _;
    let png = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
    let picture = image::load_from_memory(&png).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (2, 2));
    assert_eq!([picture.get_pixel(0, 0).0, picture.get_pixel(0, 1).0], [[255, 0, 0], [0, 0, 255]]);
}

fn emf_record(kind: u32, fields: &[i32]) -> Vec<u8> {
    let mut out = kind.to_le_bytes().to_vec();
    out.extend(u32::try_from(fields.len() * 4 + 8).unwrap().to_le_bytes());
    out.extend(fields.iter().flat_map(|field| field.to_le_bytes()));
    out
}

/// An EMF of 100 by 50 millimetres on a device of ten pixels to the millimetre.
fn emf(records: &[Vec<u8>]) -> Vec<u8> {
    let mut fields = vec![0, 0, 999, 499, 0, 0, 10_000, 5000];
    fields.push(i32::from_le_bytes(*b" EMF"));
    fields.extend([0x10000, 0, 0, 0, 0, 0, 0, 3000, 2000, 300, 200]);
    fields.extend([0; 4]);
    let mut out = emf_record(1, &fields);
    out.extend(records.concat());
    out.extend(emf_record(14, &[0, 16, 20]));
    out
}

#[test]
fn an_emf_is_drawn_at_its_size_with_paths_and_wide_letters() {
    let mut text = vec![0, 0, 0, 0, 1, 0, 0, 100, 200, 2, 76, 0, 0, 0, 0, 0, 80];
    text.push(i32::from(u16::try_from('ế' as u32).unwrap()) << 16 | i32::from(b'x'));
    text.extend([30, 30]);
    let drawn = emf(&[
        emf_record(59, &[]),
        emf_record(27, &[10, 10]),
        emf_record(54, &[110, 10]),
        emf_record(54, &[110, 60]),
        emf_record(61, &[]),
        emf_record(60, &[]),
        emf_record(37, &[0x8000_0004_u32.cast_signed()]),
        emf_record(62, &[0, 0, 0, 0]),
        emf_record(84, &text),
        emf_record(42, &[200, 200, 300, 300]),
    ]);
    let svg = svg(&drawn);
    assert!(svg.contains("viewBox=\"0 0 1000 500\""), "{svg}");
    assert!(svg.contains("d=\"M10 10L110 10L110 60Z\" fill=\"#000000\""), "{svg}");
    assert!(svg.contains(">xế</text>"), "{svg}");
    let drawing = metafile::read(&drawn).unwrap();
    assert_eq!((drawing.width, drawing.height, drawing.lost.len()), (378, 189, 0));
}

#[test]
fn what_is_no_metafile_or_shows_nothing_is_refused() {
    assert_eq!(metafile::to_svg(b"\x89PNG\r\n"), Err(MetafileError::Foreign));
    assert_eq!(metafile::to_svg(b""), Err(MetafileError::Foreign));
    assert!(matches!(metafile::to_svg(&wmf(10, 10, &[])), Err(MetafileError::Nothing(_))));
    let plus = emf(&[emf_record(70, &[4, i32::from_le_bytes(*b"EMF+")])]);
    assert_eq!(metafile::to_svg(&plus), Err(MetafileError::Nothing("EMF+".to_owned())));
}

#[test]
fn markup_in_letters_and_names_stays_letters() {
    let nasty = wmf(1000, 1000, &[font("x\"><script>", -100, 0), record(0x012d, &[0]), letters(0, 0, b"<script>&", &[])]);
    let svg = svg(&nasty);
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;&amp;"), "{svg}");
}

#[test]
fn a_preview_of_a_real_paper_is_drawn() {
    let Ok(paper) = std::fs::read("/work/shared/samples/questions/word/DE-01-DE-BAI.docx") else {
        println!("the samples are not here");
        return;
    };
    let mut archive = exchange::archive::LimitedArchive::open(&paper, exchange::archive::ArchiveLimits::OFFICE).unwrap();
    let svg = svg(&archive.read("word/media/image1.wmf").unwrap().unwrap());
    assert!(svg.contains(">COO</text>") && svg.contains(">−</text>"), "{svg}");
    if let Ok(folder) = std::env::var("PAPERS_OUT") {
        std::fs::write(std::path::Path::new(&folder).join("preview.svg"), svg).unwrap();
    }
}

/// With `METAFILES` a folder of real files is drawn into `PAPERS_OUT`, to be looked at.
#[test]
fn a_folder_of_metafiles_is_drawn_to_be_looked_at() {
    let (Ok(from), Ok(to)) = (std::env::var("METAFILES"), std::env::var("PAPERS_OUT")) else { return };
    for file in std::fs::read_dir(from).unwrap() {
        let path = file.unwrap().path();
        if !path.extension().is_some_and(|extension| extension == "wmf" || extension == "emf") {
            continue;
        }
        match metafile::read(&std::fs::read(&path).unwrap()) {
            Ok(drawing) => {
                println!("{}: {}x{}, lost {:?}", path.display(), drawing.width, drawing.height, drawing.lost);
                let name = format!("{}.svg", path.file_name().unwrap().to_string_lossy());
                std::fs::write(std::path::Path::new(&to).join(name), drawing.svg).unwrap();
            }
            Err(error) => println!("{}: {error}", path.display()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn broken_metafiles_do_no_harm(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        for mut bytes in [preview(), emf(&[emf_record(59, &[]), emf_record(27, &[1, 1]), emf_record(56, &[1, 2]), emf_record(54, &[3, 4]), emf_record(3, &[0, 0, 9, 9, 2, 1, 1, 2, 2])])] {
            for (at, value) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            let _ = metafile::to_svg(&bytes);
            bytes.truncate(cut.index(bytes.len()));
            let _ = metafile::to_svg(&bytes);
        }
    }

    #[test]
    fn any_records_do_no_harm(records in prop::collection::vec((any::<u16>(), prop::collection::vec(any::<i16>(), 0..20)), 0..20), kinds in prop::collection::vec((1_u32..125, prop::collection::vec(any::<i32>(), 0..30)), 0..20)) {
        let _ = metafile::to_svg(&wmf(100, 100, &records.iter().map(|(function, words)| record(*function, words)).collect::<Vec<_>>()));
        let _ = metafile::to_svg(&emf(&kinds.iter().map(|(kind, fields)| emf_record(*kind, fields)).collect::<Vec<_>>()));
    }
}

//! Whatever the bytes are, reading ends with a document or a sentence.
#![allow(clippy::unwrap_used, reason = "tests may stop")]

mod support;

use papers::docx::read_document;
use papers::encodings::Legacy;
use proptest::prelude::*;
use support::docx::{Docx, PNG, item, line, p, run, t, table};

/// A body with something of everything.
fn body() -> String {
    [
        line("Câu 1. Một câu hỏi"),
        item(1, 0, "A"),
        p(&(run("<w:u w:val=\"single\"/><w:rFonts w:ascii=\"VNI-Times\" w:hAnsi=\"VNI-Times\"/>", "Caâu hoûi") + &t(" x"))),
        p("<m:oMath><m:nary><m:naryPr><m:chr m:val=\"∑\"/></m:naryPr><m:sub><m:r><m:t>i</m:t></m:r></m:sub><m:sup/><m:e><m:d><m:e><m:r><m:t>x&amp;y</m:t></m:r></m:e></m:d></m:e></m:nary></m:oMath>"),
        p("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> EQ \\f(1;\\r(x)) </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"),
        p("<w:r><w:drawing><wp:inline><wp:extent cx=\"952500\"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed=\"r1\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"),
        p("<w:r><w:footnoteReference w:id=\"2\"/></w:r>"),
        table(&[&["Câu", "1"], &["Đáp án", "A"]]),
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/><w:vMerge w:val=\"restart\"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>".to_owned(),
    ]
    .concat()
}

fn file(body: String) -> Docx {
    Docx::new(body)
        .numbering("<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"4294967295\"/><w:numFmt w:val=\"upperLetter\"/><w:lvlText w:val=\"%1.%9\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>")
        .styles("<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"N\"/>")
        .footnotes(&[("2", "<w:p/>")])
        .media("r1", "image", "image1.png", PNG)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_end_well(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read_document(&bytes);
    }

    #[test]
    fn a_file_with_bytes_changed_ends_well(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = file(body()).bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read_document(&bytes);
    }

    #[test]
    fn a_body_with_pieces_moved_ends_well(moves in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..30)) {
        let body = body();
        let mut pieces: Vec<&str> = body.split_inclusive('>').collect();
        for (from, to) in moves {
            let (from, to) = (from.index(pieces.len()), to.index(pieces.len()));
            pieces.swap(from, to);
        }
        let _ = read_document(&file(pieces.concat()).bytes());
    }

    #[test]
    fn elements_of_all_kinds_in_one_another_end_well(names in proptest::collection::vec(prop::sample::select(vec![
        "w:p", "w:r", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent", "w:ins", "w:del", "w:pict", "v:shape", "v:textbox", "w:txbxContent",
        "m:oMath", "m:oMathPara", "m:f", "m:num", "m:d", "m:e", "m:m", "m:mr", "m:eqArr", "m:func", "m:fName", "m:limLow", "m:acc", "m:sPre",
        "mc:AlternateContent", "mc:Choice", "w:object", "w:drawing", "wp:inline", "w:ruby", "w:rubyBase", "w:hyperlink",
    ]), 1..60)) {
        let mut xml = "<w:t>x</w:t><m:t>y</m:t>".to_owned();
        for name in &names {
            xml = format!("<{name}>{xml}</{name}><{name}/>");
        }
        prop_assert!(read_document(&file(xml).bytes()).is_ok());
    }

    #[test]
    fn decoding_keeps_ascii_and_never_stops(text in ".{0,200}", before in ".{0,5}") {
        for legacy in [Legacy::Vni, Legacy::Tcvn3, Legacy::Tcvn3Capitals] {
            let _ = legacy.decode_after(&mut before.clone(), &text);
        }
        let ascii: String = text.chars().filter(char::is_ascii).collect();
        prop_assert_eq!(Legacy::Vni.decode(&ascii), ascii.clone());
        prop_assert_eq!(Legacy::Tcvn3.decode(&ascii), ascii);
    }
}

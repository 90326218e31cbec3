//! Word files as documents.
#![allow(clippy::unwrap_used, reason = "tests may stop")]

mod support;

use papers::docx::{Formulas, Read, read_document, read_document_with};
use papers::model::Severity;
use support::docx::{Docx, PNG, item, line, p, run, t, table};
use support::show::shown;

fn read(file: &Docx) -> Read {
    read_document(&file.bytes()).unwrap()
}

fn text(body: &str) -> String {
    shown(&read(&Docx::new(body)).document)
}

fn codes(read: &Read) -> Vec<&str> {
    read.report.iter().map(|entry| entry.code.as_str()).collect()
}

fn level(place: u8, format: &str, text: &str, rest: &str) -> String {
    format!("<w:lvl w:ilvl=\"{place}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/>{rest}</w:lvl>")
}

fn abstract_list(id: u32, levels: &str) -> String {
    format!("<w:abstractNum w:abstractNumId=\"{id}\">{levels}</w:abstractNum>")
}

fn list(id: u32, of: u32, rest: &str) -> String {
    format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{of}\"/>{rest}</w:num>")
}

fn picture(relation: &str, rest: &str) -> String {
    format!(
        "<w:r><w:drawing><wp:inline><wp:extent cx=\"952500\" cy=\"9525\"/><wp:docPr id=\"1\" descr=\"Đồ thị\"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip {relation}/>{rest}</pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
}

fn boxed(inside: &str) -> String {
    format!("<wps:wsp><wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx></wps:wsp>")
}

fn drawn(inside: &str) -> String {
    format!("<w:drawing><wp:anchor><a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic></wp:anchor></w:drawing>")
}

#[test]
fn runs_of_one_look_grow_together_and_marks_are_kept() {
    let body = p(&[
        t("Câu "),
        t("1. "),
        run("<w:b/>", "đậm "),
        run("<w:b w:val=\"0\"/><w:i/>", "nghiêng "),
        run("<w:u w:val=\"single\"/>", "A."),
        run("<w:u w:val=\"none\"/>", " "),
        run("<w:color w:val=\"FF0000\"/>", "đỏ"),
        run("<w:color w:val=\"000000\"/>", " đen"),
        run("<w:color w:val=\"auto\"/>", " tự động"),
        run("<w:highlight w:val=\"yellow\"/>", "tô"),
        run("<w:shd w:val=\"clear\" w:fill=\"FFFF00\"/>", "nền"),
        run("<w:shd w:val=\"clear\" w:fill=\"FFFFFF\"/>", " trắng "),
        t("H"),
        run("<w:vertAlign w:val=\"subscript\"/>", "2"),
        run("<w:vertAlign w:val=\"superscript\"/>", "+"),
        run("<w:strike/>", "bỏ"),
    ]
    .concat());
    assert_eq!(text(&body), "Câu 1. {b:đậm }{i:nghiêng }{u:A.} {#ff0000:đỏ} đen tự động{h:tônền} trắng H{_:2}{^:+}{s:bỏ}");
}

#[test]
fn styles_hand_down_what_they_say() {
    let styles = "<w:docDefaults><w:rPrDefault><w:rPr><w:color w:val=\"0000FF\"/></w:rPr></w:rPrDefault></w:docDefaults>\
        <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"/>\
        <w:style w:type=\"paragraph\" w:styleId=\"Base\"><w:basedOn w:val=\"Normal\"/><w:rPr><w:b/><w:color w:val=\"FF0000\"/></w:rPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"Own\"><w:basedOn w:val=\"Base\"/><w:rPr><w:i/></w:rPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"Loop\"><w:basedOn w:val=\"Loop\"/><w:rPr><w:u w:val=\"single\"/></w:rPr></w:style>\
        <w:style w:type=\"character\" w:styleId=\"Strong\"><w:rPr><w:b/></w:rPr></w:style>";
    let styled = |style: &str, inside: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{inside}</w:p>");
    let strong = run("<w:rStyle w:val=\"Strong\"/>", "x");
    let body = [p(&t("a")), styled("Own", &t("b")), styled("Own", &strong), p(&strong), styled("Loop", &t("c"))].concat();
    let read = read(&Docx::new(body).styles(styles));
    // Bold over bold is not bold: Word toggles.
    assert_eq!(shown(&read.document), "{#0000ff:a}\n{bi#ff0000:b}\n{i#ff0000:x}\n{b#0000ff:x}\n{u#0000ff:c}");
}

#[test]
fn colours_of_the_theme_are_found() {
    let theme = "<a:theme xmlns:a='a'><a:themeElements><a:clrScheme><a:dk1><a:sysClr val='windowText' lastClr='000000'/></a:dk1><a:accent2><a:srgbClr val='C00000'/></a:accent2></a:clrScheme></a:themeElements></a:theme>";
    let body = p(&(run("<w:color w:themeColor=\"accent2\"/>", "a") + &run("<w:color w:themeColor=\"text1\"/>", "b")));
    let file = Docx::new(body).part("word/theme/theme1.xml", theme).relation("rT", "theme", "theme/theme1.xml");
    assert_eq!(shown(&read(&file).document), "{#c00000:a}b");
}

#[test]
fn automatic_numbers_count_through_levels_lists_and_overrides() {
    let numbering = [
        abstract_list(
            0,
            &(level(0, "decimal", "Câu %1.", "<w:rPr><w:b/></w:rPr>")
                + &level(1, "upperLetter", "%2.", "")
                + &level(2, "lowerRoman", "%1.%3", "")),
        ),
        abstract_list(1, &level(0, "lowerLetter", "%1)", "")),
        list(1, 0, ""),
        list(2, 1, ""),
        list(3, 1, "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride>"),
        list(4, 0, ""),
    ]
    .concat();
    let body = [
        item(1, 0, "một"),
        item(1, 1, "a"),
        item(1, 1, "b"),
        item(1, 2, "sâu"),
        item(1, 0, "hai"),
        item(1, 1, "a"),
        item(2, 0, "x"),
        item(2, 0, "y"),
        item(3, 0, "lại"),
        item(3, 0, "nữa"),
        item(2, 0, "z"),
        item(4, 0, "ba"),
        item(0, 0, "không"),
        item(99, 0, "lạ"),
    ]
    .concat();
    let read = read(&Docx::new(body).numbering(&numbering));
    assert_eq!(
        shown(&read.document),
        "‹{b:Câu 1.}›một\n‹A.›a\n‹B.›b\n‹1.i›sâu\n‹{b:Câu 2.}›hai\n‹A.›a\n‹a)›x\n‹b)›y\n‹a)›lại\n‹b)›nữa\n‹c)›z\n‹{b:Câu 3.}›ba\nkhông\nlạ"
    );
    let lists: Vec<Option<(u32, u8)>> = read
        .document
        .blocks
        .iter()
        .map(|block| match block {
            papers::document::DocumentBlock::Paragraph(own) => own.label.as_ref().map(|label| (label.list, label.depth)),
            papers::document::DocumentBlock::Table(_) => None,
        })
        .collect();
    assert_eq!(lists[0].unwrap().0, lists[11].unwrap().0, "lists over one abstract list count on");
    assert_ne!(lists[6].unwrap().0, lists[8].unwrap().0, "a list that starts again is another");
    assert_eq!(lists[3].unwrap().1, 2);
}

#[test]
fn a_label_looks_as_the_end_of_its_paragraph_does() {
    let numbering = abstract_list(0, &level(0, "upperLetter", "%1.", "")) + &list(1, 0, "");
    let marked = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr><w:rPr><w:u w:val=\"single\"/><w:color w:val=\"FF0000\"/></w:rPr></w:pPr><w:r><w:t>đúng</w:t></w:r></w:p>";
    let read = read(&Docx::new(item(1, 0, "sai") + marked).numbering(&numbering));
    assert_eq!(shown(&read.document), "‹A.›sai\n‹{u#ff0000:B.}›đúng");
}

#[test]
fn a_list_may_come_from_a_style() {
    let numbering = abstract_list(0, &(level(0, "decimal", "Phần %1", "") + &level(1, "decimal", "Câu %2:", "<w:pStyle w:val=\"Cau\"/>")))
        + &list(7, 0, "");
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"Cau\"><w:pPr><w:numPr><w:numId w:val=\"7\"/></w:numPr></w:pPr></w:style>";
    let styled = "<w:p><w:pPr><w:pStyle w:val=\"Cau\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>";
    let out = "<w:p><w:pPr><w:pStyle w:val=\"Cau\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr></w:pPr><w:r><w:t>y</w:t></w:r></w:p>";
    let read = read(&Docx::new([styled, styled, out].concat()).numbering(&numbering).styles(styles));
    assert_eq!(shown(&read.document), "‹Câu 1:›x\n‹Câu 2:›x\ny");
}

#[test]
fn text_in_old_fonts_becomes_unicode() {
    let fonts = |name: &str| format!("<w:rFonts w:ascii=\"{name}\" w:hAnsi=\"{name}\"/>");
    let body = [
        p(&run(&fonts("VNI-Times"), "Caâu 1. Ñoà thò haøm soá")),
        p(&(run(&fonts("VNI-Times"), "So") + &run(&(fonts("VNI-Times") + "<w:b/>"), "á phöùc"))),
        p(&run(&fonts(".VnTime"), "C©u 2. §å thÞ hµm sè")),
        p(&run(&fonts(".VnTimeH"), "®Ò thi")),
        format!("<w:p><w:r><w:rPr>{}</w:rPr><w:t>t</w:t><w:softHyphen/><w:t>¬ng</w:t></w:r></w:p>", fonts(".VnTime")),
        p(&run(&fonts(".VnTime"), "Đã là Unicode, số")),
    ]
    .concat();
    let read = read(&Docx::new(body));
    assert_eq!(shown(&read.document), "Câu 1. Đồ thị hàm số\nSố{b: phức}\nCâu 2. Đồ thị hàm số\nĐỀ THI\ntương\nĐã là Unicode, số");
    assert_eq!(codes(&read), ["old-fonts"]);
}

#[test]
fn letters_taken_apart_are_put_together() {
    assert_eq!(text(&p(&(t("ca\u{302}") + &run("<w:b/>", "\u{301}t") + &t("\u{200b}A\u{ad}.")))), "cấ{b:t}A.");
}

#[test]
fn tabs_breaks_hyphens_and_symbols() {
    let inside = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:cr/></w:r>\
        <w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/><w:sym w:font=\"Symbol\" w:char=\"F061\"/><w:sym w:font=\"Bí ẩn\" w:char=\"F0FF\"/></w:r>\
        <w:r><w:rPr><w:rFonts w:ascii=\"Symbol\" w:hAnsi=\"Symbol\"/></w:rPr><w:t>\u{f0a3}b</w:t></w:r>";
    let read = read(&Docx::new(p(inside)));
    assert_eq!(shown(&read.document), "a⇥b↵c-d↵✓α\u{fffd}≤β");
    assert_eq!(codes(&read), ["symbol-unknown"]);
}

#[test]
fn newer_letters_stand_beside_older_ones() {
    let inside = "<w:r><mc:AlternateContent><mc:Choice Requires=\"w16se\"><w16se:symEx w16se:font=\"Segoe UI Emoji\" w16se:char=\"1F60A\"/></mc:Choice><mc:Fallback><w:t>:)</w:t></mc:Fallback></mc:AlternateContent></w:r>";
    let tick = run("<w:rFonts w:ascii=\"Wingdings 2\" w:hAnsi=\"Wingdings 2\"/>", "P");
    assert_eq!(text(&p(&(inside.to_owned() + &tick))), "😊✓");
}

#[test]
fn merged_cells_come_once_with_their_spans() {
    let cell = |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", line(text));
    let row = |cells: &str| format!("<w:tr>{cells}</w:tr>");
    let merged = [
        row(&(cell("<w:gridSpan w:val=\"2\"/>", "rộng") + &cell("<w:vMerge w:val=\"restart\"/>", "cao"))),
        row(&(cell("", "1") + &cell("<w:shd w:val=\"clear\" w:fill=\"FFFF00\"/>", "2") + &cell("<w:vMerge/>", ""))),
        row(&(cell("", "3") + &cell("", "4") + &cell("<w:vMerge/>", ""))),
        row(&(cell("<w:vMerge w:val=\"restart\"/>", "5")
            + &cell("<w:hMerge w:val=\"restart\"/>", "6")
            + &cell("<w:hMerge w:val=\"continue\"/>", ""))),
        "<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>".to_owned() + &cell("", "8") + &cell("", "9") + "</w:tr>",
        "<w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr>".to_owned() + &cell("", "xóa") + "</w:tr>",
    ]
    .concat();
    let body = format!("<w:tbl><w:tblPr/>{merged}</w:tbl>");
    assert_eq!(text(&body), "[2x1:rộng][1x3:cao]\n[1][#2]\n[3][4]\n[5][2x1:6]\n[][8][9]");
}

#[test]
fn tables_stand_in_tables_and_paragraphs_are_counted_through() {
    let inner = table(&[&["a", "b"]]);
    let body = format!("{}<w:tbl><w:tr><w:tc>{}{inner}{}</w:tc></w:tr></w:tbl>{}", line("một"), line("hai"), line(""), line("sáu"));
    let read = read(&Docx::new(body));
    assert_eq!(shown(&read.document), "một\n[hai/[a][b]]\nsáu");
    let papers::document::DocumentBlock::Paragraph(last) = read.document.blocks.last().unwrap() else { panic!("a paragraph") };
    assert_eq!(last.number, 6);
}

#[test]
fn of_two_branches_one_text_box_is_taken_and_follows_its_paragraph() {
    let choice = drawn(&boxed(&(line("trong khung") + &line("hai"))));
    let fallback =
        format!("<w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict>", line("trong khung"));
    let both = format!(
        "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
    );
    let body = p(&(t("trước") + &both + &t(" sau"))) + &p(&format!("<w:r>{fallback}</w:r>"));
    assert_eq!(text(&body), "trước sau\ntrong khung\nhai\n\ntrong khung");
}

#[test]
fn notes_stand_in_brackets_where_their_number_was() {
    let body = p(&(t("Rừng") + "<w:r><w:footnoteReference w:id=\"2\"/></w:r>" + &t(" xanh.")));
    let note = p("<w:r><w:footnoteRef/></w:r><w:r><w:t xml:space=\"preserve\"> chú thích</w:t></w:r>");
    assert_eq!(shown(&read(&Docx::new(body).footnotes(&[("2", &note)])).document), "Rừng [chú thích] xanh.");
}

#[test]
fn revisions_are_accepted_and_hidden_text_is_left_out() {
    let deleted = "<w:del w:id=\"1\"><w:r><w:delText>cũ</w:delText></w:r></w:del>";
    let inserted = format!("<w:ins w:id=\"2\">{}</w:ins>", t("mới"));
    let joined = format!("<w:p><w:pPr><w:rPr><w:del w:id=\"3\"/></w:rPr></w:pPr>{}</w:p>", t("đầu "));
    let hidden = "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>".to_owned() + &run("<w:vanish/>", "ẩn cả đoạn") + "</w:p>";
    let body = [p(&(t("a ") + deleted + &inserted)), joined, line("cuối"), p(&(t("hiện") + &run("<w:vanish/>", "ẩn"))), hidden].concat();
    let read = read(&Docx::new(body));
    assert_eq!(shown(&read.document), "a mới\nđầu cuối\nhiện");
    assert_eq!(codes(&read), ["hidden-text", "revisions"]);
    assert!(read.report.iter().all(|entry| entry.severity == Severity::Info));
}

#[test]
fn fields_keep_their_results_and_old_formula_fields_are_worked_out() {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = |text: &str| format!("<w:r><w:instrText xml:space=\"preserve\">{text}</w:instrText></w:r>");
    let field = |name: &str, result: &str| mark("begin") + &code(name) + &mark("separate") + &t(result) + &mark("end");
    let without = |name: &str| mark("begin") + &code(name) + &mark("end");
    let check =
        "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:checkBox><w:default w:val=\"1\"/></w:checkBox></w:ffData></w:fldChar></w:r>"
            .to_owned()
            + &code("FORMCHECKBOX")
            + &mark("end");
    let body = [
        p(&(t("Câu ") + &field(" SEQ Cau ", "5") + &t("."))),
        p(&(t("x = ") + &without(" EQ \\f(1;2) "))),
        p(&(t("đúng ") + &without("eq \\o\\ac(○,B)"))),
        p(&check),
        p(&(t("Câu ") + "<w:fldSimple w:instr=\"SEQ Cau\"><w:r><w:t>3</w:t></w:r></w:fldSimple>")),
        p(&format!("<w:hyperlink r:id=\"x\">{}</w:hyperlink>", t("liên kết"))),
        p(&(mark("begin") + &t("không kết thúc"))),
        p(&without("AUTONUM")),
        line("còn nguyên"),
    ]
    .concat();
    let read = read(&Docx::new(body));
    assert_eq!(shown(&read.document), "Câu 5.\nx = $\\frac{1}{2}$\nđúng {h:B}\n☑\nCâu 3\nliên kết\nkhông kết thúc\n\ncòn nguyên");
    assert_eq!(codes(&read), ["field-unfinished", "field-unknown"]);
}

#[test]
fn content_controls_and_smart_tags_only_wrap() {
    let body = format!(
        "<w:sdt><w:sdtPr/><w:sdtContent>{}<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>{}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl></w:sdtContent></w:sdt>",
        p(&format!("<w:smartTag w:element=\"place\">{}</w:smartTag><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", t("Hà "), t("Nội"))),
        line("ô")
    );
    assert_eq!(text(&body), "Hà Nội\n[ô]");
}

#[test]
fn equations_become_latex_and_dollars_stay_letters() {
    let math = "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>x</m:t></m:r></m:den></m:f></m:oMath>";
    let body = p(&(t("Cho ") + math + &t(" và $y$."))) + &p(&format!("<m:oMathPara>{math}{math}</m:oMathPara>"));
    assert_eq!(text(&body), "Cho $\\frac{1}{x}$ và $y$.\n$$\\frac{1}{x}$$↵$$\\frac{1}{x}$$");
    let strange = p("<m:oMath><m:r><m:t>a</m:t></m:r><m:strange><m:r><m:t>b</m:t></m:r></m:strange></m:oMath>");
    let read = read(&Docx::new(strange));
    assert_eq!((shown(&read.document).as_str(), codes(&read)), ("$ab$", vec!["formula-doubtful"]));
}

#[test]
fn pictures_are_kept_once_with_their_size_and_words() {
    let body =
        p(&(picture("r:embed=\"r1\"", "") + &picture("r:embed=\"r2\"", "<a:srcRect l=\"20000\"/>") + &picture("r:embed=\"r3\"", "")));
    let file = Docx::new(body).media("r1", "image", "image1.png", PNG).media("r2", "image", "image2.bin", PNG).relation(
        "r3",
        "image",
        "http://example.com/a.png",
    );
    let read = read(&file);
    assert_eq!(shown(&read.document), "[img1 100 “Đồ thị”][img1 100 “Đồ thị”]");
    assert_eq!(read.media.len(), 1);
    assert_eq!((read.media[0].mime.as_str(), read.media[0].file.as_str()), ("image/png", "img1.png"));
    assert_eq!(codes(&read), ["picture-cropped", "picture-external"]);
    assert_eq!(read.report[1].address.unwrap().paragraph, Some(1));
}

#[test]
fn packed_metafiles_are_unpacked_and_broken_pictures_told() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, b"\xd7\xcd\xc6\x9a\0\0more").unwrap();
    let body = p(&(picture("r:embed=\"r1\"", "") + &picture("r:embed=\"r2\"", "")));
    let file = Docx::new(body).media("r1", "image", "image1.wmz", &packed.finish().unwrap()).media("r2", "image", "image2.png", b"broken");
    let read = read(&file);
    assert_eq!(read.media[0].mime, "image/wmf");
    assert_eq!(codes(&read), ["picture-format", "picture-unreadable"]);
}

#[test]
fn a_picture_that_is_not_there_is_told() {
    let read = read(&Docx::new(line("a") + &p(&picture("r:embed=\"r1\"", ""))));
    assert_eq!(codes(&read), ["picture-missing"]);
    assert_eq!(read.report[0].address.unwrap().paragraph, Some(2));
}

#[test]
fn charts_diagrams_and_shapes_are_told_where_they_were_lost() {
    let shape = "<wps:wsp><wps:spPr><a:prstGeom prst=\"ellipse\"/></wps:spPr></wps:wsp>";
    let body = [
        p(&format!("<w:r>{}</w:r>", drawn("<c:chart r:id=\"r1\"/>"))),
        p(&format!("<w:r>{}</w:r>", drawn("<dgm:relIds/>"))),
        p(&format!("<w:r>{}</w:r>", drawn(&format!("<wpg:wgp>{shape}{}{}</wpg:wgp>", boxed(&line("A")), boxed(&line("B")))))),
        p(&format!("<w:r>{}</w:r>", drawn("<wps:wsp><wps:spPr><a:prstGeom prst=\"line\"/></wps:spPr></wps:wsp>"))),
    ]
    .concat();
    let read = read(&Docx::new(body));
    assert_eq!(codes(&read), ["chart-lost", "smartart-lost", "drawing-lost", "line-lost"]);
    let places: Vec<Option<u32>> = read.report.iter().map(|entry| entry.address.unwrap().paragraph).collect();
    assert_eq!(places, [Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!(read.report[2].values["words"], "A, B");
}

#[test]
fn equation_objects_become_latex_or_keep_their_picture() {
    let wmf = b"\xd7\xcd\xc6\x9a\0\0more";
    let object = "<w:r><w:object><v:shape style=\"width:36pt;height:12pt\"><v:imagedata r:id=\"r1\"/></v:shape><o:OLEObject ProgID=\"Equation.DSMT4\" r:id=\"r2\"/></w:object></w:r>";
    let file = Docx::new(p(object)).media("r1", "image", "image1.wmf", wmf).media("r2", "oleObject", "ole1.bin", b"ole bytes");
    let kept = read(&file);
    assert_eq!(shown(&kept.document), "[img1 48]");
    assert_eq!(codes(&kept), ["picture-format", "formula-as-picture"]);
    assert_eq!(kept.media[0].mime, "image/wmf");
    let formulas = Formulas { ole: |bytes| (bytes == b"ole bytes").then(|| "x^{2}".to_owned()), preview: |_, _| None };
    let read = read_document_with(&file.bytes(), formulas).unwrap();
    assert_eq!((shown(&read.document).as_str(), read.media.len(), read.report.len()), ("$x^{2}$", 0, 0));
    let unnamed = Docx::new(p(&object.replace("Equation.DSMT4", ""))).media("r2", "oleObject", "ole1.bin", b"ole bytes");
    assert_eq!(shown(&read_document_with(&unnamed.bytes(), formulas).unwrap().document), "$x^{2}$", "as LibreOffice writes it");
    let formulas = Formulas { ole: |_| None, preview: |_, mime| (mime == "image/wmf").then(|| (PNG.to_vec(), "image/png")) };
    let read = read_document_with(&file.bytes(), formulas).unwrap();
    assert_eq!((read.media[0].mime.as_str(), codes(&read)), ("image/png", vec!["formula-as-picture"]));
}

#[test]
fn other_objects_are_kept_as_pictures_and_empty_ones_are_told() {
    let object = |inside: &str| p(&format!("<w:r><w:object>{inside}<o:OLEObject ProgID=\"Excel.Sheet.12\" r:id=\"r2\"/></w:object></w:r>"));
    let body = object("<v:shape><v:imagedata r:id=\"r1\"/></v:shape>") + &object("");
    let read = read(&Docx::new(body).media("r1", "image", "image1.png", PNG));
    assert_eq!(codes(&read), ["object-as-picture", "object-lost"]);
    assert_eq!(read.report[0].source_type.as_deref(), Some("Excel.Sheet.12"));
}

#[test]
fn strict_files_are_read_alike() {
    let strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    let names = "xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"";
    let all = |inside: &str| {
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inside}</Relationships>")
    };
    let file = Docx::new("")
        .part("_rels/.rels", all(&format!("<Relationship Id=\"r1\" Type=\"{strict}/officeDocument\" Target=\"/word/document2.xml\"/>")))
        .part("word/_rels/document2.xml.rels", all(&format!("<Relationship Id=\"s\" Type=\"{strict}/styles\" Target=\"other.xml\"/>")))
        .part("word/other.xml", format!("<w:styles {names}><w:style w:type=\"paragraph\" w:default=\"true\" w:styleId=\"N\"><w:rPr><w:b w:val=\"true\"/></w:rPr></w:style></w:styles>"))
        .part("word/document2.xml", format!("<w:document {names} w:conformance=\"strict\"><w:body><w:p><w:r><w:t>nghiêm</w:t></w:r></w:p></w:body></w:document>"));
    assert_eq!(shown(&read(&file).document), "{b:nghiêm}");
}

#[test]
fn macros_are_ignored_with_a_word() {
    assert_eq!(codes(&read(&Docx::new(line("a")).part("word/vbaProject.bin", b"x"))), ["macros-ignored"]);
}

#[test]
fn files_that_are_something_else_get_one_clear_sentence() {
    let compound = |name: &str| {
        let mut bytes = vec![0_u8; 1024];
        bytes[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
        for (at, unit) in name.encode_utf16().enumerate() {
            bytes[512 + at * 2..514 + at * 2].copy_from_slice(&unit.to_le_bytes());
        }
        bytes
    };
    let mut lock = vec![0_u8; 162];
    lock[0] = 6;
    lock[1..7].copy_from_slice(b"Co Lan");
    let xlsx = support::docx::zipped(&[
        (
            "_rels/.rels".to_owned(),
            b"<Relationships><Relationship Id='1' Type='x/officeDocument' Target='xl/workbook.xml'/></Relationships>".to_vec(),
        ),
        ("xl/workbook.xml".to_owned(), b"<workbook/>".to_vec()),
    ]);
    for (bytes, code) in [
        (Vec::new(), "file-empty"),
        (vec![0; 5000], "file-empty"),
        (lock, "file-lock"),
        (compound("EncryptedPackage"), "file-locked"),
        (compound("WordDocument"), "file-legacy-doc"),
        (compound("Workbook"), "file-legacy-xls"),
        (b"{\\rtf1\\ansi".to_vec(), "file-rtf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>".to_vec(), "file-html"),
        (b"<?xml version='1.0'?><html>".to_vec(), "file-html"),
        (b"%PDF-1.7".to_vec(), "file-pdf"),
        (b"just some words that are longer than a lock file can be".to_vec(), "file-not-docx"),
        (support::docx::zipped(&[("a.txt".to_owned(), b"x".to_vec())]), "file-not-docx"),
        (xlsx, "file-xlsx"),
        (b"PK\x03\x04 cut off".to_vec(), "file-broken"),
        (Docx::new("<w:p><w:r><w:t>a</w:r></w:p>").bytes(), "file-broken"),
        (Docx::new("").part("word/document.xml", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>").bytes(), "file-entities"),
        (Docx::new("<w:p>".repeat(400) + &"</w:p>".repeat(400)).bytes(), "file-too-large"),
        (Docx::new("").part("word/document.xml", " ".repeat(30 << 20)).bytes(), "file-too-large"),
    ] {
        let refused = read_document(&bytes).unwrap_err();
        assert_eq!(refused.code, code, "{refused}");
        assert!(refused.message.ends_with('.'), "{refused}");
    }
}

#[test]
fn what_is_repeated_without_end_stays_bounded() {
    // One note referred to a thousand times is put in once.
    let body = p(&"<w:r><w:footnoteReference w:id=\"2\"/></w:r>".repeat(1000));
    let read_once = read(&Docx::new(body).footnotes(&[("2", &line(&"x".repeat(1000)))]));
    assert!(shown(&read_once.document).len() < 1100);
    // A thousand and more losses are counted.
    let lost = read(&Docx::new(p(&picture("r:embed=\"no\"", "")).repeat(1500)));
    assert_eq!(lost.report.len(), 1001);
    assert_eq!(lost.report.last().unwrap().code, "more-entries");
    // Formulas in formulas, too.
    let deep = "<m:d><m:e>".repeat(120) + "<m:r><m:t>x</m:t></m:r>" + &"</m:e></m:d>".repeat(120);
    assert!(text(&p(&format!("<m:oMath>{deep}</m:oMath>"))).contains("(x)"));
    // Boxes in boxes end at the depth of XML.
    let mut deep = line("đáy");
    for _ in 0..25 {
        deep = p(&format!("<w:r>{}</w:r>", drawn(&boxed(&deep))));
    }
    assert!(shown(&read(&Docx::new(deep)).document).contains("đáy"));
}

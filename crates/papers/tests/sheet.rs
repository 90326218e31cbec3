//! Spreadsheets of questions and of keys.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests fail by panicking, and say what they skip")]

#[path = "made/mod.rs"]
mod made;

use papers::model::{Key, Level, QuestionType};
use papers::{Paper, sheet};
use proptest::prelude::*;
use rust_xlsxwriter::{Image, Workbook};

fn workbook(sheets: &[&[&[&str]]]) -> Vec<u8> {
    let mut book = Workbook::new();
    for rows in sheets {
        let sheet = book.add_worksheet();
        for (row, cells) in rows.iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
                match text.strip_prefix('#') {
                    Some(number) => sheet.write_number(row, column, number.parse::<f64>().unwrap()).unwrap(),
                    None => sheet.write_string(row, column, *text).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn kinds(paper: &Paper) -> Vec<QuestionType> {
    paper.questions.iter().map(|question| question.kind).collect()
}

#[test]
fn types_follow_from_the_shape_of_the_key() {
    let bytes = workbook(&[&[
        &["ĐỀ KIỂM TRA"],
        &[
            "STT",
            "Nội dung câu hỏi",
            "Đáp án A",
            "Đáp án B",
            "Đáp án C",
            "Đáp án D",
            "Đáp án đúng",
            "Điểm",
            "Mức độ",
            "Lời giải",
            "Ghi chú",
        ],
        &["1", "Hỏi $x^2$?", "một", "hai", "ba", "bốn", "B", "0,25", "Nhận biết", "Vì $2$", ""],
        &["2", "Chọn?", "một", "hai", "ba", "bốn", "A, C", "", "VDC", "", ""],
        &["3", "Xét", "một", "hai", "ba", "bốn", "DSSD", "", "", "", ""],
        &["4", "Tính", "", "", "", "", "#12.5", "", "", "", ""],
        &["5", "Đất tròn", "", "", "", "", "Đúng", "", "", "", ""],
        &["6", "Thiếu", "một", "hai", "", "", "", "", "", "", ""],
        &["7", "Viết", "", "", "", "", "", "", "", "", ""],
        &["8", "Số", "5", "6", "7", "8", "7", "", "", "", ""],
        &["9", "Lạ", "một", "hai", "ba", "bốn", "không rõ", "", "", "", ""],
    ]]);
    let paper = sheet::read(&bytes).unwrap();
    use QuestionType::{Essay, MultipleChoice, ShortAnswer, SingleChoice, TrueFalse};
    assert_eq!(
        kinds(&paper),
        [SingleChoice, MultipleChoice, TrueFalse, ShortAnswer, TrueFalse, SingleChoice, Essay, SingleChoice, SingleChoice]
    );
    let [one, several, statements, short, lone, missing, _, number, strange] = paper.questions.as_slice() else { panic!() };
    assert_eq!(
        (one.stem.to_html().as_str(), one.level, one.points.unwrap().to_string()),
        ("<p>Hỏi <span data-math=\"x^2\"></span>?</p>", Some(Level::Nb), "0.25".to_owned())
    );
    assert_eq!((one.options[1].correct, one.explanation.as_ref().unwrap().to_text()), (Some(true), "Vì $2$".to_owned()));
    assert_eq!(several.options.iter().map(|option| option.correct.unwrap()).collect::<Vec<_>>(), [true, false, true, false]);
    assert_eq!(statements.statements.iter().map(|statement| statement.correct.unwrap()).collect::<Vec<_>>(), [true, false, false, true]);
    assert_eq!((short.answers[0].text.as_str(), lone.statements[0].correct), ("12,5", Some(true)));
    assert_eq!((missing.key, missing.options.len()), (Key::Missing, 2));
    assert_eq!(number.options.iter().position(|option| option.correct == Some(true)), Some(2));
    assert_eq!(strange.key, Key::Missing);
    let codes: Vec<&str> = paper.report.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["sheet-column-unread", "key-missing", "sheet-key-unread", "key-missing"]);
}

#[test]
fn a_few_tags_show_what_letters_cannot() {
    let cell = r"<b>Cho $a<b$ và</b> H<sub>2</sub>O, x<5, <i>mở, 5\$, \<b>chữ</b>";
    let paper = sheet::read(&workbook(&[&[&["Câu hỏi", "A", "B", "Đáp án"], &[cell, "x", "y", "A"]]])).unwrap();
    assert_eq!(
        paper.questions[0].stem.to_html(),
        "<p><strong>Cho </strong><span data-math=\"a&lt;b\"></span><strong> và</strong> H<sub>2</sub>O, x&lt;5, &lt;i&gt;mở, 5$, &lt;b&gt;chữ&lt;/b&gt;</p>"
    );
}

#[test]
fn parts_are_counted_apart() {
    let bytes = workbook(&[&[
        &["Câu", "Câu hỏi", "A", "B", "Đáp án"],
        &["PHẦN I"],
        &["1", "Hỏi?", "x", "y", "A"],
        &["2", "Hỏi nữa?", "x", "y", "B"],
        &["PHẦN II"],
        &["1", "Xét", "x", "y", "ĐS"],
    ]]);
    let paper = sheet::read(&bytes).unwrap();
    let places: Vec<_> = paper.questions.iter().map(|question| (question.address.part, question.address.number)).collect();
    assert_eq!(places, [(Some(1), Some(1)), (Some(1), Some(2)), (Some(2), Some(1))]);
}

#[test]
fn keys_by_version_are_read_and_put_on_a_paper() {
    let keys =
        workbook(&[&[&["Câu/Mã đề", "101", "102"], &["1", "A", "B"], &["2", "C", "D"], &["1", "DSSD", "SSSD"], &["1", "#12.5", "-3"]]]);
    let tables = sheet::read_keys(&keys).unwrap();
    assert_eq!((tables.len(), tables[0].code.as_str(), tables[1].keys.len()), (2, "101", 4));
    assert_eq!(sheet::read(&keys).unwrap_err().code, "only-keys");
    let questions = workbook(&[&[
        &["Phần", "Câu hỏi", "A", "B", "C", "D", "Loại", "Đáp án"],
        &["1", "Hỏi?", "x", "y", "z", "t", "", ""],
        &["1", "Hỏi nữa?", "x", "y", "z", "t", "", ""],
        &["2", "Xét", "x", "y", "z", "t", "Đúng/Sai", ""],
        &["3", "Tính", "", "", "", "", "Trả lời ngắn", ""],
    ]]);
    let mut paper = sheet::read(&questions).unwrap();
    assert!(paper.questions.iter().all(|question| question.key == Key::Missing));
    tables[0].apply(&mut paper);
    assert!(paper.questions.iter().all(|question| question.key == Key::Known), "{:#?}", paper.report);
    assert_eq!(paper.questions[1].options[2].correct, Some(true));
    assert_eq!(paper.questions[2].statements[0].correct, Some(true));
    assert_eq!(paper.questions[3].answers[0].text, "12,5");
    assert!(paper.report.iter().all(|entry| entry.code != "key-missing"));
}

#[test]
fn the_template_is_read_without_a_doubt() {
    let paper = sheet::read(&sheet::template()).unwrap();
    assert_eq!((paper.questions.len(), paper.report.as_slice()), (9, [].as_slice()));
    assert!(paper.questions.iter().all(|question| question.key != Key::Missing));
    assert_eq!(kinds(&paper).into_iter().collect::<std::collections::HashSet<_>>().len(), 9);
    assert_eq!(sheet::template(), sheet::template());
}

#[test]
fn what_a_sheet_cannot_hold_is_told() {
    let paper = made::everything();
    let written = sheet::write(&paper).unwrap();
    let codes: std::collections::BTreeSet<&str> = written.report.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["credit-not-written", "feedback-not-written", "media-not-written"]);
    let back = sheet::read(&written.bytes).unwrap();
    assert_eq!(kinds(&back), kinds(&paper));
    for (own, other) in paper.questions.iter().zip(&back.questions) {
        assert_eq!(
            (own.key, &own.tags, own.level, &own.category, own.points),
            (other.key, &other.tags, other.level, &other.category, other.points)
        );
        assert_eq!((own.hints.as_slice(), &own.external_id, own.shuffle), (other.hints.as_slice(), &other.external_id, other.shuffle));
    }
    assert!(back.report.iter().any(|entry| entry.code == "missing-figure"));
}

#[test]
fn other_files_are_refused_with_a_sentence() {
    assert_eq!(sheet::read(b"abc").unwrap_err().code, "file-broken");
    assert_eq!(sheet::read(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]).unwrap_err().code, "sheet-old-or-locked");
    assert_eq!(sheet::read(&workbook(&[&[&["a", "b"]]])).unwrap_err().code, "no-questions");
    let folder = std::path::Path::new("/work/shared/samples/security/zips");
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    };
    for entry in entries {
        let error = sheet::read(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap_err();
        assert!(["file-broken", "file-too-large", "no-questions"].contains(&error.code), "{error:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_paper_comes_back_from_its_sheet(paper in made::papers()) {
        let written = sheet::write(&paper).unwrap();
        prop_assert!(written.report.iter().all(|entry| entry.code == "key-partly-written"), "{:?}", written.report);
        let back = sheet::read(&written.bytes).unwrap();
        made::assert_same(&paper, &back);
    }

    #[test]
    fn broken_workbooks_never_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = sheet::template();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = sheet::read(&bytes);
        let _ = sheet::read_keys(&bytes);
    }
}

/// A smallest PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

#[test]
fn pictures_over_cells_belong_to_what_the_cells_hold() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in [
        ["STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án", "Lời giải"],
        ["1", "Hình nào?", "", "", "", "", "C", ""],
        ["2", "Cho hình bên. Một?", "một", "hai", "ba", "bốn", "B", "Xem hình"],
    ]
    .iter()
    .enumerate()
    {
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *text).unwrap();
        }
    }
    let picture = Image::new_from_buffer(PNG).unwrap();
    for column in 2..6 {
        sheet.insert_image(1, column, &picture).unwrap();
    }
    sheet.insert_image(2, 1, &picture).unwrap();
    // Below the row of the question, where no other begins.
    sheet.insert_image(3, 7, &picture).unwrap();
    let (paper, document) = sheet::read_with_document(&book.save_to_buffer().unwrap()).unwrap();
    let texts: Vec<String> = paper.questions[0].options.iter().map(|option| option.content.to_text()).collect();
    assert_eq!(texts, ["[image:img1]"; 4]);
    assert_eq!(
        paper.questions[0].options.iter().map(|option| option.correct).collect::<Vec<_>>(),
        [Some(false), Some(false), Some(true), Some(false)]
    );
    assert_eq!(paper.questions[1].stem.to_text(), "Cho hình bên. Một?\n[image:img1]");
    assert_eq!(paper.questions[1].explanation.as_ref().unwrap().to_text(), "Xem hình\n[image:img1]");
    assert_eq!(paper.media.len(), 1, "the same picture is kept once");
    assert!(paper.report.iter().all(|entry| entry.code != "picture-lost"), "{:?}", paper.report);
    assert_eq!(serde_json::to_string(&document).unwrap().matches("\"kind\":\"media\"").count(), 6);
}

#[test]
fn the_template_calls_types_as_the_screen_does_and_the_older_words_are_still_read() {
    let screen = include_str!("../../../frontend/src/lib/i18n/messages/questions.ts");
    let template = sheet::read(&sheet::template()).unwrap();
    let words = std::fs::read_to_string("src/sheet/write.rs").unwrap();
    for question in &template.questions {
        let name = serde_json::to_value(question.kind).unwrap();
        let key = format!("\"questions.type_{}\": \"", name.as_str().unwrap());
        let word = screen.split_once(&key).unwrap().1.split_once('"').unwrap().0;
        assert!(words.contains(&format!("\"{word}\"")), "{word} is not what the template says");
    }
    for (old, kind) in [
        ("Đúng/Sai", QuestionType::TrueFalse),
        ("Đáp án số", QuestionType::Numeric),
        ("Ghép nối", QuestionType::Matching),
        ("Sắp xếp", QuestionType::Ordering),
        ("Điền khuyết", QuestionType::Cloze),
        ("Nhiều đáp án", QuestionType::MultipleChoice),
    ] {
        let rows: &[&[&str]] = &[&["Loại", "Câu hỏi", "A", "B", "Đáp án"], &[old, "Hỏi [blank:1]?", "1 => 2", "2 => 3", ""]];
        assert_eq!(sheet::read(&workbook(&[rows])).unwrap().questions[0].kind, kind, "{old}");
    }
}

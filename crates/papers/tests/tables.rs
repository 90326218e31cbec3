//! Papers given as tables of questions.
#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "tests say what they want and fail where it is not so")]

#[path = "layout/sheet.rs"]
mod sheet;

use rust_xlsxwriter::Workbook;
use sheet::{doubts, keys, options, paper, report};

#[test]
fn a_question_a_row_is_read_by_its_headings() {
    for text in [
        "| STT | Câu hỏi | A | B | C | D | Đáp án | Lời giải | Mức độ |\n| 1 | Một? | a1 | b1 | c1 | d1 | B | Vì thế | NB |\n| 2 | Hai? | a2 | b2 | c2 | d2 | C | | Thông hiểu |",
        "| No | Question | Option A | Option B | Option C | Option D | Correct answer | Explanation | Level |\n| 1 | Một? | a1 | b1 | c1 | d1 | B | Vì thế | 0 |\n| 2 | Hai? | a2 | b2 | c2 | d2 | c | | 1 |",
        "| Câu | Nội dung câu hỏi | Phương án A | Phương án B | Phương án C | Phương án D | Đáp án đúng | Giải thích | Mức độ |\n| 1 | Một? | a1 | b1 | c1 | d1 | 2 | Vì thế | Nhận biết |\n| 2 | Hai? | a2 | b2 | c2 | d2 | 3 | | TH |",
        "| Câu hỏi | Đáp án A | Đáp án B | Đáp án C | Đáp án D | Đáp án | Lời giải | Mức độ |\n| Một? | A. a1 | B. b1 | C. c1 | D. d1 | B | Vì thế | NB |\n| Hai? | A. a2 | B. b2 | C. c2 | D. d2 | C | | TH |",
        "| Câu hỏi | Đáp án 1 | Đáp án 2 | Đáp án 3 | Đáp án 4 | Đáp án đúng | Lời giải | Mức độ |\n| Câu 1: Một? | a1 | b1 | c1 | d1 | b1 | Vì thế | NB |\n| Câu 2: Hai? | a2 | b2 | c2 | d2 | c2 | | TH |",
        "| STT | Nội dung | Đáp án | Hướng dẫn giải | Mức độ |\n| 1 | Một?¶A. a1¶B. b1¶C. c1¶D. d1 | B | Vì thế | NB |\n| 2 | Hai?¶A. a2→B. b2→C. c2→D. d2 | C | | TH |",
        "| X_1 | Câu 1: Một?¶A. a1¶B. b1¶C. c1¶D. d1 | B | Vì thế vậy |\n| X_2 | Câu 2: Hai?¶A. a2→B. b2→C. c2→D. d2 | C | |",
        "| Câu 1 | Một? |\n| A | a1 |\n| B | b1 |\n| C | c1 |\n| D | d1 |\n| Đáp án | B |\n| Lời giải | Vì thế nên như vậy |\n| Câu 2 | Hai? |\n| A | a2 |\n| B | b2 |\n| C | c2 |\n| D | d2 |\n| Đáp án | C |",
        "| QN=1 | Một? | |\n| a. | a1 | |\n| b. | b1 | x |\n| c. | c1 | |\n| d. | d1 | |\n| Lời giải: | Vì thế nên như vậy | |\n| QN=2 | Hai? | |\n| a. | a2 | |\n| b. | b2 | |\n| c. | c2 | x |\n| d. | d2 | |",
    ] {
        let paper = paper(text);
        assert_eq!(keys(&paper), "1:B 2:C", "{text}\n{}", report(&paper));
        assert_eq!(options(&paper.questions[0]), ["a1", "b1", "c1", "d1"], "{text}");
        assert_eq!(paper.questions[0].stem.to_text(), "Một?", "{text}");
        assert!(paper.questions[0].explanation.as_ref().is_none_or(|explanation| explanation.to_text().starts_with("Vì thế")), "{text}");
        if text.contains("Mức độ") || text.contains("Level") {
            assert_eq!(paper.questions[0].level, Some(papers::model::Level::Nb), "{text}");
            assert_eq!(paper.questions[1].level, Some(papers::model::Level::Th), "{text}");
        }
        assert!(doubts(&paper).is_empty(), "{text}: {}", report(&paper));
    }
}

#[test]
fn an_empty_key_stays_unsaid() {
    let paper = paper(
        "| STT | Câu hỏi | A | B | C | D | Đáp án |\n| 1 | Một? | a | b | c | d | |\n| 2 | Hai? | a | b | c | d | B |\n| 3 | Ba? | 1 | 2 | 3 | 5 | 3 |",
    );
    assert_eq!(keys(&paper), "1:- 2:B 3:C");
}

#[test]
fn questions_without_options_are_short_answers_or_essays() {
    let paper = paper(
        "| STT | Câu hỏi | Đáp án |\n| 1 | Thủ đô của Việt Nam là gì? | Hà Nội |\n| 2 | Một cộng một bằng mấy? | 2 |\n| 3 | Nêu cảm nghĩ của em. | |",
    );
    assert_eq!(keys(&paper), "1:Hà Nội 2:2 3:essay");
}

#[test]
fn pictures_beside_a_question_belong_to_its_stem() {
    let paper = paper(
        "| X_1 | {img} | Câu 1: Một?¶A. a1¶B. b1¶C. c1¶D. d1 | B | | Vì thế vậy |\n| X_2 | | Câu 2: Hai?¶A. a2→B. b2→C. c2→D. d2 | C | {img} | Vì vậy đó |",
    );
    assert_eq!(keys(&paper), "1:B 2:C", "{}", report(&paper));
    assert!(paper.questions[0].stem.to_text().contains("[image:img1]"));
    assert!(paper.questions[1].explanation.as_ref().unwrap().to_text().contains("[image:img1]"));
}

fn book(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_spreadsheet_is_a_table_of_questions() {
    let bytes = book(&[
        &["ĐỀ KIỂM TRA"],
        &["STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án", "Lời giải"],
        &["1", "Một $x^2$?", "a1", "b1", "c1", "d1", "B", "Vì thế"],
        &["2", "Hai?", "a2", "b2", "c2", "d2", "C", ""],
    ]);
    let paper = papers::sheet::read(&bytes).unwrap();
    assert_eq!(keys(&paper), "1:B 2:C", "{}", report(&paper));
    assert_eq!(paper.questions[1].address.paragraph, Some(4));
    assert!(paper.questions[0].stem.to_html().contains("data-math"));
}

#[test]
fn what_is_no_spreadsheet_is_refused_in_one_sentence() {
    for bytes in [&b""[..], b"PK\x03\x04", b"xin ch\xc3\xa0o"] {
        assert!(!papers::sheet::read(bytes).unwrap_err().message.is_empty());
    }
    assert_eq!(papers::sheet::read(&book(&[&["xin chào"]])).unwrap_err().code, "no-questions");
}

#[test]
fn latex_typed_without_dollars_is_read_where_it_is_sure_and_told_where_it_is_not() {
    let paper = paper(
        "| STT | Nội dung | Đáp án | Hướng dẫn giải |\n| 1 | Thể tích khối cầu bán kính R=2a là¶A. \\frac{32\\pi a^3}{3}.¶B. 4a^3.¶C. \\left(2a\\right)^3.¶D. a^3. | A | Vì V=\\frac{4}{3}\\pi R^3 nên vậy |\n| 2 | Nghiệm của phương trình x^2=4 là¶A. \\left\\{2\\right\\}¶B. \\left\\{-2;2\\right\\}¶C. 4¶D. 16 | B | x^2=4\\Leftrightarrow&x=2&x=-2 |",
    );
    assert_eq!(keys(&paper), "1:A 2:B", "{}", report(&paper));
    assert_eq!(options(&paper.questions[0]), ["$\\frac{32\\pi a^3}{3}$.", "$4a^3$.", "$\\left(2a\\right)^3$.", "$a^3$."]);
    assert_eq!(paper.questions[0].explanation.as_ref().unwrap().to_text(), "Vì $V=\\frac{4}{3}\\pi R^3$ nên vậy");
    assert_eq!(paper.questions[1].stem.to_text(), "Nghiệm của phương trình $x^2=4$ là");
    let unsure: Vec<_> = paper.report.iter().filter(|entry| entry.code == "latex-unsure").collect();
    let [only] = unsure.as_slice() else { panic!("{}", report(&paper)) };
    assert_eq!(only.address.and_then(|address| address.number), Some(2));
    assert!(only.message.contains("“x^2=4\\Leftrightarrow”") && only.message.contains("giữa hai dấu $"), "{}", only.message);
    assert!(paper.questions[1].explanation.as_ref().unwrap().to_text().contains("\\Leftrightarrow&x=2"), "nothing of it is lost");
}

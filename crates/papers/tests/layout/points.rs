//! Points said by headings.

use crate::sheet::{doubts, paper, report};

/// The points of each question, `-` where none are said.
fn points(text: &str) -> String {
    let paper = paper(text);
    let words: Vec<String> =
        paper.questions.iter().map(|question| question.points.map_or("-".to_owned(), |points| points.to_string())).collect();
    words.join(" ")
}

fn choices(count: u32) -> String {
    (1..=count).map(|number| format!("Câu {number}. Hỏi {number}?\nA. a→*B. b→C. c→D. d\n")).collect()
}

fn truths(count: u32) -> String {
    (1..=count).map(|number| format!("Câu {number}. Cho {number}.\na) Một.\nb) Hai.\nc) Ba.\nd) Bốn.\nĐáp án: ĐSĐS\n")).collect()
}

fn shorts(count: u32) -> String {
    (1..=count).map(|number| format!("Câu {number}. Tính {number}.\nĐáp án: {number}\n")).collect()
}

#[test]
fn the_points_of_a_part_are_shared_by_its_questions() {
    let text = format!(
        "PHẦN I (3,0 điểm). Câu trắc nghiệm nhiều phương án lựa chọn.\n{}PHẦN II. Câu trắc nghiệm đúng sai (2 điểm)\n{}PHẦN III. Câu trắc nghiệm trả lời ngắn\nMỗi câu trả lời đúng thí sinh được 0,25 điểm.\n{}",
        choices(4),
        truths(2),
        shorts(2)
    );
    assert_eq!(points(&text), "0.75 0.75 0.75 0.75 1 1 0.25 0.25", "{}", report(&paper(&text)));
    assert!(doubts(&paper(&text)).is_empty());
}

#[test]
fn steps_of_true_and_false_are_no_points_of_a_question() {
    let head = "PHẦN II. Câu trắc nghiệm đúng sai\n- Thí sinh chỉ lựa chọn chính xác 01 ý trong 1 câu hỏi được 0,1 điểm.\n- Thí sinh lựa chọn chính xác cả 04 ý trong 1 câu hỏi được 1 điểm.\n";
    assert_eq!(points(&format!("{head}{}", truths(2))), "- -");
    let most = "Điểm tối đa của 01 câu hỏi là 1 điểm.\n";
    assert_eq!(points(&format!("{head}{most}{}", truths(2))), "1 1");
}

#[test]
fn a_question_keeps_the_points_it_says_itself() {
    let text = format!("PHẦN I. TRẮC NGHIỆM (mỗi câu 0,25 điểm)\n{}", choices(2).replace("Câu 2.", "Câu 2 (0,5 điểm)."));
    assert_eq!(points(&text), "0.25 0.5");
}

#[test]
fn a_total_that_cannot_be_shared_exactly_is_left_alone() {
    for (head, body) in [
        ("PHẦN I (1 điểm)", choices(3)),
        // Some say their own.
        ("PHẦN I (1 điểm)", choices(2).replace("Câu 2.", "Câu 2 (0,5 điểm).")),
        // Essays are seldom worth the same.
        ("II. TỰ LUẬN (3 điểm)", "Câu 1. Giải phương trình.\nCâu 2. Chứng minh.\n".to_owned()),
        // One of four was not found.
        ("PHẦN I (3 điểm, gồm 4 câu)", choices(3)),
    ] {
        let text = format!("{head}\n{body}");
        let first = points(&text);
        assert!(first.split(' ').all(|word| word == "-" || word == "0.5"), "{head}: {first}");
        assert!(!doubts(&paper(&text)).contains(&"points-conflict".to_owned()));
    }
    assert_eq!(points("II. TỰ LUẬN (3 điểm)\nCâu 1. Giải phương trình."), "3");
}

#[test]
fn a_heading_that_contradicts_itself_gives_no_points_and_is_told() {
    let text = format!("PHẦN I (3 điểm, mỗi câu 0,25 điểm)\n{}", choices(4));
    assert_eq!(points(&text), "- - - -");
    let paper = paper(&text);
    let told = paper.report.iter().find(|entry| entry.code == "points-conflict").unwrap();
    assert_eq!(told.address.unwrap().number, Some(1));
    assert!(told.message.contains("3 điểm") && told.message.contains("0,25 điểm") && told.message.contains("4 câu"), "{}", told.message);
}

#[test]
fn a_heading_below_another_says_it_for_its_own() {
    let text = format!(
        "A. TRẮC NGHIỆM (4 điểm)\nI. NHẬN BIẾT (mỗi câu 0,5 điểm)\n{}II. THÔNG HIỂU\n{}",
        choices(2),
        choices(4).split_once("Câu 3").map(|(_, rest)| format!("Câu 3{rest}")).unwrap()
    );
    assert_eq!(points(&text), "0.5 0.5 - -", "{}", report(&paper(&text)));
}

#[test]
fn what_the_head_or_the_key_says_of_each_question_counts() {
    assert_eq!(points(&format!("ĐỀ KIỂM TRA (gồm 3 câu, mỗi câu 0,5 điểm)\n{}", choices(3))), "0.5 0.5 0.5");
    let key = "HẾT\nPHẦN I. (Mỗi câu trả lời đúng thí sinh được 0,25 điểm)\n| Câu | 1 | 2 |\n| Đáp án | A | C |\nPHẦN III. (Mỗi câu trả lời đúng thí sinh được 0,5 điểm)\n| Câu | 1 | 2 |\n| Đáp án | 12 | 5 |";
    let asked = "PHẦN I. Câu trắc nghiệm nhiều phương án lựa chọn\nCâu 1. Một?\nA. a→B. b→C. c→D. d\nCâu 2. Hai?\nA. a→B. b→C. c→D. d\nPHẦN III. Câu trắc nghiệm trả lời ngắn\nCâu 1. Ba?\nCâu 2. Bốn?\n";
    assert_eq!(points(&format!("{asked}{key}")), "0.25 0.25 0.5 0.5", "{}", report(&paper(&format!("{asked}{key}"))));
}

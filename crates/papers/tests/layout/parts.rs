use crate::sheet::{doubts, keys, options, paper, report};

#[test]
fn heads_and_feet_are_no_questions() {
    let paper = paper(
        "| SỞ GD&ĐT NGHỆ AN¶TRƯỜNG THPT A | KỲ THI THỬ NĂM 2025¶Môn: TOÁN¶Thời gian làm bài: 90 phút |\nHọ và tên thí sinh: ............... Số báo danh: ........\nMã đề 101\n1. Thí sinh không được sử dụng tài liệu.\nCâu 1. Một?\nA. a→*B. b→C. c→D. d\nTrang 1/4 - Mã đề 101\nCâu 2. Hai?\nA. a→B. b→*C. c→D. d\n------ HẾT ------\nThí sinh không được sử dụng tài liệu. Cán bộ coi thi không giải thích gì thêm.",
    );
    assert_eq!(keys(&paper), "1:B 2:C");
    assert_eq!(options(&paper.questions[0])[3], "d");
    assert!(doubts(&paper).is_empty());
    let left = paper.report.iter().find(|entry| entry.code == "text-left-out").unwrap();
    assert!(left.values["text"].contains("Họ và tên thí sinh"));
}

#[test]
fn numbers_start_again_in_each_part() {
    let body = |a: &str, b: &str| {
        format!(
            "{a}\nCâu 1. Một?\nA. a→*B. b→C. c→D. d\nCâu 2. Hai?\nA. a→*B. b→C. c→D. d\n{b}\nCâu 1. Ba?\nA. a→*B. b→C. c→D. d\nCâu 2. Bốn?\nA. a→*B. b→C. c→D. d"
        )
    };
    for (a, b) in [
        ("PHẦN I. TRẮC NGHIỆM", "PHẦN II. TRẮC NGHIỆM"),
        ("Phần 1", "Phần 2"),
        ("I. Đại số", "II. Hình học"),
        ("Part 1", "Part 2"),
        ("Nhóm 1", "Nhóm 2"),
        ("ĐẠI SỐ", "HÌNH HỌC"),
        ("", ""),
        ("A. TRẮC NGHIỆM", "B. TRẮC NGHIỆM TIẾP"),
        ("Chương 1: Este", "Chương 2: Amin"),
        ("Bài 1: Este", "Bài 2: Amin"),
    ] {
        let paper = paper(&body(a, b));
        assert_eq!(keys(&paper), "1.1:B 1.2:B 2.1:B 2.2:B", "{a} {b}: {}", report(&paper));
        assert_eq!(options(&paper.questions[1])[3], "d", "{a}");
    }
}

#[test]
fn numbers_may_go_on_through_the_parts() {
    let paper = paper(
        "PHẦN I. TRẮC NGHIỆM\nCâu 1. Một?\nA. a→*B. b→C. c→D. d\nCâu 2. Hai?\nA. a→*B. b→C. c→D. d\nPHẦN II. TỰ LUẬN\nCâu 3. Giải phương trình.\nCâu 4. Chứng minh.",
    );
    assert_eq!(keys(&paper), "1.1:B 1.2:B 2.3:essay 2.4:essay");
    assert!(doubts(&paper).is_empty());
}

#[test]
fn gaps_and_repeats_are_told() {
    let paper = paper("Câu 1. Một?\nA. a→*B. b\nCâu 2. Hai?\nA. a→*B. b\nCâu 2. Hai nữa?\nA. a→*B. b\nCâu 5. Năm?\nA. a→*B. b");
    assert_eq!(paper.questions.len(), 4);
    let codes = doubts(&paper);
    assert!(codes.contains(&"number-gap".to_owned()) && codes.contains(&"number-repeated".to_owned()), "{codes:?}");
}

#[test]
fn bare_numbers_are_questions_where_options_follow() {
    let paper = paper(
        "I. TRẮC NGHIỆM\n1. Một?\nA. a→*B. b→C. c→D. d\n2. Cho các ý:\n1. x\n2. y\n3. z\nSố ý đúng:\nA. 1→B. 2→*C. 3→D. 0\n3. Ba?\n*A. a→B. b→C. c→D. d\nII. TỰ LUẬN\n1. Giải phương trình.\n2. Tính diện tích.",
    );
    assert_eq!(keys(&paper), "1.1:B 1.2:C 1.3:A 2.1:essay 2.2:essay");
    assert!(paper.questions[1].stem.to_text().contains("3. z"));
}

#[test]
fn groups_by_level_say_the_level() {
    let paper = paper(
        "I. NHẬN BIẾT\nCâu 1. Một?\nA. a→*B. b→C. c→D. d\nII. THÔNG HIỂU\nCâu 2. Hai?\nA. a→*B. b→C. c→D. d\nIII. VẬN DỤNG CAO\nCâu 3. Ba?\nA. a→*B. b→C. c→D. d",
    );
    let levels: Vec<Option<&str>> = paper.questions.iter().map(|question| question.level.map(papers::model::Level::word)).collect();
    assert_eq!(levels, [Some("NB"), Some("TH"), Some("VDC")]);
}

#[test]
fn a_stem_that_announces_something_and_ends_is_told() {
    let paper = paper(
        "Câu 1. Cho sơ đồ phản ứng sau:\nA. a→*B. b\nCâu 2. Cho các phản ứng sau:\nChất X là\nA. a→*B. b\nCâu 3. Cho các số sau: 1, 2, 3. Số nào chẵn?\nA. a→*B. b\nCâu 4. Cho các chất sau:\n(1) glucozơ; (2) saccarozơ.\nSố chất tan là\nA. a→*B. b\nCâu 5. Cho phản ứng sau:\n{m:A \\to B}\nChất B là\nA. a→*B. b\nCâu 6. Cho biết phát biểu nào đúng trong các phát biểu sau:\nA. a→*B. b\nCâu 7. Cho sơ đồ phản ứng sau: Vậy X, Y lần lượt là:\nA. a→*B. b\nCâu 8. Các chất X, Y, Z, T có một số đặc điểm sau:↵X, Y, Z, T lần lượt là:\nA. a→*B. b\nCâu 9. Cho các số sau: 1, 2, 3. Vậy số nào chẵn?\nA. a→*B. b",
    );
    let at: Vec<Option<u32>> =
        paper.report.iter().filter(|entry| entry.code == "stem-cut").map(|entry| entry.address.unwrap().number).collect();
    assert_eq!(at, [Some(1), Some(2), Some(7), Some(8)], "{}", report(&paper));
}

#[test]
fn a_missing_picture_is_told() {
    let paper = paper(
        "Câu 1. Cho đồ thị như hình vẽ bên. Hỏi?\nA. a→*B. b\nCâu 2. Cho hình vẽ bên\n{img}\nHỏi?\nA. a→*B. b\nCâu 3. Cho bảng biến thiên:\n| x | 0 | 1 |\n| y | 1 | 2 |\nHỏi?\nA. a→*B. b",
    );
    let at: Vec<Option<u32>> =
        paper.report.iter().filter(|entry| entry.code == "missing-figure").map(|entry| entry.address.unwrap().number).collect();
    assert_eq!(at, [Some(1)]);
}

#[test]
fn two_papers_in_a_file_are_two_parts() {
    let one = |name: &str| {
        format!("ĐỀ SỐ {name}\nCâu 1. Hỏi {name} một?\nA. a→*B. b→C. c→D. d\nCâu 2. Hỏi {name} hai?\nA. a→*B. b→C. c→D. d\n--- HẾT ---\n")
    };
    let paper = paper(&format!("{}{}", one("1"), one("2")));
    assert_eq!(paper.questions.len(), 4, "{}", report(&paper));
    assert!(paper.questions[2].address.part != paper.questions[0].address.part);
}

#[test]
fn an_explanation_may_hold_anything() {
    let paper = paper(
        "Câu 1. Một?\nA. a→B. b→C. c→D. d\nHướng dẫn giải:\nPhương pháp: dùng định lí.\nI. Lí thuyết\n1. Bước một\n2. Bước hai\nA. sai vì x\nB. đúng vì y\nĐáp án: B\nCâu 2. Hai?\nA. a→B. b→C. c→D. d\nGiải thích: vì câu 1 và câu 2 giống nhau.\nĐáp án: C",
    );
    assert_eq!(keys(&paper), "1:B 2:C", "{}", report(&paper));
    assert!(paper.questions[0].explanation.as_ref().unwrap().to_text().contains("1. Bước một"));
    assert_eq!(options(&paper.questions[0]), ["a", "b", "c", "d"]);
}

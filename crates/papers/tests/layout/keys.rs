use crate::sheet::{doubts, keys, paper, report};

fn asked(count: usize) -> String {
    (1..=count).map(|number| format!("Câu {number}. Câu hỏi {number}?\nA. a{number}→B. b→C. c→D. d\n")).collect()
}

const LETTERS: &str = "ABCDABCDABCDABCDABCD";

fn expected(count: usize) -> String {
    LETTERS.chars().take(count).enumerate().map(|(at, letter)| format!("{}:{letter}", at + 1)).collect::<Vec<_>>().join(" ")
}

#[test]
fn key_tables_behind_the_end_are_read_in_every_shape() {
    let table = [
        ("two rows", "------ HẾT ------\nBẢNG ĐÁP ÁN\n| Câu | 1 | 2 | 3 | 4 | 5 | 6 |\n| Đáp án | A | B | C | D | A | B |"),
        ("blocks of three", "HẾT\nĐÁP ÁN\n| 1 | 2 | 3 |\n| A | B | C |\n| 4 | 5 | 6 |\n| D | A | B |"),
        ("named blocks", "HẾT\n| Câu | 1 | 2 | 3 |\n| ĐA | A | B | C |\n| Câu | 4 | 5 | 6 |\n| ĐA | D | A | B |"),
        ("a column", "HẾT\n| Câu | Đáp án |\n| 1 | A |\n| 2 | B |\n| 3 | C |\n| 4 | D |\n| 5 | A |\n| 6 | B |"),
        ("columns side by side", "HẾT\n| Câu | ĐA | Câu | ĐA |\n| 1 | A | 4 | D |\n| 2 | B | 5 | A |\n| 3 | C | 6 | B |"),
        ("cells of both", "HẾT\n| 1-A | 2-B | 3-C |\n| 4-D | 5-A | 6-B |"),
        ("cells with points", "HẾT\nBẢNG ĐÁP ÁN\n| 1.A | 2.B | 3.C | 4.D | 5.A | 6.B |"),
        ("cells stuck", "HẾT\n| 1A | 2B | 3C | 4D | 5A | 6B |"),
        ("cells in small letters", "HẾT\n| 1a | 2b | 3c | 4d | 5a | 6b |"),
        ("named cells", "HẾT\n| Câu 1 | Câu 2 | Câu 3 | Câu 4 | Câu 5 | Câu 6 |\n| A | B | C | D | A | B |"),
        ("a line", "HẾT\n1A 2B 3C 4D 5A 6B"),
        ("a line of dashes", "HẾT\n1-A, 2-B, 3-C, 4-D, 5-A, 6-B"),
        ("a line of points", "HẾT\n1.A→2.B→3.C→4.D→5.A→6.B"),
        ("a line of bars", "1:A|2:B|3:C|4:D|5:A|6:B"),
        ("a line for each", "HẾT\nĐÁP ÁN\n1. A\n2. B\n3. C\n4. D\n5. A\n6. B"),
        ("a named line for each", "HẾT\nĐÁP ÁN\nCâu 1: A\nCâu 2: B\nCâu 3: C\nCâu 4: D\nCâu 5: A\nCâu 6: B"),
        ("no end", "BẢNG ĐÁP ÁN\n| Câu | 1 | 2 | 3 | 4 | 5 | 6 |\n| Đáp án | A | B | C | D | A | B |"),
        (
            "solutions",
            "HẾT\nHƯỚNG DẪN GIẢI\nCâu 1. Chọn A.\nVì thế.\nCâu 2. Chọn B.\nCâu 3. Đáp án C.\nCâu 4: Đáp án: D\nCâu 5: A. Vì vậy.\nCâu 6. Ta có x = 2.\nChọn B",
        ),
        ("a code of its own", "HẾT\n| Mã đề | 1 | 2 | 3 | 4 | 5 | 6 |\n| 101 | A | B | C | D | A | B |"),
    ];
    for (name, tail) in table {
        let paper = paper(&format!("{}{tail}", asked(6)));
        assert_eq!(keys(&paper), expected(6), "{name}: {}", report(&paper));
        assert!(doubts(&paper).is_empty(), "{name}: {:?}", doubts(&paper));
    }
}

#[test]
fn the_papers_own_code_chooses_among_keys_of_several() {
    let tables = [
        "| Câu | 101 | 102 |\n| 1 | D | A |\n| 2 | D | B |\n| 3 | D | C |\n| 4 | D | D |",
        "| Mã đề | 1 | 2 | 3 | 4 |\n| 101 | D | D | D | D |\n| 102 | A | B | C | D |",
        "Mã đề 101\n| Câu | 1 | 2 | 3 | 4 |\n| ĐA | D | D | D | D |\nMã đề 102\n| Câu | 1 | 2 | 3 | 4 |\n| ĐA | A | B | C | D |",
    ];
    for table in tables {
        let own = paper(&format!("ĐỀ KIỂM TRA\nMã đề: 102\n{}HẾT\nĐÁP ÁN\n{table}", asked(4)));
        assert_eq!(keys(&own), expected(4), "{table}: {}", report(&own));
        let unknown = paper(&format!("ĐỀ KIỂM TRA\n{}HẾT\nĐÁP ÁN\n{table}", asked(4)));
        assert_eq!(keys(&unknown), "1:- 2:- 3:- 4:-", "{table}");
        assert!(doubts(&unknown).contains(&"key-many-codes".to_owned()), "{table}");
        let other = paper(&format!("Mã đề: 999\n{}HẾT\nĐÁP ÁN\n{table}", asked(4)));
        assert_eq!(keys(&other), "1:- 2:- 3:- 4:-", "{table}");
    }
}

#[test]
fn two_sources_that_disagree_leave_the_key_open() {
    let paper = paper(
        "Câu 1. Một?\nA. a\n{u:B.} b\nC. c\nD. d\nCâu 2. Hai?\nA. a\n{u:B.} b\nC. c\nD. d\nCâu 3. Ba?\n{u:A.} a\nB. b\nC. c\nD. d\nHẾT\n| Câu | 1 | 2 | 3 |\n| Đáp án | B | C | A |",
    );
    assert_eq!(keys(&paper), "1:B 2:- 3:A");
    assert!(doubts(&paper).contains(&"key-conflict".to_owned()));
    assert!(paper.questions[1].options.iter().all(|option| option.correct.is_none()));
}

#[test]
fn a_table_of_data_in_a_question_is_no_key() {
    let paper = paper(
        "Câu 1. Cho bảng số liệu:\n| Năm | 2010 | 2015 | 2020 |\n| Sản lượng | 12 | 15 | 20 |\nNăm nào lớn nhất?\nA. 2010→B. 2015→*C. 2020→D. như nhau\nCâu 2. Cho bảng tần số:\n| x | 1 | 2 | 3 | 4 |\n| n | 5 | 6 | 7 | 8 |\nMốt là\nA. 1→B. 2→C. 3→*D. 4\nCâu 3. Nối cột:\n| 1. mèo | A. cat |\n| 2. chó | B. dog |\n| 3. gà | C. hen |\nA. 1-A, 2-B, 3-C→B. 1-B, 2-A, 3-C→C. 1-C, 2-B, 3-A→D. 1-A, 2-C, 3-B\nĐáp án: A",
    );
    assert_eq!(keys(&paper), "1:C 2:D 3:A");
    assert!(paper.questions[0].stem.to_html().contains("<table"));
    assert!(paper.questions[1].stem.to_html().contains("<table"));
    assert!(paper.questions[2].stem.to_html().contains("<table"));
}

#[test]
fn solutions_behind_the_key_explain_their_questions() {
    let paper = paper(
        "Câu 1. Một cộng một?\nA. 1→B. 2→C. 3→D. 4\nCâu 2. Hai cộng hai?\nA. 1→B. 2→C. 3→D. 4\n-----HẾT-----\nHƯỚNG DẪN GIẢI CHI TIẾT\nCâu 1: Một cộng một?\nA. 1→B. 2→C. 3→D. 4\nLời giải\nChọn B\nVì 1 + 1 = 2.\nCâu 2: Hai cộng hai?\nA. 1→B. 2→C. 3→D. 4\nLời giải\nTa có 2 + 2 = 4. Chọn D.",
    );
    assert_eq!(keys(&paper), "1:B 2:D");
    assert_eq!(paper.questions.len(), 2);
    assert_eq!(paper.questions[0].explanation.as_ref().unwrap().to_text(), "Vì 1 + 1 = 2.");
}

#[test]
fn chosen_as_origin_is_no_answer() {
    let paper = paper(
        "Câu 1. Một?\nA. a\nB. b\nC. c\nD. d\nLời giải\nChọn A làm gốc toạ độ. Chọn B, C sao cho BC = 2.\nĐặt x.\nCâu 2. Hai?\nA. a\nB. b\nC. c\nD. d\nLời giải\nChọn A(1;2).\nChọn D.",
    );
    assert_eq!(keys(&paper), "1:- 2:D");
}

#[test]
fn short_answers_keep_their_exact_text() {
    let paper = paper(
        "PHẦN III. Câu trắc nghiệm trả lời ngắn. Thí sinh trả lời từ câu 1 đến câu 6.\nCâu 1. Một?\nĐáp án: 12,5|12.5\nCâu 2. Hai?\nĐáp án: 9,4 cm\nCâu 3. Ba?\nTrả lời: 1.234\nCâu 4. Bốn?\nĐáp số: ≈ 3,14\nCâu 5. Năm?\n| Đáp án | 1 | 2 | , | 5 |\nCâu 6. Sáu?\nĐáp án: ………",
    );
    assert_eq!(keys(&paper), "3.1:12,5|12.5 3.2:9,4 cm 3.3:1.234 3.4:≈ 3,14 3.5:12,5 3.6:-");
    let codes = doubts(&paper);
    for code in ["answer-with-unit", "answer-separator", "answer-approximate", "key-missing"] {
        assert!(codes.contains(&code.to_owned()), "{code}: {codes:?}");
    }
}

#[test]
fn keys_of_three_parts_find_their_parts() {
    let body = "PHẦN I. Câu trắc nghiệm nhiều phương án lựa chọn. Thí sinh trả lời từ câu 1 đến câu 3.\nCâu 1. a?\nA. 1→B. 2→C. 3→D. 4\nCâu 2. b?\nA. 1→B. 2→C. 3→D. 4\nCâu 3. c?\nA. 1→B. 2→C. 3→D. 4\nPHẦN II. Câu trắc nghiệm đúng sai. Thí sinh trả lời từ câu 1 đến câu 2. Trong mỗi ý a), b), c), d) ở mỗi câu, thí sinh chọn đúng hoặc sai.\nCâu 1. Xét:\na) một\nb) hai\nc) ba\nd) bốn\nCâu 2. Xét:\na) một\nb) hai\nc) ba\nd) bốn\nPHẦN III. Câu trắc nghiệm trả lời ngắn.\nCâu 1. Bao nhiêu?\nCâu 2. Bao nhiêu?\n--- HẾT ---\nĐÁP ÁN\n";
    let tails = [
        "PHẦN I\n| Câu | 1 | 2 | 3 |\n| Đáp án | A | B | C |\nPHẦN II\n| Câu | 1 | 2 |\n| Đáp án | a) Đ¶b) S¶c) S¶d) Đ | a) S¶b) S¶c) Đ¶d) Đ |\nPHẦN III\n| Câu | 1 | 2 |\n| Đáp án | 12 | 3,5 |",
        "| Câu | 1 | 2 | 3 |\n| Đáp án | A | B | C |\n\n| Câu | a | b | c | d |\n| 1 | Đ | S | S | Đ |\n| 2 | S | S | Đ | Đ |\n\n| Câu | Đáp án |\n| 1 | 12 |\n| 2 | 3,5 |",
        "| Câu | 1 | 2 | 3 |\n| Đáp án | A | B | C |\n\n| Câu | 1 | 2 |\n| Đáp án | ĐSSĐ | SSĐĐ |\n\n| Câu | 1 | 2 |\n| Đáp án | 12 | 3,5 |",
        "Phần I: 1A 2B 3C\nPhần II\n| Câu 1 | Câu 2 |\n| DSSD | SSDD |\nPhần III\n| Câu 1 | Câu 2 |\n| 12 | 3,5 |",
        "PHẦN I\n1A 2B 3C\nPHẦN II\nCâu 1: ĐSSĐ\nCâu 2: SSĐĐ\nPHẦN III\nCâu 1: 12\nCâu 2: 3,5",
        "Phần I\n| 1 | 2 | 3 |\n| A | B | C |\nPhần II\n| Câu | 1 | 2 |\n| a) | Đ | S |\n| b) | S | S |\n| c) | S | Đ |\n| d) | Đ | Đ |\nPhần III\n| 1 | 2 |\n| 12 | 3,5 |",
        "| PHẦN I | | | |\n| Câu | 1 | 2 | 3 |\n| Đáp án | A | B | C |\n| PHẦN II | | | |\n| Câu | 1 | 2 | |\n| Đáp án | ĐSSĐ | SSĐĐ | |\n| PHẦN III | | | |\n| Câu | 1 | 2 | |\n| Đáp án | 12 | 3,5 | |",
    ];
    for tail in tails {
        let paper = paper(&format!("{body}{tail}"));
        assert_eq!(keys(&paper), "1.1:A 1.2:B 1.3:C 2.1:ĐSSĐ 2.2:SSĐĐ 3.1:12 3.2:3,5", "{tail}: {}", report(&paper));
    }
}

#[test]
fn a_key_for_no_question_is_told() {
    let paper = paper(&format!("{}HẾT\n| Câu | 1 | 2 | 3 | 4 | 5 | 9 |\n| Đáp án | A | B | C | D | A | B |\n", asked(4)));
    assert!(doubts(&paper).contains(&"key-unused".to_owned()) || doubts(&paper).contains(&"key-missing".to_owned()), "{}", report(&paper));
}

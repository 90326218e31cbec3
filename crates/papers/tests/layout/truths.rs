use crate::sheet::{doubts, keys, paper, report};

#[test]
fn truths_are_read_from_every_place() {
    let head = "PHẦN II. Câu trắc nghiệm đúng sai.\n";
    let bodies = [
        ("underlined", "Câu 1. Xét:\n{u:a)} một\nb) hai\nc) ba\n{u:d)} bốn"),
        ("red", "Câu 1. Xét:\n{r:a)} một\nb) hai\nc) ba\n{r:d)} bốn"),
        ("starred", "Câu 1. Xét:\n*a) một\nb) hai\nc) ba\n*d) bốn"),
        ("words behind", "Câu 1. Xét:\na) một (Đ)\nb) hai (S)\nc) ba (S)\nd) bốn (Đ)"),
        ("bare table", "Câu 1. Xét:\na) một\nb) hai\nc) ba\nd) bốn\n| Đ | S | S | Đ |"),
        ("headed table", "Câu 1. Xét:\na) một\nb) hai\nc) ba\nd) bốn\n| a | b | c | d |\n| Đ | S | S | Đ |"),
        ("labelled table", "Câu 1. Xét:\na) một\nb) hai\nc) ba\nd) bốn\n| a) Đ | b) S | c) S | d) Đ |"),
        ("ticks", "Câu 1. Xét:\n| Phát biểu | Đúng | Sai |\n| a) một | x | |\n| b) hai | | x |\n| c) ba | | x |\n| d) bốn | x | |"),
        (
            "ticks in a column of their own labels",
            "Câu 1. Xét:\n| | Mệnh đề | Đúng | Sai |\n| a) | một | ✓ | |\n| b) | hai | | ✓ |\n| c) | ba | | ✓ |\n| d) | bốn | ✓ | |",
        ),
        ("one column", "Câu 1. Xét:\n| Phát biểu | Đ/S |\n| a) một | Đ |\n| b) hai | S |\n| c) ba | S |\n| d) bốn | Đ |"),
        ("a line", "Câu 1. Xét:\na) một\nb) hai\nc) ba\nd) bốn\nĐáp án: ĐSSĐ"),
        ("a line of words", "Câu 1. Xét:\na) một\nb) hai\nc) ba\nd) bốn\nĐáp án: a) Đúng, b) Sai, c) Sai, d) Đúng"),
        ("a line with spaces", "Câu 1. Xét:\na) một\nb) hai\nc) ba\nd) bốn\nĐáp án: Đ S S Đ"),
        ("the solution", "Câu 1. Xét:\na) một\nb) hai\nc) ba\nd) bốn\nLời giải\na) Đúng. Vì thế.\nb) Sai. Vì vậy.\nc) Sai\nd) Đúng"),
        ("on one line", "Câu 1. Xét:\n{u:a)} một→b) hai→c) ba→{u:d)} bốn"),
        ("capital labels", "Câu 1. Xét:\n{u:A.} một\nB. hai\nC. ba\n{u:D.} bốn"),
        ("dotted labels", "Câu 1. Xét:\n{u:a.} một\nb. hai\nc. ba\n{u:d.} bốn"),
        ("automatic labels", "Câu 1. Xét:\n~u:a)~ một\n~b)~ hai\n~c)~ ba\n~u:d)~ bốn"),
    ];
    for (name, body) in bodies {
        let paper = paper(&format!("{head}{body}"));
        assert_eq!(keys(&paper), "2.1:ĐSSĐ", "{name}: {}", report(&paper));
        let texts: Vec<String> = paper.questions[0].statements.iter().map(|statement| statement.content.to_text()).collect();
        assert_eq!(texts, ["một", "hai", "ba", "bốn"], "{name}");
        assert_eq!(paper.questions[0].stem.to_text(), "Xét:", "{name}");
        assert!(doubts(&paper).is_empty(), "{name}: {:?}", doubts(&paper));
    }
}

#[test]
fn levels_stand_before_statements_and_questions() {
    let paper = paper(
        "PHẦN II. Câu trắc nghiệm đúng sai.\nCâu 1. [TH] Xét:\n[NB] {u:a)} một\n[TH] b) hai\nc) [VD] ba\n[VDC] d) bốn\n[1, TH] Câu 2. Xét:\n{u:a)} [0, NB] một\nb) hai\nc) ba\nd) bốn",
    );
    let first = &paper.questions[0];
    let levels: Vec<&str> = first.statements.iter().map(|statement| statement.level.map_or("-", papers::model::Level::word)).collect();
    assert_eq!(levels, ["NB", "TH", "VD", "VDC"]);
    assert_eq!(first.level.map(papers::model::Level::word), Some("TH"));
    assert_eq!(paper.questions[1].level.map(papers::model::Level::word), Some("TH"));
    assert_eq!(first.stem.to_text(), "Xét:");
    assert_eq!(keys(&paper), "2.1:ĐSSS 2.2:ĐSSS");
}

#[test]
fn unmarked_statements_among_marked_questions_stay_unsaid() {
    let paper = paper(
        "PHẦN II. Câu trắc nghiệm đúng sai.\nCâu 1. Xét:\n{u:a)} một\nb) hai\nc) ba\nd) bốn\nCâu 2. Xét:\na) một\nb) hai\nc) ba\nd) bốn",
    );
    assert_eq!(keys(&paper), "2.1:ĐSSS 2.2:????");
    assert!(doubts(&paper).contains(&"key-missing".to_owned()));
}

#[test]
fn parts_of_an_essay_are_no_statements() {
    let paper = paper(
        "B. TỰ LUẬN (3 điểm)\nCâu 1 (2 điểm). Cho hàm số.\na) Khảo sát hàm số.\nb) Tìm m.\nc) Tính diện tích.\nd) Chứng minh.\nBài 2. (1,0 điểm) Giải phương trình.",
    );
    assert_eq!(keys(&paper), "2.1:essay 2.2:essay");
    assert!(paper.questions[0].stem.to_text().contains("d) Chứng minh."));
    assert_eq!(paper.questions[0].points.map(|points| points.to_string()), Some("2".into()));
}

#[test]
fn two_sources_that_disagree_leave_the_statement_open() {
    let paper = paper("PHẦN II. Câu trắc nghiệm đúng sai.\nCâu 1. Xét:\n{u:a)} một\nb) hai\nc) ba\nd) bốn\nĐáp án: ĐĐSS");
    assert_eq!(keys(&paper), "2.1:Đ?SS");
    assert!(doubts(&paper).contains(&"key-conflict".to_owned()));
}

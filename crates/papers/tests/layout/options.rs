use crate::sheet::{doubts, keys, options, paper, report};

/// Each layout holds the same question twice, the first with its key marked on B.
fn table() -> Vec<(&'static str, &'static str)> {
    vec![
        ("one a line", "Câu 1. Một?\nA. a1\n{u:B.} b1\nC. c1\nD. d1\nCâu 2. Hai?\nA. a2\nB. b2\n{u:C.} c2\nD. d2"),
        ("four on a line by tabs", "Câu 1: Một?\nA. a1→{u:B}. b1→C. c1→D. d1\nCâu 2: Hai?\nA. a2→B. b2→{u:C}. c2→D. d2"),
        (
            "two on a line by spaces",
            "Câu 1) Một?\nA. a1      {u:B.} b1\nC. c1      D. d1\nCâu 2) Hai?\nA. a2      B. b2\n{u:C.} c2      D. d2",
        ),
        ("single spaces between", "Câu 1: Một? A. a1 {r:B.} b1 C. c1 D. d1\nCâu 2: Hai? A. a2 B. b2 {r:C.} c2 D. d2"),
        ("soft breaks", "Câu 1: Một?↵A. a1→{r:B.} b1↵C. c1→D. d1\nCâu 2: Hai?↵A. a2→B. b2↵{r:C.} c2→D. d2"),
        ("cells by rows", "Câu 1: Một?\n| A. a1 | {r:B.} b1 | C. c1 | D. d1 |\nCâu 2: Hai?\n| A. a2 | B. b2 |\n| {r:C.} c2 | D. d2 |"),
        (
            "cells by columns",
            "Câu 1: Một?\n| A. a1 | C. c1 |\n| {r:B.} b1 | D. d1 |\nCâu 2: Hai?\n| A. a2 | {r:C.} c2 |\n| B. b2 | D. d2 |",
        ),
        (
            "labels in their own cells",
            "Câu 1: Một?\n| A. | a1 | {r:B.} | b1 |\n| C. | c1 | D. | d1 |\nCâu 2: Hai?\n| A. | a2 |\n| B. | b2 |\n| {r:C.} | c2 |\n| D. | d2 |",
        ),
        ("automatic labels", "~Câu 1.~ Một?\n~A.~ a1\n~r:B.~ b1\n~C.~ c1\n~D.~ d1\n~Câu 2.~ Hai?\n~A.~ a2\n~B.~ b2\n~r:C.~ c2\n~D.~ d2"),
        ("automatic bare numbers", "~1.~ Một?\n~A.~ a1\n~r:B.~ b1\n~C.~ c1\n~D.~ d1\n~2.~ Hai?\n~A.~ a2\n~B.~ b2\n~r:C.~ c2\n~D.~ d2"),
        (
            "labels split over runs",
            "{b:Câ}{b:u }{b:1}{b:.} Một?\n{b:A}{b:.} a1→{bu:B}{b:.} b1→{b:C}. c1→{b:D}. d1\n{b:Câu 2}. Hai?\n{b:A}. a2→{b:B}. b2→{bu:C}{b:.} c2→{b:D}. d2",
        ),
        ("lower case", "Câu 1. Một?\na. a1\n{u:b}. b1\nc. c1\nd. d1\nCâu 2. Hai?\na. a2\nb. b2\n{u:c}. c2\nd. d2"),
        ("parentheses", "1) Một?\n(A) a1→*(B) b1→(C) c1→(D) d1\n2) Hai?\n(A) a2→(B) b2→*(C) c2→(D) d2"),
        ("closing parentheses", "Question 1. Một?\nA) a1\n*B) b1\nC) c1\nD) d1\nQuestion 2. Hai?\nA) a2\nB) b2\n*C) c2\nD) d2"),
        ("colons", "Câu 1. Một?\nA: a1\nB: b1\nC: c1\nD: d1\nĐáp án: B\nCâu 2. Hai?\nA: a2\nB: b2\nC: c2\nD: d2\nĐáp án: C"),
        ("bold label", "Câu 1. Một?\nA. a1→{b:B.} b1→C. c1→D. d1\nCâu 2. Hai?\nA. a2→B. b2→{b:C.} c2→D. d2"),
        ("highlight", "Câu 1. Một?\n{b:A.} a1→{bh:B. b1}→{b:C.} c1→{b:D.} d1\nCâu 2. Hai?\n{b:A.} a2→{b:B.} b2→{bh:C. c2}→{b:D.} d2"),
        ("shaded cells", "Câu 1. Một?\n| A. a1 | +B. b1 | C. c1 | D. d1 |\nCâu 2. Hai?\n| A. a2 | B. b2 | +C. c2 | D. d2 |"),
        (
            "red among blue",
            "Câu 1. Một?\n{kb:A.} a1→{rb:B.} b1→{kb:C.} c1→{kb:D.} d1\nCâu 2. Hai?\n{kb:A.} a2→{kb:B.} b2→{rb:C.} c2→{kb:D.} d2",
        ),
        ("said behind", "Câu 1. Một?\nA. a1\nB. b1\nC. c1\nD. d1\nChọn B.\nCâu 2. Hai?\nA. a2\nB. b2\nC. c2\nD. d2\nChọn C."),
        ("capitals", "CÂU 1: Một?\nA. a1\nB. b1\nC. c1\nD. d1\nĐÁP ÁN B\nCÂU 2: Hai?\nA. a2\nB. b2\nC. c2\nD. d2\nĐÁP ÁN C"),
        ("word for right", "Câu 1. Một?\nA. a1\nB. b1 [ĐÚNG]\nC. c1\nD. d1\nCâu 2. Hai?\nA. a2\nB. b2\nC. c2 [ĐÚNG]\nD. d2"),
        (
            "in the solution",
            "Câu 1. Một?\nA. a1\nB. b1\nC. c1\nD. d1\nLời giải\nChọn B\nVì thế.\nCâu 2. Hai?\nA. a2\nB. b2\nC. c2\nD. d2\nHướng dẫn giải\nTa có x. Vậy chọn đáp án C.",
        ),
        ("whole question in a frame", "| Câu 1. Một?¶A. a1→{u:B.} b1→C. c1→D. d1 |\n\n| Câu 2. Hai?¶A. a2→B. b2→{u:C.} c2→D. d2 |"),
        ("two questions on a line", "Câu 1. Một? A. a1 *B. b1 C. c1 D. d1    Câu 2. Hai? A. a2 B. b2 *C. c2 D. d2"),
    ]
}

#[test]
fn options_are_found_in_every_layout() {
    for (name, text) in table() {
        let paper = paper(text);
        assert_eq!(keys(&paper), "1:B 2:C", "{name}: {}", report(&paper));
        for (at, question) in paper.questions.iter().enumerate() {
            let n = at + 1;
            assert_eq!(options(question), [format!("a{n}"), format!("b{n}"), format!("c{n}"), format!("d{n}")], "{name}");
            assert_eq!(question.stem.to_text(), if n == 1 { "Một?" } else { "Hai?" }, "{name}");
        }
        assert!(doubts(&paper).is_empty(), "{name}: {:?}", doubts(&paper));
    }
}

#[test]
fn two_to_eight_options_are_read() {
    let paper = paper(
        "Câu 1. Hai?\nA. x\n*B. y\nCâu 2. Sáu?\nA. 1→B. 2→C. 3\nD. 4→E. 5→*F. 6\nCâu 3. Tám?\nA. 1→B. 2→C. 3→D. 4→E. 5→F. 6→G. 7→*H. 8",
    );
    assert_eq!(keys(&paper), "1:B 2:F 3:H");
}

#[test]
fn a_stem_with_a_list_of_its_own_keeps_it() {
    let paper = paper(
        "Câu 1. Cho các chất:\nA. nước\nB. muối\nC. đường\nD. dầu\nSố chất tan là\nA. 1→B. 2→*C. 3→D. 4\nCâu 2. Cho các phát biểu:\na) một\nb) hai\nc) ba\nd) bốn\nSố phát biểu đúng là\nA. 1→*B. 2→C. 3→D. 4\nCâu 3. Cho:\nI. một\nII. hai\nIII. ba\nIV. bốn\nSố đúng là\nA. 1→*B. 2→C. 3→D. 4\nCâu 4. Cho:\n1. một\n2. hai\n3. ba\n4. bốn\nSố đúng là\nA. 1→*B. 2→C. 3→D. 4\nCâu 5. Cho: (1) một; (2) hai.\n*A. 1→B. 2→C. 3→D. 4",
    );
    assert_eq!(keys(&paper), "1:C 2:B 3:B 4:B 5:A");
    assert!(paper.questions[0].stem.to_text().contains("B. muối"));
    assert!(paper.questions[2].stem.to_text().contains("IV. bốn"));
    assert!(paper.questions[3].stem.to_text().contains("4. bốn"));
}

#[test]
fn letters_inside_options_are_no_labels() {
    let paper = paper(
        "Câu 1. Điểm nào?\nA. điểm B. B. điểm C. C. điểm D. *D. điểm A.\nCâu 2. Ai?\nA. A. Einstein→B. I. Newton→*C. M. Curie→D. N. Bohr\nCâu 3. Trung điểm?\n*A. của AB.→B. của A.C→C. của BC.→D. của CD.",
    );
    assert_eq!(keys(&paper), "1:D 2:C 3:A");
    assert_eq!(options(&paper.questions[1]), ["A. Einstein", "I. Newton", "M. Curie", "N. Bohr"]);
    assert_eq!(options(&paper.questions[2])[1], "của A.C");
}

#[test]
fn pictures_belong_to_the_label_below_or_beside_them() {
    let paper = paper(
        "Câu 1. Hình nào?\n| {img} | {img} | {img} | {img} |\n| A. | B. | {r:C.} | D. |\nCâu 2. Hình nào?\nA. {img}→B. {img}→{r:C.} {img}→D. {img}",
    );
    assert_eq!(keys(&paper), "1:C 2:C");
    assert!(options(&paper.questions[0]).iter().all(|text| text == "[image:img1]"));
}

#[test]
fn a_lost_or_doubled_label_is_told() {
    let missing = paper("Câu 1. Một?\nA. a\nB. b\nD. d\nĐáp án: B");
    assert_eq!(keys(&missing), "1:B");
    assert!(doubts(&missing).contains(&"option-label-missing".to_owned()));
    let twice = paper("Câu 1. Một?\nA. a\nB. b\nC. c\nC. d\nĐáp án: C\nCâu 2. Hai?\nA. a\nB. b\nC. c\nC. d\nĐáp án: A");
    assert_eq!(keys(&twice), "1:- 2:A");
    assert_eq!(options(&twice.questions[1]), ["a", "b", "c", "d"]);
    assert!(doubts(&twice).contains(&"option-label-repeated".to_owned()));
}

#[test]
fn formulas_in_dollars_become_formulas_also_across_runs() {
    let paper = paper("Câu 1. Cho {i:$x}^2 + y$ và $z$.\n*A. $\\frac{1}{2}$.→B. {m:x}→C. 3$→D. $4$");
    assert_eq!(paper.questions[0].stem.to_text(), "Cho $x^2 + y$ và $z$.");
    assert!(paper.questions[0].stem.to_html().contains("data-math=\"x^2 + y\""));
    assert_eq!(keys(&paper), "1:A");
}

#[test]
fn options_that_speak_of_others_are_pinned() {
    let paper = paper(
        "Câu 1. Một?\nA. đúng một\nB. Cả A và C\nC. sai\n*D. Tất cả các đáp án trên đều đúng.\nCâu 2. One?\nA. one\nB. All of the above\nC. None of the above\n*D. Both A and B",
    );
    let pinned: Vec<String> = paper
        .questions
        .iter()
        .map(|question| question.options.iter().filter(|option| option.pinned).map(|option| option.label.as_str()).collect())
        .collect();
    assert_eq!(pinned, ["BD", "BCD"]);
}

#[test]
fn an_underlined_letter_in_a_word_is_no_key() {
    let paper = paper(
        "Mark the letter A, B, C, or D to indicate the word whose underlined part differs from the other three in pronunciation in each of the following questions.\nQuestion 1. A. h{u:ea}t→B. s{u:ea}t→C. gr{u:ea}t→D. m{u:ea}t\nQuestion 2. A. {u:ch}eap→B. {u:ch}ild→C. {u:ch}emist→D. {u:ch}air",
    );
    assert_eq!(keys(&paper), "1:- 2:-");
    assert_eq!(paper.passages.len(), 1);
    assert!(paper.questions.iter().all(|question| question.passage.as_deref() == Some("p1")));
    assert!(paper.questions[0].options[2].content.to_html().contains("<u>ea</u>"));
}

#[test]
fn a_single_stray_look_in_a_long_paper_is_no_key() {
    let mut text = String::new();
    for number in 1..=40 {
        let label = if number == 7 { "{r:B.}" } else { "B." };
        text.push_str(&format!("Câu {number}. Hỏi {number}?\nA. a\n{label} b\nC. c\nD. d\n"));
    }
    let paper = paper(&text);
    assert!(paper.questions.iter().all(|question| question.options.iter().all(|option| option.correct.is_none())));
    assert!(doubts(&paper).contains(&"key-look-unclear".to_owned()));
}

#[test]
fn a_stem_that_begins_like_a_solution_is_still_asked() {
    let read = paper(
        "Câu 1. Giải thích vì sao nước biển mặn.\nCâu 2. Phương pháp nào sau đây dùng để làm sạch muối ăn?\nA. một\n*B. hai\nC. ba\nD. bốn\nGiải thích: Vì thế.",
    );
    let stems: Vec<String> = read.questions.iter().map(|question| question.stem.to_text()).collect();
    assert_eq!(stems, ["Giải thích vì sao nước biển mặn.", "Phương pháp nào sau đây dùng để làm sạch muối ăn?"]);
    assert_eq!(read.questions[1].explanation.as_ref().map(|text| text.to_text()).as_deref(), Some("Vì thế."));
    assert_eq!(keys(&read), "1:essay 2:B");
}

#[test]
fn a_space_between_formulas_is_neither_bold_nor_slanted() {
    let paper = paper("Câu 1. Tính?\nA. {m:A}{b: }{m:B}→{i: }*B. {b:đậm} và {i: }sau");
    let looked: Vec<(String, bool)> = {
        let mut all = Vec::new();
        paper.questions[0].options.iter().for_each(|option| {
            option.content.each_inline(&mut |inline| {
                if let papers::rich::Inline::Text(text, marks) = inline {
                    all.push((text.clone(), marks.bold || marks.italic));
                }
            });
        });
        all
    };
    assert!(looked.iter().all(|(text, looks)| !looks || !text.trim().is_empty()), "{looked:?}");
    assert!(looked.contains(&("đậm".to_owned(), true)), "{looked:?}");
}

use crate::sheet::{doubts, keys, options, paper, report};

#[test]
fn a_text_for_several_questions_is_a_passage() {
    let four = |number: usize| format!("Câu {number}. Hỏi {number}?\nA. a→*B. b→C. c→D. d\n");
    for head in [
        "Đọc đoạn văn sau và trả lời các câu hỏi từ 2 đến 3:",
        "Đọc đoạn trích sau và trả lời câu 2, 3",
        "Dựa vào bảng số liệu sau, trả lời câu 2 và câu 3:",
        "Sử dụng dữ kiện sau cho câu 2 và câu 3:",
        "Read the following passage and mark the letter A, B, C, or D to indicate the correct answer to each of the questions from 2 to 3.",
        "Questions 2-3: Read the passage.",
    ] {
        let text = format!("{}{head}\nĐoạn văn dùng chung.\n{}{}{}", four(1), four(2), four(3), four(4));
        let paper = paper(&text);
        assert_eq!(keys(&paper), "1:B 2:B 3:B 4:B", "{head}");
        let passages: Vec<Option<&str>> = paper.questions.iter().map(|question| question.passage.as_deref()).collect();
        assert_eq!(passages, [None, Some("p1"), Some("p1"), None], "{head}");
        assert!(paper.passages[0].content.to_text().ends_with("Đoạn văn dùng chung."), "{head}");
        assert_eq!(options(&paper.questions[0])[3], "d", "{head}");
    }
}

#[test]
fn an_instruction_of_the_2025_parts_is_no_passage() {
    let paper = paper(
        "PHẦN I. Thí sinh trả lời từ câu 1 đến câu 2. Mỗi câu hỏi thí sinh chỉ chọn một phương án.\nCâu 1. Một?\nA. a→*B. b→C. c→D. d\nCâu 2. Hai?\nA. a→*B. b→C. c→D. d\nPHẦN II.\nThí sinh trả lời từ câu 1 đến câu 4. Trong mỗi ý a), b), c), d) ở mỗi câu, thí sinh chọn đúng hoặc sai.\nCâu 1. Xét\n{u:a)} một\nb) hai\nc) ba\nd) bốn",
    );
    assert!(paper.passages.is_empty());
    assert_eq!(keys(&paper), "1.1:B 1.2:B 2.1:ĐSSS");
}

#[test]
fn a_cloze_passage_keeps_its_gaps_and_its_questions() {
    let paper = paper(
        "Read the following passage and mark the letter A, B, C or D to indicate the word that best fits each of the numbered blanks from 1 to 3.\nIt is (1) ____ to read. We (2)____ books (3) ______ home.\nQuestion 1. A. good→*B. well→C. bad→D. ill\nQuestion 2. A. reads→*B. read→C. reading→D. to read\nQuestion 3. *A. at→B. in→C. on→D. to\nMark the letter A, B, C or D to indicate the sentence closest in meaning.\nQuestion 4. He left.\n*A. x→B. y→C. z→D. t",
    );
    assert_eq!(keys(&paper), "1:B 2:B 3:A 4:A");
    assert!(paper.passages[0].content.to_text().contains("(3) ______ home"));
    assert_eq!(paper.questions[2].passage.as_deref(), Some("p1"));
    assert_eq!(paper.questions[3].passage.as_deref(), Some("p2"));
    assert!(doubts(&paper).is_empty(), "{}", report(&paper));
}

#[test]
fn sections_of_an_english_paper_are_groups() {
    let paper = paper(
        "I. PRONUNCIATION\nChoose the word whose underlined part is pronounced differently.\n1. A. h{u:a}t→B. c{u:a}t→C. f{u:a}ther→D. m{u:a}p\n2. A. {u:s}un→B. {u:s}ugar→C. {u:s}ea→D. {u:s}ix\nII. VOCABULARY\nChoose the best answer.\n3. He ____ home.\nA. go→B. goes→C. going→D. gone\n4. They ____ home.\nA. go→B. goes→C. going→D. gone\nIII. Rewrite the sentences.\n5. He is tall.\n=> ..........\nANSWER KEY\n1. C→2. B→3. B→4. A",
    );
    assert_eq!(keys(&paper), "1.1:C 1.2:B 2.3:B 2.4:A 3.5:essay", "{}", report(&paper));
    assert_eq!(options(&paper.questions[3])[3], "gone");
}

#[test]
fn a_literature_text_stands_above_its_questions() {
    let poem = "Quê hương là chùm khế ngọt cho con trèo hái mỗi ngày. ".repeat(6);
    let paper = paper(&format!(
        "I. ĐỌC HIỂU (6,0 điểm)\nĐọc đoạn trích sau:\n{poem}\nThực hiện các yêu cầu:\nCâu 1. Xác định thể thơ.\nCâu 2. Nêu nội dung chính.\nII. LÀM VĂN (4,0 điểm)\nCâu 1. Viết đoạn văn."
    ));
    assert_eq!(keys(&paper), "1.1:essay 1.2:essay 2.1:essay", "{}", report(&paper));
    assert_eq!(paper.questions[1].passage.as_deref(), Some("p1"));
    assert_eq!(paper.questions[2].passage, None);
}

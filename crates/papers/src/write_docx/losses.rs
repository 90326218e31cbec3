//! What the teachers' layout has no place for: told for each question, and printed where it can be.

use rust_decimal::Decimal;

use super::body::{Body, Place, RunLook};
use super::{KeyPlace, choices};
use crate::model::{Choice, Entry, Key, Question, QuestionType};
use crate::rich::{Block, Cell, CellKind, Inline, Rich};

/// Tells what will not come back when the file is read again.
pub(super) fn tell(body: &mut Body<'_>, question: &Question) {
    if is_lone(question) {
        let message = "Đề Word không phân biệt câu đúng/sai một ý với câu trả lời ngắn: câu được in kèm “(Đúng/Sai)” và sẽ thành câu trả lời ngắn nếu nhập lại.";
        body.tell(Entry::warning("docx-type", message).of_type("true_false"));
    }
    if let Some((word, kind)) = foreign(question.kind) {
        let message = format!(
            "Bố cục đề Word không có dạng câu {word}; câu được in để học sinh làm trên giấy và sẽ thành câu tự luận nếu nhập lại. Hãy dùng tệp JSON, Moodle XML hoặc QTI để giữ nguyên dạng."
        );
        body.tell(Entry::warning("docx-type", message).of_type(kind));
    }
    if question.kind == QuestionType::Numeric {
        let message = "Câu trả lời số được ghi như câu trả lời ngắn; sai số cho phép không có chỗ trong đề Word.";
        body.tell(Entry::warning("docx-type", message).of_type("numeric"));
    }
    let fields = fields(question);
    if !fields.is_empty() {
        let message = format!("Đề Word không có chỗ cho: {}. Hãy dùng tệp JSON để giữ đủ.", fields.join(", "));
        body.tell(Entry::info("docx-fields", message).with("fields", fields.join(", ")));
    }
    if body.options.key != KeyPlace::Absent && question.key == Key::Missing && partly_keyed(question) {
        let message = "Chỉ biết đáp án của một phần các ý nên không ý nào được đánh dấu trong đề Word. Hãy điền đủ đáp án rồi xuất lại.";
        body.tell(Entry::warning("docx-partial-key", message));
    }
    lists(body, question);
}

/// A true/false question whose only statement is its stem.
pub(super) fn is_lone(question: &Question) -> bool {
    question.kind == QuestionType::TrueFalse && matches!(question.statements.as_slice(), [only] if only.content.is_empty())
}

fn foreign(kind: QuestionType) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        QuestionType::Matching => ("nối cặp", "matching"),
        QuestionType::Ordering => ("sắp xếp", "ordering"),
        QuestionType::Cloze => ("điền vào chỗ trống", "cloze"),
        QuestionType::Description => ("đoạn văn bản không có câu hỏi", "description"),
        _ => return None,
    })
}

fn partly_keyed(question: &Question) -> bool {
    question.kind == QuestionType::TrueFalse && question.statements.iter().any(|statement| statement.correct.is_some())
}

fn fields(question: &Question) -> Vec<&'static str> {
    let usual = |choice: &Choice| match (choice.credit, choice.correct) {
        (None, _) => true,
        (Some(credit), Some(true)) => credit == Decimal::ONE,
        (Some(credit), _) => credit.is_zero(),
    };
    let answers = &question.answers;
    let feedback = question.options.iter().any(|choice| choice.feedback.is_some())
        || question.statements.iter().any(|statement| statement.feedback.is_some())
        || answers.iter().any(|answer| answer.feedback.is_some())
        || !question.feedback.is_empty();
    let one_right =
        question.kind == QuestionType::MultipleChoice && question.options.iter().filter(|choice| choice.correct == Some(true)).count() == 1;
    [
        (!question.options.iter().all(usual), "trọng số phương án"),
        (answers.iter().any(|answer| answer.credit.is_some_and(|credit| credit != Decimal::ONE)), "đáp án được một phần điểm"),
        (answers.iter().any(|answer| answer.tolerance.is_some() || answer.min.is_some() || answer.max.is_some()), "sai số, khoảng giá trị"),
        (answers.iter().any(|answer| answer.text.contains('|')), "dấu | trong đáp án"),
        (one_right, "câu nhiều đáp án chỉ có một đáp án đúng"),
        (feedback, "phản hồi"),
        (!question.hints.is_empty(), "gợi ý"),
        (!question.tags.is_empty(), "thẻ"),
        (question.title.is_some(), "tên câu"),
        (question.category.is_some(), "thư mục"),
        (question.rubric.is_some(), "hướng dẫn chấm (ghi vào lời giải)"),
        (question.language.is_some(), "ngôn ngữ"),
        (question.source.is_some(), "nguồn"),
        (question.requirement.is_some(), "yêu cầu cần đạt"),
        (question.external_id.is_some(), "mã câu"),
        (question.shuffle.is_some() || question.case_sensitive.is_some(), "tuỳ chọn trộn và chữ hoa"),
    ]
    .into_iter()
    .filter(|(lost, _)| *lost)
    .map(|(_, name)| name)
    .collect()
}

fn lists(body: &mut Body<'_>, question: &Question) {
    let has_list = |rich: &Rich| rich.blocks.iter().any(|block| matches!(block, Block::List { .. } | Block::Code(_)));
    let contents = [Some(&question.stem), question.explanation.as_ref()].into_iter().flatten();
    let contents = contents
        .chain(question.options.iter().map(|choice| &choice.content))
        .chain(question.statements.iter().map(|statement| &statement.content));
    if contents.into_iter().any(has_list) {
        body.tell(Entry::info("docx-list", "Danh sách và đoạn mã được ghi thành các đoạn văn thường trong Word."));
    }
}

/// Pairs as a table of two columns, the right side in alphabetical order so that it tells nothing.
pub(super) fn pairs(body: &mut Body<'_>, question: &Question) {
    let right = shown_right(question);
    let left: Vec<&Rich> = question.pairs.iter().map(|pair| &pair.left).filter(|left| !left.is_empty()).collect();
    let cell = |label: String, rich: Option<&&Rich>| {
        let mut content = rich.map(|rich| (**rich).clone()).unwrap_or_default();
        if rich.is_some() {
            let label = Inline::text(format!("{label} "));
            match content.blocks.first_mut() {
                Some(Block::Paragraph(inlines)) => inlines.insert(0, label),
                _ => content.blocks.insert(0, Block::Paragraph(vec![label])),
            }
        }
        Cell { content, kind: CellKind::Data, columns: 1, rows: 1 }
    };
    let rows = (0..left.len().max(right.len()))
        .map(|at| {
            vec![cell(format!("({})", at + 1), left.get(at)), cell(format!("({})", choices::letter(at).to_lowercase()), right.get(at))]
        })
        .collect();
    body.rich(&Rich { blocks: vec![Block::Table(rows)] }, Place::Plain);
}

fn shown_right(question: &Question) -> Vec<&Rich> {
    let mut right: Vec<(String, &Rich)> = question.pairs.iter().map(|pair| (pair.right.to_text(), &pair.right)).collect();
    right.sort_by(|a, b| a.0.cmp(&b.0));
    right.dedup_by(|a, b| a.0 == b.0);
    right.into_iter().map(|(_, rich)| rich).collect()
}

/// Items in alphabetical order.
pub(super) fn items(body: &mut Body<'_>, question: &Question) {
    for (at, item) in shown_items(question).into_iter().enumerate() {
        body.open(Place::Inset);
        body.run(&format!("({}) ", choices::letter(at).to_lowercase()), RunLook::default());
        body.rich_after_label(item, Place::Inset);
    }
}

fn shown_items(question: &Question) -> Vec<&Rich> {
    let mut items: Vec<(String, &Rich)> = question.items.iter().map(|item| (item.to_text(), item)).collect();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items.into_iter().map(|(_, item)| item).collect()
}

/// The key of kinds that have no place for one.
pub(super) fn key_in_words(question: &Question) -> Option<String> {
    let words: Vec<String> = match question.kind {
        QuestionType::Matching => {
            let right = shown_right(question);
            let pairs = question.pairs.iter().filter(|pair| !pair.left.is_empty()).enumerate();
            pairs
                .filter_map(|(at, pair)| {
                    let place = right.iter().position(|right| right.to_text() == pair.right.to_text())?;
                    Some(format!("({}) – ({})", at + 1, choices::letter(place).to_lowercase()))
                })
                .collect()
        }
        QuestionType::Ordering => {
            let shown = shown_items(question);
            let places = question.items.iter().filter_map(|item| shown.iter().position(|shown| std::ptr::eq(*shown, item)));
            places.map(|place| format!("({})", choices::letter(place).to_lowercase())).collect()
        }
        QuestionType::Cloze => {
            let gaps = question.blanks.iter().enumerate();
            gaps.map(|(at, blank)| {
                let typed = blank.answers.iter().map(|answer| answer.text.clone());
                let chosen = blank.options.iter().filter(|option| option.correct == Some(true)).map(|option| option.content.to_text());
                format!("({}) {}", at + 1, typed.chain(chosen).collect::<Vec<_>>().join(" | "))
            })
            .collect()
        }
        _ => return None,
    };
    (!words.is_empty()).then(|| words.join("; "))
}

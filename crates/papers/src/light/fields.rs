//! Lines behind a question that hold one field each.

use crate::model::Question;

/// A field of a question that is plain text.
pub(super) struct Field {
    /// As written before the colon.
    pub word: &'static str,
    get: fn(&Question) -> Option<String>,
    set: fn(&mut Question, &str),
}

impl Field {
    pub fn get(&self, question: &Question) -> Option<String> {
        (self.get)(question).filter(|text| !text.trim().is_empty())
    }

    pub fn set(&self, question: &mut Question, text: &str) {
        (self.set)(question, text);
    }
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn said(is: bool) -> &'static str {
    if is { "có" } else { "không" }
}

fn is_said(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "có" => Some(true),
        "không" => Some(false),
        _ => None,
    }
}

/// The words for the occasions a question's own feedback is shown at.
pub(super) const OCCASIONS: [(&str, &str); 3] =
    [("Phản hồi khi đúng", "correct"), ("Phản hồi khi đúng một phần", "partial"), ("Phản hồi khi sai", "incorrect")];

/// Every such field.
pub(super) const FIELDS: [Field; 9] = [
    Field {
        word: "Thẻ",
        get: |question| Some(question.tags.join(", ")),
        set: |question, text| question.tags = text.split(',').filter_map(some).collect(),
    },
    Field { word: "Tiêu đề", get: |question| question.title.clone(), set: |question, text| question.title = some(text) },
    Field { word: "Thư mục", get: |question| question.category.clone(), set: |question, text| question.category = some(text) },
    Field { word: "Nguồn", get: |question| question.source.clone(), set: |question, text| question.source = some(text) },
    Field { word: "Ngôn ngữ", get: |question| question.language.clone(), set: |question, text| question.language = some(text) },
    Field {
        word: "Yêu cầu cần đạt",
        get: |question| question.requirement.clone(),
        set: |question, text| question.requirement = some(text),
    },
    Field {
        word: "Xáo phương án",
        get: |question| question.shuffle.map(|is| said(is).to_owned()),
        set: |question, text| question.shuffle = is_said(text),
    },
    Field {
        word: "Phân biệt hoa thường",
        get: |question| question.case_sensitive.map(|is| said(is).to_owned()),
        set: |question, text| question.case_sensitive = is_said(text),
    },
    Field { word: "Mã", get: |question| question.external_id.clone(), set: |question, text| question.external_id = some(text) },
];

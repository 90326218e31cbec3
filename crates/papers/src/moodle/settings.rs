//! How Moodle runs a question: nothing of its content, yet somebody may look for it. Told once a file.

use super::numbers::exact;
use super::read::said;
use crate::model::{Entry, Exact, Paper};
use crate::xml::Element;

/// What was seen in a file.
#[derive(Default)]
pub(super) struct Settings {
    penalties: usize,
    hidden: usize,
    numberings: usize,
}

impl Settings {
    /// Looks at a question.
    pub fn see(&mut self, element: &Element) {
        self.penalties +=
            usize::from(said(element, "penalty").and_then(|penalty| exact(&penalty)).is_some_and(|penalty| penalty > Exact::ZERO));
        self.hidden += usize::from(said(element, "hidden").as_deref() == Some("1"));
        self.numberings += usize::from(said(element, "answernumbering").is_some_and(|style| !matches!(style.as_str(), "abc" | "ABCD")));
    }

    /// Tells it.
    pub fn tell(self, paper: &mut Paper) {
        for (count, code, what) in [
            (self.penalties, "moodle-penalty", "câu có mức trừ điểm khi làm lại (penalty)"),
            (self.hidden, "moodle-hidden", "câu đang ẩn trong Moodle; đã chuyển sang như câu thường"),
            (self.numberings, "moodle-numbering", "câu đánh số phương án theo kiểu riêng; ở đây dùng A, B, C, D"),
        ] {
            if count > 0 {
                let kept = if code == "moodle-penalty" {
                    ". Thiết lập này thuộc về bài kiểm tra nên không được giữ lại."
                } else {
                    "."
                };
                paper.note(Entry::info(code, format!("{count} {what}{kept}")).with("count", count));
            }
        }
    }
}

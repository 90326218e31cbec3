//! Writes a paper as GIFT. Simple texts stay simple, so that the file can be read by eye; everything
//! else is HTML. What GIFT has no place for goes into a comment that only we read.

use super::answers;
use super::letters::Letters;
use crate::error::{WriteError, Written};
use crate::model::{Entry, Key, Paper, Passage, Question, QuestionType};
use crate::moodle::category::to_moodle;
use crate::moodle::extras::Extras;

/// Writes a paper.
///
/// # Errors
/// Never today; the shape is that of all writers.
pub fn write(paper: &Paper) -> Result<Written, WriteError> {
    let mut letters = Letters::new(paper);
    let mut out = String::new();
    let mut report = Vec::new();
    let mut folder: Option<&str> = None;
    let mut waiting: Vec<&Passage> = paper.passages.iter().collect();
    for question in &paper.questions {
        if let Some(entry) = unsupported(question) {
            report.push(entry);
            continue;
        }
        if question.category.as_deref() != folder {
            folder = question.category.as_deref();
            out.push_str(&format!("$CATEGORY: {}\n\n", to_moodle(folder).replace('\\', "\\\\")));
        }
        if let Some(place) = waiting.iter().position(|passage| question.passage.as_ref() == Some(&passage.id)) {
            passage(waiting.remove(place), &mut letters, &mut out, &mut report);
        }
        self::question(question, &mut letters, &mut out, &mut report);
        for id in letters.take_missing() {
            let message = format!("Hình hoặc âm thanh “{id}” không có nội dung nên không ghi vào tệp được. Hãy thêm lại sau khi nhập.");
            report.push(Entry::warning("missing-media", message).at(question.address));
        }
    }
    for left in waiting {
        passage(left, &mut letters, &mut out, &mut report);
    }
    Ok(Written { bytes: out.into_bytes(), report })
}

fn unsupported(question: &Question) -> Option<Entry> {
    let (word, shown) = match question.kind {
        QuestionType::Ordering => ("ordering", "sắp xếp thứ tự"),
        QuestionType::Cloze => ("cloze", "điền vào chỗ trống"),
        _ => return None,
    };
    let message = format!("GIFT không có loại câu “{shown}” nên câu này không được ghi. Hãy xuất sang Moodle XML.");
    Some(Entry::error("unsupported-type", message).of_type(word).at(question.address))
}

/// GIFT has no shared stems: the passage stands before its questions as a description.
fn passage(passage: &Passage, letters: &mut Letters<'_>, out: &mut String, report: &mut Vec<Entry>) {
    comment(&Extras { is_passage: Some(passage.id.clone()), ..Extras::default() }, out);
    // A description must say something.
    let text = letters.stem(&passage.content).text;
    out.push_str(if text.is_empty() { "[html]<p></p>" } else { &text });
    out.push_str("\n\n");
    let message = "GIFT không có đoạn dùng chung: đoạn này được ghi thành một mục mô tả đứng trước các câu của nó.";
    report.push(Entry::info("passage-as-description", message).with("passage", &passage.id));
}

fn question(question: &Question, letters: &mut Letters<'_>, out: &mut String, report: &mut Vec<Entry>) {
    let mut extras =
        Extras { points: question.points, shuffle: question.shuffle, case_sensitive: question.case_sensitive, ..Extras::of(question) };
    let stem = letters.stem(&question.stem);
    let answers = answers::answers(question, stem.format, &mut extras, letters, report);
    extras.tell(report);
    let ids = question.external_id.iter().map(|id| ("id", id)).chain(question.tags.iter().map(|tag| ("tag", tag)));
    let brackets: Vec<String> = ids.map(|(name, value)| format!("[{name}:{}]", bracketed(value))).collect();
    if !brackets.is_empty() {
        out.push_str(&format!("// {}\n", brackets.join(" ")));
    }
    comment(&extras, out);
    if let Some(title) = &question.title {
        out.push_str(&format!("::{}::", letters.plain(title)));
    }
    // Nothing at all would be no question.
    let is_bare = answers.is_none() && question.title.is_none() && stem.text.is_empty();
    out.push_str(if is_bare { "[html]<p></p>" } else { &stem.text });
    if let Some(answers) = answers {
        let general = question.explanation.as_ref().filter(|general| !general.is_empty());
        let general = general.map(|general| format!("####{}", letters.part(general, stem.format))).unwrap_or_default();
        let gap = if general.is_empty() || answers.is_empty() { "" } else { "\n\t" };
        let end = if answers.contains('\n') || !gap.is_empty() { "\n" } else { "" };
        out.push_str(&format!(" {{{answers}{gap}{general}{end}}}"));
    }
    out.push_str("\n\n");
    tell_lost(question, report);
}

fn tell_lost(question: &Question, report: &mut Vec<Entry>) {
    let is_lone = matches!(question.statements.as_slice(), [only] if only.content.is_empty() && only.correct.is_some());
    let held = |occasion: &str| question.kind == QuestionType::TrueFalse && is_lone && matches!(occasion, "correct" | "incorrect");
    let lost = [
        (!question.hints.is_empty(), "gợi ý"),
        (question.rubric.is_some(), "hướng dẫn chấm"),
        (question.feedback.keys().any(|occasion| !held(occasion)), "phản hồi theo kết quả"),
        (question.statements.iter().any(|statement| statement.feedback.is_some()), "giải thích từng ý"),
        (question.kind == QuestionType::Description && question.explanation.is_some(), "lời giải của mục mô tả"),
    ];
    let names: Vec<&str> = lost.iter().filter(|(lost, _)| *lost).map(|(_, name)| *name).collect();
    if !names.is_empty() {
        let message = format!("GIFT không có chỗ cho: {}. Hãy xuất sang Moodle XML nếu cần giữ.", names.join(", "));
        report.push(Entry::warning("not-carried", message).at(question.address).with("fields", names.join(", ")));
    }
    if question.key == Key::Missing {
        let message = "Câu chưa có đáp án; hãy đánh dấu đáp án trước khi dùng tệp này.";
        report.push(Entry::warning("key-missing", message).at(question.address));
    }
}

fn comment(extras: &Extras, out: &mut String) {
    if let Some(note) = extras.to_note() {
        out.push_str(&format!("// lopmo {note}\n"));
    }
}

fn bracketed(value: &str) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('\\', "\\\\").replace(']', "\\]")
}

//! Writes a paper as Moodle imports it. What Moodle has no place for goes into an element of our own
//! that Moodle looks past, so that the paper comes back as it went.

use super::category::to_moodle;
use super::extras::Extras;
use super::html::{HtmlWriter, Pictures, Text};
use super::write_kinds;
use super::xml_out::XmlOut;
use crate::error::{WriteError, Written};
use crate::model::{Entry, Key, Paper, Passage, Question};
use crate::rich::Rich;

/// Where everything goes.
pub(super) struct Sink<'a> {
    pub xml: XmlOut,
    pub html: HtmlWriter<'a>,
    pub report: Vec<Entry>,
}

impl Sink<'_> {
    /// A text with its files in an element.
    pub fn rich(&mut self, name: &str, attributes: &[(&str, &str)], rich: &Rich) {
        let text = self.html.text(rich);
        self.xml.open(name, attributes);
        self.text(&text);
        self.xml.close(name);
    }

    /// A text that need not be there.
    pub fn maybe(&mut self, name: &str, rich: Option<&Rich>) {
        if let Some(rich) = rich.filter(|rich| !rich.is_empty()) {
            self.rich(name, &[("format", "html")], rich);
        }
    }

    /// `<text>` and its files.
    pub fn text(&mut self, text: &Text<'_>) {
        self.xml.leaf("text", &[], &text.html);
        for media in &text.files {
            let packed = super::files::to_base64(&media.content);
            self.xml.leaf("file", &[("name", &media.file), ("path", "/"), ("encoding", "base64")], &packed);
        }
    }

    /// A loss of one question.
    pub fn lost(&mut self, question: &Question, code: &str, message: String) {
        self.report.push(Entry::warning(code, message).at(question.address));
    }

    fn tell_missing(&mut self, question: &Question) {
        for id in self.html.take_missing() {
            let message = format!("Hình hoặc âm thanh “{id}” không có nội dung nên không ghi vào tệp được. Hãy thêm lại sau khi nhập.");
            self.lost(question, "missing-media", message);
        }
    }
}

/// Writes a paper.
///
/// # Errors
/// Never today; the shape is that of all writers.
pub fn write(paper: &Paper) -> Result<Written, WriteError> {
    let mut sink = Sink { xml: XmlOut::new(), html: HtmlWriter::new(paper, Pictures::Beside), report: Vec::new() };
    sink.xml.open("quiz", &[]);
    let mut folder: Option<&str> = None;
    let mut waiting: Vec<&Passage> = paper.passages.iter().collect();
    for (at, question) in paper.questions.iter().enumerate() {
        if question.category.as_deref() != folder {
            folder = question.category.as_deref();
            sink.xml.open("question", &[("type", "category")]);
            sink.xml.text_in("category", &[], &to_moodle(folder));
            sink.xml.close("question");
        }
        if let Some(place) = waiting.iter().position(|passage| question.passage.as_ref() == Some(&passage.id)) {
            passage(waiting.remove(place), &mut sink);
        }
        self::question(question, at + 1, &mut sink);
        sink.tell_missing(question);
    }
    for left in waiting {
        passage(left, &mut sink);
    }
    sink.xml.close("quiz");
    Ok(Written { bytes: sink.xml.finish(), report: sink.report })
}

/// Moodle has no shared stems: the passage stands before its questions as a description.
fn passage(passage: &Passage, sink: &mut Sink<'_>) {
    sink.xml.open("question", &[("type", "description")]);
    sink.xml.text_in("name", &[("lopmo", "made-up")], &made_up(&passage.content, "Đoạn chung"));
    sink.rich("questiontext", &[("format", "html")], &passage.content);
    note(&Extras { is_passage: Some(passage.id.clone()), ..Extras::default() }, sink);
    sink.xml.close("question");
    let message = "Moodle không có đoạn dùng chung: đoạn này được ghi thành một mục mô tả đứng trước các câu của nó.";
    sink.report.push(Entry::info("passage-as-description", message).with("passage", &passage.id));
}

fn question(question: &Question, number: usize, sink: &mut Sink<'_>) {
    let form = write_kinds::form(question);
    sink.xml.open("question", &[("type", form.word)]);
    match &question.title {
        Some(title) => sink.xml.text_in("name", &[], title),
        None => sink.xml.text_in("name", &[("lopmo", "made-up")], &made_up(&question.stem, &format!("Câu {number}"))),
    }
    let mut extras = Extras { kind: form.written_as, ..Extras::of(question) };
    write_kinds::stem(question, &mut extras, sink);
    sink.maybe("generalfeedback", question.explanation.as_ref());
    if let Some(points) = question.points {
        sink.xml.leaf("defaultgrade", &[], &points.to_string());
    }
    sink.xml.leaf("hidden", &[], "0");
    if let Some(id) = &question.external_id {
        sink.xml.leaf("idnumber", &[], id);
    }
    if let Some(shuffle) = question.shuffle {
        sink.xml.leaf("shuffleanswers", &[], if shuffle { "true" } else { "false" });
    }
    write_kinds::body(question, form.word, &mut extras, sink);
    combined_feedback(question, sink);
    sink.maybe("graderinfo", question.rubric.as_ref());
    for hint in &question.hints {
        sink.rich("hint", &[("format", "html")], hint);
    }
    if !question.tags.is_empty() {
        sink.xml.open("tags", &[]);
        question.tags.iter().for_each(|tag| sink.xml.text_in("tag", &[], tag));
        sink.xml.close("tags");
    }
    extras.tell(&mut sink.report);
    note(&extras, sink);
    sink.xml.close("question");
    if question.key == Key::Missing {
        sink.lost(question, "key-missing", "Câu chưa có đáp án; trong Moodle hãy đánh dấu đáp án trước khi dùng.".to_owned());
    }
}

fn combined_feedback(question: &Question, sink: &mut Sink<'_>) {
    for (occasion, feedback) in &question.feedback {
        let name = match occasion.as_str() {
            // The two answers of a lone true/false question carry theirs.
            "correct" | "incorrect" if write_kinds::is_lone(question) => continue,
            "correct" => "correctfeedback",
            "partial" => "partiallycorrectfeedback",
            "incorrect" => "incorrectfeedback",
            other => {
                sink.lost(question, "feedback-lost", format!("Phản hồi cho trường hợp “{other}” không có chỗ trong Moodle."));
                continue;
            }
        };
        sink.maybe(name, Some(feedback));
    }
}

fn note(extras: &Extras, sink: &mut Sink<'_>) {
    if let Some(note) = extras.to_note() {
        sink.xml.leaf("lopmo", &[], &note);
    }
}

/// Moodle wants a name for every question.
fn made_up(stem: &Rich, or: &str) -> String {
    let text = stem.to_text();
    let line: String = text.lines().next().unwrap_or_default().chars().take(80).collect();
    if line.trim().is_empty() { or.to_owned() } else { line }
}

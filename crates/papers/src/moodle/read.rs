//! The question bank as Moodle exports it: `<quiz>` with a `<question>` for each question and folder.

use encoding_rs::Encoding;

use super::category;
use super::extras::{Extras, drop_unknown_passages, level_of_tags};
use super::files::{SourceFile, Texts, from_base64};
use super::numbers::exact;
use super::settings::Settings;
use super::{TextFormat, kinds};
use crate::error::ReadError;
use crate::model::{Address, Entry, Key, Paper, Passage, Question, QuestionType};
use crate::rich::{Block, Inline, MediaKind, Rich};
use crate::xml::Element;

/// More questions than any bank in one file.
const MOST_QUESTIONS: usize = 50_000;

/// Reads a file.
///
/// # Errors
/// [`ReadError`] where it is no Moodle XML or has no question that can be carried.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    let root = Element::parse(&as_utf8(bytes), "Moodle XML")?;
    if root.name != "quiz" {
        return Err(ReadError::new(
            "not-moodle",
            format!("Tệp XML này không phải của Moodle: phần tử gốc là <{}>, không phải <quiz>.", root.name),
        ));
    }
    let mut paper = Paper::default();
    let mut settings = Settings::default();
    let mut folder = None;
    let mut number = 0;
    for element in root.all("question") {
        let kind = element.attribute("type").unwrap_or_default();
        if kind == "category" {
            folder = element.first("category").and_then(|path| category::from_moodle(&text_of(path)));
            continue;
        }
        number += 1;
        if number > MOST_QUESTIONS {
            return Err(ReadError::too_large("quá nhiều câu hỏi"));
        }
        let address = Address { part: None, number: u32::try_from(number).ok(), paragraph: None };
        settings.see(element);
        add(element, kind, folder.as_deref(), Texts { paper: &mut paper, address });
    }
    if paper.questions.is_empty() {
        return Err(match paper.report.iter().find(|entry| entry.code == "unsupported-type") {
            Some(first) => ReadError::new("no-questions", format!("Không đọc được câu hỏi nào trong tệp. {}", first.message)),
            None => ReadError::no_questions(),
        });
    }
    drop_unknown_passages(&mut paper);
    settings.tell(&mut paper);
    Ok(paper)
}

fn add(element: &Element, kind: &str, folder: Option<&str>, mut texts: Texts<'_>) {
    let extras = element.first("lopmo").and_then(|note| Extras::parse(&note.text())).unwrap_or_default();
    if let Some(id) = extras.is_passage {
        let content = rich_in(element, "questiontext", &mut texts).unwrap_or_default();
        texts.paper.passages.push(Passage { id, content });
        return;
    }
    let mut question = common(element, &mut texts);
    if !kinds::fill(kind, element, &mut question, &mut texts) {
        let shown: String = kind.chars().take(60).collect();
        let message = format!("Câu loại “{shown}” của Moodle chưa chuyển sang được nên bị bỏ qua. Hãy soạn lại câu này bằng loại khác.");
        let name = question.title.unwrap_or_default();
        texts.note(Entry::error("unsupported-type", message).of_type(shown).with("title", name));
        return;
    }
    question.category = folder.map(str::to_owned);
    extras.restore(&mut question);
    level_of_tags(&mut question);
    question.settle_key();
    if question.key == Key::Missing {
        texts.note(Entry::warning("key-missing", "Câu chưa có đáp án trong tệp. Hãy đánh dấu đáp án đúng."));
    }
    texts.paper.questions.push(question);
}

/// What every kind has.
fn common(element: &Element, texts: &mut Texts<'_>) -> Question {
    let mut question = Question::new(QuestionType::Description);
    question.address = texts.address;
    // Moodle wants a name for every question; one that our writer made up is none.
    let is_made_up = element.first("name").is_some_and(|name| name.attribute("lopmo").is_some());
    question.title = said(element, "name").filter(|_| !is_made_up);
    // Texts with gaps are read by their kinds.
    if !kinds::has_gaps(element.attribute("type").unwrap_or_default()) {
        question.stem = rich_in(element, "questiontext", texts).unwrap_or_default();
    }
    old_picture(element, &mut question.stem, texts);
    question.explanation = rich_in(element, "generalfeedback", texts);
    question.rubric = rich_in(element, "graderinfo", texts);
    question.external_id = said(element, "idnumber");
    question.points = element.first("defaultgrade").and_then(|grade| exact(&grade.text())).map(|grade| grade.normalize());
    question.hints = element.all("hint").map(|hint| rich(hint, texts)).filter(|hint| !hint.is_empty()).collect();
    for (name, occasion) in [("correctfeedback", "correct"), ("partiallycorrectfeedback", "partial"), ("incorrectfeedback", "incorrect")] {
        if let Some(feedback) = rich_in(element, name, texts) {
            question.feedback.insert(occasion.to_owned(), feedback);
        }
    }
    if let Some(tags) = element.first("tags") {
        question.tags = tags.all("tag").map(text_of).filter(|tag| !tag.is_empty()).collect();
    }
    question.shuffle = flag(element, "shuffleanswers");
    question
}

/// Moodle before 2.0 put one picture beside the text.
fn old_picture(element: &Element, stem: &mut Rich, texts: &mut Texts<'_>) {
    let Some(content) = element.first("image_base64").and_then(|packed| from_base64(&packed.text())).filter(|bytes| !bytes.is_empty())
    else {
        return;
    };
    let files = [SourceFile { name: "image".to_owned(), content }];
    let shown = texts.rich(TextFormat::Html, "<img src=\"image\">", &files);
    let mut has_picture = false;
    shown.each_inline(&mut |inline| has_picture |= matches!(inline, Inline::Media { kind: MediaKind::Picture, .. }));
    if has_picture {
        stem.blocks.extend(shown.blocks.into_iter().filter(|block| matches!(block, Block::Paragraph(_))));
    }
}

/// The letters of `<text>` inside, or of the element itself.
pub(super) fn text_of(element: &Element) -> String {
    element.first("text").unwrap_or(element).text().trim().to_owned()
}

/// Letters of an element that may be absent or empty.
pub(super) fn said(element: &Element, name: &str) -> Option<String> {
    element.first(name).map(text_of).filter(|text| !text.is_empty())
}

/// `true`, `false`, `1`, `0`.
pub(super) fn flag(element: &Element, name: &str) -> Option<bool> {
    match said(element, name)?.as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// The files beside a text.
pub(super) fn files(element: &Element) -> Vec<SourceFile> {
    let file = |file: &Element| {
        let folder = file.attribute("path").unwrap_or_default().trim_matches('/');
        let name = file.attribute("name").unwrap_or_default();
        let name = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let content = match file.attribute("encoding") {
            Some("base64") | None => from_base64(&file.text()).unwrap_or_default(),
            Some(_) => bytes::Bytes::new(),
        };
        SourceFile { name, content }
    };
    element.all("file").map(file).collect()
}

/// A text with its format and its files.
pub(super) fn rich(element: &Element, texts: &mut Texts<'_>) -> Rich {
    texts.rich(TextFormat::of_xml(element.attribute("format")), &text_of(element), &files(element))
}

/// A text that may be absent or empty.
pub(super) fn rich_in(element: &Element, name: &str, texts: &mut Texts<'_>) -> Option<Rich> {
    element.first(name).map(|inner| rich(inner, texts)).filter(|rich| !rich.is_empty())
}

/// Where bytes are no UTF-8, what the XML says of its encoding comes before any guess.
fn as_utf8(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if std::str::from_utf8(plain).is_ok() || !plain.starts_with(b"<?xml") {
        return bytes.into();
    }
    let head: Vec<u8> = plain.iter().copied().take(200).take_while(|byte| *byte != b'>').collect();
    let head = String::from_utf8_lossy(&head).into_owned();
    let named = head.split_once("encoding").and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
    match named.and_then(|name| Encoding::for_label(name.as_bytes())).filter(|encoding| *encoding != encoding_rs::UTF_8) {
        Some(encoding) => encoding.decode_without_bom_handling(plain).0.into_owned().into_bytes().into(),
        None => bytes.into(),
    }
}

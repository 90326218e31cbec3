//! One question after another.

use rust_decimal::Decimal;

use super::body::{Body, Place, RunLook};
use super::order::Part;
use super::{KeyPlace, LevelTags, choices, losses};
use crate::model::{Entry, Level, Question, QuestionType};
use crate::rich::Block;

const READ: &str = "Đọc thông tin sau và trả lời các câu hỏi từ câu ";
const TO: &str = " đến câu ";

/// Whether a line is the one this writer puts above a shared text: it is no part of that text.
#[must_use]
pub fn is_passage_heading(line: &str) -> bool {
    let numbers = line.trim().strip_prefix(READ).and_then(|rest| rest.strip_suffix(':')).and_then(|rest| rest.split_once(TO));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit());
    numbers.is_some_and(|(first, last)| is_number(first) && is_number(last))
}

pub(super) fn part(body: &mut Body<'_>, part: &Part<'_>) {
    if let Some(heading) = &part.heading {
        body.line(heading, RunLook::BOLD);
    }
    let mut open: Option<&str> = None;
    for (at, (number, question)) in part.questions.iter().enumerate() {
        body.address = Some(question.address);
        let passage = question.passage.as_deref();
        let mut inlined = None;
        if passage != open {
            open = passage;
            let last = part.questions.iter().skip(at).take_while(|(_, other)| other.passage.as_deref() == passage).last();
            if let (Some(id), Some((last, _))) = (passage, last) {
                inlined = shared(body, id, *number, *last);
            }
        }
        self::question(body, *number, question, inlined);
    }
    body.address = None;
}

/// The text several questions share, above the first of them; the text itself where only one has it.
fn shared<'a>(body: &mut Body<'a>, id: &str, first: u32, last: u32) -> Option<&'a crate::rich::Rich> {
    let paper = body.paper;
    let Some(passage) = paper.passages.iter().find(|passage| passage.id == id) else {
        body.tell(Entry::warning(
            "docx-passage-missing",
            "Câu này thuộc một đoạn dùng chung không có trong đề. Hãy kiểm tra lại ngữ liệu của câu.",
        ));
        return None;
    };
    if first == last {
        let message = "Ngữ liệu chỉ thuộc một câu nên được ghi vào đầu câu ấy; khi nhập lại nó là một phần của câu hỏi.";
        body.tell(Entry::info("docx-passage-inlined", message));
        return Some(&passage.content);
    }
    // A text that says itself which questions it is for stays as it is.
    let begins = passage.content.to_text();
    let begins = begins.lines().next().unwrap_or_default();
    let says = |number: u32| begins.split(|letter: char| !letter.is_ascii_digit()).any(|word| word.parse() == Ok(number));
    if !(says(first) && says(last)) {
        body.line(
            &format!("Đọc thông tin sau và trả lời các câu hỏi từ câu {first} đến câu {last}:"),
            RunLook { italic: true, ..RunLook::BOLD },
        );
    }
    body.rich(&passage.content, Place::Plain);
    None
}

fn question(body: &mut Body<'_>, number: u32, question: &Question, inlined: Option<&crate::rich::Rich>) {
    losses::tell(body, question);
    body.open(Place::Plain);
    body.run(&format!("Câu {number}."), RunLook::BOLD);
    body.run(" ", RunLook::default());
    if let Some(points) = question.points {
        body.run(&format!("({} điểm) ", decimal(points)), RunLook::default());
    }
    body.level(question.level);
    if let Some(passage) = inlined {
        body.rich_after_label(passage, Place::Plain);
        body.rich(&question.stem, Place::Plain);
    } else {
        body.rich_after_label(&question.stem, Place::Plain);
    }
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => choices::options(body, &question.options),
        QuestionType::TrueFalse if losses::is_lone(question) => body.line("(Đúng/Sai)", RunLook::default()),
        QuestionType::TrueFalse => choices::statements(body, &question.statements),
        QuestionType::Matching => losses::pairs(body, question),
        QuestionType::Ordering => losses::items(body, question),
        QuestionType::ShortAnswer | QuestionType::Numeric | QuestionType::Cloze | QuestionType::Essay | QuestionType::Description => {}
    }
    if body.options.key == KeyPlace::Marked {
        answer(body, question);
        solution(body, question);
    }
}

/// `Đáp án: …` where the marks on labels do not say all.
fn answer(body: &mut Body<'_>, question: &Question) {
    let text = match question.kind {
        QuestionType::ShortAnswer | QuestionType::Numeric => answers(question),
        QuestionType::TrueFalse if losses::is_lone(question) => {
            let truth = question.statements.first().and_then(|statement| statement.correct);
            truth.map(|truth| if truth { "Đúng" } else { "Sai" }.to_owned())
        }
        QuestionType::SingleChoice | QuestionType::MultipleChoice if body.marks_need_words => choices::right_letters(&question.options),
        // Underlined labels alone leave a doubt: none could mean that nothing is known, all that it is a habit.
        QuestionType::TrueFalse => choices::truths(&question.statements).filter(|truths| !truths.is_empty()),
        _ => None,
    };
    if let Some(text) = text {
        body.open(Place::Plain);
        body.run("Đáp án:", RunLook::BOLD);
        body.run(&format!(" {text}"), RunLook::default());
        body.close();
    }
}

/// Accepted answers, `|` between them.
pub(super) fn answers(question: &Question) -> Option<String> {
    let full: Vec<&str> = question
        .answers
        .iter()
        .filter(|answer| answer.credit.is_none_or(|credit| credit == Decimal::ONE))
        .map(|answer| answer.text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    (!full.is_empty()).then(|| full.join(" | "))
}

/// `Lời giải` and what belongs to it.
pub(super) fn solution(body: &mut Body<'_>, question: &Question) {
    let own = question.explanation.as_ref().filter(|explanation| !explanation.is_empty());
    let rubric = question.rubric.as_ref().filter(|rubric| !rubric.is_empty());
    let key = losses::key_in_words(question);
    if own.is_none() && rubric.is_none() && key.is_none() {
        return;
    }
    body.line("Lời giải", RunLook::BOLD);
    if let Some(key) = key {
        body.line(&key, RunLook::default());
    }
    for rich in own.into_iter().chain(rubric) {
        body.rich(rich, Place::Plain);
        if rich.blocks.last().is_some_and(|last| matches!(last, Block::Table(_))) {
            body.line("", RunLook::default());
        }
    }
}

pub(super) fn decimal(number: Decimal) -> String {
    number.normalize().to_string().replace('.', ",")
}

impl Body<'_> {
    /// `[TH] ` where levels are printed.
    pub(super) fn level(&mut self, level: Option<Level>) {
        if let Some(level) = level.filter(|_| self.options.levels == LevelTags::Printed) {
            self.run(&format!("[{}] ", level.word()), RunLook::default());
        }
    }
}

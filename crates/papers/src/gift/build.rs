//! From GIFT's words to our questions.

use rust_decimal::Decimal;

use super::syntax::{Amount, Body, Formatted, GiftChoice, GiftQuestion};
use crate::model::{Address, Answer, Choice, Entry, Exact, Key, Pair, Paper, Passage, Question, QuestionType};
use crate::moodle::extras::{Extras, level_of_tags};
use crate::moodle::files::Texts;
use crate::moodle::html_letters;
use crate::moodle::numbers::share;
use crate::moodle::statements::{lone, option_label};
use crate::moodle::{TextFormat, letters_with_formulas};
use crate::rich::Rich;

/// Adds a question to a paper, or the passage it stands for.
pub(super) fn add(source: GiftQuestion, category: Option<&str>, paper: &mut Paper) {
    let number = u32::try_from(paper.questions.len() + 1).ok();
    let address = Address { part: None, number, paragraph: Some(source.line) };
    let extras = source.note.as_deref().and_then(Extras::parse).unwrap_or_default();
    let mut texts = Texts { paper, address };
    if let Some(id) = extras.is_passage {
        let content = texts.rich(source.stem.format, &source.stem.text, &[]);
        paper.passages.push(Passage { id, content });
        return;
    }
    if source.lenient {
        texts.note(Entry::warning(
            "gift-unescaped",
            "Công thức có các dấu { } = ~ # chưa viết kèm \\ ở trước; đã hiểu là công thức. Hãy xem lại câu này.",
        ));
    }
    let mut question = built(source, &mut texts);
    question.category = category.map(str::to_owned);
    extras.restore(&mut question);
    level_of_tags(&mut question);
    question.settle_key();
    if question.key == Key::Missing {
        texts.note(Entry::warning("key-missing", "Câu chưa có đáp án trong tệp. Hãy đánh dấu đáp án đúng."));
    }
    paper.questions.push(question);
}

fn built(source: GiftQuestion, texts: &mut Texts<'_>) -> Question {
    let mut question = Question::new(QuestionType::Description);
    question.address = texts.address;
    question.stem = rich(&source.stem, texts);
    question.explanation = source.general.map(|general| rich(&general, texts));
    question.title = source.title;
    question.external_id = source.id;
    question.tags = source.tags;
    match source.body {
        Body::Description => {}
        Body::Essay => question.kind = QuestionType::Essay,
        Body::TrueFalse { truth, wrong, right } => {
            question.kind = QuestionType::TrueFalse;
            question.statements = vec![lone(Some(truth))];
            for (occasion, feedback) in [("incorrect", wrong), ("correct", right)] {
                if let Some(feedback) = feedback {
                    question.feedback.insert(occasion.to_owned(), rich(&feedback, texts));
                }
            }
        }
        Body::Choices(choices) => options(choices, &mut question, texts),
        Body::Short(answers) => {
            question.kind = QuestionType::ShortAnswer;
            question.answers = answers.into_iter().map(|answer| short(answer, texts)).collect();
        }
        Body::Number(answer) => {
            question.kind = QuestionType::Numeric;
            question.answers = vec![number(answer, texts)];
        }
        Body::Numbers(answers) => {
            question.kind = QuestionType::Numeric;
            question.answers = answers.into_iter().map(|answer| number(answer, texts)).collect();
        }
        Body::Matching(pairs) => {
            question.kind = QuestionType::Matching;
            let pair = |(left, right): (Formatted, String)| Pair { left: rich(&left, texts), right: letters_with_formulas(&right) };
            question.pairs = pairs.into_iter().map(pair).collect();
        }
    }
    question
}

fn rich(text: &Formatted, texts: &mut Texts<'_>) -> Rich {
    texts.rich(text.format, &text.text, &[])
}

fn credit<T>(choice: &GiftChoice<T>) -> Exact {
    choice.weight.map_or(if choice.right { Exact::ONE } else { Exact::ZERO }, share)
}

/// Where one option at least begins with `=`, those are right; else those with a weight are, together.
fn options(choices: Vec<GiftChoice<Formatted>>, question: &mut Question, texts: &mut Texts<'_>) {
    let one_is_enough = choices.iter().any(|choice| choice.right);
    let is_right = |choice: &GiftChoice<Formatted>| (choice.right || !one_is_enough) && credit(choice) > Decimal::ZERO;
    let rights = choices.iter().filter(|choice| is_right(choice)).count();
    question.kind = if rights > 1 || (!one_is_enough && rights > 0) { QuestionType::MultipleChoice } else { QuestionType::SingleChoice };
    // Nothing but wrong options: the key is not said.
    let is_said = rights > 0;
    let option = |(at, choice): (usize, GiftChoice<Formatted>)| Choice {
        label: option_label(at),
        content: rich(&choice.value, texts),
        correct: is_said.then(|| is_right(&choice)),
        credit: is_said.then(|| credit(&choice)),
        feedback: choice.feedback.map(|feedback| rich(&feedback, texts)),
        pinned: false,
    };
    question.options = choices.into_iter().enumerate().map(option).collect();
}

fn short(answer: GiftChoice<Formatted>, texts: &mut Texts<'_>) -> Answer {
    let text = match answer.value.format {
        TextFormat::Html => html_letters(&answer.value.text),
        _ => answer.value.text.clone(),
    };
    Answer { credit: Some(credit(&answer)), feedback: answer.feedback.map(|feedback| rich(&feedback, texts)), text, ..Answer::default() }
}

fn number(answer: GiftChoice<Amount>, texts: &mut Texts<'_>) -> Answer {
    let mut out =
        Answer { credit: Some(credit(&answer)), feedback: answer.feedback.map(|feedback| rich(&feedback, texts)), ..Answer::default() };
    match answer.value {
        Amount::Exactly(number) => out.text = number.text,
        Amount::Around(number, range) => {
            out.text = number.text;
            out.tolerance = Some(range.abs());
        }
        Amount::Between(low, high) => {
            out.text = format!("{low}..{high}");
            (out.min, out.max) = (Some(low), Some(high));
        }
        Amount::Any => out.text = "*".to_owned(),
    }
    out
}

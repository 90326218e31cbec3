//! What stands between the braces, for each kind of question.

use super::letters::{Letters, escaped};
use crate::model::{Answer, Choice, Entry, Exact, Pair, Question, QuestionType};
use crate::moodle::extras::Extras;
use crate::moodle::html::letters as right_side;
use crate::moodle::numbers::{exact, to_percent};
use crate::moodle::statements::to_pairs;
use crate::moodle::write_kinds::{fractions, is_about_numbers};
use crate::moodle::{TextFormat, letters_with_formulas};
use crate::rich::Rich;

/// The answers; `None` for a text without a question.
pub(super) fn answers(
    question: &Question,
    format: TextFormat,
    extras: &mut Extras,
    letters: &mut Letters<'_>,
    report: &mut Vec<Entry>,
) -> Option<String> {
    let kind = question.kind;
    let body = match kind {
        QuestionType::Description => return None,
        QuestionType::SingleChoice | QuestionType::MultipleChoice if !question.options.is_empty() => {
            options(question, format, extras, letters, report)
        }
        QuestionType::TrueFalse => match question.statements.as_slice() {
            [only] if only.content.is_empty() => only.correct.map_or_else(String::new, |truth| lone(question, truth, format, letters)),
            [] => String::new(),
            several => pairs(question, &to_pairs(several), format, letters, report),
        },
        QuestionType::Numeric => numbers(question, format, extras, letters, report),
        QuestionType::ShortAnswer if is_about_numbers(&question.answers) => numbers(question, format, extras, letters, report),
        QuestionType::ShortAnswer => {
            let answer = |answer: &Answer| {
                let text = letters.answer(&answer.text, format);
                format!("={}{text}{}", weight(answer.credit), comment(answer.feedback.as_ref(), format, letters))
            };
            laid_out(question.answers.iter().map(answer).collect())
        }
        QuestionType::Matching => pairs(question, &question.pairs, format, letters, report),
        // Its options are none, or it is an essay.
        _ => String::new(),
    };
    let read_as = match kind {
        QuestionType::TrueFalse if body.contains("->") => QuestionType::Matching,
        _ if body.is_empty() => QuestionType::Essay,
        QuestionType::ShortAnswer if body.starts_with('#') => QuestionType::Numeric,
        _ => kind,
    };
    if read_as != kind {
        extras.kind = Some(kind);
    }
    Some(body)
}

/// One a line, or all in one where they are short. Two dollars in one line might be a formula.
fn laid_out(items: Vec<String>) -> String {
    if !items.iter().any(|item| item.contains('$')) && items.iter().map(String::len).sum::<usize>() <= 60 {
        items.join(" ")
    } else {
        items.iter().map(|item| format!("\n\t{item}")).collect()
    }
}

fn weight(credit: Option<Exact>) -> String {
    match credit {
        None => String::new(),
        Some(credit) if credit == Exact::ONE => String::new(),
        Some(credit) => format!("%{}%", to_percent(credit)),
    }
}

fn comment(feedback: Option<&Rich>, format: TextFormat, letters: &mut Letters<'_>) -> String {
    match feedback.filter(|feedback| !feedback.is_empty()) {
        Some(feedback) => format!("#{}", letters.part(feedback, format)),
        None => String::new(),
    }
}

fn options(question: &Question, format: TextFormat, extras: &mut Extras, letters: &mut Letters<'_>, report: &mut Vec<Entry>) -> String {
    let (shares, changed) = fractions(question.kind, &question.options);
    if changed {
        let message = "Điểm từng phương án không khớp với đáp án đúng; đã ghi theo đáp án đúng.";
        report.push(Entry::warning("credit-changed", message).at(question.address));
    }
    let is_right = |option: &Choice| option.correct == Some(true);
    let rights = question.options.iter().filter(|option| is_right(option)).count();
    // Without a wrong option GIFT would see typed answers.
    let by_sign = question.kind == QuestionType::SingleChoice && rights < question.options.len();
    let read_as = if rights > 1 || (rights > 0 && !by_sign) { QuestionType::MultipleChoice } else { QuestionType::SingleChoice };
    if read_as != question.kind {
        extras.kind = Some(question.kind);
    }
    let option = |(option, share): (&Choice, Exact)| {
        let sign = match (by_sign && is_right(option), share) {
            (true, share) if share == Exact::ONE_HUNDRED => "=".to_owned(),
            (true, share) => format!("=%{share}%"),
            (false, share) if share.is_zero() => "~".to_owned(),
            (false, share) => format!("~%{share}%"),
        };
        format!("{sign}{}{}", letters.part(&option.content, format), comment(option.feedback.as_ref(), format, letters))
    };
    laid_out(question.options.iter().zip(shares).map(option).collect())
}

fn lone(question: &Question, truth: bool, format: TextFormat, letters: &mut Letters<'_>) -> String {
    let mut said = |occasion: &str| question.feedback.get(occasion).map(|feedback| letters.part(feedback, format)).unwrap_or_default();
    let (wrong, right) = (said("incorrect"), said("correct"));
    let word = if truth { "TRUE" } else { "FALSE" };
    match (wrong.is_empty(), right.is_empty()) {
        (true, true) => word.to_owned(),
        (_, true) => format!("{word}#{wrong}"),
        _ => format!("{word}#{wrong} #{right}"),
    }
}

fn pairs(question: &Question, pairs: &[Pair], format: TextFormat, letters: &mut Letters<'_>, report: &mut Vec<Entry>) -> String {
    let mut lines = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let right = right_side(&pair.right);
        let even = right.lines().map(|line| line.split_ascii_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n");
        if letters_with_formulas(&even) != pair.right {
            let message = format!("Vế phải “{}” chỉ giữ được phần chữ: GIFT không nhận hình và định dạng ở đó.", pair.right.to_text());
            report.push(Entry::warning("matching-plain", message).at(question.address));
        }
        lines.push(format!("\n\t={} -> {}", letters.part(&pair.left, format), escaped(&even)));
    }
    lines.concat()
}

fn numbers(question: &Question, format: TextFormat, extras: &mut Extras, letters: &mut Letters<'_>, report: &mut Vec<Entry>) -> String {
    let mut written = Vec::new();
    let mut kept = Vec::new();
    for answer in &question.answers {
        let Some(text) = number(answer) else {
            let message = format!("Đáp án “{}” không phải một số nên không ghi được vào GIFT.", answer.text);
            report.push(Entry::warning("not-a-number", message).at(question.address));
            continue;
        };
        kept.push(answer.text.clone());
        written.push((text, answer));
    }
    if written.iter().any(|(text, answer)| answer.min.is_none() && text.split(':').next() != Some(answer.text.as_str())) {
        extras.written = kept;
    }
    match written.as_slice() {
        [] => String::new(),
        [(text, only)] if only.feedback.is_none() && only.credit.is_none_or(|credit| credit == Exact::ONE) && text != "*" => {
            format!("#{text}")
        }
        several => {
            let line = |(text, answer): &(String, &Answer)| {
                format!("\n\t={}{text}{}", weight(answer.credit), comment(answer.feedback.as_ref(), format, letters))
            };
            format!("#{}", several.iter().map(line).collect::<String>())
        }
    }
}

fn number(answer: &Answer) -> Option<String> {
    if let (Some(low), Some(high)) = (answer.min, answer.max) {
        return Some(format!("{low}..{high}"));
    }
    if answer.text == "*" {
        return Some("*".to_owned());
    }
    let number = exact(&answer.text)?;
    Some(answer.tolerance.map_or_else(|| number.to_string(), |tolerance| format!("{number}:{tolerance}")))
}

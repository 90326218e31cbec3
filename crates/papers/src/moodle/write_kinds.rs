//! What each kind of question has of its own, as Moodle writes it.

use super::cloze_out::gap;
use super::extras::{Extras, is_whole};
use super::html::letters;
use super::letters_with_formulas;
use super::numbers::{exact, to_percent};
use super::statements::to_pairs;
use super::write::Sink;
use crate::model::{Answer, Choice, Exact, Pair, Question, QuestionType};
use crate::rich::Inline;

/// How a question is written.
pub(super) struct Form {
    /// Moodle's word.
    pub word: &'static str,
    /// Our kind, where Moodle's word does not say it.
    pub written_as: Option<QuestionType>,
}

/// Whether it is a true/false question without statements of its own.
pub(super) fn is_lone(question: &Question) -> bool {
    question.kind == QuestionType::TrueFalse && matches!(question.statements.as_slice(), [only] if only.content.is_empty())
}

/// Moodle's kind for a question. Where the key is not known some become essays: a kind that needs none.
pub(super) fn form(question: &Question) -> Form {
    let own = |word| Form { word, written_as: None };
    let other = |word| Form { word, written_as: Some(question.kind) };
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => own("multichoice"),
        QuestionType::TrueFalse if is_lone(question) => own("truefalse"),
        QuestionType::TrueFalse if question.statements.is_empty() => other("essay"),
        QuestionType::TrueFalse => other("matching"),
        QuestionType::ShortAnswer | QuestionType::Numeric if question.answers.is_empty() => other("essay"),
        QuestionType::ShortAnswer if is_about_numbers(&question.answers) => other("numerical"),
        QuestionType::ShortAnswer => own("shortanswer"),
        QuestionType::Numeric => own("numerical"),
        QuestionType::Matching => own("matching"),
        QuestionType::Ordering => own("ordering"),
        QuestionType::Cloze => own("cloze"),
        QuestionType::Essay => own("essay"),
        QuestionType::Description => own("description"),
    }
}

/// Short answers whose tolerance only a numerical question can hold.
pub(crate) fn is_about_numbers(answers: &[Answer]) -> bool {
    let has_tolerance = |answer: &Answer| answer.tolerance.is_some() || answer.min.is_some() || answer.max.is_some();
    answers.iter().any(has_tolerance) && answers.iter().all(|answer| centre(answer).is_some())
}

/// The number at the middle of what is accepted, and how far from it.
pub(crate) fn centre(answer: &Answer) -> Option<(Exact, Option<Exact>)> {
    match (answer.min, answer.max) {
        (Some(low), Some(high)) => {
            let sum = low.checked_add(high)?;
            let centre = sum.checked_div(Exact::TWO)?;
            Some((centre.normalize(), Some(high.checked_sub(centre)?.normalize())))
        }
        _ => Some((exact(&answer.text)?, answer.tolerance)),
    }
}

/// The text of the question, its gaps filled with their answers.
pub(super) fn stem(question: &Question, extras: &mut Extras, sink: &mut Sink<'_>) {
    if question.kind != QuestionType::Cloze {
        return sink.rich("questiontext", &[("format", "html")], &question.stem);
    }
    let mut seen = vec![false; question.blanks.len()];
    question.stem.each_inline(&mut |inline| {
        if let Inline::Blank(number) = inline
            && let Some(seen) = usize::try_from(*number).ok().and_then(|number| number.checked_sub(1)).and_then(|at| seen.get_mut(at))
        {
            *seen = true;
        }
    });
    let shares: Vec<_> = question.blanks.iter().map(|blank| blank.points).collect();
    if shares.iter().flatten().any(|points| !is_whole(*points)) {
        extras.shares = shares;
    }
    let mut files = Vec::new();
    let gaps: Vec<String> = question.blanks.iter().map(|blank| gap(blank, &mut sink.html, &mut files)).collect();
    let unplaced: Vec<String> = gaps.iter().zip(&seen).filter(|(_, seen)| !**seen).map(|(gap, _)| gap.clone()).collect();
    let mut text = sink.html.text_with_gaps(&question.stem, gaps);
    if !unplaced.is_empty() {
        text.html.push_str(&format!("<p>{}</p>", unplaced.join(" ")));
        sink.lost(question, "gap-not-placed", "Có chỗ trống không nằm trong câu; đã ghi ở cuối câu.".to_owned());
    }
    text.files.extend(files);
    text.files.sort_by(|one, other| one.id.cmp(&other.id));
    text.files.dedup_by(|one, other| one.id == other.id);
    sink.xml.open("questiontext", &[("format", "html")]);
    sink.text(&text);
    sink.xml.close("questiontext");
}

/// The answers.
pub(super) fn body(question: &Question, word: &str, extras: &mut Extras, sink: &mut Sink<'_>) {
    match word {
        "multichoice" => choices(question, sink),
        "truefalse" => true_false(question, sink),
        "shortanswer" => {
            if let Some(case) = question.case_sensitive {
                sink.xml.leaf("usecase", &[], if case { "1" } else { "0" });
            }
            question.answers.iter().for_each(|of| answer(of, &of.text, &[("format", "plain_text")], None, sink));
        }
        "numerical" => numerical(question, sink),
        "matching" if question.kind == QuestionType::TrueFalse => {
            pairs(question, &to_pairs(&question.statements), sink);
            if question.statements.iter().any(|statement| statement.feedback.is_some()) {
                sink.lost(question, "feedback-lost", "Giải thích riêng của từng ý đúng/sai không có chỗ trong Moodle.".to_owned());
            }
        }
        "matching" => pairs(question, &question.pairs, sink),
        "ordering" => {
            for (at, item) in question.items.iter().enumerate() {
                sink.rich("answer", &[("fraction", &(at + 1).to_string()), ("format", "html")], item);
            }
        }
        _ => {}
    }
    if word != "shortanswer" {
        extras.case_sensitive = question.case_sensitive;
    }
}

/// What each option gives, in per cent; whether some credit had to give way to the key.
pub(crate) fn fractions(kind: QuestionType, options: &[Choice]) -> (Vec<Exact>, bool) {
    let rights = options.iter().filter(|option| option.correct == Some(true)).count();
    if rights == 0 {
        return (vec![Exact::ZERO; options.len()], options.iter().any(|option| option.credit.is_some_and(|credit| credit > Exact::ZERO)));
    }
    let each = match kind {
        QuestionType::SingleChoice => Exact::ONE_HUNDRED,
        // Five places, as Moodle's own list has them.
        _ => (Exact::ONE_HUNDRED / Exact::from(rights)).round_dp(5).normalize(),
    };
    let best = options.iter().filter_map(|option| option.credit).max();
    let agrees = |option: &Choice| match (option.credit, kind) {
        (None, _) => false,
        (Some(credit), QuestionType::SingleChoice) => option.correct == Some(Some(credit) == best && credit > Exact::ZERO),
        (Some(credit), _) => option.correct == Some(credit > Exact::ZERO),
    };
    let all_agree = options.iter().all(agrees);
    let by_key = |option: &Choice| if option.correct == Some(true) { each } else { Exact::ZERO };
    let by_credit = |option: &Choice| option.credit.map_or(Exact::ZERO, to_percent);
    let said = options.iter().any(|option| option.credit.is_some());
    let list = options.iter().map(|option| if all_agree { by_credit(option) } else { by_key(option) }).collect();
    (list, said && !all_agree && options.iter().all(|option| option.credit.is_some()))
}

fn choices(question: &Question, sink: &mut Sink<'_>) {
    sink.xml.leaf("single", &[], if question.kind == QuestionType::SingleChoice { "true" } else { "false" });
    sink.xml.leaf("answernumbering", &[], "ABCD");
    let (fractions, changed) = fractions(question.kind, &question.options);
    if changed {
        let message = "Điểm từng phương án không khớp với đáp án đúng; đã ghi theo đáp án đúng.";
        sink.lost(question, "credit-changed", message.to_owned());
    }
    for (option, fraction) in question.options.iter().zip(fractions) {
        sink.xml.open("answer", &[("fraction", &fraction.to_string()), ("format", "html")]);
        let text = sink.html.text(&option.content);
        sink.text(&text);
        sink.maybe("feedback", option.feedback.as_ref());
        sink.xml.close("answer");
    }
}

fn true_false(question: &Question, sink: &mut Sink<'_>) {
    let correct = question.statements.first().and_then(|statement| statement.correct);
    for truth in [true, false] {
        let fraction = if correct == Some(truth) { "100" } else { "0" };
        sink.xml.open("answer", &[("fraction", fraction), ("format", "moodle_auto_format")]);
        sink.xml.leaf("text", &[], if truth { "true" } else { "false" });
        let occasion = if correct == Some(truth) { "correct" } else { "incorrect" };
        if correct.is_some() {
            sink.maybe("feedback", question.feedback.get(occasion));
        }
        sink.xml.close("answer");
    }
    let has_own = question.statements.iter().any(|statement| statement.feedback.is_some());
    if has_own || (correct.is_none() && !question.feedback.is_empty()) {
        sink.lost(question, "feedback-lost", "Phản hồi riêng của ý đúng/sai không có chỗ trong Moodle.".to_owned());
    }
}

fn answer(of: &Answer, text: &str, attributes: &[(&str, &str)], tolerance: Option<Exact>, sink: &mut Sink<'_>) {
    let fraction = of.credit.map_or(Exact::ONE_HUNDRED, to_percent).to_string();
    let mut all = vec![("fraction", fraction.as_str())];
    all.extend(attributes);
    sink.xml.open("answer", &all);
    sink.xml.leaf("text", &[], text);
    sink.maybe("feedback", of.feedback.as_ref());
    if let Some(tolerance) = tolerance {
        sink.xml.leaf("tolerance", &[], &tolerance.to_string());
    }
    sink.xml.close("answer");
}

fn numerical(question: &Question, sink: &mut Sink<'_>) {
    for of in &question.answers {
        match centre(of) {
            Some((centre, tolerance)) => {
                let (low, high) = (of.min.map(|low| low.to_string()), of.max.map(|high| high.to_string()));
                let written = centre.to_string();
                let mut attributes = vec![("format", "moodle_auto_format")];
                if let (Some(low), Some(high)) = (&low, &high) {
                    attributes.extend([("lopmo-min", low.as_str()), ("lopmo-max", high.as_str())]);
                } else if written != of.text {
                    // Moodle wants a point; the teacher wrote a comma.
                    attributes.push(("lopmo-text", of.text.as_str()));
                }
                answer(of, &written, &attributes, tolerance, sink);
            }
            None => {
                if of.text != "*" {
                    sink.lost(question, "not-a-number", format!("Đáp án “{}” không phải một số nên Moodle có thể không nhận.", of.text));
                }
                answer(of, &of.text, &[("format", "moodle_auto_format")], of.tolerance, sink);
            }
        }
    }
}

fn pairs(question: &Question, pairs: &[Pair], sink: &mut Sink<'_>) {
    for pair in pairs {
        sink.xml.open("subquestion", &[("format", "html")]);
        let text = sink.html.text(&pair.left);
        sink.text(&text);
        let right = letters(&pair.right);
        if letters_with_formulas(&right) != pair.right {
            let message = format!("Vế phải “{}” chỉ giữ được phần chữ: Moodle không nhận hình và định dạng ở đó.", pair.right.to_text());
            sink.lost(question, "matching-plain", message);
        }
        sink.xml.text_in("answer", &[], &right);
        sink.xml.close("subquestion");
    }
}

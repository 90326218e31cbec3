//! Which questions stand in which part, under which numbers.

use crate::model::{Paper, Question, QuestionType};
use crate::roman;

/// A part of the paper as it will be printed.
pub(super) struct Part<'a> {
    /// What stands above it; `None` where the paper has no parts.
    pub(super) heading: Option<String>,
    /// Questions with the numbers they are printed under.
    pub(super) questions: Vec<(u32, &'a Question)>,
}

/// The kinds the parts of 2025 are made of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Choice,
    Truth,
    Short,
    Essay,
}

fn kind(question: &Question) -> Kind {
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => Kind::Choice,
        QuestionType::TrueFalse => Kind::Truth,
        QuestionType::ShortAnswer | QuestionType::Numeric => Kind::Short,
        _ => Kind::Essay,
    }
}

/// Parts as the paper has them where each is of one kind; else one for each kind, in the order of 2025.
pub(super) fn parts(paper: &Paper) -> Vec<Part<'_>> {
    let given = given(&paper.questions).unwrap_or_else(|| by_kind(&paper.questions));
    let alone = given.len() == 1 && given.first().is_some_and(|(number, kind, _)| number.is_none() && *kind == Kind::Choice);
    let mut out = Vec::new();
    for (at, (number, kind, questions)) in given.into_iter().enumerate() {
        let questions = numbered(questions);
        let ordinal = number.unwrap_or_else(|| u32::try_from(at + 1).unwrap_or(1));
        out.push(Part { heading: (!alone).then(|| heading(ordinal, kind, &questions)), questions });
    }
    out
}

type Group<'a> = (Option<u32>, Kind, Vec<&'a Question>);

/// The paper's own parts, where they rise and hold one kind each.
fn given(questions: &[Question]) -> Option<Vec<Group<'_>>> {
    let mut out: Vec<Group<'_>> = Vec::new();
    for question in questions {
        match out.last_mut() {
            Some((part, kind, group)) if *part == question.address.part => {
                if *kind != self::kind(question) {
                    return None;
                }
                group.push(question);
            }
            last => {
                if last.is_some_and(|(part, ..)| *part >= question.address.part) {
                    return None;
                }
                out.push((question.address.part, self::kind(question), vec![question]));
            }
        }
    }
    Some(out)
}

fn by_kind(questions: &[Question]) -> Vec<Group<'_>> {
    [Kind::Choice, Kind::Truth, Kind::Short, Kind::Essay]
        .into_iter()
        .map(|wanted| (None, wanted, questions.iter().filter(|question| kind(question) == wanted).collect::<Vec<_>>()))
        .filter(|(_, _, group)| !group.is_empty())
        .collect()
}

/// Own numbers where they rise; else from 1.
fn numbered(questions: Vec<&Question>) -> Vec<(u32, &Question)> {
    let own: Option<Vec<u32>> =
        questions.iter().map(|question| question.address.number.filter(|number| (1..10_000).contains(number))).collect();
    let rising = own.filter(|own| own.windows(2).all(|pair| matches!(pair, [a, b] if a < b)));
    let numbers: Vec<u32> = rising.unwrap_or_else(|| (1..).take(questions.len()).collect());
    numbers.into_iter().zip(questions).collect()
}

fn heading(ordinal: u32, kind: Kind, questions: &[(u32, &Question)]) -> String {
    let (name, task) = match kind {
        Kind::Choice => ("Câu trắc nghiệm nhiều phương án lựa chọn.", " Mỗi câu hỏi thí sinh chỉ chọn một phương án."),
        Kind::Truth => ("Câu trắc nghiệm đúng sai.", " Trong mỗi ý a), b), c), d) ở mỗi câu, thí sinh chọn đúng hoặc sai."),
        Kind::Short => ("Câu trắc nghiệm trả lời ngắn.", ""),
        Kind::Essay => ("Tự luận.", ""),
    };
    let several = questions.iter().any(|(_, question)| question.kind == QuestionType::MultipleChoice);
    let task = if several { "" } else { task };
    let range = match (questions.first(), questions.last()) {
        (Some((first, _)), Some((last, _))) if first != last => format!(" Thí sinh trả lời từ câu {first} đến câu {last}."),
        _ => String::new(),
    };
    format!("PHẦN {}. {name}{range}{task}", roman::write(ordinal))
}

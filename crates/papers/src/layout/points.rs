//! Points that headings say of the questions below them: `PHẦN I (3,0 điểm)`, `mỗi câu đúng được 0,25
//! điểm`. A question that says its own keeps them; the steps of true/false (`đúng 1 ý được 0,1 điểm`)
//! are no points of a question.

mod heard;

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::doubts::doubt;
use super::draft::Draft;
use super::sheets::{Group, Sheets};
use super::signs::Rank;
use crate::model::{Paper, Question, QuestionType};

pub(crate) use heard::{Heard, Said};

/// Decimals a question's points may have when a total is divided.
const PLACES: u32 = 4;

/// Gives the questions of `drafts` (the last of the paper) what the headings above them say.
pub(crate) fn give(cut: &Sheets<'_>, drafts: &[Draft<'_>], paper: &mut Paper) {
    let first = paper.questions.len().saturating_sub(drafts.len());
    let headings = above(&cut.groups);
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut loose: Vec<(usize, Option<u32>)> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        match headings.over.get(draft.block.group).copied().flatten() {
            Some(heading) => below.entry(heading).or_default().push(first + at),
            None => loose.push((first + at, draft.part)),
        }
    }
    let mut below: Vec<(usize, Vec<usize>)> = below.into_iter().collect();
    below.sort_unstable();
    for (heading, asked) in below {
        let Some(said) = cut.groups.get(heading).map(|group| group.said) else { continue };
        let total = if headings.over_others.contains(&heading) { Heard::Nothing } else { said.total };
        settle(Said { total, ..said }, &asked, paper);
    }
    let asking: HashSet<usize> = drafts.iter().map(|draft| draft.block.sheet).collect();
    let behind = behind_the_end(&cut.groups, &asking);
    for (at, part) in loose {
        let of_part = part.and_then(|part| behind.get(&part).copied()).unwrap_or_default();
        // What a paper says of a question at its head is not said of what is written out.
        let written = paper.questions.get(at).is_some_and(|question| question.kind == QuestionType::Essay);
        let each = if of_part == Heard::Nothing && !written { cut.head.each } else { of_part };
        settle(Said { each, ..Said::default() }, &[at], paper);
    }
}

/// Which heading with words about points stands over each group.
#[derive(Default)]
struct Above {
    over: Vec<Option<usize>>,
    /// Headings over others that say points themselves: what they say in all is not for the rest alone.
    over_others: Vec<usize>,
}

fn above(groups: &[Group]) -> Above {
    let mut out = Above::default();
    let mut open: Vec<(usize, Rank)> = Vec::new();
    let mut sheet = 0;
    for (at, group) in groups.iter().enumerate() {
        match group.sign.filter(|_| group.sheet == sheet) {
            Some(sign) => open.retain(|(_, rank)| *rank < sign.rank),
            // Numbers that start again under no heading are below none.
            None => open.clear(),
        }
        sheet = group.sheet;
        if let Some(sign) = group.sign {
            if !group.said.is_empty() {
                out.over_others.extend(open.iter().map(|(over, _)| *over));
            }
            open.push((at, sign.rank));
        }
        let said = |(at, _): &&(usize, Rank)| groups.get(*at).is_some_and(|group| !group.said.is_empty());
        out.over.push(open.iter().rev().find(said).map(|(at, _)| *at));
    }
    out
}

/// What headings over keys say of a question of each part; a paper with none of its own is marked by it.
fn behind_the_end(groups: &[Group], asking: &HashSet<usize>) -> HashMap<u32, Heard> {
    let mut out: HashMap<u32, Heard> = HashMap::new();
    for group in groups.iter().filter(|group| !asking.contains(&group.sheet)) {
        if let Some(part) = group.sign.filter(|sign| sign.rank == Rank::High).and_then(|sign| sign.ordinal) {
            let heard = out.entry(part).or_default();
            *heard = heard.and(group.said.each);
        }
    }
    out
}

fn settle(said: Said, asked: &[usize], paper: &mut Paper) {
    let questions: Vec<&Question> = asked.iter().filter_map(|at| paper.questions.get(*at)).collect();
    let each = match (said.each, said.total) {
        (Heard::Is(each), Heard::Is(total)) if each * Decimal::from(questions.len()) != total => {
            let rest = format!(
                "tiêu đề phía trên ghi {} điểm cho cả phần và {} điểm cho mỗi câu, nhưng phần có {} câu. Điểm được để trống; hãy ghi điểm của từng câu.",
                printed(total),
                printed(each),
                questions.len()
            );
            if let Some(first) = questions.first() {
                paper.report.push(doubt("points-conflict", first.address, &rest).with("total", total).with("each", each));
            }
            return;
        }
        (Heard::Is(each), _) => each,
        (Heard::Nothing, Heard::Is(total)) => match divided(total, said.count, &questions) {
            Some(each) => each,
            None => return,
        },
        _ => return,
    };
    for at in asked {
        if let Some(question) = paper.questions.get_mut(*at) {
            question.points = question.points.or(Some(each.normalize()));
        }
    }
}

/// The share of each of some questions of one kind; essays are seldom worth the same.
fn divided(total: Decimal, count: Option<u32>, questions: &[&Question]) -> Option<Decimal> {
    let kind = |question: &Question| match question.kind {
        QuestionType::MultipleChoice => QuestionType::SingleChoice,
        kind => kind,
    };
    let first = kind(questions.first()?);
    let one = questions.len() == 1;
    let alike = questions.iter().all(|question| kind(question) == first && question.points.is_none());
    let all_there = count.is_none_or(|count| usize::try_from(count) == Ok(questions.len()));
    if !alike || !all_there || first == QuestionType::Essay && !one {
        return None;
    }
    let number = Decimal::from(questions.len());
    let each = total.checked_div(number)?.normalize();
    (each.scale() <= PLACES && each * number == total).then_some(each)
}

fn printed(points: Decimal) -> String {
    points.normalize().to_string().replace('.', ",")
}

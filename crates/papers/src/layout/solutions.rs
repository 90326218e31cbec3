//! What stands behind the key: solutions by number, questions printed again with their solutions, or
//! another paper.

use std::collections::HashMap;

use super::choices::{self, Case};
use super::draft::{Draft, Source, draft};
use super::keys::{Value, truths, value};
use super::line::Slice;
use super::looks;
use super::parts::parts;
use super::sheets::Sheets;
use super::signs;
use super::writing::{Bit, rich};
use crate::model::QuestionType;

/// What became of the later sheets.
#[derive(Default)]
pub(crate) struct Later<'a> {
    /// Questions of another paper in the same file.
    pub more: Vec<Draft<'a>>,
    /// Solutions without a question.
    pub left: Vec<Bit<'a>>,
}

/// Gives the solutions of later sheets to the drafts of the first.
pub(crate) fn give<'a>(sheets: &Sheets<'a>, drafts: &mut [Draft<'a>]) -> Later<'a> {
    let mut later = Later::default();
    let last = sheets.blocks.iter().map(|block| block.sheet).max().unwrap_or_default();
    for sheet in 1..=last {
        one(sheets, sheet, drafts, &mut later);
    }
    later
}

fn one<'a>(sheets: &Sheets<'a>, sheet: usize, drafts: &mut [Draft<'a>], later: &mut Later<'a>) {
    let parts = parts(&sheets.groups, &sheets.blocks, sheet);
    let mut numbers: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut places: HashMap<(Option<u32>, u32), usize> = HashMap::new();
    let mut known: Vec<Option<u32>> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        numbers.entry(draft.number()).or_default().push(at);
        places.entry((draft.part, draft.number())).or_insert(at);
        if !known.contains(&draft.part) {
            known.push(draft.part);
        }
    }
    let mut theirs: Vec<Option<u32>> = Vec::new();
    let mut read: Vec<(Draft<'a>, Option<usize>)> = Vec::new();
    for block in sheets.blocks.iter().filter(|block| block.sheet == sheet) {
        let part = parts.get(block.group).copied().flatten();
        if !theirs.contains(&part) {
            theirs.push(part);
        }
        let sign = sheets.groups.get(block.group).and_then(|group| group.sign);
        let target = match numbers.get(&block.sign.number).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            Some(_) => places.get(&(part, block.sign.number)).copied().or_else(|| {
                // Parts without headings answer to the parts of the paper in order.
                let at = theirs.iter().position(|other| *other == part)?;
                places.get(&(known.get(at).copied()?, block.sign.number)).copied()
            }),
            None => None,
        };
        let mut again = draft(block, sign.and_then(|sign| sign.kind), sign.and_then(|sign| sign.level));
        again.part = part;
        read.push((again, target));
    }
    let with_options = read
        .iter()
        .filter(|(again, _)| again.choices.len() >= 3 || again.statements.len() >= 3 && again.announced == Some(QuestionType::TrueFalse))
        .count();
    let same =
        read.iter().filter(|(again, target)| target.and_then(|at| drafts.get(at)).is_some_and(|first| is_same(again, first))).count();
    if with_options * 2 > read.len() && same * 2 < with_options {
        another_paper(read, drafts, later);
        return;
    }
    // Looks of labels in questions printed again are keys too.
    let mut again: Vec<Draft<'a>> = read.iter().map(|(again, _)| again.clone()).collect();
    looks::claim(&mut again);
    for (again, (_, target)) in again.into_iter().zip(read) {
        match target.and_then(|at| drafts.get_mut(at)) {
            Some(first) => solve(first, again),
            None => later.left.extend(again.block.bits),
        }
    }
}

fn another_paper<'a>(read: Vec<(Draft<'a>, Option<usize>)>, drafts: &[Draft<'a>], later: &mut Later<'a>) {
    let highest = drafts.iter().chain(&later.more).filter_map(|draft| draft.part).max().unwrap_or(1);
    later.more.extend(read.into_iter().map(|(mut draft, _)| {
        draft.part = Some(highest + draft.part.unwrap_or(1));
        draft
    }));
}

/// Whether two blocks ask the same.
fn is_same(again: &Draft<'_>, first: &Draft<'_>) -> bool {
    let letters = |bits: &[Bit<'_>]| {
        bits.iter()
            .filter_map(|bit| if let Bit::Text(slice) = bit { Some(slice.plain()) } else { None })
            .flat_map(str::bytes)
            .filter(u8::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .take(60)
            .collect::<Vec<u8>>()
    };
    let (a, b) = (letters(&again.stem), letters(&first.stem));
    let alike = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    a.len() >= 3 && b.len() >= 3 && alike >= a.len().min(b.len()).min(30) || a == b
}

/// Gives a solution to its question.
fn solve<'a>(first: &mut Draft<'a>, again: Draft<'a>) {
    let repeats = is_same(&again, first)
        && (!again.choices.is_empty() || !again.statements.is_empty() || first.choices.is_empty() && first.statements.is_empty());
    if repeats && !again.stem.is_empty() {
        for claim in &again.claims {
            first.claim(claim.source, claim.value.clone());
        }
        // What is printed otherwise the second time is kept, too.
        if asked(&again) != asked(first) {
            first.left.extend(again.stem);
            first.left.extend(again.choices.into_iter().chain(again.statements).flat_map(|choice| choice.content));
        }
        first.explanation.extend(again.explanation);
        first.left.extend(again.left);
        return;
    }
    let bits = again.block.bits;
    if let Some(Bit::Text(slice)) = bits.first() {
        first_line(first, *slice, bits.len());
    }
    for bit in &bits {
        first.solution_claims(bit);
    }
    let alone = matches!(bits.as_slice(), [Bit::Text(slice)] if is_only_key(*slice));
    if alone {
        first.left.extend(bits);
    } else {
        // `Đáp án B` alone is the key, and would be wrong once options are shuffled.
        let says_key = |bit: &Bit<'_>| matches!(bit, Bit::Text(slice) if signs::answer_letter(slice.plain()).is_some_and(|(_, end)| slice.after(end).is_blank()));
        let (keys, explains): (Vec<Bit<'a>>, Vec<Bit<'a>>) = bits.into_iter().partition(says_key);
        first.left.extend(keys);
        first.explanation.extend(explains.into_iter().map(without_heading));
    }
}

/// What a question says, options included.
fn asked(draft: &Draft<'_>) -> String {
    let choices = draft.choices.iter().chain(&draft.statements).flat_map(|choice| &choice.content);
    let bits: Vec<Bit<'_>> = draft.stem.iter().chain(choices).copied().collect();
    rich(&bits).to_text()
}

fn without_heading(bit: Bit<'_>) -> Bit<'_> {
    match bit {
        Bit::Text(slice) => match signs::EXPLANATION.find(slice.plain()) {
            Some(found) => Bit::Text(slice.after(found.end())),
            None => bit,
        },
        Bit::Table(_) => bit,
    }
}

fn is_only_key(slice: Slice<'_>) -> bool {
    slice.plain().trim().len() <= 24
}

/// `B`, `B. vì …`, `ĐSĐS`, `12,5` behind the number.
fn first_line(first: &mut Draft<'_>, slice: Slice<'_>, lines: usize) {
    let text = rich(&[Bit::Text(slice)]).to_text();
    let bare = text.trim().trim_end_matches(['.', ';', ':']);
    match value(bare) {
        Some(Value::Letters(letters)) if first.kind != Some(QuestionType::TrueFalse) || first.statements.is_empty() => {
            first.claim(Source::Solution, Value::Letters(letters))
        }
        Some(Value::Truths(truths)) if truths.len() > 1 || first.statements.is_empty() && first.kind == Some(QuestionType::TrueFalse) => {
            first.claim(Source::Solution, Value::Truths(truths))
        }
        Some(Value::Text(text)) if first.kind == Some(QuestionType::ShortAnswer) && lines == 1 && text.chars().count() <= 20 => {
            first.claim(Source::Solution, Value::Text(text));
        }
        _ => {
            let plain = slice.plain();
            let letter = plain.trim_start().bytes().next().filter(|letter| (b'A'..=b'H').contains(letter));
            let marked = plain.trim_start().as_bytes().get(1).is_some_and(|mark| matches!(mark, b'.' | b')'));
            let many = choices::chain(&[Bit::Text(slice)], Case::Upper).is_some();
            if let (Some(letter), true, false, 0) = (letter, marked, many, first.statements.len())
                && first.kind == Some(QuestionType::SingleChoice)
            {
                first.claim(Source::Solution, Value::Letters(vec![char::from(letter)]));
            }
            if let Some(truths) = truths(&slice.text()).filter(|truths| truths.len() == first.statements.len() && truths.len() > 1) {
                first.claim(Source::Solution, Value::Truths(truths));
            }
        }
    }
}

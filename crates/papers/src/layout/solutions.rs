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
use super::words;
use super::writing::{Bit, rich};
use crate::model::QuestionType;

/// The questions of one paper; a file may hold several, each with its keys and solutions behind it.
pub(crate) struct OnePaper<'a> {
    pub drafts: Vec<Draft<'a>>,
    /// Place of its first block in the file.
    pub first: usize,
    /// Its questions whose labels look as if they meant something.
    pub unclear: Vec<usize>,
}

impl<'a> OnePaper<'a> {
    pub fn new(mut drafts: Vec<Draft<'a>>, first: usize) -> Self {
        let looks = looks::claim(&mut drafts);
        words::claim(&mut drafts);
        Self { drafts, first, unclear: looks.unclear }
    }
}

/// What became of the later sheets.
#[derive(Default)]
pub(crate) struct Later<'a> {
    /// Solutions without a question.
    pub left: Vec<Bit<'a>>,
    /// Where sheets of solutions begin.
    pub solved: Vec<usize>,
}

/// Gives the solutions of later sheets to the papers before them; sheets that are papers themselves
/// are added.
pub(crate) fn give<'a>(sheets: &Sheets<'a>, papers: &mut Vec<OnePaper<'a>>) -> Later<'a> {
    let mut later = Later::default();
    let last = sheets.blocks.iter().map(|block| block.sheet).max().unwrap_or_default();
    for sheet in 1..=last {
        one(sheets, sheet, papers, &mut later);
    }
    later
}

/// The papers a place behind them may be about: the last ones without keys or solutions between them.
pub(crate) fn before(papers: &[OnePaper<'_>], breaks: &[usize], place: usize) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    let mut next: Option<usize> = None;
    for (at, paper) in papers.iter().enumerate().rev().filter(|(_, paper)| paper.first < place) {
        let parted = next.is_some_and(|next| breaks.iter().any(|place| paper.first < *place && *place <= next));
        if parted {
            break;
        }
        out.push(at);
        next = Some(paper.first);
    }
    out.reverse();
    out
}

fn one<'a>(sheets: &Sheets<'a>, sheet: usize, papers: &mut Vec<OnePaper<'a>>, later: &mut Later<'a>) {
    let parts = parts(&sheets.groups, &sheets.blocks, sheet);
    let Some(first) = sheets.blocks.iter().position(|block| block.sheet == sheet) else { return };
    let mut read: Vec<Draft<'a>> = Vec::new();
    for block in sheets.blocks.iter().filter(|block| block.sheet == sheet) {
        let sign = sheets.groups.get(block.group).and_then(|group| group.sign);
        let mut again = draft(block, sign.and_then(|sign| sign.kind), sign.and_then(|sign| sign.level));
        again.part = parts.get(block.group).copied().flatten();
        read.push(again);
    }
    let with_options = read
        .iter()
        .filter(|again| again.choices.len() >= 3 || again.statements.len() >= 3 && again.announced == Some(QuestionType::TrueFalse))
        .count();
    // The paper that asks most of the same.
    let mut best: Option<(usize, usize)> = None;
    for (at, paper) in papers.iter().enumerate() {
        let targets = targets(&read, &paper.drafts);
        let same = read
            .iter()
            .zip(targets)
            .filter(|(again, target)| target.and_then(|at| paper.drafts.get(at)).is_some_and(|first| is_same(again, first)));
        let same = same.count();
        if best.is_none_or(|(_, most)| same > most) {
            best = Some((at, same));
        }
    }
    let (alike, same) = best.unwrap_or_default();
    if with_options * 2 > read.len() && same * 2 < with_options {
        another_paper(read, first, papers);
        return;
    }
    let breaks: Vec<usize> = sheets.key_places.values().copied().chain(later.solved.iter().copied()).collect();
    let run = before(papers, &breaks, first);
    let solved = later.solved.iter().filter(|place| run.iter().any(|at| papers.get(*at).is_some_and(|paper| paper.first < **place)));
    let in_order = run.get(solved.count()).or(run.last()).copied();
    let target = if same > 0 { Some(alike) } else { in_order };
    later.solved.push(first);
    let Some(paper) = target.and_then(|at| papers.get_mut(at)) else { return };
    // Looks of labels in questions printed again are keys too.
    let targets = targets(&read, &paper.drafts);
    looks::claim(&mut read);
    for (again, target) in read.into_iter().zip(targets) {
        match target.and_then(|at| paper.drafts.get_mut(at)) {
            Some(first) => solve(first, again),
            None => later.left.extend(again.block.bits),
        }
    }
}

/// The question of a paper each block of solutions is for.
fn targets(read: &[Draft<'_>], drafts: &[Draft<'_>]) -> Vec<Option<usize>> {
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
    let mut out = Vec::new();
    for again in read {
        let (part, number) = (again.part, again.number());
        if !theirs.contains(&part) {
            theirs.push(part);
        }
        out.push(match numbers.get(&number).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            Some(_) => places.get(&(part, number)).copied().or_else(|| {
                // Parts without headings answer to the parts of the paper in order.
                let at = theirs.iter().position(|other| *other == part)?;
                places.get(&(known.get(at).copied()?, number)).copied()
            }),
            None => None,
        });
    }
    out
}

fn another_paper<'a>(read: Vec<Draft<'a>>, first: usize, papers: &mut Vec<OnePaper<'a>>) {
    // Now that there are several, the first is the first.
    for draft in papers.iter_mut().flat_map(|paper| &mut paper.drafts) {
        draft.part = draft.part.or(Some(1));
    }
    let all = papers.iter().flat_map(|paper| &paper.drafts);
    let highest = all.filter_map(|draft| draft.part).max().unwrap_or(1);
    let lowest = read.iter().filter_map(|draft| draft.part).min().unwrap_or(1).max(1);
    let numbered = |mut draft: Draft<'a>| {
        draft.part = Some(highest + draft.part.unwrap_or(1).max(lowest) - lowest + 1);
        draft
    };
    papers.push(OnePaper::new(read.into_iter().map(numbered).collect(), first));
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

/// Whether a line is a key and explains nothing.
fn is_only_key(slice: Slice<'_>) -> bool {
    let text = slice.text();
    let bare = text.trim().trim_end_matches(['.', ';', ':']);
    let words = bare.split_whitespace().count();
    signs::answer_letter(slice.plain()).is_some_and(|(_, end)| slice.after(end).is_blank())
        || !matches!(value(bare), Some(Value::Text(_)))
        || words <= 3 && bare.chars().count() <= 24
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

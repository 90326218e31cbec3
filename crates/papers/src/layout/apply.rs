//! Keys of tables and lines given to the questions they are for.

use std::collections::{BTreeMap, HashMap};

use super::draft::{Draft, Shown, Source};
use super::keys::{KeyEntry, Value};
use super::sheets::Sheets;
use super::solutions::{self, OnePaper};
use super::words;
use crate::model::{Entry, QuestionType};

/// Gives each paper of a file the keys behind it; what fits nowhere is told.
pub(crate) fn to_papers(cut: &Sheets<'_>, solved: &[usize], papers: &mut [OnePaper<'_>]) -> Vec<Entry> {
    if let [only] = papers {
        return apply(cut.keys.clone(), &mut only.drafts, cut.code.as_deref());
    }
    let breaks: Vec<usize> = cut.key_places.values().copied().chain(solved.iter().copied()).collect();
    // The groups of keys behind each run of papers.
    let mut runs: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    let mut groups: Vec<usize> = cut.keys.iter().map(|entry| entry.group).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let place = cut.key_places.get(&group).copied().unwrap_or_default();
        // Keys above all papers are those of the first.
        let run = if place == 0 { vec![0] } else { solutions::before(papers, &breaks, place) };
        runs.entry(run).or_default().push(group);
    }
    let mut report = Vec::new();
    let mut left: Vec<u32> = Vec::new();
    let of = |groups: &[usize]| cut.keys.iter().filter(|entry| groups.contains(&entry.group)).cloned().collect::<Vec<_>>();
    for (run, groups) in runs {
        let codes: Vec<Option<String>> = run.iter().map(|at| papers.get(*at).and_then(|paper| code_of(cut, paper))).collect();
        if codes.iter().all(Option::is_some) && of(&groups).iter().all(|entry| entry.code.is_some()) {
            for (at, code) in run.iter().zip(codes) {
                if let Some(paper) = papers.get_mut(*at) {
                    report.extend(apply(of(&groups), &mut paper.drafts, code.as_deref()));
                }
            }
            continue;
        }
        // As many groups for each paper; else nobody can tell which are whose.
        if run.is_empty() || groups.len() % run.len() != 0 {
            left.extend(of(&groups).iter().map(|entry| entry.number));
            continue;
        }
        for (at, groups) in run.iter().zip(groups.chunks(groups.len() / run.len())) {
            if let Some(paper) = papers.get_mut(*at) {
                let code = cut.code.as_deref().filter(|_| *at == 0);
                report.extend(apply(of(groups), &mut paper.drafts, code));
            }
        }
    }
    if !left.is_empty() {
        report.push(unused(left));
    }
    report
}

/// The code a paper says above its questions, or on its pages.
fn code_of(cut: &Sheets<'_>, paper: &OnePaper<'_>) -> Option<String> {
    let above = cut.codes.iter().rev().find(|(place, _)| *place == paper.first);
    let within = || cut.codes.iter().find(|(place, _)| (paper.first..=paper.first + paper.drafts.len()).contains(place));
    above.or_else(within).map(|(_, code)| code.clone())
}

fn unused(mut numbers: Vec<u32>) -> Entry {
    numbers.dedup();
    let shown: Vec<String> = numbers.iter().take(20).map(u32::to_string).collect();
    let message =
        format!("Bảng đáp án có đáp án không khớp với câu nào trong đề (số {}). Hãy kiểm tra số câu, phần và mã đề.", shown.join(", "));
    Entry::warning("key-unused", message).with("numbers", shown.join(", "))
}

/// Gives keys to drafts; what fits nowhere is told.
fn apply(entries: Vec<KeyEntry>, drafts: &mut [Draft<'_>], code: Option<&str>) -> Vec<Entry> {
    let mut report = Vec::new();
    let entries = of_paper(entries, code, &mut report);
    let mut places: HashMap<(Option<u32>, u32), Vec<usize>> = HashMap::new();
    let mut numbers: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut parts: Vec<Option<u32>> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        places.entry((draft.part, draft.number())).or_default().push(at);
        numbers.entry(draft.number()).or_default().push(at);
        if !parts.contains(&draft.part) {
            parts.push(draft.part);
        }
    }
    let mut groups: BTreeMap<usize, Vec<KeyEntry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(entry.group).or_default().push(entry);
    }
    let open: Vec<usize> = groups.iter().filter(|(_, group)| group.iter().all(|entry| entry.part.is_none())).map(|(at, _)| *at).collect();
    let mut unplaced = Vec::new();
    for (at, group) in &groups {
        let whole = part_of_group(group, drafts, &places, &parts, open.iter().position(|other| other == at), open.len());
        for entry in group {
            let direct = places.get(&(entry.part, entry.number)).filter(|_| entry.part.is_some());
            let alone = numbers.get(&entry.number).filter(|found| found.len() == 1);
            let by_group = whole.and_then(|part| places.get(&(part, entry.number)));
            // A number that stands once in the paper needs no part.
            let target = direct.or(alone).or(by_group).filter(|found| found.len() == 1).and_then(|found| found.first());
            match target.and_then(|at| drafts.get_mut(*at)) {
                Some(draft) if fits(draft, &entry.value) => draft.claim(Source::Key, entry.value.clone()),
                Some(draft) if in_words(draft, &entry.value).is_some() => {
                    let letter = in_words(draft, &entry.value).into_iter().collect();
                    draft.claim(Source::Key, Value::Letters(letter));
                }
                Some(_) | None => unplaced.push(entry.number),
            }
        }
    }
    if !unplaced.is_empty() {
        report.push(unused(unplaced));
    }
    report
}

/// Only the keys of this paper: by its code, or where one code is all there is.
fn of_paper(entries: Vec<KeyEntry>, code: Option<&str>, report: &mut Vec<Entry>) -> Vec<KeyEntry> {
    let mut codes: Vec<String> = entries.iter().filter_map(|entry| entry.code.clone()).collect();
    codes.sort_unstable();
    codes.dedup();
    let same = |a: &str, b: &str| a.trim_start_matches('0') == b.trim_start_matches('0');
    let keep = match (code, codes.as_slice()) {
        (_, []) => return entries,
        (Some(code), codes) if codes.iter().any(|other| same(other, code)) => Some(code.to_owned()),
        (None, [only]) => Some(only.clone()),
        _ => None,
    };
    if keep.is_none() {
        let list = codes.join(", ");
        let message = match code {
            Some(code) => {
                format!("Bảng đáp án là của mã đề {list}, còn đề này là mã {code}: đáp án trong bảng không được dùng. Hãy chọn đúng bảng.")
            }
            None => format!(
                "Có bảng đáp án của nhiều mã đề ({list}) nhưng đề không ghi mã của mình: đáp án trong bảng không được dùng. Hãy ghi “Mã đề …” ở đầu đề rồi nhập lại."
            ),
        };
        report.push(Entry::warning("key-many-codes", message).with("codes", list));
    }
    entries
        .into_iter()
        .filter(|entry| match (&entry.code, &keep) {
            (None, _) => true,
            (Some(code), Some(keep)) => same(code, keep),
            (Some(_), None) => false,
        })
        .collect()
}

/// The option a key says in its words.
fn in_words(draft: &Draft<'_>, value: &Value) -> Option<char> {
    match value {
        Value::Text(words) => words::option_of(draft, words),
        _ => None,
    }
}

/// Whether a key can be one of this question.
fn fits(draft: &Draft<'_>, value: &Value) -> bool {
    match (draft.kind, value) {
        (Some(QuestionType::SingleChoice), Value::Letters(_)) | (None, _) => true,
        (Some(QuestionType::SingleChoice), _) => false,
        (Some(QuestionType::TrueFalse), Value::Truths(_) | Value::Truth(..)) => true,
        (Some(QuestionType::TrueFalse), Value::Letters(letters)) if draft.shown == Shown::ByLetters => letters.len() == 1,
        (Some(QuestionType::TrueFalse), Value::Letters(letters)) => {
            draft.statements.is_empty() && matches!(letters.as_slice(), ['D' | 'F'])
        }
        (Some(QuestionType::TrueFalse), _) => false,
        (Some(QuestionType::ShortAnswer), _) => true,
        _ => false,
    }
}

/// The part a group of keys without a heading is for: the only one its numbers and kind fit, or its
/// place where there are as many groups as parts.
fn part_of_group(
    group: &[KeyEntry],
    drafts: &[Draft<'_>],
    places: &HashMap<(Option<u32>, u32), Vec<usize>>,
    parts: &[Option<u32>],
    place: Option<usize>,
    groups: usize,
) -> Option<Option<u32>> {
    let score = |part: Option<u32>| {
        let fitting = group.iter().filter(|entry| {
            let draft = places.get(&(part, entry.number)).and_then(|found| found.first()).and_then(|at| drafts.get(*at));
            draft.is_some_and(|draft| fits(draft, &entry.value))
        });
        fitting.count()
    };
    let fitting: Vec<Option<u32>> = parts.iter().copied().filter(|part| score(*part) == group.len()).collect();
    if let [only] = fitting.as_slice() {
        return Some(*only);
    }
    let by_place = place.filter(|_| groups == parts.len()).and_then(|place| parts.get(place)).copied();
    if let Some(part) = by_place.filter(|part| score(*part) * 10 >= group.len() * 8) {
        return Some(part);
    }
    // Several parts fit: the one with as many questions as there are keys.
    let size = |part: Option<u32>| drafts.iter().filter(|draft| draft.part == part).count();
    let mut numbers: Vec<u32> = group.iter().map(|entry| entry.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let exact: Vec<Option<u32>> = fitting.into_iter().filter(|part| size(*part) == numbers.len()).collect();
    match exact.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

//! Which part a question belongs to. Numbers start again in each part of most papers, so that a
//! question's address is (part, number); papers numbered through have parts for order only.

use std::collections::{BTreeMap, HashSet};

use super::sheets::{Block, Group};
use super::signs::Rank;

/// The part of each group; groups without questions have none.
pub(crate) fn parts(groups: &[Group], blocks: &[Block<'_>], sheet: usize) -> Vec<Option<u32>> {
    let high = by_high(groups, sheet);
    if let Some(high) = high.filter(|high| is_unique(high, blocks, sheet)) {
        return high;
    }
    by_group(groups, blocks, sheet)
}

fn is_unique(parts: &[Option<u32>], blocks: &[Block<'_>], sheet: usize) -> bool {
    let mut seen = HashSet::new();
    let repeated = blocks
        .iter()
        .filter(|block| block.sheet == sheet)
        .filter(|block| !seen.insert((parts.get(block.group).copied().flatten(), block.sign.number)))
        .count();
    // A number typed twice is a slip; numbers that start again are parts.
    repeated <= seen.len() / 10
}

/// Parts by headings such as `PHẦN I`.
fn by_high(groups: &[Group], sheet: usize) -> Option<Vec<Option<u32>>> {
    let mut out = Vec::new();
    let mut now: Option<u32> = None;
    let mut any = false;
    for group in groups {
        if group.sheet == sheet
            && let Some(sign) = group.sign.filter(|sign| sign.rank == Rank::High)
        {
            any = true;
            let next = now.map_or(1, |now| now + 1);
            now = Some(sign.ordinal.filter(|ordinal| now.is_none_or(|now| *ordinal >= now)).unwrap_or(next));
        }
        out.push(now);
    }
    any.then_some(out)
}

/// Parts by every heading with questions under it, and by numbers that start again.
fn by_group(groups: &[Group], blocks: &[Block<'_>], sheet: usize) -> Vec<Option<u32>> {
    let mut out = vec![None; groups.len()];
    let mut now: Option<u32> = None;
    let mut last = 0;
    // Of each group with questions: its first and its highest number.
    let mut live: BTreeMap<usize, (u32, u32)> = BTreeMap::new();
    for block in blocks.iter().filter(|block| block.sheet == sheet) {
        let number = block.sign.number;
        let (_, highest) = live.entry(block.group).or_insert((number, number));
        *highest = number.max(*highest);
    }
    let many = live.len() > 1;
    let mut numbered = false;
    for (at, (first, highest)) in live {
        let Some(group) = groups.get(at) else { continue };
        // A heading may stand above one without questions of its own; the nearest number counts.
        let ordinal = group.sign.filter(|sign| sign.level.is_none() || sign.kind.is_some()).and_then(|sign| sign.ordinal);
        numbered |= ordinal.is_some();
        let goes_on = first > last && last > 0 && ordinal.is_none();
        if !goes_on && (many || ordinal.is_some()) {
            let next = now.map_or(1, |now| now + 1);
            now = Some(ordinal.filter(|ordinal| now.is_none_or(|now| *ordinal > now)).unwrap_or(next));
        }
        last = highest;
        if let Some(part) = out.get_mut(at) {
            *part = now;
        }
    }
    // Headings without numbers over questions numbered through are no parts.
    if now == Some(1) && !numbered { vec![None; groups.len()] } else { out }
}

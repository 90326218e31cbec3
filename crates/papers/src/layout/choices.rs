//! Where the options or statements of a question begin, however they are laid out: one a line, two or
//! four on a line, behind the stem, in cells, labels split over runs or made by automatic numbering.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::Look;

use super::line::{PLAIN_OBJECT, Slice};
use super::signs::pattern;
use super::writing::Bit;

/// A label among the pieces of a question.
#[derive(Clone, Debug)]
pub(crate) struct LabelAt {
    /// Which piece.
    pub bit: usize,
    /// Where the label begins in its line, a star before it included.
    pub from: usize,
    /// Where its content begins.
    pub body: usize,
    /// The letter, upper case for options and lower case for statements.
    pub letter: char,
    /// A star or hash before or behind it.
    pub starred: bool,
    /// What stands before it in brackets: `[Đ] a)`.
    pub said: Option<bool>,
    pub look: Look,
    pub shaded: bool,
    strength: Strength,
}

/// How sure a place is to be the beginning of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// Behind a single space, with its text stuck to it (`A.0 B.1`): options only where all four are.
    Stuck,
    /// Behind a single space, in the look of its surroundings.
    Weak,
    /// Behind a single space, in a look of its own, or behind a formula.
    Seen,
    /// Behind a tab or several spaces.
    Spaced,
    /// At the beginning of a line.
    Line,
}

/// Most labels looked at in one question.
const MOST: usize = 300;

/// Upper or lower case labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Upper,
    Lower,
}

/// What a chain of labels left open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain {
    pub labels: Vec<LabelAt>,
    /// Letters that should have stood between them.
    pub missing: Vec<char>,
    /// A letter that stood twice, the second time where the next one should be.
    pub repeated: Option<char>,
    /// Another full list of options stood before it.
    pub second: bool,
}

/// The options of a question. Where its stem has a list of its own, the last full list are the options.
pub(crate) fn chain(bits: &[Bit<'_>], case: Case) -> Option<Chain> {
    let candidates = candidates(bits, case);
    let first = match case {
        Case::Upper => 'A',
        Case::Lower => 'a',
    };
    let mut best: Option<Chain> = None;
    let starts = candidates.iter().enumerate().filter(|(_, label)| label.letter == first);
    for (at, _) in starts {
        let Some(found) = follow(&candidates, at) else { continue };
        let start = |chain: &Chain| chain.labels.first().map(|label| label.strength);
        let better = best.as_ref().is_none_or(|best| {
            let (old, new) = (best.labels.len(), found.labels.len());
            new >= old.min(4) && (start(&found) >= start(best) || start(&found) >= Some(Strength::Spaced) || new > old)
        });
        let whole = |chain: &Chain| {
            let marked = chain.labels.iter().any(|label| label.starred);
            (chain.labels.len() >= 3 || marked) && start(chain) >= Some(Strength::Spaced) && chain.missing.is_empty()
        };
        let apart = |one: &Chain, other: &Chain| {
            one.labels.last().map(|label| (label.bit, label.from)) < other.labels.first().map(|label| (label.bit, label.from))
        };
        let second = best.as_ref().is_some_and(|best| best.second || whole(best) && whole(&found) && apart(best, &found));
        if better {
            best = Some(found);
        }
        if let Some(best) = &mut best {
            best.second |= second;
        }
    }
    best.or_else(|| without_first(&candidates, first)).or_else(|| if case == Case::Upper { bare(bits) } else { None })
}

static LABEL_WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:dap an|phuong an|lua chon|option)\s*$"));

/// `A một`, `B hai`, one a line or in columns: letters without any mark, where all four stand in order
/// at the beginnings of lines or behind tabs and nothing else does.
fn bare(bits: &[Bit<'_>]) -> Option<Chain> {
    let mut found: Vec<LabelAt> = Vec::new();
    for (bit, content) in bits.iter().enumerate() {
        let Bit::Text(slice) = content else { continue };
        let plain = slice.plain().as_bytes();
        for (at, letter) in plain.iter().enumerate().filter(|(_, letter)| letter.is_ascii_uppercase() && **letter <= b'H') {
            let before = plain.get(..at).unwrap_or_default();
            let named = LABEL_WORD.is_match(slice.plain().get(..at).unwrap_or_default());
            let begins = named || before.iter().all(|blank| matches!(blank, b' ' | b'\t'));
            let apart = begins || before.ends_with(b"\t") || before.ends_with(b"  ");
            let marked = named && plain.get(at + 1).is_some_and(|next| matches!(next, b':' | b'.' | b')'));
            let alone = marked || plain.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t'));
            let wanted = found.last().map_or(b'A', |last| u8::try_from(last.letter).unwrap_or_default() + 1);
            let real = slice.line.chars.get(slice.from + at).is_some_and(|real| is_label_letter(*real));
            if !apart || !alone || !real {
                continue;
            }
            if *letter == b'A' && begins {
                // The last list is the one of the options.
                found.clear();
            } else if *letter != wanted {
                continue;
            }
            let strength = if begins { Strength::Line } else { Strength::Spaced };
            push(
                &mut found,
                *slice,
                bit,
                Found {
                    from: if named { 0 } else { at },
                    body: at + 1 + usize::from(marked),
                    letter: at,
                    star: false,
                    said: None,
                    strength,
                },
            );
        }
    }
    (found.len() >= 4).then(|| Chain { labels: found, ..Chain::default() })
}

/// The first label may be lost: B, C, D at the beginnings of lines.
fn without_first(candidates: &[LabelAt], first: char) -> Option<Chain> {
    let second = char::from_u32(u32::from(first) + 1)?;
    let at = candidates.iter().position(|label| label.letter == second && label.strength >= Strength::Spaced)?;
    let mut found = follow(candidates, at)?;
    if found.labels.len() < 3 || !found.missing.is_empty() {
        return None;
    }
    found.missing.push(first);
    Some(found)
}

/// From one label on to the next letters.
fn follow(candidates: &[LabelAt], start: usize) -> Option<Chain> {
    let first = candidates.get(start)?;
    let mut found = Chain { labels: vec![first.clone()], ..Chain::default() };
    let mut at = start;
    while found.labels.len() < 8 {
        let last = candidates.get(at)?;
        let wanted = char::from_u32(u32::from(last.letter) + 1)?;
        let first_letter = first.letter;
        // A new list begins where the first letter comes again; what follows is not ours.
        let stop = candidates
            .iter()
            .enumerate()
            .skip(at + 1)
            .find(|(_, label)| label.letter == first_letter && label.strength >= Strength::Spaced)
            .map_or(candidates.len(), |(stop, _)| stop);
        let ahead = || candidates.iter().enumerate().take(stop).skip(at + 1);
        let next = best_of(ahead().filter(|(_, label)| label.letter == wanted));
        let next = next.or_else(|| {
            let after = char::from_u32(u32::from(wanted) + 1)?;
            let skipped = best_of(ahead().filter(|(_, label)| label.letter == after && label.strength >= Strength::Spaced));
            let twice = best_of(ahead().filter(|(_, label)| label.letter == last.letter && label.strength >= Strength::Spaced));
            match (twice, skipped) {
                (Some(twice), skipped) if skipped.is_none_or(|skipped| twice < skipped) && found.repeated.is_none() => {
                    found.repeated = Some(last.letter);
                    Some(twice)
                }
                (_, Some(skipped)) => {
                    found.missing.push(wanted);
                    Some(skipped)
                }
                _ => None,
            }
        });
        let Some(next) = next else { break };
        let mut label = candidates.get(next)?.clone();
        if found.repeated == Some(label.letter) && label.letter == last.letter {
            label.letter = wanted;
            found.labels.push(label);
            break;
        }
        found.labels.push(label);
        at = next;
    }
    let enough = found.labels.len() >= 2;
    // One line of running text may hold `A.` and `B.` by chance: two weak labels are not options.
    let seen = found.labels.iter().filter(|label| label.strength > Strength::Weak).count();
    let trusted = seen >= 2 || seen >= 1 && found.labels.len() >= 3 || found.labels.len() >= 4;
    let stuck = found.labels.iter().any(|label| label.strength == Strength::Stuck);
    let whole = found.labels.len() >= 4 && found.missing.is_empty() && found.repeated.is_none();
    (enough && trusted && (!stuck || whole)).then_some(found)
}

/// The first of the strongest kind; of weak ones that stand side by side (`điểm B. B. …`) the last.
fn best_of<'a>(labels: impl Iterator<Item = (usize, &'a LabelAt)> + Clone) -> Option<usize> {
    let strong = labels.clone().find(|(_, label)| label.strength >= Strength::Seen);
    if let Some((at, _)) = strong {
        return Some(at);
    }
    let least = labels.clone().map(|(_, label)| label.strength).max()?;
    let mut best: Option<(usize, &LabelAt)> = None;
    for (at, label) in labels.filter(|(_, label)| label.strength == least) {
        match best {
            None => best = Some((at, label)),
            Some((_, before)) if before.bit == label.bit && label.from <= before.body + 1 => best = Some((at, label)),
            Some(_) => break,
        }
    }
    best.map(|(at, _)| at)
}

fn candidates(bits: &[Bit<'_>], case: Case) -> Vec<LabelAt> {
    let mut out = Vec::new();
    for (bit, content) in bits.iter().enumerate() {
        if let Bit::Text(slice) = content {
            in_line(*slice, bit, case, &mut out);
        }
    }
    // No question has so many labels; what is over it is not worth the time.
    if out.len() > MOST {
        out.retain(|label| label.strength >= Strength::Spaced);
        out.truncate(MOST);
    }
    out
}

fn in_line(slice: Slice<'_>, bit: usize, case: Case, out: &mut Vec<LabelAt>) {
    let plain = slice.plain().as_bytes();
    let byte = |at: usize| plain.get(at).copied();
    let line = slice.line;
    let mut at = 0;
    while at < plain.len() {
        let here = at;
        at += 1;
        let Some(letter) = byte(here) else { break };
        let fits = match case {
            Case::Upper => letter.is_ascii_uppercase() && letter <= b'H',
            Case::Lower => letter.is_ascii_lowercase() && letter <= b'h',
        };
        if !fits {
            continue;
        }
        // Only letters that are what they seem: `Đ` is not `D`, `Á` is not `A`.
        if line.chars.get(slice.from + here).is_some_and(|real| !is_label_letter(*real)) {
            continue;
        }
        let mut from = here;
        let opened = from > 0 && byte(from - 1) == Some(b'(');
        if opened {
            from -= 1;
        }
        let mut star = from > 0 && matches!(byte(from - 1), Some(b'*' | b'#'));
        // `* B.` at the beginning of a line.
        if slice.plain().get(..from).is_some_and(|before| matches!(before.trim(), "*" | "#")) {
            star = true;
            from = slice.plain().find(['*', '#']).unwrap_or(from);
        }
        while from > 0 && matches!(byte(from - 1), Some(b'*' | b'#')) {
            from -= 1;
        }
        // A box to be ticked before the label.
        let mut boxed = false;
        let gap = slice.plain().get(..from).map(|before| before.len() - before.trim_end_matches(' ').len()).unwrap_or_default();
        if let Some(ticked) = from.checked_sub(gap + 1).and_then(|at| check_box(slice, at)) {
            star |= ticked;
            boxed = true;
            from -= gap + 1;
        }
        let mut behind = here + 1;
        // `A . `, `A )`
        if byte(behind) == Some(b' ') && matches!(byte(behind + 1), Some(b'.' | b')' | b':')) {
            behind += 1;
        }
        let Some(mark) = byte(behind) else {
            // A lone letter made by automatic numbering.
            if slice.from + here < line.automatic {
                push(out, slice, bit, Found { from, body: behind, letter: here, star, said: None, strength: Strength::Line });
            }
            continue;
        };
        let marked = match (opened, mark) {
            (true, b')') => true,
            (false, b'.' | b')' | b'/') => true,
            (false, b':') => case == Case::Upper,
            // `A - một`, only where a line or a column begins.
            (false, b'-') => case == Case::Upper && byte(behind + 1) == Some(b' '),
            _ => false,
        };
        if !marked {
            continue;
        }
        let said = said_before(slice, from);
        if said.is_some() {
            from = 0;
        }
        let blank_before = slice.plain().get(..from).is_none_or(|before| before.trim().is_empty());
        let strength = if blank_before {
            Strength::Line
        } else {
            match (from.checked_sub(1).and_then(byte), from.checked_sub(2).and_then(byte)) {
                _ if boxed => Strength::Spaced,
                (Some(b'\t'), _) | (Some(b' '), Some(b' ' | b'\t')) => Strength::Spaced,
                (Some(b' '), before) => {
                    if star || before == Some(PLAIN_OBJECT as u8) || differs(slice, from, here) {
                        Strength::Seen
                    } else {
                        Strength::Weak
                    }
                }
                (Some(last), _) if last == PLAIN_OBJECT as u8 => Strength::Seen,
                (Some(b'.' | b';' | b'?' | b':'), _) if differs(slice, from, here) => Strength::Seen,
                (Some(b'.' | b';' | b'?' | b'!'), _) => Strength::Weak,
                _ => continue,
            }
        };
        // `A.B` inside a name; labels stuck to their text stand at the beginning of lines or behind tabs.
        if mark == b'-' && strength < Strength::Spaced {
            continue;
        }
        let next = byte(behind + 1);
        let stuck = next.is_some_and(|next| !(matches!(next, b' ' | b'\t') || mark == b'.' && next == b')'));
        let strength = if stuck && strength == Strength::Weak { Strength::Stuck } else { strength };
        // `A.B` is a name, `F.` the end of one.
        if strength == Strength::Stuck && (from.checked_sub(1).and_then(byte) != Some(b' ') || next.is_some_and(|next| next == b'.')) {
            continue;
        }
        if stuck && mark == b':' && next.is_some_and(|next| next.is_ascii_digit()) && strength < Strength::Line {
            continue;
        }
        // `B.* b`: the star behind the label; `B.) b`.
        let mut body = behind + 1;
        if mark == b'.' && next == Some(b')') {
            body += 1;
        }
        let next = byte(body);
        if matches!(next, Some(b'*' | b'#')) && byte(body + 1).is_none_or(|after| matches!(after, b' ' | b'\t')) {
            star = true;
            body += 1;
        }
        push(out, slice, bit, Found { from, body, letter: here, star, said, strength });
    }
}

/// Whether a box at a place is ticked; `None` where there is none.
fn check_box(slice: Slice<'_>, at: usize) -> Option<bool> {
    match slice.line.chars.get(slice.from + at)? {
        '☐' | '□' | '○' | '◯' | '❏' | '❑' => Some(false),
        '☑' | '☒' | '✓' | '✔' | '✅' | '■' | '●' | '◉' | '⦿' => Some(true),
        _ => None,
    }
}

/// `[Đ]` or `(S)` alone before a label.
fn said_before(slice: Slice<'_>, from: usize) -> Option<bool> {
    let before = slice.plain().get(..from)?;
    let inner = before.trim().strip_prefix(['[', '(']).and_then(|rest| rest.strip_suffix([']', ')']))?;
    if inner.is_empty() || inner.len() > 4 {
        return None;
    }
    let start = before.find(inner)?;
    super::keys::truth(&slice.real(start, start + inner.len()))
}

fn is_label_letter(real: char) -> bool {
    real.is_ascii_alphabetic() || matches!(real, 'А' | 'В' | 'С' | 'Α' | 'Β' | 'Ａ' | 'Ｂ' | 'Ｃ' | 'Ｄ')
}

/// Whether a label looks otherwise than what stands before it.
fn differs(slice: Slice<'_>, from: usize, letter: usize) -> bool {
    let look = |at: usize| slice.line.look(slice.from + at);
    let before = slice.plain().get(..from).map(|before| before.trim_end().len()).unwrap_or_default();
    match (before.checked_sub(1).and_then(look), look(letter)) {
        (Some(before), Some(label)) => before.marks.bold != label.marks.bold || before.colour != label.colour,
        _ => false,
    }
}

/// A label found, counted from the beginning of its slice.
struct Found {
    from: usize,
    body: usize,
    letter: usize,
    star: bool,
    said: Option<bool>,
    strength: Strength,
}

fn push(out: &mut Vec<LabelAt>, slice: Slice<'_>, bit: usize, found: Found) {
    let Found { from, body, letter, star: starred, said, strength } = found;
    let line = slice.line;
    let Some(printed) = line.plain.as_bytes().get(slice.from + letter) else { return };
    let mut look = line.look(slice.from + letter).unwrap_or_default();
    // A mark drawn a little beside its letter, on the full stop.
    let stop = (letter + 1..body).find(|at| matches!(line.plain.as_bytes().get(slice.from + at), Some(b'.' | b')' | b':' | b'/')));
    if let Some(beside) = stop.and_then(|at| line.look(slice.from + at)) {
        look.marks.underline |= beside.marks.underline;
        look.highlighted |= beside.highlighted;
    }
    out.push(LabelAt {
        bit,
        from: slice.from + from,
        body: slice.from + body,
        letter: char::from(*printed),
        starred,
        said,
        look,
        shaded: line.shaded,
        strength,
    });
}

/// The pieces before the first label, and those of each label up to the next.
pub(crate) fn split<'a>(bits: &[Bit<'a>], labels: &[LabelAt]) -> (Vec<Bit<'a>>, Vec<Vec<Bit<'a>>>) {
    let Some(first) = labels.first() else { return (bits.to_vec(), Vec::new()) };
    let mut stem = bits.get(..first.bit).unwrap_or_default().to_vec();
    if let Some(Bit::Text(slice)) = bits.get(first.bit) {
        let before = Slice { to: first.from.max(slice.from), ..*slice };
        if !before.is_blank() {
            stem.push(Bit::Text(before));
        }
    }
    let mut contents = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        let next = labels.get(at + 1);
        let end = next.map_or(bits.len(), |next| next.bit + 1);
        let mut content = Vec::new();
        for (index, bit) in bits.iter().enumerate().take(end).skip(label.bit) {
            let Bit::Text(slice) = bit else {
                content.push(*bit);
                continue;
            };
            let mut piece = *slice;
            if index == label.bit {
                piece.from = label.body.max(piece.from);
            }
            if let Some(next) = next.filter(|next| next.bit == index) {
                piece.to = next.from.min(piece.to);
            }
            if piece.from <= piece.to && !piece.is_blank() {
                content.push(Bit::Text(piece.trimmed()));
            }
        }
        contents.push(content);
    }
    (stem, contents)
}

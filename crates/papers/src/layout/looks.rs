//! Keys shown by how a label looks: underlined, coloured, highlighted, shaded, bold.
//!
//! A look counts only where it tells one option from the others, and only where the paper does so
//! often enough to mean it: a single stray colour in forty questions is no key.

use std::collections::HashMap;

use super::choices::LabelAt;
use super::draft::{Claim, Draft, Shown, Source};
use super::keys::Value;
use super::line::Ink;
use super::writing::Bit;
use crate::model::QuestionType;

/// A way to mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Feature {
    Underline,
    Colour,
    Highlight,
    Shade,
    Bold,
    /// The whole text of the option, where its label is printed by automatic numbering or left plain.
    TextColour,
    TextHighlight,
    TextUnderline,
    TextBold,
}

const FEATURES: [Feature; 9] = [
    Feature::Underline,
    Feature::Colour,
    Feature::Highlight,
    Feature::Shade,
    Feature::Bold,
    Feature::TextColour,
    Feature::TextHighlight,
    Feature::TextUnderline,
    Feature::TextBold,
];

/// What the looks of a paper's labels say.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Questions whose labels look as if they meant something, but too seldom or not clearly.
    pub unclear: Vec<usize>,
}

/// Adds what looks say to each draft's claims.
pub(crate) fn claim(drafts: &mut [Draft<'_>]) -> Found {
    let mut found = Found::default();
    by_letters(drafts, &mut found);
    options(drafts, &mut found);
    statements(drafts, &mut found);
    found
}

fn options(drafts: &mut [Draft<'_>], found: &mut Found) {
    let asked: Vec<usize> = (0..drafts.len()).filter(|at| drafts.get(*at).is_some_and(|draft| draft.choices.len() >= 2)).collect();
    let mut by_label = false;
    for feature in FEATURES {
        if feature.is_of_text() && by_label {
            continue;
        }
        let marked: Vec<(usize, Vec<char>)> = asked
            .iter()
            .filter_map(|at| {
                let draft = drafts.get(*at)?;
                let labels = marks(feature, &choices_of(draft));
                (!labels.is_empty()).then_some((*at, labels))
            })
            .collect();
        let single = marked.iter().filter(|(_, labels)| labels.len() == 1).count();
        let needed = match feature {
            Feature::Bold | Feature::TextColour | Feature::TextHighlight => asked.len().div_ceil(2),
            // Bold or underlined words in options are mostly part of what is asked.
            Feature::TextUnderline | Feature::TextBold => (asked.len() * 4).div_ceil(5).max(4),
            _ => (asked.len() / 10).clamp(1, 3),
        };
        // The same letter everywhere is a slip of the layout (`A.` in the look of the stem), not a key.
        let one_letter = single >= 4 && marked.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a == b));
        if single < needed || one_letter {
            if !feature.is_of_text() && feature != Feature::Bold {
                found.unclear.extend(marked.iter().map(|(at, _)| *at));
            }
            continue;
        }
        by_label |= !feature.is_of_text();
        for (at, labels) in marked {
            let Some(draft) = drafts.get_mut(at) else { continue };
            if labels.len() == 1 || asks_for_many(draft) && feature != Feature::Bold {
                draft.claim(Source::Look, Value::Letters(labels));
            } else if feature != Feature::Bold {
                found.unclear.push(at);
            }
        }
    }
}

/// Lines lettered `a)` to `d)` that nothing shows to be statements: where every marked question has one
/// mark they are options; where it is some and several they are statements; one mark in all the paper
/// says nothing.
fn by_letters(drafts: &mut [Draft<'_>], found: &mut Found) {
    let open: Vec<usize> = (0..drafts.len()).filter(|at| drafts.get(*at).is_some_and(|draft| draft.shown == Shown::ByLetters)).collect();
    for feature in FEATURES {
        let marked: Vec<(usize, Vec<char>)> = open
            .iter()
            .filter_map(|at| Some((*at, marks(feature, &statements_of(drafts.get(*at)?)))))
            .filter(|(_, labels)| !labels.is_empty())
            .collect();
        let weak = feature == Feature::Bold || feature.is_of_text();
        if marked.is_empty() || weak && marked.len() * 2 <= open.len() {
            continue;
        }
        let single = marked.iter().all(|(_, labels)| labels.len() == 1);
        match (single, marked.len()) {
            (true, 1) => found.unclear.extend(marked.iter().map(|(at, _)| *at)),
            (true, _) => {
                for at in &open {
                    if let Some(draft) = drafts.get_mut(*at) {
                        draft.become_options();
                    }
                }
            }
            (false, _) => {
                for at in &open {
                    if let Some(draft) = drafts.get_mut(*at) {
                        draft.shown = Shown::Clearly;
                    }
                }
            }
        }
        return;
    }
}

/// Whether a question says that several options are right.
pub(crate) fn asks_for_many(draft: &Draft<'_>) -> bool {
    draft.stem.iter().any(|bit| match bit {
        Bit::Text(slice) => {
            let lower = slice.plain().to_ascii_lowercase();
            [
                "chon cac",
                "chon nhieu",
                "chon hai",
                "chon 2",
                "chon ba",
                "chon 3",
                "nhung dap an",
                "nhung phuong an nao",
                "select two",
                "choose two",
                "select all",
                "choose all",
                "hai dap an",
                "nhieu dap an",
            ]
            .iter()
            .any(|words| lower.contains(words))
        }
        Bit::Table(_) => false,
    })
}

fn statements(drafts: &mut [Draft<'_>], found: &mut Found) {
    let asked: Vec<usize> = (0..drafts.len())
        .filter(|at| drafts.get(*at).is_some_and(|draft| draft.statements.len() >= 2 && draft.shown == Shown::Clearly))
        .collect();
    let base = base_colour(drafts, &asked);
    for feature in [Feature::Underline, Feature::Colour, Feature::Highlight, Feature::Shade, Feature::Bold] {
        let marked: Vec<(usize, Vec<char>)> = asked
            .iter()
            .filter_map(|at| {
                let draft = drafts.get(*at)?;
                let labels = match feature {
                    Feature::Colour => coloured_statements(draft, base?),
                    _ => marked_or_all(feature, &statements_of(draft)),
                };
                (!labels.is_empty()).then_some((*at, labels))
            })
            .collect();
        let all = marked.iter().filter(|(at, labels)| drafts.get(*at).is_some_and(|draft| draft.statements.len() == labels.len())).count();
        let some = marked.len() - all;
        // Where most questions have every label marked, the mark is the paper's style.
        let bold = feature == Feature::Bold;
        if some == 0 || all > some || bold && (some * 2 < asked.len() || some < 2) {
            continue;
        }
        let marked: HashMap<usize, Vec<char>> = marked.into_iter().collect();
        for at in &asked {
            let Some(draft) = drafts.get_mut(*at) else { continue };
            let Some(labels) = marked.get(at) else {
                // No mark in a paper that marks: all false, or forgotten. Nobody can tell.
                found.unclear.push(*at);
                continue;
            };
            let truths: Vec<Claim> = draft
                .statements
                .iter()
                .map(|statement| statement.label.letter)
                .map(|letter| Claim { source: Source::Look, value: Value::Truth(letter, labels.contains(&letter)) })
                .collect();
            draft.claims.extend(truths);
            draft.kind = Some(QuestionType::TrueFalse);
        }
        break;
    }
}

/// The colour of labels that mean nothing, of all statements of a paper; none where no two colours can
/// be told apart.
fn base_colour(drafts: &[Draft<'_>], asked: &[usize]) -> Option<Option<[u8; 3]>> {
    let mut count: Vec<(Option<[u8; 3]>, usize)> = Vec::new();
    let labels = asked.iter().filter_map(|at| drafts.get(*at)).flat_map(|draft| &draft.statements);
    for colour in labels.map(|statement| statement.label.look.colour) {
        match count.iter_mut().find(|(own, _)| *own == colour) {
            Some((_, times)) => *times += 1,
            None => count.push((colour, 1)),
        }
    }
    let plain = count.iter().filter(|(colour, _)| !colour.is_some_and(is_red)).max_by_key(|(colour, times)| (*times, colour.is_none()))?;
    (count.len() == 2 || count.len() > 2 && count.iter().any(|(colour, _)| colour.is_some_and(is_red))).then_some(plain.0)
}

fn is_red([red, green, blue]: [u8; 3]) -> bool {
    red >= 128 && u16::from(green) * 2 <= u16::from(red) && u16::from(blue) * 2 <= u16::from(red)
}

/// Statements whose labels are not in the colour of those that mean nothing. Where the paper is more
/// colourful than that, only red counts.
fn coloured_statements(draft: &Draft<'_>, base: Option<[u8; 3]>) -> Vec<char> {
    let labels = || draft.statements.iter().map(|statement| (statement.label.letter, statement.label.look.colour));
    let red = labels().any(|(_, colour)| colour.is_some_and(is_red));
    labels()
        .filter(|(_, colour)| *colour != base && colour.is_some() && (!red || colour.is_some_and(is_red)))
        .map(|(letter, _)| letter)
        .collect()
}

/// A label and what stands behind it.
struct Marked<'a> {
    label: &'a LabelAt,
    content: &'a [Bit<'a>],
}

fn choices_of<'a>(draft: &'a Draft<'a>) -> Vec<Marked<'a>> {
    draft.choices.iter().map(|choice| Marked { label: &choice.label, content: &choice.content }).collect()
}

fn statements_of<'a>(draft: &'a Draft<'a>) -> Vec<Marked<'a>> {
    draft.statements.iter().map(|choice| Marked { label: &choice.label, content: &choice.content }).collect()
}

impl Feature {
    fn is_of_text(self) -> bool {
        matches!(self, Self::TextColour | Self::TextHighlight | Self::TextUnderline | Self::TextBold)
    }
}

/// The labels a feature tells from the others; none where all have it or none has.
fn marks(feature: Feature, marked: &[Marked<'_>]) -> Vec<char> {
    let found = marked_or_all(feature, marked);
    if found.len() == marked.len() { Vec::new() } else { found }
}

fn marked_or_all(feature: Feature, marked: &[Marked<'_>]) -> Vec<char> {
    let having = |has: &dyn Fn(&Marked<'_>) -> bool| marked.iter().filter(|one| has(one)).map(|one| one.label.letter).collect();
    match feature {
        Feature::Underline => having(&|one| one.label.look.marks.underline),
        Feature::Highlight => having(&|one| one.label.look.highlighted),
        Feature::Shade => having(&|one| one.label.shaded),
        Feature::Bold => having(&|one| one.label.look.marks.bold),
        Feature::Colour => coloured(&marked.iter().map(|one| (one.label.letter, one.label.look.colour)).collect::<Vec<_>>()),
        Feature::TextColour => coloured(&marked.iter().map(|one| (one.label.letter, text_colour(one.content))).collect::<Vec<_>>()),
        Feature::TextHighlight => having(&|one| text_is(one.content, |look| look.highlighted)),
        Feature::TextUnderline => having(&|one| text_is(one.content, |look| look.marks.underline)),
        Feature::TextBold => having(&|one| text_is(one.content, |look| look.marks.bold)),
    }
}

/// One colour for all its shades: teachers pick another red or blue every time.
fn shade(colour: Option<[u8; 3]>) -> Option<[u8; 3]> {
    let [red, green, blue] = colour?;
    let most = red.max(green).max(blue);
    Some(match () {
        () if most < 64 => return None,
        () if is_red([red, green, blue]) => [255, 0, 0],
        () if blue >= 128 && u16::from(red) * 2 <= u16::from(blue) && green < blue => [0, 0, 255],
        () if green >= 96 && u16::from(red) * 2 <= u16::from(green) && u16::from(blue) * 2 <= u16::from(green) => [0, 128, 0],
        () => [red, green, blue],
    })
}

/// The labels whose colour is not that of most; red ones alone where other colours stray, too.
fn coloured(labels: &[(char, Option<[u8; 3]>)]) -> Vec<char> {
    let labels: Vec<(char, Option<[u8; 3]>)> = labels.iter().map(|(letter, colour)| (*letter, shade(*colour))).collect();
    let labels = labels.as_slice();
    let found = other_coloured(labels);
    let red: Vec<char> = labels
        .iter()
        .filter(|(letter, colour)| found.contains(letter) && *colour == Some([255, 0, 0]))
        .map(|(letter, _)| *letter)
        .collect();
    if found.len() > 1 && !red.is_empty() { red } else { found }
}

fn other_coloured(labels: &[(char, Option<[u8; 3]>)]) -> Vec<char> {
    let count = |colour: Option<[u8; 3]>| labels.iter().filter(|(_, other)| *other == colour).count();
    let Some(most) = labels.iter().map(|(_, colour)| *colour).max_by_key(|colour| (count(*colour), colour.is_none())) else {
        return Vec::new();
    };
    labels.iter().filter(|(_, colour)| *colour != most && colour.is_some()).map(|(letter, _)| *letter).collect()
}

fn text_looks<'a>(content: &'a [Bit<'a>]) -> impl Iterator<Item = crate::document::Look> + 'a {
    content.iter().flat_map(|bit| {
        let slice = match bit {
            Bit::Text(slice) => Some(*slice),
            Bit::Table(_) => None,
        };
        slice.into_iter().flat_map(|slice| {
            let first = slice.line.spans.partition_point(|span| span.end <= slice.from);
            let mut from = slice.from;
            slice.line.spans.iter().skip(first).take_while(move |span| span.end.saturating_sub(1) < slice.to.max(1)).filter_map(
                move |span| {
                    let blank = slice
                        .line
                        .plain
                        .get(from..span.end.min(slice.to))
                        .is_none_or(|text| !text.bytes().any(|letter| letter.is_ascii_alphanumeric()));
                    from = span.end;
                    match &span.ink {
                        Ink::Letters(look) if !blank => Some(*look),
                        _ => None,
                    }
                },
            )
        })
    })
}

/// Whether every letter has a look, and there are letters.
fn text_is(content: &[Bit<'_>], has: impl Fn(crate::document::Look) -> bool) -> bool {
    let mut looks = text_looks(content).peekable();
    looks.peek().is_some() && looks.all(has)
}

fn text_colour(content: &[Bit<'_>]) -> Option<[u8; 3]> {
    let mut looks = text_looks(content);
    let first = looks.next()?.colour?;
    looks.all(|look| look.colour == Some(first)).then_some(first)
}

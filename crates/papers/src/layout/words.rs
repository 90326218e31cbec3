//! Keys that are said without the label of an option: by the option's words (`Đáp án: Hà Nội`), or by a
//! lone letter on the line below the options.

use super::draft::{Claim, Draft, Source};
use super::keys::Value;
use super::writing::{Bit, rich};

/// Takes what drafts say in words and lone letters for the letters of their options.
pub(crate) fn claim(drafts: &mut [Draft<'_>]) {
    lone_letters(drafts);
    for draft in drafts.iter_mut() {
        options_in_words(draft);
    }
}

/// The one option whose words are these; none where no option or several have them.
pub(crate) fn option_of(draft: &Draft<'_>, words: &str) -> Option<char> {
    let wanted = folded(words);
    if wanted.is_empty() {
        return None;
    }
    let mut same = draft.choices.iter().filter(|choice| folded(&rich(&choice.content).to_text()) == wanted);
    match (same.next(), same.next()) {
        (Some(only), None) => Some(only.label.letter),
        _ => None,
    }
}

/// Letters that look the same to a reader: case, spaces, dollars, the full stop at the end and the
/// decimal sign do not count; diacritics do.
fn folded(text: &str) -> String {
    let bare = text.trim().trim_end_matches(['.', ';', ',']).trim();
    bare.chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '$' | '{' | '}'))
        .map(|letter| match letter {
            ',' => '.',
            '−' | '–' => '-',
            letter => letter,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn options_in_words(draft: &mut Draft<'_>) {
    if draft.choices.is_empty() {
        return;
    }
    let letters: Vec<Option<char>> = draft
        .claims
        .iter()
        .map(|claim| match &claim.value {
            Value::Text(words) => option_of(draft, words),
            _ => None,
        })
        .collect();
    for (claim, letter) in draft.claims.iter_mut().zip(letters) {
        if let Some(letter) = letter {
            claim.value = Value::Letters(vec![letter]);
        }
    }
}

/// The letter alone on the last line of a question's last option, where it names one of them.
fn lone_letter(draft: &Draft<'_>) -> Option<char> {
    let last = draft.choices.last().filter(|_| draft.choices.len() >= 3)?;
    let (Bit::Text(end), [_, ..]) = last.content.split_last()? else { return None };
    let text = end.plain().trim().trim_end_matches('.');
    let letter = text.chars().next().filter(|letter| text.len() == 1 && letter.is_ascii_uppercase())?;
    // `Đ` is no `D`.
    let real = end.text();
    let plain = real.trim().starts_with(letter);
    (plain && draft.choices.iter().any(|choice| choice.label.letter == letter)).then_some(letter)
}

/// A paper that writes the key below every question means it; one letter alone in a paper may be
/// anything.
fn lone_letters(drafts: &mut [Draft<'_>]) {
    let asked = drafts.iter().filter(|draft| !draft.choices.is_empty()).count();
    let found: Vec<(usize, char)> = drafts.iter().enumerate().filter_map(|(at, draft)| Some((at, lone_letter(draft)?))).collect();
    if found.len() < 2 || found.len() * 2 < asked {
        return;
    }
    for (at, letter) in found {
        let Some(draft) = drafts.get_mut(at) else { continue };
        if let Some(bit) = draft.choices.last_mut().and_then(|choice| choice.content.pop()) {
            draft.left.push(bit);
        }
        let claim = Claim { source: Source::Line, value: Value::Letters(vec![letter]) };
        if !draft.claims.contains(&claim) {
            draft.claims.push(claim);
        }
    }
}

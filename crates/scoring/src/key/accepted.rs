//! Whether a typed answer is one of those accepted.

use exchange::vietnamese::{collapse_whitespace, unify_syllable};
use papers::model::Exact;

use super::national::national_number;
use super::number::number;
use super::{AnswerKey, Case, TextKey};
use crate::points::Points;
use crate::rules::ShortRule;

/// An accepted answer, made ready for comparing.
pub(crate) struct Accepted {
    text: String,
    number: Option<Numbers>,
    pub(crate) share: Points,
}

/// The numbers an answer stands for.
struct Numbers {
    low: Option<Exact>,
    high: Option<Exact>,
    unit: String,
}

/// What a typed answer is compared as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// A number in the box of four places.
    National,
    /// Anything.
    Free(Case),
}

impl TextKey {
    /// National only where the part asks for it and every answer can be written so: else nobody could be right.
    pub(crate) fn writing(&self, short: ShortRule) -> Writing {
        let fits = |answer: &AnswerKey| {
            let bounds = [answer.min, answer.max].into_iter().flatten().count();
            bounds == 2 || (bounds == 0 && national_number(&answer.text).is_some())
        };
        let national = short == ShortRule::National && self.answers.iter().all(fits);
        if national { Writing::National } else { Writing::Free(self.case) }
    }

    pub(crate) fn accepted(&self) -> Vec<Accepted> {
        self.answers.iter().map(|answer| Accepted::of(answer, self.case)).collect()
    }
}

/// The share of the best accepted answer that a typed one meets.
pub(crate) fn share(accepted: &[Accepted], writing: Writing, typed: &str) -> Points {
    let typed = Typed::of(typed, writing);
    let met = accepted.iter().filter(|answer| typed.meets(answer)).map(|answer| answer.share);
    met.max_by(|left, right| left.compare(*right)).unwrap_or(Points::ZERO)
}

/// A typed answer, made ready for comparing.
struct Typed {
    text: String,
    number: Option<(Exact, String)>,
}

impl Typed {
    fn of(typed: &str, writing: Writing) -> Self {
        match writing {
            Writing::National => Self { text: String::new(), number: national_number(typed).map(|value| (value, String::new())) },
            Writing::Free(case) => {
                Self { text: compared(typed, case), number: number(typed).map(|(value, unit)| (value, compared_unit(unit, case))) }
            }
        }
    }

    fn meets(&self, answer: &Accepted) -> bool {
        let by_value = || Some(answer.number.as_ref()?.hold(self.number.as_ref()?));
        (!self.text.is_empty() && answer.text == self.text) || by_value().unwrap_or(false)
    }
}

impl Accepted {
    fn of(answer: &AnswerKey, case: Case) -> Self {
        let share = answer.credit.map_or(Points::ONE, Points::credit).within(Points::ONE);
        let ranged = answer.min.is_some() || answer.max.is_some();
        let number = if ranged {
            Some(Numbers { low: answer.min, high: answer.max, unit: String::new() })
        } else {
            number(&answer.text).map(|(value, unit)| {
                let off = answer.tolerance.unwrap_or_default().abs();
                Numbers { low: value.checked_sub(off), high: value.checked_add(off), unit: compared_unit(unit, case) }
            })
        };
        Self { text: if ranged { String::new() } else { compared(&answer.text, case) }, number, share }
    }
}

impl Numbers {
    fn hold(&self, (value, unit): &(Exact, String)) -> bool {
        self.unit == *unit && self.low.is_none_or(|low| low <= *value) && self.high.is_none_or(|high| *value <= high)
    }
}

/// A text as it is compared: NFC, white space collapsed, what phones make of quotes and dashes undone, and, where
/// case does not count, lower case with one spelling of each Vietnamese syllable (`hoà` is `hòa`). Syllables in
/// plain letters stay: the English `my` is no `mi`.
fn compared(text: &str, case: Case) -> String {
    let plain: String = collapse_whitespace(text).chars().map(plain_letter).collect();
    if case == Case::Counts || plain.is_ascii() {
        return if case == Case::Counts { plain } else { plain.to_lowercase() };
    }
    let lower = plain.to_lowercase();
    let syllables = lower.split(' ').map(|syllable| if syllable.is_ascii() { syllable.to_owned() } else { unify_syllable(syllable) });
    syllables.collect::<Vec<_>>().join(" ")
}

fn plain_letter(letter: char) -> char {
    match letter {
        '‘' | '’' | '′' => '\'',
        '“' | '”' | '″' => '"',
        '−' | '–' | '—' | '‐' | '‑' => '-',
        other => other,
    }
}

/// A unit as it is compared: without white space, its powers on the line (`m/s²` is `m/s^2`).
fn compared_unit(unit: &str, case: Case) -> String {
    let text = compared(unit, case);
    let letters = text.chars().filter(|letter| *letter != ' ' && *letter != '^');
    letters
        .map(|letter| match letter {
            '²' => '2',
            '³' => '3',
            'μ' => 'µ',
            other => other,
        })
        .collect()
}

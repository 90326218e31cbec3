//! A key put right by saying what is right: teachers see a paper in neutral indices, and so they correct it.

use papers::model::Exact;

use crate::key::{AnswerKey, Key, OptionKey, OrderKey, TextKey};
use crate::keyed::KeyedPaper;
use crate::neutral::Permutation;
use crate::paper::{CompileError, Fault};
use crate::response::MOST_TEXT;
use crate::solution::{BlankSolution, Solution, written};

/// Most answers that one gap or question accepts.
const MOST_ANSWERS: usize = 20;

impl KeyedPaper {
    /// The same paper where something else is right in an item. Shares of points that single options earned are
    /// gone then; accepted answers that stay keep their tolerance and their share.
    ///
    /// # Errors
    /// [`Fault::OtherShape`] where the item cannot be answered so, or what compiling says of the key.
    pub fn solved(&self, item: u16, solution: &Solution) -> Result<Self, Vec<CompileError>> {
        let fault = || vec![CompileError { part: None, item: Some(item), fault: Fault::OtherShape }];
        let mut stored = self.stored().clone();
        let place = stored.items.get_mut(usize::from(item)).ok_or_else(fault)?;
        place.key = replaced(&place.key, &place.permutation, solution).ok_or_else(fault)?;
        Self::prepare(stored)
    }
}

fn replaced(key: &Key, permutation: &Permutation, solution: &Solution) -> Option<Key> {
    Some(match (key, solution) {
        (Key::Choice(options), Solution::Options(right)) => Key::Choice(chosen(options.len(), right)?),
        (Key::Choices(options), Solution::Options(right)) => Key::Choices(chosen(options.len(), right)?),
        (Key::Statements(were), Solution::Statements(truths)) if were.len() == truths.len() => Key::Statements(truths.clone()),
        (Key::Short(were), Solution::Answers(answers)) => Key::Short(typed(were, answers)?),
        (Key::Numeric(were), Solution::Answers(answers)) => Key::Numeric(typed(were, answers)?),
        (Key::Pairs(were), Solution::Pairs(rights)) if were.len() == rights.len() => {
            let known = permutation.group(1).len();
            rights.iter().all(|right| usize::from(*right) < known).then(|| Key::Pairs(rights.clone()))?
        }
        (Key::Order(were), Solution::Order(sequence)) => {
            let mut sorted = sequence.clone();
            sorted.sort_unstable();
            let whole = sorted.iter().copied().eq((0..=u8::MAX).take(were.sequence.len()));
            whole.then(|| Key::Order(OrderKey { sequence: sequence.clone(), same: were.same.clone() }))?
        }
        (Key::Blanks(were), Solution::Blanks(gaps)) if were.len() == gaps.len() => {
            let mut blanks = were.clone();
            for (blank, gap) in blanks.iter_mut().zip(gaps) {
                let said = match gap {
                    BlankSolution::Options(right) => Solution::Options(right.clone()),
                    BlankSolution::Answers(answers) => Solution::Answers(answers.clone()),
                };
                blank.key = replaced(&blank.key, permutation, &said)?;
            }
            Key::Blanks(blanks)
        }
        _ => return None,
    })
}

fn chosen(count: usize, right: &[u8]) -> Option<Vec<OptionKey>> {
    let known = !right.is_empty() && right.iter().all(|index| usize::from(*index) < count);
    known.then(|| (0..=u8::MAX).take(count).map(|index| OptionKey { right: right.contains(&index), credit: None }).collect())
}

fn typed(were: &TextKey, answers: &[String]) -> Option<TextKey> {
    let answers: Vec<AnswerKey> =
        answers.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).map(|text| answer(were, text)).collect();
    let short = answers.iter().all(|answer| answer.text.chars().count() <= MOST_TEXT && !answer.text.contains('\0'));
    (!answers.is_empty() && answers.len() <= MOST_ANSWERS && short).then_some(TextKey { answers, case: were.case })
}

/// As it was where it was accepted before; `low..high` is a range.
fn answer(were: &TextKey, text: &str) -> AnswerKey {
    if let Some(known) = were.answers.iter().find(|known| written(known) == text) {
        // It is right now, whatever share it had.
        return AnswerKey { credit: None, ..known.clone() };
    }
    let number = |text: &str| text.trim().replace(',', ".").parse::<Exact>().ok();
    let range = text.split_once("..").and_then(|(low, high)| Some((number(low)?, number(high)?))).filter(|(low, high)| low <= high);
    match range {
        Some((low, high)) => AnswerKey { text: String::new(), credit: None, tolerance: None, min: Some(low), max: Some(high) },
        None => AnswerKey { text: text.to_owned(), credit: None, tolerance: None, min: None, max: None },
    }
}

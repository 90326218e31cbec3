//! The key of a question, put into neutral order.

use papers::model::{Answer, Blank, BlankType, Choice, Exact, Question, QuestionType};

use super::{AnswerKey, BlankKey, Case, Key, OptionKey, OrderKey, TextKey};
use crate::neutral::{Permutation, distinct_rights};

impl Key {
    /// `None` where some part of the key is not said: it is never guessed.
    pub(crate) fn read(question: &Question, permutation: &Permutation) -> Option<Self> {
        let first = permutation.group(0);
        Some(match question.kind {
            QuestionType::SingleChoice => Self::Choice(options(&question.options, first)?),
            QuestionType::MultipleChoice => Self::Choices(options(&question.options, first)?),
            QuestionType::TrueFalse => {
                let said = first.iter().map(|index| question.statements[usize::from(*index)].correct);
                Self::Statements(said.collect::<Option<Vec<bool>>>().filter(|said| !said.is_empty())?)
            }
            QuestionType::ShortAnswer => Self::Short(typed(&question.answers, question.case_sensitive)?),
            QuestionType::Numeric => Self::Numeric(numeric(&question.answers, question.case_sensitive)?),
            QuestionType::Matching => pairs(question, permutation)?,
            QuestionType::Ordering => order(question, permutation)?,
            QuestionType::Cloze => {
                let blanks = question.blanks.iter().enumerate();
                let keys = blanks.map(|(group, blank)| gap(blank, permutation.group(group), question.case_sensitive));
                Self::Blanks(keys.collect::<Option<Vec<_>>>().filter(|keys| !keys.is_empty())?)
            }
            QuestionType::Essay => Self::ByHand,
            QuestionType::Description => Self::Nothing,
        })
    }
}

fn options(options: &[Choice], order: &[u8]) -> Option<Vec<OptionKey>> {
    let keys = order.iter().map(|index| {
        let option = options.get(usize::from(*index))?;
        Some(OptionKey { right: option.correct?, credit: option.credit })
    });
    keys.collect::<Option<Vec<_>>>().filter(|keys| keys.iter().any(|key| key.right))
}

fn typed(answers: &[Answer], case_sensitive: Option<bool>) -> Option<TextKey> {
    let answers = answers.iter().map(|answer| AnswerKey {
        text: answer.text.clone(),
        credit: answer.credit,
        tolerance: answer.tolerance,
        min: answer.min,
        max: answer.max,
    });
    let answers: Vec<AnswerKey> =
        answers.filter(|answer| !answer.text.trim().is_empty() || answer.min.is_some() || answer.max.is_some()).collect();
    let case = if case_sensitive == Some(true) { Case::Counts } else { Case::Ignored };
    (!answers.is_empty()).then_some(TextKey { answers, case })
}

/// As [`typed`]; a lone `*` is any number, as in Moodle.
fn numeric(answers: &[Answer], case_sensitive: Option<bool>) -> Option<TextKey> {
    let mut key = typed(answers, case_sensitive)?;
    for answer in key.answers.iter_mut().filter(|answer| answer.text.trim() == "*") {
        (answer.min, answer.max) = (Some(Exact::MIN), Some(Exact::MAX));
    }
    Some(key)
}

fn pairs(question: &Question, permutation: &Permutation) -> Option<Key> {
    let firsts = distinct_rights(question);
    let rights = permutation.group(1);
    let key = permutation.group(0).iter().map(|left| {
        let right = &question.pairs[usize::from(*left)].right;
        let first = firsts.iter().find(|first| question.pairs[usize::from(**first)].right == *right)?;
        u8::try_from(rights.iter().position(|shown| shown == first)?).ok()
    });
    key.collect::<Option<Vec<u8>>>().filter(|key| !key.is_empty()).map(Key::Pairs)
}

fn order(question: &Question, permutation: &Permutation) -> Option<Key> {
    let text = |neutral: &u8| &question.items[usize::from(permutation.group(0)[usize::from(*neutral)])];
    let sequence = permutation.as_written(0);
    let mut same: Vec<u8> = (0..=u8::MAX).take(sequence.len()).collect();
    for index in 0..same.len() {
        same[index] = same[..index].iter().copied().find(|earlier| text(earlier) == text(&same[index])).unwrap_or(same[index]);
    }
    (!sequence.is_empty()).then_some(Key::Order(OrderKey { sequence, same }))
}

fn gap(blank: &Blank, order: &[u8], case_sensitive: Option<bool>) -> Option<BlankKey> {
    let case_sensitive = blank.case_sensitive.or(case_sensitive);
    let key = match blank.kind {
        BlankType::SingleChoice => Key::Choice(options(&blank.options, order)?),
        BlankType::MultipleChoice => Key::Choices(options(&blank.options, order)?),
        BlankType::ShortAnswer => Key::Short(typed(&blank.answers, case_sensitive)?),
        BlankType::Numeric => Key::Numeric(numeric(&blank.answers, case_sensitive)?),
    };
    Some(BlankKey { weight: blank.points.unwrap_or(Exact::ONE), key })
}

//! What each question of a paper is worth.

use crate::key::Key;
use crate::keyed::{KeyedItem, Stored};
use crate::paper::{CompileError, Fault};
use crate::points::Points;
use crate::rules::{PartRules, PointRule, TrueFalseRule};

/// By item. Texts without a question are worth nothing.
pub(crate) fn worth(stored: &Stored) -> Result<Vec<Points>, Vec<CompileError>> {
    let (mut points, mut errors) = (vec![Points::ZERO; stored.items.len()], Vec::new());
    for (part, rules) in (0..=u16::MAX).zip(&stored.rules.parts) {
        let is_asked = |item: &KeyedItem| item.part == part && item.key != Key::Nothing;
        let asked = (0..=u16::MAX).zip(&stored.items).filter(|(_, item)| is_asked(item)).collect::<Vec<_>>();
        let mut fault = |item, fault| errors.push(CompileError { part: Some(part), item, fault });
        if rules.answer_at_most == Some(0) {
            fault(None, Fault::BadRules);
        }
        if !steps_are_shares(rules) {
            fault(None, Fault::BadPoints);
        }
        let own: Vec<Option<Points>> = asked.iter().map(|(_, item)| item.points.and_then(Points::read)).collect();
        for ((number, item), own) in asked.iter().zip(&own) {
            if item.points.is_some() && own.is_none() {
                fault(Some(*number), Fault::BadPoints);
            }
        }
        let Some(rule) = Rule::of(rules, &own) else {
            fault(None, Fault::BadPoints);
            continue;
        };
        for ((number, item), own) in asked.iter().zip(own) {
            points[usize::from(*number)] = own.unwrap_or_else(|| rule.worth(&item.key));
        }
    }
    if errors.is_empty() { Ok(points) } else { Err(errors) }
}

enum Rule {
    Question(Points),
    Statement(Points),
}

impl Rule {
    /// `None` where the points are none.
    fn of(rules: &PartRules, own: &[Option<Points>]) -> Option<Self> {
        Some(match &rules.points {
            PointRule::PerQuestion(points) => Self::Question(Points::read(*points)?),
            PointRule::PerStatement(points) => Self::Statement(Points::read(*points)?),
            PointRule::Total(total) => {
                let total = Points::read(*total)?;
                let most = rules.answer_at_most.map_or(own.len(), |most| own.len().min(usize::try_from(most).unwrap_or(usize::MAX)));
                let owned = own.iter().flatten().count();
                // Of "n of m" it is unknown who answers the ones with points of their own: the others are n-ths.
                let (rest, among) = if most < own.len() {
                    (total, most)
                } else {
                    (own.iter().flatten().fold(total, |rest, own| rest.minus(*own)), own.len() - owned)
                };
                if rest.compare(Points::ZERO).is_lt() {
                    return None;
                }
                Self::Question(rest.times(Points::ratio(1, i128::try_from(among).ok()?)))
            }
        })
    }

    fn worth(&self, key: &Key) -> Points {
        match self {
            Self::Question(points) => *points,
            Self::Statement(points) => points.times(Points::ratio(key.statements(), 1)),
        }
    }
}

impl Key {
    fn statements(&self) -> i128 {
        if let Self::Statements(truths) = self { i128::try_from(truths.len()).unwrap_or(1) } else { 1 }
    }
}

fn steps_are_shares(rules: &PartRules) -> bool {
    let is_share = |step: &papers::model::Exact| Points::read(*step).is_some_and(|step| step.compare(Points::ONE).is_le());
    match &rules.true_false {
        TrueFalseRule::Stepped(steps) => steps.iter().all(is_share),
        TrueFalseRule::Linear => true,
    }
}

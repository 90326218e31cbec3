//! The share of a question's points that a response earns.

use super::accepted::{Accepted, Writing, share};
use super::{BlankKey, Key, OptionKey};
use crate::points::{Points, lcm};
use crate::response::{BlankResponse, Response};
use crate::rules::{MultipleRule, PartRules, TrueFalseRule};

/// A key made ready for marking under the rules of its part.
pub(crate) enum Grader {
    /// The share of each option.
    Choice(Vec<Points>),
    Choices(Choices),
    Statements {
        truths: Vec<bool>,
        /// By number right.
        steps: Vec<Points>,
    },
    Text {
        accepted: Vec<Accepted>,
        writing: Writing,
    },
    Pairs(Vec<u8>),
    Order(super::OrderKey),
    /// The share of each gap, and what fills it.
    Blanks(Vec<(Points, Grader)>),
    ByHand,
    Nothing,
}

/// A choice of several options.
pub(crate) enum Choices {
    AllOrNothing(Vec<bool>),
    /// The share of each option, may be below nothing.
    Sum(Vec<Points>),
}

impl Grader {
    pub(crate) fn of(key: &Key, rules: &PartRules) -> Self {
        match key {
            Key::Choice(options) => Self::Choice(options.iter().map(|option| single(option, rules.multiple)).collect()),
            Key::Choices(options) => Self::Choices(Choices::of(options, rules.multiple)),
            Key::Statements(truths) => Self::Statements { truths: truths.clone(), steps: steps(truths.len(), &rules.true_false) },
            Key::Short(key) => Self::Text { accepted: key.accepted(), writing: key.writing(rules.short) },
            Key::Numeric(key) => Self::Text { accepted: key.accepted(), writing: Writing::Free(key.case) },
            Key::Pairs(rights) => Self::Pairs(rights.clone()),
            Key::Order(key) => Self::Order(key.clone()),
            Key::Blanks(blanks) => Self::Blanks(gaps(blanks, rules)),
            Key::ByHand => Self::ByHand,
            Key::Nothing => Self::Nothing,
        }
    }

    /// A common denominator of every share it may give. `None` where it is beyond all bounds.
    pub(crate) fn denominator(&self) -> Option<i128> {
        let all = |shares: &mut dyn Iterator<Item = Points>| shares.map(Points::denominator).try_fold(1, lcm);
        match self {
            Self::Choice(shares) | Self::Choices(Choices::Sum(shares)) => all(&mut shares.iter().copied()),
            Self::Statements { steps, .. } => all(&mut steps.iter().copied()),
            Self::Text { accepted, .. } => all(&mut accepted.iter().map(|answer| answer.share)),
            Self::Pairs(rights) => i128::try_from(rights.len()).ok(),
            Self::Blanks(gaps) => gaps.iter().try_fold(1, |grain, (share, gap)| {
                lcm(grain, share.denominator().checked_mul(gap.denominator()?)?).filter(|grain| *grain < 1 << 62)
            }),
            Self::Choices(Choices::AllOrNothing(_)) | Self::Order(_) | Self::ByHand | Self::Nothing => Some(1),
        }
    }

    /// From nothing to one. A response that does not fit earns nothing; [`Response::parse`] lets none through.
    pub(crate) fn share(&self, response: &Response) -> Points {
        match (self, response) {
            (Self::Choice(shares), Response::Choice(option)) => shares.get(usize::from(*option)).copied().unwrap_or(Points::ZERO),
            (Self::Choices(choices), Response::Choices(chosen)) => choices.share(chosen),
            (Self::Statements { truths, steps }, Response::Statements(said)) => {
                let right = truths.iter().zip(said).filter(|(truth, said)| Some(**truth) == **said).count();
                steps.get(right).copied().unwrap_or(Points::ZERO)
            }
            (Self::Text { accepted, writing }, Response::Text(typed)) => share(accepted, *writing, typed),
            (Self::Pairs(rights), Response::Pairs(chosen)) => {
                let right = rights.iter().zip(chosen).filter(|(right, chosen)| Some(**right) == **chosen).count();
                part(right, rights.len())
            }
            (Self::Order(key), Response::Order(order)) => {
                let same = |index: &u8| key.same.get(usize::from(*index));
                let right =
                    order.len() == key.sequence.len() && order.iter().zip(&key.sequence).all(|(said, right)| same(said) == same(right));
                if right { Points::ONE } else { Points::ZERO }
            }
            (Self::Blanks(gaps), Response::Blanks(said)) => gaps.iter().zip(said).fold(Points::ZERO, |sum, ((share, gap), said)| {
                sum.plus(share.times(said.as_ref().map_or(Points::ZERO, |said| gap.gap_share(said))))
            }),
            _ => Points::ZERO,
        }
    }

    fn gap_share(&self, response: &BlankResponse) -> Points {
        match (self, response) {
            (Self::Choice(shares), BlankResponse::Choice(option)) => shares.get(usize::from(*option)).copied().unwrap_or(Points::ZERO),
            (Self::Choices(choices), BlankResponse::Choices(chosen)) => choices.share(chosen),
            (Self::Text { accepted, writing }, BlankResponse::Text(typed)) if !typed.trim().is_empty() => share(accepted, *writing, typed),
            _ => Points::ZERO,
        }
    }
}

impl Choices {
    fn of(options: &[OptionKey], rule: MultipleRule) -> Self {
        let right = options.iter().filter(|option| option.right).count();
        match rule {
            MultipleRule::AllOrNothing => Self::AllOrNothing(options.iter().map(|option| option.right).collect()),
            MultipleRule::PerOption => {
                let minus = Points::ZERO.minus(part(1, right));
                Self::Sum(options.iter().map(|option| if option.right { part(1, right) } else { minus }).collect())
            }
            MultipleRule::Credits => {
                let unsaid = |option: &OptionKey| if option.right { part(1, right) } else { Points::ZERO };
                Self::Sum(options.iter().map(|option| option.credit.map_or_else(|| unsaid(option), Points::credit)).collect())
            }
        }
    }

    fn share(&self, chosen: &[u8]) -> Points {
        let is_chosen = |index: usize| chosen.iter().any(|option| usize::from(*option) == index);
        match self {
            Self::AllOrNothing(rights) => {
                let met = rights.iter().enumerate().all(|(index, right)| is_chosen(index) == *right);
                if met { Points::ONE } else { Points::ZERO }
            }
            Self::Sum(shares) => {
                let sum = shares.iter().enumerate().filter(|(index, _)| is_chosen(*index));
                sum.fold(Points::ZERO, |sum, (_, share)| sum.plus(*share)).within(Points::ONE)
            }
        }
    }
}

fn single(option: &OptionKey, rule: MultipleRule) -> Points {
    match option.credit {
        Some(credit) if rule == MultipleRule::Credits => Points::credit(credit).within(Points::ONE),
        _ if option.right => Points::ONE,
        _ => Points::ZERO,
    }
}

/// By number right, from none to all.
fn steps(statements: usize, rule: &TrueFalseRule) -> Vec<Points> {
    match rule {
        TrueFalseRule::Stepped(table) if table.len() == statements => {
            let said = table.iter().map(|step| Points::read(*step).unwrap_or(Points::ZERO).within(Points::ONE));
            std::iter::once(Points::ZERO).chain(said).collect()
        }
        TrueFalseRule::Stepped(_) | TrueFalseRule::Linear => (0..=statements).map(|right| part(right, statements)).collect(),
    }
}

fn gaps(blanks: &[BlankKey], rules: &PartRules) -> Vec<(Points, Grader)> {
    let weights: Vec<Points> = blanks.iter().map(|blank| Points::read(blank.weight).unwrap_or(Points::ONE)).collect();
    let scale = weights.iter().copied().fold(Points::ZERO, Points::plus);
    // The texts of gaps are no answer boxes of the national sheet.
    let rules = PartRules { short: crate::rules::ShortRule::Free, ..rules.clone() };
    let share = |weight: Points| if scale.is_zero() { part(1, blanks.len()) } else { weight.over(scale) };
    weights.into_iter().zip(blanks).map(|(weight, blank)| (share(weight), Grader::of(&blank.key, &rules))).collect()
}

fn part(of: usize, all: usize) -> Points {
    let number = |count: usize| i128::try_from(count).unwrap_or(0);
    Points::ratio(number(of), number(all))
}

//! The key of a paper, ready for marking. It is secret, stored once with its paper, and can be corrected
//! ("phúc khảo"): all attempts are then marked again from their responses.

use papers::model::{Exact, Question};
use serde::{Deserialize, Serialize};

use crate::form::{FORM_VERSION, Form};
use crate::key::{Grader, Key};
use crate::neutral::Permutation;
use crate::paper::{CompileError, Fault};
use crate::points::{Points, lcm};
use crate::rules::{PartRules, RULES_VERSION, Rules};
use crate::worth::worth;

/// The largest common denominator of the points of a paper.
const FINEST: i128 = 1_000_000_000_000_000_000;

/// The key of a paper with its rules.
///
/// In JSON (`{"rules":{…},"items":[{"part":0,"points":null,"key":{…},"permutation":[[…]],"ruling":"marked"}]}`) it
/// holds all keys; it has no `Debug`, so that none comes into a log. What reads it back checks it as compiling does.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct KeyedPaper {
    stored: Stored,
    pub(crate) prepared: std::sync::Arc<Prepared>,
}

/// What is kept of a keyed paper.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub rules: Rules,
    pub items: Vec<KeyedItem>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeyedItem {
    pub part: u16,
    /// Points of its own.
    pub points: Option<Exact>,
    pub key: Key,
    pub permutation: Permutation,
    #[serde(default)]
    pub ruling: Ruling,
}

/// What was ruled about a question after it was sat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestRuling)]
pub enum Ruling {
    /// It is marked by its key.
    #[default]
    Marked,
    /// Everybody has all its points; where only `n` are to be answered, everybody who answered it.
    GivenToAll,
    /// It does not count for anybody.
    LeftOut,
}

/// What marking needs, worked out once.
pub(crate) struct Prepared {
    pub items: Vec<PreparedItem>,
    /// A common denominator of all points that can be given, and of hundredths of hundredths.
    pub grain: i128,
}

pub(crate) struct PreparedItem {
    pub part: u16,
    pub points: Points,
    pub grader: Grader,
    pub ruling: Ruling,
    /// It is one of the `m` of "answer n of m".
    pub of_many: bool,
}

impl KeyedPaper {
    pub(crate) fn prepare(stored: Stored) -> Result<Self, Vec<CompileError>> {
        let rules = &stored.rules;
        let whole = |fault| CompileError { part: None, item: None, fault };
        if rules.version != RULES_VERSION {
            return Err(vec![whole(Fault::UnknownVersion)]);
        }
        let in_order = stored.items.is_sorted_by_key(|item| item.part);
        if rules.decimals > 4 || !in_order || stored.items.iter().any(|item| usize::from(item.part) >= rules.parts.len()) {
            return Err(vec![whole(Fault::BadRules)]);
        }
        if rules.out_of.is_some_and(|out_of| Points::read(out_of).is_none_or(Points::is_zero)) {
            return Err(vec![whole(Fault::BadPoints)]);
        }
        let points = worth(&stored)?;
        let none = PartRules::default();
        let (mut items, mut grain, mut errors) = (Vec::with_capacity(points.len()), 10_000, Vec::new());
        for (number, (item, points)) in (0..=u16::MAX).zip(stored.items.iter().zip(points)) {
            let rules = rules.parts.get(usize::from(item.part)).unwrap_or(&none);
            let grader = Grader::of(&item.key, rules);
            let own = grader.denominator().and_then(|shares| points.denominator().checked_mul(shares));
            match own.and_then(|own| lcm(grain, own)).filter(|grain| *grain <= FINEST) {
                Some(finer) => grain = finer,
                None => errors.push(CompileError { part: Some(item.part), item: Some(number), fault: Fault::TooFine }),
            }
            items.push(PreparedItem { part: item.part, points, grader, ruling: item.ruling, of_many: rules.answer_at_most.is_some() });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self { stored, prepared: std::sync::Arc::new(Prepared { items, grain }) })
    }

    /// The same paper with a question whose key was wrong put right. Kind and number of options, statements, pairs,
    /// items and gaps must be the same; their texts are not looked at, but for pairs and items that say the same.
    ///
    /// # Errors
    /// [`Fault::OtherShape`], or what compiling says of the key.
    pub fn corrected(&self, item: u16, question: &Question) -> Result<Self, Vec<CompileError>> {
        let fault = |fault| vec![CompileError { part: None, item: Some(item), fault }];
        let mut stored = self.stored.clone();
        let place = stored.items.get_mut(usize::from(item)).ok_or_else(|| fault(Fault::OtherShape))?;
        if !place.permutation.fits(question) {
            return Err(fault(Fault::OtherShape));
        }
        let key = Key::read(question, &place.permutation).ok_or_else(|| fault(Fault::MissingKey))?;
        if !key.same_kind(&place.key) {
            return Err(fault(Fault::OtherShape));
        }
        place.key = key;
        Self::prepare(stored)
    }

    /// The same paper with a ruling about a question.
    ///
    /// # Errors
    /// [`Fault::OtherShape`] where there is no such item.
    pub fn ruled(&self, item: u16, ruling: Ruling) -> Result<Self, Vec<CompileError>> {
        let mut stored = self.stored.clone();
        let place = stored.items.get_mut(usize::from(item));
        place.ok_or_else(|| vec![CompileError { part: None, item: Some(item), fault: Fault::OtherShape }])?.ruling = ruling;
        Self::prepare(stored)
    }

    /// The same paper under other rules of a part.
    ///
    /// # Errors
    /// What compiling says of the rules; [`Fault::BadRules`] where there is no such part.
    pub fn with_rules(&self, part: u16, rules: PartRules) -> Result<Self, Vec<CompileError>> {
        let mut stored = self.stored.clone();
        let place = stored.rules.parts.get_mut(usize::from(part));
        *place.ok_or_else(|| vec![CompileError { part: Some(part), item: None, fault: Fault::BadRules }])? = rules;
        Self::prepare(stored)
    }

    /// What was ruled about a question. `None` where there is no such item.
    #[must_use]
    pub fn ruling(&self, item: u16) -> Option<Ruling> {
        self.stored.items.get(usize::from(item)).map(|item| item.ruling)
    }

    /// How many items it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stored.items.len()
    }

    /// Whether it has none, which no compiled paper has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stored.items.is_empty()
    }

    /// How the author's order of an item became the neutral one, for showing feedback of options once it is released.
    #[must_use]
    pub fn permutation(&self, item: u16) -> Option<&Permutation> {
        self.stored.items.get(usize::from(item)).map(|item| &item.permutation)
    }

    /// The order of the author's file, in which a teacher reads results. It tells the right order of orderings and
    /// pairs: not for pupils before release.
    #[must_use]
    pub fn as_written(&self) -> Form {
        let inner = self.stored.items.iter().map(|item| {
            let groups = (0..item.permutation.groups()).map(|group| item.permutation.as_written(group));
            groups.flatten().collect()
        });
        let order = (0..=u16::MAX).take(self.len()).collect();
        Form { version: FORM_VERSION, order, inner: inner.collect() }
    }

    pub(crate) fn stored(&self) -> &Stored {
        &self.stored
    }

    /// What each item is worth.
    pub(crate) fn worth(&self) -> impl Iterator<Item = Points> {
        self.prepared.items.iter().map(|item| item.points)
    }
}

impl From<KeyedPaper> for Stored {
    fn from(paper: KeyedPaper) -> Self {
        paper.stored
    }
}

impl TryFrom<Stored> for KeyedPaper {
    type Error = CompileError;

    fn try_from(stored: Stored) -> Result<Self, CompileError> {
        let unknown = CompileError { part: None, item: None, fault: Fault::BadRules };
        Self::prepare(stored).map_err(|errors| errors.into_iter().next().unwrap_or(unknown))
    }
}

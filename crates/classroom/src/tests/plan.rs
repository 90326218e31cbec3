//! What a test is made of: parts with rules of their own, and questions of the bank in them.

use std::collections::BTreeSet;

use identity::fault::{Fault, Faults, optional_line};
use kernel::QuestionId;
use papers::model::Exact;
use scoring::PartRules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most questions of a test.
pub const MOST_ITEMS: usize = 200;
/// Most parts.
pub const MOST_PARTS: usize = 20;

/// What a test is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = TestPlan)]
pub struct Plan {
    /// In the order they are sat.
    pub parts: Vec<PlanPart>,
}

/// A part of a test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = TestPlanPart)]
pub struct PlanPart {
    /// `Phần I`, or nothing.
    pub title: String,
    /// What is said above its questions.
    pub note: String,
    /// How it is marked.
    pub rules: PartRules,
    /// Its questions.
    pub items: Vec<PlanItem>,
}

/// A question of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TestPlanItem)]
pub struct PlanItem {
    /// Which; the version it has when the test is given.
    pub question_id: QuestionId,
    /// What it is worth, where it is not what its part says.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub points: Option<Exact>,
}

impl Plan {
    /// Every question, in order.
    pub fn questions(&self) -> impl Iterator<Item = QuestionId> + '_ {
        self.parts.iter().flat_map(|part| part.items.iter().map(|item| item.question_id))
    }

    /// The same, tidied.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(mut self) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        if self.parts.len() > MOST_PARTS {
            faults.add("plan.parts", "too-many");
        }
        if self.questions().count() > MOST_ITEMS {
            faults.add("plan.parts", "too-many");
        }
        let mut seen = BTreeSet::new();
        if !self.questions().all(|id| seen.insert(id)) {
            faults.add("plan.parts", "twice");
        }
        for part in &mut self.parts {
            part.title = faults.take("plan.title", optional_line(Some(&part.title), 200)).unwrap_or_default();
            part.note = faults.take("plan.note", optional_line(Some(&part.note), 1_000)).unwrap_or_default();
            let limit = Exact::from(1_000);
            if part.items.iter().filter_map(|item| item.points).any(|points| points < Exact::ZERO || points > limit || points.scale() > 4) {
                faults.add("plan.points", "out-of-range");
            }
        }
        faults.check()?;
        Ok(self)
    }
}

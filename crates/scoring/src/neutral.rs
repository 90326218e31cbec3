//! The neutral order: options, statements, pairs and items of a question are put into another order once per
//! paper, by a secret seed, so that nothing a browser holds tells how the author's file had them. Authors write
//! the right option first, or B three times in four; pictures are numbered in the order of the file.

use std::collections::BTreeMap;

use papers::model::{BlankType, Question, QuestionType};
use papers::rich::Rich;
use serde::{Deserialize, Serialize};

use crate::draws::{Draws, Seed, Stream};

/// For each group of a question (see [`crate::Shape::groups`]): which of the author's stands at each neutral
/// place. It tells of the key (the right order of an ordering is the author's) and is kept with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Permutation {
    groups: Vec<Vec<u8>>,
}

impl Permutation {
    /// The author's indices in neutral order; empty where there is no such group. Of the right sides of pairs
    /// that say the same only the first is there.
    #[must_use]
    pub fn group(&self, index: usize) -> &[u8] {
        self.groups.get(index).map_or(&[], Vec::as_slice)
    }

    /// The neutral indices in the author's order.
    #[must_use]
    pub fn as_written(&self, index: usize) -> Vec<u8> {
        let group = self.group(index);
        let mut neutral: Vec<u8> = (0..=u8::MAX).take(group.len()).collect();
        neutral.sort_by_key(|place| group[usize::from(*place)]);
        neutral
    }

    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
    }

    pub(crate) fn draw(question: &Question, seed: &Seed, item: u16) -> Self {
        let mut draws = Draws::of(seed, Stream::Neutral(item));
        let mut groups = written(question);
        groups.iter_mut().for_each(|group| draws.shuffle(group));
        Self { groups }
    }

    /// Whether it is one of this question: a corrected question must have as many of everything.
    pub(crate) fn fits(&self, question: &Question) -> bool {
        let mut sorted = self.groups.clone();
        sorted.iter_mut().for_each(|group| group.sort_unstable());
        sorted == written(question)
    }
}

/// Each group in the author's order.
fn written(question: &Question) -> Vec<Vec<u8>> {
    let all = |count: usize| (0..=u8::MAX).take(count).collect::<Vec<u8>>();
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => vec![all(question.options.len())],
        QuestionType::TrueFalse => vec![all(question.statements.len())],
        QuestionType::Ordering => vec![all(question.items.len())],
        QuestionType::Matching => {
            let mut lefts = all(question.pairs.len());
            lefts.retain(|pair| !question.pairs[usize::from(*pair)].left.is_empty());
            vec![lefts, distinct_rights(question)]
        }
        QuestionType::Cloze => {
            let chosen = |kind| matches!(kind, BlankType::SingleChoice | BlankType::MultipleChoice);
            question.blanks.iter().map(|blank| all(if chosen(blank.kind) { blank.options.len() } else { 0 })).collect()
        }
        QuestionType::ShortAnswer | QuestionType::Numeric | QuestionType::Essay | QuestionType::Description => Vec::new(),
    }
}

/// The first pair of each different right side.
pub(crate) fn distinct_rights(question: &Question) -> Vec<u8> {
    let mut firsts: Vec<u8> = Vec::new();
    for (index, pair) in (0..=u8::MAX).zip(&question.pairs) {
        if firsts.iter().all(|first| question.pairs[usize::from(*first)].right != pair.right) {
            firsts.push(index);
        }
    }
    firsts
}

/// What a pupil is shown of a question before results are released: its texts in neutral order, and nothing
/// that tells a right answer from a wrong one. Fields that a kind of question does not have are empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ShownQuestion)]
pub struct ShownQuestion {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// What is asked.
    pub stem: Rich,
    /// Of choices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Rich>,
    /// Of true/false.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<Rich>,
    /// Of matching: what is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lefts: Vec<Rich>,
    /// Of matching: what may belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<Rich>,
    /// Of ordering.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Rich>,
    /// Of a text with gaps: the options of each gap, none where it is typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blanks: Vec<Vec<Rich>>,
    /// BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A question in neutral order.
#[derive(Clone)]
pub struct Neutral {
    /// What pupils are shown. Its pictures and sounds are `m1`, `m2`, … in the order they are met.
    pub shown: ShownQuestion,
    /// For each of those the question's own id.
    pub media: BTreeMap<String, String>,
    /// How it came about; secret.
    pub permutation: Permutation,
}

/// Puts a question into neutral order. `item` is its place in the paper.
#[must_use]
pub fn neutral(question: &Question, seed: &Seed, item: u16) -> Neutral {
    let permutation = Permutation::draw(question, seed, item);
    let mut shown = show(question, &permutation);
    let media = rename_media(&mut shown);
    Neutral { shown, media, permutation }
}

fn show(question: &Question, permutation: &Permutation) -> ShownQuestion {
    let pick = |group: usize, text: &dyn Fn(usize) -> Rich| -> Vec<Rich> {
        permutation.group(group).iter().map(|index| text(usize::from(*index))).collect()
    };
    let mut shown = ShownQuestion {
        kind: question.kind,
        stem: question.stem.clone(),
        options: Vec::new(),
        statements: Vec::new(),
        lefts: Vec::new(),
        rights: Vec::new(),
        items: Vec::new(),
        blanks: Vec::new(),
        language: question.language.clone(),
    };
    match question.kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => shown.options = pick(0, &|at| question.options[at].content.clone()),
        QuestionType::TrueFalse => shown.statements = pick(0, &|at| question.statements[at].content.clone()),
        QuestionType::Matching => {
            shown.lefts = pick(0, &|at| question.pairs[at].left.clone());
            shown.rights = pick(1, &|at| question.pairs[at].right.clone());
        }
        QuestionType::Ordering => shown.items = pick(0, &|at| question.items[at].clone()),
        QuestionType::Cloze => {
            let blanks = question.blanks.iter().enumerate();
            shown.blanks = blanks.map(|(group, blank)| pick(group, &|at| blank.options[at].content.clone())).collect();
        }
        QuestionType::ShortAnswer | QuestionType::Numeric | QuestionType::Essay | QuestionType::Description => {}
    }
    shown
}

fn rename_media(shown: &mut ShownQuestion) -> BTreeMap<String, String> {
    let mut texts = vec![&mut shown.stem];
    let groups = [&mut shown.options, &mut shown.statements, &mut shown.lefts, &mut shown.rights, &mut shown.items];
    texts.extend(groups.into_iter().flatten());
    texts.extend(shown.blanks.iter_mut().flatten());
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for text in texts {
        for own in text.media_ids() {
            let next = format!("m{}", names.len() + 1);
            names.entry(own).or_insert(next);
        }
        text.rename_media(&names);
    }
    names.into_iter().map(|(own, name)| (name, own)).collect()
}

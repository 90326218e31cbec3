//! What GIFT and Moodle XML have no place for, written where other programs look past it (a comment,
//! an element of our own), so that a paper comes back as it went.

use serde::{Deserialize, Serialize};

use crate::model::{Entry, Exact, Level, Paper, Question, QuestionType};

/// Longest note looked at, in bytes.
const LONGEST: usize = 20_000;

/// What the format itself cannot say of a question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Extras {
    /// The question's kind where it is written as another.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<QuestionType>,
    /// What it is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Exact>,
    /// How hard it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// How hard each statement is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Option<Level>>,
    /// BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Code of a requirement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// Whether options are shuffled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<bool>,
    /// Whether case counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_sensitive: Option<bool>,
    /// Options that stay in their places, from 0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pinned: Vec<usize>,
    /// Its passage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passage: Option<String>,
    /// This is no question but the passage of this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_passage: Option<String>,
    /// Shares of the points of the gaps, where they are no whole numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Option<Exact>>,
    /// Answers as the teacher wrote them, where the format wants numbers written another way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<String>,
}

impl Extras {
    /// What neither GIFT nor Moodle XML can hold.
    pub fn of(question: &Question) -> Self {
        let pinned = question.options.iter().enumerate().filter(|(_, option)| option.pinned).map(|(at, _)| at).collect();
        let levels: Vec<_> = question.statements.iter().map(|statement| statement.level).collect();
        Self {
            level: question.level,
            levels: if levels.iter().any(Option::is_some) { levels } else { Vec::new() },
            language: question.language.clone(),
            source: question.source.clone(),
            requirement: question.requirement.clone(),
            pinned,
            passage: question.passage.clone(),
            ..Self::default()
        }
    }

    /// Tells once a file that other programs will not see what only our notes say.
    pub fn tell(&self, report: &mut Vec<Entry>) {
        let structure = Self { kind: self.kind, passage: self.passage.clone(), shares: self.shares.clone(), ..Self::default() };
        if *self != structure && !report.iter().any(|entry| entry.code == "own-notes") {
            report.push(Entry::info(
                "own-notes",
                "Một số thông tin (mức độ, nguồn, ngôn ngữ, điểm…) được ghi trong phần chú thích: Lớp Mở đọc lại được, chương trình khác bỏ qua.",
            ));
        }
    }

    /// From a note, where it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() <= LONGEST).then(|| serde_json::from_str(text).ok()).flatten()
    }

    /// As a note in one line; `None` where there is nothing to say.
    pub fn to_note(&self) -> Option<String> {
        if *self == Self::default() { None } else { serde_json::to_string(self).ok() }
    }

    /// Gives a question back what the format could not hold.
    pub fn restore(self, question: &mut Question) {
        if let Some(kind) = self.kind {
            become_kind(question, kind);
        }
        question.points = self.points.or(question.points);
        question.level = self.level.or(question.level);
        question.shuffle = self.shuffle.or(question.shuffle);
        question.case_sensitive = self.case_sensitive.or(question.case_sensitive);
        question.language = self.language;
        question.source = self.source;
        question.requirement = self.requirement;
        question.passage = self.passage;
        for at in self.pinned {
            if let Some(option) = question.options.get_mut(at) {
                option.pinned = true;
            }
        }
        for (statement, level) in question.statements.iter_mut().zip(self.levels) {
            statement.level = level;
        }
        for (answer, text) in question.answers.iter_mut().zip(self.written) {
            if super::numbers::exact(&text) == super::numbers::exact(&answer.text) {
                answer.text = text;
            }
        }
        for (blank, points) in question.blanks.iter_mut().zip(self.shares) {
            blank.points = points;
        }
    }
}

/// A question written as another kind becomes what it was. Only what the writers do is undone: a note
/// cannot make a question into something its content is not.
fn become_kind(question: &mut Question, kind: QuestionType) {
    match (question.kind, kind) {
        (QuestionType::Matching, QuestionType::TrueFalse) => {
            question.statements = super::statements::from_pairs(std::mem::take(&mut question.pairs));
            question.kind = kind;
        }
        // Written as an essay because the key is not known.
        (QuestionType::Essay, QuestionType::TrueFalse) => {
            question.statements = vec![super::statements::lone(None)];
            question.kind = kind;
        }
        (
            QuestionType::Essay,
            QuestionType::ShortAnswer
            | QuestionType::Numeric
            | QuestionType::Matching
            | QuestionType::SingleChoice
            | QuestionType::MultipleChoice,
        )
        | (QuestionType::MultipleChoice, QuestionType::SingleChoice)
        | (QuestionType::SingleChoice, QuestionType::MultipleChoice)
        | (QuestionType::Numeric, QuestionType::ShortAnswer) => question.kind = kind,
        _ => {}
    }
}

/// Ids a paper's questions name and its passages do not have are of no use.
pub(crate) fn drop_unknown_passages(paper: &mut Paper) {
    for question in &mut paper.questions {
        if question.passage.as_ref().is_some_and(|id| !paper.passages.iter().any(|passage| passage.id == *id)) {
            question.passage = None;
        }
    }
}

/// Teachers write the level among the tags; there it stays, too.
pub(crate) fn level_of_tags(question: &mut Question) {
    let found =
        question.tags.iter().find_map(|tag| [Level::Nb, Level::Th, Level::Vd, Level::Vdc].into_iter().find(|level| level.word() == tag));
    question.level = question.level.or(found);
}

/// Whether Moodle takes it for the weight of a gap.
pub(crate) fn is_whole(points: Exact) -> bool {
    points.is_integer() && points >= Exact::ZERO && points < Exact::ONE_THOUSAND
}

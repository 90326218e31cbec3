use content::curriculum::Curriculum;
use exchange::library_lines::canonical_language;
use identity::fault::{Fault, Faults, optional_line};
use papers::model::Question;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a question stands in the curriculum, and where it is from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct QuestionMeta {
    /// Subject code of the curriculum.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// Strand code of the curriculum.
    pub strand: Option<String>,
    /// Requirement code of the curriculum.
    pub requirement: Option<String>,
    /// BCP 47; Vietnamese where nothing is said.
    pub language: Option<String>,
    /// Where it was taken from.
    pub source: Option<String>,
}

/// Its columns.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct MetaColumns {
    subject: Option<String>,
    grade: Option<i64>,
    strand: Option<String>,
    requirement: Option<String>,
    language: String,
    source: Option<String>,
}

impl From<MetaColumns> for QuestionMeta {
    fn from(row: MetaColumns) -> Self {
        Self {
            subject: row.subject,
            grade: row.grade.and_then(|grade| u8::try_from(grade).ok()),
            strand: row.strand,
            requirement: row.requirement,
            language: Some(row.language),
            source: row.source,
        }
    }
}

impl QuestionMeta {
    /// What a question from a file says of itself, over what its paper says.
    #[must_use]
    pub fn of(question: &Question, paper: &Self) -> Self {
        Self {
            requirement: question.requirement.clone().or_else(|| paper.requirement.clone()),
            language: question.language.clone().or_else(|| paper.language.clone()),
            source: question.source.clone().or_else(|| paper.source.clone()),
            ..paper.clone()
        }
    }

    /// The same, tidied: one line each, within limits, codes that exist.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(&self, curriculum: &Curriculum) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let subject = faults.take("meta.subject", optional_line(self.subject.as_deref(), 60));
        let strand = faults.take("meta.strand", optional_line(self.strand.as_deref(), 100));
        let requirement = faults.take("meta.requirement", optional_line(self.requirement.as_deref(), 100));
        let source = faults.take("meta.source", optional_line(self.source.as_deref(), 300));
        if subject.as_deref().is_some_and(|code| curriculum.lookup_subject(code).is_none()) {
            faults.add("meta.subject", "unknown-subject");
        }
        if self.grade.is_some_and(|grade| !(1..=12).contains(&grade)) {
            faults.add("meta.grade", "bad-grade");
        }
        let language = self.language.as_deref().unwrap_or("vi");
        let language = faults.take("meta.language", canonical_language(language).ok_or("bad-language"));
        faults.check()?;
        Ok(Self { subject, grade: self.grade, strand, requirement, language: Some(language), source })
    }
}

//! Subjects, strands and requirements, read from `content/curriculum` and built into the program.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const SUBJECTS: &str = include_str!("../../../content/curriculum/subjects.json");

/// The curriculum a lesson is placed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Curriculum {
    /// Every subject, in the order to show them.
    pub subjects: Vec<Subject>,
}

/// A subject.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Subject {
    /// Stable code, such as `toan`.
    pub code: String,
    /// Its name.
    pub name: BothLanguages,
    /// Grades it is taught in.
    pub grades: Vec<u8>,
    /// Its parts.
    pub strands: Vec<Strand>,
}

/// A name in both languages.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BothLanguages {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// A part of a subject.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Strand {
    /// Stable code, such as `toan-so-dai-so`.
    pub code: String,
    /// Its name.
    pub name: BothLanguages,
    /// Grades it is taught in.
    pub grades: Vec<u8>,
    /// What pupils should be able to do.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
}

/// What pupils should be able to do, in our own short words.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Requirement {
    /// Stable code.
    pub code: String,
    /// The grade.
    pub grade: u8,
    /// The words.
    pub text: RequirementText,
}

/// The words of a requirement.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RequirementText {
    /// Vietnamese.
    pub vi: String,
    /// English, where somebody has translated it.
    #[serde(default)]
    pub en: Option<String>,
}

/// The curriculum built into this program is not what the program expects.
#[derive(Debug, thiserror::Error)]
#[error("the curriculum built in: {0}")]
pub struct CurriculumError(#[from] serde_json::Error);

impl Curriculum {
    /// Reads what is built in.
    ///
    /// # Errors
    /// [`CurriculumError`]; a test holds that there is none.
    pub fn embedded() -> Result<Self, CurriculumError> {
        Ok(Self { subjects: serde_json::from_str(SUBJECTS)? })
    }

    /// The same without what lies below the subjects: a tenth of it, for pages that only name them.
    #[must_use]
    pub fn names(&self) -> Self {
        Self { subjects: self.subjects.iter().map(|subject| Subject { strands: Vec::new(), ..subject.clone() }).collect() }
    }

    /// A subject by its code.
    pub fn lookup_subject(&self, code: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.code == code)
    }
}

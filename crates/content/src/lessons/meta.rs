use exchange::library_lines::{MAX_TITLE, canonical_language, canonical_licence};
use identity::fault::{Fault, Faults, optional_line};
use kernel::{AssetId, Licence};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::curriculum::Curriculum;

/// What is said about a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LessonMeta {
    /// Its title; may be empty until it is published.
    pub title: String,
    /// What it is about.
    #[serde(default)]
    pub summary: Option<String>,
    /// Subject code of the curriculum.
    #[serde(default)]
    pub subject: Option<String>,
    /// 1 to 12.
    #[serde(default)]
    pub grade: Option<u8>,
    /// Strand code of the curriculum.
    #[serde(default)]
    pub strand: Option<String>,
    /// Requirement code of the curriculum.
    #[serde(default)]
    pub requirement: Option<String>,
    /// BCP 47.
    #[serde(default = "vietnamese")]
    pub language: String,
    /// SPDX identifier.
    #[serde(default = "attribution")]
    #[schema(value_type = Licence)]
    pub licence: String,
    /// Names.
    #[serde(default)]
    pub authors: Vec<String>,
    /// A picture for its card.
    #[serde(default)]
    pub cover_asset_id: Option<AssetId>,
    /// Free words.
    #[serde(default)]
    pub tags: Vec<String>,
}

fn vietnamese() -> String {
    "vi".to_owned()
}

fn attribution() -> String {
    Licence::CcBy.spdx().to_owned()
}

impl LessonMeta {
    /// A new lesson's: Vietnamese, CC BY, by one author.
    pub fn new(title: &str, author: Option<String>) -> Self {
        Self {
            title: title.to_owned(),
            summary: None,
            subject: None,
            grade: None,
            strand: None,
            requirement: None,
            language: vietnamese(),
            licence: attribution(),
            authors: author.into_iter().collect(),
            cover_asset_id: None,
            tags: Vec::new(),
        }
    }

    /// The same, tidied: NFC, one line, within limits, codes that exist.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(&self, curriculum: &Curriculum) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let mut line = |field, text: Option<&str>, longest| faults.take(field, optional_line(text, longest));
        let title = line("meta.title", Some(&self.title), MAX_TITLE).unwrap_or_default();
        let summary = line("meta.summary", self.summary.as_deref().map(|text| text.replace(['\n', '\r', '\t'], " ")).as_deref(), 2_000);
        let strand = line("meta.strand", self.strand.as_deref(), 100);
        let requirement = line("meta.requirement", self.requirement.as_deref(), 100);
        let subject = line("meta.subject", self.subject.as_deref(), 60);
        let authors = self.lines(&mut faults, "meta.authors", &self.authors, (20, 200));
        let tags = self.lines(&mut faults, "meta.tags", &self.tags, (50, 100));
        if subject.as_deref().is_some_and(|code| curriculum.lookup_subject(code).is_none()) {
            faults.add("meta.subject", "unknown-subject");
        }
        if self.grade.is_some_and(|grade| !(1..=12).contains(&grade)) {
            faults.add("meta.grade", "bad-grade");
        }
        let language = canonical_language(&self.language).ok_or("bad-language");
        let language = faults.take("meta.language", language);
        let licence = if self.licence == Licence::SchoolOnly.spdx() {
            Some(self.licence.clone())
        } else {
            canonical_licence(&self.licence).map(str::to_owned)
        };
        let licence = faults.take("meta.licence", licence.ok_or("bad-licence"));
        faults.check()?;
        let (grade, cover_asset_id) = (self.grade, self.cover_asset_id);
        Ok(Self { title, summary, subject, grade, strand, requirement, language, licence, authors, cover_asset_id, tags })
    }

    fn lines(&self, faults: &mut Faults, field: &'static str, list: &[String], (most, longest): (usize, usize)) -> Vec<String> {
        if list.len() > most {
            faults.add(field, "too-many");
            return Vec::new();
        }
        let mut out: Vec<String> = Vec::new();
        for text in list {
            let text = faults.take(field, optional_line(Some(text), longest));
            out.extend(text.filter(|text| !out.contains(text)));
        }
        out
    }
}

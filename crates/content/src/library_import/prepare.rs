//! A line as it will be stored: made in the thread that reads, so that the one that writes only writes.

use exchange::library_lines::{LineProblem, LineProblemCode, NumberedItem};
use exchange::vietnamese::text_sort_key;
use kernel::{LessonId, Licence};

use crate::curriculum::Curriculum;
use crate::doc::{self, Block, Doc, Inline};
use crate::lessons::LessonMeta;

/// A text shorter than this can have neither too many paragraphs nor too many letters.
const SURELY_FITS: usize = 40_000;

/// An item ready to be written.
pub(super) struct Prepared {
    pub external_id: String,
    pub meta: LessonMeta,
    pub meta_json: String,
    pub title_key: String,
    pub doc: String,
    pub plain_text: String,
}

/// One that has got its lesson.
pub(super) struct New<'a> {
    pub id: LessonId,
    pub item: &'a Prepared,
}

impl Prepared {
    /// What the editor would refuse to save is refused here: a lesson must not be published that
    /// nobody can correct afterwards.
    pub fn of(numbered: &NumberedItem, curriculum: &Curriculum) -> Result<Self, LineProblem> {
        let item = &numbered.item;
        let problem = |code, field: &str, message| LineProblem { line: numbered.line, code, field: Some(field.to_owned()), message };
        if let Some(subject) = item.subject.as_deref().filter(|subject| curriculum.lookup_subject(subject).is_none()) {
            let message = format!("the curriculum has no subject {subject:?}");
            return Err(problem(LineProblemCode::UnknownSubject, "subject", message));
        }
        let mut meta = LessonMeta::new(&item.title, None);
        meta.subject.clone_from(&item.subject);
        meta.grade = item.grade;
        meta.language.clone_from(&item.language);
        // Where nothing is said about sharing, nothing is allowed.
        meta.licence = item.licence.clone().unwrap_or_else(|| Licence::SchoolOnly.spdx().to_owned());
        meta.tags.clone_from(&item.tags);
        let meta = meta.check(curriculum).map_err(|faults| {
            let field = faults.first().map_or("", |fault| fault.field.trim_start_matches("meta."));
            let code = faults.first().map_or("", |fault| fault.code);
            problem(LineProblemCode::BadField, field, format!("{field} cannot be stored: {code}"))
        })?;

        let paragraph = |line: &str| Block::Paragraph(vec![Inline::Text(line.to_owned(), Vec::new())]);
        let mut blocks: Vec<Block> = item.text.lines().map(str::trim).filter(|line| !line.is_empty()).map(paragraph).collect();
        if blocks.is_empty() {
            blocks.push(Block::Paragraph(Vec::new()));
        }
        let document = Doc { blocks };
        let json = document.to_json();
        if item.text.len() > SURELY_FITS && doc::read(&json).is_err() {
            return Err(problem(LineProblemCode::BadField, "text", "text is longer than a lesson may be".to_owned()));
        }
        Ok(Self {
            external_id: item.external_id.clone(),
            meta_json: serde_json::to_string(&meta).unwrap_or_default(),
            title_key: text_sort_key(&meta.title),
            meta,
            doc: json.to_string(),
            plain_text: document.plain_text(),
        })
    }
}

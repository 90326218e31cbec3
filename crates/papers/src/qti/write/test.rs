//! The test that keeps the order and the folders, and the passages' files.

use std::fmt::Write as _;

use super::markup::{Markup, escape};
use super::{Writing, item_id, item_path};
use crate::model::{Address, Paper, Passage};
use crate::qti::TOOL;

/// One section for each run of questions of a category; sections in sections for its parts.
pub(super) fn test(paper: &Paper) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<qti-assessment-test xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\" identifier=\"test\" title=\"{TOOL}\" tool-name=\"{TOOL}\"><qti-test-part identifier=\"part1\" navigation-mode=\"nonlinear\" submission-mode=\"simultaneous\">"
    );
    let mut sections = 0_usize;
    let mut open = 0_usize;
    let mut before: Option<Vec<&str>> = None;
    for (at, question) in paper.questions.iter().enumerate() {
        let parts: Vec<&str> =
            question.category.iter().flat_map(|category| category.split('/')).map(str::trim).filter(|part| !part.is_empty()).collect();
        if before.as_ref() != Some(&parts) {
            out.push_str(&"</qti-assessment-section>".repeat(open));
            let titles: &[&str] = if parts.is_empty() { &[""] } else { &parts };
            for title in titles {
                sections += 1;
                let _ =
                    write!(out, "<qti-assessment-section identifier=\"section{sections}\" title=\"{}\" visible=\"true\">", escape(title));
            }
            open = titles.len();
            before = Some(parts);
        }
        let _ = write!(out, "<qti-assessment-item-ref identifier=\"{}\" href=\"{}\"/>", item_id(at), item_path(at));
    }
    out.push_str(&"</qti-assessment-section>".repeat(open));
    out.push_str("</qti-test-part></qti-assessment-test>\n");
    out
}

/// A passage's file.
pub(super) fn stimulus(passage: &Passage, writing: &mut Writing<'_>) -> String {
    let mut markup = Markup { writing, address: Address::default(), gaps: Vec::new() };
    let content = markup.blocks(&passage.content);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<qti-assessment-stimulus xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\" identifier=\"{}\" title=\"{}\" xml:lang=\"vi\" tool-name=\"{TOOL}\"><qti-stimulus-body>{content}</qti-stimulus-body></qti-assessment-stimulus>\n",
        escape(&format!("passage-{}", passage.id)),
        escape(&passage.id),
    )
}

//! The manifest: all files, and what is said about each question.

use std::fmt::Write as _;

use super::markup::escape;
use super::{TEST, Writing, has_passage, item_id, item_path, passage_path};
use crate::model::{Paper, Question};
use crate::rich::{Inline, Rich};

/// The manifest's text.
pub(super) fn manifest(paper: &Paper, writing: &Writing<'_>) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1\" xmlns:lom=\"http://ltsc.ieee.org/xsd/LOM\" identifier=\"lopmo\"><metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata><organizations/><resources>".to_owned();
    let _ = write!(out, "<resource identifier=\"test\" type=\"imsqti_test_xmlv3p0\" href=\"{TEST}\"><file href=\"{TEST}\"/>");
    for at in 0..paper.questions.len() {
        let _ = write!(out, "<dependency identifierref=\"{}\"/>", item_id(at));
    }
    out.push_str("</resource>");
    for (at, question) in paper.questions.iter().enumerate() {
        let path = item_path(at);
        let _ = write!(
            out,
            "<resource identifier=\"{}\" type=\"imsqti_item_xmlv3p0\" href=\"{path}\">{}<file href=\"{path}\"/>",
            item_id(at),
            lom(question)
        );
        for media in media_of(question, writing) {
            let _ = write!(out, "<file href=\"{}\"/>", escape(&media));
        }
        if let Some(id) = question.passage.as_ref().filter(|_| has_passage(paper, question)) {
            let _ = write!(out, "<dependency identifierref=\"{}\"/>", passage_name(&passage_path(paper, id)));
        }
        out.push_str("</resource>");
    }
    for passage in &paper.passages {
        let path = passage_path(paper, &passage.id);
        let _ = write!(
            out,
            "<resource identifier=\"{}\" type=\"imsqti_stimulus_xmlv3p0\" href=\"{path}\"><file href=\"{path}\"/>",
            passage_name(&path)
        );
        let mut files = Vec::new();
        gather(&passage.content, writing, &mut files);
        for media in files {
            let _ = write!(out, "<file href=\"{}\"/>", escape(&media));
        }
        out.push_str("</resource>");
    }
    out.push_str("</resources></manifest>\n");
    out
}

fn passage_name(path: &str) -> &str {
    path.trim_start_matches("passages/").trim_end_matches(".xml")
}

/// Tags, level, requirement and source, as learning object metadata.
fn lom(question: &Question) -> String {
    let mut out = String::new();
    if !question.tags.is_empty() {
        out.push_str("<lom:general>");
        for tag in &question.tags {
            let _ = write!(out, "<lom:keyword><lom:string>{}</lom:string></lom:keyword>", escape(tag));
        }
        out.push_str("</lom:general>");
    }
    if let Some(level) = question.level {
        let _ = write!(
            out,
            "<lom:educational><lom:difficulty><lom:source>LopMo</lom:source><lom:value>{}</lom:value></lom:difficulty></lom:educational>",
            level.word()
        );
    }
    if let Some(source) = &question.source {
        let _ = write!(
            out,
            "<lom:relation><lom:kind><lom:source>LOMv1.0</lom:source><lom:value>isbasedon</lom:value></lom:kind><lom:resource><lom:description><lom:string>{}</lom:string></lom:description></lom:resource></lom:relation>",
            escape(source)
        );
    }
    if let Some(requirement) = &question.requirement {
        let _ = write!(
            out,
            "<lom:classification><lom:purpose><lom:source>LOMv1.0</lom:source><lom:value>educational objective</lom:value></lom:purpose><lom:taxonPath><lom:taxon><lom:id>{}</lom:id></lom:taxon></lom:taxonPath></lom:classification>",
            escape(requirement)
        );
    }
    if out.is_empty() { out } else { format!("<metadata><lom:lom>{out}</lom:lom></metadata>") }
}

/// Files that a question shows, in order, each once.
fn media_of(question: &Question, writing: &Writing<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let pairs = question.pairs.iter().flat_map(|pair| [&pair.left, &pair.right]);
    let blanks = question.blanks.iter().flat_map(|blank| &blank.options).map(|option| &option.content);
    let texts = std::iter::once(&question.stem)
        .chain(question.options.iter().map(|option| &option.content))
        .chain(question.options.iter().filter_map(|option| option.feedback.as_ref()))
        .chain(question.statements.iter().map(|statement| &statement.content))
        .chain(pairs)
        .chain(&question.items)
        .chain(blanks)
        .chain(&question.explanation)
        .chain(&question.hints)
        .chain(question.feedback.values())
        .chain(&question.rubric);
    texts.for_each(|text| gather(text, writing, &mut out));
    out
}

fn gather(rich: &Rich, writing: &Writing<'_>, out: &mut Vec<String>) {
    rich.each_inline(&mut |inline| {
        if let Inline::Media { id, .. } = inline
            && let Some(path) = writing.media.get(id.as_str())
            && !out.contains(path)
        {
            out.push(path.clone());
        }
    });
}

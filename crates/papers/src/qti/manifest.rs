//! The manifest: which files are items and tests, and what is said about each.

use crate::model::{Level, Question};
use crate::package::{folder_of, resolve};
use crate::xml::Element;

/// What a manifest says about an item.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    pub(super) level: Option<Level>,
    pub(super) tags: Vec<String>,
    pub(super) requirement: Option<String>,
    pub(super) source: Option<String>,
}

/// A file named in a manifest.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) path: String,
    pub(super) described: Described,
}

/// Items and tests in the order of the manifest.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) items: Vec<Resource>,
    pub(super) tests: Vec<Resource>,
    /// Whether it names files of QTI 1.
    pub(super) has_old: bool,
}

/// Reads a manifest with plain names.
pub(super) fn contents(manifest: &Element, path: &str) -> Contents {
    let folder = folder_of(path);
    let mut out = Contents::default();
    for resource in manifest.first("resources").into_iter().flat_map(|resources| resources.all("resource")) {
        let kind = resource.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let href = resource.attribute("href").or_else(|| resource.first("file").and_then(|file| file.attribute("href")));
        let Some(path) = href.and_then(|href| resolve(folder, href)) else { continue };
        let found = Resource { path, described: described(resource) };
        if kind.contains("xmlv1p") {
            out.has_old |= kind.contains("qti");
        } else if kind.contains("qti") && kind.contains("item") {
            out.items.push(found);
        } else if kind.contains("qti") && (kind.contains("_test") || kind.contains("_assessment")) {
            out.tests.push(found);
        }
    }
    out
}

fn described(resource: &Element) -> Described {
    let Some(lom) = resource.first("metadata").and_then(|metadata| metadata.find("lom")) else { return Described::default() };
    let words = |element: &Element| element.text().trim().to_owned();
    let classes = lom.all("classification").find_map(|class| class.find("taxon")?.first("id").map(words));
    let tags = lom.first("general").into_iter().flat_map(|general| general.all("keyword")).flat_map(|keyword| keyword.elements());
    Described {
        level: lom.find("difficulty").and_then(|difficulty| difficulty.first("value")).and_then(|value| Level::parse(&value.text())),
        tags: tags.map(words).filter(|tag| !tag.is_empty()).collect(),
        requirement: classes.filter(|code| !code.is_empty()),
        source: lom.first("relation").and_then(|relation| relation.find("description")).map(words).filter(|source| !source.is_empty()),
    }
}

impl Described {
    /// Puts what was said on a question.
    pub(super) fn put_on(&self, question: &mut Question) {
        question.level = question.level.or(self.level);
        question.tags.extend(self.tags.iter().cloned());
        question.requirement.clone_from(&self.requirement);
        question.source.clone_from(&self.source);
    }
}

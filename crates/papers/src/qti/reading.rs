//! What is gathered while a package is read.

use std::collections::HashMap;

use super::body;
use super::manifest::Described;
use crate::model::{Address, Entry, Exact, Paper, Passage};
use crate::package::{Package, folder_of, tell_lost};
use crate::rich::{HtmlContext, Rich, Tex, from_html};
use crate::xml::Element;

/// The package being read and the paper made of it.
pub(super) struct Reading<'p, 'a> {
    pub(super) package: &'p mut Package<'a>,
    pub(super) paper: Paper,
    /// Ids of passages by the paths of their files.
    passages: HashMap<String, Option<String>>,
}

/// Where an item stands, and what was said of it outside.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) address: Address,
    pub(super) category: Option<String>,
    pub(super) weight: Option<Exact>,
    /// Of the section's rubric.
    pub(super) passage: Option<String>,
    pub(super) described: Described,
}

/// Who wrote a file: in our own, a dollar is a dollar.
pub(super) fn letters_of(root: &Element) -> Tex {
    if root.attribute("toolname") == Some(super::TOOL) { Tex::Elements } else { Tex::InLetters }
}

impl<'p, 'a> Reading<'p, 'a> {
    pub(super) fn new(package: &'p mut Package<'a>) -> Self {
        Self { package, paper: Paper::default(), passages: HashMap::new() }
    }

    /// Rich text of HTML made from a file at a path.
    pub(super) fn rich(&mut self, html: &str, tex: Tex, place: &Place) -> Rich {
        let (package, paper) = (&mut *self.package, &mut self.paper);
        let folder = folder_of(&place.path);
        let mut context = HtmlContext::foreign(tex, |address, kind| package.media(folder, address, kind, paper));
        let rich = from_html(html, &mut context);
        let lost = std::mem::take(&mut context.lost);
        drop(context);
        tell_lost(lost, place.address, &mut self.paper);
        rich
    }

    /// What stands inside an element.
    pub(super) fn inside(&mut self, element: &Element, tex: Tex, place: &Place) -> Rich {
        self.rich(&body::html(element), tex, place)
    }

    /// A new passage's id.
    pub(super) fn passage(&mut self, content: Rich) -> Option<String> {
        if content.is_empty() {
            return None;
        }
        if let Some(same) = self.paper.passages.iter().rev().take(200).find(|passage| passage.content == content) {
            return Some(same.id.clone());
        }
        let id = format!("p{}", self.paper.passages.len() + 1);
        self.paper.passages.push(Passage { id: id.clone(), content });
        Some(id)
    }

    /// The passage in a file of its own.
    pub(super) fn stimulus(&mut self, path: &str, address: Address) -> Option<String> {
        if let Some(known) = self.passages.get(path) {
            return known.clone();
        }
        let place = Place { path: path.to_owned(), address, ..Place::default() };
        let found = self.package.xml(path).ok().flatten().map(super::names::plain);
        let id = match found {
            Some(root) => {
                let tex = letters_of(&root);
                let content = match root.first("stimulusbody") {
                    Some(stimulus) => self.inside(stimulus, tex, &place),
                    None => self.inside(root.find("body").unwrap_or(&root), tex, &place),
                };
                self.passage(content)
            }
            None => {
                self.paper.note(
                    Entry::warning(
                        "passage-missing",
                        format!("Không tìm thấy ngữ liệu chung “{path}” của câu hỏi trong gói. Hãy thêm lại."),
                    )
                    .with("name", path)
                    .at(address),
                );
                None
            }
        };
        self.passages.insert(path.to_owned(), id.clone());
        id
    }
}

//! A `questestinterop` document: assessments and banks, sections in sections, items.

use std::collections::HashMap;

use super::item;
use crate::model::{Address, Entry, Exact, Paper};
use crate::package::{Package, exact, folder_of, tell_lost};
use crate::rich::{HtmlContext, Rich, Tex, from_html};
use crate::xml::Element;

/// How Canvas writes the folder of a course's files.
const FILE_BASE: &str = "$IMS-CC-FILEBASE$";
/// Where those files lie in the cartridge.
const FILES: &str = "web_resources";

/// What is gathered while documents are read.
pub(super) struct Gathering<'p, 'a, 'd> {
    package: &'p mut Package<'a>,
    pub(super) paper: Paper,
    folder: String,
    number: u32,
    /// Items by their identifiers, to know one that comes again.
    seen: HashMap<&'d str, Vec<&'d Element>>,
}

/// What an item's surroundings say.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    pub(super) address: Address,
    pub(super) category: Option<String>,
    pub(super) points: Option<Exact>,
}

impl<'p, 'a, 'd> Gathering<'p, 'a, 'd> {
    pub(super) fn new(package: &'p mut Package<'a>) -> Self {
        Self { package, paper: Paper::default(), folder: String::new(), number: 0, seen: HashMap::new() }
    }

    /// Reads all questions of a document.
    pub(super) fn document(&mut self, root: &'d Element, path: &str) {
        folder_of(path).clone_into(&mut self.folder);
        for inner in root.elements() {
            let title = match inner.name.as_str() {
                "assessment" => inner.attribute("title").map(str::to_owned),
                "objectbank" => field(inner, "bank_title").or_else(|| inner.attribute("title").map(str::to_owned)),
                _ => None,
            };
            if inner.name == "item" {
                self.item(inner, &[], None);
            } else {
                let titles: Vec<String> = title.into_iter().filter(|title| !title.trim().is_empty()).collect();
                self.section(inner, &titles, None);
            }
        }
        if let Some(item) = Some(root).filter(|root| root.name == "item") {
            self.item(item, &[], None);
        }
    }

    fn section(&mut self, section: &'d Element, titles: &[String], points: Option<Exact>) {
        for inner in section.elements() {
            match inner.name.as_str() {
                "section" => {
                    let mut titles = titles.to_vec();
                    titles.extend(inner.attribute("title").filter(|title| !title.trim().is_empty()).map(str::to_owned));
                    let each = inner.find("points_per_item").and_then(|points| exact(&points.text())).or(points);
                    self.section(inner, &titles, each);
                }
                "item" => self.item(inner, titles, points),
                _ => {}
            }
        }
    }

    fn item(&mut self, item: &'d Element, titles: &[String], points: Option<Exact>) {
        let ident = item.attribute("ident").unwrap_or_default();
        let known = self.seen.entry(ident).or_default();
        if !ident.is_empty() && known.contains(&item) {
            return;
        }
        if known.len() < 8 {
            known.push(item);
        }
        self.number = self.number.saturating_add(1);
        let around = Around {
            address: Address { number: Some(self.number), ..Address::default() },
            category: (!titles.is_empty()).then(|| titles.join("/")),
            points,
        };
        item::read(item, &around, self);
    }

    /// Rich text of the HTML in a material.
    pub(super) fn rich(&mut self, html: &str, address: Address) -> Rich {
        let (package, paper, folder) = (&mut *self.package, &mut self.paper, self.folder.as_str());
        let mut context = HtmlContext::foreign(Tex::InLetters, |link, kind| match link.strip_prefix(FILE_BASE) {
            Some(rest) => {
                let inside = rest.trim_start_matches('/');
                package.media(FILES, inside, kind, paper).or_else(|| package.media("", inside, kind, paper))
            }
            None => package.media(folder, link, kind, paper).or_else(|| package.media("", link, kind, paper)),
        });
        let rich = from_html(html, &mut context);
        let lost = std::mem::take(&mut context.lost);
        drop(context);
        tell_lost(lost, address, &mut self.paper);
        rich
    }

    /// Tells a doubt.
    pub(super) fn note(&mut self, entry: Entry) {
        self.paper.note(entry);
    }
}

/// A field of an element's metadata by its label.
pub(super) fn field(element: &Element, label: &str) -> Option<String> {
    let holder = element.first("itemmetadata").unwrap_or(element);
    let fields = holder.all("qtimetadata").flat_map(|metadata| metadata.all("qtimetadatafield"));
    fields
        .filter(|field| field.first("fieldlabel").is_some_and(|own| own.text().trim().eq_ignore_ascii_case(label)))
        .find_map(|field| field.first("fieldentry"))
        .map(|entry| entry.text().trim().to_owned())
        .filter(|entry| !entry.is_empty())
}

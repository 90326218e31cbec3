//! Pictures of a workbook: each lies over the sheet, anchored to the cell its corner is in.

use std::collections::{HashMap, HashSet};

use crate::model::Paper;
use crate::package::{Package, folder_of, resolve};
use crate::rich::{Block, Inline, MediaKind, Rich};
use crate::xml::Element;

/// Most pictures looked at.
const MOST: usize = 5000;

/// A picture over a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    /// Row of the cell it begins in, from 1.
    pub(super) row: u32,
    /// Its column, from 0.
    pub(super) column: usize,
    /// Its id in the paper.
    pub(super) id: String,
}

/// Pictures by the names of their sheets, taken into the paper.
#[derive(Debug, Default)]
pub(super) struct Figures {
    of_sheet: HashMap<String, Vec<Figure>>,
}

impl Figures {
    /// Those over a sheet, in the order of its rows.
    pub(super) fn over(&self, sheet: &str) -> &[Figure] {
        self.of_sheet.get(sheet).map(Vec::as_slice).unwrap_or_default()
    }

    /// Those over a sheet from one row on to before another.
    pub(super) fn between(&self, sheet: &str, from: u32, to: u32) -> Vec<Figure> {
        let all = self.over(sheet);
        let place = |row: u32| all.partition_point(|figure| figure.row < row);
        all.get(place(from)..place(to)).unwrap_or_default().to_vec()
    }
}

/// Finds the pictures of a workbook; how many of its files of pictures none of them shows comes with
/// them. What is broken gives none.
pub(super) fn read(bytes: &[u8], paper: &mut Paper) -> (Figures, usize) {
    let mut figures = Figures::default();
    let Ok(mut package) = Package::open(bytes) else { return (figures, 0) };
    let all: HashSet<String> =
        package.paths().into_iter().map(|path| path.to_lowercase()).filter(|path| path.starts_with("xl/media/")).collect();
    if all.is_empty() {
        return (figures, 0);
    }
    let mut shown: HashSet<String> = HashSet::new();
    let mut count = 0;
    for (name, sheet) in sheets(&mut package) {
        for drawing in relations(&mut package, &sheet).into_values().filter(|(kind, _)| kind == "drawing").map(|(_, path)| path) {
            let Ok(Some(root)) = package.xml(&drawing) else { continue };
            let media = relations(&mut package, &drawing);
            for anchor in root.elements() {
                let Some(from) = anchor.first("from") else { continue };
                let place = |name: &str| from.first(name).and_then(|own| own.text().trim().parse::<u32>().ok());
                let (Some(row), Some(column)) = (place("row"), place("col")) else { continue };
                for blip in blips(anchor) {
                    count += 1;
                    let Some((_, path)) = media.get(&blip).filter(|_| count <= MOST) else { continue };
                    let Some(id) = package.media("", path, MediaKind::Picture, paper) else { continue };
                    shown.insert(path.to_lowercase());
                    let column = usize::try_from(column).unwrap_or_default();
                    figures.of_sheet.entry(name.clone()).or_default().push(Figure { row: row.saturating_add(1), column, id });
                }
            }
        }
    }
    for own in figures.of_sheet.values_mut() {
        own.sort_by_key(|figure| (figure.row, figure.column));
    }
    (figures, all.difference(&shown).count())
}

/// Names of sheets and the parts they are in.
fn sheets(package: &mut Package<'_>) -> Vec<(String, String)> {
    let book = "xl/workbook.xml";
    let Ok(Some(root)) = package.xml(book) else { return Vec::new() };
    let relations = relations(package, book);
    let Some(list) = root.first("sheets") else { return Vec::new() };
    list.all("sheet")
        .take(100)
        .filter_map(|sheet| Some((sheet.attribute("name")?.to_owned(), relations.get(sheet.attribute("id")?)?.1.clone())))
        .collect()
}

/// The relationships of a part: what kind, and the path they lead to, by their id.
fn relations(package: &mut Package<'_>, part: &str) -> HashMap<String, (String, String)> {
    let folder = folder_of(part).to_owned();
    let file = part.rsplit('/').next().unwrap_or_default();
    let Ok(Some(root)) = package.xml(&format!("{folder}/_rels/{file}.rels")) else { return HashMap::new() };
    root.all("Relationship")
        .filter(|own| own.attribute("TargetMode") != Some("External"))
        .filter_map(|own| {
            let kind = own.attribute("Type")?.rsplit('/').next()?.to_owned();
            Some((own.attribute("Id")?.to_owned(), (kind, resolve(&folder, own.attribute("Target")?)?)))
        })
        .collect()
}

/// The pictures an anchor holds, groups included, by relationship.
fn blips(anchor: &Element) -> Vec<String> {
    let mut out = Vec::new();
    let mut open: Vec<&Element> = anchor.elements().collect();
    while let Some(element) = open.pop() {
        if element.name == "blip" {
            out.extend(element.attribute("embed").map(str::to_owned));
        }
        // Of two alternatives the second is a picture of the first.
        open.extend(element.elements().rev().filter(|inside| inside.name != "Fallback"));
    }
    out
}

/// Puts a picture behind a text.
pub(super) fn put(content: &mut Rich, id: &str) {
    let picture = Inline::Media { id: id.to_owned(), kind: MediaKind::Picture, alt: String::new(), width: None };
    content.blocks.push(Block::Paragraph(vec![picture]));
}

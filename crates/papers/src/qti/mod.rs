//! QTI 2.1, 2.2 and 3.0 (1EdTech): packages with a manifest, and items that come alone. The writer
//! makes QTI 3 packages.

mod body;
mod choices;
mod declaration;
mod feedback;
mod gaps;
mod item;
mod manifest;
mod names;
mod pairs;
mod processing;
mod reading;
mod test;
mod write;

pub use write::write;

use std::collections::HashSet;

use crate::error::ReadError;
use crate::model::{Entry, Paper};
use crate::package::Package;
use crate::xml::Element;
use manifest::Contents;
use names::plain;
use reading::{Place, Reading};

/// How our own files name the program that wrote them.
const TOOL: &str = "Lớp Mở";

/// Reads a package or a single item.
///
/// # Errors
/// [`ReadError`] where nothing of it can be read.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    if bytes.starts_with(b"PK") { package(bytes) } else { lone(bytes) }
}

fn lone(bytes: &[u8]) -> Result<Paper, ReadError> {
    let root = Element::parse(bytes, "XML")?;
    if root.name == "questestinterop" {
        return crate::cartridge::read(bytes);
    }
    let root = plain(root);
    let mut package = Package::lone();
    let mut reading = Reading::new(&mut package);
    if root.name == "assessmentitem" {
        item::read(&root, numbered(Place::default(), 1), &mut reading);
    }
    done(reading.paper)
}

fn package(bytes: &[u8]) -> Result<Paper, ReadError> {
    let mut package = Package::open(bytes)?;
    let paths = package.paths();
    // Some tools pack a folder with everything in it.
    let manifest = paths.iter().filter(|path| is_manifest(path)).min_by_key(|path| path.matches('/').count());
    let contents = match manifest {
        Some(path) => {
            let root = package.xml(path)?.map(plain).unwrap_or_default();
            manifest::contents(&root, path)
        }
        None => Contents::default(),
    };
    if contents.has_old && contents.items.is_empty() {
        return crate::cartridge::read(bytes);
    }
    let mut reading = Reading::new(&mut package);
    let mut places = Vec::new();
    for test in &contents.tests {
        match reading.package.xml(&test.path) {
            Ok(Some(root)) => places.extend(test::places(&plain(root), &test.path, &mut reading)),
            Ok(None) => reading.paper.note(absent(&test.path)),
            Err(error) => reading.paper.note(broken(&test.path, &error)),
        }
    }
    places.extend(contents.items.iter().map(|item| Place { path: item.path.clone(), ..Place::default() }));
    if places.is_empty() {
        // No manifest, or one that names no item: every XML file is looked at.
        let all = paths.iter().filter(|path| path.to_ascii_lowercase().ends_with(".xml") && !is_manifest(path));
        places.extend(all.map(|path| Place { path: path.clone(), ..Place::default() }));
        read_items(places, &[], Unnamed::MayBeAnything, &mut reading)?;
    } else {
        read_items(places, &contents.items, Unnamed::AreItems, &mut reading)?;
    }
    done(reading.paper)
}

/// What files are that no manifest names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unnamed {
    AreItems,
    MayBeAnything,
}

fn read_items(places: Vec<Place>, items: &[manifest::Resource], unnamed: Unnamed, reading: &mut Reading<'_, '_>) -> Result<(), ReadError> {
    let described: std::collections::HashMap<&str, &manifest::Described> =
        items.iter().map(|item| (item.path.as_str(), &item.described)).collect();
    let mut seen = HashSet::new();
    let mut number = 0;
    for mut place in places {
        if !seen.insert(place.path.clone()) {
            continue;
        }
        if let Some(described) = described.get(place.path.as_str()) {
            place.described = (*described).clone();
        }
        match reading.package.xml(&place.path) {
            Ok(Some(root)) => {
                let root = plain(root);
                if root.name == "assessmentitem" {
                    number += 1;
                    item::read(&root, numbered(place, number), reading);
                } else if unnamed == Unnamed::AreItems {
                    reading.paper.note(broken(&place.path, &ReadError::broken(&place.path, &root.name)));
                }
            }
            Ok(None) => reading.paper.note(absent(&place.path)),
            // What was packed to fill the memory stops everything.
            Err(error) if matches!(error.code, "file-too-large" | "file-locked" | "file-entities") => return Err(error),
            Err(_) if unnamed == Unnamed::MayBeAnything => {}
            Err(error) => reading.paper.note(broken(&place.path, &error)),
        }
    }
    Ok(())
}

fn numbered(mut place: Place, number: u32) -> Place {
    place.address.number = Some(number);
    place
}

fn is_manifest(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case("imsmanifest.xml"))
}

fn absent(path: &str) -> Entry {
    Entry::error("item-missing", format!("Gói nhắc đến tệp “{path}” nhưng không có tệp đó. Hãy xuất lại gói từ chương trình gốc."))
        .with("name", path)
}

fn broken(path: &str, error: &ReadError) -> Entry {
    Entry::error("item-broken", format!("Không đọc được tệp “{path}”: {error}")).with("name", path)
}

/// A paper with something to tell is worth showing even when no question came over.
fn done(paper: Paper) -> Result<Paper, ReadError> {
    if paper.questions.is_empty() && !paper.report.iter().any(|entry| entry.code == "unsupported-type") {
        return Err(ReadError::no_questions());
    }
    Ok(paper)
}

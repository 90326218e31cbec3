//! QTI 1.2 as Common Cartridge and Canvas pack it (`.imscc`): assessments, question banks, and items
//! that come in a file alone.

mod conditions;
mod interop;
mod item;
mod kinds;
mod material;

use std::collections::HashMap;

use crate::error::ReadError;
use crate::model::{Entry, Paper};
use crate::package::{LARGEST_XML, Package, resolve};
use crate::xml::Element;
use interop::Gathering;

/// Reads a cartridge, a package of QTI 1.2, or one of its XML files.
///
/// # Errors
/// [`ReadError`] where nothing of it can be read.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    let mut package;
    let mut documents = Vec::new();
    let mut report = Vec::new();
    if bytes.starts_with(b"PK") {
        package = Package::open(bytes)?;
        documents = found(&mut package, &mut report)?;
    } else {
        package = Package::lone();
        let root = Element::parse(bytes, "XML")?;
        if root.name == "questestinterop" {
            documents.push(Document { path: String::new(), root });
        }
    }
    let mut gathering = Gathering::new(&mut package);
    gathering.paper.report = report;
    for document in &documents {
        gathering.document(&document.root, &document.path);
    }
    let paper = gathering.paper;
    if paper.questions.is_empty() && !paper.report.iter().any(|entry| entry.code == "unsupported-type") {
        return Err(ReadError::no_questions());
    }
    Ok(paper)
}

struct Document {
    path: String,
    root: Element,
}

/// Every file of questions, each assessment once.
fn found(package: &mut Package<'_>, report: &mut Vec<Entry>) -> Result<Vec<Document>, ReadError> {
    let mut paths = in_manifest_order(package)?;
    for path in package.paths() {
        if !paths.contains_key(&path.to_lowercase()) {
            let place = paths.len();
            paths.insert(path.to_lowercase(), (place, path));
        }
    }
    let mut ordered: Vec<(usize, String)> = paths.into_values().collect();
    ordered.sort();
    let mut out: Vec<Document> = Vec::new();
    let mut by_ident: HashMap<String, usize> = HashMap::new();
    for (_, path) in ordered {
        let lower = path.to_ascii_lowercase();
        if !(lower.ends_with(".xml") || lower.ends_with(".qti")) || lower.ends_with("imsmanifest.xml") {
            continue;
        }
        let Some(bytes) = package.read(&path)? else { continue };
        // Decoding every XML file of a course to look at its root would be dear.
        if !bytes.windows(15).any(|window| window == b"questestinterop") && !looks_wide(&bytes) {
            continue;
        }
        if bytes.len() > LARGEST_XML {
            return Err(ReadError::too_large(&path));
        }
        let root = match Element::parse(&bytes, &path) {
            Ok(root) if root.name == "questestinterop" => root,
            Ok(_) => continue,
            Err(error) if matches!(error.code, "file-too-large" | "file-entities") => return Err(error),
            Err(error) => {
                report.push(Entry::error("item-broken", format!("Không đọc được tệp “{path}”: {error}")).with("name", &path));
                continue;
            }
        };
        let ident = root.elements().find_map(|inner| inner.attribute("ident")).unwrap_or(&path).to_owned();
        match by_ident.get(&ident).and_then(|at| out.get_mut(*at)) {
            // Canvas writes each quiz twice: once in the cartridge's poor profile, once with everything.
            Some(before) if count(&root) >= count(&before.root) && is_rich(&path) => *before = Document { path, root },
            Some(before) if is_rich(&before.path) || before.root == root => {}
            _ => {
                by_ident.insert(ident, out.len());
                out.push(Document { path, root });
            }
        }
    }
    Ok(out)
}

/// Canvas's folder of its own.
fn is_rich(path: &str) -> bool {
    path.to_ascii_lowercase().contains("non_cc_assessments/")
}

/// UTF-16 hides its letters from a search for bytes.
fn looks_wide(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

fn count(element: &Element) -> usize {
    element.elements().map(|inner| if inner.name == "item" { 1 } else { count(inner) }).sum()
}

/// Places and paths of the files that the manifest names, by their path in lower case.
fn in_manifest_order(package: &mut Package<'_>) -> Result<HashMap<String, (usize, String)>, ReadError> {
    let path = package.paths().into_iter().filter(|path| path.to_ascii_lowercase().ends_with("imsmanifest.xml")).min_by_key(String::len);
    let Some(path) = path else { return Ok(HashMap::new()) };
    let manifest = package.xml(&path)?.unwrap_or_default();
    let folder = crate::package::folder_of(&path).to_owned();
    let mut out = HashMap::new();
    for resource in manifest.first("resources").into_iter().flat_map(|resources| resources.all("resource")) {
        for file in resource.all("file") {
            if let Some(path) = file.attribute("href").and_then(|href| resolve(&folder, href)) {
                let place = out.len();
                out.entry(path.to_lowercase()).or_insert((place, path));
            }
        }
    }
    Ok(out)
}

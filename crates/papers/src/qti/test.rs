//! Tests: the order of their items, what each weighs, and the sections they stand in.

use super::TOOL;
use super::names::plain;
use super::reading::{Place, Reading, letters_of};
use crate::model::Entry;
use crate::package::{exact, folder_of, resolve};
use crate::rich::Tex;
use crate::xml::Element;

/// Sections in files of their own, one in another.
const DEEPEST: usize = 8;
/// Items of one test.
const MOST: usize = 20_000;

/// Places of a test's items, in order.
pub(super) fn places(test: &Element, path: &str, reading: &mut Reading<'_, '_>) -> Vec<Place> {
    let mut walk = Walk { tex: letters_of(test), out: Vec::new(), depth: 0 };
    let mut titles = Vec::new();
    // The title of a test of ours is not a folder.
    if test.attribute("toolname") != Some(TOOL) {
        titles.extend(title(test));
    }
    walk.inside(test, path, &titles, None, reading);
    walk.out
}

struct Walk {
    tex: Tex,
    out: Vec<Place>,
    depth: usize,
}

impl Walk {
    fn inside(&mut self, element: &Element, path: &str, titles: &[String], passage: Option<&str>, reading: &mut Reading<'_, '_>) {
        for inner in element.elements() {
            match inner.name.as_str() {
                "testpart" => self.inside(inner, path, titles, passage, reading),
                "assessmentsection" => self.section(inner, path, titles, passage, reading),
                "assessmentsectionref" => self.section_file(inner, path, titles, passage, reading),
                "assessmentitemref" if self.out.len() < MOST => {
                    let Some(item) = inner.attribute("href").and_then(|href| resolve(folder_of(path), href)) else { continue };
                    self.out.push(Place {
                        path: item,
                        category: (!titles.is_empty()).then(|| titles.join("/")),
                        weight: inner.first("weight").and_then(|weight| exact(weight.attribute("value")?)),
                        passage: passage.map(str::to_owned),
                        ..Place::default()
                    });
                }
                _ => {}
            }
        }
    }

    fn section(&mut self, section: &Element, path: &str, titles: &[String], passage: Option<&str>, reading: &mut Reading<'_, '_>) {
        let mut titles = titles.to_vec();
        if let Some(own) = title(section).filter(|own| titles.last() != Some(own)) {
            titles.push(own);
        }
        if section.first("selection").is_some() {
            reading.paper.note(
                Entry::info("random-selection", "Đề gốc chọn ngẫu nhiên một số câu trong nhóm; tất cả các câu của nhóm đã được nhập.")
                    .with("section", titles.join("/")),
            );
        }
        // A rubric of a section is what its items share.
        let place = Place { path: path.to_owned(), ..Place::default() };
        let mut shared = crate::rich::Rich::default();
        for rubric in section.all("rubricblock") {
            shared.append(reading.inside(rubric, self.tex, &place));
        }
        let own = reading.passage(shared);
        self.inside(section, path, &titles, own.as_deref().or(passage), reading);
    }

    fn section_file(&mut self, link: &Element, path: &str, titles: &[String], passage: Option<&str>, reading: &mut Reading<'_, '_>) {
        let Some(file) = link.attribute("href").and_then(|href| resolve(folder_of(path), href)) else { return };
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        match reading.package.xml(&file) {
            Ok(Some(section)) => self.section(&plain(section), &file, titles, passage, reading),
            _ => reading
                .paper
                .note(Entry::warning("section-missing", format!("Không đọc được phần “{file}” của đề trong gói.")).with("name", &file)),
        }
        self.depth -= 1;
    }
}

fn title(element: &Element) -> Option<String> {
    element.attribute("title").map(str::trim).filter(|title| !title.is_empty()).map(|title| title.replace('/', "∕"))
}

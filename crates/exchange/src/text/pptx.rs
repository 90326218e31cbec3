//! PowerPoint: slides in the order of the show, each with its notes.

use std::collections::HashMap;

use super::{Collector, ExtractError, ExtractedText, MAX_SECTIONS, MAX_TEXT, part};
use crate::archive::LimitedArchive;
use crate::xml::{Flow, Node, walk};

pub(super) fn extract(archive: &mut LimitedArchive<'_>) -> Result<ExtractedText, ExtractError> {
    let mut collector = Collector::default();
    for slide in slides_in_order(archive)?.into_iter().take(MAX_SECTIONS) {
        if collector.is_full() {
            collector.out.truncated = true;
            break;
        }
        let Some(xml) = part(archive, &slide)? else {
            continue;
        };
        let mut text = text_of(&xml, &slide)?;
        let notes = relations(archive, &slide)?.into_values().find(|relation| relation.kind.ends_with("/notesSlide"));
        if let Some(notes) = notes
            && let Some(xml) = part(archive, &notes.target)?
        {
            text.push('\n');
            text.push_str(&text_of(&xml, &notes.target)?);
        }
        collector.push_section(&text);
    }
    Ok(collector.finish())
}

struct Relation {
    kind: String,
    target: String,
}

/// Relations of a part that stay inside the file, targets made absolute.
fn relations(archive: &mut LimitedArchive<'_>, name: &str) -> Result<HashMap<String, Relation>, ExtractError> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let place = format!("{folder}/_rels/{file}.rels");
    let Some(xml) = part(archive, &place)? else {
        return Ok(HashMap::new());
    };
    let mut found = HashMap::new();
    walk(&xml, |node| {
        if let Node::Start { name: "Relationship", attributes } = node {
            let get = |key: &str| attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
            if get("TargetMode") != Some("External")
                && let (Some(id), Some(kind), Some(target)) = (get("Id"), get("Type"), get("Target"))
            {
                found.insert(id.to_owned(), Relation { kind: kind.to_owned(), target: resolve(folder, target) });
            }
        }
        if found.len() > 10_000 { Flow::Stop } else { Flow::Continue }
    })
    .map_err(|error| ExtractError::from_xml(&place, error))?;
    Ok(found)
}

/// `../notesSlides/notesSlide1.xml` beside `ppt/slides`; only ever a name inside the archive.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

fn slides_in_order(archive: &mut LimitedArchive<'_>) -> Result<Vec<String>, ExtractError> {
    const SHOW: &str = "ppt/presentation.xml";
    let relations = relations(archive, SHOW)?;
    let xml = part(archive, SHOW)?.unwrap_or_default();
    let mut slides = Vec::new();
    walk(&xml, |node| {
        if let Node::Start { name: "sldId", attributes } = node {
            // Both `id` and `r:id` are there; the relation's is the one that resolves.
            let target = attributes.iter().filter(|(key, _)| key == "id").find_map(|(_, value)| relations.get(value));
            if let Some(relation) = target
                && !slides.contains(&relation.target)
            {
                slides.push(relation.target.clone());
            }
        }
        if slides.len() > MAX_SECTIONS { Flow::Stop } else { Flow::Continue }
    })
    .map_err(|error| ExtractError::from_xml(SHOW, error))?;
    Ok(slides)
}

/// Text of shapes, tables and groups; slide numbers and dates (`fld`) are no content.
fn text_of(xml: &[u8], place: &str) -> Result<String, ExtractError> {
    let mut out = String::new();
    let (mut text, mut skip) = (0_usize, 0_usize);
    walk(xml, |node| {
        match node {
            Node::Start { name, .. } => match name {
                "t" => text += 1,
                "fld" | "Fallback" => skip += 1,
                "br" => out.push('\n'),
                _ => {}
            },
            Node::End { name } => match name {
                "t" => text = text.saturating_sub(1),
                "fld" | "Fallback" => skip = skip.saturating_sub(1),
                "p" => out.push('\n'),
                "tc" => {
                    if out.ends_with('\n') {
                        out.pop();
                    }
                    out.push('\t');
                }
                "tr" => out.push('\n'),
                _ => {}
            },
            Node::Text(piece) if text > 0 && skip == 0 => out.push_str(piece),
            Node::Text(_) => {}
        }
        if out.len() > MAX_TEXT * 2 { Flow::Stop } else { Flow::Continue }
    })
    .map_err(|error| ExtractError::from_xml(place, error))?;
    Ok(out)
}

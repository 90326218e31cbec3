//! Word: body with tables and text boxes; then headers, footers, foot- and endnotes.

use super::{Collector, ExtractError, ExtractedText, MAX_TEXT, part};
use crate::archive::LimitedArchive;
use crate::xml::{Flow, Node, walk};

pub(super) fn extract(archive: &mut LimitedArchive<'_>) -> Result<ExtractedText, ExtractError> {
    let mut collector = Collector::default();
    let body = part(archive, "word/document.xml")?.unwrap_or_default();
    collector.push_section(&text_of(&body, "word/document.xml")?);
    let mut names: Vec<String> = archive
        .names()
        .into_iter()
        .filter(|name| {
            name.strip_prefix("word/").is_some_and(|file| {
                !file.contains('/')
                    && file.ends_with(".xml")
                    && ["header", "footer", "footnotes", "endnotes"].iter().any(|kind| file.starts_with(kind))
            })
        })
        .collect();
    names.sort();
    let mut margins = String::new();
    for name in names.iter().take(100) {
        if let Some(xml) = part(archive, name)? {
            margins.push_str(&text_of(&xml, name)?);
            margins.push('\n');
        }
    }
    collector.push_section(&margins);
    Ok(collector.finish())
}

/// What is not shown: runs marked hidden, deleted and moved-away revisions, the
/// second copy of a text box for old readers, field codes (never in `t`).
fn text_of(xml: &[u8], place: &str) -> Result<String, ExtractError> {
    let mut out = String::new();
    let mut skip = 0_usize;
    let mut text = 0_usize;
    let mut hidden_run = false;
    let mut in_run_properties = false;
    walk(xml, |node| {
        match node {
            Node::Start { name, attributes } => match name {
                "del" | "moveFrom" | "Fallback" | "pPr" | "tblPr" | "sectPr" | "sdtPr" => skip += 1,
                "rPr" => in_run_properties = true,
                "r" => hidden_run = false,
                "vanish" if in_run_properties => {
                    let off = attributes.iter().any(|(key, value)| key == "val" && matches!(value.as_str(), "0" | "false" | "off"));
                    hidden_run |= !off;
                }
                "t" => text += 1,
                "tab" if skip == 0 => out.push('\t'),
                "br" | "cr" if skip == 0 => out.push('\n'),
                "noBreakHyphen" => out.push('-'),
                _ => {}
            },
            Node::End { name } => match name {
                "del" | "moveFrom" | "Fallback" | "pPr" | "tblPr" | "sectPr" | "sdtPr" => {
                    skip = skip.saturating_sub(1);
                }
                "rPr" => in_run_properties = false,
                "r" => hidden_run = false,
                "t" => text = text.saturating_sub(1),
                "p" | "oMathPara" => out.push('\n'),
                "tc" => {
                    // Cells of a row stay on one line where each has one paragraph.
                    if out.ends_with('\n') {
                        out.pop();
                    }
                    out.push('\t');
                }
                "tr" => out.push('\n'),
                _ => {}
            },
            Node::Text(piece) if text > 0 && skip == 0 && !hidden_run => out.push_str(piece),
            Node::Text(_) => {}
        }
        if out.len() > MAX_TEXT * 2 { Flow::Stop } else { Flow::Continue }
    })
    .map_err(|error| ExtractError::from_xml(place, error))?;
    Ok(out)
}

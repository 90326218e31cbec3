//! The body: paragraphs, tables, and what wraps them.

use std::collections::HashMap;

use crate::document::{DocumentBlock, Paragraph, Part};
use crate::error::ReadError;
use crate::xml::{Element, Piece};

use super::Formulas;
use super::fields::Field;
use super::line::{self, Line};
use super::look::RunProperties;
use super::losses::{Loss, Notebook, Remark};
use super::numbering::Numbering;
use super::package::{Package, Relations, Source};
use super::pictures::Shelf;
use super::styles::{Styles, list_place};
use super::tables::TableBuilder;
use super::theme::Theme;

/// Pieces of text, pictures, cells of the whole document; a thousand questions have 40,000.
pub(super) const MOST_PARTS: usize = 1_000_000;

/// Everything needed while the body is read.
pub(super) struct Reader<'a> {
    pub package: Package<'a>,
    pub relations: Relations,
    pub footnote_relations: Relations,
    pub endnote_relations: Relations,
    pub theme: Theme,
    pub styles: Styles,
    pub numbering: Numbering,
    /// By kind and id; each is put in its place once.
    pub notes: HashMap<(String, String), Element>,
    pub formulas: Formulas,
    pub shelf: Shelf,
    /// Ids of pictures by the part they were read from; `None` where that failed.
    pub kept: HashMap<String, Option<String>>,
    pub notebook: Notebook,
    pub paragraphs: u32,
    pub parts: usize,
    pub overflows: bool,
    pub fields: Vec<Field>,
    /// How often something was shown, for fields that have to know whether they showed anything.
    pub shown: u64,
    /// Of a paragraph whose end was deleted: it goes on in the next.
    pub carried: Vec<line::Piece>,
}

impl Reader<'_> {
    /// Reads the body piece by piece.
    pub(super) fn body(&mut self, source: &mut Source<'_>, part: &str) -> Result<Vec<DocumentBlock>, ReadError> {
        let mut blocks = Vec::new();
        let mut tables: Vec<TableBuilder> = Vec::new();
        let mut entered: Vec<String> = Vec::new();
        let enters = |name: &str| matches!(name, "document" | "body" | "tbl" | "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo");
        source.stream(enters, &mut |piece| {
            match piece {
                Piece::Enter(element) => {
                    if element.name == "tbl" {
                        self.flush(&mut blocks);
                        tables.push(TableBuilder::default());
                    }
                    entered.push(element.name);
                }
                Piece::Leave => {
                    if entered.pop().is_some_and(|name| name == "tbl")
                        && let Some(table) = tables.pop()
                    {
                        blocks.push(DocumentBlock::Table(table.finish()));
                    }
                }
                Piece::Whole(element) => match (tables.last_mut(), element.name.as_str()) {
                    (Some(table), "tr") => self.row(&element, table),
                    (Some(_), _) => {}
                    (None, _) => self.block(&element, &mut blocks),
                },
            }
            if self.overflows { Err(ReadError::too_large(part)) } else { Ok(()) }
        })?;
        self.flush(&mut blocks);
        Ok(blocks)
    }

    /// Blocks of a cell, a text box.
    pub(super) fn blocks(&mut self, element: &Element, into: &mut Vec<DocumentBlock>) {
        for child in element.elements() {
            self.block(child, into);
        }
        self.flush(into);
    }

    fn block(&mut self, element: &Element, into: &mut Vec<DocumentBlock>) {
        match element.name.as_str() {
            "p" => self.paragraph(element, into),
            "tbl" => {
                self.flush(into);
                let table = self.table(element);
                into.push(DocumentBlock::Table(table));
            }
            "oMathPara" | "oMath" | "r" => {
                // A formula right in the body, as some programs write it.
                let mut holder = Line { number: self.next_number(), inherited: self.styles.paragraph(None), ..Line::default() };
                self.inline(element, &mut holder);
                self.done(holder, None, into);
            }
            "altChunk" => self.notebook.lost(self.paragraphs.max(1), Loss::EmbeddedDocument),
            "sectPr" | "tcPr" | "sdtPr" | "tblPr" | "trPr" | "background" => {}
            "del" | "moveFrom" => self.notebook.remark(self.paragraphs, Remark::Revisions),
            "AlternateContent" => {
                if let Some(branch) = element.first("Choice").or_else(|| element.first("Fallback")) {
                    branch.elements().for_each(|child| self.block(child, into));
                }
            }
            _ => element.elements().for_each(|child| self.block(child, into)),
        }
    }

    fn next_number(&mut self) -> u32 {
        self.paragraphs = self.paragraphs.saturating_add(1);
        self.paragraphs
    }

    fn paragraph(&mut self, element: &Element, into: &mut Vec<DocumentBlock>) {
        let properties = element.first("pPr");
        let style = properties.and_then(|own| own.first("pStyle")).and_then(|style| style.attribute("val"));
        let mut inherited = self.styles.paragraph(style);
        if let Some(shading) = properties.and_then(|own| own.first("shd")) {
            inherited.shaded = Some(super::look::is_shaded(shading, &self.theme));
        }
        let mut line = Line { number: self.next_number(), inherited, ..Line::default() };
        self.inlines(element, &mut line);
        self.close_fields(&mut line);
        let mark = properties.and_then(|own| own.first("rPr"));
        if mark.is_some_and(|mark| mark.first("del").is_some() || mark.first("moveFrom").is_some()) {
            self.notebook.remark(line.number, Remark::Revisions);
            self.carried.append(&mut line.pieces);
            return self.boxes(&line.boxes, into);
        }
        let mark = mark.map(|own| {
            let style = own.first("rStyle").and_then(|style| style.attribute("val"));
            let character = style.map(|style| self.styles.character(style)).unwrap_or_default();
            RunProperties::of(own, &self.theme).over(character.toggled_over(inherited.run))
        });
        let mark = mark.unwrap_or(inherited.run);
        // What is hidden with its end is not there at all, nor is it numbered.
        if mark.hidden == Some(true) && line.is_blank() && (line.hides || line.pieces.is_empty()) {
            return self.boxes(&line.boxes, into);
        }
        let own = properties.map(list_place).unwrap_or_default();
        let mut place = inherited.place;
        if own.list.is_some() {
            place.list = own.list;
            place.level = own.level.or(place.level);
        } else if own.level.is_some() {
            place.level = own.level;
        }
        let label = self.numbering.label(place, style, mark, &self.styles);
        self.done(line, label, into);
    }

    fn done(&mut self, mut line: Line<'_>, label: Option<crate::document::Label>, into: &mut Vec<DocumentBlock>) {
        let mut pieces = std::mem::take(&mut self.carried);
        pieces.append(&mut line.pieces);
        let (parts, decoded) = line::finished(pieces);
        if decoded {
            self.notebook.remark(line.number, Remark::OldFonts);
        }
        self.parts = self.parts.saturating_add(parts.len().max(1));
        into.push(DocumentBlock::Paragraph(Paragraph { number: line.number, label, parts }));
        self.boxes(&line.boxes, into);
    }

    /// Text boxes follow the paragraph they are anchored in.
    fn boxes(&mut self, boxes: &[&Element], into: &mut Vec<DocumentBlock>) {
        for own in boxes {
            let carried = std::mem::take(&mut self.carried);
            let fields = std::mem::take(&mut self.fields);
            let mut inside = Vec::new();
            self.blocks(own, &mut inside);
            inside.retain(|block| !is_empty(block));
            into.append(&mut inside);
            (self.carried, self.fields) = (carried, fields);
        }
    }

    /// What was carried out of the last paragraph of its place.
    fn flush(&mut self, into: &mut Vec<DocumentBlock>) {
        if !self.carried.is_empty() {
            let line = Line { number: self.paragraphs, ..Line::default() };
            self.done(line, None, into);
        }
    }
}

/// A paragraph without anything.
pub(super) fn is_empty(block: &DocumentBlock) -> bool {
    matches!(block, DocumentBlock::Paragraph(paragraph) if paragraph.label.is_none()
        && paragraph.parts.iter().all(|part| matches!(part, Part::Text(text, _) if text.trim().is_empty())))
}

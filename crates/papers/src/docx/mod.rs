//! Word files as documents: what a reader of the printed page sees, and nothing of how it got there.
//!
//! The body is read paragraph by paragraph while it is unpacked; neither its bytes nor its tree are
//! ever there as a whole.

mod body;
mod disguise;
mod drawing;
mod fields;
mod inline;
mod line;
mod look;
mod losses;
mod numbering;
mod package;
mod pictures;
mod styles;
mod symbols;
mod tables;
mod theme;

use std::collections::HashMap;

pub(crate) use symbols::symbol;

use crate::document::Document;
use crate::error::ReadError;
use crate::model::{Entry, Media};
use crate::xml::{Element, Piece};
use body::Reader;
use losses::{Notebook, Remark};
use package::{Package, Relations};
use pictures::Shelf;
use theme::Theme;

/// What a Word file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// In reading order.
    pub document: Document,
    /// Pictures, named in the document by their ids.
    pub media: Vec<Media>,
    /// What was lost or is doubtful, by paragraph.
    pub report: Vec<Entry>,
}

/// A picture and its media type.
pub type Preview = (Vec<u8>, &'static str);

/// How formulas and pictures of other programs are read.
#[derive(Clone, Copy, Debug)]
pub struct Formulas {
    /// LaTeX of an equation object's OLE container (`Equation.DSMT4`, `Equation.3`).
    pub ole: fn(&[u8]) -> Option<String>,
    /// A picture browsers show, for one of this media type that they do not (EMF, WMF).
    pub preview: fn(&[u8], &str) -> Option<Preview>,
}

impl Formulas {
    /// Nothing is converted: previews are kept as they are, and the report says so.
    pub const KEPT_AS_PICTURES: Self = Self { ole: |_| None, preview: |_, _| None };
}

/// Reads a Word file (`.docx`, `.docm`).
///
/// # Errors
/// [`ReadError`]: one sentence on why nothing could be read.
pub fn read_document(bytes: &[u8]) -> Result<Read, ReadError> {
    read_document_with(bytes, Formulas::KEPT_AS_PICTURES)
}

/// The same with readers of formulas and pictures.
///
/// # Errors
/// [`ReadError`]: one sentence on why nothing could be read.
pub fn read_document_with(bytes: &[u8], formulas: Formulas) -> Result<Read, ReadError> {
    disguise::refuse(bytes)?;
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package)?;
    let mut reader = prepared(package, &main, formulas)?;
    if reader.package.any(|name| name.ends_with("vbaproject.bin")) {
        reader.notebook.remark(0, Remark::Macros);
    }
    let mut source = reader.package.source(&main)?;
    let blocks = reader.body(&mut source, &main)?;
    Ok(Read { document: Document { blocks }, media: reader.shelf.media, report: reader.notebook.finish() })
}

/// The part the package says is the document.
fn main_part(package: &mut Package<'_>) -> Result<String, ReadError> {
    let said = package.relations("")?.part_of_kind("officeDocument").map(str::to_owned);
    let main = said.filter(|name| package.has(name)).unwrap_or_else(|| "word/document.xml".to_owned());
    let lower = main.to_lowercase();
    if lower.starts_with("xl/") || lower.ends_with("workbook.xml") {
        return Err(ReadError::new(
            "file-xlsx",
            "Đây là bảng tính Excel (.xlsx), không phải tài liệu Word. Hãy đổi lại đuôi .xlsx rồi nhập.",
        ));
    }
    if lower.starts_with("ppt/") {
        return Err(ReadError::new("file-pptx", "Đây là bài trình chiếu PowerPoint (.pptx), không phải tài liệu Word."));
    }
    if !package.has(&main) {
        return Err(ReadError::new(
            "file-not-docx",
            "Tệp nén này không chứa tài liệu Word (thiếu word/document.xml). Hãy mở bằng Word rồi lưu lại dưới dạng .docx.",
        ));
    }
    Ok(main)
}

/// Reads all that the body refers to.
fn prepared<'a>(mut package: Package<'a>, main: &str, formulas: Formulas) -> Result<Reader<'a>, ReadError> {
    let relations = package.relations(main)?;
    let part = |kind: &str, usual: &str| relations.part_of_kind(kind).map_or_else(|| usual.to_owned(), str::to_owned);
    let theme = package.tree(&part("theme", "word/theme/theme1.xml"))?.map(|tree| Theme::of(&tree)).unwrap_or_default();
    let mut reader = Reader {
        footnote_relations: Relations::default(),
        endnote_relations: Relations::default(),
        styles: styles::Styles::default(),
        numbering: numbering::Numbering::default(),
        notes: HashMap::new(),
        formulas,
        shelf: Shelf::default(),
        kept: HashMap::new(),
        notebook: Notebook::default(),
        paragraphs: 0,
        parts: 0,
        overflows: false,
        fields: Vec::new(),
        shown: 0,
        carried: Vec::new(),
        relations: relations.clone(),
        theme,
        package,
    };
    let Reader { package, styles, numbering, theme, .. } = &mut reader;
    each_child(package, &part("styles", "word/styles.xml"), "styles", &mut |child| styles.add(child, theme))?;
    styles.settle();
    each_child(package, &part("numbering", "word/numbering.xml"), "numbering", &mut |child| numbering.add(child, theme))?;
    for kind in ["footnote", "endnote"] {
        let name = part(&format!("{kind}s"), &format!("word/{kind}s.xml"));
        let Some(tree) = reader.package.tree(&name)? else { continue };
        let own = reader.package.relations(&name)?;
        if kind == "footnote" {
            reader.footnote_relations = own;
        } else {
            reader.endnote_relations = own;
        }
        for note in tree.children {
            if let crate::xml::Child::Element(note) = note
                && note.attribute("type").is_none_or(|kind| kind == "normal")
            {
                let id = note.attribute("id").unwrap_or("").to_owned();
                reader.notes.insert((kind.to_owned(), id), note);
            }
        }
    }
    Ok(reader)
}

/// Hands out the children of a part's root one by one.
fn each_child(package: &Package<'_>, name: &str, root: &str, see: &mut dyn FnMut(&Element)) -> Result<(), ReadError> {
    if !package.has(name) {
        return Ok(());
    }
    package.source(name)?.stream(|own| own == root, &mut |piece| {
        if let Piece::Whole(element) = piece {
            see(&element);
        }
        Ok(())
    })
}

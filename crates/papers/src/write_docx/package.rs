//! The parts of a Word file and the archive they lie in.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use bytes::Bytes;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::rich::attribute;
use crate::error::WriteError;

/// Something the document refers to.
pub(super) enum Attachment {
    /// A picture in the archive.
    Media {
        /// Its relationship.
        id: String,
        /// What it is of.
        name: String,
        /// `media/…`
        path: String,
        /// The bytes.
        bytes: Bytes,
    },
    /// An address outside.
    Link {
        /// Its relationship.
        id: String,
        /// Where to.
        href: String,
    },
}

/// What the document refers to, each thing once.
#[derive(Default)]
pub(super) struct Attached {
    pub(super) list: Vec<Attachment>,
}

impl Attached {
    fn next(&self) -> String {
        format!("rIdX{}", self.list.len() + 1)
    }

    /// Keeps a picture; the id of its relationship.
    pub(super) fn media(&mut self, name: &str, extension: &str, bytes: &Bytes) -> String {
        let same = self.list.iter().find_map(|attachment| match attachment {
            Attachment::Media { id, name: own, .. } if own == name => Some(id.clone()),
            _ => None,
        });
        if let Some(id) = same {
            return id;
        }
        let id = self.next();
        let path = format!("media/image{}.{extension}", self.list.len() + 1);
        self.list.push(Attachment::Media { id: id.clone(), name: name.to_owned(), path, bytes: bytes.clone() });
        id
    }

    /// Keeps an address; the id of its relationship.
    pub(super) fn link(&mut self, href: &str) -> String {
        let id = self.next();
        self.list.push(Attachment::Link { id: id.clone(), href: href.to_owned() });
        id
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

pub(super) fn zip(body: &str, attached: &[Attachment]) -> Result<Vec<u8>, WriteError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &[u8], method: CompressionMethod| -> Result<(), WriteError> {
        let failed = |error: &dyn std::fmt::Display| WriteError(format!("Không tạo được tệp Word: {error}"));
        archive.start_file(name, SimpleFileOptions::default().compression_method(method)).map_err(|error| failed(&error))?;
        archive.write_all(content).map_err(|error| failed(&error))
    };
    let packed = CompressionMethod::Deflated;
    add("[Content_Types].xml", CONTENT_TYPES.as_bytes(), packed)?;
    add("_rels/.rels", ROOT.as_bytes(), packed)?;
    add("word/document.xml", document(body).as_bytes(), packed)?;
    add("word/_rels/document.xml.rels", relationships(attached).as_bytes(), packed)?;
    add("word/styles.xml", STYLES.as_bytes(), packed)?;
    add("word/settings.xml", SETTINGS.as_bytes(), packed)?;
    add("word/footer1.xml", FOOTER.as_bytes(), packed)?;
    for attachment in attached {
        if let Attachment::Media { path, bytes, .. } = attachment {
            // Pictures are packed already, SVG apart.
            let method = if path.ends_with("svg") { packed } else { CompressionMethod::Stored };
            add(&format!("word/{path}"), bytes, method)?;
        }
    }
    let done = archive.finish().map_err(|error| WriteError(format!("Không tạo được tệp Word: {error}")))?;
    Ok(done.into_inner())
}

fn document(body: &str) -> String {
    format!(
        "{HEAD}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"{RELATIONSHIPS}\" xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"><w:body>{body}<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId3\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"850\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    )
}

fn relationships(attached: &[Attachment]) -> String {
    let mut out = format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATIONSHIPS}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"{RELATIONSHIPS}/settings\" Target=\"settings.xml\"/><Relationship Id=\"rId3\" Type=\"{RELATIONSHIPS}/footer\" Target=\"footer1.xml\"/>"
    );
    for attachment in attached {
        let _ = match attachment {
            Attachment::Media { id, path, .. } => {
                write!(out, "<Relationship Id=\"{id}\" Type=\"{RELATIONSHIPS}/image\" Target=\"{path}\"/>")
            }
            Attachment::Link { id, href } => {
                write!(
                    out,
                    "<Relationship Id=\"{id}\" Type=\"{RELATIONSHIPS}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
                    attribute(href)
                )
            }
        };
    }
    out.push_str("</Relationships>");
    out
}

const CONTENT_TYPES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    "<Default Extension=\"png\" ContentType=\"image/png\"/>",
    "<Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/>",
    "<Default Extension=\"gif\" ContentType=\"image/gif\"/>",
    "<Default Extension=\"svg\" ContentType=\"image/svg+xml\"/>",
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>",
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>",
    "<Override PartName=\"/word/settings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>",
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>",
    "</Types>",
);

const ROOT: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>",
    "</Relationships>",
);

/// Times New Roman 12, a little space after each paragraph.
const STYLES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">",
    "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"Times New Roman\" w:cs=\"Times New Roman\"/><w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/><w:lang w:val=\"vi-VN\" w:eastAsia=\"en-US\"/></w:rPr></w:rPrDefault>",
    "<w:pPrDefault><w:pPr><w:spacing w:before=\"0\" w:after=\"60\" w:line=\"264\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>",
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>",
    "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"108\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>",
    "<w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:left w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:right w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:insideH w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/><w:insideV w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/></w:tblBorders></w:tblPr></w:style>",
    "</w:styles>",
);

const SETTINGS: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\">",
    "<w:defaultTabStop w:val=\"720\"/><m:mathPr><m:mathFont m:val=\"Cambria Math\"/><m:defJc m:val=\"centerGroup\"/></m:mathPr>",
    "<w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>",
    "</w:settings>",
);

const FOOTER: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<w:ftr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr>",
    "<w:r><w:t xml:space=\"preserve\">Trang </w:t></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:ftr>",
);

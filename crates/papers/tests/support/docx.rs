//! A small `.docx` from XML strings.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The prefixes Word declares.
const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram""#;

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A smallest PNG.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// A file being made.
#[derive(Clone, Debug, Default)]
pub struct Docx {
    parts: Vec<(String, Vec<u8>)>,
    relations: Vec<(String, String, String)>,
    body: String,
}

impl Docx {
    /// With the XML of its body.
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// With a part of any name.
    pub fn part(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.parts.push((name.to_owned(), content.as_ref().to_vec()));
        self
    }

    /// With a relationship of the document. A target with `://` is an external one.
    pub fn relation(mut self, id: &str, kind: &str, target: &str) -> Self {
        self.relations.push((id.to_owned(), format!("{KIND}/{kind}"), target.to_owned()));
        self
    }

    /// With children of `w:styles`.
    pub fn styles(self, inside: &str) -> Self {
        self.part("word/styles.xml", wrapped("w:styles", inside)).relation("rStyles", "styles", "styles.xml")
    }

    /// With children of `w:numbering`.
    pub fn numbering(self, inside: &str) -> Self {
        self.part("word/numbering.xml", wrapped("w:numbering", inside)).relation("rNumbering", "numbering", "numbering.xml")
    }

    /// With a picture, or an object, under a relationship.
    pub fn media(self, id: &str, kind: &str, file: &str, content: &[u8]) -> Self {
        self.part(&format!("word/media/{file}"), content).relation(id, kind, &format!("media/{file}"))
    }

    /// With footnotes: their paragraphs by id.
    pub fn footnotes(self, notes: &[(&str, &str)]) -> Self {
        let inside: String = notes.iter().map(|(id, inside)| format!("<w:footnote w:id=\"{id}\">{inside}</w:footnote>")).collect();
        self.part("word/footnotes.xml", wrapped("w:footnotes", &inside)).relation("rNotes", "footnotes", "footnotes.xml")
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let relations: String = self
            .relations
            .iter()
            .map(|(id, kind, target)| {
                let mode = if target.contains("://") { " TargetMode=\"External\"" } else { "" };
                format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"{mode}/>")
            })
            .collect();
        let root = format!("<Relationship Id=\"r1\" Type=\"{KIND}/officeDocument\" Target=\"word/document.xml\"/>");
        let all = |inside: &str| {
            format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inside}</Relationships>")
        };
        let mut parts = vec![
            ("[Content_Types].xml".to_owned(), CONTENT_TYPES.as_bytes().to_vec()),
            ("_rels/.rels".to_owned(), all(&root).into_bytes()),
            ("word/_rels/document.xml.rels".to_owned(), all(&relations).into_bytes()),
            ("word/document.xml".to_owned(), wrapped("w:document", &format!("<w:body>{}</w:body>", self.body)).into_bytes()),
        ];
        // A part given by name takes the place of one made here.
        parts.retain(|(name, _)| self.parts.iter().all(|(own, _)| own != name));
        parts.extend(self.parts.iter().cloned());
        zipped(&parts)
    }
}

/// A zip of parts.
pub fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn wrapped(root: &str, inside: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><{root} {NAMES}>{inside}</{root}>")
}

/// A paragraph around XML.
pub fn p(inside: &str) -> String {
    format!("<w:p>{inside}</w:p>")
}

/// A run of letters.
pub fn t(text: &str) -> String {
    run("", text)
}

/// A run of letters with properties.
pub fn run(properties: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A paragraph of plain letters.
pub fn line(text: &str) -> String {
    p(&t(text))
}

/// A paragraph of a list, with plain letters.
pub fn item(list: u32, level: u8, text: &str) -> String {
    format!("<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>{}</w:p>", t(text))
}

/// A table of cells of plain letters.
pub fn table(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| format!("<w:tc><w:tcPr/>{}</w:tc>", line(text));
    let rows: String = rows.iter().map(|row| format!("<w:tr>{}</w:tr>", row.iter().map(cell).collect::<String>())).collect();
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>")
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

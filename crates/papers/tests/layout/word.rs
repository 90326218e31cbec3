//! The same letters as real Word files: written with runs, lists, tables and equations, and read back
//! the way a teacher's file is. Lines that begin with `<w:` are Word's own XML.

use std::collections::HashMap;

use papers::Paper;
use papers::document::{Document, DocumentBlock, Look, Paragraph, Part, TableCell};
use papers::format::Format;
use papers::math::latex;
use papers::rich::Script;

use crate::sheet;
use crate::support::docx::{Docx, PNG};

/// Lists as Word keeps them: one for each way labels are written, started again where labels do.
#[derive(Default)]
struct Lists {
    /// Format and text of each abstract list.
    abstracts: Vec<(&'static str, String)>,
    /// Of each list: its abstract list, and where it starts.
    lists: Vec<(usize, u32)>,
    /// The list of each way of writing, and the number that comes next.
    open: HashMap<String, (usize, u32)>,
}

impl Lists {
    /// The list for a label such as `Câu 3.` or `B.`.
    fn of(&mut self, label: &str) -> usize {
        let digits: String = label.chars().filter(char::is_ascii_digit).collect();
        let (format, counted, number) = match digits.parse() {
            Ok(number) => ("decimal", digits, number),
            Err(_) => {
                let letter = label.chars().find(char::is_ascii_alphabetic).unwrap();
                let first = if letter.is_ascii_uppercase() { 'A' } else { 'a' };
                let format = if first == 'A' { "upperLetter" } else { "lowerLetter" };
                (format, letter.to_string(), u32::from(letter) - u32::from(first) + 1)
            }
        };
        let text = label.replacen(&counted, "%1", 1);
        if let Some((list, next)) = self.open.get_mut(&text).filter(|(_, next)| *next == number) {
            *next += 1;
            return *list;
        }
        self.abstracts.push((format, text.clone()));
        self.lists.push((self.abstracts.len() - 1, number));
        self.open.insert(text, (self.lists.len(), number + 1));
        self.lists.len()
    }

    fn xml(&self) -> String {
        let abstracts = self.abstracts.iter().enumerate().map(|(at, (format, text))| {
            format!(
                "<w:abstractNum w:abstractNumId=\"{at}\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl></w:abstractNum>"
            )
        });
        let lists = self.lists.iter().enumerate().map(|(at, (of, start))| {
            format!(
                "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"{of}\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"{start}\"/></w:lvlOverride></w:num>",
                at + 1
            )
        });
        abstracts.chain(lists).collect()
    }
}

fn properties(look: Look) -> String {
    let mut out = String::new();
    for (on, xml) in [
        (look.marks.bold, "<w:b/>"),
        (look.marks.italic, "<w:i/>"),
        (look.highlighted, "<w:highlight w:val=\"yellow\"/>"),
        (look.marks.underline, "<w:u w:val=\"single\"/>"),
        (look.marks.script == Script::Super, "<w:vertAlign w:val=\"superscript\"/>"),
        (look.marks.script == Script::Sub, "<w:vertAlign w:val=\"subscript\"/>"),
    ] {
        if on {
            out.push_str(xml);
        }
    }
    if let Some([red, green, blue]) = look.colour {
        out.push_str(&format!("<w:color w:val=\"{red:02X}{green:02X}{blue:02X}\"/>"));
    }
    out
}

const PICTURE: &str = "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed=\"r1\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>";

fn part(part: &Part) -> String {
    match part {
        Part::Text(text, look) => crate::support::docx::run(&properties(*look), text),
        Part::Math { latex, .. } => {
            let inside = match latex::parse(latex) {
                Ok(node) => latex::to_omml(&node),
                Err(_) => format!("<m:r><m:t>{latex}</m:t></m:r>"),
            };
            format!("<m:oMath>{inside}</m:oMath>")
        }
        Part::Media { .. } => PICTURE.to_owned(),
        Part::Tab => "<w:r><w:tab/></w:r>".to_owned(),
        Part::Break => "<w:r><w:br/></w:r>".to_owned(),
    }
}

fn paragraph(own: &Paragraph, lists: &mut Lists) -> String {
    let numbered = own.label.as_ref().map(|label| {
        format!(
            "<w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{}\"/></w:numPr><w:rPr>{}</w:rPr></w:pPr>",
            lists.of(&label.text),
            properties(label.look)
        )
    });
    format!("<w:p>{}{}</w:p>", numbered.unwrap_or_default(), own.parts.iter().map(part).collect::<String>())
}

fn cell(cell: &TableCell, lists: &mut Lists) -> String {
    let shade = if cell.shaded { "<w:shd w:val=\"clear\" w:fill=\"FFFF00\"/>" } else { "" };
    let inside = if cell.blocks.is_empty() { "<w:p/>".to_owned() } else { blocks(&cell.blocks, lists) };
    format!("<w:tc><w:tcPr>{shade}</w:tcPr>{inside}</w:tc>")
}

fn blocks(blocks: &[DocumentBlock], lists: &mut Lists) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            DocumentBlock::Paragraph(own) => out.push_str(&paragraph(own, lists)),
            DocumentBlock::Table(table) => {
                out.push_str("<w:tbl><w:tblPr/><w:tblGrid/>");
                for row in &table.rows {
                    out.push_str(&format!("<w:tr>{}</w:tr>", row.iter().map(|one| cell(one, lists)).collect::<String>()));
                }
                out.push_str("</w:tbl>");
            }
        }
    }
    out
}

/// The body of a document and the lists in it.
fn body(document: &Document, lists: &mut Lists) -> String {
    blocks(&document.blocks, lists)
}

/// A Word file of some lines.
pub fn file(text: &str) -> Vec<u8> {
    let mut lists = Lists::default();
    let mut out = String::new();
    let mut plain: Vec<&str> = Vec::new();
    for line in text.lines() {
        if line.starts_with("<w:") {
            out.push_str(&body(&sheet::document(&plain.join("\n")), &mut lists));
            plain.clear();
            out.push_str(line);
        } else {
            plain.push(line);
        }
    }
    out.push_str(&body(&sheet::document(&plain.join("\n")), &mut lists));
    Docx::new(out).numbering(&lists.xml()).media("r1", "image", "image1.png", PNG).bytes()
}

/// The paper of some lines, read from a Word file.
pub fn paper(text: &str) -> Paper {
    // A paper without a question is a failure to be shown, not a panic.
    papers::read(&file(text), Format::Docx).unwrap_or_default()
}

//! What stands in a paragraph: runs, formulas, pictures, notes.

use crate::document::Part;
use crate::math::omml::from_omml;
use crate::rich::{MathDisplay, MediaKind};
use crate::xml::Element;

use super::body::{MOST_PARTS, Reader};
use super::drawing::{Drawing, Object, Picture};
use super::line::{Line, Piece};
use super::look::{RunProperties, SymbolFont, is_on};
use super::losses::{Loss, Remark};
use super::package::Target;
use super::{pictures, symbols};

impl Reader<'_> {
    /// Children of a paragraph, or of something that only wraps them.
    pub(super) fn inlines<'e>(&mut self, element: &'e Element, line: &mut Line<'e>) {
        for child in element.elements() {
            self.inline(child, line);
        }
    }

    pub(super) fn inline<'e>(&mut self, element: &'e Element, line: &mut Line<'e>) {
        if line.pieces.len() + self.parts > MOST_PARTS {
            self.overflows = true;
            return;
        }
        match element.name.as_str() {
            "r" => self.run(element, line),
            "oMath" => self.formula(element, MathDisplay::Inline, line),
            "oMathPara" => {
                for (at, math) in element.all("oMath").enumerate() {
                    if at > 0 {
                        line.part(Part::Break);
                    }
                    self.formula(math, MathDisplay::Block, line);
                }
            }
            "ins" | "moveTo" => {
                self.notebook.remark(line.number, Remark::Revisions);
                self.inlines(element, line);
            }
            "del" | "moveFrom" => self.notebook.remark(line.number, Remark::Revisions),
            "fldSimple" => {
                let before = self.shown;
                self.inlines(element, line);
                let shows = self.shown != before;
                let run = line.inherited.run;
                self.simple_field(element.attribute("instr").unwrap_or("").trim(), shows, line, &run);
            }
            "sdt" => {
                if let Some(content) = element.first("sdtContent") {
                    self.inlines(content, line);
                }
            }
            "AlternateContent" => self.drawing(element, line),
            "pPr" | "sdtPr" | "smartTagPr" | "customXmlPr" | "proofErr" | "rPr" => {}
            "commentRangeStart" => self.notebook.remark(line.number, Remark::Comments),
            // Links, smart tags, directions: only their letters count. Marks have none.
            _ => self.inlines(element, line),
        }
    }

    fn run<'e>(&mut self, element: &'e Element, line: &mut Line<'e>) {
        let own = element.first("rPr");
        let mut run = line.inherited.run;
        if let Some(own) = own {
            if let Some(style) = own.first("rStyle").and_then(|style| style.attribute("val")) {
                run = self.styles.character(style).toggled_over(run);
            }
            run = RunProperties::of(own, &self.theme).over(run);
        }
        if run.hidden == Some(true) {
            let shows = |child: &Element| !matches!(child.name.as_str(), "rPr" | "fldChar" | "instrText" | "lastRenderedPageBreak");
            if element.elements().any(shows) && !self.is_in_code() {
                line.hides = true;
                self.notebook.remark(line.number, Remark::HiddenText);
            }
            // Hidden fields still have to be followed.
            element.all("fldChar").for_each(|mark| self.field_mark(mark, &mut Line { number: line.number, ..Line::default() }, &run));
            return;
        }
        for child in element.elements() {
            self.in_run(child, &run, line);
        }
    }

    fn in_run<'e>(&mut self, element: &'e Element, run: &RunProperties, line: &mut Line<'e>) {
        match element.name.as_str() {
            "fldChar" => return self.field_mark(element, line, run),
            "instrText" => return self.field_code(&element.text(), run),
            "sym" if self.is_in_code() => {
                if let Some(letter) = symbol_of(element) {
                    self.field_code(letter.encode_utf8(&mut [0; 4]), run);
                }
                return;
            }
            "t" if self.is_in_code() => return self.stray(&element.text()),
            _ if self.is_in_code() => return,
            _ => {}
        }
        let before = line.pieces.len();
        match element.name.as_str() {
            "t" => {
                self.letters(&element.text(), run, line);
                self.field_shows();
            }
            "tab" | "ptab" => line.part(Part::Tab),
            "br" | "cr" => line.part(Part::Break),
            "noBreakHyphen" => line.text("-", run),
            // In the old fonts this place holds a letter.
            "softHyphen" if run.legacy().is_some() => line.text("\u{ad}", run),
            "sym" | "symEx" => match symbol_of(element) {
                Some(letter) => {
                    self.field_shows();
                    let unicode = RunProperties { others: None, ascii: None, ..*run };
                    line.text(letter.encode_utf8(&mut [0; 4]), &unicode);
                }
                None => {
                    let named = |name: &str| element.attribute(name).unwrap_or("").chars().take(40).collect::<String>();
                    self.notebook.lost(line.number, Loss::UnknownSymbol(named("font"), named("char")));
                    line.text("\u{fffd}", &RunProperties { others: None, ascii: None, ..*run });
                }
            },
            "footnoteReference" | "endnoteReference" => self.note(element, line),
            "AlternateContent" if Drawing::of(element).is_empty() => {
                // Newer letters with older ones beside them.
                if let Some(branch) = element.first("Choice").or_else(|| element.first("Fallback")) {
                    branch.elements().for_each(|child| self.in_run(child, run, line));
                }
            }
            "drawing" | "pict" | "object" | "AlternateContent" => self.drawing(element, line),
            "ruby" => {
                for part in ["rubyBase", "rt"] {
                    if let Some(own) = element.first(part).filter(|own| !own.text().is_empty()) {
                        let brackets = if part == "rt" { ["(", ")"] } else { ["", ""] };
                        line.text(brackets[0], run);
                        self.inlines(own, line);
                        line.text(brackets[1], run);
                    }
                }
            }
            "oMath" => self.formula(element, MathDisplay::Inline, line),
            // Some programs nest runs.
            "r" => self.run(element, line),
            _ => {}
        }
        if line.pieces.len() > before {
            self.field_shows();
        }
    }

    /// Letters of `w:t`, some of which stand for others by their font.
    fn letters(&mut self, text: &str, run: &RunProperties, line: &mut Line<'_>) {
        let font = run.symbol_font();
        let is_plain = |letter: char| letter != '\t' && letter != '\n' && letter != '\r' && !symbols::is_private(letter);
        if font.is_none() && text.chars().all(is_plain) {
            return line.text(text, run);
        }
        let unicode = RunProperties { others: None, ascii: None, ..*run };
        for letter in text.chars() {
            let mut buffer = [0; 4];
            match letter {
                '\t' => line.part(Part::Tab),
                '\n' | '\r' => line.text(" ", run),
                // Letters that look alike stay Latin, so that labels stay labels.
                letter if font == Some(SymbolFont::Symbol) && "ABEHIKMNOPTXZ.:)".contains(letter) => {
                    line.text(letter.encode_utf8(&mut buffer), &unicode)
                }
                letter if symbols::is_private(letter) || font.is_some() => {
                    let font = font.unwrap_or(SymbolFont::Symbol);
                    match symbols::letter(font, u32::from(letter)) {
                        Some(letter) => line.text(letter.encode_utf8(&mut buffer), &unicode),
                        None if symbols::is_private(letter) => {
                            self.notebook.lost(line.number, Loss::UnknownSymbol(format!("{font:?}"), format!("{:X}", u32::from(letter))));
                            line.text("\u{fffd}", &unicode);
                        }
                        None => line.text(letter.encode_utf8(&mut buffer), &unicode),
                    }
                }
                letter => line.text(letter.encode_utf8(&mut buffer), run),
            }
        }
    }

    fn formula(&mut self, math: &Element, display: MathDisplay, line: &mut Line<'_>) {
        if self.is_in_code() {
            return;
        }
        let converted = from_omml(math);
        if !converted.unknown.is_empty() {
            let mut names = converted.unknown;
            names.dedup();
            self.notebook.lost(line.number, Loss::UnknownFormula(names.join(", ").chars().take(200).collect()));
        }
        if !converted.latex.is_empty() {
            line.part(Part::Math { latex: converted.latex, display });
            self.field_shows();
        }
    }

    /// A note's text in brackets where its number stands.
    fn note(&mut self, element: &Element, line: &mut Line<'_>) {
        let key = (element.name.trim_end_matches("Reference").to_owned(), element.attribute("id").unwrap_or("").to_owned());
        let Some(note) = self.notes.remove(&key) else { return };
        let own = if key.0 == "footnote" { &self.footnote_relations } else { &self.endnote_relations };
        let outer = std::mem::replace(&mut self.relations, own.clone());
        let mut inner = Line { number: line.number, inherited: line.inherited, ..Line::default() };
        for (at, paragraph) in note.all("p").enumerate() {
            if at > 0 {
                inner.part(Part::Text(" ".to_owned(), line.inherited.run.look()));
            }
            let style = paragraph.first("pPr").and_then(|own| own.first("pStyle")).and_then(|style| style.attribute("val"));
            inner.inherited = self.styles.paragraph(style);
            self.inlines(paragraph, &mut inner);
        }
        self.relations = outer;
        let run = line.inherited.run;
        if let Some(Piece { part: Part::Text(text, _), .. }) = inner.pieces.first_mut() {
            *text = text.trim_start().to_owned();
        }
        if !inner.is_blank() {
            line.text(" [", &RunProperties { others: None, ascii: None, ..run });
            line.pieces.append(&mut inner.pieces);
            line.text("]", &RunProperties { others: None, ascii: None, ..run });
        }
    }

    fn drawing<'e>(&mut self, element: &'e Element, line: &mut Line<'e>) {
        if self.is_in_code() {
            return;
        }
        let mut drawing = Drawing::of(element);
        if element.name == "AlternateContent" && drawing.is_empty() {
            // Not a drawing: text of a newer Word with an older form beside it.
            if let Some(branch) = element.first("Choice").or_else(|| element.first("Fallback")) {
                self.inlines(branch, line);
            }
            return;
        }
        let number = line.number;
        for (count, loss) in [(drawing.charts, Loss::Chart), (drawing.diagrams, Loss::SmartArt), (drawing.ink, Loss::Ink)] {
            if count > 0 && drawing.pictures.is_empty() {
                self.notebook.lost(number, loss);
            }
        }
        if drawing.is_figure() {
            let words: Vec<String> = std::mem::take(&mut drawing.boxes).into_iter().map(|own| own.text().trim().to_owned()).collect();
            self.notebook.lost(number, Loss::Shapes(words.join(", ").chars().take(200).collect()));
        } else if drawing.shapes > drawing.lines || drawing.shapes > 2 {
            self.notebook.lost(number, Loss::Shapes(String::new()));
        } else if drawing.shapes > 0 {
            self.notebook.lost(number, Loss::Line);
        }
        for words in std::mem::take(&mut drawing.words) {
            line.text(&words, &line.inherited.run.clone());
        }
        if let Some(object) = drawing.object.take() {
            self.object(&object, drawing.pictures.first(), line);
        } else if let Some(latex) = drawing.equation.as_deref().and_then(equation_beside) {
            line.part(Part::Math { latex, display: MathDisplay::Inline });
        } else {
            for picture in &drawing.pictures {
                self.picture(picture, line);
            }
        }
        line.boxes.append(&mut drawing.boxes);
    }

    /// An object of another program: a formula as LaTeX where that works, else the picture of it.
    fn object(&mut self, object: &Object, picture: Option<&Picture>, line: &mut Line<'_>) {
        let name: String = object.program.chars().take(60).collect();
        if object.may_be_formula() {
            let part = object.relation.as_deref().and_then(|id| match self.relations.target(id) {
                Some(Target::Part(name)) => Some(name.clone()),
                _ => None,
            });
            let bytes = part.and_then(|part| self.package.read(&part).ok().flatten());
            if let Some(latex) = bytes.and_then(|bytes| (self.formulas.ole)(&bytes)).filter(|latex| !latex.trim().is_empty()) {
                line.part(Part::Math { latex, display: MathDisplay::Inline });
                return;
            }
        }
        let loss = match (picture.is_some_and(|picture| self.picture(picture, line)), object.is_formula()) {
            (true, true) => Loss::FormulaAsPicture,
            (false, true) => Loss::FormulaLost,
            (true, false) => Loss::ObjectAsPicture(name),
            (false, false) => Loss::ObjectLost(name),
        };
        self.notebook.lost(line.number, loss);
    }

    /// Keeps a picture; tells whether it could.
    fn picture(&mut self, picture: &Picture, line: &mut Line<'_>) -> bool {
        let number = line.number;
        let name = match self.relations.target(&picture.relation) {
            Some(Target::Part(name)) => name.clone(),
            Some(Target::External(place)) => {
                self.notebook.lost(number, Loss::ExternalPicture(place.clone()));
                return false;
            }
            // VML may name a file directly.
            None if picture.relation.contains("://") => {
                self.notebook.lost(number, Loss::ExternalPicture(picture.relation.chars().take(200).collect()));
                return false;
            }
            None => {
                self.notebook.lost(number, Loss::MissingPicture);
                return false;
            }
        };
        let id = match self.kept.get(&name) {
            Some(None) => {
                self.notebook.lost(number, Loss::MissingPicture);
                None
            }
            Some(id) => id.clone(),
            None => {
                let id = self.keep(&name, number);
                self.kept.insert(name, id.clone());
                id
            }
        };
        let Some(id) = id else { return false };
        if picture.cropped {
            self.notebook.lost(number, Loss::CroppedPicture);
        }
        line.part(Part::Media { id, kind: MediaKind::Picture, alt: picture.alt.clone(), width: picture.width });
        true
    }

    fn keep(&mut self, name: &str, number: u32) -> Option<String> {
        let Some(packed) = self.package.read(name).ok().flatten() else {
            self.notebook.lost(number, Loss::MissingPicture);
            return None;
        };
        let mut bytes = pictures::unpacked(packed);
        let Some(mut format) = pictures::format(&bytes) else {
            self.notebook.lost(number, Loss::UnreadablePicture);
            return None;
        };
        if !format.shown {
            match (self.formulas.preview)(&bytes, format.mime).and_then(|(made, _)| Some((pictures::format(&made)?, made))) {
                Some((made_format, made)) => (format, bytes) = (made_format, made),
                None => self.notebook.lost(number, Loss::UnshownPicture(format.mime)),
            }
        }
        Some(self.shelf.keep(format, bytes))
    }
}

fn symbol_of(element: &Element) -> Option<char> {
    symbols::symbol(element.attribute("font").unwrap_or(""), element.attribute("char").unwrap_or(""))
}

/// The equation that Word keeps as XML in an attribute of its picture.
fn equation_beside(xml: &str) -> Option<String> {
    let tree = Element::parse(xml.as_bytes(), "equationxml").ok()?;
    let math = tree.find("oMath")?;
    Some(from_omml(math).latex).filter(|latex| !latex.is_empty())
}

/// Whether an element is there and on.
pub(super) fn has(element: &Element, name: &str) -> bool {
    element.first(name).is_some_and(|own| is_on(own.attribute("val")))
}

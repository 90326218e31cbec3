//! What a drawing holds, in DrawingML or VML: pictures, text boxes, shapes, charts. It is looked at
//! without changing anything, so that of two alternatives the better one can be taken.

use crate::xml::Element;

use super::symbols;

/// Everything found in a drawing.
#[derive(Debug, Default)]
pub(super) struct Drawing<'e> {
    pub pictures: Vec<Picture>,
    /// `w:txbxContent` elements.
    pub boxes: Vec<&'e Element>,
    /// Words drawn as shapes (WordArt).
    pub words: Vec<String>,
    /// Shapes with neither text nor picture.
    pub shapes: usize,
    /// Those among them that are a single line or arrow.
    pub lines: usize,
    pub charts: usize,
    pub diagrams: usize,
    pub ink: usize,
    pub object: Option<Object>,
    /// An equation in XML that Word keeps beside its picture.
    pub equation: Option<String>,
    grouped: bool,
}

/// A picture of a drawing.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    /// Relationship of the picture in the package, or of the link.
    pub relation: String,
    pub alt: String,
    pub width: Option<u16>,
    pub cropped: bool,
}

/// An object of another program.
#[derive(Clone, Debug, Default)]
pub(super) struct Object {
    /// `Equation.DSMT4`
    pub program: String,
    pub relation: Option<String>,
}

impl Object {
    pub(super) fn is_formula(&self) -> bool {
        let program = self.program.to_ascii_lowercase();
        program.starts_with("equation") || program.starts_with("mathtype")
    }

    /// Also those whose program is not named: LibreOffice leaves the name out when it makes an old
    /// Word file a new one, and keeps the formula.
    pub(super) fn may_be_formula(&self) -> bool {
        self.program.is_empty() || self.is_formula()
    }
}

impl<'e> Drawing<'e> {
    /// Looks at `w:drawing`, `w:pict`, `w:object` or one branch of an alternative.
    pub(super) fn of(element: &'e Element) -> Self {
        let mut drawing = Self::default();
        drawing.look(element, &Frame::default());
        drawing
    }

    /// Whether it gives anything a reader can be shown.
    pub(super) fn is_usable(&self) -> bool {
        !self.pictures.is_empty() || !self.boxes.is_empty() || !self.words.is_empty() || self.equation.is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.is_usable() && self.shapes + self.charts + self.diagrams + self.ink == 0 && self.object.is_none()
    }

    /// A figure made of shapes whose boxes are only names of points and sides.
    pub(super) fn is_figure(&self) -> bool {
        self.grouped && self.shapes > 0 && self.boxes.iter().all(|own| is_caption(own))
    }

    fn look(&mut self, element: &'e Element, frame: &Frame) {
        match element.name.as_str() {
            "AlternateContent" => self.alternatives(element, frame),
            "inline" | "anchor" => {
                let frame = Frame::of_drawing(element);
                element.elements().for_each(|child| self.look(child, &frame));
            }
            "pic" => self.picture(element, frame),
            "wsp" | "sp" | "cxnSp" => self.shape(element, frame),
            "chart" => self.charts += 1,
            "relIds" => self.diagrams += 1,
            "contentPart" => self.ink += 1,
            "wgp" | "grpSp" | "wpc" | "lockedCanvas" => {
                self.grouped = true;
                let inner = Frame { width: None, ..frame.clone() };
                element.elements().for_each(|child| self.look(child, &inner));
            }
            "shape" | "rect" | "oval" | "roundrect" | "line" | "polyline" | "arc" | "curve" | "image" => self.vml(element, frame),
            "group" => {
                self.grouped = true;
                let inner = Frame { in_group: true, ..frame.clone() };
                element.elements().for_each(|child| self.look(child, &inner));
            }
            "OLEObject" | "objectEmbed" | "objectLink" => {
                let text = |name: &str| element.attribute(name).map(str::to_owned);
                self.object = Some(Object { program: text("ProgID").or_else(|| text("progId")).unwrap_or_default(), relation: text("id") });
            }
            "control" => {
                let name = element.attribute("name").unwrap_or("ActiveX").to_owned();
                self.object.get_or_insert(Object { program: name, relation: None });
            }
            "drawing" | "pict" | "object" | "Choice" | "Fallback" | "graphic" | "graphicData" | "graphicFrame" | "r" => {
                element.elements().for_each(|child| self.look(child, frame));
            }
            _ => {}
        }
    }

    /// The first branch that gives something; else the first, for what was lost with it.
    fn alternatives(&mut self, element: &'e Element, frame: &Frame) {
        let look = |branch: &'e Element| {
            let mut drawing = Drawing { grouped: self.grouped, ..Drawing::default() };
            branch.elements().for_each(|child| drawing.look(child, frame));
            drawing
        };
        let mut first: Option<Drawing<'e>> = None;
        for branch in element.elements().take(8) {
            let drawing = look(branch);
            if drawing.is_usable() {
                first = Some(drawing);
                break;
            }
            first = first.or((!drawing.is_empty()).then_some(drawing));
        }
        if let Some(found) = first {
            self.add(found);
        }
    }

    fn add(&mut self, mut other: Self) {
        self.pictures.append(&mut other.pictures);
        self.boxes.append(&mut other.boxes);
        self.words.append(&mut other.words);
        self.shapes += other.shapes;
        self.lines += other.lines;
        self.charts += other.charts;
        self.diagrams += other.diagrams;
        self.ink += other.ink;
        self.object = self.object.take().or(other.object);
        self.equation = self.equation.take().or(other.equation);
        self.grouped |= other.grouped;
    }

    fn picture(&mut self, element: &'e Element, frame: &Frame) {
        let Some(fill) = element.first("blipFill") else { return };
        let Some(blip) = fill.first("blip") else { return };
        let named = |name: &str| blip.attribute(name).filter(|id| !id.is_empty());
        let Some(relation) = named("embed").or_else(|| named("link")) else { return };
        let described = element.find("cNvPr").map(alt_text).unwrap_or_default();
        let cut = |side: &str| {
            fill.first("srcRect").and_then(|cut| cut.attribute(side)).and_then(|cut| cut.trim_end_matches('%').parse::<f64>().ok())
        };
        self.pictures.push(Picture {
            relation: relation.to_owned(),
            alt: if frame.alt.is_empty() { described } else { frame.alt.clone() },
            width: frame.width.or_else(|| element.first("spPr")?.first("xfrm")?.first("ext")?.attribute("cx").and_then(emu)),
            cropped: ["l", "t", "r", "b"].iter().any(|side| cut(side).is_some_and(|cut| cut > 1000.0)),
        });
    }

    fn shape(&mut self, element: &'e Element, frame: &Frame) {
        if let Some(content) = element.first("txbx").and_then(|own| own.first("txbxContent")) {
            self.boxes.push(content);
        } else if let Some(text) = element.first("txBody").map(Element::text).filter(|text| !text.trim().is_empty()) {
            self.words.push(text);
        } else if element.first("spPr").is_some_and(|own| own.first("blipFill").is_some()) {
            if let Some(own) = element.first("spPr") {
                self.picture(own, frame);
            }
        } else {
            self.shapes += 1;
            let preset = element.first("spPr").and_then(|own| own.first("prstGeom")?.attribute("prst")).unwrap_or("");
            self.lines += usize::from(preset == "line" || preset.contains("Connector") || preset.ends_with("Arrow"));
        }
    }

    fn vml(&mut self, element: &'e Element, frame: &Frame) {
        if element.attribute("hr").is_some_and(|value| matches!(value, "t" | "true")) {
            return;
        }
        if let Some(xml) = element.attribute("equationxml") {
            self.equation = Some(xml.to_owned());
        }
        let image = element.first("imagedata");
        let relation =
            image.and_then(|image| ["id", "pict", "href"].iter().find_map(|name| image.attribute(name).filter(|id| !id.is_empty())));
        if let Some((image, relation)) = image.zip(relation) {
            let alt = element.attribute("alt").or_else(|| image.attribute("title")).unwrap_or("");
            let cut = |side: &str| {
                image
                    .attribute(side)
                    .is_some_and(|cut| cut.trim_end_matches('f').parse::<f64>().is_ok_and(|cut| cut > 655.0 || (0.01..1.0).contains(&cut)))
            };
            self.pictures.push(Picture {
                relation: relation.to_owned(),
                alt: alt.to_owned(),
                width: if frame.in_group { None } else { element.attribute("style").and_then(vml_width) },
                cropped: ["cropleft", "croptop", "cropright", "cropbottom"].iter().any(|side| cut(side)),
            });
        } else if let Some(content) = element.first("textbox").and_then(|own| own.first("txbxContent")) {
            self.boxes.push(content);
        } else if let Some(words) = element.first("textpath").and_then(|own| own.attribute("string")) {
            self.words.push(words.to_owned());
        } else {
            self.shapes += 1;
            self.lines += usize::from(element.name == "line" || element.attribute("type").is_some_and(|kind| kind.ends_with("t32")));
        }
    }
}

/// What a drawing says of all that is in it.
#[derive(Clone, Debug, Default)]
struct Frame {
    alt: String,
    width: Option<u16>,
    /// Sizes there are in the group's own units.
    in_group: bool,
}

impl Frame {
    fn of_drawing(element: &Element) -> Self {
        Self {
            alt: element.first("docPr").map(alt_text).unwrap_or_default(),
            width: element.first("extent").and_then(|extent| extent.attribute("cx")).and_then(emu),
            in_group: false,
        }
    }
}

/// The words an author wrote for those who cannot see it.
fn alt_text(properties: &Element) -> String {
    let words = properties.attribute("descr").filter(|words| !words.trim().is_empty()).or_else(|| properties.attribute("title"));
    words.unwrap_or("").chars().filter(|letter| !letter.is_control() && !symbols::is_private(*letter)).take(1000).collect()
}

/// English metric units in CSS pixels.
fn emu(value: &str) -> Option<u16> {
    let units: u64 = value.parse().ok()?;
    u16::try_from(units / 9525).ok().filter(|width| *width > 0)
}

/// `width:38.25pt` of a style, in CSS pixels.
fn vml_width(style: &str) -> Option<u16> {
    let value = style.split(';').find_map(|rule| {
        let (name, value) = rule.split_once(':')?;
        (name.trim() == "width").then(|| value.trim())
    })?;
    let digits = value.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: f64 = digits.parse().ok()?;
    let scale = match value.get(digits.len()..)? {
        "pt" => 96.0 / 72.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "px" | "" => 1.0,
        _ => return None,
    };
    let pixels = (number * scale).round();
    // In range, so the cast is exact.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie between 1 and 65535")]
    (1.0..=65535.0).contains(&pixels).then_some(pixels as u16)
}

/// Few letters: the name of a point, the length of a side.
fn is_caption(content: &Element) -> bool {
    let text = content.text();
    text.split_whitespace().count() <= 3 && text.chars().count() <= 20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_css_pixels() {
        assert_eq!(vml_width("width:38.25pt;height:15.75pt"), Some(51));
        assert_eq!(vml_width("position:absolute; width: 1in"), Some(96));
        assert_eq!(vml_width("width:-5pt"), None);
        assert_eq!(vml_width("width:1e99pt"), None);
        assert_eq!(emu("952500"), Some(100));
        assert_eq!(emu("99999999999999"), None);
    }
}

//! MathML (presentation) to LaTeX: from HTML of editors, from QTI and Moodle, with or without a prefix.

mod operators;
mod scripts;
mod tables;

use scraper::Node as HtmlNode;

use super::latex::{self, Enclosure, FractionKind, Node, Place, Space, Style, to_latex};
use crate::xml::{Child, Element};

/// Elements in one another.
const DEEPEST: usize = 48;
/// Elements in one formula.
const MOST: usize = 50_000;

/// LaTeX of a `math` element.
///
/// Editors write the LaTeX they started from as an annotation; that is the author's own and comes first.
///
/// # Errors
/// The letters of the formula, where it can't be told.
pub fn from_mathml(math: &Element) -> Result<String, String> {
    if let Some(annotation) = annotation(math) {
        return Ok(annotation);
    }
    let mut reader = Reader { left: MOST };
    let letters = || math.text().split_whitespace().collect::<Vec<_>>().join(" ");
    match reader.row(math, 0) {
        Some(node) if !node.is_empty() => Ok(to_latex(&node)),
        _ => Err(letters()),
    }
}

/// LaTeX of a `<math>` element of HTML, or its letters where it cannot be told.
pub(crate) fn from_mathml_tree(node: ego_tree::NodeRef<'_, HtmlNode>) -> Result<String, String> {
    let mut left = MOST;
    match element_of_html(node, 0, &mut left) {
        Some(element) => from_mathml(&element),
        None => {
            let letters: String = node.descendants().filter_map(|below| below.value().as_text().map(|text| &**text)).collect();
            Err(letters.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    }
}

fn element_of_html(node: ego_tree::NodeRef<'_, HtmlNode>, depth: usize, left: &mut usize) -> Option<Element> {
    let html = node.value().as_element()?;
    if depth > DEEPEST * 2 {
        return None;
    }
    let full = html.name();
    let (prefix, name) = full.split_once(':').unwrap_or(("", full));
    let mut element = Element {
        prefix: prefix.to_owned(),
        name: name.to_owned(),
        attributes: html.attrs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        children: Vec::new(),
    };
    for child in node.children() {
        *left = left.checked_sub(1)?;
        if let Some(text) = child.value().as_text() {
            element.children.push(Child::Text(text.to_string()));
        } else if child.value().is_element() {
            element.children.push(Child::Element(element_of_html(child, depth + 1, left)?));
        }
    }
    Some(element)
}

/// The source of the formula, where an annotation keeps it and it is LaTeX that is understood.
fn annotation(math: &Element) -> Option<String> {
    let mut waiting = vec![math];
    let mut seen = 0;
    while let Some(element) = waiting.pop() {
        seen += 1;
        if seen > MOST {
            return None;
        }
        let tex = element.name.eq_ignore_ascii_case("annotation")
            && element.attribute("encoding").is_some_and(|kind| {
                ["application/x-tex", "tex", "latex", "application/x-latex", "text/x-tex"].iter().any(|tex| kind.eq_ignore_ascii_case(tex))
            });
        if tex {
            let source = element.text().trim().to_owned();
            return (!source.is_empty()).then_some(source);
        }
        waiting.extend(element.elements());
    }
    None
}

struct Reader {
    left: usize,
}

/// What an element is; `None` anywhere makes the whole formula untold.
type Told = Option<Node>;

impl Reader {
    /// The children side by side.
    fn row(&mut self, element: &Element, depth: usize) -> Told {
        let children: Vec<&Element> = element.elements().collect();
        self.pieces(&children, depth + 1).map(Node::row)
    }

    fn pieces(&mut self, children: &[&Element], depth: usize) -> Option<Vec<Node>> {
        if depth > DEEPEST {
            return None;
        }
        let mut read = Vec::new();
        for child in children {
            read.push((*child, self.element(child, depth)?));
        }
        Some(operators::fenced(read))
    }

    /// The child at a place; nothing where there is none.
    fn child(&mut self, element: &Element, at: usize, depth: usize) -> Told {
        match element.elements().nth(at) {
            Some(child) => self.element(child, depth + 1),
            None => Some(Node::empty()),
        }
    }

    fn element(&mut self, element: &Element, depth: usize) -> Told {
        if depth > DEEPEST {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let boxed = |told: Told| told.map(Box::new);
        Some(match element.name.to_ascii_lowercase().as_str() {
            "math" | "mrow" | "mstyle" | "mpadded" | "merror" | "maction" | "mtd" => {
                // An action shows one of its children.
                if element.name == "maction" { self.child(element, 0, depth)? } else { self.row(element, depth)? }
            }
            "semantics" => self.child(element, 0, depth)?,
            "mi" => operators::identifier(element),
            "mn" => Node::letters(&clean(&element.text()).replace('-', "−")),
            "mo" => operators::operator(&clean(&element.text())),
            "mtext" | "ms" => words(&element.text()),
            "mspace" => operators::space(element.attribute("width")),
            "mphantom" | "none" | "mprescripts" | "annotation" | "annotation-xml" | "maligngroup" | "malignmark" => Node::empty(),
            "mfrac" => {
                let (top, bottom) = (boxed(self.child(element, 0, depth))?, boxed(self.child(element, 1, depth))?);
                let thin = element.attribute("linethickness").is_some_and(|width| width.trim_start().starts_with('0'));
                let kind = if thin {
                    FractionKind::NoBar
                } else if element.attribute("bevelled") == Some("true") {
                    FractionKind::Slash
                } else {
                    FractionKind::Bar
                };
                Node::Fraction(kind, top, bottom)
            }
            "msqrt" => Node::Root(None, boxed(self.row(element, depth))?),
            "mroot" => {
                let body = boxed(self.child(element, 0, depth))?;
                Node::Root(boxed(self.child(element, 1, depth)), body)
            }
            "msub" | "msup" | "msubsup" | "munder" | "mover" | "munderover" => self.script(element, depth)?,
            "mmultiscripts" => self.scripts_around(element, depth)?,
            "mfenced" => self.fence(element, depth)?,
            "menclose" => {
                let body = self.row(element, depth)?;
                enclosed(element.attribute("notation").unwrap_or("longdiv"), body)
            }
            "mtable" => self.table(element, depth)?,
            // What a browser shows for an element it does not know is what stands in it.
            _ => {
                let inner = self.row(element, depth)?;
                if inner.is_empty() { words(&element.text()) } else { inner }
            }
        })
    }
}

/// Letters without line ends and unseen signs.
fn clean(text: &str) -> String {
    let kept: String =
        text.chars().filter(|letter| !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words(text: &str) -> Node {
    let text: String = text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
    match text.trim() {
        "" if text.is_empty() => Node::empty(),
        "" => Node::Space(Space::Word),
        _ => Node::Text(text),
    }
}

fn enclosed(notation: &str, body: Node) -> Node {
    let has = |name: &str| notation.split_whitespace().any(|own| own == name);
    if has("box") || has("roundedbox") || has("circle") {
        Node::Enclosed(Enclosure::Box, body.into())
    } else if has("updiagonalstrike") && has("downdiagonalstrike") {
        Node::Enclosed(Enclosure::Crossed, body.into())
    } else if has("updiagonalstrike") {
        Node::Enclosed(Enclosure::Rising, body.into())
    } else if has("downdiagonalstrike") {
        Node::Enclosed(Enclosure::Falling, body.into())
    } else if has("horizontalstrike") {
        Node::Enclosed(Enclosure::Struck, body.into())
    } else if has("top") {
        Node::Accent(latex::Accent::Overline, body.into())
    } else if has("bottom") {
        Node::Accent(latex::Accent::Underline, body.into())
    } else if has("radical") {
        Node::Root(None, body.into())
    } else if has("left") || has("right") {
        let bar = |side: &str| has(side).then_some('|');
        Node::Fence(bar("left"), vec![body], bar("right"))
    } else {
        body
    }
}

/// A style of the attribute `mathvariant`.
fn variant(name: &str) -> Option<Style> {
    Some(match name {
        "normal" => Style::Upright,
        "bold" => Style::Bold,
        "italic" => Style::Italic,
        "bold-italic" => Style::BoldItalic,
        "double-struck" => Style::DoubleStruck,
        "script" | "bold-script" => Style::Script,
        "fraktur" | "bold-fraktur" => Style::Fraktur,
        "sans-serif" | "bold-sans-serif" | "sans-serif-italic" => Style::SansSerif,
        "monospace" => Style::Monospace,
        _ => return None,
    })
}

/// Something with scripts, stacked only where it matters.
fn scripted(base: Node, sub: Option<Node>, sup: Option<Node>, place: Place) -> Node {
    let some = |node: Option<Node>| node.filter(|node| !node.is_empty());
    Node::script(base, some(sub), some(sup), place)
}

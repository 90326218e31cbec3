//! Word's equations (OMML) as LaTeX that KaTeX and MathJax understand.
//!
//! What is not known keeps its letters and is named, so that the reader can tell the teacher.

mod delimiters;
mod letters;
mod marks;
mod scripts;

use crate::xml::Element;

/// A formula come over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Converted {
    /// LaTeX without dollars; empty where there was nothing to see.
    pub latex: String,
    /// Names of elements that were not understood.
    pub unknown: Vec<String>,
}

/// LaTeX of an `m:oMath` element, or of anything that holds the same children.
pub(crate) fn from_omml(math: &Element) -> Converted {
    let mut writer = Writer { ampersand: Ampersand::Letter, unknown: Vec::new() };
    let latex = writer.inside(math);
    Converted { latex: latex.trim().to_owned(), unknown: writer.unknown }
}

/// What `&` in a text run is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ampersand {
    /// A letter.
    Letter,
    /// The place where lines of an equation array are aligned.
    Alignment,
}

struct Writer {
    ampersand: Ampersand,
    unknown: Vec<String>,
}

impl Writer {
    /// All children, one after another.
    fn inside(&mut self, element: &Element) -> String {
        let mut out = String::new();
        for child in element.elements() {
            self.element(child, &mut out);
        }
        out
    }

    /// The children of the argument of this name; empty where there is none.
    fn argument(&mut self, element: &Element, name: &str) -> String {
        element.first(name).map(|argument| self.inside(argument)).unwrap_or_default()
    }

    fn element(&mut self, element: &Element, out: &mut String) {
        if is_deleted(element) {
            return;
        }
        let latex = match element.name.as_str() {
            "r" => letters::run(element, self.ampersand),
            "f" => self.fraction(element),
            "rad" => self.radical(element),
            "nary" => self.nary(element),
            "sSub" | "sSup" | "sSubSup" | "sPre" => self.script(element),
            "d" => self.delimiter(element),
            "m" => self.matrix(element),
            "eqArr" => self.array(element),
            "acc" => self.accent(element),
            "bar" => self.bar(element),
            "groupChr" => self.group_character(element),
            "borderBox" => self.bordered(element),
            "phant" => self.phantom(element),
            "func" => self.function(element),
            "limLow" => self.limit(element, "lim", "_"),
            "limUpp" => self.limit(element, "lim", "^"),
            "box" => self.argument(element, "e"),
            "oMathPara" | "oMath" | "e" | "num" | "den" | "sub" | "sup" | "deg" | "lim" | "fName" | "ins" | "moveTo" | "smartTag"
            | "sdt" | "sdtContent" | "customXml" | "hyperlink" | "fldSimple" => self.inside(element),
            "AlternateContent" => {
                let branch = element.first("Choice").or_else(|| element.first("Fallback"));
                branch.map(|branch| self.inside(branch)).unwrap_or_default()
            }
            // Deleted text; properties; marks without letters.
            "del" | "moveFrom" | "proofErr" | "permStart" | "permEnd" => return,
            name if name.ends_with("Pr")
                || name.starts_with("bookmark")
                || name.starts_with("comment")
                || name.ends_with("RangeStart")
                || name.ends_with("RangeEnd") =>
            {
                return;
            }
            name => {
                if self.unknown.len() < 20 {
                    self.unknown.push(name.to_owned());
                }
                let kept = self.inside(element);
                if kept.is_empty() { letters::plain(&element.text()) } else { kept }
            }
        };
        push(out, &latex);
    }

    fn fraction(&mut self, element: &Element) -> String {
        let (num, den) = (self.argument(element, "num"), self.argument(element, "den"));
        match setting(element, "fPr", "type").unwrap_or("bar") {
            "noBar" => format!("\\genfrac{{}}{{}}{{0pt}}{{}}{{{num}}}{{{den}}}"),
            "lin" | "skw" => format!("{{{num}}}/{{{den}}}"),
            _ => format!("\\frac{{{num}}}{{{den}}}"),
        }
    }

    fn radical(&mut self, element: &Element) -> String {
        let degree = self.argument(element, "deg");
        let radicand = self.argument(element, "e");
        if degree.trim().is_empty() || is_on(element, "radPr", "degHide") {
            format!("\\sqrt{{{radicand}}}")
        } else {
            format!("\\sqrt[{degree}]{{{radicand}}}")
        }
    }
}

/// Appends, keeping `\alpha` and `b` apart.
pub(in crate::math) fn push(out: &mut String, piece: &str) {
    let letters = out.bytes().rev().take_while(u8::is_ascii_alphabetic).take(40).count();
    let in_command = letters > 0 && out.len().checked_sub(letters + 1).and_then(|at| out.as_bytes().get(at)) == Some(&b'\\');
    if in_command && piece.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        out.push(' ');
    }
    out.push_str(piece);
}

/// `m:val` of a setting in a properties element.
fn setting<'e>(element: &'e Element, properties: &str, name: &str) -> Option<&'e str> {
    element.first(properties)?.first(name).map(|setting| setting.attribute("val").unwrap_or(""))
}

/// Whether an on-off setting is on: present, and not said to be off.
fn is_on(element: &Element, properties: &str, name: &str) -> bool {
    setting(element, properties, name).is_some_and(|value| !matches!(value, "0" | "off" | "false"))
}

/// A structure whose control characters are a deleted revision.
fn is_deleted(element: &Element) -> bool {
    let properties = element.elements().find(|child| child.name.ends_with("Pr"));
    properties.and_then(|own| own.first("ctrlPr")).is_some_and(|control| control.first("del").is_some())
}

#[cfg(test)]
mod tests;

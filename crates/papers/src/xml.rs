//! XML as a tree, for formats that have to be looked at from several sides. No DTD, no entities but
//! the five built in, nothing external; depth and count are bounded.

mod stream;

pub use stream::{Piece, stream};

use exchange::decode::decode_text;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::ReadError;

/// Text boxes in tables in text boxes reach 60.
const DEEPEST: usize = 256;
/// A paper of a thousand questions has half a million.
const MOST_NODES: usize = 4_000_000;

/// An element. Names have their prefix apart, as written: `w` and `p` of `w:p`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Prefix, or empty.
    pub prefix: String,
    /// Name without prefix.
    pub name: String,
    /// Attributes by their name without prefix, unescaped.
    pub attributes: Vec<(String, String)>,
    /// What is inside, in order.
    pub children: Vec<Child>,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Child {
    /// An element.
    Element(Element),
    /// Letters.
    Text(String),
}

/// Letters as they stand in XML, also in attributes. What XML 1.0 cannot hold at all is left out.
pub(crate) fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other if is_allowed(other) => out.push(other),
            _ => {}
        }
    }
}

/// XML knows no control characters, not even escaped ones.
pub(crate) fn is_allowed(letter: char) -> bool {
    matches!(letter, '\n' | '\t') || !(letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}'))
}

impl Element {
    /// Reads a document. `part` names it in errors.
    ///
    /// # Errors
    /// [`ReadError`] with the place.
    pub fn parse(bytes: &[u8], part: &str) -> Result<Self, ReadError> {
        parse(&decode_text(bytes), part)
    }

    /// An attribute by its name without prefix.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Elements directly inside.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// Elements of a name directly inside.
    pub fn all<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first element of a name directly inside.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// The first element of a name at any depth.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Self> {
        self.elements().find_map(|element| if element.name == name { Some(element) } else { element.find(name) })
    }

    /// All letters inside, at any depth.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.gather(&mut out);
        out
    }

    fn gather(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Element(element) => element.gather(out),
                Child::Text(text) => out.push_str(text),
            }
        }
    }
}

fn parse(text: &str, part: &str) -> Result<Element, ReadError> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    // The first is no element: it holds the root.
    let mut open = vec![Element::default()];
    let mut nodes = 0_usize;
    loop {
        let line =
            |at: u64| text.as_bytes().iter().take(usize::try_from(at).unwrap_or(usize::MAX)).filter(|byte| **byte == b'\n').count() + 1;
        let event =
            reader.read_event().map_err(|error| ReadError::broken(part, &format!("dòng {}: {error}", line(reader.error_position()))))?;
        nodes += 1;
        if nodes > MOST_NODES || open.len() > DEEPEST {
            return Err(ReadError::too_large(part));
        }
        match event {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => add(&mut open, Child::Element(element(&start))),
            Event::End(_) => {
                if let Some(done) = open.pop() {
                    add(&mut open, Child::Element(done));
                }
            }
            Event::Text(piece) => add_text(&mut open, &piece),
            Event::CData(piece) => add_text(&mut open, &piece),
            Event::GeneralRef(reference) => {
                if let Some(letter) = built_in(&reference) {
                    add_text(&mut open, letter.encode_utf8(&mut [0; 4]));
                }
            }
            Event::DocType(_) if declares(text) => {
                return Err(ReadError::new(
                    "file-entities",
                    format!("Tệp có khai báo thực thể XML ở phần “{part}”, không được chấp nhận."),
                ));
            }
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if open.len() != 1 {
        return Err(ReadError::broken(part, "kết thúc giữa chừng"));
    }
    let root = open.pop().and_then(|holder| {
        holder.children.into_iter().find_map(|child| match child {
            Child::Element(root) => Some(root),
            Child::Text(_) => None,
        })
    });
    root.ok_or_else(|| ReadError::broken(part, "không có nội dung"))
}

/// A document type that declares entities, or fetches something that might.
fn declares(text: &str) -> bool {
    let head: String = text.chars().take(4000).collect::<String>().to_ascii_uppercase();
    head.contains("<!ENTITY") || head.contains("<!ATTLIST")
}

fn add(open: &mut [Element], child: Child) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(child);
    }
}

fn add_text(open: &mut [Element], piece: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Child::Text(text)) => text.push_str(piece),
        _ => parent.children.push(Child::Text(piece.to_owned())),
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let name = start.name();
    let attributes = start.attributes().flatten().map(|attribute| {
        let raw: &str = attribute.value.as_ref();
        let value = quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |value| value.into_owned());
        (attribute.key.local_name().as_ref().to_owned(), value)
    });
    Element {
        prefix: name.prefix().map(|prefix| AsRef::<str>::as_ref(&prefix).to_owned()).unwrap_or_default(),
        name: AsRef::<str>::as_ref(&name.local_name()).to_owned(),
        attributes: attributes.collect(),
        children: Vec::new(),
    }
}

fn built_in(reference: &str) -> Option<char> {
    let number = match reference {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        // Not XML's, yet written by programs that think in HTML.
        "nbsp" => return Some('\u{a0}'),
        numeric => numeric.strip_prefix('#')?,
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|letter| !letter.is_control() || letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_a_tree() {
        let root = Element::parse(b"<?xml version='1.0'?><w:a w:x='1&amp;2'>t<b/><![CDATA[<c>]]>&#65;</w:a>", "thử").unwrap();
        assert_eq!((root.prefix.as_str(), root.name.as_str(), root.attribute("x")), ("w", "a", Some("1&2")));
        assert_eq!(root.text(), "t<c>A");
    }

    #[test]
    fn hostile_documents_are_refused_with_their_place() {
        let bomb = b"<!DOCTYPE a [<!ENTITY x 'xxxxxxxx'>]><a>&x;</a>";
        assert_eq!(Element::parse(bomb, "thử").unwrap_err().code, "file-entities");
        let deep = "<a>".repeat(1000);
        assert_eq!(Element::parse(deep.as_bytes(), "thử").unwrap_err().code, "file-too-large");
        let broken = Element::parse(b"<a>\n<b></a>", "thử").unwrap_err();
        assert!(broken.message.contains("dòng 2") && broken.message.contains("thử"), "{broken}");
        assert_eq!(Element::parse(b"", "thử").unwrap_err().code, "file-broken");
    }
}

//! XML written line by line, as Moodle lays it out.

use std::fmt::Write as _;

use crate::xml::{escape, is_allowed};

/// A document being written.
#[derive(Default)]
pub(super) struct XmlOut {
    out: String,
}

impl XmlOut {
    pub fn new() -> Self {
        Self { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned() }
    }

    /// An element with others inside.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push('\n');
    }

    /// Its end.
    pub fn close(&mut self, name: &str) {
        let _ = writeln!(self.out, "</{name}>");
    }

    /// An element with letters inside.
    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes);
        self.letters(text);
        self.close(name);
    }

    /// An element with `<text>` inside, as Moodle has it nearly everywhere.
    pub fn text_in(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.leaf("text", &[], text);
        self.close(name);
    }

    /// The document.
    pub fn finish(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.out, "<{name}");
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"");
            escape(value, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn letters(&mut self, text: &str) {
        if text.contains(['<', '&']) && !text.contains("]]>") {
            self.out.push_str("<![CDATA[");
            self.out.extend(text.chars().filter(|letter| is_allowed(*letter)));
            self.out.push_str("]]>");
        } else {
            escape(text, &mut self.out);
        }
    }
}

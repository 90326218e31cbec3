//! One set of names for QTI 2 and 3: `qti-choice-interaction` and `choiceInteraction` are both
//! `choiceinteraction`, `response-identifier` is `responseidentifier`.

use crate::xml::{Child, Element};

/// The attribute that keeps what an interaction is called in the file, for the report.
pub(super) const OWN_NAME: &str = "own-name";

/// The same tree with plain names.
pub(super) fn plain(element: Element) -> Element {
    let own = element.name;
    let name = folded(own.strip_prefix("qti-").unwrap_or(&own));
    let mut attributes: Vec<(String, String)> = element.attributes.into_iter().map(|(name, value)| (attribute(&name), value)).collect();
    if name.ends_with("interaction") {
        attributes.push((OWN_NAME.to_owned(), own));
    }
    let children = element.children.into_iter().map(|child| match child {
        Child::Element(inner) => Child::Element(plain(inner)),
        text @ Child::Text(_) => text,
    });
    Element { prefix: element.prefix, name, attributes, children: children.collect() }
}

fn attribute(name: &str) -> String {
    // These are HTML's and ours; they mean the same in both.
    if name.starts_with("data-") { name.to_owned() } else { folded(name) }
}

fn folded(name: &str) -> String {
    name.chars().filter(|letter| *letter != '-').flat_map(char::to_lowercase).collect()
}

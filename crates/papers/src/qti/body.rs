//! The body of an item as HTML of ours, with its interactions taken out of it.

use std::fmt::Write as _;

use super::names::OWN_NAME;
use crate::rich::escape_html as escape;
use crate::xml::{Child, Element};

/// An interaction found in a body.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) element: &'a Element,
    /// The number of the first gap it left in the HTML; `None` for one that stands on its own.
    pub(super) blank: Option<u32>,
}

/// A body taken apart.
#[derive(Debug, Default)]
pub(super) struct Body<'a> {
    pub(super) html: String,
    pub(super) interactions: Vec<Found<'a>>,
    /// Feedback that stands in the body, shown after answering.
    pub(super) feedback: Vec<&'a Element>,
    /// How it is marked: rubrics not meant for the one who answers.
    pub(super) rubrics: Vec<&'a Element>,
    /// Values filled in by a template, which nothing of ours can hold.
    pub(super) printed: bool,
    blanks: u32,
}

/// Takes a body apart.
pub(super) fn body(element: &Element) -> Body<'_> {
    let mut body = Body::default();
    body.children(element);
    body
}

/// What stands inside an element, as HTML; gaps and interactions in it are left out.
pub(super) fn html(element: &Element) -> String {
    body(element).html
}

impl<'a> Body<'a> {
    fn children(&mut self, element: &'a Element) {
        for child in &element.children {
            match child {
                Child::Text(text) => escape(text, &mut self.html),
                Child::Element(inner) => self.element(inner),
            }
        }
    }

    fn element(&mut self, element: &'a Element) {
        match element.name.as_str() {
            "textentryinteraction" | "inlinechoiceinteraction" => {
                let blank = self.gap();
                self.interactions.push(Found { element, blank: Some(blank) });
            }
            "gapmatchinteraction" => self.gap_match(element),
            // A player of sound or film: what it plays stays; a lone one is told about by the caller.
            "mediainteraction" => {
                self.interactions.push(Found { element, blank: None });
                self.children(element);
            }
            name if name.ends_with("interaction") => self.interactions.push(Found { element, blank: None }),
            "modalfeedback" | "feedbackblock" | "feedbackinline" => self.feedback.push(element),
            "rubricblock" if !is_for_candidate(element) => self.rubrics.push(element),
            "rubricblock" | "itembody" | "stimulusbody" | "contentbody" | "templateblock" | "templateinline" => self.tagged("div", element),
            "printedvariable" => self.printed = true,
            "stylesheet" | "cataloginfo" | "catalog" | "companionmaterialsinfo" | "script" | "style" => {}
            "object" => self.object(element),
            "include" => self.html.push_str("<object></object>"),
            "gap" => {
                let blank = self.gap();
                let _ = blank;
            }
            _ => self.tagged(&element.name, element),
        }
    }

    fn gap(&mut self) -> u32 {
        self.blanks += 1;
        let _ = write!(self.html, "<span data-blank=\"{}\"></span>", self.blanks);
        self.blanks
    }

    /// The choices go, the text with its gaps stays.
    fn gap_match(&mut self, element: &'a Element) {
        let first = self.blanks + 1;
        self.interactions.push(Found { element, blank: Some(first) });
        self.html.push_str("<div>");
        for child in &element.children {
            match child {
                Child::Element(inner) if matches!(inner.name.as_str(), "gaptext" | "gapimg") => {}
                Child::Element(inner) => self.element(inner),
                Child::Text(text) => escape(text, &mut self.html),
            }
        }
        self.html.push_str("</div>");
    }

    /// `object` is QTI 2's picture and sound.
    fn object(&mut self, element: &'a Element) {
        let kind = element.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let address = element.attribute("data").unwrap_or_default().to_owned();
        let extension = address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let tag = if kind.starts_with("image/") || matches!(extension.as_str(), "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp") {
            "img"
        } else if kind.starts_with("audio/") || matches!(extension.as_str(), "mp3" | "ogg" | "wav" | "m4a") {
            "audio"
        } else {
            // Told as lost by the reader of HTML; its letters are there for those who cannot show it.
            self.html.push_str("<object></object>");
            return self.children(element);
        };
        let _ = write!(self.html, "<{tag} src=\"");
        escape(&address, &mut self.html);
        self.html.push_str("\" alt=\"");
        escape(element.text().trim(), &mut self.html);
        self.html.push('"');
        if let Some(width) = element.attribute("width") {
            self.html.push_str(" width=\"");
            escape(width, &mut self.html);
            self.html.push('"');
        }
        self.html.push('>');
        if tag == "audio" {
            self.html.push_str("</audio>");
        }
    }

    fn tagged(&mut self, tag: &str, element: &'a Element) {
        // A name with anything but letters and digits is no HTML; what is inside stays.
        if tag.is_empty() || !tag.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return self.children(element);
        }
        let classes = element.attribute("class").unwrap_or_default();
        let looks: Vec<&str> = [("qti-underline", "u"), ("qti-strikethrough", "s")]
            .iter()
            .filter(|(class, _)| classes.split_whitespace().any(|own| own == *class))
            .map(|(_, tag)| *tag)
            .collect();
        let _ = write!(self.html, "<{tag}");
        for (name, value) in &element.attributes {
            if name != OWN_NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                let _ = write!(self.html, " {name}=\"");
                escape(value, &mut self.html);
                self.html.push('"');
            }
        }
        self.html.push('>');
        if is_void(tag) {
            return;
        }
        looks.iter().for_each(|look| self.html.push_str(&format!("<{look}>")));
        self.children(element);
        looks.iter().rev().for_each(|look| self.html.push_str(&format!("</{look}>")));
        let _ = write!(self.html, "</{tag}>");
    }
}

fn is_for_candidate(rubric: &Element) -> bool {
    rubric.attribute("view").is_none_or(|view| view.split_whitespace().any(|word| word == "candidate"))
}

fn is_void(tag: &str) -> bool {
    matches!(
        tag,
        "br" | "img" | "hr" | "source" | "col" | "wbr" | "track" | "input" | "embed" | "area" | "base" | "link" | "meta" | "param"
    )
}

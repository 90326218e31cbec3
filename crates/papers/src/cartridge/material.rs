//! Materials: the texts, pictures and sounds of QTI 1.2, as HTML.

use crate::rich::escape_html as escape;
use crate::xml::{Child, Element};

/// All materials of an element that belong to it, not to the responses in it.
pub(super) fn html(element: &Element) -> String {
    let mut out = String::new();
    gather(element, &mut out);
    out
}

fn gather(element: &Element, out: &mut String) {
    for inner in element.elements() {
        match inner.name.as_str() {
            "material" | "altmaterial" => material(inner, out),
            "flow" | "flow_mat" | "flow_label" | "presentation_material" | "solutionmaterial" | "hintmaterial" => gather(inner, out),
            "solution" | "hint" => {}
            name if name.starts_with("response_") || name.starts_with("render_") => {}
            _ => gather(inner, out),
        }
    }
}

fn material(element: &Element, out: &mut String) {
    out.push_str("<div>");
    for inner in element.elements() {
        match inner.name.as_str() {
            "mattext" | "matemtext" => text(inner, out),
            "matimage" => media("img", inner, out),
            "mataudio" => media("audio", inner, out),
            "matbreak" => out.push_str("<br>"),
            "matvideo" | "matapplet" | "matapplication" => out.push_str("<object></object>"),
            _ => {}
        }
    }
    out.push_str("</div>");
}

fn text(element: &Element, out: &mut String) {
    let kind = element.attribute("texttype").unwrap_or_default().to_ascii_lowercase();
    let text = element.text();
    if kind.contains("html") || kind.contains("xml") {
        // Some tools write XHTML as it is, without escaping it.
        if element.elements().next().is_some() { markup(element, out) } else { out.push_str(&text) }
    } else {
        for (at, line) in text.trim().lines().enumerate() {
            if at > 0 {
                out.push_str("<br>");
            }
            escape(line, out);
        }
    }
}

fn markup(element: &Element, out: &mut String) {
    for child in &element.children {
        match child {
            Child::Text(text) => escape(text, out),
            Child::Element(inner) if inner.name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                out.push('<');
                out.push_str(&inner.name);
                for (name, value) in inner.attributes.iter().filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
                    out.push_str(&format!(" {name}=\""));
                    escape(value, out);
                    out.push('"');
                }
                out.push('>');
                if !matches!(inner.name.as_str(), "br" | "img" | "hr" | "source" | "col") {
                    markup(inner, out);
                    out.push_str(&format!("</{}>", inner.name));
                }
            }
            Child::Element(inner) => markup(inner, out),
        }
    }
}

fn media(tag: &str, element: &Element, out: &mut String) {
    let address = element.attribute("uri").or_else(|| element.attribute("entityref")).unwrap_or_default();
    out.push_str(&format!("<{tag} src=\""));
    escape(address, out);
    out.push_str("\">");
    if tag == "audio" {
        out.push_str("</audio>");
    }
}

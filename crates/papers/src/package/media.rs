//! Pictures and sounds, told by their bytes.

use infer::MatcherType;

use crate::rich::MediaKind;
use crate::xml::Element;

/// What bytes are.
pub struct MediaType {
    /// Picture or sound.
    pub kind: MediaKind,
    /// Media type.
    pub mime: &'static str,
    /// For a file name, without a dot.
    pub extension: &'static str,
}

/// Pictures and sounds by their bytes; the name says nothing.
pub fn recognised(bytes: &[u8]) -> Option<MediaType> {
    if let Some(found) = infer::get(bytes) {
        let kind = match found.matcher_type() {
            MatcherType::Image => MediaKind::Picture,
            MatcherType::Audio => MediaKind::Sound,
            // Sound alone in an MP4 or Ogg box is told apart by players, not by the first bytes.
            _ => return svg(bytes),
        };
        return Some(MediaType { kind, mime: found.mime_type(), extension: found.extension() });
    }
    svg(bytes)
}

/// A drawing, where nothing in it runs or calls out.
fn svg(bytes: &[u8]) -> Option<MediaType> {
    let head = bytes.get(..bytes.len().min(4096))?;
    if !head.windows(4).any(|window| window == b"<svg") {
        return None;
    }
    let root = Element::parse(bytes, "svg").ok()?;
    (root.name == "svg" && is_quiet(&root)).then_some(MediaType { kind: MediaKind::Picture, mime: "image/svg+xml", extension: "svg" })
}

fn is_quiet(element: &Element) -> bool {
    let runs = matches!(element.name.to_ascii_lowercase().as_str(), "script" | "foreignobject" | "iframe" | "handler")
        || (element.name == "style"
            && ["@import", "url(", "expression("].iter().any(|call| element.text().to_ascii_lowercase().contains(call)));
    let calls = element.attributes.iter().any(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let value = value.trim().to_ascii_lowercase();
        name.starts_with("on")
            || (name == "href" && !value.starts_with('#') && !value.starts_with("data:image/"))
            || value.contains("javascript:")
            || value.replace(' ', "").contains("url(http")
    });
    !runs && !calls && element.elements().all(is_quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_that_run_are_refused() {
        assert!(recognised(b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>").is_some());
        for hostile in
            ["<script>alert(1)</script>", "<a href='javascript:alert(1)'/>", "<g onload='x()'/>", "<image href='http://a.vn/x'/>"]
        {
            assert!(recognised(format!("<svg>{hostile}</svg>").as_bytes()).is_none(), "{hostile}");
        }
        assert!(recognised(b"MZ\x90").is_none());
    }
}

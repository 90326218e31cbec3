//! Documents as JSON, flat, as the left side of the import desk takes them.

use serde::{Deserialize, Serialize};

use super::{Look, Part};
use crate::rich::{Marks, MathDisplay, MediaKind, Script};

/// A look with its marks beside its colours.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PaperLook)]
pub(super) struct FlatLook {
    bold: bool,
    italic: bool,
    underline: bool,
    strike: bool,
    code: bool,
    script: Script,
    /// Red, green, blue.
    #[schema(value_type = Option<Vec<u8>>)]
    colour: Option<[u8; 3]>,
    highlighted: bool,
}

/// A part with a word for its kind.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = PaperPart)]
pub(super) enum TaggedPart {
    Text { text: String, look: Look },
    Math { latex: String, display: MathDisplay },
    Media { id: String, media: MediaKind, alt: String, width: Option<u16> },
    Tab,
    Break,
}

impl From<Look> for FlatLook {
    fn from(look: Look) -> Self {
        let Marks { bold, italic, underline, strike, code, script } = look.marks;
        Self { bold, italic, underline, strike, code, script, colour: look.colour, highlighted: look.highlighted }
    }
}

impl From<FlatLook> for Look {
    fn from(flat: FlatLook) -> Self {
        let FlatLook { bold, italic, underline, strike, code, script, colour, highlighted } = flat;
        Self { marks: Marks { bold, italic, underline, strike, code, script }, colour, highlighted }
    }
}

impl From<Part> for TaggedPart {
    fn from(part: Part) -> Self {
        match part {
            Part::Text(text, look) => Self::Text { text, look },
            Part::Math { latex, display } => Self::Math { latex, display },
            Part::Media { id, kind, alt, width } => Self::Media { id, media: kind, alt, width },
            Part::Tab => Self::Tab,
            Part::Break => Self::Break,
        }
    }
}

impl From<TaggedPart> for Part {
    fn from(tagged: TaggedPart) -> Self {
        match tagged {
            TaggedPart::Text { text, look } => Self::Text(text, look),
            TaggedPart::Math { latex, display } => Self::Math { latex, display },
            TaggedPart::Media { id, media, alt, width } => Self::Media { id, kind: media, alt, width },
            TaggedPart::Tab => Self::Tab,
            TaggedPart::Break => Self::Break,
        }
    }
}

impl utoipa::PartialSchema for Look {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        FlatLook::schema()
    }
}

impl utoipa::ToSchema for Look {
    fn name() -> std::borrow::Cow<'static, str> {
        FlatLook::name()
    }
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        FlatLook::schemas(schemas);
    }
}

impl utoipa::PartialSchema for Part {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        TaggedPart::schema()
    }
}

impl utoipa::ToSchema for Part {
    fn name() -> std::borrow::Cow<'static, str> {
        TaggedPart::name()
    }
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        TaggedPart::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Document, DocumentBlock, Label, Look, Paragraph, Part, Table, TableCell};
    use crate::rich::{Marks, MathDisplay, MediaKind};

    #[test]
    fn a_document_is_flat_json_and_comes_back_the_same() {
        let look = Look { marks: Marks { underline: true, ..Marks::default() }, colour: Some([255, 0, 0]), highlighted: false };
        let paragraph = Paragraph {
            number: 3,
            label: Some(Label { text: "A.".to_owned(), look, list: 1, depth: 0 }),
            parts: vec![
                Part::Text("chữ".to_owned(), look),
                Part::Math { latex: "x^2".to_owned(), display: MathDisplay::Inline },
                Part::Media { id: "img1".to_owned(), kind: MediaKind::Picture, alt: String::new(), width: Some(40) },
                Part::Tab,
                Part::Break,
            ],
        };
        let cell = TableCell { blocks: vec![DocumentBlock::Paragraph(Paragraph::default())], columns: 1, rows: 2, shaded: true };
        let blocks = vec![DocumentBlock::Paragraph(paragraph), DocumentBlock::Table(Table { rows: vec![vec![cell]] })];
        let document = Document { blocks };
        let value = serde_json::to_value(&document).unwrap();
        let worn = json!({ "bold": false, "italic": false, "underline": true, "strike": false, "code": false, "script": "normal", "colour": [255, 0, 0], "highlighted": false });
        let wanted = json!({ "blocks": [
            { "kind": "paragraph", "number": 3, "label": { "text": "A.", "look": worn, "list": 1, "depth": 0 }, "parts": [
                { "kind": "text", "text": "chữ", "look": worn },
                { "kind": "math", "latex": "x^2", "display": "inline" },
                { "kind": "media", "id": "img1", "media": "picture", "alt": "", "width": 40 },
                { "kind": "tab" }, { "kind": "break" }] },
            { "kind": "table", "rows": [[
                { "blocks": [{ "kind": "paragraph", "number": 0, "label": null, "parts": [] }], "columns": 1, "rows": 2, "shaded": true }]] }] });
        assert_eq!(value, wanted);
        assert_eq!(serde_json::from_value::<Document>(value).unwrap(), document);
    }

    #[test]
    fn tables_in_tables_can_be_described() {
        let mut schemas = Vec::new();
        <Document as utoipa::ToSchema>::schemas(&mut schemas);
        let names: std::collections::BTreeSet<&str> = schemas.iter().map(|(name, _)| name.as_str()).collect();
        assert!(["PaperBlock", "PaperCell", "PaperLook", "PaperPart"].iter().all(|name| names.contains(name)), "{names:?}");
        let mut schemas = Vec::new();
        <crate::model::Question as utoipa::ToSchema>::schemas(&mut schemas);
        assert!(schemas.iter().any(|(name, _)| name == "RichText"));
    }
}

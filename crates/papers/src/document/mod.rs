//! A paper as it looks, before anybody asks what its lines mean: the common ground of Word files,
//! PDF text and our light syntax, and what the import desk shows on its left side.

mod json;

use serde::{Deserialize, Serialize};

use crate::rich::{Marks, MathDisplay, MediaKind};

/// A document in reading order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PaperDocument)]
pub struct Document {
    /// Paragraphs and tables.
    pub blocks: Vec<DocumentBlock>,
}

/// A paragraph or a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = PaperBlock)]
pub enum DocumentBlock {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

/// A paragraph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PaperParagraph)]
pub struct Paragraph {
    /// Its place in the file, from 1; paragraphs in tables are counted too.
    pub number: u32,
    /// What Word's automatic numbering prints before it, which is not in the text: `Câu 12.`, `A.`, `b)`.
    pub label: Option<Label>,
    /// What it says.
    pub parts: Vec<Part>,
}

/// A label made by automatic numbering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PaperLabel)]
pub struct Label {
    /// As printed, without the space after it.
    pub text: String,
    /// How the label itself looks.
    pub look: Look,
    /// The list it belongs to; labels of one list go on counting.
    pub list: u32,
    /// Its depth in the list, from 0.
    pub depth: u8,
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "json::TaggedPart", into = "json::TaggedPart")]
pub enum Part {
    /// Letters in one look, Unicode NFC whatever the font's encoding was.
    Text(String, Look),
    /// A formula.
    Math {
        /// As LaTeX.
        latex: String,
        /// In the line or on its own.
        display: MathDisplay,
    },
    /// A picture or sound, kept in the paper's media.
    Media {
        /// Its id.
        id: String,
        /// What it is.
        kind: MediaKind,
        /// Words for those who cannot see it.
        alt: String,
        /// Width on the page in CSS pixels.
        width: Option<u16>,
    },
    /// A tab.
    Tab,
    /// A line break inside the paragraph.
    Break,
}

/// How letters look: the marks a reader sees, and those that teachers use to show the key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "json::FlatLook", into = "json::FlatLook")]
pub struct Look {
    /// Bold, italic, underlined, raised …
    pub marks: Marks,
    /// Red, green, blue; `None` for the automatic colour and for black.
    pub colour: Option<[u8; 3]>,
    /// Highlighted or shaded.
    pub highlighted: bool,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PaperTable)]
pub struct Table {
    /// Rows of cells. A merged cell stands once, with its spans.
    pub rows: Vec<Vec<TableCell>>,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PaperCell)]
pub struct TableCell {
    /// What is in it.
    #[schema(no_recursion)]
    pub blocks: Vec<DocumentBlock>,
    /// Columns it spans, 1 or more.
    pub columns: u16,
    /// Rows it spans, 1 or more.
    pub rows: u16,
    /// Whether the cell itself is shaded.
    pub shaded: bool,
}

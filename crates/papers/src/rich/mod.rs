//! Rich text as a typed tree. Whatever a source held, what comes out of here is the sanitised subset:
//! the tree cannot hold anything else.

mod from_html;
mod html;
mod tex;
mod text;

pub use from_html::{HtmlContext, Lost, Tex, from_html};
pub use html::{Dialect, escape as escape_html};
pub use tex::tex_in_letters;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A rich text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich {
    /// In order.
    pub blocks: Vec<Block>,
}

/// A block of a rich text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// Numbered or not.
        kind: ListKind,
        /// Its items.
        items: Vec<Rich>,
    },
    /// A table, row by row.
    Table(Vec<Vec<Cell>>),
    /// Program text, kept as it is.
    Code(String),
}

/// Whether a list is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Bullets.
    Bullets,
    /// Numbers.
    Numbers,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What is in it.
    pub content: Rich,
    /// Heading or not.
    pub kind: CellKind,
    /// Columns it spans, 1 or more.
    pub columns: u16,
    /// Rows it spans, 1 or more.
    pub rows: u16,
}

/// Whether a cell is a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// A heading.
    Heading,
    /// Data.
    Data,
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Letters in one look, NFC.
    Text(String, Marks),
    /// A formula as LaTeX, without dollars.
    Math {
        /// The LaTeX.
        latex: String,
        /// In the line or on its own.
        display: MathDisplay,
    },
    /// A picture or sound of the paper.
    Media {
        /// Its id in the paper.
        id: String,
        /// What is it.
        kind: MediaKind,
        /// Words for those who cannot see it.
        alt: String,
        /// Width on the page in CSS pixels, where the source says.
        width: Option<u16>,
    },
    /// The gap of this number, from 1.
    Blank(u32),
    /// A new line in the same paragraph.
    Break,
    /// A link to `http`, `https` or `mailto`.
    Link {
        /// Where to.
        href: String,
        /// What it says.
        content: Vec<Inline>,
    },
}

/// Where a formula stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MathDisplay {
    /// In the line.
    Inline,
    /// On its own.
    Block,
}

/// What a medium is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaperMediaKind)]
pub enum MediaKind {
    /// A picture.
    Picture,
    /// A sound.
    #[serde(rename = "audio")]
    Sound,
}

/// How letters look. What only marks a key (colour, highlight) is not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Marks {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Struck through.
    pub strike: bool,
    /// Fixed width.
    pub code: bool,
    /// Raised or lowered.
    pub script: Script,
}

/// Raised or lowered letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaperScript)]
pub enum Script {
    /// Neither.
    #[default]
    Normal,
    /// Lowered, as in H₂O.
    Sub,
    /// Raised.
    Super,
}

impl Rich {
    /// Plain letters in one paragraph, or one for each line. Nothing of it is markup.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let lines = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
        Self { blocks: lines.map(|line| Block::Paragraph(vec![Inline::text(line)])).collect() }
    }

    /// One paragraph.
    #[must_use]
    pub fn paragraph(inlines: Vec<Inline>) -> Self {
        if inlines.is_empty() { Self::default() } else { Self { blocks: vec![Block::Paragraph(inlines)] } }
    }

    /// Whether there is nothing to see: no letter, formula, picture, sound or gap.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.iter().all(Block::is_empty)
    }

    /// As HTML of our subset.
    #[must_use]
    pub fn to_html(&self) -> String {
        html::html(self, &mut html::Ours)
    }

    /// As HTML of another program.
    #[must_use]
    pub fn to_html_in(&self, dialect: &mut dyn Dialect) -> String {
        html::html(self, dialect)
    }

    /// As plain text: formulas `$…$`, pictures `[image:img1]`, gaps `[blank:1]`.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::text(self, text::Scripts::Letters)
    }

    /// The same for reading in one line: lowered and raised digits as their own signs, `H₂O`.
    #[must_use]
    pub fn to_shown_text(&self) -> String {
        text::text(self, text::Scripts::Signs)
    }

    /// Puts another text behind this one, as further blocks.
    pub fn append(&mut self, mut other: Self) {
        self.blocks.append(&mut other.blocks);
    }

    /// Every inline, links' insides included, in order.
    pub fn each_inline<'a>(&'a self, see: &mut impl FnMut(&'a Inline)) {
        for block in &self.blocks {
            match block {
                Block::Paragraph(inlines) => each(inlines, see),
                Block::List { items, .. } => items.iter().for_each(|item| item.each_inline(see)),
                Block::Table(rows) => rows.iter().flatten().for_each(|cell| cell.content.each_inline(see)),
                Block::Code(_) => {}
            }
        }
    }
}

fn each<'a>(inlines: &'a [Inline], see: &mut impl FnMut(&'a Inline)) {
    for inline in inlines {
        see(inline);
        if let Inline::Link { content, .. } = inline {
            each(content, see);
        }
    }
}

impl Block {
    fn is_empty(&self) -> bool {
        match self {
            Self::Paragraph(inlines) => inlines.iter().all(Inline::is_empty),
            Self::List { items, .. } => items.iter().all(Rich::is_empty),
            Self::Table(rows) => rows.iter().flatten().all(|cell| cell.content.is_empty()),
            Self::Code(text) => text.trim().is_empty(),
        }
    }
}

impl Inline {
    /// Plain letters.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into(), Marks::default())
    }

    /// A formula in the line.
    #[must_use]
    pub fn math(latex: impl Into<String>) -> Self {
        Self::Math { latex: latex.into(), display: MathDisplay::Inline }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text, _) => text.trim().is_empty(),
            Self::Math { latex, .. } => latex.trim().is_empty(),
            Self::Break => true,
            Self::Link { content, .. } => content.iter().all(Self::is_empty),
            Self::Media { .. } | Self::Blank(_) => false,
        }
    }
}

/// Rich text in both forms, as `interchange.md` asks. Reading trusts `html` alone; a text without it is plain.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RichText)]
struct Both {
    /// A sanitised subset: formulas as `<span data-math="…">`, pictures as `<img data-media="img1">`, gaps as
    /// `<span data-blank="1">`.
    #[serde(default)]
    html: String,
    /// The same in plain letters: `$…$`, `[image:img1]`, `[blank:1]`.
    #[serde(default)]
    text: String,
}

impl utoipa::PartialSchema for Rich {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Both::schema()
    }
}

impl utoipa::ToSchema for Rich {
    fn name() -> std::borrow::Cow<'static, str> {
        Both::name()
    }
}

impl Serialize for Rich {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Both { html: self.to_html(), text: self.to_text() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rich {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let both = Both::deserialize(deserializer)?;
        if both.html.trim().is_empty() { Ok(Self::plain(&both.text)) } else { Ok(from_html(&both.html, &mut HtmlContext::ours())) }
    }
}

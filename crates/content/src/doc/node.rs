use kernel::AssetId;

/// A lesson's text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doc {
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// Level 2 to 4; the title is level 1.
    Heading(u8, Vec<Inline>),
    /// Items, each of blocks.
    BulletList(Vec<Vec<Block>>),
    /// Counted from a number.
    OrderedList(i64, Vec<Vec<Block>>),
    /// Somebody else's words.
    Blockquote(Vec<Block>),
    /// Language, and the lines.
    CodeBlock(Option<String>, String),
    /// A line across.
    Rule,
    /// Rows of cells.
    Table(Vec<Vec<Cell>>),
    /// Set apart from the text.
    Callout(CalloutKind, Vec<Block>),
    /// A formula on its own, LaTeX.
    Math(String),
    /// A file in the page.
    Media(Media),
}

/// A piece of running text.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    /// Never empty.
    Text(String, Vec<Mark>),
    /// A formula in the line, LaTeX.
    Math(String),
    /// A new line in the same paragraph.
    Break,
}

/// How text looks or where it leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// One of the marks without attributes, by its name.
    Plain(&'static str),
    /// A link; see [`super::is_safe_link`].
    Link(String),
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Heading or not.
    pub kind: CellKind,
    /// Columns it spans.
    pub columns: i64,
    /// Rows it spans.
    pub rows: i64,
    /// Its content.
    pub blocks: Vec<Block>,
}

/// Whether a cell is a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// A heading.
    Header,
    /// Data.
    Data,
}

/// Why text is set apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalloutKind {
    /// Ghi chú.
    Note,
    /// Mẹo.
    Tip,
    /// Lưu ý.
    Warning,
    /// Ví dụ.
    Example,
}

/// A file shown in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// How it is shown.
    pub kind: MediaKind,
    /// Which file.
    pub asset: AssetId,
    /// What a picture shows, for those who do not see it.
    pub alt: Option<String>,
    /// The line below, or the title of a file.
    pub caption: Option<String>,
}

/// How a file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A player with a picture.
    Video,
    /// A player.
    Audio,
    /// To download.
    File,
    /// Pages.
    Pdf,
}

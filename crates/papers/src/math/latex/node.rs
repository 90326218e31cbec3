//! A formula as a tree: what LaTeX, MathType, MathML are read into and LaTeX and Word's equations are
//! written from.

/// A piece of a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Pieces side by side.
    Row(Vec<Node>),
    /// A letter, digit or sign.
    Letter(char),
    /// Words, upright, with their spaces.
    Text(String),
    /// A name set upright: `sin`, `lim`, `ƯCLN`.
    Function(String),
    /// Letters in another alphabet.
    Styled(Style, Box<Node>),
    /// One over the other.
    Fraction(FractionKind, Box<Node>, Box<Node>),
    /// A root: degree, what is under it.
    Root(Option<Box<Node>>, Box<Node>),
    /// Something with scripts.
    Script(Box<Script>),
    /// A mark over or under something.
    Accent(Accent, Box<Node>),
    /// Brackets that grow with what they hold; `None` is an unseen one.
    Fence(Option<char>, Vec<Node>, Option<char>),
    /// Rows of cells.
    Grid(Grid),
    /// An arrow as wide as what is written over and under it.
    Arrow(char, Option<Box<Node>>, Option<Box<Node>>),
    /// A frame around it or a line through it.
    Enclosed(Enclosure, Box<Node>),
    /// A space.
    Space(Space),
}

/// A base with what stands below and above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// An empty row where the scripts stand before what follows.
    pub base: Node,
    /// Below.
    pub sub: Option<Node>,
    /// Above.
    pub sup: Option<Node>,
    /// Where they stand.
    pub place: Place,
}

/// Where scripts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// As the base has it by itself.
    Usual,
    /// Beside it.
    Beside,
    /// Straight under and over it.
    Stacked,
}

/// Alphabets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `\mathrm`
    Upright,
    /// `\mathbf`
    Bold,
    /// `\boldsymbol`
    BoldItalic,
    /// `\mathit`
    Italic,
    /// `\mathbb`
    DoubleStruck,
    /// `\mathcal`, `\mathscr`
    Script,
    /// `\mathfrak`
    Fraktur,
    /// `\mathsf`
    SansSerif,
    /// `\mathtt`
    Monospace,
}

/// How a fraction is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FractionKind {
    /// With a bar.
    Bar,
    /// Without, as in `\binom` before its brackets.
    NoBar,
    /// With a slash.
    Slash,
}

/// Marks over and under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accent {
    /// `\vec`, `\overrightarrow`
    RightArrow,
    /// `\overleftarrow`
    LeftArrow,
    /// `\overleftrightarrow`
    BothArrow,
    /// `\hat`, `\widehat`
    Hat,
    /// `\tilde`, `\widetilde`
    Tilde,
    /// `\bar`, `\overline`
    Overline,
    /// `\underline`
    Underline,
    /// `\dot`
    Dot,
    /// `\ddot`
    DoubleDot,
    /// `\dddot`
    TripleDot,
    /// `\check`
    Check,
    /// `\breve`
    Breve,
    /// `\acute`
    Acute,
    /// `\grave`
    Grave,
    /// `\mathring`
    Ring,
    /// `\overparen`: an arc.
    Arc,
    /// `\overbrace`
    Overbrace,
    /// `\underbrace`
    Underbrace,
}

/// A matrix, a system, lines under one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// What it is for.
    pub kind: GridKind,
    /// Of an array: `l`, `c`, `r`, `|` as written, without anything else.
    pub columns: String,
    /// Cells, row by row.
    pub rows: Vec<Vec<Node>>,
}

/// Kinds of grids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridKind {
    /// `array` and `matrix`: cells alone.
    Array,
    /// `aligned`: lines that meet at their signs.
    Aligned,
    /// `cases`: a brace before it.
    Cases,
}

/// Frames and lines through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enclosure {
    /// `\boxed`
    Box,
    /// `\cancel`
    Rising,
    /// `\bcancel`
    Falling,
    /// `\xcancel`
    Crossed,
    /// `\sout`
    Struck,
}

/// Spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// `\,`
    Thin,
    /// `\:`, `\;`
    Medium,
    /// `\ `, `~`
    Word,
    /// `\quad`
    Quad,
    /// `\qquad`
    TwoQuads,
}

impl Node {
    /// Nothing.
    pub fn empty() -> Self {
        Self::Row(Vec::new())
    }

    /// A row; of one piece, that piece.
    pub fn row(mut pieces: Vec<Self>) -> Self {
        match pieces.pop() {
            Some(only) if pieces.is_empty() => only,
            Some(last) => {
                pieces.push(last);
                Self::Row(pieces)
            }
            None => Self::empty(),
        }
    }

    /// Letters side by side.
    pub fn letters(text: &str) -> Self {
        Self::row(text.chars().map(Self::Letter).collect())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Row(pieces) if pieces.iter().all(Self::is_empty))
    }

    /// Its pieces, or itself.
    pub fn pieces(self) -> Vec<Self> {
        match self {
            Self::Row(pieces) => pieces,
            single => vec![single],
        }
    }

    /// Something with scripts.
    pub fn script(base: Self, sub: Option<Self>, sup: Option<Self>, place: Place) -> Self {
        if sub.is_none() && sup.is_none() { base } else { Self::Script(Box::new(Script { base, sub, sup, place })) }
    }
}

impl Accent {
    /// All, with the commands for one letter and for several, and Word's combining character.
    const ALL: &'static [(Self, &'static str, &'static str, char)] = &[
        (Self::RightArrow, "vec", "overrightarrow", '\u{20d7}'),
        (Self::LeftArrow, "overleftarrow", "overleftarrow", '\u{20d6}'),
        (Self::BothArrow, "overleftrightarrow", "overleftrightarrow", '\u{20e1}'),
        (Self::Hat, "hat", "widehat", '\u{302}'),
        (Self::Tilde, "tilde", "widetilde", '\u{303}'),
        (Self::Overline, "overline", "overline", '\u{305}'),
        (Self::Underline, "underline", "underline", '\u{332}'),
        (Self::Dot, "dot", "dot", '\u{307}'),
        (Self::DoubleDot, "ddot", "ddot", '\u{308}'),
        (Self::TripleDot, "dddot", "dddot", '\u{20db}'),
        (Self::Check, "check", "check", '\u{30c}'),
        (Self::Breve, "breve", "breve", '\u{306}'),
        (Self::Acute, "acute", "acute", '\u{301}'),
        (Self::Grave, "grave", "grave", '\u{300}'),
        (Self::Ring, "mathring", "mathring", '\u{30a}'),
        (Self::Arc, "overparen", "overparen", '⏜'),
        (Self::Overbrace, "overbrace", "overbrace", '⏞'),
        (Self::Underbrace, "underbrace", "underbrace", '⏟'),
    ];

    /// By its command.
    pub fn of_command(command: &str) -> Option<Self> {
        let own = match command {
            "bar" => return Some(Self::Overline),
            "wideparen" | "overarc" => return Some(Self::Arc),
            "widecheck" => "check",
            other => other,
        };
        Self::ALL.iter().find(|(_, one, several, _)| *one == own || *several == own).map(|(accent, ..)| *accent)
    }

    /// Its command over this.
    pub fn command(self, body: &Node) -> &'static str {
        let wide = !matches!(body, Node::Letter(_));
        Self::ALL.iter().find(|row| row.0 == self).map_or("overline", |row| if wide { row.2 } else { row.1 })
    }

    /// The character Word names it by.
    pub fn mark(self) -> char {
        Self::ALL.iter().find(|row| row.0 == self).map_or('\u{305}', |row| row.3)
    }
}

impl Style {
    /// All, with their commands; the first is the one written.
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Upright, "mathrm"),
        (Self::Bold, "mathbf"),
        (Self::BoldItalic, "boldsymbol"),
        (Self::Italic, "mathit"),
        (Self::DoubleStruck, "mathbb"),
        (Self::Script, "mathcal"),
        (Self::Fraktur, "mathfrak"),
        (Self::SansSerif, "mathsf"),
        (Self::Monospace, "mathtt"),
        (Self::Script, "mathscr"),
        (Self::BoldItalic, "bm"),
        (Self::Bold, "mathbfup"),
        (Self::Upright, "mathup"),
        (Self::DoubleStruck, "Bbb"),
    ];

    /// By its command.
    pub fn of_command(command: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == command).map(|(style, _)| *style)
    }

    /// Its command.
    pub fn command(self) -> &'static str {
        Self::ALL.iter().find(|(style, _)| *style == self).map_or("mathrm", |(_, command)| command)
    }
}

impl Space {
    /// Its command.
    pub fn command(self) -> &'static str {
        match self {
            Self::Thin => "\\,",
            Self::Medium => "\\;",
            Self::Word => "\\ ",
            Self::Quad => "\\quad",
            Self::TwoQuads => "\\qquad",
        }
    }

    /// As a character.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Thin => "\u{2009}",
            Self::Medium => "\u{2005}",
            Self::Word => "\u{a0}",
            Self::Quad => "\u{2003}",
            Self::TwoQuads => "\u{2003}\u{2003}",
        }
    }

    /// From a character.
    pub fn of_letter(letter: char) -> Option<Self> {
        Some(match letter {
            '\u{2009}' | '\u{200a}' | '\u{2006}' | '\u{202f}' => Self::Thin,
            '\u{2005}' | '\u{2004}' | '\u{205f}' => Self::Medium,
            ' ' | '\u{a0}' | '\u{2002}' => Self::Word,
            '\u{2003}' => Self::Quad,
            _ => return None,
        })
    }
}

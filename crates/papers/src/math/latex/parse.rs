//! LaTeX into a tree: the commands that teachers use, an error for any other.

use super::error::LatexError;
use super::lexer::{Lexer, Token};
use super::node::{Accent, Enclosure, FractionKind, GridKind, Node, Place, Space, Style};
use super::{environment, mhchem, symbols, text};

/// The longest formula read, in bytes.
const LONGEST: usize = 20_000;
/// Groups in one another.
const DEEPEST: usize = 48;

/// Reads a formula, without its dollars.
///
/// # Errors
/// [`LatexError`] naming what was not understood.
pub fn parse(source: &str) -> Result<Node, LatexError> {
    if source.len() > LONGEST {
        return Err(LatexError::TooLarge);
    }
    let mut parser = Parser { lexer: Lexer::new(source), depth: 0 };
    // Lines under one another without an environment, as some write them.
    let rows = parser.rows()?;
    match parser.lexer.peek() {
        Some(token) => Err(LatexError::Unexpected(shown(token))),
        None => Ok(environment::bare(rows)),
    }
}

fn shown(token: Token<'_>) -> String {
    match token {
        Token::Command(name) => format!("\\{name}"),
        Token::Words(words) => words.to_owned(),
        Token::Letter(letter) => letter.to_string(),
        Token::Open => "{".to_owned(),
        Token::Close => "}".to_owned(),
        Token::Sub => "_".to_owned(),
        Token::Sup => "^".to_owned(),
        Token::Align => "&".to_owned(),
        Token::NewLine => "\\\\".to_owned(),
    }
}

pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, LatexError>) -> Result<T, LatexError> {
        if self.depth >= DEEPEST {
            return Err(LatexError::TooLarge);
        }
        self.depth += 1;
        let out = read(self);
        self.depth -= 1;
        out
    }

    /// Rows of cells up to `\end`, a closing brace or the end.
    pub(super) fn rows(&mut self) -> Result<Vec<Vec<Node>>, LatexError> {
        let mut rows = vec![Vec::new()];
        loop {
            // A rule between rows is not kept.
            while let Some(Token::Command("hline" | "toprule" | "midrule" | "bottomrule")) = self.lexer.peek() {
                self.lexer.next();
            }
            let cell = self.row(None)?;
            if let Some(row) = rows.last_mut() {
                row.push(cell);
            }
            match self.lexer.peek() {
                Some(Token::Align) => {
                    self.lexer.next();
                }
                Some(Token::NewLine) => {
                    self.lexer.next();
                    self.lexer.star();
                    // The height of the gap.
                    if matches!(self.lexer.peek(), Some(Token::Letter('['))) && self.gap() {
                        self.lexer.raw_option();
                    }
                    rows.push(Vec::new());
                }
                _ => return Ok(rows),
            }
        }
    }

    /// Whether what stands in brackets is a length and no formula.
    fn gap(&self) -> bool {
        let mut ahead = self.lexer;
        ahead.raw_option().is_some_and(|text| {
            let text = text.trim();
            ["pt", "cm", "mm", "em", "ex", "in", "baselineskip"].iter().any(|unit| text.ends_with(unit))
        })
    }

    /// Pieces up to something that closes; `stop` closes too.
    pub(super) fn row(&mut self, stop: Option<char>) -> Result<Node, LatexError> {
        self.deeper(|parser| parser.pieces(stop))
    }

    fn pieces(&mut self, stop: Option<char>) -> Result<Node, LatexError> {
        let mut pieces: Vec<Node> = Vec::new();
        while let Some(token) = self.lexer.peek() {
            match token {
                Token::Close | Token::Align | Token::NewLine | Token::Command("right" | "middle" | "end" | "cr") => break,
                Token::Letter(letter) if Some(letter) == stop => break,
                Token::Command("over" | "atop" | "choose") => {
                    self.lexer.next();
                    let bottom = self.row(stop)?;
                    let top = Node::row(pieces);
                    return Ok(match token {
                        Token::Command("over") => Node::Fraction(FractionKind::Bar, top.into(), bottom.into()),
                        Token::Command("atop") => Node::Fraction(FractionKind::NoBar, top.into(), bottom.into()),
                        _ => binomial(top, bottom),
                    });
                }
                Token::Command(name) if declaration(name).is_some() => {
                    self.lexer.next();
                    let rest = self.row(stop)?;
                    match declaration(name).flatten() {
                        Some(style) if !rest.is_empty() => pieces.push(Node::Styled(style, rest.into())),
                        _ => pieces.extend(rest.pieces()),
                    }
                    break;
                }
                Token::Sub | Token::Sup | Token::Letter('\'') => {
                    let scripted = self.scripts(Node::empty())?;
                    pieces.push(scripted);
                }
                _ => {
                    if let Some(atom) = self.atom()? {
                        match self.scripts(atom)? {
                            // Braces around several pieces mean nothing without scripts.
                            Node::Row(inner) => pieces.extend(inner),
                            scripted => pieces.push(scripted),
                        }
                    }
                }
            }
        }
        Ok(Node::row(pieces))
    }

    /// Scripts and primes after a base.
    fn scripts(&mut self, base: Node) -> Result<Node, LatexError> {
        let (mut sub, mut sup): (Option<Node>, Option<Node>) = (None, None);
        let mut place = Place::Usual;
        loop {
            match self.lexer.peek() {
                Some(Token::Command("limits")) => {
                    self.lexer.next();
                    place = Place::Stacked;
                }
                Some(Token::Command("nolimits")) => {
                    self.lexer.next();
                    place = Place::Beside;
                }
                Some(Token::Command("displaylimits")) => {
                    self.lexer.next();
                }
                Some(Token::Sub) if sub.is_none() => {
                    self.lexer.next();
                    sub = Some(self.argument("chỉ số dưới")?);
                }
                Some(Token::Sup) if sup.as_ref().is_none_or(is_primes) => {
                    self.lexer.next();
                    let above = self.argument("chỉ số trên")?;
                    sup = Some(joined(sup, with_own_primes(above)));
                }
                Some(Token::Letter('\'' | '’')) if sup.as_ref().is_none_or(is_primes) => {
                    self.lexer.next();
                    sup = Some(joined(sup, Node::Letter('′')));
                }
                _ => return Ok(Node::script(base, sub, sup, place)),
            }
        }
    }

    /// A group, or a single piece without scripts of its own.
    pub(super) fn argument(&mut self, what: &'static str) -> Result<Node, LatexError> {
        self.deeper(|parser| match parser.lexer.peek() {
            None | Some(Token::Close | Token::Align | Token::NewLine | Token::Sub | Token::Sup) => Err(LatexError::Missing(what)),
            Some(Token::Command("right" | "middle" | "end")) => Err(LatexError::Missing(what)),
            Some(_) => Ok(parser.atom()?.unwrap_or_else(Node::empty)),
        })
    }

    /// `[…]` after a command.
    fn option(&mut self) -> Result<Option<Node>, LatexError> {
        if self.lexer.peek() != Some(Token::Letter('[')) {
            return Ok(None);
        }
        self.lexer.next();
        let inner = self.row(Some(']'))?;
        match self.lexer.next() {
            Some(Token::Letter(']')) => Ok(Some(inner)),
            _ => Err(LatexError::Missing("]")),
        }
    }

    fn group(&mut self) -> Result<Node, LatexError> {
        let inner = self.row(None)?;
        match self.lexer.next() {
            Some(Token::Close) => Ok(inner),
            _ => Err(LatexError::Missing("}")),
        }
    }

    /// One piece; `None` for a command that draws nothing.
    fn atom(&mut self) -> Result<Option<Node>, LatexError> {
        let Some(token) = self.lexer.next() else { return Err(LatexError::Missing("nội dung")) };
        match token {
            // A group of one piece is that piece; one of several stays together, so that scripts take it whole.
            Token::Open => self.group().map(Some),
            Token::Words(words) => Ok(Some(Node::Text(words.to_owned()))),
            Token::Letter('~') => Ok(Some(Node::Space(Space::Word))),
            Token::Letter('-') => Ok(Some(Node::Letter('−'))),
            Token::Letter('*') => Ok(Some(Node::Letter('∗'))),
            Token::Letter('\'') => Ok(Some(Node::Letter('′'))),
            Token::Letter('$') => Ok(None),
            Token::Letter(letter) => Ok(Some(Space::of_letter(letter).map_or(Node::Letter(letter), Node::Space))),
            Token::Command(name) => self.command(name),
            other => Err(LatexError::Unexpected(shown(other))),
        }
    }

    fn command(&mut self, name: &'a str) -> Result<Option<Node>, LatexError> {
        if let Some(done) = self.structure(name)? {
            return Ok(Some(done));
        }
        if let Some(style) = Style::of_command(name) {
            let body = self.argument("nội dung")?;
            return Ok(Some(Node::Styled(style, body.into())));
        }
        if let Some(accent) = Accent::of_command(name) {
            let body = self.argument("nội dung")?;
            return Ok(Some(Node::Accent(accent, body.into())));
        }
        if let Some(function) = function(name) {
            return Ok(Some(Node::Function(function)));
        }
        Ok(match name {
            "," | "thinspace" => Some(Node::Space(Space::Thin)),
            ":" | ";" | ">" | "medspace" | "thickspace" | "enspace" | "enskip" => Some(Node::Space(Space::Medium)),
            " " | "\n" | "\t" | "\r" | "space" | "nobreakspace" => Some(Node::Space(Space::Word)),
            "quad" => Some(Node::Space(Space::Quad)),
            "qquad" => Some(Node::Space(Space::TwoQuads)),
            // They change the size or the place of things and nothing else.
            "!" | "/" | "-" | "" | "displaystyle" | "textstyle" | "scriptstyle" | "scriptscriptstyle" | "limits" | "nolimits" | "big"
            | "Big" | "bigg" | "Bigg" | "bigl" | "bigr" | "bigm" | "Bigl" | "Bigr" | "Bigm" | "biggl" | "biggr" | "biggm" | "Biggl"
            | "Biggr" | "Biggm" | "allowbreak" | "nobreak" | "relax" | "noindent" | "centering" | "strut" | "mathstrut" | "nonumber"
            | "notag" | "hfill" | "normalsize" | "small" | "large" | "Large" | "left." | "ensuremath" | "mathop" | "mathrel"
            | "mathbin" | "mathord" | "mathopen" | "mathclose" | "mathpunct" | "mathinner" | "protect" | "negthinspace" => None,
            "hspace" | "vspace" | "label" | "tag" | "color" | "vphantom" | "hphantom" | "phantom" => {
                self.lexer.star();
                self.lexer.raw_group();
                (name == "hspace").then_some(Node::Space(Space::Word))
            }
            "textcolor" | "colorbox" => {
                self.lexer.raw_group();
                Some(self.argument("nội dung")?)
            }
            _ => match symbols::letter_of(name) {
                Some(letter) => Some(Node::Letter(letter)),
                None => return Err(LatexError::UnknownCommand(format!("\\{name}"))),
            },
        })
    }

    /// Commands with arguments.
    fn structure(&mut self, name: &'a str) -> Result<Option<Node>, LatexError> {
        Ok(Some(match name {
            "frac" | "dfrac" | "tfrac" | "cfrac" | "sfrac" | "nicefrac" => {
                let (top, bottom) = (self.argument("tử số")?, self.argument("mẫu số")?);
                let kind = if matches!(name, "sfrac" | "nicefrac") { FractionKind::Slash } else { FractionKind::Bar };
                Node::Fraction(kind, top.into(), bottom.into())
            }
            "binom" | "dbinom" | "tbinom" => binomial(self.argument("dòng trên")?, self.argument("dòng dưới")?),
            "genfrac" => {
                let fences =
                    [self.lexer.raw_group(), self.lexer.raw_group()].map(|fence| fence.and_then(|fence| fence.trim().chars().next()));
                let bar = self.lexer.raw_group().is_none_or(|width| !width.trim_start().starts_with('0'));
                self.lexer.raw_group();
                let kind = if bar { FractionKind::Bar } else { FractionKind::NoBar };
                let fraction = Node::Fraction(kind, self.argument("dòng trên")?.into(), self.argument("dòng dưới")?.into());
                match fences {
                    [None, None] => fraction,
                    [open, close] => Node::Fence(open, vec![fraction], close),
                }
            }
            "sqrt" => {
                let degree = self.option()?;
                Node::Root(degree.map(Box::new), self.argument("biểu thức dưới căn")?.into())
            }
            "left" => self.fence()?,
            "begin" => environment::read(self)?,
            "heva" | "hoac" => {
                let rows = self.braced_rows()?;
                let open = if name == "heva" { '{' } else { '[' };
                environment::system(Some(open), vec![environment::grid(GridKind::Aligned, "", rows)], None)
            }
            "substack" => environment::grid(GridKind::Array, "c", self.braced_rows()?),
            "overset" | "stackrel" => {
                let (above, base) = (self.argument("dòng trên")?, self.argument("nội dung")?);
                stacked(base, None, Some(above))
            }
            "underset" => {
                let (below, base) = (self.argument("dòng dưới")?, self.argument("nội dung")?);
                stacked(base, Some(below), None)
            }
            "xrightarrow" | "xleftarrow" | "xleftrightarrow" | "xRightarrow" | "xLeftarrow" | "xLeftrightarrow" | "xrightleftharpoons"
            | "xrightleftarrows" | "xlongequal" | "xmapsto" => {
                let below = self.option()?;
                let above = Some(self.argument("dòng trên")?).filter(|above| !above.is_empty());
                Node::Arrow(arrow(name), above.map(Box::new), below.map(Box::new))
            }
            "boxed" | "fbox" => Node::Enclosed(Enclosure::Box, self.argument("nội dung")?.into()),
            "cancel" => Node::Enclosed(Enclosure::Rising, self.argument("nội dung")?.into()),
            "bcancel" => Node::Enclosed(Enclosure::Falling, self.argument("nội dung")?.into()),
            "xcancel" => Node::Enclosed(Enclosure::Crossed, self.argument("nội dung")?.into()),
            "sout" => Node::Enclosed(Enclosure::Struck, self.argument("nội dung")?.into()),
            "not" => negated(self.argument("dấu bị phủ định")?),
            "operatorname" => {
                self.lexer.star();
                let name = self.lexer.raw_group().ok_or(LatexError::Missing("tên hàm"))?;
                Node::Function(text::plain(name))
            }
            "mathrm" | "mathbf" | "mathit" | "mathsf" if self.holds_words() => {
                text::styled(name, self.lexer.raw_group().unwrap_or_default())?
            }
            "text" | "textrm" | "mbox" | "hbox" | "textnormal" | "textup" | "textbf" | "textit" | "textsf" | "texttt" => {
                let inner = self.lexer.raw_group().ok_or(LatexError::Missing("văn bản"))?;
                self.deeper(|_| text::read(name, inner))?
            }
            "ce" => mhchem::read(self.lexer.raw_group().ok_or(LatexError::Missing("công thức hoá học"))?)?,
            "pmod" => Node::row(vec![
                Node::Space(Space::Word),
                Node::Letter('('),
                Node::Function("mod".to_owned()),
                Node::Space(Space::Word),
                self.argument("nội dung")?,
                Node::Letter(')'),
            ]),
            "bmod" | "mod" => Node::row(vec![Node::Space(Space::Word), Node::Function("mod".to_owned()), Node::Space(Space::Word)]),
            _ => return Ok(None),
        }))
    }

    /// `\mathrm{ƯCLN}`: letters that only words have.
    fn holds_words(&self) -> bool {
        let mut ahead = self.lexer;
        ahead.raw_group().is_some_and(|inner| {
            !inner.contains(['\\', '^', '_', '{', '$']) && inner.chars().any(|letter| !letter.is_ascii() && letter.is_alphabetic())
        })
    }

    fn braced_rows(&mut self) -> Result<Vec<Vec<Node>>, LatexError> {
        if self.lexer.next() != Some(Token::Open) {
            return Err(LatexError::Missing("{"));
        }
        let rows = self.deeper(Self::rows)?;
        if self.lexer.next() == Some(Token::Close) { Ok(rows) } else { Err(LatexError::Missing("}")) }
    }

    fn fence(&mut self) -> Result<Node, LatexError> {
        let open = self.delimiter()?;
        let mut parts = Vec::new();
        loop {
            parts.push(self.row(None)?);
            match self.lexer.next() {
                Some(Token::Command("middle")) => {
                    // Word knows one separator for all parts; `|` is what is used.
                    self.delimiter()?;
                }
                Some(Token::Command("right")) => break,
                _ => return Err(LatexError::Missing("\\right")),
            }
        }
        let close = self.delimiter()?;
        Ok(environment::system(open, parts, close))
    }

    fn delimiter(&mut self) -> Result<Option<char>, LatexError> {
        let letter = match self.lexer.next() {
            Some(Token::Letter('.')) => return Ok(None),
            Some(Token::Letter('<')) => '⟨',
            Some(Token::Letter('>')) => '⟩',
            Some(Token::Letter(letter)) => letter,
            Some(Token::Command(name)) => symbols::letter_of(name).ok_or_else(|| LatexError::UnknownCommand(format!("\\{name}")))?,
            _ => return Err(LatexError::Missing("dấu ngoặc")),
        };
        Ok(Some(letter))
    }
}

/// Declarations that hold to the end of their group: the alphabet they change to.
fn declaration(name: &str) -> Option<Option<Style>> {
    Some(match name {
        "rm" | "rmfamily" | "upshape" => Some(Style::Upright),
        "bf" | "bfseries" => Some(Style::Bold),
        "it" | "itshape" => Some(Style::Italic),
        "sf" => Some(Style::SansSerif),
        "tt" => Some(Style::Monospace),
        _ => return None,
    })
}

fn function(name: &str) -> Option<String> {
    // Names that Vietnamese and Russian schoolbooks use.
    let own = ["tg", "cotg", "arctg", "arccotg", "arccot", "cotan", "cosec"];
    let spelt = match name {
        "limsup" => "lim sup",
        "liminf" => "lim inf",
        _ => name,
    };
    (symbols::FUNCTIONS.contains(&name) || own.contains(&name)).then(|| spelt.to_owned())
}

fn arrow(name: &str) -> char {
    match name {
        "xleftarrow" => '←',
        "xleftrightarrow" => '↔',
        "xRightarrow" => '⇒',
        "xLeftarrow" => '⇐',
        "xLeftrightarrow" => '⇔',
        "xrightleftharpoons" => '⇌',
        "xrightleftarrows" => '⇄',
        "xlongequal" => '=',
        "xmapsto" => '↦',
        _ => '→',
    }
}

fn binomial(top: Node, bottom: Node) -> Node {
    Node::Fence(Some('('), vec![Node::Fraction(FractionKind::NoBar, top.into(), bottom.into())], Some(')'))
}

/// `\overset{\frown}{AB}` is how an arc is written.
fn stacked(base: Node, sub: Option<Node>, sup: Option<Node>) -> Node {
    match (&sub, &sup) {
        (None, Some(Node::Letter('⌢'))) => Node::Accent(Accent::Arc, base.into()),
        // A condition under an arrow that already has one over it.
        (Some(below), None) if matches!(base, Node::Arrow(_, _, None)) => match base {
            Node::Arrow(arrow, above, _) => Node::Arrow(arrow, above, Some(below.clone().into())),
            other => other,
        },
        _ => Node::script(base, sub, sup, Place::Stacked),
    }
}

fn negated(body: Node) -> Node {
    match body {
        Node::Letter(letter) => match symbols::negation(letter) {
            Some(negated) => Node::Letter(negated),
            None => Node::Enclosed(Enclosure::Rising, Node::Letter(letter).into()),
        },
        other => Node::Enclosed(Enclosure::Rising, other.into()),
    }
}

fn is_primes(node: &Node) -> bool {
    match node {
        Node::Letter(letter) => *letter == '′',
        Node::Row(pieces) => !pieces.is_empty() && pieces.iter().all(|piece| *piece == Node::Letter('′')),
        _ => false,
    }
}

/// `^{'2}`: the prime is one of the base, as in `'^2`.
fn with_own_primes(above: Node) -> Node {
    let mut pieces = above.pieces();
    match pieces.first() {
        Some(Node::Script(script)) if script.base.is_empty() && script.sub.is_none() && script.sup.as_ref().is_some_and(is_primes) => {
            let primes = script.sup.clone().map(Node::pieces).unwrap_or_default();
            pieces.splice(..1, primes);
        }
        _ => {}
    }
    Node::row(pieces)
}

fn joined(before: Option<Node>, after: Node) -> Node {
    match before {
        None => after,
        Some(before) => {
            let mut pieces = before.pieces();
            pieces.extend(after.pieces());
            Node::row(pieces)
        }
    }
}

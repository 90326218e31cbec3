//! The records of a line as a row: characters of one kind held together, scripts put on what stands
//! before them.

use super::error::MtefError;
use super::letters::{self, Kind, Meaning};
use super::prefs::{Fonts, Typeface};
use super::record::{Character, Record};
use super::selector::{Order, Side, Template};
use super::template;
use crate::encodings::Legacy;
use crate::math::latex::{FUNCTIONS, Node, Place, Script, Space, Style};

/// Names set as functions in Vietnamese schoolbooks that LaTeX has no command for.
const OWN_FUNCTIONS: &[&str] = &["tg", "cotg", "arctg", "arccotg", "arccot", "cotan", "cosec"];

pub(super) fn node(records: &[Record], fonts: &Fonts) -> Result<Node, MtefError> {
    let mut row = Row { fonts, pieces: Vec::new(), letters: String::new(), kind: Kind::Single, old: None };
    for record in records {
        row.add(record)?;
    }
    row.flush();
    Ok(Node::row(row.pieces))
}

/// A slot of a template: a line or a pile of lines.
pub(super) fn slot(record: &Record, fonts: &Fonts) -> Result<Option<Node>, MtefError> {
    match record {
        Record::Line(None) => Ok(None),
        Record::Line(Some(records)) => node(records, fonts).map(Some),
        other => node(std::slice::from_ref(other), fonts).map(Some),
    }
}

struct Row<'a> {
    fonts: &'a Fonts,
    pieces: Vec<Node>,
    /// Letters of one kind that stand side by side.
    letters: String,
    kind: Kind,
    /// The encoding of the words, where their font is one of before Unicode.
    old: Option<Legacy>,
}

impl Row<'_> {
    fn add(&mut self, record: &Record) -> Result<(), MtefError> {
        match record {
            Record::Character(character) => self.character(character),
            Record::Template(Template::Script(order, only), slots) => self.script(*order, *only, slots),
            Record::Template(template, slots) => {
                let built = template::node(*template, slots, self.fonts)?;
                self.push_all(built);
                Ok(())
            }
            Record::Line(None) => Ok(()),
            Record::Line(Some(records)) => {
                // Several lines without a pile: what an unfinished formula leaves.
                let inner = node(records, self.fonts)?;
                self.push_all(inner);
                Ok(())
            }
            Record::Pile(align, lines) => {
                let built = template::pile(*align, lines, self.fonts)?;
                self.push_all(built);
                Ok(())
            }
            Record::Matrix(align, columns, cells) => {
                let built = template::matrix(*align, *columns, cells, self.fonts)?;
                self.push_all(built);
                Ok(())
            }
        }
    }

    fn push_all(&mut self, node: Node) {
        self.flush();
        self.pieces.extend(node.pieces());
    }

    fn character(&mut self, character: &Character) -> Result<(), MtefError> {
        let typeface = self.fonts.typeface(character.typeface);
        if typeface == Typeface::Marker {
            return Ok(());
        }
        match letters::meaning(character, self.fonts)? {
            Meaning::Nothing => {}
            // A space inside words is part of them.
            Meaning::Space(Space::Word) if self.kind == Kind::Word && !self.letters.is_empty() => self.letters.push(' '),
            Meaning::Space(space) => {
                self.flush();
                self.pieces.push(Node::Space(space));
            }
            Meaning::Letter(letter) => {
                let old = self.fonts.name(character.typeface).and_then(Legacy::of_font);
                // Letters of an old font that no formula has can only be parts of words.
                let kind = match letters::kind(typeface, letter) {
                    Kind::Single if old.is_some() && !letter.is_ascii() && typeface != Typeface::Symbol => Kind::Word,
                    kind => kind,
                };
                if kind != self.kind || old != self.old || character.starts || kind == Kind::Single {
                    self.flush();
                    self.kind = kind;
                    self.old = old;
                }
                if character.marks.is_empty() && kind != Kind::Single {
                    self.letters.push(letter);
                    return Ok(());
                }
                self.flush();
                let mut marked = dressed(letter.to_string(), kind);
                for mark in &character.marks {
                    marked = letters::marked(marked, *mark)?;
                }
                self.pieces.push(marked);
            }
        }
        Ok(())
    }

    /// Puts letters held together into the row.
    fn flush(&mut self) {
        let letters = std::mem::take(&mut self.letters);
        if letters.is_empty() {
            return;
        }
        let trimmed = letters.trim_end().to_owned();
        let spaces = letters.len() - trimmed.len();
        let trimmed = match self.old.filter(|_| self.kind == Kind::Word || self.kind == Kind::BoldWord) {
            Some(old) => old.decode(&trimmed),
            None => trimmed,
        };
        if self.kind == Kind::Name {
            self.names(&trimmed);
        } else {
            self.pieces.push(dressed(trimmed, self.kind));
        }
        if spaces > 0 {
            self.pieces.push(Node::Space(Space::Word));
        }
    }

    /// `sinx` typed in the functions' style is `\sin` and `x`.
    fn names(&mut self, letters: &str) {
        let mut rest = letters;
        while !rest.is_empty() {
            let known = FUNCTIONS.iter().chain(OWN_FUNCTIONS).filter(|name| rest.starts_with(**name)).max_by_key(|name| name.len());
            match known {
                Some(name) => {
                    self.pieces.push(Node::Function((*name).to_owned()));
                    rest = rest.get(name.len()..).unwrap_or_default();
                }
                None => {
                    self.pieces.push(dressed(rest.to_owned(), Kind::Name));
                    break;
                }
            }
        }
    }

    fn script(&mut self, order: Order, only: Side, slots: &[Record]) -> Result<(), MtefError> {
        self.flush();
        let mut read = Vec::new();
        for record in slots {
            read.push(slot(record, self.fonts)?.filter(|node| !node.is_empty()));
        }
        let (sub, sup) = match (read.len(), only) {
            (0, _) => return Ok(()),
            (1, Side::Under) => (read.pop().flatten(), None),
            (1, Side::Over) => (None, read.pop().flatten()),
            _ => {
                let mut read = read.into_iter();
                (read.next().flatten(), read.next().flatten())
            }
        };
        match order {
            Order::Before => {
                self.pieces.push(Node::script(Node::empty(), sub, sup, Place::Usual));
            }
            Order::After => {
                let base = self.pieces.pop_if(|last| takes_scripts(last)).unwrap_or_else(Node::empty);
                self.pieces.push(with_scripts(base, sub, sup));
            }
        }
        Ok(())
    }
}

fn dressed(letters: String, kind: Kind) -> Node {
    let single = |letters: &str| Node::letters(letters);
    match kind {
        Kind::Single => single(&letters),
        // A function typed as words is one still.
        Kind::Word if FUNCTIONS.contains(&letters.as_str()) => Node::Function(letters),
        Kind::Word => Node::Text(letters),
        Kind::BoldWord => Node::Styled(Style::Bold, Node::Text(letters).into()),
        Kind::Vector => Node::Styled(Style::Bold, single(&letters).into()),
        Kind::Name => Node::Styled(Style::Upright, single(&letters).into()),
    }
}

/// Whether scripts after it are its own: not after a space or at the beginning.
fn takes_scripts(node: &Node) -> bool {
    !matches!(node, Node::Space(_)) && !node.is_empty()
}

/// A base takes further scripts where it has none yet of the kind; primes take more after them.
fn with_scripts(base: Node, sub: Option<Node>, sup: Option<Node>) -> Node {
    match base {
        Node::Script(script) if script.place != Place::Stacked => {
            let Script { base, sub: own_sub, sup: own_sup, place } = *script;
            if (own_sub.is_some() && sub.is_some()) || (own_sup.as_ref().is_some_and(|own| !is_primes(own)) && sup.is_some()) {
                let whole = Node::script(base, own_sub, own_sup, place);
                return Node::script(Node::Row(vec![whole]), sub, sup, Place::Usual);
            }
            let sup = match (own_sup, sup) {
                (Some(primes), Some(sup)) => {
                    let mut pieces = primes.pieces();
                    pieces.extend(sup.pieces());
                    Some(Node::row(pieces))
                }
                (own, other) => own.or(other),
            };
            Node::script(base, own_sub.or(sub), sup, place)
        }
        base => Node::script(base, sub, sup, Place::Usual),
    }
}

fn is_primes(node: &Node) -> bool {
    match node {
        Node::Letter(letter) => *letter == '′',
        Node::Row(pieces) => pieces.iter().all(|piece| *piece == Node::Letter('′')),
        _ => false,
    }
}

//! Templates, piles and matrices as pieces of a formula.

use super::error::MtefError;
use super::line::slot;
use super::prefs::Fonts;
use super::record::Record;
use super::selector::{Big, Limits, Side, Template};
use crate::math::latex::{Accent, Enclosure, FractionKind, Grid, GridKind, LIMIT_FUNCTIONS, Node, Place, Style, is_big};

/// A template has four slots at most, and some characters of its own.
const MOST_SLOTS: usize = 64;

/// What stands in the slots of a template; `None` where a slot is empty.
struct Slots(Vec<Option<Node>>);

impl Slots {
    fn read(records: &[Record], fonts: &Fonts) -> Result<Self, MtefError> {
        records.iter().take(MOST_SLOTS).map(|record| slot(record, fonts)).collect::<Result<_, _>>().map(Self)
    }

    fn take(&mut self, at: usize) -> Option<Node> {
        self.0.get_mut(at).and_then(Option::take).filter(|node| !node.is_empty())
    }

    /// All from a place on, side by side.
    fn take_rest(&mut self, from: usize) -> Node {
        let rest = self.0.iter_mut().skip(from).filter_map(Option::take);
        Node::row(rest.flat_map(Node::pieces).collect())
    }

    /// Whether something is left that no template of this kind has a place for.
    fn has_rest(&self) -> bool {
        self.0.iter().flatten().any(|node| !node.is_empty())
    }

    fn main(&mut self) -> Node {
        self.take(0).unwrap_or_else(Node::empty)
    }
}

pub(super) fn node(template: Template, records: &[Record], fonts: &Fonts) -> Result<Node, MtefError> {
    let mut slots = Slots::read(records, fonts)?;
    let built = build(template, &mut slots);
    // Brackets, signs and arrows carry their own characters; elsewhere nothing may be left over.
    let complete = matches!(template, Template::Root | Template::Fraction | Template::Slash | Template::Limit | Template::Box);
    if records.len() > MOST_SLOTS || (complete && slots.has_rest()) {
        return Err(MtefError::Broken("mẫu có ô thừa".to_owned()));
    }
    Ok(built)
}

fn build(template: Template, slots: &mut Slots) -> Node {
    match template {
        Template::Fence(open, close) => fence(open, slots.main(), close),
        Template::Root => {
            let body = slots.main();
            Node::Root(slots.take(1).map(Box::new), body.into())
        }
        Template::Fraction | Template::Slash => {
            let kind = if template == Template::Slash { FractionKind::Slash } else { FractionKind::Bar };
            let top = slots.main();
            Node::Fraction(kind, top.into(), slots.take(1).unwrap_or_else(Node::empty).into())
        }
        Template::Bar(side) => {
            let accent = if side == Side::Over { Accent::Overline } else { Accent::Underline };
            Node::Accent(accent, slots.main().into())
        }
        Template::Big(big, limits) => self::big(big, limits, slots),
        Template::Limit => {
            let base = slots.main();
            let (sub, sup) = (slots.take(1), slots.take(2));
            limit(base, sub, sup)
        }
        Template::Arrow(arrow) => {
            let above = slots.take(0);
            Node::Arrow(arrow, above.map(Box::new), slots.take(1).map(Box::new))
        }
        Template::HorizontalBrace(side) => {
            let body = slots.main();
            let label = slots.take(1);
            match side {
                Side::Over => Node::script(Node::Accent(Accent::Overbrace, body.into()), None, label, Place::Usual),
                Side::Under => Node::script(Node::Accent(Accent::Underbrace, body.into()), label, None, Place::Usual),
            }
        }
        // Lines put scripts on what stands before; one inside nothing has no base.
        Template::Script(..) => {
            let sub = slots.take(0);
            Node::script(Node::empty(), sub, slots.take(1), Place::Usual)
        }
        Template::Dirac { left, right } => {
            let (before, after) = (slots.take(0), slots.take(1));
            let parts: Vec<Node> = [before.filter(|_| left), after.filter(|_| right)].into_iter().flatten().collect();
            let edge = |whole: bool, angle: char| Some(if whole { angle } else { '|' });
            Node::Fence(edge(left, '⟨'), if parts.is_empty() { vec![Node::empty()] } else { parts }, edge(right, '⟩'))
        }
        Template::Vector(Side::Over, arrow) => {
            let accent = match arrow {
                '←' => Accent::LeftArrow,
                '↔' => Accent::BothArrow,
                _ => Accent::RightArrow,
            };
            Node::Accent(accent, slots.main().into())
        }
        Template::Vector(Side::Under, arrow) => Node::script(slots.main(), Some(Node::Letter(arrow)), None, Place::Stacked),
        Template::Tilde => Node::Accent(Accent::Tilde, slots.main().into()),
        Template::Hat => Node::Accent(Accent::Hat, slots.main().into()),
        Template::Arc => Node::Accent(Accent::Arc, slots.main().into()),
        Template::Strike { level, rising, falling } => {
            let enclosure = match (level, rising, falling) {
                (true, ..) => Enclosure::Struck,
                (_, true, true) => Enclosure::Crossed,
                (_, false, true) => Enclosure::Falling,
                _ => Enclosure::Rising,
            };
            Node::Enclosed(enclosure, slots.main().into())
        }
        Template::Box => Node::Enclosed(Enclosure::Box, slots.main().into()),
        Template::LongDivision => {
            let divided = Node::Accent(Accent::Overline, Node::row(vec![Node::Letter(')'), slots.main()]).into());
            Node::script(divided, None, slots.take(1), Place::Stacked)
        }
    }
}

/// A system in a brace without its other side is how `cases` looks.
fn fence(open: Option<char>, body: Node, close: Option<char>) -> Node {
    match body {
        Node::Grid(grid) if grid.kind == GridKind::Aligned || (grid.kind == GridKind::Array && !grid.columns.is_empty()) => {
            if (open, close) == (Some('{'), None) {
                return Node::Grid(Grid { kind: GridKind::Cases, columns: String::new(), rows: grid.rows });
            }
            Node::Fence(open, vec![Node::Grid(grid)], close)
        }
        body => Node::Fence(open, vec![body], close),
    }
}

fn big(big: Big, limits: Limits, slots: &mut Slots) -> Node {
    let operand = slots.main();
    let (sub, sup) = (slots.take(1), slots.take(2));
    let (base, usual) = match big {
        Big::Sign(sign) => (Node::Letter(sign), if is_integral(sign) { Limits::Beside } else { Limits::Stacked }),
        Big::Written => (slots.take_rest(3), Limits::Beside),
    };
    let place = match limits {
        _ if limits == usual && !matches!(big, Big::Written) => Place::Usual,
        // `\limits` is only for what LaTeX takes for an operator.
        Limits::Beside if matches!(&base, Node::Letter(sign) if is_big(*sign)) => Place::Beside,
        Limits::Beside => Place::Usual,
        Limits::Stacked => Place::Stacked,
    };
    let mut pieces = vec![Node::script(base, sub, sup, place)];
    pieces.extend(operand.pieces());
    Node::row(pieces)
}

fn is_integral(sign: char) -> bool {
    matches!(sign, '∫' | '∬' | '∭' | '∮' | '∯' | '∰')
}

/// `lim` with what it goes to; or any text with something under it.
fn limit(base: Node, sub: Option<Node>, sup: Option<Node>) -> Node {
    let name = match &base {
        Node::Function(name) => Some(name.clone()),
        Node::Styled(Style::Upright, body) => spelt(body),
        Node::Text(words) => Some(words.trim().to_owned()),
        Node::Row(_) => spelt(&base),
        _ => None,
    };
    match name.filter(|name| LIMIT_FUNCTIONS.contains(&name.as_str())) {
        Some(name) => Node::script(Node::Function(name), sub, sup, Place::Usual),
        None => Node::script(base, sub, sup, Place::Stacked),
    }
}

/// The letters of a row that has nothing else.
fn spelt(node: &Node) -> Option<String> {
    match node {
        Node::Letter(letter) => Some(letter.to_string()),
        Node::Row(pieces) => pieces.iter().map(|piece| if let Node::Letter(letter) = piece { Some(*letter) } else { None }).collect(),
        _ => None,
    }
}

/// Lines under one another.
pub(super) fn pile(align: u8, lines: &[Record], fonts: &Fonts) -> Result<Node, MtefError> {
    let mut rows = Vec::new();
    for line in lines {
        rows.push(vec![slot(line, fonts)?.unwrap_or_else(Node::empty)]);
    }
    let columns = match align {
        1 => "l",
        3 => "r",
        4 => "",
        _ => "c",
    };
    if let [only] = rows.as_mut_slice()
        && let Some(cell) = only.pop()
    {
        return Ok(cell);
    }
    let kind = if columns.is_empty() { GridKind::Aligned } else { GridKind::Array };
    Ok(Node::Grid(Grid { kind, columns: columns.to_owned(), rows }))
}

/// Cells, row by row.
pub(super) fn matrix(align: u8, columns: u8, cells: &[Record], fonts: &Fonts) -> Result<Node, MtefError> {
    let mut rows: Vec<Vec<Node>> = Vec::new();
    for cell in cells {
        let cell = slot(cell, fonts)?.unwrap_or_else(Node::empty);
        match rows.last_mut() {
            Some(row) if row.len() < usize::from(columns.max(1)) => row.push(cell),
            _ => rows.push(vec![cell]),
        }
    }
    let side = match align {
        1 => "l",
        3 => "r",
        _ => "",
    };
    Ok(Node::Grid(Grid { kind: GridKind::Array, columns: side.repeat(usize::from(columns)), rows }))
}

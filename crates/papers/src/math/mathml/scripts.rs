//! Scripts, limits and accents of MathML.

use super::{Place, Reader, Told, scripted};
use crate::math::latex::{Accent, FUNCTIONS, LIMIT_FUNCTIONS, Node, Style, is_big};
use crate::xml::Element;

impl Reader {
    pub(super) fn script(&mut self, element: &Element, depth: usize) -> Told {
        let base = self.child(element, 0, depth)?;
        let first = self.child(element, 1, depth)?;
        let second = self.child(element, 2, depth)?;
        Some(match element.name.to_ascii_lowercase().as_str() {
            "msub" => scripted(base, Some(first), None, Place::Usual),
            "msup" => scripted(base, None, Some(first), Place::Usual),
            "msubsup" => scripted(base, Some(first), Some(second), Place::Usual),
            "munder" => under(base, first),
            "mover" => over(base, first),
            _ => {
                let base = named(base);
                match (&base, arrow(&base)) {
                    (_, Some(arrow)) => Node::Arrow(arrow, some(second), some(first)),
                    (base, None) if takes_limits(base) => scripted(base.clone(), Some(first), Some(second), place(base)),
                    _ => under(over(base, second), first),
                }
            }
        })
    }

    /// Scripts on all sides: after the base in pairs, before it behind `mprescripts`.
    pub(super) fn scripts_around(&mut self, element: &Element, depth: usize) -> Told {
        let base = self.child(element, 0, depth)?;
        let mut sides: [Vec<Node>; 2] = [Vec::new(), Vec::new()];
        let mut side = 0;
        for child in element.elements().skip(1) {
            if child.name.eq_ignore_ascii_case("mprescripts") {
                side = 1;
                continue;
            }
            let read = self.element(child, depth + 1)?;
            if let Some(list) = sides.get_mut(side) {
                list.push(read);
            }
        }
        let [after, before] = sides;
        let pair = |list: Vec<Node>| {
            let mut list = list.into_iter();
            (list.next(), list.next())
        };
        let (pre_sub, pre_sup) = pair(before);
        let (sub, sup) = pair(after);
        let base = scripted(base, sub, sup, Place::Usual);
        let before = scripted(Node::empty(), pre_sub, pre_sup, Place::Usual);
        Some(if before.is_empty() { base } else { Node::row(vec![before, base]) })
    }
}

fn some(node: Node) -> Option<Box<Node>> {
    Some(Box::new(node)).filter(|node| !node.is_empty())
}

/// `lim` typed as a name or as upright letters.
fn named(base: Node) -> Node {
    let name = match &base {
        Node::Text(words) => words.trim().to_owned(),
        Node::Styled(Style::Upright, body) => match &**body {
            Node::Row(letters) => letters.iter().map(|piece| if let Node::Letter(letter) = piece { *letter } else { ' ' }).collect(),
            _ => return base,
        },
        _ => return base,
    };
    if FUNCTIONS.contains(&name.as_str()) { Node::Function(name) } else { base }
}

fn takes_limits(base: &Node) -> bool {
    match base {
        Node::Letter(letter) => is_big(*letter),
        Node::Function(name) => LIMIT_FUNCTIONS.contains(&name.as_str()),
        Node::Accent(Accent::Overbrace | Accent::Underbrace, _) => true,
        _ => false,
    }
}

/// Under and over an integral is not where they stand by themselves.
fn place(base: &Node) -> Place {
    match base {
        Node::Letter('∫' | '∬' | '∭' | '∮' | '∯' | '∰') => Place::Stacked,
        _ => Place::Usual,
    }
}

/// An arrow that grows with what is written on it.
fn arrow(base: &Node) -> Option<char> {
    match base {
        Node::Letter(letter @ ('→' | '←' | '↔' | '⇒' | '⇐' | '⇔' | '⇌' | '⇄' | '↦')) => Some(*letter),
        Node::Letter('⟶') => Some('→'),
        Node::Letter('⟵') => Some('←'),
        _ => None,
    }
}

fn under(base: Node, below: Node) -> Node {
    let base = named(base);
    if let Some(arrow) = arrow(&base) {
        return Node::Arrow(arrow, None, some(below));
    }
    if let Node::Arrow(arrow, above, None) = base {
        return Node::Arrow(arrow, above, some(below));
    }
    match &below {
        Node::Letter('_' | '\u{332}' | '¯' | '‾' | '\u{305}') => Node::Accent(Accent::Underline, base.into()),
        Node::Letter('⏟' | '︸') => Node::Accent(Accent::Underbrace, base.into()),
        _ => {
            let place = if takes_limits(&base) { place(&base) } else { Place::Stacked };
            scripted(base, Some(below), None, place)
        }
    }
}

fn over(base: Node, above: Node) -> Node {
    let base = named(base);
    if let Some(arrow) = arrow(&base) {
        return Node::Arrow(arrow, some(above), None);
    }
    let accent = match &above {
        Node::Letter('→' | '⃗' | '⟶' | '⇀') => Some(Accent::RightArrow),
        Node::Letter('←' | '\u{20d6}' | '⟵' | '↼') => Some(Accent::LeftArrow),
        Node::Letter('↔' | '\u{20e1}' | '⟷') => Some(Accent::BothArrow),
        Node::Letter('^' | 'ˆ' | '\u{302}') => Some(Accent::Hat),
        Node::Letter('~' | '˜' | '∼' | '\u{303}') => Some(Accent::Tilde),
        Node::Letter('¯' | '‾' | '_' | '\u{304}' | '\u{305}' | 'ˉ' | '−' | '―') => Some(Accent::Overline),
        Node::Letter('˙' | '.' | '\u{307}' | '⋅') => Some(Accent::Dot),
        Node::Letter('¨' | '\u{308}') => Some(Accent::DoubleDot),
        Node::Letter('\u{20db}') => Some(Accent::TripleDot),
        Node::Letter('ˇ' | '\u{30c}') => Some(Accent::Check),
        Node::Letter('˘' | '\u{306}') => Some(Accent::Breve),
        Node::Letter('⌢' | '⏜' | '︵' | '\u{311}') => Some(Accent::Arc),
        Node::Letter('⏞' | '︷') => Some(Accent::Overbrace),
        _ => None,
    };
    match accent {
        Some(accent) => Node::Accent(accent, base.into()),
        None => {
            let place = if takes_limits(&base) { place(&base) } else { Place::Stacked };
            scripted(base, None, Some(above), place)
        }
    }
}

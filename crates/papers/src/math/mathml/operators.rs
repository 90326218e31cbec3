//! Letters, signs and spaces of MathML; brackets that belong together.

use super::{clean, variant};
use crate::math::latex::{FUNCTIONS, Node, Space, Style};
use crate::xml::Element;

/// A name: one letter is a variable, several are a function or a name set upright.
pub(super) fn identifier(element: &Element) -> Node {
    let name = clean(&element.text());
    let style = element.attribute("mathvariant").and_then(variant);
    let single = name.chars().count() == 1;
    let plain = Node::letters(&name);
    match style {
        Some(Style::Upright) if single && name.chars().all(|letter| !letter.is_ascii_alphabetic()) => plain,
        Some(Style::Italic) if single => plain,
        Some(style) if single || style != Style::Upright => Node::Styled(style, plain.into()),
        _ if single => unstyled(name.chars().next()).unwrap_or(plain),
        _ if name.is_empty() => Node::empty(),
        _ if FUNCTIONS.contains(&name.replace(' ', "").as_str()) => Node::Function(name),
        _ if name.chars().all(|letter| letter.is_ascii_alphabetic()) && name.len() <= 8 => Node::Function(name),
        _ => Node::Text(name),
    }
}

/// `ℝ` as a letter of an alphabet: that is how LaTeX writes it.
fn unstyled(letter: Option<char>) -> Option<Node> {
    let plain = match letter? {
        'ℝ' => 'R',
        'ℕ' => 'N',
        'ℤ' => 'Z',
        'ℚ' => 'Q',
        'ℂ' => 'C',
        'ℙ' => 'P',
        _ => return None,
    };
    Some(Node::Styled(Style::DoubleStruck, Node::Letter(plain).into()))
}

/// A sign.
pub(super) fn operator(text: &str) -> Node {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (None, _) => Node::empty(),
        (Some(letter), None) => unstyled(Some(letter)).unwrap_or_else(|| Node::Letter(sign(letter))),
        _ if text.chars().all(char::is_alphabetic) => Node::Function(text.to_owned()),
        _ => Node::row(text.chars().map(|letter| Space::of_letter(letter).map_or(Node::Letter(sign(letter)), Node::Space)).collect()),
    }
}

/// Signs with several characters as the one our tables know.
pub(super) fn sign(letter: char) -> char {
    match letter {
        '-' | '\u{2010}' => '−',
        '*' => '∗',
        '\'' | '´' => '′',
        '\u{2329}' | '\u{3008}' => '⟨',
        '\u{232a}' | '\u{3009}' => '⟩',
        '∣' | '❘' => '|',
        '∥' => '∥',
        '\u{2206}' => 'Δ',
        other => other,
    }
}

/// A space by its width.
pub(super) fn space(width: Option<&str>) -> Node {
    let width = width.unwrap_or("").trim();
    let digits = width.find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != '-').unwrap_or(width.len());
    let (number, unit) = width.split_at_checked(digits).unwrap_or(("", ""));
    let Ok(number) = number.parse::<f64>() else {
        return match width {
            "thinmathspace" | "verythinmathspace" => Node::Space(Space::Thin),
            "" => Node::empty(),
            _ => Node::Space(Space::Medium),
        };
    };
    let em = match unit {
        "px" => number / 16.0,
        "pt" => number / 12.0,
        "ex" => number / 2.0,
        _ => number,
    };
    match em {
        em if em <= 0.05 => Node::empty(),
        em if em < 0.2 => Node::Space(Space::Thin),
        em if em < 0.6 => Node::Space(Space::Medium),
        em if em < 1.5 => Node::Space(Space::Quad),
        _ => Node::Space(Space::TwoQuads),
    }
}

/// A brace at the end or the beginning that has no other side, and brackets around what is high, grow.
pub(super) fn fenced(read: Vec<(&Element, Node)>) -> Vec<Node> {
    let is_sign = |pair: Option<&(&Element, Node)>| match pair {
        Some((element, Node::Letter(letter))) if element.name == "mo" && element.attribute("stretchy") != Some("false") => Some(*letter),
        _ => None,
    };
    let high = |node: &Node| matches!(node, Node::Grid(_) | Node::Fraction(..));
    let any_high = read.iter().any(|(_, node)| high(node));
    if !any_high || read.len() < 2 {
        return read.into_iter().map(|(_, node)| node).collect();
    }
    let open = is_sign(read.first()).filter(|letter| matches!(letter, '(' | '[' | '{' | '|' | '‖' | '⟨' | '⌊' | '⌈'));
    let close = is_sign(read.last()).filter(|letter| matches!(letter, ')' | ']' | '}' | '|' | '‖' | '⟩' | '⌋' | '⌉'));
    let only_grid = |count: usize| read.len() == count && read.iter().any(|(_, node)| matches!(node, Node::Grid(_)));
    let inner = |from: usize, to: usize, read: Vec<(&Element, Node)>| {
        let count = to.saturating_sub(from);
        Node::row(read.into_iter().skip(from).take(count).map(|(_, node)| node).collect())
    };
    let last = read.len();
    match (open, close) {
        (Some(open), Some(close)) if last > 2 && matches(open, close) && !closes_before(&read) => {
            vec![super::tables::fence(Some(open), inner(1, last - 1, read), Some(close))]
        }
        (Some(open), None) if only_grid(2) => vec![super::tables::fence(Some(open), inner(1, last, read), None)],
        (None, Some(close)) if only_grid(2) => vec![super::tables::fence(None, inner(0, last - 1, read), Some(close))],
        _ => read.into_iter().map(|(_, node)| node).collect(),
    }
}

fn matches(open: char, close: char) -> bool {
    matches!((open, close), ('(' | '[', ')' | ']') | ('{', '}') | ('|', '|') | ('‖', '‖') | ('⟨', '⟩') | ('⌊', '⌋') | ('⌈', '⌉'))
}

/// Whether the first bracket is closed before the end: `(a)/(b)`.
fn closes_before(read: &[(&Element, Node)]) -> bool {
    let mut depth = 0_i32;
    for (at, (_, node)) in read.iter().enumerate() {
        match node {
            Node::Letter('(' | '[' | '{' | '⟨' | '⌊' | '⌈') => depth += 1,
            Node::Letter(')' | ']' | '}' | '⟩' | '⌋' | '⌉') => depth -= 1,
            // Bars have no sides: another one between leaves it open.
            Node::Letter('|' | '‖') if at > 0 && at + 1 < read.len() => return true,
            _ => {}
        }
        if depth == 0 && at + 1 < read.len() && !matches!(node, Node::Letter('|' | '‖')) {
            return !matches!(read.first(), Some((_, Node::Letter('|' | '‖'))));
        }
    }
    false
}

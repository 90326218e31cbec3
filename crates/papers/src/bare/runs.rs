//! Which stretches of a text are formulas.

use super::tokens::{Kind, Token, is_known, tokens};
use crate::math::latex;

/// A stretch that looks like LaTeX, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub from: usize,
    pub to: usize,
    /// It reads as a formula as a whole, and ends where a formula may end.
    pub sure: bool,
}

/// What makes a stretch a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seed {
    /// A command: `\frac`.
    Command,
    /// A script as well: `x^2`, where the paper is known to be typed so.
    Script,
}

/// Longest text looked into, in bytes; nobody types more between two lines.
const LONGEST: usize = 50_000;

/// Longest formula, in bytes or pieces.
const LONGEST_FORMULA: usize = 2000;
const NOTHING: Run = Run { from: 0, to: 0, sure: false };

/// The stretches of a text that look like LaTeX, in order.
pub(super) fn runs(text: &str, seed: Seed) -> Vec<Run> {
    if text.len() > LONGEST || !text.contains(['\\', '^', '_', '{']) {
        return Vec::new();
    }
    let line = Line { text, tokens: tokens(text) };
    let mut out = Vec::new();
    let mut next = 0;
    while next < line.tokens.len() {
        if !line.begins(next, seed) {
            next += 1;
            continue;
        }
        let last = line.right(next);
        let first = line.left(next, out.last().map_or(0, |(_, end): &(Run, usize)| *end));
        out.push((line.run(first, last), last + 1));
        next = last + 1;
    }
    out.into_iter().map(|(run, _)| run).filter(|run| run.to > run.from).collect()
}

struct Line<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl Line<'_> {
    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn before(&self, at: usize) -> Option<Kind> {
        self.kind(at.checked_sub(1)?)
    }

    fn begins(&self, at: usize, seed: Seed) -> bool {
        match self.kind(at) {
            Some(Kind::Command) => true,
            // An environment that goes on in other lines.
            Some(Kind::Strange) => self.tokens.get(at).is_some_and(|token| self.text[token.from..].starts_with("\\begin{")),
            // `log{\frac…}`, `log{a}`.
            Some(Kind::Group) => {
                let holds_command = self.tokens.get(at).is_some_and(|token| {
                    let inside = self.text[token.from..token.to].split('\\').skip(1);
                    inside
                        .into_iter()
                        .any(|after| is_known(&after[..after.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(after.len())]))
                });
                let environment = || self.tokens.get(at).is_some_and(|token| self.text[token.from..].starts_with("\\begin"));
                holds_command || environment() || seed == Seed::Script && self.before(at) == Some(Kind::Name)
            }
            Some(Kind::Sign('^' | '_')) => {
                let base =
                    matches!(self.before(at), Some(Kind::Name | Kind::Number | Kind::Group | Kind::Sign(')' | ']' | '|' | '\'' | '’')));
                let above = matches!(
                    self.kind(at + 1),
                    Some(Kind::Name | Kind::Number | Kind::Group | Kind::Command | Kind::Sign('-' | '*' | '+'))
                );
                seed == Seed::Script && base && above
            }
            _ => false,
        }
    }

    /// Whether a token may stand in a formula without a space before it.
    fn is_tight(kind: Option<Kind>) -> bool {
        matches!(kind, Some(Kind::Command | Kind::Escaped | Kind::Group | Kind::Name | Kind::Number | Kind::Sign(_)))
    }

    /// The last token of the formula around a seed.
    fn right(&self, seed: usize) -> usize {
        let mut last = seed;
        let mut open = usize::from(self.opened_before(seed));
        let mut fences = usize::from(self.command(seed) == "\\left");
        loop {
            let at = last + 1;
            let goes_on = match self.kind(at) {
                // Whatever stands behind `\left` is its own.
                kind if self.is_fenced(at) => Self::is_tight(kind) || kind == Some(Kind::Space),
                Some(Kind::Space) => fences > 0 || self.goes_on(at),
                Some(Kind::Sign('(' | '[')) => {
                    open += 1;
                    true
                }
                Some(Kind::Sign(')' | ']')) => {
                    let closes = open > 0;
                    open = open.saturating_sub(1);
                    closes
                }
                Some(Kind::Sign('.' | ',' | ';' | ':' | '?')) => fences > 0 || Self::is_tight(self.kind(at + 1)),
                kind => Self::is_tight(kind),
            };
            if !goes_on {
                return last;
            }
            match self.command(at) {
                "\\left" => fences += 1,
                "\\right" => fences = fences.saturating_sub(1),
                _ => {}
            }
            last = at;
        }
    }

    fn command(&self, at: usize) -> &str {
        match self.tokens.get(at) {
            Some(token) if token.kind == Kind::Command => &self.text[token.from..token.to],
            _ => "",
        }
    }

    /// Whether the sign here belongs to `\left` or `\right` and is no bracket of its own.
    fn is_fenced(&self, at: usize) -> bool {
        let fence = |at: usize| matches!(self.command(at), "\\left" | "\\right" | "\\middle");
        let Some(before) = at.checked_sub(1) else { return false };
        fence(before) || self.kind(before) == Some(Kind::Space) && before.checked_sub(1).is_some_and(fence)
    }

    /// Whether a bracket stands open in what is glued to the left of a seed.
    fn opened_before(&self, seed: usize) -> bool {
        let mut open = 0_i32;
        for at in (0..seed).rev().take(60) {
            match self.kind(at) {
                Some(Kind::Sign('(' | '[')) if !self.is_fenced(at) => open += 1,
                Some(Kind::Sign(')' | ']')) if !self.is_fenced(at) => open -= 1,
                kind if Self::is_tight(kind) => {}
                _ => break,
            }
        }
        open > 0
    }

    /// Whether a formula goes on behind a space: a command needs one before a letter, and people type
    /// spaces around signs.
    fn goes_on(&self, space: usize) -> bool {
        let before = self.before(space);
        let (next, after) = (self.kind(space + 1), self.kind(space + 2));
        let relation = |kind: Option<Kind>| matches!(kind, Some(Kind::Sign(sign)) if is_relation(sign));
        let alone =
            || matches!(after, None | Some(Kind::Space | Kind::Sign(_) | Kind::Group | Kind::Command | Kind::Escaped | Kind::Number));
        match next {
            Some(Kind::Command | Kind::Escaped) => true,
            Some(Kind::Group) => before == Some(Kind::Command),
            Some(Kind::Sign(sign)) if is_relation(sign) || sign == '^' || sign == '_' => {
                Self::is_tight(after) || after == Some(Kind::Space) && Self::is_tight(self.kind(space + 3))
            }
            // A sign glued to what follows belongs to that: `-\infty -2` are two numbers of a table.
            Some(Kind::Sign('+' | '-' | '−' | '(' | '[' | '|')) => {
                let glued = (relation(before) || self.is_operator(space.wrapping_sub(1))) && Self::is_tight(after);
                glued || before == Some(Kind::Command) && after == Some(Kind::Space) && Self::is_tight(self.kind(space + 3))
            }
            Some(Kind::Number) => {
                let between =
                    matches!(before, Some(Kind::Sign('+' | '-' | '−'))) && self.before(space.wrapping_sub(1)) == Some(Kind::Space);
                relation(before) || between || self.is_operator(space.wrapping_sub(1))
            }
            Some(Kind::Name) => {
                let one = self.tokens.get(space + 1).is_some_and(|token| token.to - token.from == 1);
                let glued =
                    matches!(after, Some(Kind::Sign('=' | '^' | '_' | '+' | '-' | '(' | '<' | '>' | '\'') | Kind::Group | Kind::Command));
                (before == Some(Kind::Command) || relation(before)) && (one && alone() || glued)
            }
            _ => false,
        }
    }

    /// A command that stands between two things.
    fn is_operator(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at).filter(|token| token.kind == Kind::Command) else { return false };
        latex::symbol(&self.text[token.from + 1..token.to])
            .is_some_and(|sign| is_relation(sign) || matches!(sign, '×' | '⋅' | '·' | '±' | '÷'))
    }

    /// The first token of the formula around a seed, not before `least`.
    fn left(&self, seed: usize, least: usize) -> usize {
        let mut first = seed;
        while first > least {
            let at = first - 1;
            match self.kind(at) {
                kind @ Some(Kind::Space) => {
                    // `x = \frac…`: only across a sign that stands between two things.
                    let crosses = matches!(self.kind(first), Some(Kind::Sign(sign)) if is_relation(sign))
                        || matches!(self.before(at), Some(Kind::Sign(sign)) if is_relation(sign));
                    if !crosses || at == least || !Self::is_tight(self.before(at)) || kind.is_none() {
                        break;
                    }
                    if self.before(at) == Some(Kind::Name) && self.tokens.get(at - 1).is_some_and(|token| token.to - token.from > 1) {
                        break;
                    }
                }
                kind if Self::is_tight(kind) => {}
                _ => break,
            }
            first = at;
        }
        first
    }

    /// The formula from one token to another without what is only around it.
    fn run(&self, mut first: usize, mut last: usize) -> Run {
        if last - first > LONGEST_FORMULA {
            return self.tokens.get(first).zip(self.tokens.get(last)).map_or(NOTHING, |(from, to)| Run {
                from: from.from,
                to: to.to,
                sure: false,
            });
        }
        while first < last && self.is_outside(first, first, last) {
            first += 1;
        }
        while last > first && self.is_behind(last) {
            last -= 1;
        }
        let (Some(from), Some(to)) = (self.tokens.get(first), self.tokens.get(last)) else { return NOTHING };
        let (from, to) = (from.from, to.to);
        if to - from > LONGEST_FORMULA {
            return Run { from, to, sure: false };
        }
        let ends = self.before(first) != Some(Kind::Strange) && self.kind(last + 1) != Some(Kind::Strange);
        let sure =
            ends && self.is_balanced(first, last) && latex::parse(&self.text[from..to]).is_ok_and(|node| node != latex::Node::empty());
        Run { from, to, sure }
    }

    /// What stands before a formula and does not begin it: points, a bracket that closes outside of it.
    fn is_outside(&self, at: usize, first: usize, last: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Space | Kind::Sign('.' | ',' | ';' | ':' | '?' | '!' | ')' | ']' | '/' | '^' | '_' | '\'' | '’' | '>' | '*')) => {
                true
            }
            Some(Kind::Sign('(' | '[')) => !self.is_balanced(first, last),
            _ => false,
        }
    }

    /// What stands behind a formula and does not end it.
    fn is_behind(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Space | Kind::Escaped) => self.kind(at) == Some(Kind::Space),
            Some(Kind::Sign('.' | ',' | ';' | ':' | '?' | '(' | '[')) => !self.is_fenced(at),
            Some(Kind::Sign('+' | '-' | '−' | '=')) => self.before(at) == Some(Kind::Space),
            Some(Kind::Sign('!')) => !matches!(self.before(at), Some(Kind::Name | Kind::Number | Kind::Group | Kind::Sign(')'))),
            _ => false,
        }
    }

    fn is_balanced(&self, first: usize, last: usize) -> bool {
        let mut open = 0_i32;
        for at in first..=last {
            if self.is_fenced(at) {
                continue;
            }
            match self.kind(at) {
                Some(Kind::Sign('(' | '[')) => open += 1,
                Some(Kind::Sign(')' | ']')) => open -= 1,
                _ => {}
            }
            if open < 0 {
                return false;
            }
        }
        open == 0
    }
}

fn is_relation(sign: char) -> bool {
    matches!(
        sign,
        '=' | '<' | '>' | '≤' | '≥' | '≠' | '≈' | '≡' | '∈' | '∉' | '⊂' | '∼' | '∥' | '⊥' | '⟂' | '\u{2190}'..='\u{21ff}' | '⟹' | '⟺'
    )
}

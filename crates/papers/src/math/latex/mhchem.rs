//! `\ce{…}`: the part of mhchem that school papers use. Formulas with subscripts, charges, isotopes,
//! bonds, states, coefficients, arrows with conditions, precipitates and gases.

use super::error::LatexError;
use super::node::{Node, Place, Space, Style};
use super::parse::parse;

/// Arrows, the longest first.
const ARROWS: &[(&str, char)] =
    &[("<=>>", '⇌'), ("<<=>", '⇌'), ("<-->", '⇄'), ("<=>", '⇌'), ("<->", '↔'), ("-->", '⟶'), ("->", '→'), ("<-", '←')];

/// Reads what stands in the braces of `\ce`.
pub(super) fn read(source: &str) -> Result<Node, LatexError> {
    within(source, 0)
}

fn within(source: &str, depth: usize) -> Result<Node, LatexError> {
    if depth > 4 {
        return Err(LatexError::TooLarge);
    }
    let mut reader = Reader { rest: source, pieces: Vec::new(), depth };
    while !reader.rest.is_empty() {
        reader.piece()?;
    }
    Ok(Node::row(reader.pieces))
}

struct Reader<'a> {
    rest: &'a str,
    pieces: Vec<Node>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn piece(&mut self) -> Result<(), LatexError> {
        // What a sign means depends on whether something stands right before it.
        let starts =
            matches!(self.pieces.last(), None | Some(Node::Space(_) | Node::Arrow(..) | Node::Letter('+' | '−' | '=' | '≡' | '⋅')));
        let Some(first) = self.rest.chars().next() else { return Ok(()) };
        if let Some((sign, arrow)) = ARROWS.iter().find(|(sign, _)| self.rest.starts_with(sign)) {
            self.skip(sign.len());
            return self.arrow(*arrow);
        }
        match first {
            ' ' | '~' | '\n' | '\t' => {
                self.skip(1);
                let alone = |rest: &str, sign: char| {
                    rest.strip_prefix(sign).is_some_and(|after| after.is_empty() || after.starts_with([' ', '+', '-', '<']))
                };
                if alone(self.rest, 'v') || alone(self.rest, '^') {
                    self.pieces.push(Node::Letter(if self.rest.starts_with('v') { '↓' } else { '↑' }));
                    self.skip(1);
                } else if !matches!(self.pieces.last(), None | Some(Node::Space(_))) && !self.rest.is_empty() {
                    self.pieces.push(Node::Space(Space::Thin));
                }
            }
            '0'..='9' => {
                let number = |sign: char| sign.is_ascii_digit() || (starts && matches!(sign, '/' | '.' | ','));
                let end = self.rest.find(|sign: char| !number(sign)).unwrap_or(self.rest.len());
                let digits = self.take(end);
                if starts {
                    self.coefficient(digits);
                } else {
                    self.attach(Some(Node::letters(digits)), None);
                }
            }
            '^' | '_' => {
                self.skip(1);
                let script = self.script()?;
                if first == '^' { self.attach(None, Some(script)) } else { self.attach(Some(script), None) }
            }
            '+' | '-' => {
                self.skip(1);
                let ends = self.rest.is_empty() || self.rest.starts_with([' ', ')', ']', '}']);
                let sign = if first == '+' { '+' } else { '−' };
                if !starts && ends {
                    self.attach(None, Some(Node::Letter(sign)));
                } else {
                    self.pieces.push(Node::Letter(sign));
                }
            }
            '=' | '#' => {
                self.skip(1);
                self.pieces.push(Node::Letter(if first == '=' { '=' } else { '≡' }));
            }
            '*' | '.' | '·' => {
                self.skip(first.len_utf8());
                self.pieces.push(Node::Letter('⋅'));
            }
            '$' => {
                self.skip(1);
                let end = self.rest.find('$').ok_or(LatexError::Missing("$"))?;
                let inner = self.take(end);
                self.skip(1);
                self.pieces.extend(parse(inner)?.pieces());
            }
            '\\' => self.command()?,
            '{' => {
                let inner = self.group()?;
                let inner = within(inner, self.depth + 1)?;
                self.pieces.extend(inner.pieces());
            }
            '}' => return Err(LatexError::Unexpected("}".to_owned())),
            _ if first.is_alphabetic() => {
                // One element at a time, so that its digits are its own.
                let lower = self.rest.chars().skip(1).take_while(|letter| letter.is_lowercase()).map(char::len_utf8).sum::<usize>();
                let name = self.take(first.len_utf8() + lower);
                self.pieces.push(upright(name));
            }
            _ => {
                self.skip(first.len_utf8());
                self.pieces.push(Node::Letter(first));
            }
        }
        Ok(())
    }

    fn skip(&mut self, bytes: usize) {
        self.take(bytes);
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn group(&mut self) -> Result<&'a str, LatexError> {
        self.enclosed('{', '}').ok_or(LatexError::Missing("}"))
    }

    fn enclosed(&mut self, open: char, close: char) -> Option<&'a str> {
        let inner = self.rest.strip_prefix(open)?;
        let mut depth = 0_usize;
        for (at, letter) in inner.char_indices() {
            if letter == close && depth == 0 {
                self.rest = inner.get(at + 1..).unwrap_or_default();
                return inner.get(..at);
            }
            match letter {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }

    /// `2`, `1/2`, `0.5` before a substance.
    fn coefficient(&mut self, digits: &str) {
        match digits.split_once('/') {
            Some((top, bottom)) if !bottom.is_empty() => {
                let fraction = super::node::FractionKind::Bar;
                self.pieces.push(Node::Fraction(fraction, Node::letters(top).into(), Node::letters(bottom).into()));
            }
            _ => self.pieces.extend(Node::letters(digits).pieces()),
        }
        // A letter that follows at once is the substance, whose digits are subscripts.
        self.pieces.push(Node::empty());
    }

    /// What follows `^` or `_`: a group, or digits and a sign.
    fn script(&mut self) -> Result<Node, LatexError> {
        if self.rest.starts_with('{') {
            let inner = self.group()?;
            return parse(inner).or_else(|_| within(inner, self.depth + 1));
        }
        if self.rest.starts_with('\\') {
            let length = 1 + self.rest.bytes().skip(1).take_while(u8::is_ascii_alphabetic).count();
            return parse(self.take(length));
        }
        let length = self.rest.find(|sign: char| !matches!(sign, '0'..='9' | '+' | '-' | '.' | 'n')).unwrap_or(self.rest.len());
        let length = if length == 0 { self.rest.chars().next().map_or(0, char::len_utf8) } else { length };
        Ok(Node::letters(&self.take(length).replace('-', "−")))
    }

    /// Puts scripts on the last piece, or before what follows. A piece that has such a script already stays as
    /// it is: the next one stands beside it, not on both.
    fn attach(&mut self, sub: Option<Node>, sup: Option<Node>) {
        let scriptable = match self.pieces.last() {
            Some(Node::Script(script)) => (script.sub.is_none() || sub.is_none()) && (script.sup.is_none() || sup.is_none()),
            Some(Node::Styled(..) | Node::Letter(')' | ']' | '}') | Node::Function(_) | Node::Text(_)) => true,
            _ => false,
        };
        let last = if scriptable { self.pieces.pop() } else { None };
        let done = match last {
            Some(Node::Script(script)) => {
                let script = *script;
                Node::script(script.base, script.sub.or(sub), script.sup.or(sup), Place::Usual)
            }
            Some(base) => Node::script(base, sub, sup, Place::Usual),
            None => Node::script(Node::empty(), sub, sup, Place::Usual),
        };
        self.pieces.push(done);
    }

    fn arrow(&mut self, arrow: char) -> Result<(), LatexError> {
        let mut labels = [None, None];
        for label in &mut labels {
            if let Some(inner) = self.enclosed('[', ']') {
                let words = inner.contains(' ') && !inner.contains(['\\', '$', '^', '_', '+']);
                let read = if words { Node::Text(inner.to_owned()) } else { within(inner, self.depth + 1)? };
                *label = Some(Box::new(read)).filter(|read| !read.is_empty());
            }
        }
        let [above, below] = labels;
        self.pieces.push(Node::Arrow(arrow, above, below));
        Ok(())
    }

    /// A command of LaTeX with the groups that follow it.
    fn command(&mut self) -> Result<(), LatexError> {
        let mut length = 1 + self.rest.bytes().skip(1).take_while(u8::is_ascii_alphabetic).count();
        if length == 1 {
            length += self.rest.chars().nth(1).map_or(0, char::len_utf8);
        }
        let mut source = self.take(length).to_owned();
        while self.rest.starts_with('{') {
            let inner = self.group()?;
            source.push('{');
            source.push_str(inner);
            source.push('}');
        }
        if source == "\\bond{-}" || source == "\\bond{1}" {
            source = "-".to_owned();
        }
        self.pieces.extend(parse(&source)?.pieces());
        Ok(())
    }
}

fn upright(name: &str) -> Node {
    Node::Styled(Style::Upright, Node::letters(name).into())
}

#[cfg(test)]
mod tests {
    use crate::math::latex::{parse, to_latex};

    #[test]
    fn chemistry_of_school_papers_is_read() {
        for (source, expected) in [
            ("H2SO4", r"\mathrm{H}_{2}\mathrm{S}\mathrm{O}_{4}"),
            ("SO4^2-", r"\mathrm{S}\mathrm{O}_{4}^{2-}"),
            ("Fe^{3+}", r"\mathrm{Fe}^{3+}"),
            ("Na+", r"\mathrm{Na}^{+}"),
            ("2H2 + O2 ->[t^o] 2H2O", r"2\mathrm{H}_{2}\,+\,\mathrm{O}_{2}\,\xrightarrow{\mathrm{t}^{o}}\,2\mathrm{H}_{2}\mathrm{O}"),
            ("^{14}_{6}C", r"{}_{6}^{14}\mathrm{C}"),
            ("CuSO4.5H2O", r"\mathrm{Cu}\mathrm{S}\mathrm{O}_{4}\cdot5\mathrm{H}_{2}\mathrm{O}"),
            ("CH3-CH=CH2", r"\mathrm{C}\mathrm{H}_{3}-\mathrm{C}\mathrm{H}=\mathrm{C}\mathrm{H}_{2}"),
            ("Ca(OH)2(aq)", r"\mathrm{Ca}(\mathrm{O}\mathrm{H})_{2}(\mathrm{aq})"),
            ("BaSO4 v", r"\mathrm{Ba}\mathrm{S}\mathrm{O}_{4}\downarrow"),
            (
                "N2 + 3H2 <=>[xt, $t$][p] 2NH3",
                r"\mathrm{N}_{2}\,+\,3\mathrm{H}_{2}\,\xrightleftharpoons[\mathrm{p}]{\mathrm{xt},\,t}\,2\mathrm{N}\mathrm{H}_{3}",
            ),
        ] {
            let formula = format!("\\ce{{{source}}}");
            assert_eq!(to_latex(&parse(&formula).unwrap()), expected, "{source}");
        }
    }
}

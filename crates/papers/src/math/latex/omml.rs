//! The tree as an equation of Word (OMML). Where Word wants the operand inside an element (sums,
//! functions), what follows is put there, so that no empty box is shown.

use std::fmt::Write as _;

use super::node::{Accent, Enclosure, FractionKind, Grid, GridKind, Node, Place, Script, Style};
use super::symbols;
use super::write::is_operator;
use crate::xml::escape;

/// `m:oMath` with the formula. The document declares the prefixes `m` and `w`.
pub fn to_omml(node: &Node) -> String {
    let mut writer = Writer { out: String::from("<m:oMath>"), run: String::new(), style: None };
    writer.node(node);
    writer.flush();
    writer.out.push_str("</m:oMath>");
    writer.out
}

/// Properties that Word expects in each element, so that its own dialogs work.
const CONTROL: &str = "<m:ctrlPr><w:rPr><w:rFonts w:ascii=\"Cambria Math\" w:hAnsi=\"Cambria Math\"/></w:rPr></m:ctrlPr>";

struct Writer {
    out: String,
    /// Letters of one look that have not been written yet.
    run: String,
    style: Option<Style>,
}

impl Writer {
    fn flush(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let look = self.style.map(look).unwrap_or_default();
        let text = std::mem::take(&mut self.run);
        self.write_run(&look, &text);
    }

    fn write_run(&mut self, look: &str, text: &str) {
        if !look.is_empty() {
            let _ = write!(self.out, "<m:r><m:rPr>{look}</m:rPr>");
        } else {
            self.out.push_str("<m:r>");
        }
        self.out.push_str("<w:rPr><w:rFonts w:ascii=\"Cambria Math\" w:hAnsi=\"Cambria Math\"/></w:rPr><m:t xml:space=\"preserve\">");
        escape(text, &mut self.out);
        self.out.push_str("</m:t></m:r>");
    }

    /// An element whose content `inside` writes.
    fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.flush();
        let _ = write!(self.out, "<m:{name}>");
        inside(self);
        self.flush();
        let _ = write!(self.out, "</m:{name}>");
    }

    fn properties(&mut self, name: &str, settings: &str) {
        let _ = write!(self.out, "<m:{name}>{settings}{CONTROL}</m:{name}>");
    }

    fn argument(&mut self, name: &str, node: &Node) {
        self.element(name, |writer| writer.node(node));
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Row(pieces) => self.row(pieces),
            Node::Letter(letter) => self.run.push(*letter),
            Node::Space(space) => self.run.push_str(space.letter()),
            Node::Text(words) => {
                self.flush();
                // `m:nor` alone makes them words; what is bold stays bold.
                let look = if self.style == Some(Style::Bold) { "<m:nor/><m:sty m:val=\"b\"/>" } else { "<m:nor/>" };
                self.write_run(look, words);
            }
            // `lim sup` is a name without a space to Word.
            Node::Function(name) if name.starts_with("lim ") => self.upright(&name.replace(' ', "")),
            Node::Function(name) => self.upright(name),
            Node::Styled(style, body) => {
                self.flush();
                let outer = self.style.replace(*style);
                self.node(body);
                self.flush();
                self.style = outer;
            }
            Node::Fraction(kind, top, bottom) => self.element("f", |writer| {
                let kind = match kind {
                    FractionKind::Bar => "",
                    FractionKind::NoBar => "<m:type m:val=\"noBar\"/>",
                    FractionKind::Slash => "<m:type m:val=\"lin\"/>",
                };
                writer.properties("fPr", kind);
                writer.argument("num", top);
                writer.argument("den", bottom);
            }),
            Node::Root(degree, body) => self.element("rad", |writer| {
                writer.properties("radPr", if degree.is_none() { "<m:degHide m:val=\"1\"/>" } else { "" });
                match degree {
                    Some(degree) => writer.argument("deg", degree),
                    None => writer.out.push_str("<m:deg/>"),
                }
                writer.argument("e", body);
            }),
            Node::Script(script) => self.script(script, None),
            Node::Accent(accent, body) => self.accent(*accent, body),
            Node::Fence(open, parts, close) => self.fence(*open, *close, |writer| parts.iter().for_each(|part| writer.argument("e", part))),
            Node::Grid(grid) => self.grid(grid),
            Node::Arrow(arrow, above, below) => self.arrow(*arrow, above.as_deref(), below.as_deref()),
            Node::Enclosed(enclosure, body) => self.element("borderBox", |writer| {
                let open = "<m:hideTop m:val=\"1\"/><m:hideBot m:val=\"1\"/><m:hideLeft m:val=\"1\"/><m:hideRight m:val=\"1\"/>";
                let settings = match enclosure {
                    Enclosure::Box => String::new(),
                    Enclosure::Struck => format!("{open}<m:strikeH m:val=\"1\"/>"),
                    Enclosure::Rising => format!("{open}<m:strikeBLTR m:val=\"1\"/>"),
                    Enclosure::Falling => format!("{open}<m:strikeTLBR m:val=\"1\"/>"),
                    Enclosure::Crossed => format!("{open}<m:strikeBLTR m:val=\"1\"/><m:strikeTLBR m:val=\"1\"/>"),
                };
                writer.properties("borderBoxPr", &settings);
                writer.argument("e", body);
            }),
        }
    }

    /// Pieces in order; an operator takes what follows it as its operand.
    fn row(&mut self, pieces: &[Node]) {
        let mut at = 0;
        while let Some(piece) = pieces.get(at) {
            at += 1;
            let rest = pieces.get(at..).unwrap_or_default();
            if let Some(pair) = pair(piece, rest) {
                at += pair.inner.len() + 1;
                self.pair(&pair);
                continue;
            }
            let taken = match piece {
                Node::Script(script) if big(&script.base).is_some() => operand_of_sum(rest),
                Node::Script(script) if matches!(script.base, Node::Function(_)) => operand_of_function(rest),
                Node::Script(script) if script.base.is_empty() => usize::from(!rest.is_empty()),
                Node::Function(_) => operand_of_function(rest),
                Node::Letter(letter) if symbols::is_big(*letter) => operand_of_sum(rest),
                _ => 0,
            };
            let operand = rest.get(..taken).filter(|operand| !operand.is_empty());
            match (piece, operand) {
                (_, None) => self.node(piece),
                (Node::Script(script), Some(operand)) => self.script(script, Some(operand)),
                (Node::Letter(letter), Some(operand)) => self.nary(*letter, None, None, Place::Usual, operand),
                (name, Some(operand)) => self.function(|writer| writer.node(name), operand),
            }
            at += taken;
        }
    }

    fn pair(&mut self, pair: &Pair<'_>) {
        match pair.script {
            Some(script) => {
                let base = Node::Fence(Some(pair.open), vec![Node::Row(pair.inner.to_vec())], Some(pair.close));
                self.script(&Script { base, ..script.clone() }, None);
            }
            None => self.fence(Some(pair.open), Some(pair.close), |writer| writer.element("e", |writer| writer.row(pair.inner))),
        }
    }

    fn upright(&mut self, name: &str) {
        self.flush();
        self.write_run("<m:sty m:val=\"p\"/>", name);
    }

    fn function(&mut self, name: impl FnOnce(&mut Self), operand: &[Node]) {
        self.element("func", |writer| {
            writer.properties("funcPr", "");
            writer.element("fName", name);
            writer.element("e", |writer| writer.row(operand));
        });
    }

    fn nary(&mut self, sign: char, sub: Option<&Node>, sup: Option<&Node>, place: Place, operand: &[Node]) {
        let stacked = match place {
            Place::Usual => !symbols::is_integral(sign),
            Place::Beside => false,
            Place::Stacked => true,
        };
        self.element("nary", |writer| {
            let mut settings = format!("<m:chr m:val=\"{sign}\"/><m:limLoc m:val=\"{}\"/>", if stacked { "undOvr" } else { "subSup" });
            for (script, hidden) in [(sub, "subHide"), (sup, "supHide")] {
                if script.is_none() {
                    let _ = write!(settings, "<m:{hidden} m:val=\"1\"/>");
                }
            }
            writer.properties("naryPr", &settings);
            for (script, name) in [(sub, "sub"), (sup, "sup")] {
                match script {
                    Some(script) => writer.argument(name, script),
                    None => {
                        let _ = write!(writer.out, "<m:{name}/>");
                    }
                }
            }
            writer.element("e", |writer| writer.row(operand));
        });
    }

    fn script(&mut self, script: &Script, operand: Option<&[Node]>) {
        let Script { base, sub, sup, place } = script;
        let (sub, sup) = (sub.as_ref(), sup.as_ref());
        if let Some(sign) = big(base) {
            // An empty operand shows a box; one that is not seen does not.
            return self.nary(sign, sub, sup, *place, operand.unwrap_or(&[Node::Letter('\u{200b}')]));
        }
        if base.is_empty() {
            return self.before(sub, sup, operand.unwrap_or_default());
        }
        let limits = matches!(base, Node::Function(name) if symbols::LIMIT_FUNCTIONS.contains(&name.as_str()))
            || matches!(base, Node::Accent(Accent::Overbrace | Accent::Underbrace, _));
        let stacked = match place {
            Place::Usual => limits && is_operator(base),
            Place::Beside => false,
            Place::Stacked => true,
        };
        let name = |writer: &mut Self| if stacked { writer.limits(base, sub, sup) } else { writer.beside(base, sub, sup) };
        match operand {
            Some(operand) => self.function(name, operand),
            None => name(self),
        }
    }

    /// Scripts before what they belong to, as of an isotope.
    fn before(&mut self, sub: Option<&Node>, sup: Option<&Node>, operand: &[Node]) {
        self.element("sPre", |writer| {
            writer.properties("sPrePr", "");
            for (script, name) in [(sub, "sub"), (sup, "sup")] {
                writer.element(name, |writer| match script {
                    Some(script) => writer.node(script),
                    // An empty script shows a box.
                    None => writer.run.push('\u{200b}'),
                });
            }
            writer.element("e", |writer| if operand.is_empty() { writer.run.push('\u{200b}') } else { writer.row(operand) });
        });
    }

    fn beside(&mut self, base: &Node, sub: Option<&Node>, sup: Option<&Node>) {
        let name = match (sub, sup) {
            (Some(_), Some(_)) => "sSubSup",
            (Some(_), None) => "sSub",
            _ => "sSup",
        };
        self.element(name, |writer| {
            writer.properties(&format!("{name}Pr"), "");
            writer.argument("e", base);
            if let Some(sub) = sub {
                writer.argument("sub", sub);
            }
            if let Some(sup) = sup {
                writer.argument("sup", sup);
            }
        });
    }

    fn limits(&mut self, base: &Node, sub: Option<&Node>, sup: Option<&Node>) {
        match (sub, sup) {
            (Some(sub), sup) => self.element("limLow", |writer| {
                writer.properties("limLowPr", "");
                writer.element("e", |writer| writer.limits(base, None, sup));
                writer.argument("lim", sub);
            }),
            (None, Some(sup)) => self.element("limUpp", |writer| {
                writer.properties("limUppPr", "");
                writer.argument("e", base);
                writer.argument("lim", sup);
            }),
            (None, None) => self.node(base),
        }
    }

    fn accent(&mut self, accent: Accent, body: &Node) {
        let mark = accent.mark();
        let (name, settings) = match accent {
            Accent::Overline => ("bar", "<m:pos m:val=\"top\"/>".to_owned()),
            Accent::Underline => ("bar", "<m:pos m:val=\"bot\"/>".to_owned()),
            Accent::Overbrace | Accent::Arc => {
                ("groupChr", format!("<m:chr m:val=\"{mark}\"/><m:pos m:val=\"top\"/><m:vertJc m:val=\"bot\"/>"))
            }
            Accent::Underbrace => ("groupChr", format!("<m:chr m:val=\"{mark}\"/><m:pos m:val=\"bot\"/>")),
            _ => ("acc", format!("<m:chr m:val=\"{mark}\"/>")),
        };
        self.element(name, |writer| {
            writer.properties(&format!("{name}Pr"), &settings);
            writer.argument("e", body);
        });
    }

    fn fence(&mut self, open: Option<char>, close: Option<char>, inside: impl FnOnce(&mut Self)) {
        let named = |letter: Option<char>| {
            let mut out = String::new();
            if let Some(letter) = letter {
                escape(letter.encode_utf8(&mut [0; 4]), &mut out);
            }
            out
        };
        self.element("d", |writer| {
            let settings = format!("<m:begChr m:val=\"{}\"/><m:endChr m:val=\"{}\"/>", named(open), named(close));
            writer.properties("dPr", &settings);
            inside(writer);
        });
    }

    fn grid(&mut self, grid: &Grid) {
        let columns = grid.rows.iter().map(Vec::len).max().unwrap_or(1).max(1);
        match grid.kind {
            GridKind::Cases if columns == 1 => self.fence(Some('{'), None, |writer| writer.element("e", |writer| writer.lines(grid))),
            GridKind::Cases => {
                // Conditions stand in a column of their own.
                let cells = Grid { kind: GridKind::Array, columns: "l".repeat(columns), rows: grid.rows.clone() };
                self.fence(Some('{'), None, |writer| writer.element("e", |writer| writer.grid(&cells)));
            }
            GridKind::Aligned => self.lines(grid),
            GridKind::Array => self.element("m", |writer| {
                let mut aligned = grid.columns.chars().filter(|letter| *letter != '|');
                let mut settings = String::from("<m:mcs>");
                for _ in 0..columns {
                    let side = match aligned.next() {
                        Some('l') => "left",
                        Some('r') => "right",
                        _ => "center",
                    };
                    let _ = write!(settings, "<m:mc><m:mcPr><m:count m:val=\"1\"/><m:mcJc m:val=\"{side}\"/></m:mcPr></m:mc>");
                }
                settings.push_str("</m:mcs>");
                writer.properties("mPr", &settings);
                for row in &grid.rows {
                    writer.element("mr", |writer| {
                        for at in 0..columns {
                            writer.element("e", |writer| row.get(at).into_iter().for_each(|cell| writer.node(cell)));
                        }
                    });
                }
            }),
        }
    }

    /// Lines under one another that meet at their `&`.
    fn lines(&mut self, grid: &Grid) {
        self.element("eqArr", |writer| {
            writer.properties("eqArrPr", "");
            for row in &grid.rows {
                writer.element("e", |writer| {
                    for (at, cell) in row.iter().enumerate() {
                        if at > 0 {
                            writer.run.push('&');
                        }
                        writer.node(cell);
                    }
                });
            }
        });
    }

    fn arrow(&mut self, arrow: char, above: Option<&Node>, below: Option<&Node>) {
        if let Some(below) = below {
            return self.element("limLow", |writer| {
                writer.properties("limLowPr", "");
                writer.element("e", |writer| writer.arrow(arrow, above, None));
                writer.argument("lim", below);
            });
        }
        match above {
            Some(above) => self.element("groupChr", |writer| {
                writer.properties("groupChrPr", &format!("<m:chr m:val=\"{arrow}\"/><m:pos m:val=\"bot\"/><m:vertJc m:val=\"top\"/>"));
                writer.argument("e", above);
            }),
            None => self.run.push(arrow),
        }
    }
}

/// Brackets that have to be a pair of Word's: those of an interval that are of two kinds, which some
/// programs take for an error, and those that carry a script together.
struct Pair<'n> {
    open: char,
    inner: &'n [Node],
    close: char,
    script: Option<&'n Script>,
}

fn pair<'n>(piece: &Node, rest: &'n [Node]) -> Option<Pair<'n>> {
    let Node::Letter(open @ ('(' | '[')) = piece else { return None };
    let mut depth = 0_usize;
    // What brackets hold is short; looking further would be looking at the same again and again.
    for (at, node) in rest.iter().take(80).enumerate() {
        let (close, script) = match node {
            Node::Letter('(' | '[') => {
                depth += 1;
                continue;
            }
            Node::Letter(close @ (')' | ']')) => (*close, None),
            Node::Script(script) => match &script.base {
                Node::Letter(close @ (')' | ']')) => (*close, Some(&**script)),
                _ => continue,
            },
            _ => continue,
        };
        if depth > 0 {
            depth -= 1;
            continue;
        }
        let mixed = matches!((open, close), ('(', ']') | ('[', ')'));
        let inner = rest.get(..at)?;
        return (mixed || script.is_some()).then_some(Pair { open: *open, inner, close, script });
    }
    None
}

fn big(base: &Node) -> Option<char> {
    match base {
        Node::Letter(letter) if symbols::is_big(*letter) => Some(*letter),
        _ => None,
    }
}

/// How many pieces a sum or an integral reaches over: up to a relation.
fn operand_of_sum(rest: &[Node]) -> usize {
    rest.iter().position(|piece| matches!(piece, Node::Letter(letter) if symbols::is_relation(*letter))).unwrap_or(rest.len())
}

/// How many pieces a function is of: a bracket, or letters and digits side by side.
fn operand_of_function(rest: &[Node]) -> usize {
    let spaces = rest.iter().take_while(|piece| matches!(piece, Node::Space(_))).count();
    let mut depth = 0_usize;
    for (at, piece) in rest.iter().enumerate().skip(spaces) {
        match piece {
            Node::Letter('(' | '[') => depth += 1,
            Node::Letter(')' | ']') if depth == 0 => return if at == spaces { 0 } else { at },
            Node::Letter(')' | ']') => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ if depth > 0 => {}
            Node::Letter(letter) if letter.is_alphanumeric() || *letter == '°' => {}
            Node::Script(script) if !matches!(script.base, Node::Function(_)) && big(&script.base).is_none() => {}
            Node::Styled(..) | Node::Accent(..) => {}
            Node::Fence(..) | Node::Fraction(..) | Node::Root(..) | Node::Enclosed(..) => return at + 1,
            _ => return if at == spaces { 0 } else { at },
        }
    }
    if depth > 0 || spaces == rest.len() { 0 } else { rest.len() }
}

fn look(style: Style) -> String {
    let (script, weight) = match style {
        Style::Upright => ("", "p"),
        Style::Bold => ("", "b"),
        Style::BoldItalic => ("", "bi"),
        Style::Italic => ("", "i"),
        Style::DoubleStruck => ("double-struck", "p"),
        Style::Script => ("script", "p"),
        Style::Fraktur => ("fraktur", "p"),
        Style::SansSerif => ("sans-serif", "p"),
        Style::Monospace => ("monospace", "p"),
    };
    let script = if script.is_empty() { String::new() } else { format!("<m:scr m:val=\"{script}\"/>") };
    format!("{script}<m:sty m:val=\"{weight}\"/>")
}

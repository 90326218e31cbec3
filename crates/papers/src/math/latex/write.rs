//! The tree as LaTeX, in one spelling: what renderers of the web and of TeX both understand.

use super::node::{Accent, Enclosure, FractionKind, Grid, GridKind, Node, Place, Script};
use super::symbols;

/// A formula as LaTeX.
pub fn to_latex(node: &Node) -> String {
    let mut writer = Writer::default();
    writer.node(node);
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
}

impl Writer {
    /// Adds source; a command's name is parted from letters that follow it.
    fn push(&mut self, source: &str) {
        if source.starts_with(|letter: char| letter.is_ascii_alphabetic()) && self.ends_in_command() {
            self.out.push(' ');
        }
        self.out.push_str(source);
    }

    fn ends_in_command(&self) -> bool {
        // No command's name is longer.
        let letters = self.out.bytes().rev().take(40).take_while(u8::is_ascii_alphabetic).count();
        let before = self.out.len().checked_sub(letters + 1).and_then(|at| self.out.as_bytes().get(at));
        letters > 0 && before == Some(&b'\\')
    }

    fn group(&mut self, node: &Node) {
        self.out.push('{');
        self.node(node);
        self.out.push('}');
    }

    /// In braces where it is more than one piece.
    fn base(&mut self, node: &Node) {
        match node {
            Node::Row(_) | Node::Script(_) => self.group(node),
            single => self.node(single),
        }
    }

    fn command(&mut self, name: &str, arguments: &[&Node]) {
        self.push("\\");
        self.out.push_str(name);
        for argument in arguments {
            self.group(argument);
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Row(pieces) => self.row(pieces),
            Node::Letter(letter) => self.letter(*letter),
            Node::Text(words) => self.text(words),
            Node::Function(name) => self.function(name),
            Node::Styled(style, body) => self.command(style.command(), &[body]),
            Node::Fraction(FractionKind::Bar, top, bottom) => self.command("frac", &[top, bottom]),
            Node::Fraction(FractionKind::Slash, top, bottom) => {
                self.base(top);
                self.push("/");
                self.base(bottom);
            }
            Node::Fraction(FractionKind::NoBar, top, bottom) => {
                self.push("\\genfrac{}{}{0pt}{}");
                self.group(top);
                self.group(bottom);
            }
            Node::Root(None, body) => self.command("sqrt", &[body]),
            Node::Root(Some(degree), body) => {
                self.push("\\sqrt[");
                // A bracket inside would end the degree.
                match to_latex(degree) {
                    plain if !plain.contains(']') => self.out.push_str(&plain),
                    odd => {
                        self.out.push('{');
                        self.out.push_str(&odd);
                        self.out.push('}');
                    }
                }
                self.out.push(']');
                self.group(body);
            }
            Node::Script(script) => self.script(script),
            Node::Accent(Accent::Arc, body) => {
                self.push("\\overset{\\frown}");
                self.group(body);
            }
            Node::Accent(accent, body) => self.command(accent.command(body), &[body]),
            Node::Fence(open, parts, close) => self.fence(*open, parts, *close),
            Node::Grid(grid) => self.grid(grid),
            Node::Arrow(arrow, above, below) => {
                self.push("\\");
                self.out.push_str(arrow_command(*arrow));
                if let Some(below) = below {
                    self.out.push('[');
                    self.node(below);
                    self.out.push(']');
                }
                match above {
                    Some(above) => self.group(above),
                    None => self.out.push_str("{}"),
                }
            }
            Node::Enclosed(enclosure, body) => {
                let name = match enclosure {
                    Enclosure::Box => "boxed",
                    Enclosure::Rising => "cancel",
                    Enclosure::Falling => "bcancel",
                    Enclosure::Crossed => "xcancel",
                    Enclosure::Struck => "sout",
                };
                self.command(name, &[body]);
            }
            Node::Space(space) => self.push(space.command()),
        }
    }

    /// Pieces in order. Letters of no alphabet of mathematics are words.
    fn row(&mut self, pieces: &[Node]) {
        let mut words = String::new();
        for piece in pieces {
            match piece {
                Node::Letter(letter) if symbols::is_word_letter(*letter) => words.push(*letter),
                other => {
                    self.words(&mut words);
                    self.node(other);
                }
            }
        }
        self.words(&mut words);
    }

    fn words(&mut self, words: &mut String) {
        if !words.is_empty() {
            self.text(&std::mem::take(words));
        }
    }

    fn letter(&mut self, letter: char) {
        match letter {
            '−' => self.push("-"),
            '∗' => self.push("*"),
            '~' => self.push("\\sim"),
            '^' => self.push("\\wedge"),
            // A raised ring; after scripts it needs a base of its own.
            '°' => self.push(if self.out.ends_with('}') { "{}^{\\circ}" } else { "^{\\circ}" }),
            '¬' => self.push("\\neg"),
            '∁' => self.push("\\complement"),
            '℧' => self.push("\\mho"),
            // Nothing to see.
            '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => {}
            control if control.is_control() => {}
            other => match symbols::command_of(other) {
                Some(command) => {
                    self.push("\\");
                    self.out.push_str(command);
                }
                None => match symbols::negated(other).and_then(symbols::command_of) {
                    Some(plain) => {
                        self.push("\\not\\");
                        self.out.push_str(plain);
                    }
                    None if symbols::is_word_letter(other) => self.text(&other.to_string()),
                    None => self.push(other.encode_utf8(&mut [0; 4])),
                },
            },
        }
    }

    fn text(&mut self, words: &str) {
        self.push("\\text{");
        for letter in words.chars() {
            match letter {
                '{' | '}' | '%' | '$' | '#' | '&' | '_' => {
                    self.out.push('\\');
                    self.out.push(letter);
                }
                '\\' => self.out.push_str("$\\backslash$"),
                '^' => self.out.push_str("$\\wedge$"),
                '\u{a0}' => self.out.push('~'),
                '~' => self.out.push_str("$\\sim$"),
                control if control.is_control() => self.out.push(' '),
                other => self.out.push(other),
            }
        }
        self.out.push('}');
    }

    fn function(&mut self, name: &str) {
        let joined = name.replace(' ', "");
        if symbols::FUNCTIONS.contains(&joined.as_str()) {
            self.push("\\");
            self.out.push_str(&joined);
        } else {
            self.push("\\operatorname{");
            for letter in name.chars().filter(|letter| !letter.is_control()) {
                if matches!(letter, '{' | '}' | '%' | '$' | '#' | '&' | '_') {
                    self.out.push('\\');
                }
                match letter {
                    '\\' | '^' | '~' => {}
                    ' ' | '\u{a0}' => self.out.push_str("\\ "),
                    other => self.out.push(other),
                }
            }
            self.out.push('}');
        }
    }

    fn script(&mut self, script: &Script) {
        let Script { base, sub, sup, place } = script;
        let stacks = is_operator(base);
        if *place == Place::Stacked && !stacks {
            return self.stacked(base, sub.as_ref(), sup.as_ref());
        }
        if base.is_empty() {
            self.push("{}")
        } else {
            self.base(base)
        }
        match place {
            Place::Usual => {}
            Place::Beside => self.push("\\nolimits"),
            Place::Stacked => self.push("\\limits"),
        }
        if let Some(sub) = sub {
            self.out.push('_');
            self.group(sub);
        }
        if let Some(sup) = sup {
            let pieces = match sup {
                Node::Row(pieces) => pieces.as_slice(),
                single => std::slice::from_ref(single),
            };
            let primes = pieces.iter().take_while(|piece| **piece == Node::Letter('′')).count();
            self.out.push_str(&"'".repeat(primes));
            let rest = pieces.get(primes..).unwrap_or_default();
            match rest {
                [] if primes > 0 => {}
                // A degree sign is a raised ring already.
                [Node::Letter('°')] => self.out.push_str("^{\\circ}"),
                rest => {
                    self.out.push_str("^{");
                    self.row(rest);
                    self.out.push('}');
                }
            }
        }
    }

    fn stacked(&mut self, base: &Node, sub: Option<&Node>, sup: Option<&Node>) {
        match (sub, sup) {
            (Some(sub), Some(sup)) => {
                self.push("\\underset");
                self.group(sub);
                self.out.push('{');
                self.command("overset", &[sup, base]);
                self.out.push('}');
            }
            (Some(sub), None) => self.command("underset", &[sub, base]),
            (None, Some(sup)) => self.command("overset", &[sup, base]),
            (None, None) => self.node(base),
        }
    }

    fn fence(&mut self, open: Option<char>, parts: &[Node], close: Option<char>) {
        if let [Node::Grid(grid)] = parts
            && grid.kind == GridKind::Array
            && grid.columns.is_empty()
            && let Some(name) = matrix_name(open, close)
        {
            return self.environment(name, "", &grid.rows);
        }
        if let [Node::Fraction(FractionKind::NoBar, top, bottom)] = parts
            && (open, close) == (Some('('), Some(')'))
        {
            return self.command("binom", &[top, bottom]);
        }
        self.push("\\left");
        self.delimiter(open);
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.push("\\middle|");
            }
            self.node(part);
        }
        self.push("\\right");
        self.delimiter(close);
    }

    fn delimiter(&mut self, letter: Option<char>) {
        match letter {
            None => self.out.push('.'),
            Some(letter) => match symbols::command_of(letter) {
                Some(command) => {
                    self.out.push('\\');
                    self.out.push_str(command);
                }
                None => self.out.push(letter),
            },
        }
    }

    fn grid(&mut self, grid: &Grid) {
        match grid.kind {
            GridKind::Cases => self.environment("cases", "", &grid.rows),
            GridKind::Aligned => self.environment("aligned", "", &grid.rows),
            GridKind::Array if grid.columns.is_empty() => self.environment("matrix", "", &grid.rows),
            GridKind::Array => self.environment("array", &grid.columns, &grid.rows),
        }
    }

    fn environment(&mut self, name: &str, columns: &str, rows: &[Vec<Node>]) {
        self.push(&format!("\\begin{{{name}}}"));
        if !columns.is_empty() {
            self.push(&format!("{{{columns}}}"));
        }
        for (at, row) in rows.iter().enumerate() {
            if at > 0 {
                self.out.push_str(" \\\\ ");
            }
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    self.out.push_str(" & ");
                }
                // A bracket right after a new row would be the height of a gap.
                let before = self.out.len();
                self.node(cell);
                if self.out.get(before..).is_some_and(|written| written.starts_with('[')) {
                    self.out.insert_str(before, "{}");
                }
            }
        }
        self.push(&format!("\\end{{{name}}}"));
    }
}

fn matrix_name(open: Option<char>, close: Option<char>) -> Option<&'static str> {
    Some(match (open?, close?) {
        ('(', ')') => "pmatrix",
        ('[', ']') => "bmatrix",
        ('{', '}') => "Bmatrix",
        ('|', '|') => "vmatrix",
        ('‖', '‖') => "Vmatrix",
        _ => return None,
    })
}

fn arrow_command(arrow: char) -> &'static str {
    match arrow {
        '←' => "xleftarrow",
        '↔' => "xleftrightarrow",
        '⇒' => "xRightarrow",
        '⇐' => "xLeftarrow",
        '⇔' => "xLeftrightarrow",
        '⇌' => "xrightleftharpoons",
        '⇄' => "xrightleftarrows",
        '=' => "xlongequal",
        '↦' => "xmapsto",
        _ => "xrightarrow",
    }
}

/// Whether scripts of it may stand straight under and over it.
pub(super) fn is_operator(base: &Node) -> bool {
    match base {
        Node::Letter(letter) => symbols::is_big(*letter),
        Node::Function(name) => symbols::LIMIT_FUNCTIONS.contains(&name.as_str()),
        Node::Accent(Accent::Overbrace | Accent::Underbrace, _) => true,
        _ => false,
    }
}

//! Formulas as fields of old Word files, `EQ \f(1;2)`: Word keeps no result of them, only this code.

use super::symbols;

/// Marks around raised and lowered letters of the code.
pub(crate) const RAISED: char = '\u{e001}';
/// See [`RAISED`].
pub(crate) const LOWERED: char = '\u{e002}';
/// See [`RAISED`].
pub(crate) const LEVEL: char = '\u{e003}';

/// Fractions in fractions; real ones stay below five.
const DEEPEST: usize = 24;

/// What an `EQ` field shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A formula.
    Formula(String),
    /// A letter in a circle or a square, with which teachers mark the key.
    Enclosed(String),
}

/// Reads the code of a field, without the word `EQ`.
pub(crate) fn from_eq(code: &str) -> Shown {
    let mut reader = Reader { rest: code.trim(), depth: 0, enclosed: None };
    let latex = reader.sequence(&[]);
    match reader.enclosed {
        Some(letter) if code.matches("\\o").count() + code.matches("\\O").count() == 1 => Shown::Enclosed(letter),
        _ => Shown::Formula(latex.trim().to_owned()),
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    enclosed: Option<String>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next();
        self.rest = letters.as_str();
        letter
    }

    /// Up to one of `stops`, which is left.
    fn sequence(&mut self, stops: &[char]) -> String {
        let mut out = String::new();
        let mut open = 0_usize;
        while let Some(letter) = self.rest.chars().next() {
            if open == 0 && stops.contains(&letter) {
                break;
            }
            self.next();
            match letter {
                '\\' => {
                    let piece = self.switch();
                    add(&mut out, &piece);
                }
                RAISED => add(&mut out, "^{"),
                LOWERED => add(&mut out, "_{"),
                LEVEL => add(&mut out, "}"),
                '(' => {
                    open += 1;
                    out.push('(');
                }
                ')' => {
                    open = open.saturating_sub(1);
                    out.push(')');
                }
                letter => add(&mut out, symbols::latex(letter).unwrap_or(letter.encode_utf8(&mut [0; 4]))),
            }
        }
        out
    }

    /// What follows a back slash.
    fn switch(&mut self) -> String {
        let Some(letter) = self.next() else { return String::new() };
        if !letter.is_ascii_alphabetic() {
            return symbols::latex(letter).map_or_else(|| letter.to_string(), str::to_owned);
        }
        if self.depth >= DEEPEST {
            return letter.to_string();
        }
        self.depth += 1;
        let latex = self.structure(letter.to_ascii_lowercase());
        self.depth -= 1;
        latex
    }

    fn structure(&mut self, kind: char) -> String {
        let mut options = self.options();
        let arguments = self.arguments();
        let first = arguments.first().cloned().unwrap_or_default();
        let second = arguments.get(1).cloned().unwrap_or_default();
        match kind {
            'f' => format!("\\frac{{{first}}}{{{second}}}"),
            'r' if arguments.len() > 1 && !first.trim().is_empty() => format!("\\sqrt[{first}]{{{second}}}"),
            'r' => format!("\\sqrt{{{}}}", if arguments.len() > 1 { second } else { first }),
            's' => {
                let mark = if options.iter().any(|option| option.starts_with("do")) { "_" } else { "^" };
                let mut out = format!("{mark}{{{first}}}");
                // `\s\up4(a)\do4(b)` goes on with the second script.
                while self.rest.starts_with("\\up") || self.rest.starts_with("\\do") {
                    let mark = if self.rest.starts_with("\\do") { "_" } else { "^" };
                    options = self.options();
                    let next = self.arguments();
                    if options.is_empty() || next.is_empty() {
                        break;
                    }
                    out.push_str(&format!("{mark}{{{}}}", next.join(",")));
                }
                out
            }
            'b' => {
                let side = |name: &str| options.iter().find_map(|option| option.strip_prefix(name)).map(bracket);
                let both = side("bc");
                let left =
                    side("lc").or_else(|| both.clone()).unwrap_or_else(|| if options.is_empty() { "(".to_owned() } else { ".".to_owned() });
                let right = side("rc")
                    .or_else(|| both.map(|own| closing(&own)))
                    .unwrap_or_else(|| if options.is_empty() { ")".to_owned() } else { ".".to_owned() });
                format!("\\left{left}{first}\\right{right}")
            }
            'a' => {
                let columns = options.iter().find_map(|option| option.strip_prefix("co")).and_then(|count| count.parse().ok()).unwrap_or(1);
                let rows: Vec<String> = arguments.chunks(usize::max(columns, 1)).map(|row| row.join(" & ")).collect();
                format!("\\begin{{array}}{{{}}}{}\\end{{array}}", "l".repeat(columns.clamp(1, 20)), rows.join(" \\\\ "))
            }
            'i' => {
                let sign = if options.iter().any(|option| option == "su") {
                    "\\sum"
                } else if options.iter().any(|option| option == "pr") {
                    "\\prod"
                } else {
                    "\\int"
                };
                let third = arguments.get(2).cloned().unwrap_or_default();
                let mut out = format!("{sign}_{{{first}}}^{{{second}}}");
                add(&mut out, &third);
                out
            }
            'x' => format!("\\boxed{{{first}}}"),
            'o' => {
                if arguments.len() == 2 && matches!(first.as_str(), "○" | "◯" | "\\bigcirc" | "\\square" | "□" | "\\triangle" | "◇")
                {
                    self.enclosed = Some(second.clone());
                    return second;
                }
                match second.as_str() {
                    "\\to" => format!("\\overrightarrow{{{first}}}"),
                    "¯" | "-" | "‾" => format!("\\overline{{{first}}}"),
                    "\\wedge" => format!("\\widehat{{{first}}}"),
                    _ => arguments.concat(),
                }
            }
            'd' => String::new(),
            // A list, and what is not known, keeps its letters.
            _ => arguments.join(","),
        }
    }

    /// `\al\co2`, `\up 8`, `\lc\{`: until the bracket.
    fn options(&mut self) -> Vec<String> {
        let mut options = Vec::new();
        while let Some(after) = self.rest.trim_start().strip_prefix('\\') {
            let name: String = after.chars().take_while(char::is_ascii_alphabetic).take(2).collect();
            if name.len() < 2 {
                break;
            }
            self.rest = after.get(2..).unwrap_or("");
            let mut option = name.to_ascii_lowercase();
            if matches!(option.as_str(), "lc" | "rc" | "bc" | "fc" | "vc") {
                self.rest = self.rest.strip_prefix('\\').unwrap_or(self.rest);
                option.extend(self.next());
            } else {
                let number: String =
                    self.rest.trim_start().chars().take_while(|letter| letter.is_ascii_digit() || matches!(letter, '.' | '-')).collect();
                if !number.is_empty() {
                    self.rest = self.rest.trim_start().get(number.len()..).unwrap_or("");
                    option.push_str(&number);
                }
            }
            options.push(option);
        }
        options
    }

    /// `(a;b)` or `(a,b)`, whichever separator the system had.
    fn arguments(&mut self) -> Vec<String> {
        let Some(inside) = self.rest.trim_start().strip_prefix('(') else { return Vec::new() };
        self.rest = inside;
        let stops: &[char] = if separates(inside) { &[';', ')'] } else { &[',', ')'] };
        let mut out = vec![self.sequence(stops)];
        while let Some(stop) = self.next() {
            if stop == ')' || out.len() > 400 {
                break;
            }
            out.push(self.sequence(stops));
        }
        out.iter_mut().for_each(|own| *own = own.trim().to_owned());
        out
    }
}

/// Whether a semicolon stands on the first level of what a bracket opens.
fn separates(inside: &str) -> bool {
    let mut depth = 0_usize;
    let mut escaped = false;
    // A bound keeps nested brackets from being gone through again and again.
    for letter in inside.chars().take(2_000) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' if depth == 0 => return false,
            ')' => depth -= 1,
            ';' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

fn bracket(letter: &str) -> String {
    match letter {
        "{" | "}" => format!("\\{letter}"),
        "" => ".".to_owned(),
        other => other.to_owned(),
    }
}

fn closing(open: &str) -> String {
    match open {
        "(" => ")",
        "[" => "]",
        "\\{" => "\\}",
        "<" => ">",
        other => other,
    }
    .to_owned()
}

fn add(out: &mut String, piece: &str) {
    super::omml::push(out, piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_formula_fields_become_latex() {
        for (code, expected) in [
            ("\\f(1;2)", "\\frac{1}{2}"),
            ("\\f(1,2)", "\\frac{1}{2}"),
            ("\\f(0,5;2)", "\\frac{0,5}{2}"),
            ("x = \\r(3;x+1)", "x = \\sqrt[3]{x+1}"),
            ("\\r(;x)", "\\sqrt{x}"),
            ("\\r(\\f(a;b))", "\\sqrt{\\frac{a}{b}}"),
            ("x\\s\\up8(2)\\do4(1)", "x^{2}_{1}"),
            ("\\b\\lc\\{(\\a\\al(x=1;y=2))", "\\left\\{\\begin{array}{l}x=1 \\\\ y=2\\end{array}\\right."),
            ("\\b\\bc\\[(x)", "\\left[x\\right]"),
            ("\\i\\su(1;5;x)", "\\sum_{1}^{5}x"),
            ("\\o(AB;→)", "\\overrightarrow{AB}"),
            ("x\u{e001}2\u{e003}α b", "x^{2}\\alpha b"),
            ("\\f(1;", "\\frac{1}{}"),
            ("\\", ""),
        ] {
            assert_eq!(from_eq(code), Shown::Formula(expected.to_owned()), "{code}");
        }
        assert_eq!(from_eq("\\o\\ac(○;B)"), Shown::Enclosed("B".to_owned()));
    }

    #[test]
    fn deep_nesting_stays_bounded() {
        let Shown::Formula(latex) = from_eq(&"\\f(".repeat(10_000)) else { panic!("a formula was expected") };
        assert!(latex.len() < 100_000);
    }
}

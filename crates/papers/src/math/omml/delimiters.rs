//! Brackets, matrices, systems of equations.

use crate::xml::Element;

use super::{Ampersand, Writer, setting};

impl Writer {
    pub(super) fn delimiter(&mut self, element: &Element) -> String {
        let begin = setting(element, "dPr", "begChr").unwrap_or("(");
        let end = setting(element, "dPr", "endChr").unwrap_or(")");
        let separator = setting(element, "dPr", "sepChr").unwrap_or("|");
        let arguments: Vec<&Element> = element.all("e").collect();
        if let [argument] = arguments.as_slice()
            && let Some(latex) = self.bracketed_structure(argument, begin, end)
        {
            return latex;
        }
        let parts: Vec<String> = arguments.iter().map(|argument| self.inside(argument)).collect();
        let tall = ["\\frac", "\\begin", "\\int", "\\sum", "\\prod", "\\lim", "\\genfrac", "\\left", "set{", "\\sqrt", "^{\\frac"]
            .iter()
            .any(|tall| parts.iter().any(|part| part.contains(tall)));
        let (open, close, middle) = (bracket(begin), bracket(end), bracket(separator));
        if !tall && !begin.is_empty() && !end.is_empty() {
            return format!("{}{}{}", word(&open), parts.join(&word(&middle)), close);
        }
        let dot = |bracket: String| if bracket.is_empty() { ".".to_owned() } else { bracket };
        let middle = if middle.is_empty() { String::new() } else { format!("\\middle{}", word(&middle)) };
        format!("\\left{}{}\\right{}", word(&dot(open)), parts.join(&middle), dot(close))
    }

    /// Brackets around nothing but a matrix, a system or a binomial.
    fn bracketed_structure(&mut self, argument: &Element, begin: &str, end: &str) -> Option<String> {
        let mut shown = argument.elements().filter(|child| !child.name.ends_with("Pr"));
        let (only, None) = (shown.next()?, shown.next()) else { return None };
        match only.name.as_str() {
            "m" if !(begin == "{" && end.is_empty() || begin == "[" && end.is_empty()) => {
                let environment = match (begin, end) {
                    ("(", ")") => "pmatrix",
                    ("[", "]") => "bmatrix",
                    ("{", "}") => "Bmatrix",
                    ("|", "|") => "vmatrix",
                    ("‖", "‖") => "Vmatrix",
                    _ => return None,
                };
                Some(format!("\\begin{{{environment}}}{}\\end{{{environment}}}", self.rows(only)))
            }
            "m" | "eqArr" if end.is_empty() && matches!(begin, "{" | "[") => {
                let rows = if only.name == "m" { self.rows(only) } else { self.lines(only) };
                let columns = rows.split("\\\\").map(|row| row.matches('&').count() - row.matches("\\&").count()).max().unwrap_or(0);
                Some(match (begin, only.name.as_str(), columns) {
                    ("{", _, 0) | ("{", "m", 1) => format!("\\begin{{cases}}{rows}\\end{{cases}}"),
                    ("{", ..) => format!("\\left\\{{\\begin{{aligned}}{rows}\\end{{aligned}}\\right."),
                    (_, _, 0) => format!("\\left[\\begin{{array}}{{l}}{rows}\\end{{array}}\\right."),
                    _ => format!("\\left[\\begin{{aligned}}{rows}\\end{{aligned}}\\right."),
                })
            }
            "f" if begin == "(" && end == ")" && setting(only, "fPr", "type") == Some("noBar") => {
                Some(format!("\\binom{{{}}}{{{}}}", self.argument(only, "num"), self.argument(only, "den")))
            }
            _ => None,
        }
    }

    pub(super) fn matrix(&mut self, element: &Element) -> String {
        format!("\\begin{{matrix}}{}\\end{{matrix}}", self.rows(element))
    }

    pub(super) fn array(&mut self, element: &Element) -> String {
        let lines = self.lines(element);
        if lines.replace("\\&", "").contains('&') {
            format!("\\begin{{aligned}}{lines}\\end{{aligned}}")
        } else {
            format!("\\begin{{array}}{{l}}{lines}\\end{{array}}")
        }
    }

    fn rows(&mut self, matrix: &Element) -> String {
        let ampersand = std::mem::replace(&mut self.ampersand, Ampersand::Letter);
        let rows: Vec<String> = matrix
            .all("mr")
            .map(|row| row.all("e").map(|cell| self.inside(cell).trim().to_owned()).collect::<Vec<_>>().join(" & "))
            .collect();
        self.ampersand = ampersand;
        rows.join(" \\\\ ")
    }

    fn lines(&mut self, array: &Element) -> String {
        let ampersand = std::mem::replace(&mut self.ampersand, Ampersand::Alignment);
        let lines: Vec<String> = array.all("e").map(|line| self.inside(line).trim().to_owned()).collect();
        self.ampersand = ampersand;
        lines.join(" \\\\ ")
    }
}

fn bracket(letter: &str) -> String {
    match letter {
        "{" => "\\{".to_owned(),
        "}" => "\\}".to_owned(),
        "‖" | "∥" => "\\|".to_owned(),
        "∣" => "|".to_owned(),
        other => {
            other.chars().map(|letter| crate::math::symbols::latex(letter).map_or_else(|| letter.to_string(), str::to_owned)).collect()
        }
    }
}

/// A command followed by letters needs a space.
fn word(bracket: &str) -> String {
    if bracket.starts_with('\\') && bracket.ends_with(|last: char| last.is_ascii_alphabetic()) {
        format!("{bracket} ")
    } else {
        bracket.to_owned()
    }
}

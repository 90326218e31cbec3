//! Sub- and superscripts, big operators, functions and limits.

use crate::xml::Element;

use super::{Writer, is_on, letters, push, setting};
use crate::math::symbols;

impl Writer {
    pub(super) fn script(&mut self, element: &Element) -> String {
        let base = self.argument(element, "e");
        let scripts = format!("{}{}", script("_", &self.argument(element, "sub")), script("^", &self.argument(element, "sup")));
        if element.name == "sPre" {
            return format!(
                "{{}}{scripts}{}",
                if base.starts_with(|first: char| first.is_ascii_alphabetic()) { base } else { format!("{{{base}}}") }
            );
        }
        let base = if needs_group(&base) { format!("{{{base}}}") } else { base };
        format!("{base}{scripts}")
    }

    pub(super) fn nary(&mut self, element: &Element) -> String {
        let character = setting(element, "naryPr", "chr").unwrap_or("∫");
        let mut out =
            character.chars().map(|letter| symbols::latex(letter).map_or_else(|| letter.to_string(), str::to_owned)).collect::<String>();
        if out.contains("int") && setting(element, "naryPr", "limLoc") == Some("undOvr") {
            out.push_str("\\limits");
        }
        for (name, mark, hidden) in [("sub", "_", "subHide"), ("sup", "^", "supHide")] {
            let limit = self.argument(element, name);
            if !limit.trim().is_empty() && !is_on(element, "naryPr", hidden) {
                out.push_str(&script(mark, &limit));
            }
        }
        let operand = self.argument(element, "e");
        if !out.ends_with('}') && !operand.is_empty() {
            out.push(' ');
        }
        push(&mut out, &operand);
        out
    }

    pub(super) fn function(&mut self, element: &Element) -> String {
        let name = element.first("fName").map(|name| self.function_name(name)).unwrap_or_default();
        let argument = self.argument(element, "e");
        let mut out = name;
        let parted = (out.ends_with('}') && argument.starts_with(|first: char| first.is_ascii_alphanumeric()))
            || (out.starts_with('\\') && argument.starts_with(|first: char| first.is_ascii_digit()));
        if parted {
            out.push(' ');
        }
        push(&mut out, argument.trim_start_matches("\\ "));
        out
    }

    /// A name may carry a script or a limit: log to a base, the square of the sine.
    fn function_name(&mut self, name: &Element) -> String {
        let shown: Vec<&Element> = name.elements().filter(|child| !child.name.ends_with("Pr")).collect();
        let [only] = shown.as_slice() else {
            return letters::function_name(&self.inside(name));
        };
        match only.name.as_str() {
            "sSub" | "sSup" | "sSubSup" => {
                let base = only.first("e").map(|base| self.function_name(base)).unwrap_or_default();
                let scripts = format!("{}{}", script("_", &self.argument(only, "sub")), script("^", &self.argument(only, "sup")));
                format!("{base}{scripts}")
            }
            "limLow" => self.limit(only, "lim", "_"),
            "limUpp" => self.limit(only, "lim", "^"),
            _ => letters::function_name(&self.inside(name)),
        }
    }

    /// Something below or above something: a limit, a brace with its words, an arrow with conditions.
    pub(super) fn limit(&mut self, element: &Element, argument: &str, mark: &str) -> String {
        let base = element.first("e").map(|base| self.function_name(base)).unwrap_or_default();
        let base = base.trim();
        let limit = self.argument(element, argument);
        let limit = limit.trim();
        if let Some(arrow) = long_arrow(base) {
            return if mark == "_" { format!("{arrow}[{limit}]{{}}") } else { format!("{arrow}{{{limit}}}") };
        }
        let takes_limits = ["\\lim", "\\max", "\\min", "\\sup", "\\inf", "\\det", "\\gcd", "\\sum", "\\prod", "\\bigcup", "\\bigcap"]
            .contains(&base)
            || base.starts_with("\\underbrace")
            || base.starts_with("\\overbrace");
        match mark {
            _ if takes_limits => format!("{base}{}", script(mark, limit)),
            "_" => format!("\\underset{{{limit}}}{{{base}}}"),
            _ => format!("\\overset{{{limit}}}{{{base}}}"),
        }
    }
}

/// The arrow that grows with what stands on it.
pub(super) fn long_arrow(arrow: &str) -> Option<&'static str> {
    Some(match arrow {
        "\\to" | "→" | "⟶" => "\\xrightarrow",
        "\\leftarrow" | "←" => "\\xleftarrow",
        "\\leftrightarrow" | "↔" => "\\xleftrightarrow",
        "\\Rightarrow" | "⇒" => "\\xRightarrow",
        "\\Leftarrow" | "⇐" => "\\xLeftarrow",
        "\\Leftrightarrow" | "⇔" => "\\xLeftrightarrow",
        "\\rightleftharpoons" | "⇌" => "\\xrightleftharpoons",
        _ => return None,
    })
}

fn script(mark: &str, content: &str) -> String {
    let content = content.trim();
    if content.is_empty() {
        return String::new();
    }
    // Primes are superscripts already.
    if mark == "^" && content.bytes().all(|byte| byte == b'\'') {
        return content.to_owned();
    }
    // A degree sign brings its own.
    if mark == "^"
        && let Some(rest) = content.strip_prefix("^{\\circ}")
    {
        let mut degrees = "\\circ".to_owned();
        push(&mut degrees, rest);
        return format!("^{{{degrees}}}");
    }
    format!("{mark}{{{content}}}")
}

/// A base with scripts of its own would get two of them; an empty one would take the letter before.
fn needs_group(base: &str) -> bool {
    let mut depth = 0_usize;
    let mut escaped = false;
    for letter in base.chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match letter {
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '^' | '_' | '\'' if depth == 0 => return true,
            _ => {}
        }
    }
    base.trim().is_empty()
}

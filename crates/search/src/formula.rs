//! Formulas as terms: LaTeX cut into its smallest signs, so that a formula is found as a phrase of
//! them, however its writer spaced and braced it.

/// Most signs kept of one formula.
const MOST_SIGNS: usize = 400;

/// Commands that only say how a formula is set.
const SILENT: &[&str] = &[
    "left",
    "right",
    "big",
    "Big",
    "bigg",
    "Bigg",
    "displaystyle",
    "textstyle",
    "limits",
    "nolimits",
    "quad",
    "qquad",
    "mathrm",
    "text",
    "operatorname",
    "rm",
    "mathit",
    "mathbf",
    "bf",
    "boldsymbol",
];

/// The signs of a formula: letters, numbers, commands and operators. Braces, spaces and what only sets
/// its size are left out; spellings of the same sign are one.
pub fn signs(latex: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut letters = latex.chars().peekable();
    while let Some(letter) = letters.next() {
        if out.len() >= MOST_SIGNS {
            break;
        }
        match letter {
            '\\' => {
                let mut name = String::new();
                while let Some(next) = letters.peek().copied().filter(char::is_ascii_alphabetic) {
                    name.push(next);
                    letters.next();
                }
                if name.is_empty() {
                    // `\,` and `\;` are spaces; `\{` is a brace that is seen.
                    if let Some(sign) = letters.next().filter(|sign| matches!(sign, '{' | '}' | '|' | '%')) {
                        out.push(sign.to_string());
                    }
                } else if !SILENT.contains(&name.as_str()) {
                    out.push(command(&name));
                }
            }
            '0'..='9' => {
                let mut number = String::from(letter);
                while let Some(next) = letters.peek().copied().filter(|next| next.is_ascii_digit() || matches!(next, '.' | ',')) {
                    number.push(if next == ',' { '.' } else { next });
                    letters.next();
                }
                let end = number.trim_end_matches('.');
                out.push(end.to_owned());
            }
            '{' | '}' | '$' | '~' | '&' => {}
            letter if letter.is_whitespace() => {}
            '−' | '–' => out.push("-".to_owned()),
            '×' => out.push("\\times".to_owned()),
            '²' => out.extend(["^".to_owned(), "2".to_owned()]),
            '³' => out.extend(["^".to_owned(), "3".to_owned()]),
            letter => out.push(letter.to_lowercase().collect()),
        }
    }
    out
}

fn command(name: &str) -> String {
    let one = match name {
        "dfrac" | "tfrac" | "cfrac" => "frac",
        "leq" | "leqslant" => "le",
        "geq" | "geqslant" => "ge",
        "neq" => "ne",
        "to" => "rightarrow",
        "cdot" => "times",
        "overrightarrow" => "vec",
        "varnothing" => "emptyset",
        other => other,
    };
    format!("\\{one}")
}

/// The formulas of a text where they stand between dollars.
pub fn formulas(text: &str) -> Vec<&str> {
    text.split('$').skip(1).step_by(2).filter(|formula| !formula.trim().is_empty()).collect()
}

/// Formulas of what somebody typed: between dollars, else words that can only be formulas.
pub(crate) fn typed(text: &str) -> Vec<Vec<String>> {
    let between = if text.matches('$').count() >= 2 { formulas(text) } else { Vec::new() };
    let found: Vec<&str> = if between.is_empty() { text.split_whitespace().filter(|word| looks_so(word)).collect() } else { between };
    found.into_iter().map(signs).filter(|signs| !signs.is_empty()).take(4).collect()
}

fn looks_so(word: &str) -> bool {
    word.contains(['\\', '^', '=']) && word.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_formula_has_one_row_of_signs_however_it_is_written() {
        let table = [
            ("x^2-3x+2=0", "x^{2} - 3x + 2 = 0"),
            ("\\dfrac{1}{2}", "\\frac 1 2"),
            ("\\left( a \\right)", "(a)"),
            ("0,5\\,cm", "0.5 c m"),
            ("x²", "x^2"),
        ];
        for (one, other) in table {
            assert_eq!(signs(one), signs(other), "{one} and {other}");
        }
        assert_ne!(signs("x^2-3x"), signs("x^2+3x"));
    }

    #[test]
    fn formulas_are_told_from_words() {
        assert_eq!(typed("giải $x^2=1$ nhé"), [signs("x^2=1")]);
        assert_eq!(typed("giải x^2=1"), [signs("x^2=1")]);
        assert_eq!(typed("giải phương trình bậc 2"), Vec::<Vec<String>>::new());
    }
}

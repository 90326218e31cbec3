//! A formula as somebody would type it without a formula editor: `\frac{1}{2}` reads `1/2`, `x^2`
//! reads `x²`, `\ce{H2SO4}` reads `H₂SO₄`. For the places where no formula can be set: excerpts of a
//! search, and lists of what has changed. Nothing is lost that has words: what is not known keeps its name.

use super::chemistry;

/// Deeper groups are read flat.
const DEEPEST: usize = 20;

/// The formula in plain letters and signs.
pub(super) fn readable(latex: &str) -> String {
    let letters: Vec<char> = latex.chars().collect();
    let mut reader = Reader { letters: &letters, at: 0 };
    let read = reader.until_end(0);
    read.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Reader<'a> {
    letters: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let letter = self.letters.get(self.at).copied();
        self.at += 1;
        letter
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    /// To the end, or to the brace that closes this group.
    fn until_end(&mut self, depth: usize) -> String {
        let mut out = String::new();
        while let Some(letter) = self.next() {
            match letter {
                '}' if depth > 0 => break,
                '{' | '}' => {
                    if letter == '{' {
                        out.push_str(&self.group(depth));
                    }
                }
                '^' => {
                    let raised = self.argument(depth);
                    out.push_str(&superscript(&raised));
                }
                '_' => {
                    let lowered = self.argument(depth);
                    out.push_str(&subscript(&lowered));
                }
                '\\' => self.command(depth, &mut out),
                '~' | '&' => out.push(' '),
                '-' => out.push('−'),
                '\'' => out.push('′'),
                other => out.push(other),
            }
        }
        out
    }

    fn group(&mut self, depth: usize) -> String {
        if depth < DEEPEST { self.until_end(depth + 1) } else { String::new() }
    }

    /// What a command or a mark is about: a group, a command or one letter.
    fn argument(&mut self, depth: usize) -> String {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
        match self.next() {
            Some('{') => self.group(depth),
            Some('\\') => {
                let mut out = String::new();
                if depth < DEEPEST {
                    self.command(depth + 1, &mut out);
                }
                out.trim().to_owned()
            }
            Some(letter) => letter.to_string(),
            None => String::new(),
        }
    }

    /// A group as it is written, for chemistry and words.
    fn raw_argument(&mut self) -> String {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
        if self.peek() != Some('{') {
            return self.next().map(String::from).unwrap_or_default();
        }
        self.at += 1;
        let (mut out, mut open) = (String::new(), 1);
        while let Some(letter) = self.next() {
            match letter {
                '{' => open += 1,
                '}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
            out.push(letter);
        }
        out
    }

    fn option(&mut self) -> Option<String> {
        if self.peek() != Some('[') {
            return None;
        }
        self.at += 1;
        let mut out = String::new();
        while let Some(letter) = self.next().filter(|letter| *letter != ']') {
            out.push(letter);
        }
        Some(out)
    }

    fn command(&mut self, depth: usize, out: &mut String) {
        let start = self.at;
        while self.peek().is_some_and(|letter| letter.is_ascii_alphabetic()) {
            self.at += 1;
        }
        if self.at == start {
            match self.next() {
                Some('\\') => out.push_str("; "),
                Some(',' | ';' | ':' | '!' | ' ') | None => out.push(' '),
                Some(sign) => out.push(sign),
            }
            return;
        }
        let name: String = self.letters[start..self.at].iter().collect();
        // The space after a name only ends it.
        while self.peek() == Some(' ') {
            self.at += 1;
        }
        match name.as_str() {
            "frac" | "dfrac" | "tfrac" | "cfrac" => {
                let (above, below) = (self.argument(depth), self.argument(depth));
                out.push_str(&format!("{}/{}", whole(&above), whole(&below)));
            }
            "sqrt" => {
                let root = match self.option().as_deref() {
                    None | Some("2") => "√".to_owned(),
                    Some("3") => "∛".to_owned(),
                    Some("4") => "∜".to_owned(),
                    Some(other) => format!("{}√", superscript(other)),
                };
                let inner = self.argument(depth);
                out.push_str(&root);
                out.push_str(&whole(&inner));
            }
            "binom" | "dbinom" | "tbinom" => {
                let (of, chosen) = (self.argument(depth), self.argument(depth));
                out.push_str(&format!("C({of}, {chosen})"));
            }
            "ce" | "pu" => out.push_str(&chemistry::readable(&self.raw_argument())),
            "text" | "textrm" | "textbf" | "textit" | "mbox" | "operatorname" | "mathrm" | "mathbf" | "mathit" | "mathsf"
            | "boldsymbol" | "boxed" | "underline" | "mathop" | "phantom" => out.push_str(&self.argument(depth)),
            "mathbb" => out.push_str(&double_struck(&self.argument(depth))),
            "vec" | "overrightarrow" => self.marked(depth, '\u{20d7}', out),
            "bar" | "overline" => self.marked(depth, '\u{305}', out),
            "hat" => self.marked(depth, '\u{302}', out),
            "dot" => self.marked(depth, '\u{307}', out),
            "tilde" | "widetilde" => self.marked(depth, '\u{303}', out),
            // In Vietnamese schools the hat over three points is the angle.
            "widehat" => {
                out.push('∠');
                out.push_str(&self.argument(depth));
            }
            "begin" | "end" => {
                let environment = self.raw_argument();
                // The columns of an array say nothing.
                if name == "begin" && environment == "array" {
                    self.raw_argument();
                }
                out.push(' ');
            }
            "color" | "textcolor" => {
                self.raw_argument();
            }
            "left" | "right" | "big" | "Big" | "bigl" | "bigr" | "Bigl" | "Bigr" => {
                // `\left.` is no sign at all.
                if self.peek() == Some('.') {
                    self.at += 1;
                }
            }
            "displaystyle" | "textstyle" | "limits" | "nolimits" | "rm" | "bf" | "it" | "hline" => {}
            "quad" | "qquad" | "enspace" | "thinspace" => out.push(' '),
            other => match sign(other) {
                Some(sign) => out.push_str(sign),
                None => {
                    // Names of functions stand apart: `2\sin x` reads `2 sin x`.
                    if out.ends_with(|letter: char| letter.is_alphanumeric()) {
                        out.push(' ');
                    }
                    out.push_str(other);
                    if self.peek().is_some_and(|letter| letter.is_alphanumeric() || letter == '\\') {
                        out.push(' ');
                    }
                }
            },
        }
    }

    fn marked(&mut self, depth: usize, mark: char, out: &mut String) {
        for letter in self.argument(depth).chars() {
            out.push(letter);
            if letter.is_alphanumeric() {
                out.push(mark);
            }
        }
    }
}

/// Something that is one thing beside a slash or below a root.
fn whole(text: &str) -> String {
    let text = text.trim();
    let plain = text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | ',' | '′' | '°'));
    if plain { text.to_owned() } else { format!("({text})") }
}

fn in_letters(text: &str, letters: &[(char, char)]) -> Option<String> {
    text.chars().map(|letter| letters.iter().find(|(plain, _)| *plain == letter).map(|(_, other)| *other)).collect()
}

/// Raised, where every sign of it can be.
pub(super) fn superscript(text: &str) -> String {
    const RAISED: [(char, char); 20] = [
        ('0', '⁰'),
        ('1', '¹'),
        ('2', '²'),
        ('3', '³'),
        ('4', '⁴'),
        ('5', '⁵'),
        ('6', '⁶'),
        ('7', '⁷'),
        ('8', '⁸'),
        ('9', '⁹'),
        ('+', '⁺'),
        ('-', '⁻'),
        ('−', '⁻'),
        ('=', '⁼'),
        ('(', '⁽'),
        (')', '⁾'),
        ('n', 'ⁿ'),
        ('i', 'ⁱ'),
        ('∘', '°'),
        ('′', '′'),
    ];
    let text = text.trim();
    in_letters(text, &RAISED).unwrap_or_else(|| format!("^{}", whole(text)))
}

/// Lowered, where every sign of it can be.
pub(super) fn subscript(text: &str) -> String {
    const LOWERED: [(char, char); 30] = [
        ('0', '₀'),
        ('1', '₁'),
        ('2', '₂'),
        ('3', '₃'),
        ('4', '₄'),
        ('5', '₅'),
        ('6', '₆'),
        ('7', '₇'),
        ('8', '₈'),
        ('9', '₉'),
        ('+', '₊'),
        ('-', '₋'),
        ('−', '₋'),
        ('=', '₌'),
        ('a', 'ₐ'),
        ('e', 'ₑ'),
        ('h', 'ₕ'),
        ('i', 'ᵢ'),
        ('j', 'ⱼ'),
        ('k', 'ₖ'),
        ('l', 'ₗ'),
        ('m', 'ₘ'),
        ('n', 'ₙ'),
        ('o', 'ₒ'),
        ('p', 'ₚ'),
        ('r', 'ᵣ'),
        ('s', 'ₛ'),
        ('t', 'ₜ'),
        ('u', 'ᵤ'),
        ('x', 'ₓ'),
    ];
    let text = text.trim();
    in_letters(text, &LOWERED).unwrap_or_else(|| format!("_{}", whole(text)))
}

fn double_struck(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'R' => 'ℝ',
            'N' => 'ℕ',
            'Z' => 'ℤ',
            'Q' => 'ℚ',
            'C' => 'ℂ',
            other => other,
        })
        .collect()
}

fn sign(name: &str) -> Option<&'static str> {
    Some(match name {
        "alpha" => "α",
        "beta" => "β",
        "gamma" => "γ",
        "Gamma" => "Γ",
        "delta" => "δ",
        "Delta" => "Δ",
        "epsilon" | "varepsilon" => "ε",
        "zeta" => "ζ",
        "eta" => "η",
        "theta" => "θ",
        "Theta" => "Θ",
        "lambda" => "λ",
        "Lambda" => "Λ",
        "mu" => "μ",
        "nu" => "ν",
        "xi" => "ξ",
        "pi" => "π",
        "Pi" => "Π",
        "rho" => "ρ",
        "sigma" => "σ",
        "Sigma" => "Σ",
        "tau" => "τ",
        "phi" | "varphi" => "φ",
        "Phi" => "Φ",
        "chi" => "χ",
        "psi" => "ψ",
        "Psi" => "Ψ",
        "omega" => "ω",
        "Omega" => "Ω",
        "times" => " × ",
        "div" => " ÷ ",
        "cdot" => " · ",
        "pm" => " ± ",
        "mp" => " ∓ ",
        "le" | "leq" | "leqslant" => " ≤ ",
        "ge" | "geq" | "geqslant" => " ≥ ",
        "ne" | "neq" => " ≠ ",
        "lt" => " < ",
        "gt" => " > ",
        "approx" => " ≈ ",
        "equiv" => " ≡ ",
        "sim" => " ∼ ",
        "cong" => " ≅ ",
        "propto" => " ∝ ",
        "in" => " ∈ ",
        "notin" => " ∉ ",
        "subset" => " ⊂ ",
        "subseteq" => " ⊆ ",
        "cup" => " ∪ ",
        "cap" => " ∩ ",
        "setminus" => " ∖ ",
        "emptyset" | "varnothing" => "∅",
        "forall" => "∀",
        "exists" => "∃",
        "infty" => "∞",
        "partial" => "∂",
        "nabla" => "∇",
        "sum" => "∑",
        "prod" => "∏",
        "int" => "∫",
        "oint" => "∮",
        "to" | "rightarrow" | "longrightarrow" => " → ",
        "leftarrow" => " ← ",
        "Rightarrow" | "implies" => " ⇒ ",
        "Leftrightarrow" | "iff" => " ⇔ ",
        "rightleftharpoons" => " ⇌ ",
        "perp" | "bot" => " ⊥ ",
        "parallel" => " ∥ ",
        "angle" => "∠",
        "triangle" => "△",
        "circ" => "∘",
        "degree" => "°",
        "prime" => "′",
        "ldots" | "dots" | "cdots" => "…",
        "bullet" => "•",
        "mid" | "vert" => "|",
        "backslash" => "\\",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn formulas_read_as_people_type_them() {
        let table = [
            (r"E = mc^2", "E = mc²"),
            (r"\frac{1}{2}mv^2", "1/2mv²"),
            (r"x_{1,2} = \frac{-b \pm \sqrt{b^2-4ac}}{2a}", "x_1,2 = (−b ± √(b²−4ac))/2a"),
            (r"\sqrt[3]{8} = 2", "∛8 = 2"),
            (r"\Delta t \geq 0^\circ\text{C}", "Δt ≥ 0°C"),
            (r"a^{n+1} + a^{x}", "aⁿ⁺¹ + a^x"),
            (r"2\sin x + \cos\alpha", "2 sin x + cos α"),
            (r"\vec{F} = m\vec{a}", "F⃗ = ma⃗"),
            (r"\widehat{ABC} = 90^{\circ}", "∠ABC = 90°"),
            (r"\left( x \in \mathbb{R} \right)", "( x ∈ ℝ )"),
            (r"\begin{cases} x + y = 1 \\ x - y = 3 \end{cases}", "x + y = 1 ; x − y = 3"),
            (r"\ce{2H2 + O2 -> 2H2O}", "2H₂ + O₂ → 2H₂O"),
            (r"10\% \{a\}", "10% {a}"),
            (r"\lim_{x \to 0} f'(x)", "lim_(x → 0) f′(x)"),
        ];
        for (latex, text) in table {
            assert_eq!(readable(latex), text, "{latex}");
        }
    }

    #[test]
    fn a_broken_formula_is_read_as_far_as_it_goes() {
        for latex in ["", "\\", "{", "}", "\\frac", "\\frac{1", "x^", "\\sqrt[", "\\ce{", "_", "\\begin{array}{"] {
            let _ = readable(latex);
        }
        assert_eq!(readable("a}b"), "ab");
        let deep = "{".repeat(10_000) + "x" + &"}".repeat(10_000);
        assert!(readable(&deep).len() < 10);
        let deep = "\\frac".repeat(10_000);
        assert!(readable(&deep).len() < 200_000);
    }
}

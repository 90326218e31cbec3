//! Letters of mathematics and the LaTeX for them.

/// The command, or the escaped letter, for one that LaTeX does not take as it is.
pub(crate) fn latex(letter: char) -> Option<&'static str> {
    greek(letter).or_else(|| operator(letter)).or_else(|| relation(letter)).or_else(|| other(letter))
}

fn greek(letter: char) -> Option<&'static str> {
    Some(match letter {
        'α' => "\\alpha",
        'β' => "\\beta",
        'γ' => "\\gamma",
        'δ' => "\\delta",
        'ε' => "\\varepsilon",
        'ϵ' => "\\epsilon",
        'ζ' => "\\zeta",
        'η' => "\\eta",
        'θ' => "\\theta",
        'ϑ' => "\\vartheta",
        'ι' => "\\iota",
        'κ' => "\\kappa",
        'λ' => "\\lambda",
        'μ' | 'µ' => "\\mu",
        'ν' => "\\nu",
        'ξ' => "\\xi",
        'π' => "\\pi",
        'ϖ' => "\\varpi",
        'ρ' => "\\rho",
        'ϱ' => "\\varrho",
        'σ' => "\\sigma",
        'ς' => "\\varsigma",
        'τ' => "\\tau",
        'υ' => "\\upsilon",
        'φ' => "\\varphi",
        'ϕ' => "\\phi",
        'χ' => "\\chi",
        'ψ' => "\\psi",
        'ω' => "\\omega",
        'Γ' => "\\Gamma",
        'Δ' | '∆' => "\\Delta",
        'Θ' => "\\Theta",
        'Λ' => "\\Lambda",
        'Ξ' => "\\Xi",
        'Π' => "\\Pi",
        'Σ' => "\\Sigma",
        'Υ' => "\\Upsilon",
        'Φ' => "\\Phi",
        'Ψ' => "\\Psi",
        'Ω' => "\\Omega",
        _ => return None,
    })
}

fn operator(letter: char) -> Option<&'static str> {
    Some(match letter {
        '−' | '–' => "-",
        '×' => "\\times",
        '÷' => "\\div",
        '±' => "\\pm",
        '∓' => "\\mp",
        '⋅' | '·' | '∙' => "\\cdot",
        '∗' => "*",
        '⋆' => "\\star",
        '∘' => "\\circ",
        '•' => "\\bullet",
        '⊕' => "\\oplus",
        '⊖' => "\\ominus",
        '⊗' => "\\otimes",
        '⊙' => "\\odot",
        '∩' => "\\cap",
        '∪' => "\\cup",
        '∖' => "\\setminus",
        '∧' => "\\wedge",
        '∨' => "\\vee",
        '¬' => "\\neg",
        '∑' => "\\sum",
        '∏' => "\\prod",
        '∐' => "\\coprod",
        '∫' => "\\int",
        '∬' => "\\iint",
        '∭' => "\\iiint",
        '∮' => "\\oint",
        '⋃' => "\\bigcup",
        '⋂' => "\\bigcap",
        '⋁' => "\\bigvee",
        '⋀' => "\\bigwedge",
        '⨁' => "\\bigoplus",
        '⨂' => "\\bigotimes",
        '√' => "\\surd",
        '∂' => "\\partial",
        '∇' => "\\nabla",
        '∀' => "\\forall",
        '∃' => "\\exists",
        '∄' => "\\nexists",
        _ => return None,
    })
}

fn relation(letter: char) -> Option<&'static str> {
    Some(match letter {
        '≤' | '⩽' => "\\le",
        '≥' | '⩾' => "\\ge",
        '≠' => "\\ne",
        '≪' => "\\ll",
        '≫' => "\\gg",
        '≈' => "\\approx",
        '≅' => "\\cong",
        '≃' => "\\simeq",
        '≡' => "\\equiv",
        '∼' => "\\sim",
        '∝' => "\\propto",
        '∈' => "\\in",
        '∉' => "\\notin",
        '∋' => "\\ni",
        '⊂' => "\\subset",
        '⊃' => "\\supset",
        '⊆' => "\\subseteq",
        '⊇' => "\\supseteq",
        '⊄' => "\\not\\subset",
        '⊥' | '⟂' => "\\perp",
        '∕' => "/",
        '∥' => "\\parallel",
        '∦' => "\\nparallel",
        '∣' => "\\mid",
        '∤' => "\\nmid",
        '→' | '⟶' => "\\to",
        '←' | '⟵' => "\\leftarrow",
        '↔' | '⟷' => "\\leftrightarrow",
        '⇒' | '⟹' => "\\Rightarrow",
        '⇐' | '⟸' => "\\Leftarrow",
        '⇔' | '⟺' => "\\Leftrightarrow",
        '↑' => "\\uparrow",
        '↓' => "\\downarrow",
        '⇑' => "\\Uparrow",
        '⇓' => "\\Downarrow",
        '↗' => "\\nearrow",
        '↘' => "\\searrow",
        '↙' => "\\swarrow",
        '↖' => "\\nwarrow",
        '↦' => "\\mapsto",
        '⇌' => "\\rightleftharpoons",
        '⇄' => "\\rightleftarrows",
        '∴' => "\\therefore",
        '∵' => "\\because",
        _ => return None,
    })
}

fn other(letter: char) -> Option<&'static str> {
    Some(match letter {
        '%' => "\\%",
        '$' => "\\$",
        '#' => "\\#",
        '&' => "\\&",
        '_' => "\\_",
        '{' => "\\{",
        '}' => "\\}",
        '\\' => "\\backslash",
        '~' => "\\sim",
        '^' => "\\wedge",
        '°' | 'º' => "^{\\circ}",
        '′' | '’' => "'",
        '″' => "''",
        '∞' => "\\infty",
        '∅' | '⌀' => "\\varnothing",
        '∠' => "\\angle",
        '∢' => "\\sphericalangle",
        '△' | '▵' => "\\triangle",
        '□' => "\\square",
        '…' => "\\ldots",
        '⋯' => "\\cdots",
        '⋮' => "\\vdots",
        '⋱' => "\\ddots",
        '‖' => "\\|",
        '⟨' | '〈' => "\\langle",
        '⟩' | '〉' => "\\rangle",
        '⌊' => "\\lfloor",
        '⌋' => "\\rfloor",
        '⌈' => "\\lceil",
        '⌉' => "\\rceil",
        'ℏ' => "\\hbar",
        'ℓ' => "\\ell",
        'ℜ' => "\\Re",
        'ℑ' => "\\Im",
        'ℵ' => "\\aleph",
        'ℝ' => "\\mathbb{R}",
        'ℕ' => "\\mathbb{N}",
        'ℤ' => "\\mathbb{Z}",
        'ℚ' => "\\mathbb{Q}",
        'ℂ' => "\\mathbb{C}",
        'ı' => "\\imath",
        'ȷ' => "\\jmath",
        '²' => "^{2}",
        '³' => "^{3}",
        '¹' => "^{1}",
        '½' => "\\tfrac{1}{2}",
        '¼' => "\\tfrac{1}{4}",
        '¾' => "\\tfrac{3}{4}",
        '\u{a0}' => "~",
        '\u{2002}' => "\\enspace ",
        '\u{2003}' => "\\quad ",
        '\u{2004}' | '\u{2005}' => "\\: ",
        '\u{2006}' | '\u{2009}' | '\u{200a}' | '\u{202f}' => "\\, ",
        '\t' | '\n' | '\r' => " ",
        // Invisible: function application, times, separator, plus; zero widths and marks of direction.
        '\u{2061}'..='\u{2064}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' => "",
        _ => return None,
    })
}

/// A letter of the mathematical alphabets (U+1D400 and on): the command and the plain letter.
pub(crate) fn alphabet(letter: char) -> Option<(&'static str, char)> {
    const LATIN: &[(u32, &str)] = &[
        (0x1d400, "\\mathbf"),
        (0x1d434, ""),
        (0x1d468, "\\boldsymbol"),
        (0x1d49c, "\\mathcal"),
        (0x1d4d0, "\\mathcal"),
        (0x1d504, "\\mathfrak"),
        (0x1d538, "\\mathbb"),
        (0x1d56c, "\\mathfrak"),
        (0x1d5a0, "\\mathsf"),
        (0x1d5d4, "\\mathsf"),
        (0x1d608, "\\mathsf"),
        (0x1d63c, "\\mathsf"),
        (0x1d670, "\\mathtt"),
    ];
    let code = u32::from(letter);
    if letter == 'ℎ' {
        return Some(("", 'h'));
    }
    if (0x1d400..0x1d6a4).contains(&code) {
        let (start, command) = LATIN.iter().rev().find(|(start, _)| *start <= code)?;
        let place = u8::try_from(code - start).ok()?;
        let plain = if place < 26 { b'A' + place } else { b'a' + (place - 26) };
        return Some((command, char::from(plain)));
    }
    if (0x1d7ce..0x1d800).contains(&code) {
        let digit = u8::try_from((code - 0x1d7ce) % 10).ok()?;
        return Some((if code < 0x1d7d8 { "\\mathbf" } else { "" }, char::from(b'0' + digit)));
    }
    greek_alphabet(code)
}

/// Bold and italic Greek.
fn greek_alphabet(code: u32) -> Option<(&'static str, char)> {
    const LETTERS: &str = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑκϕϱϖ";
    if !(0x1d6a8..0x1d7ca).contains(&code) {
        return None;
    }
    let place = usize::try_from((code - 0x1d6a8) % 58).ok()?;
    // The second of the five alphabets is italic, as letters of formulas are; the others are bold.
    let command = if (code - 0x1d6a8) / 58 == 1 { "" } else { "\\boldsymbol" };
    LETTERS.chars().nth(place).map(|letter| (command, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mathematical_alphabets_are_plain_letters_in_a_style() {
        assert_eq!(alphabet('𝑥'), Some(("", 'x')));
        assert_eq!(alphabet('𝐀'), Some(("\\mathbf", 'A')));
        assert_eq!(alphabet('𝔻'), Some(("\\mathbb", 'D')));
        assert_eq!(alphabet('𝛼'), Some(("", 'α')));
        assert_eq!(alphabet('𝛂'), Some(("\\boldsymbol", 'α')));
        assert_eq!(alphabet('𝟐'), Some(("\\mathbf", '2')));
        assert_eq!(alphabet('x'), None);
        assert_eq!((latex('∕'), latex('∥')), (Some("/"), Some("\\parallel")));
    }
}

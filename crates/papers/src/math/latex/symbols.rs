//! Characters and the commands that stand for them, one table for all readers and writers.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Command and character. Where several commands stand for one character the first is the one written.
const TABLE: &[(&str, char)] = &[
    // Greek
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("varepsilon", 'ε'),
    ("epsilon", 'ϵ'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("vartheta", 'ϑ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("varkappa", 'ϰ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("mu", '\u{b5}'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("omicron", 'ο'),
    ("pi", 'π'),
    ("varpi", 'ϖ'),
    ("rho", 'ρ'),
    ("varrho", 'ϱ'),
    ("sigma", 'σ'),
    ("varsigma", 'ς'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("varphi", 'φ'),
    ("phi", 'ϕ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Delta", '\u{2206}'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
    ("Omega", '\u{2126}'),
    // Letters of their own
    ("infty", '∞'),
    ("partial", '∂'),
    ("nabla", '∇'),
    ("hbar", 'ℏ'),
    ("ell", 'ℓ'),
    ("Re", 'ℜ'),
    ("Im", 'ℑ'),
    ("wp", '℘'),
    ("aleph", 'ℵ'),
    ("varnothing", '∅'),
    ("forall", '∀'),
    ("exists", '∃'),
    ("nexists", '∄'),
    ("angle", '∠'),
    ("measuredangle", '∡'),
    ("sphericalangle", '∢'),
    ("triangle", '△'),
    ("triangledown", '▽'),
    ("square", '□'),
    ("blacksquare", '■'),
    ("lozenge", '◊'),
    ("bigstar", '★'),
    ("clubsuit", '♣'),
    ("diamondsuit", '♢'),
    ("heartsuit", '♡'),
    ("spadesuit", '♠'),
    ("checkmark", '✓'),
    ("top", '⊤'),
    ("prime", '′'),
    ("backprime", '‵'),
    ("imath", 'ı'),
    ("jmath", 'ȷ'),
    // Binary operators
    ("pm", '±'),
    ("mp", '∓'),
    ("times", '×'),
    ("div", '÷'),
    ("cdot", '⋅'),
    ("cdot", '·'),
    ("ast", '∗'),
    ("star", '⋆'),
    ("circ", '∘'),
    ("bullet", '∙'),
    ("bullet", '•'),
    ("oplus", '⊕'),
    ("ominus", '⊖'),
    ("otimes", '⊗'),
    ("oslash", '⊘'),
    ("odot", '⊙'),
    ("cap", '∩'),
    ("cup", '∪'),
    ("uplus", '⊎'),
    ("sqcap", '⊓'),
    ("sqcup", '⊔'),
    ("vee", '∨'),
    ("wedge", '∧'),
    ("setminus", '∖'),
    ("wr", '≀'),
    ("dagger", '†'),
    ("ddagger", '‡'),
    ("amalg", '⨿'),
    // Relations
    ("le", '≤'),
    ("leqslant", '⩽'),
    ("ge", '≥'),
    ("geqslant", '⩾'),
    ("ne", '≠'),
    ("equiv", '≡'),
    ("approx", '≈'),
    ("approxeq", '≊'),
    ("cong", '≅'),
    ("ncong", '≇'),
    ("sim", '∼'),
    ("backsim", '∽'),
    ("simeq", '≃'),
    ("propto", '∝'),
    ("ll", '≪'),
    ("gg", '≫'),
    ("lll", '⋘'),
    ("ggg", '⋙'),
    ("prec", '≺'),
    ("succ", '≻'),
    ("preceq", '⪯'),
    ("succeq", '⪰'),
    ("in", '∈'),
    ("notin", '∉'),
    ("ni", '∋'),
    ("subset", '⊂'),
    ("supset", '⊃'),
    ("subseteq", '⊆'),
    ("supseteq", '⊇'),
    ("nsubseteq", '⊈'),
    ("nsupseteq", '⊉'),
    ("subsetneq", '⊊'),
    ("supsetneq", '⊋'),
    ("sqsubseteq", '⊑'),
    ("sqsupseteq", '⊒'),
    ("parallel", '∥'),
    ("nparallel", '∦'),
    ("perp", '⊥'),
    ("mid", '∣'),
    ("nmid", '∤'),
    ("asymp", '≍'),
    ("doteq", '≐'),
    ("models", '⊨'),
    ("vdash", '⊢'),
    ("dashv", '⊣'),
    ("bowtie", '⋈'),
    ("smile", '⌣'),
    ("frown", '⌢'),
    ("triangleq", '≜'),
    ("nless", '≮'),
    ("ngtr", '≯'),
    ("nleq", '≰'),
    ("ngeq", '≱'),
    ("therefore", '∴'),
    ("because", '∵'),
    // Arrows
    ("to", '→'),
    ("leftarrow", '←'),
    ("uparrow", '↑'),
    ("downarrow", '↓'),
    ("leftrightarrow", '↔'),
    ("updownarrow", '↕'),
    ("nearrow", '↗'),
    ("searrow", '↘'),
    ("swarrow", '↙'),
    ("nwarrow", '↖'),
    ("Rightarrow", '⇒'),
    ("Leftarrow", '⇐'),
    ("Leftrightarrow", '⇔'),
    ("Uparrow", '⇑'),
    ("Downarrow", '⇓'),
    ("mapsto", '↦'),
    ("hookrightarrow", '↪'),
    ("hookleftarrow", '↩'),
    ("longrightarrow", '⟶'),
    ("longleftarrow", '⟵'),
    ("longleftrightarrow", '⟷'),
    ("Longrightarrow", '⟹'),
    ("Longleftarrow", '⟸'),
    ("Longleftrightarrow", '⟺'),
    ("longmapsto", '⟼'),
    ("rightleftharpoons", '⇌'),
    ("leftrightharpoons", '⇋'),
    ("rightleftarrows", '⇄'),
    ("leftrightarrows", '⇆'),
    ("rightrightarrows", '⇉'),
    ("rightharpoonup", '⇀'),
    ("rightharpoondown", '⇁'),
    ("leftharpoonup", '↼'),
    ("leftharpoondown", '↽'),
    ("nrightarrow", '↛'),
    ("nleftarrow", '↚'),
    ("nRightarrow", '⇏'),
    ("nLeftrightarrow", '⇎'),
    ("rightsquigarrow", '⇝'),
    ("circlearrowleft", '↺'),
    ("circlearrowright", '↻'),
    // Big operators
    ("sum", '∑'),
    ("prod", '∏'),
    ("coprod", '∐'),
    ("int", '∫'),
    ("iint", '∬'),
    ("iiint", '∭'),
    ("oint", '∮'),
    ("oiint", '∯'),
    ("oiiint", '∰'),
    ("bigcap", '⋂'),
    ("bigcup", '⋃'),
    ("bigvee", '⋁'),
    ("bigwedge", '⋀'),
    ("bigoplus", '⨁'),
    ("bigotimes", '⨂'),
    ("bigodot", '⨀'),
    ("biguplus", '⨄'),
    // Dots
    ("ldots", '…'),
    ("cdots", '⋯'),
    ("vdots", '⋮'),
    ("ddots", '⋱'),
    // Fences that are no letters of ASCII
    ("langle", '⟨'),
    ("rangle", '⟩'),
    ("lfloor", '⌊'),
    ("rfloor", '⌋'),
    ("lceil", '⌈'),
    ("rceil", '⌉'),
    ("|", '‖'),
    ("llbracket", '⟦'),
    ("rrbracket", '⟧'),
    ("backslash", '\\'),
    // Signs of text
    ("%", '%'),
    ("#", '#'),
    ("$", '$'),
    ("&", '&'),
    ("_", '_'),
    ("{", '{'),
    ("}", '}'),
    ("S", '§'),
    ("pounds", '£'),
    ("yen", '¥'),
    ("euro", '€'),
];

/// Further commands that are read and never written.
const ALSO: &[(&str, char)] = &[
    ("emptyset", '∅'),
    ("leq", '≤'),
    ("geq", '≥'),
    ("neq", '≠'),
    ("not=", '≠'),
    ("lt", '<'),
    ("gt", '>'),
    ("rightarrow", '→'),
    ("gets", '←'),
    ("iff", '⟺'),
    ("implies", '⟹'),
    ("impliedby", '⟸'),
    ("land", '∧'),
    ("lor", '∨'),
    ("lnot", '¬'),
    ("neg", '¬'),
    ("owns", '∋'),
    ("lbrace", '{'),
    ("rbrace", '}'),
    ("lbrack", '['),
    ("rbrack", ']'),
    ("vert", '|'),
    ("lvert", '|'),
    ("rvert", '|'),
    ("Vert", '‖'),
    ("lVert", '‖'),
    ("rVert", '‖'),
    ("dots", '…'),
    ("dotsc", '…'),
    ("dotsb", '⋯'),
    ("dotsm", '⋯'),
    ("dotsi", '⋯'),
    ("dotso", '…'),
    ("degree", '°'),
    ("colon", ':'),
    ("slash", '/'),
    ("cdotp", '⋅'),
    ("centerdot", '⋅'),
    ("bigtriangleup", '△'),
    ("vartriangle", '△'),
    ("bigtriangledown", '▽'),
    ("Box", '□'),
    ("Diamond", '◊'),
    ("smallsetminus", '∖'),
    ("complement", '∁'),
    ("thickapprox", '≈'),
    ("thicksim", '∼'),
    ("shortparallel", '∥'),
    ("varparallel", '∥'),
    ("hslash", 'ℏ'),
    ("mho", '℧'),
    ("leftrightharpoonup", '⇋'),
    ("upharpoonright", '↾'),
    ("lgroup", '('),
    ("rgroup", ')'),
    ("textdegree", '°'),
    ("bot", '⊥'),
    ("minus", '−'),
    ("Alpha", 'Α'),
    ("Beta", 'Β'),
    ("Epsilon", 'Ε'),
    ("Zeta", 'Ζ'),
    ("Eta", 'Η'),
    ("Iota", 'Ι'),
    ("Kappa", 'Κ'),
    ("Mu", 'Μ'),
    ("Nu", 'Ν'),
    ("Rho", 'Ρ'),
    ("Tau", 'Τ'),
    ("Chi", 'Χ'),
    ("varDelta", 'Δ'),
    ("varOmega", 'Ω'),
    ("varGamma", 'Γ'),
    ("varPhi", 'Φ'),
    ("varTheta", 'Θ'),
    ("varSigma", 'Σ'),
    ("thetasym", 'ϑ'),
];

/// Names set upright as functions, with a command of their own.
pub const FUNCTIONS: &[&str] = &[
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth", "ln", "log", "lg", "exp",
    "lim", "limsup", "liminf", "max", "min", "sup", "inf", "det", "dim", "ker", "hom", "gcd", "deg", "arg", "Pr",
];

/// Functions whose scripts stand under and over them.
pub const LIMIT_FUNCTIONS: &[&str] = &["lim", "lim sup", "lim inf", "limsup", "liminf", "max", "min", "sup", "inf", "det", "gcd", "Pr"];

static BY_COMMAND: LazyLock<HashMap<&'static str, char>> =
    LazyLock::new(|| TABLE.iter().chain(ALSO).rev().map(|(command, letter)| (*command, *letter)).collect());

static BY_LETTER: LazyLock<HashMap<char, &'static str>> =
    LazyLock::new(|| TABLE.iter().map(|(command, letter)| (*letter, *command)).collect());

/// The character a command stands for.
pub fn letter_of(command: &str) -> Option<char> {
    BY_COMMAND.get(command).copied()
}

/// The command for a character that cannot be written as itself, without its backslash.
pub fn command_of(letter: char) -> Option<&'static str> {
    BY_LETTER.get(&letter).copied()
}

/// Letters that fonts of mathematics do not have: `ă`, `ế`, letters of other scripts.
pub fn is_word_letter(letter: char) -> bool {
    !letter.is_ascii() && letter.is_alphabetic() && command_of(letter).is_none() && !matches!(letter, 'Α'..='ω' | 'ℂ'..='⅀' | '𝐀'..='𝟿')
}

/// Sums, products, integrals and unions.
pub fn is_big(letter: char) -> bool {
    matches!(letter, '∑' | '∏' | '∐' | '⋂' | '⋃' | '⋁' | '⋀' | '⨁' | '⨂' | '⨀' | '⨄') || is_integral(letter)
}

/// Integrals, whose limits stand beside them.
pub fn is_integral(letter: char) -> bool {
    matches!(letter, '∫' | '∬' | '∭' | '∮' | '∯' | '∰')
}

/// Where the operand of a sum ends: `=`, `<`, arrows …
pub fn is_relation(letter: char) -> bool {
    matches!(
        letter,
        '=' | '<'
            | '>'
            | ':'
            | ','
            | ';'
            | '≤'
            | '≥'
            | '⩽'
            | '⩾'
            | '≠'
            | '≡'
            | '≈'
            | '≅'
            | '∼'
            | '≃'
            | '∝'
            | '∈'
            | '∉'
            | '⊂'
            | '⊆'
            | '→'
            | '⇒'
            | '⇔'
            | '⟹'
            | '⟺'
            | '⟶'
    )
}

/// A relation struck through, where there is a character for it.
pub fn negation(letter: char) -> Option<char> {
    Some(match letter {
        '=' => '≠',
        '∈' => '∉',
        '∋' => '∌',
        '∃' => '∄',
        '<' => '≮',
        '>' => '≯',
        '≤' => '≰',
        '≥' => '≱',
        '⊂' => '⊄',
        '⊃' => '⊅',
        '⊆' => '⊈',
        '⊇' => '⊉',
        '∥' => '∦',
        '∣' | '|' => '∤',
        '≡' => '≢',
        '∼' => '≁',
        '≈' => '≉',
        '≅' => '≇',
        '→' => '↛',
        '⇒' => '⇏',
        '⇔' => '⇎',
        _ => return None,
    })
}

/// The relation that a struck one without a command is made from.
pub fn negated(letter: char) -> Option<char> {
    ['∋', '⊂', '⊃', '≡', '∼', '≈'].into_iter().find(|plain| negation(*plain) == Some(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_as_the_same_letter() {
        for (command, letter) in TABLE {
            let read = letter_of(command).unwrap();
            assert_eq!(command_of(read), Some(*command), "{letter}");
        }
    }
}
